"""Opening a folder's analysis: where its index cannot be kept, a temporary one serves until the editor leaves.

In: a folder and its settings. Out: an open :class:`Assist`, and a message where the index is temporary.
Must not know of requests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from codekin_server.answers import AssistError, WorkerStatus
from codekin_server.assist import Assist
from codekin_server.settings.schema import Settings


@dataclass(frozen=True, slots=True)
class Opening:
    """How to open one folder. Called from a thread."""

    open_assist: Callable[..., Assist]
    root: Path
    settings: Settings
    on_worker: Callable[[WorkerStatus], None]
    on_temporary: Callable[[str, "TemporaryDirectory[str]"], None]
    """Told why the index is temporary, and handed the folder to remove in the end."""

    def __call__(self) -> Assist:
        """Open it; the first failure is the one that is raised."""
        try:
            return self._open(self.settings.cache.path)
        except AssistError as problem:
            folder = TemporaryDirectory(prefix="codekin-", ignore_cleanup_errors=True)
            try:
                assist = self._open(Path(folder.name))
            except AssistError:
                folder.cleanup()
                raise problem from None
            self.on_temporary(str(problem), folder)
            return assist

    def _open(self, cache: Path | None) -> Assist:
        return self.open_assist(
            self.root,
            model_dir=self.settings.model.path,
            cache_dir=cache,
            on_worker=self.on_worker,
            settings=self.settings,
        )
