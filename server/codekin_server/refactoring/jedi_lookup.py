"""The questions put to jedi: references, definitions, members; with byte offsets in and plain data out.

In: a workspace, a file's text and a byte offset. Out: frozen data. The only module that imports jedi. Must not know
of renaming or of editors.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import jedi
from jedi.inference import references as jedi_references

from codekin_model.source.text import SourceText

_lock = RLock()
"""jedi's caches are not safe between threads."""

_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place as jedi tells it: a 1-based line and a column in characters."""

    path: Path
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a name is defined; ``path`` is None for what is built in. ``handle`` is jedi's own."""

    name: str
    path: Path | None
    line: int
    handle: Any


@dataclass(frozen=True, slots=True)
class Member:
    """A name that a class defines itself; ``path`` is None where the class is built in."""

    owner: str
    name: str
    path: Path | None


def occurrences(root: Path, path: Path, text: SourceText, offset: int) -> list[Occurrence]:
    """Everything in the project that means the same as the name at ``offset``."""
    with _lock:
        _lift_limits()
        line, column = _position(text, offset)
        script: Any = _script(root, path, text)
        found: list[Any] = script.get_references(line, column, include_builtins=False, scope="project")
        return [
            Occurrence(Path(name.module_path), name.line, name.column)
            for name in found
            if name.module_path is not None and name.line is not None and name.column is not None
        ]


def definition_of(root: Path, path: Path, text: SourceText, offset: int) -> Definition | None:
    """The class that the name at ``offset`` leads to through imports, or None."""
    with _lock:
        line, column = _position(text, offset)
        script: Any = _script(root, path, text)
        found: list[Any] = script.goto(line, column, follow_imports=True)
        for name in found:
            if name.type == "class":
                where = Path(name.module_path) if name.module_path is not None else None
                return Definition(name.name, where, name.line or 1, name)
        return None


def members_of(definition: Definition) -> Iterator[Member]:
    """What a class defines in its own body."""
    with _lock:
        names = [name.name for name in definition.handle.defined_names()]
    for name in names:
        yield Member(definition.name, name, definition.path)


def line_starts(text: SourceText) -> list[int]:
    """Line starts as jedi counts lines: a lone carriage return ends one too."""
    return [0, *(match.end() for match in _LINE_END.finditer(text.data))]


def _script(root: Path, path: Path, text: SourceText) -> "jedi.Script":
    return jedi.Script(text.data.decode(), path=path, project=jedi.Project(root))


def _position(text: SourceText, offset: int) -> tuple[int, int]:
    starts = line_starts(text)
    line = bisect_right(starts, offset)
    return line, len(text.data[starts[line - 1] : offset].decode("utf-8", "replace"))


def _lift_limits() -> None:
    """Without this, jedi stops in silence after 30 files; callers count the files beforehand and refuse instead."""
    for limit in ("_PARSED_FILE_LIMIT", "_OPENED_FILE_LIMIT"):
        setattr(jedi_references, limit, 1_000_000)
