"""One value of one setting: taken as it is, or refused in a few words that say what fits.

In: a :class:`Key` and what somebody wrote. Out: the typed value. Must not know where it was written.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from codekin_server.settings.schema import Key


class WrongValue(ValueError):
    """The message says what the setting takes."""


def typed_value(key: Key, given: object) -> Any:  # noqa: ANN401 - its type is the key's
    """``given`` as the type of ``key``.

    Raises:
        WrongValue: it is none.

    """
    readers: Mapping[object, Callable[[Key, object], Any]] = {
        bool: _flag,
        int: _number,
        float: _number,
        tuple[str, ...]: _patterns,
        Path | None: _path,
    }
    return readers.get(key.kind, _word)(key, given)


def takes(key: Key) -> str:
    """What a setting takes, in words."""
    if key.kind is bool:
        return "true or false"
    if key.kind in (int, float):
        kind = "a whole number" if key.kind is int else "a number"
        return f"{kind} from {key.about.least:g} to {key.about.most:g}"
    if key.kind == tuple[str, ...]:
        return "a list of patterns"
    return "one of " + ", ".join(key.choices) if key.choices else "a path"


def _flag(key: Key, given: object) -> bool:
    if not isinstance(given, bool):
        raise WrongValue(takes(key))
    return given


def _number(key: Key, given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise WrongValue(takes(key))
    least, most = key.about.least, key.about.most
    if key.kind(given) != given or (least is not None and given < least) or (most is not None and given > most):
        raise WrongValue(takes(key))
    return key.kind(given)


def _patterns(key: Key, given: object) -> tuple[str, ...]:
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        raise WrongValue(takes(key))
    patterns = tuple(cast("Sequence[object]", given))
    if not all(isinstance(each, str) for each in patterns):
        raise WrongValue(takes(key))
    return cast("tuple[str, ...]", patterns)


def _path(key: Key, given: object) -> Path | None:
    if not isinstance(given, str):
        raise WrongValue(takes(key))
    return Path(given).expanduser() if given else None


def _word(key: Key, given: object) -> str:
    if given not in key.choices:
        raise WrongValue(takes(key))
    return str(given)
