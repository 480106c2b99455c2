"""What a client may set in ``initializationOptions``.

In: JSON of any shape. Out: typed options, and a sentence for each thing in it that means nothing here. Must not know
what the options do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Options:
    """``model_path`` is a model folder, ``cache_path`` where indexes are kept; None is codekin's own choice."""

    model_path: Path | None = None
    cache_path: Path | None = None


_KEYS = {"modelPath": "model_path", "cachePath": "cache_path"}


def read_options(given: object) -> tuple[Options, tuple[str, ...]]:
    """The options, and warnings for the user."""
    if given is None:
        return Options(), ()
    if not isinstance(given, Mapping):
        return Options(), ("initializationOptions is no object, and is ignored",)
    options, warnings = dict[str, Path](), list[str]()
    for key, value in cast("Mapping[str, Any]", given).items():
        if key not in _KEYS:
            warnings.append(f"initializationOptions.{key} is unknown; there are {' and '.join(sorted(_KEYS))}")
        elif isinstance(value, str) and value:
            options[_KEYS[key]] = Path(value).expanduser()
        elif value is not None:
            warnings.append(f"initializationOptions.{key} is no path, and is ignored")
    return Options(**options), tuple(warnings)
