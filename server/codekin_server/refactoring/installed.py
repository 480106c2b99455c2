"""Classes of the standard library and of the packages that are installed in a project's own environment.

In: names of classes from the root of all modules, the name of a member. Out: whether one of them has it. Files are read
and never run; what was read is kept until the file changes. May be called from any thread. Must not know of jedi or of
editors.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from codekin_model.source.tree import parse
from codekin_server.refactoring.bases import Dotted
from codekin_server.refactoring.environments import installed_packages
from codekin_server.refactoring.outline import Module, Outline, outline_of
from codekin_server.refactoring.sources import read_from_disk
from codekin_server.refactoring.stubs import stub_folders

_DEPTH = 12
"""Classes above one another; real code has fewer."""

_FOLLOWED = 100
"""Names that are looked at for one class; packages that pass on everything by ``import *`` have no end of them."""

_LARGEST = 1 << 20
"""Bytes. A light bulb waits for no larger file: it is generated."""

_KEPT = 256
_PACKAGE = "__init__"
_ENDINGS = (".pyi", ".py")


@dataclass(frozen=True, slots=True)
class Installed:
    """``folders`` are where imports start."""

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, root: Path) -> "Installed":
        """What the project in ``root`` can import, its own modules left out."""
        return cls((*stub_folders(), *installed_packages(root)))

    def has(self, names: Iterable[Dotted], member: str) -> bool:
        """Whether any of the classes ``names``, or one above it, has ``member``; what cannot be found has none."""
        seen, wanted = set[Dotted](), set(names)
        for _ in range(_DEPTH):
            found = [each for name in wanted for each in self._classes(name, set())]
            if any(member in outline.members[own] for outline, own in found):
                return True
            seen |= wanted
            wanted = {name for outline, own in found for name in outline.above(own)} - seen
            if not wanted:
                return False
        return False

    def _classes(self, name: Dotted, seen: set[Dotted]) -> list[tuple[Outline, Dotted]]:
        """Where the class ``name`` is defined; of several that it may lead to, as by ``import *``, the first."""
        if name in seen or len(seen) > _FOLLOWED:
            return []
        seen.add(name)
        outlines = self._outlines(name)
        defined = [(outline, inside) for outline, inside in outlines if inside in outline.bases]
        if defined:
            return defined
        for target in (target for outline, inside in outlines for target in outline.leads_to(inside)):
            if found := self._classes(target, seen):
                return found
        return []

    def _outlines(self, name: Dotted) -> list[tuple[Outline, Dotted]]:
        """The module in ``name``, and what is left of it; a stub says less than its module at times, so both are."""
        for length in range(len(name) - 1, 0, -1):
            found = [each for folder in self.folders for each in _modules(folder, name[:length])]
            if found:
                return [(outline, name[length:]) for outline in found]
        return []


def _modules(folder: Path, name: Dotted) -> Iterator[Outline]:
    path = folder.joinpath(*name)
    for module, package in ((path / _PACKAGE, name), (path, name[:-1])):
        for ending in _ENDINGS:
            outline = _outline(module.with_name(module.name + ending), Module(name, package))
            if outline is not None:
                yield outline


def _outline(path: Path, module: Module) -> Outline | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return _read(path, module, found.st_mtime_ns) if found.st_size <= _LARGEST else None


@lru_cache(maxsize=_KEPT)
def _read(path: Path, module: Module, _mtime: int) -> Outline | None:
    text = read_from_disk(path)
    return outline_of(parse(text), module) if text is not None else None
