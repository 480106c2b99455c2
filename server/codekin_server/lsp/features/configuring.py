"""Settings as the client and the projects say them.

In: a folder. Out: the settings that hold for it, kept in ``ls.configuration``, and warnings for the user. Must not know
what follows from a setting.
"""

import asyncio
from typing import cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codekin_server.lsp.boundary import completed
from codekin_server.lsp.configuration import SECTION
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.protocol import CodekinProtocol
from codekin_server.lsp.server import CodekinServer
from codekin_server.settings.project import project_source

_PATIENCE = 5.0
"""Seconds that a client may take to say what its settings are; those it gave before hold until then."""


def watch_settings(ls: CodekinServer) -> None:
    """Ask the client to tell of changes, where it wants to be asked."""
    workspace = ls.client_capabilities.workspace
    telling = workspace.did_change_configuration if workspace is not None else None
    if telling is None or not telling.dynamic_registration:
        return
    options = types.DidChangeConfigurationRegistrationOptions(SECTION)
    registration = types.Registration("codekin-settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, options)
    asking = ls.client_register_capability_async(types.RegistrationParams([registration]))
    ls.start(completed(asking, "watching settings"))


async def read_settings_of(ls: CodekinServer, folder: Folder) -> None:
    """Read what the project and the person say about ``folder``, and warn of what is new and wrong in it."""
    await asyncio.gather(_read_project(ls, folder), _pull(ls, folder))
    for warning in ls.configuration.new_warnings():
        ls.show(warning)
    cast("CodekinProtocol", ls.protocol).wants_trace = ls.settings_of(folder.root).trace == "messages"


async def _read_project(ls: CodekinServer, folder: Folder) -> None:
    source, warnings = await asyncio.get_running_loop().run_in_executor(ls.requests, project_source, folder.root)
    ls.configuration.project_read(folder.root, source, warnings)


async def _pull(ls: CodekinServer, folder: Folder) -> None:
    workspace = ls.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return
    items = [types.ConfigurationItem(scope_uri=folder.uri, section=SECTION)]
    try:
        asking = ls.workspace_configuration_async(types.ConfigurationParams(items))
        answers = await asyncio.wait_for(asking, _PATIENCE)
    except (JsonRpcException, TimeoutError) as problem:
        ls.log(f"the client did not say what its settings are: {problem}", types.MessageType.Warning)
        return
    ls.configuration.pulled(folder.root, answers[0] if answers else None)
