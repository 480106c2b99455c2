"""The API boundary: everything codekin can do for a workspace, in plain data."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from codekin_model.source.span import Edit
from codekin_server.answers import (
    ExplainAnswer,
    IndexAnswer,
    IndexProgress,
    NamesAnswer,
    RenameAnswer,
    SearchAnswer,
    SimilarAnswer,
    StatusAnswer,
    WorkerStatus,
)


class Assist:
    """One workspace, its index and its model. Thread-safe; every method blocks until it has its answer.

    A ``path`` is absolute or relative to :attr:`root`; a ``line`` is 1-based. Every method raises
    :class:`AssistError` for input that it cannot answer, with a message that says what to do.
    """

    root: Path

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        model_dir: Path | None = None,
        cache_dir: Path | None = None,
        on_worker: Callable[[WorkerStatus], None] | None = None,
    ) -> Self:
        """Open the index of ``root``, creating it where there is none; nothing is read or embedded yet."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop the model's process and release the index. Also the end of a ``with`` block."""

    def index(
        self,
        progress: Callable[[IndexProgress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> IndexAnswer:
        """Bring the index up to date: read what changed, embed what is new."""
        raise NotImplementedError

    def reindex(
        self,
        progress: Callable[[IndexProgress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> IndexAnswer:
        """Read every file again, whatever the index believes; vectors of unchanged units are kept."""
        raise NotImplementedError

    def search(self, query: str, limit: int = 10) -> SearchAnswer:
        """Units that fit a description."""
        raise NotImplementedError

    def similar(self, path: Path, line: int, limit: int = 10) -> SimilarAnswer:
        """Units like the one at ``line``."""
        raise NotImplementedError

    def suggest_names(self, path: Path, line: int | None, limit: int = 5) -> tuple[NamesAnswer, ...]:
        """Names for the function at ``line`` (empty where there is none), or for every function of the file."""
        raise NotImplementedError

    def explain(self, path: Path, line: int) -> ExplainAnswer:
        """The path contexts that carried the vector of the unit at ``line``."""
        raise NotImplementedError

    def rename(self, path: Path, offset: int, new_name: str) -> RenameAnswer:
        """Rename what stands at byte ``offset`` and every reference to it in the workspace."""
        raise NotImplementedError

    def status(self) -> StatusAnswer:
        """Counts, counters and the worker's state; never waits for the model."""
        raise NotImplementedError

    def document_opened(self, path: Path, text: str, version: int) -> None:
        """An editor holds this file now; its text is what counts until it is closed."""

    def document_changed(self, path: Path, version: int, change: "str | list[tuple[Edit, bytes]]") -> None:
        """The open document's whole new text, or its edits in the order they were made."""

    def document_closed(self, path: Path) -> None:
        """The file on disk counts again."""

    def file_changed(self, path: Path) -> None:
        """A file was created or written on disk."""

    def file_deleted(self, path: Path) -> None:
        """A file is gone."""
