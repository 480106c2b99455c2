"""Where the index of a workspace is kept.

In: a workspace's folder. Out: the folder of its index, in the user's cache or under ``CODEKIN_CACHE_DIR``.
Must not know what is inside an index.
"""

import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import platformdirs

from codekin_server.store.errors import StoreError
from codekin_server.store.lease import NAME as LOCK_NAME
from codekin_server.store.lease import WriterLease

CACHE_VARIABLE = "CODEKIN_CACHE_DIR"
DATABASE_NAME = "index.sqlite"
_NOTE_NAME = "workspace.json"


@dataclass(frozen=True, slots=True)
class IndexLocation:
    """The folder of one workspace's index, and the workspace it was made for, where that is known."""

    folder: Path
    workspace: Path | None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / DATABASE_NAME

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.folder.glob("*") if file.is_file())


def cache_dir() -> Path:
    """``CODEKIN_CACHE_DIR`` where it is set and not empty, else the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE, "").strip()
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("codekin", appauthor=False))


def index_location(workspace: Path, *, cache: Path | None = None) -> IndexLocation:
    """The index of ``workspace``; links and ``..`` in the path make no difference. Nothing is created."""
    resolved = workspace.resolve()
    digest = blake2b(os.fsencode(resolved), digest_size=8).hexdigest()
    name = re.sub(r"[^\w.-]+", "_", resolved.name)[:64] or "root"
    return IndexLocation((cache or cache_dir()) / "indexes" / f"{name}-{digest}", resolved)


def create_index_folder(location: IndexLocation) -> None:
    """Create the folder, with a note of the workspace it belongs to.

    Raises:
        StoreError: the cache folder cannot be written.

    """
    try:
        location.folder.mkdir(parents=True, exist_ok=True)
        note = location.folder / _NOTE_NAME
        if location.workspace is not None and _noted_workspace(location.folder) is None:
            note.write_text(json.dumps({"workspace": str(location.workspace)}), "utf-8")
    except OSError as problem:
        raise StoreError(
            f"cannot write the index folder {location.folder} ({problem.strerror or problem}); "
            f"set {CACHE_VARIABLE} to a folder that you can write to"
        ) from problem


def list_indexes(*, cache: Path | None = None) -> Sequence[IndexLocation]:
    """Every index in the cache, by name."""
    folder = (cache or cache_dir()) / "indexes"
    if not folder.is_dir():
        return ()
    return tuple(IndexLocation(each, _noted_workspace(each)) for each in sorted(folder.iterdir()) if each.is_dir())


def remove_index(location: IndexLocation) -> bool:
    """Delete an index with everything beside it; False where there is none.

    Raises:
        StoreError: the folder cannot be deleted, or another process writes the index.

    """
    if not location.folder.is_dir():
        return False
    lease = WriterLease(location.folder)
    try:
        if not lease.take():
            who = f" (process {lease.holder})" if lease.holder is not None else ""
            raise StoreError(f"cannot delete {location.folder}: another codekin{who} is using it")
        _remove_contents(location.folder)
        lease.release()  # Windows deletes no open file, so the lock goes last
        shutil.rmtree(location.folder)
    except OSError as problem:
        raise StoreError(f"cannot delete {location.folder}: {problem.strerror or problem}") from problem
    finally:
        lease.release()
    return True


def _remove_contents(folder: Path) -> None:
    """All but the lock, which is held meanwhile."""
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != LOCK_NAME:
            each.unlink()


def _noted_workspace(folder: Path) -> Path | None:
    try:
        return Path(json.loads((folder / _NOTE_NAME).read_text("utf-8"))["workspace"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
