"""One-line summaries of functions, and the docstrings drafted from them.

In: a file as it is now and a line. Out: :class:`SummaryAnswer` and :class:`DocstringDraft`. A model without a decoder
of summaries gives none, and the answer says so. Part of the API boundary, beside :mod:`codekin_server.assist`. Must
not know of editors.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from codekin_model.checkpoint.manifest import Manifest
from codekin_model.embedder import Described
from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.source.unit import CodeUnit
from codekin_server.answers import NO_SENTENCE, DocstringDraft, SummaryAnswer
from codekin_server.assist_error import AssistError
from codekin_server.naming.place import body_of
from codekin_server.present_file import PresentFile
from codekin_server.telling import told
from codekin_server.worker.client import ModelWorker

MARK = "# draft by codekin"
"""Follows a drafted docstring, so that no reader takes it for the author's words."""

NO_DECODER = "the model has no summary decoder"


@runtime_checkable
class Summarises(Protocol):
    """A worker whose model writes sentences; without a docstring in what it reads."""

    def summarise(self, unit: ExtractedUnit, near: tuple[Described, ...] = ()) -> Future[str | None]:
        """One sentence about ``unit``, worded as those of functions ``near`` it are; urgent."""
        ...


class Summaries:
    """``read`` gives a file as it is now, by its path; ``near`` what functions near one of a file say of themselves.

    Every method raises :class:`AssistError`, as ``Assist`` does.
    """

    def __init__(
        self,
        worker: ModelWorker,
        manifest: Manifest,
        read: Callable[[Path], PresentFile],
        near: Callable[[CodeUnit, str], tuple[Described, ...]],
    ) -> None:
        self._read, self._near = read, near
        has_decoder = manifest.summaries is not None
        self._worker: Summarises | None = worker if has_decoder and isinstance(worker, Summarises) else None

    @told
    def answer(self, path: Path, line: int) -> SummaryAnswer:
        """A sentence about the innermost function around a 1-based line."""
        file = self._read(path)
        unit = file.function_at(line)
        if unit is None:
            raise AssistError(f"there is no function at {file.path}:{line}; give a line inside one")
        summary = self._sentence(file, unit)
        note = NO_DECODER if self._worker is None else NO_SENTENCE if summary is None else None
        return SummaryAnswer(file.place(unit), summary, note, file.version)

    @told
    def may_draft(self, path: Path, line: int) -> bool:
        """Whether the function there has room for a docstring and none yet, and the model writes sentences."""
        return self._worker is not None and _room_in(self._read(path), line) is not None

    @told
    def draft(self, path: Path, line: int) -> DocstringDraft | None:
        """A docstring for the function there; None where it has one, or where there is nothing to say."""
        file = self._read(path)
        room = _room_in(file, line)
        sentence = self._sentence(file, room.unit) if room is not None else None
        if room is None or sentence is None:
            return None
        end = "\r\n" if b"\r\n" in file.tree.text.data else "\n"
        text = f'{room.indent}"""{quotable(sentence)}"""  {MARK}{end}'
        return DocstringDraft(file.place(room.unit), room.offset, text, file.version)

    def _sentence(self, file: PresentFile, unit: CodeUnit) -> str | None:
        if self._worker is None:
            return None
        said = self._worker.summarise(extract(unit, docstring=False), self._near(unit, file.path)).result()
        return " ".join(said.split()) or None if said else None


@dataclass(frozen=True, slots=True)
class _Room:
    """Where a function's docstring would begin, in bytes, and how far it would stand in."""

    unit: CodeUnit
    offset: int
    indent: str


def _room_in(file: PresentFile, line: int) -> _Room | None:
    unit = file.function_at(line)
    if unit is None or unit.name_span is None or unit.docstring is not None:
        return None
    body = body_of(file.tree, unit.name_span)
    if body is None or not body.named_children:
        return None
    at = body.named_children[0].start_byte
    start = file.tree.text.line_starts[file.tree.text.line_at(at)]
    indent = file.tree.text.data[start:at].decode("utf-8", "replace")
    return None if indent.strip() else _Room(unit, start, indent)


def quotable(sentence: str) -> str:
    """``sentence`` as it may stand between three double quotes."""
    return sentence.replace("\\", "\\\\").replace('"', "'")
