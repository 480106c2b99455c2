"""Bringing the index of a workspace up to date with the disk, words only.

In: the workspace's files and what the store knows of them. Out: the store holds what is on disk. Quick, and polite:
other threads get their turn between any two files. Must not know of the model or of open documents.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codekin_server.store.store import Store
from codekin_server.workspace.discovery import FoundFile, discover
from codekin_server.workspace.file_index import FileIndex, Outcome
from codekin_server.workspace.progress import IndexProgress, IsCancelled, OnProgress, Stage


class WorkspaceMissing(Exception):
    """The workspace's folder is not there; its index is left as it is."""


@dataclass(frozen=True, slots=True)
class ScanCounts:
    """Files read anew. Those that are ``skipped`` cannot be indexed; the store's records say why."""

    indexed: int
    skipped: int


NOTHING_SCANNED = ScanCounts(0, 0)


def scan_files(store: Store, files: FileIndex, progress: OnProgress, cancelled: IsCancelled) -> ScanCounts:
    """Index what changed since the last scan and remove what is gone; a cancelled scan removes nothing.

    Raises:
        WorkspaceMissing: there is no such folder.

    """
    if not files.root.is_dir():
        raise WorkspaceMissing(f"{files.root} is not a folder that can be opened")
    known = store.file_records()
    found = list(_until(cancelled, discover(files.root, files.exclude)))
    outcomes: Counter[Outcome] = Counter()
    for done, file in enumerate(_until(cancelled, found)):
        progress(IndexProgress(Stage.READING, done, len(found), file.path))
        outcomes[files.put(file, known.get(file.path))] += 1
    progress(IndexProgress(Stage.READING, outcomes.total(), len(found), ""))
    if outcomes.total() == len(found) and not cancelled():
        gone = known.keys() - {file.path for file in found}
        now = store.file_records()
        # a file that was written and indexed while this went on is not gone
        for path in sorted(path for path in gone if now.get(path) == known[path]):
            files.remove(path)
    return ScanCounts(outcomes[Outcome.INDEXED], outcomes[Outcome.SKIPPED])


def _until(cancelled: IsCancelled, files: Iterable[FoundFile]) -> Iterator[FoundFile]:
    """``files`` up to the moment of cancelling; between any two, waiting threads get the interpreter."""
    for file in files:
        if cancelled():
            return
        yield file
        time.sleep(0)
