"""When a run after a change looks at the disk."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from codekin_server.lsp.features.indexing import refresh_soon
from codekin_server.lsp.folder import Folder


@pytest.fixture
async def folder():
    """One whose disk was just looked at."""
    made = Folder("file:///w", Path("/w"), ThreadPoolExecutor(2))
    assert made.disk.is_due()
    yield made
    if made.refresh is not None:
        made.refresh.cancel()
    await made.close()


@pytest.mark.parametrize(
    ("watched", "told", "looks"), [(True, True, False), (True, False, True), (False, True, True), (False, False, True)]
)
async def test_the_disk_is_left_alone_where_all_changes_were_told_and_files_are_watched(folder, watched, told, looks):
    refresh_soon(SimpleNamespace(files_watched=watched), folder, told=told)
    assert folder.disk.is_due() == looks
