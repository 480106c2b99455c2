"""The Python files of a workspace, notebooks among them.

In: its root. Out: paths with size and time, each file once, in a fixed order. Files are not opened. Whatever cannot be
listed, has vanished, or is no regular file is passed over, never an error.
"""

import logging
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from codekin_model.source.cell_path import file_of, is_source
from codekin_server.workspace.ignore import IgnoreRules, is_ignored, is_skipped_folder, rules_of

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to index; ``path`` is relative to the root, with ``/``."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path
    relative: str
    rules: IgnoreRules

    def child(self, name: str) -> str:
        return f"{self.relative}/{name}" if self.relative else name


def is_python_file(path: str) -> bool:
    """Whether the name says Python, or a notebook, and can be written down: names that are not valid Unicode cannot."""
    return is_source(path) and _is_unicode(path)


def belongs(root: Path, path: str, exclude: Sequence[str] = ()) -> bool:
    """Whether the file at ``path`` (relative, with ``/``) is one that :func:`discover` would find if it existed."""
    file = file_of(path)
    inside = not file.startswith("/") and ".." not in file.split("/")
    return inside and is_python_file(file) and not is_ignored(root, file, exclude)


def find_file(root: Path, path: str) -> FoundFile | None:
    """One file by its path; None where there is no such regular file."""
    try:
        found = (root / path).stat()
    except (OSError, ValueError):
        return None
    return FoundFile(path, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def discover(root: Path, exclude: Sequence[str] = ()) -> Iterator[FoundFile]:
    """Walk the workspace, but for what fits the patterns of ``exclude``.

    Folders behind symbolic links come last, and only if nothing led to them before.
    """
    visited: set[tuple[int, int]] = set()
    links: list[_Folder] = []
    yield from _walk(root, _Folder(root, "", rules_of(root, exclude)), visited, links)
    while links:
        folder = links.pop(0)
        rules = folder.rules.entering(folder.path, folder.relative)
        yield from _walk(root, _Folder(folder.path, folder.relative, rules), visited, links)


def _walk(root: Path, start: _Folder, visited: set[tuple[int, int]], links: list[_Folder]) -> Iterator[FoundFile]:
    folders = [start]
    while folders:
        folder = folders.pop()
        if not _is_new(folder.path, visited):
            continue
        below: list[_Folder] = []
        for entry in _entries(folder.path):
            if _is_folder(entry):
                child = _entered(folder, entry)
                if child is not None:
                    below.append(child)
            elif entry.is_symlink():
                yield from _linked(root, folder, entry, links)
            elif is_python_file(entry.name):
                yield from _found(root, folder, entry.name)
        folders.extend(reversed(below))


def _is_new(folder: Path, visited: set[tuple[int, int]]) -> bool:
    try:
        status = folder.stat()
    except OSError:
        return False
    identity = (status.st_dev, status.st_ino)
    new = identity not in visited
    visited.add(identity)
    return new


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as problem:
        _log.warning("folder left out: %s", problem)
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _entered(folder: _Folder, entry: os.DirEntry[str]) -> _Folder | None:
    """The folder below ``folder``, with its rules; None if it is left out."""
    relative, path = folder.child(entry.name), Path(entry.path)
    if not _is_unicode(entry.name) or folder.rules.ignores(relative, is_folder=True) or is_skipped_folder(path):
        return None
    return _Folder(path, relative, folder.rules.entering(path, relative))


def _linked(root: Path, folder: _Folder, entry: os.DirEntry[str], links: list[_Folder]) -> Iterator[FoundFile]:
    """A link to a file outside is that file; one to a folder is kept for later; one that leads up is a loop."""
    relative, path = folder.child(entry.name), Path(entry.path)
    try:
        target = path.resolve(strict=True)
        is_folder = target.is_dir()
    except (OSError, RuntimeError):
        return
    if not is_folder:
        if is_python_file(entry.name) and not target.is_relative_to(root):
            yield from _found(root, folder, entry.name)
        return
    ignored = folder.rules.ignores(relative, is_folder=True) or is_skipped_folder(path) or is_skipped_folder(target)
    if _is_unicode(entry.name) and not ignored and not root.is_relative_to(target):
        links.append(_Folder(path, relative, folder.rules))


def _found(root: Path, folder: _Folder, name: str) -> Iterator[FoundFile]:
    relative = folder.child(name)
    if folder.rules.ignores(relative, is_folder=False):
        return
    found = find_file(root, relative)
    if found is not None:
        yield found


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
