"""``codekin.search``: what fits a description, also while it is being typed.

In: words and filters. Out: JSON over the folders that are searched. With a token for partial results, what is found by
words is sent at once, and what is found by meaning too is the answer. A search that its client cancels, or types on
after, no longer waits for the model. Must not know how anything is found.
"""

import asyncio
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types

from codekin_server.answers import SearchAnswer, plain_place
from codekin_server.answers_kin import SearchFilter
from codekin_server.haste import Haste
from codekin_server.lsp.arguments_kin import SearchRequest, read_search
from codekin_server.lsp.boundary import BadArguments
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.places import located_all, path_given
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.several import Several, ask_several

NO_FOLDER = "no workspace folder is open"


@dataclass(frozen=True, slots=True)
class Part:
    """A workspace folder, or what is below one of its folders."""

    folder: Folder
    below: Path | None


async def search(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Units of all folders that fit a description, best first."""
    request = read_search(arguments)
    parts = chosen_parts(ls, request.folder)
    limit = request.limit or ls.settings_of(parts[0].folder.root if parts else None).search.limit
    with _haste(ls, request) as haste:
        answering = asyncio.ensure_future(_found(ls, request, parts, limit, haste))
        try:
            if request.token is not None:
                words = await _found(ls, request, parts, limit, None)
                ls.progress(types.ProgressParams(request.token, words))
            return await answering
        finally:
            answering.cancel()


def chosen_parts(ls: CodekinServer, uri: str | None) -> list[Part]:
    """All folders; or the one that holds ``uri``, from there down; or those that are below it."""
    if uri is None:
        return [Part(folder, None) for folder in ls.folders.values()]
    path = path_given(uri)
    holding = ls.folder_of(path)
    if path is not None and holding is not None:
        return [Part(holding, None if path == holding.root else holding.inside(path))]
    below = [Part(each, None) for each in ls.folders.values() if path is not None and each.root.is_relative_to(path)]
    if not below:
        raise BadArguments(f"{uri} is in none of the open workspace folders")
    return below


def note_of(several: Several[Any, Any]) -> str | None:
    """What is to be said of answers that have notes, and of those that there are not; each thing once."""
    if not several.answers:
        return NO_FOLDER
    notes = [answer.note for _, answer in several.answers if answer.note]
    return "; ".join(dict.fromkeys([*notes, *several.reasons])) or None


@contextmanager
def _haste(ls: CodekinServer, request: SearchRequest) -> Generator[Haste]:
    """While one types, each search is the end of the one before; and whoever leaves waits no longer."""
    haste = Haste()
    if request.token is not None:
        if ls.typed_search is not None:
            ls.typed_search.hurry()
        ls.typed_search = haste
    try:
        yield haste
    finally:
        haste.hurry()


async def _found(
    ls: CodekinServer, request: SearchRequest, parts: Sequence[Part], limit: int, haste: Haste | None
) -> dict[str, Any]:
    """The answer of all parts; without ``haste`` by words alone."""
    several = await ask_several(parts, lambda part: _answer(ls, part, request, limit, haste))
    found = [(part, result) for part, answer in several.answers for result in answer.results]
    found.sort(key=lambda each: -each[1].score)
    found = found[:limit]
    results: list[dict[str, Any]] = [{}] * len(found)
    for part in parts:
        at = [index for index, each in enumerate(found) if each[0] is part]
        places = await located_all(ls, part.folder, [plain_place(found[index][1]) for index in at])
        for index, place in zip(at, places, strict=True):
            results[index] = place
    return {"query": request.query, "results": results, "note": note_of(several)}


async def _answer(
    ls: CodekinServer, part: Part, request: SearchRequest, limit: int, haste: Haste | None
) -> SearchAnswer:
    tests = request.tests or ls.settings_of(part.folder.root).search.tests
    wanted = SearchFilter(part.below, request.kinds, tests)
    return await part.folder.ask(
        lambda assist: assist.finding.search(request.query, limit, wanted, haste=haste, by_meaning=haste is not None)
    )
