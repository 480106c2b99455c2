"""Which files and folders of a workspace are left out.

In: a workspace's root and paths in it. Out: yes or no. Must not know of stores, models or Python source. The rules are
git's own (.gitignore in every folder, those above the root up to the top of the repository, ``.git/info/exclude``) and
a fixed list of folders that hold no code of the user's. The root itself is never left out.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

_SKIPPED_FOLDERS = frozenset(
    {
        ".eggs",
        ".git",
        ".hg",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tox",
        "__pycache__",
        "__pypackages__",
        "node_modules",
        "site-packages",
    }
)
_BUILD_FOLDERS = frozenset({"build", "dist"})
_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")


@dataclass(frozen=True, slots=True)
class _PatternFile:
    """The patterns of a file and the folder that they are relative to: empty, or ending in ``/``."""

    base: str
    patterns: GitIgnoreSpec

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """True to leave out, False to keep in spite of earlier files, None when nothing matches."""
        return self.patterns.check_file(path.removeprefix(self.base) + "/" * is_folder).include


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules that hold in one folder: what was read on the way down to it, weakest first."""

    prefix: str
    files: tuple[_PatternFile, ...]

    def entering(self, folder: Path, relative: str) -> "IgnoreRules":
        """The rules inside ``folder``, which is ``relative`` to the root (empty for the root itself)."""
        base = self.prefix + (f"{relative}/" if relative else "")
        patterns = _read_patterns(folder / ".gitignore")
        return replace(self, files=(*self.files, _PatternFile(base, patterns))) if len(patterns) else self

    def ignores(self, relative: str, *, is_folder: bool) -> bool:
        """Whether git's rules leave out this entry of the folder; what they say of the folders above is not asked."""
        return _ignores(self.files, self.prefix + relative, is_folder=is_folder)


def rules_of(root: Path) -> IgnoreRules:
    """The rules inside ``root``; rules above it that would leave out the root itself are not applied."""
    top = _repository_top(root)
    if top is None:
        return IgnoreRules("", ()).entering(root, "")
    prefix = "" if top == root else f"{root.relative_to(top).as_posix()}/"
    exclude = _PatternFile("", _read_patterns(top / ".git" / "info" / "exclude"))
    above = _rules_above(root, top, exclude)
    return IgnoreRules(prefix, above).entering(root, "")


def is_skipped_folder(folder: Path) -> bool:
    """Whether a folder below the root never holds code of the user's: caches, environments, build results.

    A ``build`` or ``dist`` that is a package is code.
    """
    name = folder.name
    if name in _SKIPPED_FOLDERS or name.endswith(".egg-info"):
        return True
    if name in _BUILD_FOLDERS:
        return not _exists(folder / "__init__.py")
    return any(_exists(folder / mark) for mark in _ENVIRONMENT_MARKS)


def is_ignored(root: Path, relative: str) -> bool:
    """Whether the file ``relative`` to ``root``, or any folder on the way to it, is left out."""
    rules = rules_of(root)
    for parent in reversed(PurePosixPath(relative).parents[:-1]):
        folder = root / parent
        if rules.ignores(parent.as_posix(), is_folder=True) or is_skipped_folder(folder):
            return True
        rules = rules.entering(folder, parent.as_posix())
    return rules.ignores(relative, is_folder=False)


def _ignores(files: tuple[_PatternFile, ...], path: str, *, is_folder: bool) -> bool:
    verdicts = (file.verdict(path, is_folder=is_folder) for file in reversed(files))
    return next((verdict for verdict in verdicts if verdict is not None), False)


def _repository_top(root: Path) -> Path | None:
    return next((folder for folder in (root, *root.parents) if _exists(folder / ".git")), None)


def _rules_above(root: Path, top: Path, exclude: _PatternFile) -> tuple[_PatternFile, ...]:
    """The pattern files from the top of the repository down to just above ``root``."""
    files = (exclude,)
    for folder, entry in _steps(root, top):
        base = "" if folder == top else f"{folder.relative_to(top).as_posix()}/"
        files = (*files, _PatternFile(base, _read_patterns(folder / ".gitignore")))
        if _ignores(files, entry.relative_to(top).as_posix(), is_folder=True):
            return ()
    return files


def _steps(root: Path, top: Path) -> Iterator[tuple[Path, Path]]:
    """Each folder from ``top`` down, with the entry of it that leads to ``root``."""
    ways = [root, *root.parents]
    for at in range(ways.index(top), 0, -1):
        yield ways[at], ways[at - 1]


def _read_patterns(path: Path) -> GitIgnoreSpec:
    """The patterns of a file; none where it is missing or cannot be read, as git has it."""
    try:
        lines = path.read_bytes().removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return GitIgnoreSpec.from_lines(())
    return GitIgnoreSpec.from_lines(line for line in lines if _is_well_formed(line))


def _is_well_formed(line: str) -> bool:
    """Git skips a line that it cannot take for a pattern; pathspec refuses the whole file."""
    try:
        GitIgnoreSpec.from_lines((line,))
    except (ValueError, re.error):
        return False
    return True


def _exists(path: Path) -> bool:
    """``Path.exists`` that takes a folder without access for one without the file."""
    try:
        return path.exists()
    except OSError:
        return False
