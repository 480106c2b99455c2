"""A folder rebuilt beside itself: what goes wrong leaves it as it was.

In: a folder and the files of it that are read or kept. Out: the same folder with files added and replaced. Must not
know what they are.
"""

import shutil
import tempfile
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path

from codekin_model.checkpoint.manifest import CONFIG


@contextmanager
def rebuilt(folder: Path, files: Collection[str]) -> Generator[Path]:
    """A copy of ``files``, whose files take the place of the folder's where nothing was raised.

    The manifest comes last: a folder whose files are half replaced is told from a whole one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as scratch:  # in here, so that a rename is enough
        copy = Path(scratch)
        for name in files:
            shutil.copy2(folder / name, copy / name)
        yield copy
        for made in sorted(copy.iterdir(), key=lambda file: file.name == CONFIG):
            made.replace(folder / made.name)
