"""Renaming a function and everything that refers to it, or the reasons why that would break something.

In: a workspace's files, its open documents, a place and a new name. Out: :class:`Renaming`, edits by file. Nothing is
written. Must not know of editors, of indexes or of models.
"""

import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_server.refactoring.bindings import is_bare
from codekin_server.refactoring.from_outside import set_from_outside
from codekin_server.refactoring.in_settings import settings_uses
from codekin_server.refactoring.inheritance import Family
from codekin_server.refactoring.jedi_lookup import Place
from codekin_server.refactoring.known import forget
from codekin_server.refactoring.members import class_around, classes_binding, own_uses
from codekin_server.refactoring.notebooks import Notebooks, notebooks_among, texts_with
from codekin_server.refactoring.references import References, find_references, identifier_at
from codekin_server.refactoring.references_error import ReferencesError
from codekin_server.refactoring.relatives import relatives
from codekin_server.refactoring.scopes import nodes_at
from codekin_server.refactoring.sources import IsSkipped, Sources
from codekin_server.refactoring.taken import taken


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
    is_skipped: IsSkipped,
    notebooks: Notebooks | None = None,
) -> Renaming:
    """Rename what is defined at byte ``offset`` of ``path``.

    ``files`` are the workspace's Python files, ``open_texts`` what editors hold of them, and ``notebooks`` what is
    looked into and not edited, all by absolute path. What lies in a folder that ``is_skipped`` is not edited either.
    """
    sources = Sources.of(root, files, open_texts, is_skipped)
    tree = sources.tree(path)
    definition = identifier_at(tree, offset) if tree is not None else None
    if tree is None or definition is None:
        return Renaming({}, (f"there is no name to change at this place of {sources.shown(path)}",))
    old_name = tree.text.slice(definition)
    conflicts = list(_unusable(old_name, new_name))
    if conflicts:
        return Renaming({}, tuple(conflicts))
    sources = sources.beside(texts_with(notebooks or {}, old_name))
    try:
        return _renamed(sources, path, definition, new_name)
    except ReferencesError as problem:
        return Renaming({}, (str(problem),))
    finally:
        forget()


def _renamed(sources: Sources, path: Path, definition: Span, new_name: str) -> Renaming:
    references = find_references(sources, path, definition)
    settings = settings_uses(sources, references.name, references.spans)
    conflicts = [
        *_outside(sources, references),
        *_in_notebooks(sources, references),
        *taken(sources, references.spans, new_name),
        *_in_classes(sources, references, new_name),
        *_mangled(sources, references, new_name),
    ]
    if conflicts:
        return Renaming({}, tuple(dict.fromkeys(conflicts)))
    return Renaming(_edits({**references.spans, **settings}, new_name))


def _edits(places: Mapping[Path, tuple[Span, ...]], new_name: str) -> Mapping[Path, tuple[tuple[Span, str], ...]]:
    return {where: tuple((span, new_name) for span in spans) for where, spans in places.items()}


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
        if sources.is_outside(where):
            yield f"'{references.name}' is also defined or used outside the workspace, in {where}"


def _in_notebooks(sources: Sources, references: References) -> Iterator[str]:
    for where in notebooks_among(references.spans):
        yield f"'{references.name}' is used in the notebook {sources.shown(where)}, which a renaming cannot edit"


def _in_classes(sources: Sources, references: References, new_name: str) -> Iterator[str]:
    """What stands against it in the classes that have the name as a member, wherever the renaming was asked for."""
    above: set[Place] = set()
    for where, spans in references.spans.items():
        tree = sources.tree(where)
        for owner in classes_binding(tree, spans, references.name) if tree is not None else ():
            family = Family.of(sources, where, owner, references.spans)
            above |= family.places()
            yield from _in_the_class(sources, where, owner, new_name)
            yield from _in_its_family(family, references.name, new_name)
    yield from set_from_outside(sources, above, new_name) if above else ()


def _in_the_class(sources: Sources, path: Path, owner: Node, new_name: str) -> Iterator[str]:
    for node in own_uses(owner, new_name):
        at = f"{sources.shown(path)}:{node.start_point[0] + 1}"
        if is_bare(node):
            yield f"'{new_name}' is already in use at {at}"
        else:
            yield f"'{new_name}' is already an attribute of the class, at {at}"
        return


def _in_its_family(family: Family, old_name: str, new_name: str) -> Iterator[str]:
    shared = [name for name in (old_name, new_name) if not _is_mangled(name)]
    for member in family.members(shared):
        yield f"'{member}' belongs to a class above or below this one: the two would no longer fit together"
    yield from relatives(family, old_name) if not _is_mangled(old_name) else ()


def _mangled(sources: Sources, references: References, new_name: str) -> Iterator[str]:
    """Python gives ``__name`` another meaning in every class, and yet another outside of them."""
    if _is_mangled(references.name) == _is_mangled(new_name):
        return
    classes = {
        (where, owner.start_byte if owner is not None else None)
        for where, spans in references.spans.items()
        for owner in _classes_around(sources, where, spans)
    }
    if len(classes) > 1 and any(owner is not None for _, owner in classes):
        hidden = new_name if _is_mangled(new_name) else references.name
        yield f"'{hidden}' is private to one class, and '{references.name}' is used in more than that"


def _classes_around(sources: Sources, path: Path, spans: Iterable[Span]) -> Iterator[Node | None]:
    tree = sources.tree(path)
    yield from map(class_around, nodes_at(tree.root, spans)) if tree is not None else ()


def _is_mangled(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__")
