"""Configuration files: what `codekin train` is given.

In: a TOML file with ``kind`` at its top. Out: the frozen dataclass of that kind; for a file with ``[[row]]`` tables,
one for each row, which are trained and measured side by side. What is wrong is refused with one line. A new kind is one
line in :data:`KINDS`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Protocol, cast

from codekin_model.training.blend_config import BlendConfig
from codekin_model.training.decoder_config import DecoderConfig
from codekin_model.training.hubness_config import HubnessConfig
from codekin_model.training.search_config import NamesConfig, SearchConfig
from codekin_model.training.sketch_config import SketchConfig
from codekin_model.training.strict_config import ConfigError, strictly
from codekin_model.training.student_config import StudentConfig
from codekin_model.training.summary_config import SummaryConfig
from codekin_model.training.teacher_config import TeacherConfig

KINDS: dict[str, type] = {
    "search": SearchConfig,
    "names": NamesConfig,
    "summary": SummaryConfig,
    "student": StudentConfig,
    "teacher": TeacherConfig,
    "decoder": DecoderConfig,
    "blend": BlendConfig,
    "sketch": SketchConfig,
    "hubness": HubnessConfig,
}
"""``kind`` -> the dataclass of its keys, which has ``kind`` as a property."""

EXPORTED = ("teacher", "search", "student", "decoder", "blend", "sketch", "hubness")
"""Kinds that `codekin export` takes; of kind ``search`` it takes one system."""

_ROW, _EACH, _NAME, _KIND = "row", "each", "name", "kind"


class RunConfig(Protocol):
    """A configuration of any kind."""

    @property
    def kind(self) -> str:
        """A key of :data:`KINDS`."""
        ...


def read_config(path: Path, row: str | None = None) -> RunConfig:
    """The configuration in ``path``, or that of one of its rows.

    Raises:
        ConfigError: one line that names the key and what is allowed.

    """
    rows = read_rows(path)
    if row is None and list(rows) != [path.stem]:
        raise ConfigError(f"{path} has {len(rows)} rows; name one of them: {', '.join(rows)}")
    name = path.stem if row is None else row
    if name not in rows:
        raise ConfigError(f"{path} has no row {name!r}; there are {', '.join(rows)}")
    return rows[name]


def is_exported(config: RunConfig) -> bool:
    """Whether `codekin export` takes what comes of ``config``."""
    return config.kind in EXPORTED and (not isinstance(config, SearchConfig) or config.is_fusion)


def read_rows(path: Path) -> dict[str, RunConfig]:
    """Every configuration in ``path`` by its name; a file without ``[[row]]`` has one, called as the file is.

    A row's keys are laid over those of the file. Its table ``each`` gives lists of values for keys: the row stands for
    every combination, and its ``name`` says ``{key}`` where a value of it belongs.

    Raises:
        ConfigError: one line that names the key and what is allowed.

    """
    table = _table(path)
    if _ROW not in table:
        return {path.stem: _decoded(table, str(path))}
    found: dict[str, RunConfig] = {}
    for name, each in _expanded(table, path):
        if name in found:
            raise ConfigError(f"{path}: two rows are called {name!r}; give them names of their own")
        found[name] = _decoded(each, f"{path}, row {name}")
    return found


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ConfigError(f"{path} cannot be read ({problem.strerror}): give the path of a TOML file") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path} is no TOML: {problem}") from problem


def decode_config(kind: str, table: Mapping[str, Any], where: str) -> RunConfig:
    """The configuration of ``kind`` with the keys of ``table``, as a run's description keeps it.

    Raises:
        ConfigError: one line that names the key and what is allowed.

    """
    if kind not in KINDS:
        raise ConfigError(f"{where}: kind is {kind!r}; allowed are {', '.join(KINDS)}")
    return cast("RunConfig", strictly(table, KINDS[kind], where))


def _decoded(table: Mapping[str, Any], where: str) -> RunConfig:
    if _KIND not in table:
        raise ConfigError(f"{where}: there is no key 'kind'; give one of {', '.join(KINDS)}")
    return decode_config(str(table[_KIND]), {key: value for key, value in table.items() if key != _KIND}, where)


def _expanded(table: dict[str, Any], path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a file, one for each combination, as tables without rows."""
    shared = {key: value for key, value in table.items() if key != _ROW}
    for at, row in enumerate(_row_tables(table[_ROW], path), start=1):
        if not isinstance(row.get(_NAME), str):
            raise ConfigError(f"{path}: row {at} has no name; give it one: name = '...'")
        own = {key: value for key, value in row.items() if key not in (_NAME, _EACH)}
        choices = list(_choices(row.get(_EACH, {}), (), f"{path}, row {row[_NAME]}"))
        for values in product(*(values for _, values in choices)):
            chosen = dict(zip((keys for keys, _ in choices), values, strict=True))
            words = {keys[-1]: _word(value) for keys, value in chosen.items()}
            merged = _laid_over(shared, own)
            for keys, value in chosen.items():
                merged = _laid_over(merged, _nested(keys, value))
            yield _named(row[_NAME], words, path), merged


def _row_tables(rows: object, path: Path) -> list[dict[str, Any]]:
    listed = cast("list[object]", rows) if isinstance(rows, list) else [None]
    if not all(isinstance(row, dict) for row in listed):
        raise ConfigError(f"{path}: row must be tables: write [[row]] above each")
    return cast("list[dict[str, Any]]", listed)


def _choices(each: object, keys: tuple[str, ...], where: str) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """The lists at the leaves of ``each`` with the keys that lead to them."""
    if isinstance(each, dict):
        for key, value in cast("dict[str, object]", each).items():
            yield from _choices(value, (*keys, key), where)
    elif isinstance(each, list) and each and keys:
        yield keys, cast("list[Any]", each)
    else:
        raise ConfigError(f"{where}: {'.'.join((_EACH, *keys))} must be a list of values to try")


def _named(name: str, words: Mapping[str, str], path: Path) -> str:
    try:
        return name.format(**words)
    except (LookupError, AttributeError, ValueError) as problem:  # {x.y} asks a word for an attribute
        given = ", ".join(f"{{{word}}}" for word in words) or "nothing in braces"
        raise ConfigError(f"{path}: the name {name!r} may hold {given}, as 'each' has it") from problem


def _word(value: object) -> str:
    """A value as a part of a name."""
    return "+".join(map(str, cast("list[object]", value))) if isinstance(value, list) else str(value)


def _nested(keys: tuple[str, ...], value: object) -> dict[str, Any]:
    first, *rest = keys
    return {first: _nested(tuple(rest), value) if rest else value}


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """``above`` where it has a key, tables merged."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[key] = _laid_over(cast("dict[str, Any]", old), cast("dict[str, Any]", value)) if both else value
    return merged
