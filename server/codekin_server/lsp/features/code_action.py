"""``textDocument/codeAction`` and ``codeAction/resolve``: better names for the function around the cursor.

In: a position. Out: up to five actions ``Rename to 'parse_header'``, best first. A client that can resolve gets the
edit when it asks for it, any other at once. A renaming that would break something is refused with the reason.
Must not know how names or references are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types

from codekin_server.answers import NamesAnswer
from codekin_server.lsp.boundary import Outdated, answering
from codekin_server.lsp.documents import Document, is_python
from codekin_server.lsp.edits import workspace_edit
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.uris import path_of

KIND = types.CodeActionKind.RefactorRewrite
_MOST = 5


@dataclass(frozen=True, slots=True)
class _Offer:
    """One renaming: of what stands at byte ``offset`` of version ``version``."""

    uri: str
    version: int | None
    offset: int
    name: str
    new_name: str

    def data(self) -> dict[str, Any]:
        return {
            "uri": self.uri,
            "version": self.version,
            "offset": self.offset,
            "name": self.name,
            "newName": self.new_name,
        }


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    options = types.CodeActionOptions(code_action_kinds=[KIND], resolve_provider=True)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(code_action)
    server.feature(types.CODE_ACTION_RESOLVE)(resolve)


@answering
async def code_action(ls: CodekinServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Actions for the innermost function around the start of the range; none outside of any function."""
    uri = params.text_document.uri
    document, path = ls.documents.get(uri), path_of(uri)
    folder = ls.folder_of(path)
    if path is None or folder is None or not _wanted(params.context.only):
        return []
    if document is None and not is_python("", path):
        return []
    text = await ls.text_of(path)
    if text is None:
        return []
    line = ls.positions(text).source_line(params.range.start)
    answers = await folder.ask(lambda assist: assist.suggest_names(folder.inside(path), line, _MOST + 1))
    _check_current(ls, uri, document)
    offers = [offer for answer in answers for offer in _offers(answer, uri, document)][:_MOST]
    if _can_resolve(ls):
        return [_action(offer) for offer in offers]
    return await _whole_actions(ls, folder, path, offers)


@answering
async def resolve(ls: CodekinServer, action: types.CodeAction) -> types.CodeAction:
    """The action with its edit, or with the reason why there is none."""
    offer = _offer_of(action.data)
    path = path_of(offer.uri) if offer is not None else None
    folder = ls.folder_of(path)
    if offer is None or path is None or folder is None:
        return action
    problem = await _add_edit(ls, folder, path, offer, action)
    if problem is not None:
        ls.show(f"{action.title}: {problem}")
    return action


async def _whole_actions(ls: CodekinServer, folder: Folder, path: Path, offers: list[_Offer]) -> list[types.CodeAction]:
    """Actions with their edits; those that cannot be had are shown as such where the client can, else left out."""
    actions, problems = list[types.CodeAction](), list[str]()
    for offer in offers:
        action = _action(offer)
        problem = await _add_edit(ls, folder, path, offer, action)
        if problem is None or action.disabled is not None:
            actions.append(action)
        else:
            problems.append(f"{action.title}: {problem}")
    if problems and not actions:
        ls.show(problems[0])
    return actions


async def _add_edit(
    ls: CodekinServer, folder: Folder, path: Path, offer: _Offer, action: types.CodeAction
) -> str | None:
    """Put the edit, or the reason why there is none, into ``action``, and return the reason."""
    problem = await _find_edit(ls, folder, path, offer, action)
    if problem is not None and _can_disable(ls):
        action.disabled = types.CodeActionDisabled(problem)
    return problem


async def _find_edit(
    ls: CodekinServer, folder: Folder, path: Path, offer: _Offer, action: types.CodeAction
) -> str | None:
    before = ls.documents.all()
    document = ls.documents.get(offer.uri)
    if (document.version if document is not None else None) != offer.version:
        return "the document has changed since this was offered; ask again"
    inside = folder.inside(path)
    answer = await folder.ask(lambda assist: assist.rename(inside, offer.offset, offer.new_name))
    if answer.conflicts:
        return "; ".join(answer.conflicts)
    edit = await workspace_edit(ls, {folder.root / where: spans for where, spans in answer.edits.items()})
    if ls.documents.all() != before:
        return "a document has changed meanwhile; ask again"
    action.edit = edit
    return None


def _offers(answer: NamesAnswer, uri: str, document: Document | None) -> list[_Offer]:
    version = document.version if document is not None else None
    return [
        _Offer(uri, version, answer.name_span.start, answer.name, suggestion.name)
        for suggestion in answer.suggestions
        if suggestion.name != answer.name
    ]


def _action(offer: _Offer) -> types.CodeAction:
    return types.CodeAction(title=f"Rename to '{offer.new_name}'", kind=KIND, data=offer.data())


def _offer_of(data: object) -> _Offer | None:
    """What an action of ours carries; None for any other, such as those that editors resolve without a reason."""
    match data:
        case {
            "uri": str(uri),
            "version": int() | None as version,
            "offset": int(offset),
            "name": str(name),
            "newName": str(new),
        }:
            return _Offer(uri, version, offset, name, new)
        case _:
            return None


def _wanted(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    return only is None or any(_name(kind) == "" or f"{KIND.value}.".startswith(f"{_name(kind)}.") for kind in only)


def _name(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _check_current(ls: CodekinServer, uri: str, document: Document | None) -> None:
    if ls.documents.get(uri) != document:
        raise Outdated


def _can_resolve(ls: CodekinServer) -> bool:
    can = _capability(ls)
    return can is not None and can.resolve_support is not None and "edit" in can.resolve_support.properties


def _can_disable(ls: CodekinServer) -> bool:
    can = _capability(ls)
    return can is not None and bool(can.disabled_support)


def _capability(ls: CodekinServer) -> types.CodeActionClientCapabilities | None:
    documents = ls.client_capabilities.text_document
    return documents.code_action if documents is not None else None
