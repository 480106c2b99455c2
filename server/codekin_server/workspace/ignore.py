"""Which files and folders of a workspace are left out.

In: a workspace's root and paths in it. Out: yes or no. Must not know of stores, models or Python source. The rules are
git's own (.gitignore in every folder, those above the root up to the top of the repository, ``.git/info/exclude``) and
a fixed list of folders that hold no code of the user's. The root itself is never left out.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

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
_FOLDER_MARK = "ps_d"
"""How pathspec's regular expressions name the slash after a folder that a pattern matches."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What a line of a pattern file matches, and whether it leaves that out or takes it back."""

    regex: re.Pattern[str]
    leaves_out: bool


@dataclass(frozen=True, slots=True)
class _PatternFile:
    """The patterns of a file, last first, and the folder that they are relative to: empty, or ending in ``/``."""

    base: str
    patterns: Sequence[_Pattern]

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """True to leave out, False to keep in spite of earlier files, None when nothing matches."""
        asked = path.removeprefix(self.base) + "/" * is_folder
        return next((pattern.leaves_out for pattern in self.patterns if _means(pattern.regex, asked)), None)


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules that hold in one folder: what was read on the way down to it, weakest first.

    What ``exclude`` leaves out, no file takes back.
    """

    prefix: str
    files: tuple[_PatternFile, ...]
    exclude: _PatternFile

    def entering(self, folder: Path, relative: str) -> "IgnoreRules":
        """The rules inside ``folder``, which is ``relative`` to the root (empty for the root itself)."""
        base = self.prefix + (f"{relative}/" if relative else "")
        patterns = _read_patterns(folder / ".gitignore")
        return replace(self, files=(*self.files, _PatternFile(base, patterns))) if patterns else self

    def ignores(self, relative: str, *, is_folder: bool) -> bool:
        """Whether git's rules leave out this entry of the folder; what they say of the folders above is not asked."""
        if self.exclude.verdict(relative, is_folder=is_folder):
            return True
        return _ignores(self.files, self.prefix + relative, is_folder=is_folder)


def rules_of(root: Path, exclude: Sequence[str] = ()) -> IgnoreRules:
    """The rules inside ``root``, with patterns of the user's own beside those of git's files.

    Rules above the root that would leave out the root itself are not applied.
    """
    top, own = _repository_top(root), _PatternFile("", _patterns(exclude))
    if top is None:
        return IgnoreRules("", (), own).entering(root, "")
    prefix = "" if top == root else f"{root.relative_to(top).as_posix()}/"
    above = _rules_above(root, top, _PatternFile("", _read_patterns(top / ".git" / "info" / "exclude")))
    return IgnoreRules(prefix, above, own).entering(root, "")


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


def is_ignored(root: Path, relative: str, exclude: Sequence[str] = ()) -> bool:
    """Whether the file ``relative`` to ``root``, or any folder on the way to it, is left out."""
    rules = rules_of(root, exclude)
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


def _means(pattern: re.Pattern[str], asked: str) -> bool:
    """Whether a pattern matches this entry itself.

    To pathspec a pattern for a folder matches all that is below it too. Here every folder on the way was asked before,
    as git does it, so that ``*``, ``!*/``, ``!*.py`` keeps the Python files of all folders.
    """
    match = pattern.search(asked)
    if match is None or _FOLDER_MARK not in pattern.groupindex:
        return match is not None
    last = len(asked) - 1
    return match.start(_FOLDER_MARK) in (-1, last) or pattern.search(asked, last) is not None


def _read_patterns(path: Path) -> Sequence[_Pattern]:
    """The patterns of a file, last first; none where it is missing or cannot be read, as git has it."""
    try:
        lines = path.read_bytes().removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ()
    return _patterns(lines)


def _patterns(lines: Sequence[str]) -> Sequence[_Pattern]:
    return tuple(pattern for line in reversed(lines) for pattern in _parsed(line))


@lru_cache(maxsize=1024)
def _parsed(line: str) -> tuple[_Pattern, ...]:
    """The pattern in a line, if any: git skips what it cannot take for one, where pathspec refuses the whole file."""
    try:
        patterns: Sequence[Any] = GitIgnoreSpec.from_lines((line,)).patterns
    except (ValueError, re.error):
        return ()
    return tuple(_Pattern(each.regex, each.include) for each in patterns if each.include is not None)


def _exists(path: Path) -> bool:
    """``Path.exists`` that takes a folder without access for one without the file."""
    try:
        return path.exists()
    except OSError:
        return False
