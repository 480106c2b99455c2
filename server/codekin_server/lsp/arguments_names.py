"""The arguments of the commands about one function and its name, in any of the shapes that clients like to send.

In: JSON. Out: typed requests, or :class:`BadArguments` that says what is accepted. Must not know of documents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types

from codekin_server.lsp.arguments import PlaceRequest, read_place
from codekin_server.lsp.boundary import BadArguments

_RENAME = (
    'codekin.rename takes [{"uri": uri, "position": {"line": 0, "character": 4}, "newName": "parse_header"}] '
    "or [uri, position, newName], lines counted from 0 as everywhere in LSP"
)
_POSITION = '{command} needs a position: [{{"uri": uri, "position": {{"line": 0, "character": 0}}}}]'


@dataclass(frozen=True, slots=True)
class RenameRequest:
    """A place that touches a name, and what is to stand there and wherever the same is meant."""

    uri: str
    position: types.Position
    new_name: str


def read_rename(given: Sequence[Any] | None) -> RenameRequest:
    """The arguments of ``codekin.rename``."""
    values = list(given or ())
    if len(values) == 1 and isinstance(values[0], Mapping):
        fields = dict(cast("Mapping[str, Any]", values[0]))
        name, values = fields.pop("newName", None), [fields]
    else:
        name = values.pop() if len(values) == 3 else None  # noqa: PLR2004 - uri, position, name
    try:
        request = read_place("codekin.rename", values)
    except BadArguments:
        raise BadArguments(_RENAME) from None
    if not isinstance(name, str) or request.position is None:
        raise BadArguments(_RENAME)
    return RenameRequest(request.uri, request.position, name.strip())


def read_spot(command: str, given: Sequence[Any] | None) -> tuple[PlaceRequest, types.Position]:
    """The arguments of a command about one place, which must say where."""
    request = read_place(command, given)
    if request.position is None:
        raise BadArguments(_POSITION.format(command=command))
    return request, request.position


def read_explain(given: Sequence[Any] | None) -> tuple[PlaceRequest, bool]:
    """The arguments of ``codekin.explain``: a place, and whether the names there are what is to be explained."""
    values, naming = list(given or ()), False
    if values and isinstance(values[0], Mapping):
        fields = dict(cast("Mapping[str, Any]", values[0]))
        asked = fields.pop("naming", False)
        if not isinstance(asked, bool):
            raise BadArguments('codekin.explain takes "naming": true or false')
        values[0], naming = fields, asked
    return read_place("codekin.explain", values), naming
