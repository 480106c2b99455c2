"""``codekin.suggestNames`` and ``codekin.explain``: commands about a place in a document.

In: a document and a position. Out: JSON; an empty answer with a ``note`` for a document in none of the folders.
Must not know how anything is found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from codekin_model.source.text import SourceText
from codekin_server.answers import ExplainAnswer, plain
from codekin_server.assist import Assist
from codekin_server.lsp.arguments import PlaceRequest, read_place
from codekin_server.lsp.arguments_names import read_explain
from codekin_server.lsp.boundary import BadArguments, Outdated
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.places import located, path_given, plain_range
from codekin_server.lsp.server import CodekinServer

T = TypeVar("T")

_NAMES = 5
_OUTSIDE = "the document is in none of the open workspace folders"


async def suggest_names(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Names for the function at a position, or for every function of a document."""
    request = read_place("codekin.suggestNames", arguments, limit=_NAMES)
    place = await _resolve(ls, request, None)
    if place is None:
        return {"functions": [], "note": _OUTSIDE}
    at = place.line if request.position is not None else None
    answers = await place.ask(lambda assist, path, _: assist.suggest_names(path, at, request.limit))
    functions = [await located(ls, place.folder, plain(answer)) for answer in answers]
    positions = ls.positions(place.text)
    for function, answer in zip(functions, answers, strict=True):
        function["nameRange"] = plain_range(positions.range(answer.name_span))
    return {"functions": functions}


async def explain(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """What carried the vector of the unit at a position; with ``naming`` its names, read with its own name hidden."""
    request, naming = read_explain(arguments)
    place = await _resolve(ls, request, "codekin.explain")
    if place is None:
        return {"target": None, "contexts": [], "note": _OUTSIDE}
    answer: ExplainAnswer = await place.ask(lambda assist, path, line: assist.explain(path, line, naming=naming))
    found, positions = plain(answer), ls.positions(SourceText(answer.source))
    contexts = [
        {
            **each,
            "startRange": plain_range(positions.range(context.start_span)),
            "endRange": plain_range(positions.range(context.end_span)),
        }
        for each, context in zip(_list(found["contexts"]), answer.contexts, strict=True)
    ]
    return {**found, "target": await located(ls, place.folder, _dict(found["target"])), "contexts": contexts}


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in one version of a document or file, and the folder to ask about it."""

    server: CodekinServer
    folder: Folder
    path: Path
    text: SourceText
    line: int

    async def ask(self, question: Callable[[Assist, Path, int], T]) -> T:
        """The answer, unless the document changed meanwhile."""
        inside = self.folder.inside(self.path)
        answer = await self.folder.ask(lambda assist: question(assist, inside, self.line))
        document = self.server.documents.at(self.path)
        if document is not None and document.text != self.text:
            raise Outdated
        return answer


async def _resolve(ls: CodekinServer, request: PlaceRequest, needs_position: str | None) -> _Place | None:
    if request.position is None and needs_position is not None:
        raise BadArguments(f'{needs_position} needs a position: [uri, {{"line": 0, "character": 0}}]')
    path = path_given(request.uri)
    folder = ls.folder_of(path)
    if path is None or folder is None:
        return None
    text = await ls.text_of(path)
    if text is None:
        raise BadArguments(f"{path} cannot be read as Python text")
    line = ls.positions(text).source_line(request.position) if request.position is not None else 1
    return _Place(ls, folder, path, text, line)


def _list(value: object) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", value)


def _dict(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value)
