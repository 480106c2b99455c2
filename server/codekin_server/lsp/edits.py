"""From a renaming to an edit that an editor can apply.

In: replacements as byte spans by path. Out: a :class:`WorkspaceEdit`, in the form that the client understands. Must not
know how the renaming was found.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lsprotocol import types

from codekin_model.source.span import Span
from codekin_server.lsp.boundary import Outdated
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.uris import uri_of

Replacements = Mapping[Path, Sequence[tuple[Span, str]]]


async def workspace_edit(server: CodekinServer, replacements: Replacements) -> types.WorkspaceEdit:
    """The edit of open documents, as they are now, and of files."""
    edits = [await _document_edit(server, path, spans) for path, spans in replacements.items()]
    workspace = server.client_capabilities.workspace
    can = workspace.workspace_edit if workspace is not None else None
    if can is not None and can.document_changes:
        return types.WorkspaceEdit(document_changes=edits)
    return types.WorkspaceEdit(changes={edit.text_document.uri: _plain(edit) for edit in edits})


async def _document_edit(
    server: CodekinServer, path: Path, spans: Sequence[tuple[Span, str]]
) -> types.TextDocumentEdit:
    text = await server.text_of(path)
    document = server.documents.at(path)
    if text is None:
        raise Outdated
    positions = server.positions(text)
    target = types.OptionalVersionedTextDocumentIdentifier(
        document.uri if document is not None else uri_of(path), document.version if document is not None else None
    )
    return types.TextDocumentEdit(target, [types.TextEdit(positions.range(span), new) for span, new in spans])


def _plain(edit: types.TextDocumentEdit) -> list[types.TextEdit]:
    return [each for each in edit.edits if isinstance(each, types.TextEdit)]
