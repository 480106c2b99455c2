"""Between the vocabulary of the rooms below and that of the answers.

In: rows, hits and states of the store, the search and the worker; edits of a client. Out: the same, as the other side
says it. Plain data on both sides.
"""

from codekin_model.source.span import Edit, Span
from codekin_model.source.unit import CodeUnit
from codekin_server.answers import Place, Result, WorkerStatus
from codekin_server.present_file import PresentFile
from codekin_server.search.engine import Hit
from codekin_server.settings.schema import Settings
from codekin_server.store.records import StoreCounts, UnitRecord
from codekin_server.worker.client import WorkerState
from codekin_server.workspace.documents import TextChange

IN_A_NOTEBOOK = "codekin does not rename in notebooks: it cannot see what other cells and kernels still use"


def row_of(file: PresentFile, unit: CodeUnit) -> UnitRecord:
    """A unit that the store has no row of, as a row that equals none."""
    place, name = file.place(unit), unit.name_span or Span(0, 0)
    return UnitRecord(
        id=-1,
        path=place.path,
        module=place.module,
        kind=place.kind,
        name=place.name,
        qualified_name=place.qualified_name,
        start_line=place.start_line,
        end_line=place.end_line,
        start_byte=unit.span.start,
        end_byte=unit.span.end,
        name_start=name.start,
        name_end=name.end,
        fingerprint=unit.fingerprint,
        is_test=False,
    )


def worker_status_of(state: WorkerState) -> WorkerStatus:
    """How the model's process is doing."""
    return WorkerStatus(state.status.value, state.pid, state.restarts, state.memory_mb, state.last_error, state.queue)


def text_change_of(edit: Edit, text: bytes) -> TextChange:
    """One edit of an open document, with the bytes that it put in."""
    return TextChange(Span(edit.start, edit.old_end), text.decode("utf-8", "replace"))


def place_of(unit: UnitRecord) -> Place:
    """Where a unit stands; the head of a module goes by the module's name."""
    return Place(
        path=unit.path,
        start_line=unit.start_line,
        end_line=unit.end_line,
        kind=unit.kind,
        name=unit.name or unit.module.rpartition(".")[2],
        qualified_name=unit.qualified_name or unit.module,
        module=unit.module,
    )


def result_of(hit: Hit) -> Result:
    """A hit of a search, or a near unit."""
    place = place_of(hit.unit)
    return Result(
        path=place.path,
        start_line=place.start_line,
        end_line=place.end_line,
        kind=place.kind,
        name=place.name,
        qualified_name=place.qualified_name,
        module=place.module,
        score=hit.score,
        produced_by=hit.produced_by,
        tier=hit.tier,
    )


def missing_note(counts: StoreCounts) -> str:
    """What a search cannot see yet, or sees with the student's eyes only."""
    unseen = counts.vectors_missing - counts.by_student
    if unseen:
        return f"{unseen} units are not embedded yet"
    return f"{counts.by_student} units have their first, quick vectors; better ones are being made"


def left_out(settings: Settings) -> tuple[str, ...]:
    """Patterns of what is not to be indexed."""
    return settings.index.exclude if settings.index.notebooks else (*settings.index.exclude, "*.ipynb")
