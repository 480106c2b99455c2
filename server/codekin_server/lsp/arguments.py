"""The arguments of commands, in any of the shapes that clients like to send.

In: JSON. Out: typed requests, or :class:`BadArguments` that says what is accepted. Must not know of documents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types

from codekin_server.lsp.boundary import BadArguments

LIMIT = 10
MOST = 100
FARTHEST = 2**31 - 1
"""The greatest line and character that LSP knows; what lies past the end of a document is taken as its end."""

_PLACE = (
    '{command} takes [uri, {{"line": 0, "character": 0}}, limit], [uri, line, limit] or [{{"uri": uri, "position": '
    '{{"line": 0, "character": 0}}, "limit": 10}}], lines counted from 0 as everywhere in LSP'
)


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """A document, a position in it or None for the whole of it, and how many results."""

    uri: str
    position: types.Position | None
    limit: int


def read_place(command: str, given: Sequence[Any] | None, *, limit: int = LIMIT) -> PlaceRequest:
    """The arguments of a command about a place in a document."""
    usage = _PLACE.format(command=command)
    values = list(given or ())
    fields = fields_of(values.pop(0), "uri") if values else {}
    if "textDocument" in fields:
        fields = {**fields_of(fields.pop("textDocument"), "uri"), **fields}
        fields.pop("version", None)
    for name in ("position", "limit"):
        if values:
            fields[name] = values.pop(0)
    uri = fields.get("uri")
    if values or not isinstance(uri, str) or not uri or fields.keys() - {"uri", "position", "line", "range", "limit"}:
        raise BadArguments(usage)
    return PlaceRequest(uri, position_of(fields, usage), limit_of(fields.get("limit"), limit, usage))


def read_uri(command: str, given: Sequence[Any] | None) -> str | None:
    """The arguments of a command about a folder, or about all of them."""
    values = list(given or ())
    uri = fields_of(values.pop(0), "uri").get("uri") if values else None
    if values or not isinstance(uri, str | None):
        raise BadArguments(f'{command} takes no arguments, or the URI of a folder: ["file:///…"]')
    return uri


def fields_of(value: object, otherwise: str) -> dict[str, Any]:
    """An object's fields; anything else is the field ``otherwise``."""
    return dict(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else {otherwise: value}


def position_of(fields: Mapping[str, Any], usage: str) -> types.Position | None:
    """The position in an object, by any of the names it goes by; None where there is none."""
    value = fields.get("position", fields.get("line"))
    if value is None:
        value = fields_of(fields.get("range"), "start").get("start")
    if value is None:
        return None
    place = fields_of(value, "line")
    line, character = natural(place.get("line"), usage), natural(place.get("character", 0), usage)
    return types.Position(min(line, FARTHEST), min(character, FARTHEST))


def limit_of(value: object, otherwise: int, usage: str) -> int:
    """A number of results."""
    if value is None:
        return otherwise
    limit = natural(value, usage)
    if not 1 <= limit <= MOST:
        raise BadArguments(f"a limit lies between 1 and {MOST}; {usage}")
    return limit


def natural(value: object, usage: str) -> int:
    """A whole number from 0 up."""
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise BadArguments(usage)
    return number
