"""The schema for others to read: a block of JSON for an extension's ``package.json``, a table for the documents.

In: :data:`KEYS`. Out: JSON values and Markdown. Must not know of any value that is set.
"""

import json
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Any, cast

from codekin_server.settings.schema import KEYS, Key, Settings
from codekin_server.settings.values import takes

NOT_FOR_EDITORS = frozenset({"trace"})
"""An editor that has the setting ``codekin.trace.server`` cannot have ``codekin.trace`` beside it; the former does."""


def json_schema() -> dict[str, Any]:
    """``contributes.configuration.properties`` of an extension, without what is the extension's own."""
    return {f"codekin.{key.name}": _property(key) for key in KEYS.values() if key.name not in NOT_FOR_EDITORS}


def markdown_table() -> str:
    """A row a setting: its name, what it takes, its default, what it does."""
    rows = [
        f"| `{key.name}` | {_takes(key)} | `{json.dumps(_plain(key.default))}` | {_text(key)} |"
        for key in KEYS.values()
    ]
    return "\n".join(["| setting | takes | default | what it does |", "|---|---|---|---|", *rows])


def plain_settings(settings: Settings) -> dict[str, object]:
    """Every setting by its name, as JSON values."""
    return {name: _plain(reduce(getattr, key.attributes, settings)) for name, key in KEYS.items()}


def _property(key: Key) -> dict[str, Any]:
    described: dict[str, Any] = {"type": _type(key), "default": _plain(key.default)}
    if key.choices:
        described["enum"] = list(key.choices)
    if key.kind == tuple[str, ...]:
        described["items"] = {"type": "string"}
    if key.about.least is not None:
        described["minimum"] = key.about.least
    if key.about.most is not None:
        described["maximum"] = key.about.most
    return {
        **described,
        "scope": "machine" if key.about.personal else "resource",
        "markdownDescription": key.about.text,
    }


def _type(key: Key) -> str | list[str]:
    names: Mapping[Any, str | list[str]] = {
        bool: "boolean",
        int: "integer",
        float: "number",
        tuple[str, ...]: "array",
        Path | None: ["string", "null"],
    }
    return names.get(key.kind, "string")


def _takes(key: Key) -> str:
    return ", ".join(f"`{each}`" for each in key.choices) or takes(key)


def _text(key: Key) -> str:
    return f"{key.about.text} Not in `pyproject.toml`." if key.about.personal else key.about.text


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
