"""What an index holds, what it costs and how its model's process is doing, as one answer.

In: the parts of an open workspace. Out: :class:`StatusAnswer`. Part of the API boundary; never waits for the model.
Must not know who asks.
"""

from pathlib import Path

import psutil

from codekin_model.checkpoint.manifest import Manifest
from codekin_server.answers import StatusAnswer
from codekin_server.background import Background
from codekin_server.conversion import worker_status_of
from codekin_server.store.location import IndexLocation
from codekin_server.store.records import StoreCounts
from codekin_server.store.store import Store
from codekin_server.version import installed_version
from codekin_server.worker.state import WorkerState, WorkerStatus
from codekin_server.workspace.counters import Counters


def status_answer(
    root: Path,
    location: IndexLocation,
    store: Store,
    manifest: Manifest,
    counters: Counters,
    worker: WorkerState,
    background: Background,
    *,
    exact: bool,
) -> StatusAnswer:
    """The answer, as things are now."""
    counts = store.counts()
    return StatusAnswer(
        version=installed_version(),
        root=str(root),
        index_path=str(location.folder),
        index_mb=round(location.size / 1e6, 2),
        model=manifest.name,
        model_fingerprint=manifest.fingerprint,
        search="exact" if exact else "approximate",
        files=counts.files,
        units=counts.units,
        vectors_missing=counts.vectors_missing,
        skipped_files=counts.skipped_files,
        units_seen=counters.units_seen,
        units_extracted=counters.units_extracted,
        units_embedded=counters.units_embedded,
        units_reused=counters.units_reused,
        memory_mb=round(psutil.Process().memory_info().rss / 1e6, 1),
        worker=worker_status_of(worker),
        repaired=store.repaired,
        by_student=counts.by_student,
        open_documents=counts.open_documents,
        tier=tier_of(counts),
        paused=background.reason,
        follows=store.follows,
        writer=store.writer,
    )


def tier_of(counts: StoreCounts) -> str:
    """Whose vectors the index has: ``teacher`` once none is missing, ``student`` once all have one of either."""
    if not counts.vectors_missing:
        return "teacher"
    return "student" if counts.by_student >= counts.vectors_missing else "words"


def words_alone_note(state: WorkerState) -> str:
    """Why the model had no part in an answer, as far as that is known."""
    if state.status is not WorkerStatus.FAILED or state.last_error is None:
        return "found by words alone: the model has not answered"
    return f"found by words alone: {' '.join(state.last_error.split())}"


def following_note(writer: int | None) -> str:
    """What the user of a second codekin should know."""
    who = f" (process {writer})" if writer is not None else ""
    return f"another codekin{who} keeps this index up to date"
