"""Who may write an index: one codekin at a time, the others follow.

In: the folder of an index. Out: whether the right to write is ours. The lock is the operating system's, so it ends with
the process that holds it, however that dies; the number in the file only says whom to name. Must not know of databases.
"""

import errno
import logging
import os
import sys
import threading
from pathlib import Path

NAME = "writer.lock"

_BEYOND = 1 << 30
"""The byte that is locked where locks are of bytes: far beyond the number, which others may read."""

_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS})
_log = logging.getLogger(__name__)


class WriterLease:
    """The right to write the index in ``folder``. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._file: int | None = None
        self._guard = threading.Lock()

    @property
    def held(self) -> bool:
        """Whether it is ours."""
        return self._file is not None

    @property
    def holder(self) -> int | None:
        """The process that took it last, where that can be told."""
        try:
            return int(self._path.read_bytes()[:20])
        except (OSError, ValueError):
            return None

    def take(self) -> bool:
        """Try to make it ours; False while another has it.

        Raises:
            OSError: the folder cannot be written.

        """
        with self._guard:
            if self._file is not None:
                return True
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
            try:
                if _locked(file):
                    os.ftruncate(file, 0)
                    os.write(file, str(os.getpid()).encode())
                    self._file = file
            finally:
                if self._file is None:
                    os.close(file)  # a full disk, too: an open file would keep the lock, and nobody could write
            return self._file is not None

    def release(self) -> None:
        """Let another have it. Releasing twice is harmless."""
        with self._guard:
            file, self._file = self._file, None
            if file is not None:
                os.close(file)


def _locked(file: int) -> bool:
    """Lock an open file without waiting. Where a file system knows no locks, everyone writes, as SQLite lets them."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - there only

            os.lseek(file, _BEYOND, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl  # noqa: PLC0415 - not on Windows

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        if problem.errno in _NO_LOCKS:
            _log.warning("no locks where the index is kept: %s", problem)
            return True
        return False
    return True
