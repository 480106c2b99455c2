"""Tables of a configuration as frozen dataclasses, strictly.

In: nested dictionaries, as TOML or JSON give them, and a dataclass. Out: its value, or one line that names the key that
is wrong and what is allowed there. Must not know of any kind of configuration.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast, get_args, get_type_hints

import msgspec

_Config = TypeVar("_Config")
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)
_ELEMENT = re.compile(r"\[[^\]]*\]")


class ConfigError(ValueError):
    """A configuration cannot be used; the message is one line that names the key and says what is allowed."""


def strictly(table: Mapping[str, Any], kind: type[_Config], where: str) -> _Config:
    """``table`` as a value of the dataclass ``kind``; ``where`` begins the message, and is mostly a path.

    Raises:
        ConfigError: an unknown key, a value of another type or out of its range, or values that do not go together.

    """
    for key, allowed in _unknown(table, kind, ""):
        raise ConfigError(f"{where}: there is no key {key!r}; allowed are {', '.join(allowed)}")
    try:
        return msgspec.convert(table, type=kind, strict=True)
    except msgspec.ValidationError as problem:
        raise ConfigError(f"{where}: {_explained(str(problem), kind)}") from problem


def _unknown(table: Mapping[str, Any], kind: Any, prefix: str) -> Iterator[tuple[str, list[str]]]:  # noqa: ANN401
    """Keys at any depth that ``kind`` has no field for, with those that it has."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    for key, value in table.items():
        if key not in names:
            yield prefix + key, names
        elif is_dataclass(hints[key]) and isinstance(value, Mapping):
            yield from _unknown(cast("Mapping[str, Any]", value), hints[key], f"{prefix}{key}.")


def _explained(message: str, kind: type) -> str:
    """What msgspec says, with the key first, and the choices where there are some."""
    found = _PLACE.match(message)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    key = _ELEMENT.sub("", path).removeprefix(".")
    choices = _choices(kind, key.split(".")) if key else []
    if choices:
        what = f"{what}; allowed are {', '.join(choices)}"
    return f"{key}: {what}" if key else what


def _choices(kind: Any, keys: list[str]) -> list[str]:  # noqa: ANN401 - whatever a field is annotated with
    """The members of the enumeration that the field at ``keys`` is made of, if it is."""
    for key in keys:
        if not is_dataclass(kind):
            return []
        kind = get_type_hints(kind).get(key)
    members = [each for each in (kind, *get_args(kind)) if isinstance(each, type) and issubclass(each, StrEnum)]
    return [str(member) for each in members for member in each]
