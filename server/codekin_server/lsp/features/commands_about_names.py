"""``codekin.rename`` and ``codekin.summarise``: commands about the name of a function, and what stands for it.

In: a document, a position, a new name. Out: JSON. Nothing is edited. Must not know how anything is found.
"""

from collections.abc import Sequence
from typing import Any

from lsprotocol.converters import get_converter

from codekin_server.answers import plain_place
from codekin_server.lsp.arguments_names import read_rename, read_spot
from codekin_server.lsp.features.renaming import rename_edit
from codekin_server.lsp.places import located
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.spot import OUTSIDE, spot_given

_plain = get_converter()


async def rename(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """The edit that renames what stands at a position, or the conflicts that forbid it."""
    request = read_rename(arguments)
    spot = await spot_given(ls, request.uri, request.position)
    if spot is None:
        return {"edit": None, "conflicts": [OUTSIDE]}
    edit, conflicts = await rename_edit(ls, spot.folder, spot.path, spot.offset, request.new_name)
    return {"edit": None if edit is None else _plain.unstructure(edit), "conflicts": list(conflicts)}


async def summarise(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """One sentence about the function at a position, or a note that says why there is none."""
    request, position = read_spot("codekin.summarise", arguments)
    spot = await spot_given(ls, request.uri, position)
    if spot is None:
        return {"target": None, "summary": None, "note": OUTSIDE}
    answer = await spot.ask(lambda assist, path: assist.summaries.answer(path, spot.line))
    target = await located(ls, spot.folder, plain_place(answer.target))
    return {"target": target, "summary": answer.summary, "note": answer.note}
