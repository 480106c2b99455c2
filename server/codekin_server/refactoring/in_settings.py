"""Uses of a name in the settings of a project and its tools: entry points, and other whole paths to it.

In: the sources and the places found in Python files. Out: places in ``pyproject.toml`` and ``setup.cfg``; or an error
that names the first one of which it cannot be told what it means. Must not know of jedi, of new names or of editors.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_server.refactoring.dotted_paths import Meaning, Target
from codekin_server.refactoring.references_error import ReferencesError
from codekin_server.refactoring.searching import Search
from codekin_server.refactoring.settings_texts import in_values, settings_files
from codekin_server.refactoring.sources import Sources, mentions


def settings_uses(
    sources: Sources, name: str, places: Mapping[Path, Sequence[Span]]
) -> Mapping[Path, tuple[Span, ...]]:
    """Where settings lead to what stands at ``places``.

    Raises:
        ReferencesError: a path may lead there, and it cannot be told whether it does.

    """
    trees = {path: tree for path in places if (tree := sources.tree(path)) is not None}
    target = Target.of(Search(sources, name, trees, {path: set(spans) for path, spans in places.items()}))
    if not target.can_be_reached:
        return {}
    texts = {path: text for path in settings_files(sources) if (text := sources.read(path)) and mentions(text, name)}
    uses = {path: tuple(_uses(target, path, text)) for path, text in texts.items()}
    return {path: spans for path, spans in uses.items() if spans}


def _uses(target: Target, path: Path, text: SourceText) -> Iterator[Span]:
    for span in in_values(path, text, target.search.name):
        line = text.line_at(span.start)
        before = text.data[text.line_starts[line] : span.start].decode("utf-8", "replace")
        meaning = target.meaning(before, path.parent)
        if meaning is Meaning.DOUBTFUL:
            where = f"{target.search.sources.shown(path)}:{line + 1}"
            raise ReferencesError(f"'{target.search.name}' at {where} may be the same, but stands in settings")
        if meaning is Meaning.OURS:
            yield span
