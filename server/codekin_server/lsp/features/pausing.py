"""``codekin.pause``: the background waits until it is told to go on. What somebody asks for is answered all the same.

In: whether to pause. Out: the same. Must not know what the background does.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from codekin_server.assist import Assist
from codekin_server.lsp.boundary import BadArguments
from codekin_server.lsp.features.indexing import refresh_soon
from codekin_server.lsp.server import CodekinServer

_USAGE = 'codekin.pause takes [{"paused": true}] or [{"paused": false}]'


async def pause(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Pause all folders, or let them go on."""
    ls.paused = _wanted(arguments)
    folders = [folder for folder in ls.folders.values() if folder.is_open]
    await asyncio.gather(*(folder.ask(lambda assist: _pause(assist, paused=ls.paused)) for folder in folders))
    for folder in folders:
        if not ls.paused:
            refresh_soon(ls, folder)
        elif ls.state.of(folder.uri).state == "ready":
            ls.state.tell(folder.uri, replace(ls.state.of(folder.uri), state="paused"))
    return {"paused": ls.paused}


def _pause(assist: Assist, *, paused: bool) -> None:
    assist.background.paused = paused


def _wanted(arguments: Sequence[Any] | None) -> bool:
    values = list(arguments or ())
    given = values[0] if len(values) == 1 else None
    wanted = cast("Mapping[str, object]", given).get("paused") if isinstance(given, Mapping) else given
    if not isinstance(wanted, bool):
        raise BadArguments(_USAGE)
    return wanted
