"""``initialize``, ``initialized``, ``shutdown``, ``exit``, and the workspace's folders.

In: the client's greeting. Out: folders that index themselves in the background. Must not know what they are asked.
"""

from collections.abc import Awaitable, Iterable
from pathlib import Path

from lsprotocol import types

from codekin_server.lsp.boundary import completed
from codekin_server.lsp.documents import SOURCE_GLOB
from codekin_server.lsp.features.configuring import watch_settings
from codekin_server.lsp.features.indexing import open_folder
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.options import read_options
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.uris import path_of
from codekin_server.settings.project import PROJECT_FILE

_WATCHED = (SOURCE_GLOB, f"**/{PROJECT_FILE}", "**/.gitignore")


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(folders_changed)
    server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(progress_cancelled)
    server.feature(types.SHUTDOWN)(shutdown)
    server.feature(types.EXIT)(leave)


def initialize(ls: CodekinServer, params: types.InitializeParams) -> None:
    """Keep what the client says of itself; pygls answers."""
    ls.greeting = params
    ls.client_process.greets(params.process_id)


async def initialized(ls: CodekinServer, _: types.InitializedParams) -> None:
    """The client is ready: open its folders, and ask it to watch their files."""
    greeting, ls.greeting = ls.greeting, None
    if greeting is None:  # it came a second time
        return
    ls.options, warnings = read_options(greeting.initialization_options)
    for warning in warnings:
        ls.show(warning)
    ls.state.wanted = ls.options.status_notifications
    ls.configuration.greeted(ls.options.settings)
    watch_settings(ls)
    _watch_files(ls)
    _open(ls, _first_folders(ls, greeting))


def folders_changed(ls: CodekinServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders were added to the workspace or taken out of it."""
    for gone in params.event.removed:
        folder = _at(ls, path_of(gone.uri))
        if folder is not None:
            del ls.folders[folder.uri]
            ls.state.forget(folder.uri)
            ls.start(folder.close())
    _open(ls, [added.uri for added in params.event.added])


async def open_again(ls: CodekinServer, folder: Folder) -> None:
    """Close a folder and open it anew, with the settings that hold now; what is asked meanwhile waits."""
    successor = _put(ls, folder.uri, folder.root)
    await folder.close(successor)
    if not successor.leaving.is_set():
        await open_folder(ls, successor)


def progress_cancelled(ls: CodekinServer, params: types.WorkDoneProgressCancelParams) -> None:
    """The user pressed a progress bar's button."""
    cancelled = ls.progress_cancelled.get(params.token)
    if cancelled is not None:
        cancelled.set()


async def shutdown(ls: CodekinServer, _: None) -> None:
    """Stop everything, and wait for it."""
    ls.shut_down = True
    await ls.close()


def leave(ls: CodekinServer, _: None) -> None:
    """End the process, which :mod:`codekin_server.lsp.app` does."""
    ls.left.set()


def _first_folders(ls: CodekinServer, greeting: types.InitializeParams) -> list[str]:
    if greeting.workspace_folders:
        return [folder.uri for folder in greeting.workspace_folders]
    return [ls.workspace.root_uri] if ls.workspace.root_uri else []


def _open(ls: CodekinServer, uris: Iterable[str]) -> None:
    for uri in uris:
        root = path_of(uri)
        if root is None:
            ls.log(f"{uri} is no folder on this machine, and is not indexed", types.MessageType.Warning)
        elif _at(ls, root) is None:
            ls.start(open_folder(ls, _put(ls, uri, root)))


def _at(ls: CodekinServer, root: Path | None) -> Folder | None:
    """The open folder that is ``root``, however its URI was spelled."""
    return next((folder for folder in ls.folders.values() if folder.root == root), None)


def _put(ls: CodekinServer, uri: str, root: Path) -> Folder:
    """A folder not opened yet, which knows what its editor holds."""
    folder = ls.folders[uri] = Folder(uri, root, ls.requests)
    _tell_what_is_open(ls, folder)
    return folder


def _tell_what_is_open(ls: CodekinServer, folder: Folder) -> None:
    for document in ls.documents.all():
        if document.path is not None and document.path.is_relative_to(folder.root) and not document.is_cell:
            folder.opened(document.path, document)
    for notebook in ls.notebooks.all():
        if notebook.path is not None and notebook.path.is_relative_to(folder.root):
            folder.notebook(notebook.path, notebook.texts(ls.documents))


def _watch_files(ls: CodekinServer) -> None:
    workspace = ls.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace is not None else None
    if watching is None or not watching.dynamic_registration:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(each) for each in _WATCHED])
    registration = types.Registration("codekin-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    asking = ls.client_register_capability_async(types.RegistrationParams([registration]))
    ls.start(_note_watching(ls, asking))


async def _note_watching(ls: CodekinServer, asking: Awaitable[object]) -> None:
    ls.files_watched = await completed(asking, "watching files") is None
