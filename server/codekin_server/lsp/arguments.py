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

_SEARCH = 'codekin.search takes ["words", limit] or [{"query": "words", "limit": 10}]'
_PLACE = (
    '{command} takes [uri, {{"line": 0, "character": 0}}, limit], [uri, line, limit] or [{{"uri": uri, "position": '
    '{{"line": 0, "character": 0}}, "limit": 10}}], lines counted from 0 as everywhere in LSP'
)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Words, and how many results."""

    query: str
    limit: int


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """A document, a position in it or None for the whole of it, and how many results."""

    uri: str
    position: types.Position | None
    limit: int


def read_search(given: Sequence[Any] | None) -> SearchRequest:
    """The arguments of ``codekin.search``."""
    values = list(given or ())
    fields = _fields(values.pop(0), "query") if values else {}
    if values:
        fields |= _fields(values.pop(0), "limit")
    query = fields.get("query")
    if values or not isinstance(query, str) or not query.strip() or fields.keys() - {"query", "limit"}:
        raise BadArguments(_SEARCH)
    return SearchRequest(query, _limit(fields.get("limit"), LIMIT, _SEARCH))


def read_place(command: str, given: Sequence[Any] | None, *, limit: int = LIMIT) -> PlaceRequest:
    """The arguments of a command about a place in a document."""
    usage = _PLACE.format(command=command)
    values = list(given or ())
    fields = _fields(values.pop(0), "uri") if values else {}
    if "textDocument" in fields:
        fields = {**_fields(fields.pop("textDocument"), "uri"), **fields}
        fields.pop("version", None)
    for name in ("position", "limit"):
        if values:
            fields[name] = values.pop(0)
    uri = fields.get("uri")
    if values or not isinstance(uri, str) or not uri or fields.keys() - {"uri", "position", "line", "range", "limit"}:
        raise BadArguments(usage)
    return PlaceRequest(uri, _position(fields, usage), _limit(fields.get("limit"), limit, usage))


def read_uri(command: str, given: Sequence[Any] | None) -> str | None:
    """The arguments of a command about a folder, or about all of them."""
    values = list(given or ())
    uri = _fields(values.pop(0), "uri").get("uri") if values else None
    if values or not isinstance(uri, str | None):
        raise BadArguments(f'{command} takes no arguments, or the URI of a folder: ["file:///…"]')
    return uri


def _fields(value: object, otherwise: str) -> dict[str, Any]:
    """An object's fields; anything else is the field ``otherwise``."""
    return dict(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else {otherwise: value}


def _position(fields: Mapping[str, Any], usage: str) -> types.Position | None:
    value = fields.get("position", fields.get("line"))
    if value is None:
        value = _fields(fields.get("range"), "start").get("start")
    if value is None:
        return None
    place = _fields(value, "line")
    return types.Position(_natural(place.get("line"), usage), _natural(place.get("character", 0), usage))


def _limit(value: object, otherwise: int, usage: str) -> int:
    if value is None:
        return otherwise
    limit = _natural(value, usage)
    if not 1 <= limit <= MOST:
        raise BadArguments(f"a limit lies between 1 and {MOST}; {usage}")
    return limit


def _natural(value: object, usage: str) -> int:
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise BadArguments(usage)
    return number
