"""Whether places that are left mean what is renamed, as jedi follows them.

In: a search and identifiers of its name. Out: more places; or an error that names the first place of which it cannot be
told what it means. Must not know of new names or of editors.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from tree_sitter import Node

from codekin_server.refactoring.imports import stands_in_import
from codekin_server.refactoring.jedi_lookup import lead_to
from codekin_server.refactoring.searching import Place, Search, doubt


def judge(
    search: Search,
    path: Path,
    nodes: Sequence[Node],
    asked: Callable[[Node], Node | None],
    meant: set[Place] | None = None,
    doubtful: Callable[[Node], bool] = lambda _: True,
) -> None:
    """Add those of ``nodes`` that lead to what is renamed, and leave those that lead elsewhere.

    What is ``asked`` about a node may be another one, and then leads to a place that is ``meant``.
    """
    if not nodes:
        return
    about_all = [asked(node) or node for node in nodes]
    offsets = [about.start_byte for about in about_all]
    answers = lead_to(search.sources, path, search.trees[path].text, offsets, search.roots())
    for node, about, places in zip(nodes, about_all, answers, strict=True):
        if any(place in meant if meant is not None else _is_found(search, place) for place in places):
            search.add(path, [node])
        elif all(_is_import(search, place) for place in places) and doubtful(about):
            raise doubt(search, path, node, "may be the same, but cannot be followed")


def _is_found(search: Search, place: Place) -> bool:
    path, line = place
    if path is None or path not in search.trees:
        return False
    text = search.trees[path].text
    return any(text.line_at(span.start) + 1 == line for span in search.found.get(path, ()))


def _is_import(search: Search, place: Place) -> bool:
    """Whether jedi got no further than an import."""
    path, line = place
    tree = (search.trees.get(path) or search.sources.tree(path)) if path is not None else None
    if tree is None or line > len(tree.text.line_starts):
        return False
    text, start = tree.text, tree.text.line_starts[line - 1]
    column = len(text.data[start:]) - len(text.data[start:].lstrip(b" \t"))
    node = tree.root.descendant_for_byte_range(start + column, start + column + 1)
    return node is not None and stands_in_import(node)
