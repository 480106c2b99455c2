"""One-line summaries of functions, and the docstrings drafted from them.

In: a file as it is now and a line. Out: :class:`SummaryAnswer` and :class:`DocstringDraft`. A model without a decoder
of summaries gives none, and the answer says so. Part of the API boundary, beside :mod:`codekin_server.assist`. Must
not know of editors.
"""

from concurrent.futures import Future
from typing import Protocol, runtime_checkable

from codekin_model.checkpoint.manifest import Manifest
from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.source.unit import CodeUnit
from codekin_server.answers import DocstringDraft, SummaryAnswer
from codekin_server.assist_error import AssistError
from codekin_server.naming.place import body_of
from codekin_server.present_file import PresentFile
from codekin_server.worker.client import ModelWorker

MARK = "# draft by codekin"
"""Follows a drafted docstring, so that no reader takes it for the author's words."""

NO_DECODER = "the model has no summary decoder"
NOTHING = "the model has no sentence for this function"


@runtime_checkable
class Summarises(Protocol):
    """A worker whose model writes sentences; without a docstring in what it reads."""

    def summarise(self, unit: ExtractedUnit) -> Future[str | None]:
        """One sentence about ``unit``; urgent."""
        ...


class Summaries:
    """Thread-safe."""

    def __init__(self, worker: ModelWorker, manifest: Manifest) -> None:
        has_decoder = manifest.summaries is not None
        self._worker: Summarises | None = worker if has_decoder and isinstance(worker, Summarises) else None

    def answer(self, file: PresentFile, line: int) -> SummaryAnswer:
        """A sentence about the innermost function around a 1-based line."""
        unit = file.function_at(line)
        if unit is None:
            raise AssistError(f"there is no function at {file.path}:{line}; give a line inside one")
        summary = self._sentence(unit)
        note = NO_DECODER if self._worker is None else NOTHING if summary is None else None
        return SummaryAnswer(file.place(unit), summary, note, file.version)

    def draft(self, file: PresentFile, line: int) -> DocstringDraft | None:
        """A docstring for the function there; None where it has one, or where there is nothing to say."""
        unit = file.function_at(line)
        if self._worker is None or unit is None or unit.name_span is None or unit.docstring is not None:
            return None
        body = body_of(file.tree, unit.name_span)
        if body is None or not body.named_children:
            return None
        at = body.named_children[0].start_byte
        start = file.tree.text.line_starts[file.tree.text.line_at(at)]
        indent = file.tree.text.data[start:at]
        sentence = self._sentence(unit) if not indent.strip() else None
        if sentence is None:
            return None
        end = "\r\n" if b"\r\n" in file.tree.text.data else "\n"
        text = f'{indent.decode()}"""{quotable(sentence)}"""  {MARK}{end}'
        return DocstringDraft(file.place(unit), start, text, file.version)

    def _sentence(self, unit: CodeUnit) -> str | None:
        if self._worker is None:
            return None
        said = self._worker.summarise(extract(unit, docstring=False)).result()
        return " ".join(said.split()) or None if said else None


def quotable(sentence: str) -> str:
    """``sentence`` as it may stand between three double quotes."""
    return sentence.replace("\\", "\\\\").replace('"', "'")
