"""``codekin.similar``, ``codekin.duplicates`` and ``codekin.map``: what is alike.

In: a place, a selection, pasted code, or a part of the workspace. Out: JSON. Must not know how anything is compared.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from lsprotocol import types

from codekin_server.answers import SimilarAnswer, plain
from codekin_server.answers_kin import DuplicatesAnswer, plain_kin
from codekin_server.assist import Assist
from codekin_server.haste import Haste
from codekin_server.lsp.arguments_kin import DuplicatesRequest, read_duplicates, read_map, read_similar
from codekin_server.lsp.boundary import BadArguments
from codekin_server.lsp.features.searching import NO_FOLDER, Part, chosen_parts, note_of
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.places import located, located_all
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.several import ask_several
from codekin_server.lsp.spot import OUTSIDE, Spot, spot_given

T = TypeVar("T")
Places = list[dict[str, Any]]


async def similar(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Units like the one at a position, like a selection, or like pasted code."""
    request = read_similar(arguments)
    if request.text is not None:
        return await _similar_to_text(ls, request.text, request.limit)
    if request.position is None:
        raise BadArguments('codekin.similar takes a position: [uri, {"line": 0, "character": 0}]')
    spot = await spot_given(ls, request.uri, request.position)
    if spot is None:
        return {"target": None, "results": [], "note": OUTSIDE}
    return await _similar_in(spot, request.selection, request.limit)


async def duplicates(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Clusters of near-duplicates within each folder, largest first."""
    request = read_duplicates(arguments)
    parts = chosen_parts(ls, request.folder)
    several = await ask_several(parts, lambda part: _duplicates_in(ls, part, request))
    clusters: Places = []
    for part, answer in several.answers:
        for cluster in cast("Places", plain_kin(answer)["clusters"]):
            members = await located_all(ls, part.folder, cluster["members"])
            clusters.append({**cluster, "members": members})
    clusters.sort(key=lambda cluster: -cluster["lines"])
    return {"clusters": clusters[: request.limit], "note": note_of(several)}


async def _duplicates_in(ls: CodekinServer, part: Part, request: DuplicatesRequest) -> DuplicatesAnswer:
    threshold = request.threshold or ls.settings_of(part.folder.root).similar.threshold
    return await _unless_left(
        part.folder, lambda assist, left: assist.kin.duplicates(part.below, request.limit, threshold, left)
    )


async def map_(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """The functions of a folder laid out by meaning; of several workspace folders the first that opened."""
    parts = chosen_parts(ls, read_map(arguments))
    if not parts:
        return {"points": [], "links": [], "note": NO_FOLDER}
    part = next((each for each in parts if not each.folder.is_broken), parts[0])
    threshold = ls.settings_of(part.folder.root).similar.threshold
    answer = await part.folder.ask(lambda assist: assist.kin.map(part.below, threshold))
    found = await _off_the_loop(ls, lambda: plain_kin(answer))
    points = await located_all(ls, part.folder, cast("Places", found["points"]))
    others = f"this is {part.folder.root.name}; ask with another folder for its map" if len(parts) > 1 else None
    notes = [each for each in (answer.note, others) if each]
    return {"points": points, "links": found["links"], "note": "; ".join(notes) or None}


async def _similar_in(spot: Spot, selection: types.Range | None, limit: int) -> dict[str, Any]:
    if selection is None:
        answer = await spot.ask(lambda assist, path: assist.kin.similar(path, spot.line, limit))
    else:
        span = spot.positions.span(selection)
        first, last = spot.text.line_at(span.start) + 1, spot.text.line_at(max(span.start, span.end - 1)) + 1
        answer = await spot.ask(lambda assist, path: assist.kin.similar_to_lines(path, first, last, limit))
    target = await located(spot.server, spot.folder, cast("dict[str, Any]", plain(answer)["target"]))
    return {"target": target, "results": await _results(spot.server, spot.folder, answer), "note": answer.note}


async def _similar_to_text(ls: CodekinServer, code: str, limit: int) -> dict[str, Any]:
    folders = list(ls.folders.values())
    several = await ask_several(
        folders, lambda folder: folder.ask(lambda assist: assist.kin.similar_to_code(code, limit))
    )
    results: Places = []
    for folder, answer in several.answers:
        results += await _results(ls, folder, answer)
    results.sort(key=lambda result: -result["score"])
    return {"target": None, "results": results[:limit], "note": note_of(several)}


async def _results(ls: CodekinServer, folder: Folder, answer: SimilarAnswer) -> Places:
    return await located_all(ls, folder, cast("Places", plain(answer)["results"]))


async def _unless_left(folder: Folder, job: Callable[[Assist, Callable[[], bool]], T]) -> T:
    """A long job that ends when its client no longer waits."""
    haste = Haste()
    try:
        return await folder.ask(lambda assist: job(assist, lambda: haste.hurried))
    finally:
        haste.hurry()


async def _off_the_loop(ls: CodekinServer, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(ls.requests, work)
