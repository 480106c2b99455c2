"""From a renaming to an edit that an editor can apply.

In: replacements as byte spans by path. Out: a :class:`WorkspaceEdit`, in the form that the client understands. Must not
know how the renaming was found.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lsprotocol import types

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_server.lsp.boundary import Outdated
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.uris import uri_of

Replacements = Mapping[Path, Sequence[tuple[Span, str]]]


async def workspace_edit(server: CodekinServer, replacements: Replacements) -> types.WorkspaceEdit:
    """The edit of open documents, as they are now, and of files.

    Raises:
        Outdated: a file is gone.

    """
    return _edit(server, replacements, await _texts(server, replacements))


async def renaming_edit(server: CodekinServer, replacements: Replacements) -> types.WorkspaceEdit:
    """The same, where it is one name that is replaced everywhere.

    Raises:
        Outdated: it does not stand in one of the places any more.

    """
    texts = await _texts(server, replacements)
    present = {text.data[span.start : span.end] for path, text in texts.items() for span, _ in replacements[path]}
    if len(present) != 1:
        raise Outdated
    return _edit(server, replacements, texts)


async def _texts(server: CodekinServer, paths: Iterable[Path]) -> Mapping[Path, SourceText]:
    texts = {path: await server.text_of(path) for path in paths}
    found = {path: text for path, text in texts.items() if text is not None}
    if len(found) < len(texts):
        raise Outdated
    return found


def _edit(server: CodekinServer, replacements: Replacements, texts: Mapping[Path, SourceText]) -> types.WorkspaceEdit:
    edits = [_document_edit(server, path, text, replacements[path]) for path, text in texts.items()]
    workspace = server.client_capabilities.workspace
    can = workspace.workspace_edit if workspace is not None else None
    if can is not None and can.document_changes:
        return types.WorkspaceEdit(document_changes=edits)
    return types.WorkspaceEdit(changes={edit.text_document.uri: _plain(edit) for edit in edits})


def _document_edit(
    server: CodekinServer, path: Path, text: SourceText, spans: Sequence[tuple[Span, str]]
) -> types.TextDocumentEdit:
    document, positions = server.documents.at(path), server.positions(text)
    target = types.OptionalVersionedTextDocumentIdentifier(
        document.uri if document is not None else uri_of(path), document.version if document is not None else None
    )
    return types.TextDocumentEdit(target, [types.TextEdit(positions.range(span), new) for span, new in spans])


def _plain(edit: types.TextDocumentEdit) -> list[types.TextEdit]:
    return [each for each in edit.edits if isinstance(each, types.TextEdit)]
