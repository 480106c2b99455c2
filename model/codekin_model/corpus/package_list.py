"""The pinned list of projects a corpus is made of.

In: a TOML file of ``[[package]]`` tables. Out: :class:`Package` values. Must not fetch anything.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast


class Split(StrEnum):
    """Which side of the hold-out a whole package is on."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned distribution."""

    name: str
    version: str
    licence: str
    split: Split


class PackageListError(ValueError):
    """The list does not say what it must."""


def read_package_list(path: Path) -> tuple[Package, ...]:
    """Read the list.

    Raises:
        PackageListError: the file cannot be read, a table lacks a key, names an unknown one or an unknown split, or a
            package stands twice.
    """
    packages = tuple(_package(table, path) for table in _tables(path))
    names = [package.name for package in packages]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PackageListError(f"{path}: listed twice: {', '.join(twice)}")
    return packages


def _tables(path: Path) -> list[dict[str, str]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("package", [])
    except OSError as problem:
        raise PackageListError(f"{path} cannot be read ({problem.strerror}): give the path of a TOML file") from problem
    except ValueError as problem:  # of TOML, or of UTF-8
        raise PackageListError(f"{path} is no TOML: {problem}") from problem
    if not tables or not isinstance(tables, list):
        raise PackageListError(f"{path} lists nothing: write a [[package]] table for each package")
    return cast("list[dict[str, str]]", tables)


def _package(table: dict[str, str], path: Path) -> Package:
    expected = {"name", "version", "licence", "split"}
    if set(table) != expected:
        raise PackageListError(f"{path}: a [[package]] needs exactly {sorted(expected)}, one has {sorted(table)}")
    try:
        return Package(table["name"], table["version"], table["licence"], Split(table["split"]))
    except ValueError as problem:
        raise PackageListError(f"{path}: {table['name']}: {problem}") from problem
