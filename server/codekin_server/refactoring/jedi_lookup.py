"""The questions put to jedi: references, and definitions with their members; byte offsets in and plain data out.

In: a workspace's sources, a file's text and a byte offset. Out: frozen data. Only this module and ``jedi_texts`` import
jedi. Must not know of renaming or of editors.
"""

import re
from bisect import bisect_right
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import jedi
from jedi.inference import references as jedi_references

from codekin_model.source.text import SourceText
from codekin_server.refactoring.jedi_texts import instead_of_files, keep_nothing_on_disk
from codekin_server.refactoring.sources import Sources

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
    """A class: where it is defined (``path`` is None for what is built in), and the names it defines itself."""

    name: str
    path: Path | None
    line: int
    members: tuple[str, ...]


def occurrences(sources: Sources, path: Path, text: SourceText, offset: int) -> list[Occurrence]:
    """Everything in the project that means the same as the name at ``offset``."""
    with _asking(sources, path, text) as script:
        found: list[Any] = script.get_references(*_position(text, offset), include_builtins=False, scope="project")
        return [
            Occurrence(Path(name.module_path), name.line, name.column)
            for name in found
            if name.module_path is not None and name.line is not None and name.column is not None
        ]


def definition_of(sources: Sources, path: Path, text: SourceText, offset: int) -> Definition | None:
    """The class that the name at ``offset`` leads to through imports, or None."""
    with _asking(sources, path, text) as script:
        found: list[Any] = script.goto(*_position(text, offset), follow_imports=True)
        for name in found:
            if name.type == "class":
                where = Path(name.module_path) if name.module_path is not None else None
                members = tuple(each.name for each in name.defined_names())
                return Definition(name.name, where, name.line or 1, members)
        return None


@contextmanager
def _asking(sources: Sources, path: Path, text: SourceText) -> Generator[Any]:
    """A script of ``text``; while it is asked, unsaved texts are read in place of their files."""
    with _lock:
        _lift_limits()
        keep_nothing_on_disk()
        script = jedi.Script(text.data.decode(), path=path, project=jedi.Project(sources.root))
        unsaved = {other: sources.open_texts[other] for other in sources.unsaved()}
        with instead_of_files(script, path, unsaved):
            yield script


def line_starts(text: SourceText) -> list[int]:
    """Line starts as jedi counts lines: a lone carriage return ends one too."""
    return [0, *(match.end() for match in _LINE_END.finditer(text.data))]


def _position(text: SourceText, offset: int) -> tuple[int, int]:
    starts = line_starts(text)
    line = bisect_right(starts, offset)
    return line, len(text.data[starts[line - 1] : offset].decode("utf-8", "replace"))


def _lift_limits() -> None:
    """Without this, jedi stops in silence after 30 files; callers count the files beforehand and refuse instead."""
    for limit in ("_PARSED_FILE_LIMIT", "_OPENED_FILE_LIMIT"):
        setattr(jedi_references, limit, 1_000_000)
