"""Which of some files is no longer what it was when an action was offered.

In: paths and the moment of the offer. Out: one of the paths. A document counts as its editor holds it, a file by the
time it was written. Must not know what the action does.
"""

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path

from codekin_server.lsp.server import CodekinServer


async def changed_since(server: CodekinServer, paths: Iterable[Path], moment: float) -> Path | None:
    """The first of ``paths`` that was edited or written after ``moment`` (seconds since the epoch)."""
    for path in paths:
        document = server.documents.at(path)
        if document is not None and document.edited:
            changed = document.edited
        else:
            changed = await asyncio.get_running_loop().run_in_executor(server.requests, _written, path)
        if moment < changed <= time.time():  # a file server's clock may be ahead: that is no change
            return path
    return None


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
