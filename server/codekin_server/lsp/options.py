"""What a client may set in ``initializationOptions``.

In: JSON of any shape. Out: typed options, and a sentence for each thing in it that means nothing here. Must not know
what the options do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Options:
    """``settings`` are those of the person, as the client wrote them; of those who ask, changes of state are told."""

    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    status_notifications: bool = False


_PATHS = {"modelPath": "model.path", "cachePath": "cache.path"}
"""Older names of two settings."""

_KEYS = "cachePath, modelPath, settings and statusNotifications"


def read_options(given: object) -> tuple[Options, tuple[str, ...]]:
    """The options, and warnings for the user."""
    if given is None:
        return Options(), ()
    if not isinstance(given, Mapping):
        return Options(), ("initializationOptions is no object, and is ignored",)
    settings, warnings = dict[str, object](), list[str]()
    options = cast("Mapping[str, Any]", given)
    for key, value in options.items():
        if key in _PATHS:
            settings |= {_PATHS[key]: value} if isinstance(value, str) and value else {}
            warnings += (
                [] if isinstance(value, str | None) else [f"initializationOptions.{key} is no path, and is ignored"]
            )
        elif key not in ("settings", "statusNotifications"):
            warnings.append(f"initializationOptions.{key} is unknown; there are {_KEYS}")
    given_settings = options.get("settings")
    if isinstance(given_settings, Mapping):
        settings |= cast("Mapping[str, object]", given_settings)
    elif given_settings is not None:
        warnings.append("initializationOptions.settings is no object, and is ignored")
    return Options(settings, options.get("statusNotifications") is True), tuple(warnings)
