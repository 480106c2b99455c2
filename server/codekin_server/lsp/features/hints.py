"""Hints where a name strongly contradicts its function's body, for who wants them (``names.hints``), and their fixes.

In: a folder whose index is up to date. Out: ``textDocument/publishDiagnostics`` for its open documents; for a hint, the
best name and a comment that ends it. Must not know when a name contradicts.
"""

from collections.abc import Iterable
from dataclasses import replace

from lsprotocol import types

from codekin_model.source.span import Span
from codekin_server.answers import NameHint
from codekin_server.assist import Assist
from codekin_server.assist_names import IGNORE
from codekin_server.lsp.boundary import completed
from codekin_server.lsp.documents import Document
from codekin_server.lsp.edits import workspace_edit
from codekin_server.lsp.features.renaming import percent, rename_actions
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.spot import Spot, spot_at

KIND = types.CodeActionKind.QuickFix
SOURCE, CODE = "codekin", "contradicting-name"
IGNORE_TITLE = "Ignore this name here"
_TOLD = 0.1
"""A name that is less probable than this is left to the quick fix."""

_LEVELS = {
    "hint": types.DiagnosticSeverity.Hint,
    "information": types.DiagnosticSeverity.Information,
    "warning": types.DiagnosticSeverity.Warning,
}


def refresh_hints(ls: CodekinServer, folder: Folder) -> None:
    """Judge the names of the folder's open documents again, and take back hints on those that were closed."""
    for uri in [uri for uri in ls.hinted if ls.documents.get(uri) is None]:
        _publish(ls, uri, None, [])
    for document in ls.documents.all():
        if ls.folder_of(document.path) is folder:
            ls.start(completed(_check(ls, folder, document), f"judging the names of {document.uri}"))


async def quick_fixes(ls: CodekinServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """For each hint of ours at the place: the best name, and leaving the present one alone."""
    fixes: list[types.CodeAction] = []
    for diagnostic in params.context.diagnostics:
        if (diagnostic.source, diagnostic.code) != (SOURCE, CODE):
            continue
        spot = await spot_at(ls, params.text_document.uri, diagnostic.range.start)
        if spot is not None:
            fixes += [_of(diagnostic, each) for each in [*await _best(spot), await _ignore(spot)]]
    return fixes


async def _best(spot: Spot) -> list[types.CodeAction]:
    names = spot.settings.names
    offer = await spot.ask(lambda assist, path: assist.names.offer(path, spot.line, names))
    if offer is None:
        return []
    likeliest = max(offer.names.suggestions, key=lambda each: each.probability)  # the one that the hint tells
    return await rename_actions(spot, replace(offer, names=replace(offer.names, suggestions=(likeliest,))))


async def _ignore(spot: Spot) -> types.CodeAction:
    end = spot.text.data.find(b"\n", spot.offset)
    at = end if end >= 0 else len(spot.text.data)
    at -= spot.text.data[spot.offset : at].endswith(b"\r")
    edit = await workspace_edit(spot.server, {spot.path: [(Span(at, at), f"  {IGNORE}")]})
    return types.CodeAction(IGNORE_TITLE, edit=edit)


def _of(diagnostic: types.Diagnostic, action: types.CodeAction) -> types.CodeAction:
    action.kind, action.diagnostics = KIND, [diagnostic]
    return action


async def _check(ls: CodekinServer, folder: Folder, document: Document) -> None:
    names = ls.settings_of(document.path).names
    if names.hints == "off" or document.path is None:
        if document.uri in ls.hinted:
            _publish(ls, document.uri, document.version, [])
        return
    inside = folder.inside(document.path)

    def stopped() -> bool:
        return folder.leaving.is_set() or ls.documents.get(document.uri) != document

    def judge(assist: Assist) -> tuple[NameHint, ...]:
        return () if stopped() else assist.names.hints(inside, names, stopped)

    hints = await folder.work(judge)
    if not stopped():
        _publish(ls, document.uri, document.version, _diagnostics(ls, document, hints, _LEVELS[names.hints]))


def _diagnostics(
    ls: CodekinServer, document: Document, hints: Iterable[NameHint], level: types.DiagnosticSeverity
) -> list[types.Diagnostic]:
    positions = ls.positions(document.text)
    return [
        types.Diagnostic(
            range=positions.range(hint.name_span),
            message=_message(hint),
            severity=level,
            source=SOURCE,
            code=CODE,
        )
        for hint in hints
    ]


def _message(hint: NameHint) -> str:
    said = f"'{hint.name}' does not say what the body does"
    if hint.best.probability < _TOLD:
        return said
    return f"{said}: it reads like '{hint.best.name}' ({percent(hint.best.probability)})"


def _publish(ls: CodekinServer, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
    if diagnostics:
        ls.hinted.add(uri)
    elif uri not in ls.hinted:
        return
    else:
        ls.hinted.discard(uri)
    ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))
