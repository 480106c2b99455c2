"""Where a name is used, all over a workspace, as spans.

In: the sources and the place of a definition. Out: spans by file, each checked to hold the name. Must not know of
new names or of editors.
"""

import keyword
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.tree import SyntaxTree
from codekin_server.refactoring.completing import complete
from codekin_server.refactoring.jedi_lookup import Occurrence, line_starts, occurrences
from codekin_server.refactoring.references_error import ReferencesError, not_defined
from codekin_server.refactoring.scopes import nodes_at
from codekin_server.refactoring.searching import defines
from codekin_server.refactoring.sources import Sources

FILE_LIMIT = 300
"""Files that may mention a name: jedi reads each of them, some tens a second."""

_SHORT_NAME = 2
"""jedi follows names of this length or less within their own file only."""


@dataclass(frozen=True, slots=True)
class References:
    """Every place that means the same as the definition, the definition included."""

    name: str
    spans: Mapping[Path, tuple[Span, ...]]


_newest: dict[tuple[object, ...], References] = {}
"""The one last answer: an editor may ask for several new names of one function at once."""


def identifier_at(tree: SyntaxTree, offset: int) -> Span | None:
    """The identifier that byte ``offset`` touches, but no keyword, and nothing in a comment or a string."""
    for at in (offset, offset - 1):
        node = tree.root.descendant_for_byte_range(at, at + 1) if 0 <= at < len(tree.text.data) else None
        if node is not None and node.type == "identifier" and not keyword.iskeyword((node.text or b"").decode()):
            return Span(node.start_byte, node.end_byte)
    return None


def find_references(sources: Sources, path: Path, definition: Span) -> References:
    """Follow the name at ``definition`` of ``path`` through the workspace.

    Raises:
        ReferencesError: the text cannot be read, the name is defined nowhere here, too common or too short to
            follow, it cannot be told what it means at some place, or what jedi found does not fit the texts.

    """
    asked = sources.stamp(), path, definition
    references = _newest.get(asked)
    if references is None:
        references = _follow(sources, path, definition)
        _newest.clear()
        _newest[asked] = references
    return references


def _follow(sources: Sources, path: Path, definition: Span) -> References:
    text = sources.read(path)
    if text is None:
        raise ReferencesError(f"{sources.shown(path)} cannot be read")
    name = text.slice(definition)
    _check_can_be_followed(sources, path, name)
    found: dict[Path, set[Span]] = {path: {definition}}
    lines = _Lines(sources)
    for place in occurrences(sources, path, text, definition.start):
        if place.name == name:  # an alias leads to what it stands for
            found.setdefault(place.path, set()).add(lines.span_of(place, name))
    _leave_other_aliases(sources, path, found)
    _check_is_defined(sources, name, found)
    _leave_copies(sources, path, found)
    complete(sources, path, name, found)
    return References(name, {where: tuple(sorted(spans)) for where, spans in sorted(found.items())})


def _leave_other_aliases(sources: Sources, path: Path, found: dict[Path, set[Span]]) -> None:
    """Files may give one thing the same alias; each such alias is a name of its own."""
    if _makes_alias(sources, path, found[path]):
        for where in [each for each, spans in found.items() if each != path and _makes_alias(sources, each, spans)]:
            del found[where]


def _makes_alias(sources: Sources, path: Path, spans: set[Span]) -> bool:
    above = (node.parent for node in _nodes(sources, path, spans))
    return any(node is not None and node.type == "aliased_import" for node in above)


def _check_is_defined(sources: Sources, name: str, found: Mapping[Path, set[Span]]) -> None:
    """What is built in, a module, or imported from elsewhere has uses here but no definition."""
    for path, spans in found.items():
        if not path.is_relative_to(sources.root) or any(map(defines, _nodes(sources, path, spans))):
            return
    raise not_defined(name)


def _leave_copies(sources: Sources, path: Path, found: dict[Path, set[Span]]) -> None:
    """Uses in skipped folders, which are build results and the like: made again, never edited."""
    for where in [each for each in found if each != path and sources.is_left_out(each)]:
        if not any(map(defines, _nodes(sources, where, found[where]))):
            del found[where]


def _nodes(sources: Sources, path: Path, spans: set[Span]) -> Iterator[Node]:
    tree = sources.tree(path)
    if tree is not None:
        yield from nodes_at(tree.root, sorted(spans))


def _check_can_be_followed(sources: Sources, path: Path, name: str) -> None:
    others = [each for each in sources.files_with(name) if each != path]
    if others and len(name) <= _SHORT_NAME:
        raise ReferencesError(f"'{name}' is too short to be followed into {sources.shown(others[0])}")
    if len(others) > FILE_LIMIT:
        raise ReferencesError(f"'{name}' stands in {len(others)} files, too many to tell which of them mean this one")


class _Lines:
    """The lines of texts within one search: each text is read and looked through once, however often it uses a name."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._known: dict[Path, tuple[SourceText | None, Sequence[int]]] = {}

    def span_of(self, place: Occurrence, name: str) -> Span:
        """The place in the text that counts, which may be an open document's."""
        text, starts = self._of(place.path)
        if text is not None and place.line <= len(starts):
            start = starts[place.line - 1]
            row = text.data[start : starts[place.line] if place.line < len(starts) else None].decode("utf-8", "replace")
            start += len(row[: place.column].encode())
            span = Span(start, start + len(name.encode()))
            if text.slice(span) == name:
                return span
        raise ReferencesError(f"{self._sources.shown(place.path)}:{place.line} has changed meanwhile: ask again")

    def _of(self, path: Path) -> tuple[SourceText | None, Sequence[int]]:
        if path not in self._known:
            text = self._sources.read(path)
            self._known[path] = text, line_starts(text) if text is not None else ()
        return self._known[path]
