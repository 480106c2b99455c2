"""The questions put to jedi: references, definitions with their members, and what an attribute is one of.

In: a workspace's sources, a file's text and byte offsets. Out: frozen data. Only this module and ``jedi_texts`` ask
jedi. Must not know of renaming or of editors.
"""

# ruff: noqa: SLF001 - jedi tells what stands before a dot to its own modules only

import os
import re
from bisect import bisect_right
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any, cast

import jedi
from jedi.inference import helpers
from jedi.inference import recursion as jedi_recursion
from jedi.inference import references as jedi_references

from codekin_model.source.text import SourceText
from codekin_server.refactoring.jedi_texts import instead_of_files, keep_nothing_on_disk, read_newest_python
from codekin_server.refactoring.references_error import not_defined, stumbled
from codekin_server.refactoring.sources import Sources
from codekin_server.refactoring.stubs import STUBS

_lock = RLock()
"""jedi's caches are not safe between threads."""

_infer_call_of_leaf = cast("Any", helpers).infer_call_of_leaf

_TYPING = ("typing", "typing_extensions")
_LINE_END = re.compile(rb"\r\n|\n|\r")

Place = tuple[Path | None, int]
"""A file, None for what is built in, and a 1-based line."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place as jedi tells it: a 1-based line and a column in characters; an alias leads to places of other names."""

    path: Path
    line: int
    column: int
    name: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A class: where it is defined (``path`` is None for what is built in), and the names it defines itself."""

    name: str
    path: Path | None
    line: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receiver:
    """One thing that may stand before a dot: its classes, bases included, and whether it has what stands behind it."""

    classes: frozenset[Place]
    has_it: bool
    is_module: bool


def occurrences(sources: Sources, path: Path, text: SourceText, offset: int) -> list[Occurrence]:
    """Everything in the project that means the same as the name at ``offset``.

    Raises:
        ReferencesError: the name comes from code that jedi makes up and that no file holds, as ``namedtuple`` does.

    """
    with _asking(sources, path, text) as script:
        at = _position(text, offset)
        try:
            found: list[Any] = script.get_references(*at, include_builtins=False, scope="project")
        except AttributeError as problem:  # jedi asks for the folders of the file that there is not
            if any(name.module_path is not None for name in script.goto(*at, follow_imports=True)):
                raise
            name = re.match(r"\w*", text.data[offset:].decode("utf-8", "replace"))
            raise not_defined(name[0] if name is not None else "") from problem
        return [
            Occurrence(where, name.line, name.column, name.name)
            for name in found
            if (where := _file(name.module_path)) is not None
            and name._name.tree_name is not None  # None is a module as a whole
        ]


def definition_of(
    sources: Sources, path: Path, text: SourceText, offset: int, roots: Sequence[Path] = ()
) -> Definition | None:
    """The class that the name at ``offset`` leads to through imports and assignments, or None.

    What ``typing`` has in place of a class, such as ``NamedTuple``, is one without members.
    """
    with _asking(sources, path, text, roots) as script:
        at = _position(text, offset)
        found: list[Any] = [*script.goto(*at, follow_imports=True), *script.infer(*at)]
        for name in found:
            if name.type == "class":
                return _defined(name, tuple(each.name for each in name.defined_names()))
        return next((_defined(name, ()) for name in found if name.module_name in _TYPING), None)


def _defined(name: Any, members: tuple[str, ...]) -> Definition:  # noqa: ANN401
    return Definition(name.name, _file(name.module_path), name.line or 1, members)


def lead_to(
    sources: Sources, path: Path, text: SourceText, offsets: Sequence[int], roots: Sequence[Path]
) -> list[list[Place]]:
    """For the name at each offset the files (None for what is built in) and 1-based lines where it is defined.

    An import that cannot be followed leads to itself. Modules are looked for in ``roots``, too.
    """
    with _asking(sources, path, text, roots) as script:
        return [_leads_to(script, *_position(text, offset)) for offset in offsets]


def _leads_to(script: Any, line: int, column: int) -> list[Place]:  # noqa: ANN401
    found: list[Any] = script.goto(line, column, follow_imports=True)
    return [(_file(name.module_path), name.line or 1) for name in found]


def owners(
    sources: Sources, path: Path, text: SourceText, offsets: Sequence[int], roots: Sequence[Path]
) -> list[frozenset[Place]]:
    """For the attribute at each offset the classes, bases included, that it may be one of; none where unknown."""
    answers = receivers(sources, path, text, offsets, roots)
    return [frozenset(place for each in answer for place in each.classes) for answer in answers]


def receivers(
    sources: Sources, path: Path, text: SourceText, offsets: Sequence[int], roots: Sequence[Path]
) -> list[tuple[Receiver, ...]]:
    """For the attribute at each offset what may stand before its dot; nothing where that is unknown."""
    with _asking(sources, path, text, roots) as script:
        return [_receivers(script, *_position(text, offset)) for offset in offsets]


def _receivers(script: Any, line: int, column: int) -> tuple[Receiver, ...]:  # noqa: ANN401
    leaf = script._module_node.get_leaf_for_position((line, column + 1))  # at its start it is still the dot
    if leaf is None or leaf.type != "name" or leaf.parent.type != "trailer":
        return ()
    script._inference_state.reset_recursion_limitations()  # they are counted up from one question to the next
    context = script._get_module_context().create_context(leaf)
    try:
        values = _infer_call_of_leaf(context, leaf, cut_own_trailer=True)
        return tuple(each for value in values if (each := _receiver(value, leaf.value)) is not None)
    except (AttributeError, RecursionError, TypeError, ValueError):  # jedi's own, where code is unlike any other
        return ()


def _receiver(value: Any, name: str) -> Receiver | None:  # noqa: ANN401
    owner = value if value.is_class() or not hasattr(value, "py__class__") else value.py__class__()
    if owner.py__name__() == "NoneType":  # says no more than that the value comes later
        return None
    ancestors: list[Any] = list(owner.py__mro__()) if hasattr(owner, "py__mro__") else [owner]
    return Receiver(frozenset(map(_place, ancestors)), bool(value.goto(name)), value.is_module())


def _place(owner: Any) -> Place:  # noqa: ANN401
    node = getattr(owner, "tree_node", None)
    return _file(owner.get_root_context().py__file__()), node.start_pos[0] if node is not None else 1


@lru_cache(maxsize=64)
def is_in_standard_library(name: str) -> bool:
    """Whether any of Python's own modules has something of this name."""
    word = re.compile(rf"\b{re.escape(name)}\b".encode())
    return any(word.search(stub.read_bytes()) for stub in STUBS.rglob("*.pyi"))


def _file(path: str | Path | None) -> Path | None:
    """Without the ``..`` of a search path, which hides where a file lies; links stay as they are."""
    return Path(os.path.normpath(path)) if path is not None else None


@contextmanager
def _asking(sources: Sources, path: Path, text: SourceText, roots: Sequence[Path] = ()) -> Generator[Any]:
    """A script of ``text``; while it is asked, unsaved texts are read in place of their files."""
    with _lock:
        _lift_limits()
        keep_nothing_on_disk()
        project = jedi.Project(sources.root, added_sys_path=[str(root) for root in roots])
        read_newest_python(project.get_environment())
        script = jedi.Script(text.data.decode(), path=path, project=project)
        unsaved = {other: sources.open_texts[other] for other in sources.unsaved()}
        with instead_of_files(script, path, unsaved):
            try:
                yield script
            except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as problem:
                raise stumbled(sources.shown(path), problem) from problem  # jedi's own, over code unlike any other


def line_starts(text: SourceText) -> list[int]:
    """Line starts as jedi counts lines: a lone carriage return ends one too."""
    return [0, *(match.end() for match in _LINE_END.finditer(text.data))]


def _position(text: SourceText, offset: int) -> tuple[int, int]:
    starts = line_starts(text)
    line = bisect_right(starts, offset)
    return line, len(text.data[starts[line - 1] : offset].decode("utf-8", "replace"))


def _lift_limits() -> None:
    """Without this, jedi stops in silence: after 30 files, and where a function is looked into for the seventh time.

    Callers count the files beforehand and refuse instead.
    """
    for limit in ("_PARSED_FILE_LIMIT", "_OPENED_FILE_LIMIT"):
        setattr(jedi_references, limit, 1_000_000)
    for limit in ("per_function_execution_limit", "total_function_execution_limit"):
        setattr(jedi_recursion, limit, 100_000)
