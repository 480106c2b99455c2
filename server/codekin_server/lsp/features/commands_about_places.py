"""``codekin.suggestNames`` and ``codekin.explain``: commands about a place in a document.

In: a document and a position. Out: JSON; an empty answer with a ``note`` for a document in none of the folders.
Must not know how anything is found.
"""

from collections.abc import Sequence
from typing import Any, cast

from lsprotocol import types

from codekin_model.source.text import SourceText
from codekin_server.answers import ExplainAnswer, plain
from codekin_server.lsp.arguments import read_place
from codekin_server.lsp.arguments_names import read_explain
from codekin_server.lsp.boundary import BadArguments
from codekin_server.lsp.places import located, plain_range
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.spot import OUTSIDE, spot_given

_NAMES = 5


async def suggest_names(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Names for the function at a position, or for every function of a document."""
    request = read_place("codekin.suggestNames", arguments, limit=_NAMES)
    spot = await spot_given(ls, request.uri, request.position or types.Position(0, 0))
    if spot is None:
        return {"functions": [], "note": OUTSIDE}
    at = spot.line if request.position is not None else None
    answers = await spot.ask(lambda assist, path: assist.suggest_names(path, at, request.limit))
    functions = [await located(ls, spot.folder, plain(answer)) for answer in answers]
    positions = spot.positions
    for function, answer in zip(functions, answers, strict=True):
        function["nameRange"] = plain_range(positions.range(answer.name_span))
    return {"functions": functions}


async def explain(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """What carried the vector of the unit at a position; with ``naming`` its names, read with its own name hidden."""
    request, naming = read_explain(arguments)
    if request.position is None:
        raise BadArguments('codekin.explain needs a position: [uri, {"line": 0, "character": 0}]')
    spot = await spot_given(ls, request.uri, request.position)
    if spot is None:
        return {"target": None, "contexts": [], "note": OUTSIDE}
    answer: ExplainAnswer = await spot.ask(lambda assist, path: assist.explain(path, spot.line, naming=naming))
    found, positions = plain(answer), ls.positions(SourceText(answer.source))
    contexts = [
        {
            **each,
            "startRange": plain_range(positions.range(context.start_span)),
            "endRange": plain_range(positions.range(context.end_span)),
        }
        for each, context in zip(_list(found["contexts"]), answer.contexts, strict=True)
    ]
    return {**found, "target": await located(ls, spot.folder, _dict(found["target"])), "contexts": contexts}


def _list(value: object) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", value)


def _dict(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value)
