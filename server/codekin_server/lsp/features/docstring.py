"""A code action that drafts a docstring of one line, marked as a draft.

In: a place, or the action that was chosen. Out: at most one action ``Draft a docstring``, and its edit, which is
written when it is asked for. Must not know how sentences are made.
"""

from collections.abc import Mapping
from typing import Any, cast

from lsprotocol import types

from codekin_model.source.span import Span
from codekin_server.answers import NO_SENTENCE
from codekin_server.lsp.arguments import FARTHEST
from codekin_server.lsp.edits import workspace_edit
from codekin_server.lsp.features.renaming import can_disable, can_resolve
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.spot import Spot, spot_at

KIND = types.CodeActionKind.RefactorRewrite
TITLE = "Draft a docstring"
_CHANGED = "the document has changed since this was offered; ask again"


async def docstring_actions(spot: Spot) -> list[types.CodeAction]:
    """The action, where the function has no docstring; with its edit where the client could not ask for it later."""
    if not await spot.ask(lambda assist, path: assist.summaries.may_draft(path, spot.line)):
        return []
    if not can_resolve(spot.server):
        edit = await _edit(spot)
        return [types.CodeAction(TITLE, kind=KIND, edit=edit)] if edit is not None else []
    place = {"uri": spot.uri, "version": spot.version, "line": spot.line}
    return [types.CodeAction(TITLE, kind=KIND, data={"docstringOf": place})]


async def drafted(ls: CodekinServer, action: types.CodeAction) -> types.CodeAction | None:
    """The action with its edit, or with the reason why there is none; None for another's action."""
    place = _place_of(action.data)
    if place is None:
        return None
    spot = await spot_at(ls, str(place["uri"]), types.Position(int(place["line"]) - 1, 0))
    if spot is not None and spot.version == place["version"]:
        action.edit, problem = await _edit(spot), NO_SENTENCE
    else:
        problem = _CHANGED
    if action.edit is None:
        action.disabled = types.CodeActionDisabled(problem) if can_disable(ls) else None
        ls.show(f"{action.title}: {problem}")
    return action


async def _edit(spot: Spot) -> types.WorkspaceEdit | None:
    draft = await spot.ask(lambda assist, path: assist.summaries.draft(path, spot.line))
    if draft is None:
        return None
    return await workspace_edit(spot.server, {spot.path: [(Span(draft.offset, draft.offset), draft.text)]})


def _place_of(data: object) -> Mapping[str, Any] | None:
    match data:
        case {"docstringOf": {"uri": str(), "version": int() | None, "line": int(line)}} if 0 < line <= FARTHEST:
            return cast("Mapping[str, Mapping[str, Any]]", data)["docstringOf"]
        case _:
            return None
