"""Renaming a function and everything that refers to it, or the reasons why that would break something.

In: a workspace's files, its open documents, a place and a new name. Out: :class:`Renaming`, edits by file. Nothing is
written. Must not know of editors, of indexes or of models.
"""

import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.tree import parse
from codekin_server.refactoring.inheritance import enclosing_class, relatives_with
from codekin_server.refactoring.notebooks import Notebooks, notebooks_among, texts_with
from codekin_server.refactoring.references import References, find_references, identifier_at
from codekin_server.refactoring.references_error import ReferencesError
from codekin_server.refactoring.scopes import attribute_in_the_way, name_in_the_way
from codekin_server.refactoring.sources import Sources


@dataclass(frozen=True, slots=True)
class Renaming:
    """Replacements by absolute path, in the coordinates of the text that counts; none where there are conflicts."""

    edits: Mapping[Path, tuple[tuple[Span, str], ...]]
    conflicts: tuple[str, ...] = ()


def rename(
    root: Path,
    path: Path,
    offset: int,
    new_name: str,
    *,
    files: Iterable[Path],
    open_texts: Mapping[Path, SourceText],
    notebooks: Notebooks | None = None,
) -> Renaming:
    """Rename what is defined at byte ``offset`` of ``path``.

    ``files`` are the workspace's Python files, ``open_texts`` what editors hold of them, and ``notebooks`` what is
    looked into and not edited, all by absolute path.
    """
    sources = Sources.of(root, files, open_texts)
    text = sources.read(path)
    definition = identifier_at(text, offset) if text is not None else None
    if text is None or definition is None:
        return Renaming({}, (f"there is no name to change at this place of {sources.shown(path)}",))
    old_name = text.slice(definition)
    conflicts = list(_unusable(old_name, new_name))
    if conflicts:
        return Renaming({}, tuple(conflicts))
    sources = Sources.of(root, files, {**texts_with(notebooks or {}, old_name), **open_texts})
    try:
        references = find_references(sources, path, definition)
    except ReferencesError as problem:
        return Renaming({}, (str(problem),))
    conflicts = [
        *_outside(sources, references),
        *_in_notebooks(sources, references),
        *_taken(sources, references, new_name),
        *_in_the_class(sources, path, definition, old_name, new_name),
    ]
    return Renaming({}, tuple(conflicts)) if conflicts else Renaming(_edits(references, new_name))


def _edits(references: References, new_name: str) -> Mapping[Path, tuple[tuple[Span, str], ...]]:
    return {where: tuple((span, new_name) for span in spans) for where, spans in references.spans.items()}


def _unusable(old_name: str, new_name: str) -> Iterator[str]:
    if not new_name.isidentifier():
        yield f"'{new_name}' is not a Python name"
    elif keyword.iskeyword(new_name):
        yield f"'{new_name}' is a keyword of Python"
    elif new_name == old_name:
        yield f"'{new_name}' is its name already"
    if old_name.startswith("__") and old_name.endswith("__"):
        yield f"'{old_name}' is a name that Python itself calls"


def _outside(sources: Sources, references: References) -> Iterator[str]:
    for where in references.spans:
        if not where.is_relative_to(sources.root):
            yield f"'{references.name}' is also defined or used outside the workspace, in {where}"


def _in_notebooks(sources: Sources, references: References) -> Iterator[str]:
    for where in notebooks_among(references.spans):
        yield f"'{references.name}' is used in the notebook {sources.shown(where)}, which a renaming cannot edit"


def _taken(sources: Sources, references: References, new_name: str) -> Iterator[str]:
    for where, spans in references.spans.items():
        text = sources.read(where)
        at = name_in_the_way(parse(text), spans, new_name) if text is not None else None
        if text is not None and at is not None:
            yield f"'{new_name}' is already in use at {sources.shown(where)}:{text.line_at(at) + 1}"


def _in_the_class(sources: Sources, path: Path, definition: Span, old_name: str, new_name: str) -> Iterator[str]:
    text = sources.read(path)
    if text is None:
        return
    owner = enclosing_class(parse(text), definition)
    if owner is None:
        return
    at = attribute_in_the_way(owner, new_name)
    if at is not None:
        yield f"'{new_name}' is already an attribute of the class, at {sources.shown(path)}:{text.line_at(at) + 1}"
    for relative in relatives_with(sources, path, owner, (old_name, new_name)):
        yield f"'{relative}' belongs to a class above or below this one: the two would no longer fit together"
