"""What happens to documents and files, passed on to the folders that hold them.

In: ``textDocument/did…`` and ``workspace/didChangeWatchedFiles``. Out: events in the folders' queues. Must not know
what the folders make of them.
"""

from functools import partial
from typing import cast

from lsprotocol import types

from codekin_model.source.cell_path import is_source
from codekin_server.lsp.documents import SOURCE_GLOB, is_python
from codekin_server.lsp.features.indexing import refresh_soon
from codekin_server.lsp.features.reconfiguring import project_file_written
from codekin_server.lsp.protocol import CodekinProtocol
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.uris import path_of

_Kind = types.FileOperationPatternKind
_FILES_AND_FOLDERS = types.FileOperationRegistrationOptions(
    [
        types.FileOperationFilter(types.FileOperationPattern(SOURCE_GLOB, _Kind.File)),
        types.FileOperationFilter(types.FileOperationPattern("**/*", _Kind.Folder)),
    ]
)


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    cast("CodekinProtocol", server.protocol).when_lost = partial(lost, server)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(saved)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(closed)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(files_changed)
    server.feature(types.WORKSPACE_DID_CREATE_FILES, _FILES_AND_FOLDERS)(files_created)
    server.feature(types.WORKSPACE_DID_RENAME_FILES, _FILES_AND_FOLDERS)(files_renamed)
    server.feature(types.WORKSPACE_DID_DELETE_FILES, _FILES_AND_FOLDERS)(files_deleted)


def opened(ls: CodekinServer, params: types.DidOpenTextDocumentParams) -> None:
    """The editor's text counts from now on."""
    if not is_python(params.text_document.language_id, path_of(params.text_document.uri)):
        return
    document = ls.documents.open(params.text_document)
    for folder, path in ls.holding(document.path):
        folder.opened(path, document)
        refresh_soon(ls, folder, told=True)


def changed(ls: CodekinServer, params: types.DidChangeTextDocumentParams) -> None:
    """Edits, in the order they were made."""
    change = ls.documents.change(params, ls.encoding)
    if change is None:
        _say_once(ls, params.text_document.uri)
        return
    for folder, path in ls.holding(change.document.path):
        folder.typed(path, change)
        refresh_soon(ls, folder, told=True)


def lost(ls: CodekinServer, uri: str) -> None:
    """A change that cannot be read: what the document holds is not known any more, so that nothing is edited in it."""
    if ls.documents.lose(uri) is not None:
        ls.show(f"a change to {uri} could not be read: codekin leaves it alone until it is opened again")


def saved(ls: CodekinServer, params: types.DidSaveTextDocumentParams) -> None:
    """The file on disk is new, whatever the document holds."""
    _on_disk(ls, params.text_document.uri, gone=False)


def closed(ls: CodekinServer, params: types.DidCloseTextDocumentParams) -> None:
    """The file on disk counts again."""
    document = ls.documents.close(params.text_document.uri)
    for folder, path in ls.holding(document.path if document is not None else None):
        folder.closed(path)
        refresh_soon(ls, folder, told=True)


def files_changed(ls: CodekinServer, params: types.DidChangeWatchedFilesParams) -> None:
    """Files were created, written or deleted, by whomever."""
    for event in params.changes:
        _on_disk(ls, event.uri, gone=event.type == types.FileChangeType.Deleted)


def files_created(ls: CodekinServer, params: types.CreateFilesParams) -> None:
    """The user made files or folders in the editor."""
    for each in params.files:
        _on_disk(ls, each.uri, gone=False)


def files_renamed(ls: CodekinServer, params: types.RenameFilesParams) -> None:
    """The user moved files or folders in the editor."""
    for each in params.files:
        _on_disk(ls, each.old_uri, gone=True)
        _on_disk(ls, each.new_uri, gone=False)


def files_deleted(ls: CodekinServer, params: types.DeleteFilesParams) -> None:
    """The user deleted files or folders in the editor."""
    for each in params.files:
        _on_disk(ls, each.uri, gone=True)


def _say_once(ls: CodekinServer, uri: str) -> None:
    """Some clients send all that is edited, whatever its language."""
    path = path_of(uri)
    if uri not in ls.never_opened and not (path is not None and ls.documents.is_lost(path)):
        ls.never_opened.add(uri)
        ls.log(f"{uri} was changed but never opened as Python", types.MessageType.Warning)


def _on_disk(ls: CodekinServer, uri: str, *, gone: bool) -> None:
    """What is no Python file may be a folder, or say what is left out."""
    for folder, path in ls.holding(path_of(uri)):
        if project_file_written(ls, folder, path):
            continue
        if is_source(path.as_posix()):
            folder.on_disk(path, gone=gone)
        else:
            folder.look_over()
        refresh_soon(ls, folder, told=True)
