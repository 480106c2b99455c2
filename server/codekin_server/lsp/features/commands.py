"""``workspace/executeCommand``: codekin's own questions, answered as the command line answers them.

In: a command and its arguments. Out: the JSON of :func:`codekin_server.answers.plain`, each place with ``uri`` and
``range``. Must not know how anything is found.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from lsprotocol import types

from codekin_server.lsp.boundary import BadArguments, answering
from codekin_server.lsp.features import (
    commands_about_folders,
    commands_about_names,
    commands_about_places,
    kin,
    pausing,
    searching,
)
from codekin_server.lsp.server import CodekinServer

Command = Callable[[CodekinServer, Sequence[Any] | None], Awaitable[dict[str, Any]]]

COMMANDS: Mapping[str, Command] = {
    "codekin.search": searching.search,
    "codekin.similar": kin.similar,
    "codekin.duplicates": kin.duplicates,
    "codekin.map": kin.map_,
    "codekin.suggestNames": commands_about_places.suggest_names,
    "codekin.rename": commands_about_names.rename,
    "codekin.explain": commands_about_places.explain,
    "codekin.summarise": commands_about_names.summarise,
    "codekin.status": commands_about_folders.status,
    "codekin.reindex": commands_about_folders.reindex,
    "codekin.pause": pausing.pause,
}


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    server.feature(types.WORKSPACE_EXECUTE_COMMAND)(execute)
    for name, command in COMMANDS.items():
        server.command(name)(command)


@answering
async def execute(ls: CodekinServer, params: types.ExecuteCommandParams) -> dict[str, Any]:
    """Run one of :data:`COMMANDS`."""
    command = COMMANDS.get(params.command)
    if command is None:
        raise BadArguments(f"there is no command '{params.command}'; there are {', '.join(COMMANDS)}")
    return await command(ls, params.arguments)
