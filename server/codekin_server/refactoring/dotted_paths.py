"""A name at the end of a whole path to it, in a text that is no code: ``package.module:function``.

In: a search, and what stands before the name. Out: whether the path leads to what is renamed. A path starts in the
folder that it is written in or in the workspace's root, or in ``src`` of either; where no module lies there, in any
other folder. Must not know of jedi, of new names or of editors.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from tree_sitter import Node

from codekin_server.refactoring.bindings import binds, is_bare
from codekin_server.refactoring.imports import may_be_module, package_of, stands_in_import, star_imports_of
from codekin_server.refactoring.members import bindings_of
from codekin_server.refactoring.scopes import identifiers
from codekin_server.refactoring.searching import Place, Search, classes_found, homes_of

_LONGEST = 1000
"""Characters of a path, at most; a line may have any number of paths, and each is read backwards from its end."""
_WAY = re.compile(r"(?<![\w/\\.@-])(?:(?P<module>\w+(?:\.\w+)*):)?(?P<names>\w+(?:\.\w+)*)(?P<last>[.:])\Z")


class Meaning(Enum):
    """What a path leads to."""

    OURS = "ours"
    OTHERS = "others"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Target:
    """What is renamed, as paths lead to it: modules that have the name, and classes."""

    search: Search
    homes: frozenset[Path]
    classes: Mapping[Place, Node]

    @classmethod
    def of(cls, search: Search) -> "Target":
        """The modules and classes of what was found so far."""
        return cls(search, homes_of(search), classes_found(search))

    @property
    def can_be_reached(self) -> bool:
        """Whether a path can lead there: to no local variable, for one."""
        return bool(self.homes or self.classes)

    def meaning(self, before: str, folder: Path) -> Meaning:
        """Whether a path that is written in ``folder``, and is ``before`` up to the name, leads to what is renamed."""
        for module, names in _readings(before) if self.can_be_reached else ():
            files, is_sure = self._files_of(module, folder)
            if not before.endswith(":") and not names and any(self._has_module(file) for file in files):
                return Meaning.OTHERS
            meanings = {self._meaning_in(file, names) for file in files}
            if meanings:
                return meanings.pop() if is_sure or meanings == {Meaning.OTHERS} else Meaning.DOUBTFUL
        return Meaning.OTHERS

    def _files_of(self, module: str, folder: Path) -> tuple[list[Path], bool]:
        """The files that ``module`` may be, and whether there is no doubt."""
        sources, parts = self.search.sources, module.split(".")
        for start in self._starts(folder):
            way = start.joinpath(*parts)
            file = next(
                (each for each in (way.with_name(f"{way.name}.py"), way / "__init__.py") if each in sources.files), None
            )
            if file is not None:
                return [file], True
        alike = _by_name(sources.files).get(parts[-1], ())
        files = [file for file in alike if may_be_module(module, file) and not self._is_inside(file, parts)]
        below = [file for file in files if file.is_relative_to(folder)]
        return below or files, len(below) == 1

    def _starts(self, folder: Path) -> Iterator[Path]:
        """Where modules are imported from; those beside a module of a package are not, but through it."""
        root = self.search.sources.root
        if folder / "__init__.py" not in self.search.sources.files:
            yield from (folder, folder / "src")
        yield from (root, root / "src")

    def _is_inside(self, file: Path, parts: list[str]) -> bool:
        """Whether the folder that the module would be imported from is a package itself."""
        start = package_of(file).parents[len(parts) - 1]
        return start / "__init__.py" in self.search.sources.files

    def _has_module(self, file: Path) -> bool:
        """Whether the name is that of a module below a package, which such a path may lead to."""
        below, files = package_of(file) / self.search.name, self.search.sources.files
        return file.stem == "__init__" and any(
            each in files for each in (below.with_suffix(".py"), below / "__init__.py")
        )

    def _meaning_in(self, file: Path, names: list[str]) -> Meaning:
        if names:
            return self._of_a_class(file, names[-1])
        tree = self.search.sources.tree(file) if file not in self.homes else None
        is_ours = file in self.homes or (tree is not None and any(star_imports_of(tree, file, self.homes)))
        return Meaning.OURS if is_ours else Meaning.OTHERS

    def _of_a_class(self, file: Path, holder: str) -> Meaning:
        """``module:holder.name``; the holder may be an object, too."""
        tree = self.search.sources.tree(file)
        bare = [node for node in identifiers(tree.root, holder) if is_bare(node)] if tree is not None else []
        made = [node for node in bare if binds(node) or stands_in_import(node)]
        if not self.classes or not made:
            return Meaning.OTHERS
        owners = [node.parent for node in made if node.parent is not None and node.parent.type == "class_definition"]
        if any((file, owner.start_point[0] + 1) in self.classes for owner in owners):
            return Meaning.OURS
        if owners and all(_is_its_own(owner, self.search.name) for owner in owners):
            return Meaning.OTHERS
        return Meaning.DOUBTFUL


@lru_cache(maxsize=1)  # a name may stand in hundreds of strings
def _by_name(files: frozenset[Path]) -> Mapping[str, Sequence[Path]]:
    """Files by the last part of what they are imported by."""
    found = defaultdict[str, list[Path]](list)
    for file in files:
        found[package_of(file).name].append(file)
    return found


def _is_its_own(owner: Node, name: str) -> bool:
    """Whether a class has a ``name`` that no base gives it, or no base that could."""
    return owner.child_by_field_name("superclasses") is None or any(bindings_of(owner, name))


def _readings(before: str) -> Iterator[tuple[str, list[str]]]:
    """A module and the names between it and the last one, the likeliest first."""
    found = _WAY.search(before, max(0, len(before) - _LONGEST))
    if found is None:
        return
    names = found["names"].split(".")
    if found["last"] == ":":
        yield found["names"], []
        return
    if found["module"] is not None:
        yield found["module"], names
    yield from ((".".join(names[:count]), names[count:]) for count in range(len(names), 0, -1))
