"""A code action that drafts a docstring of one line, marked as a draft.

In: a place. Out: at most one action ``Draft a docstring``, with its edit. Must not know how sentences are made.
"""

from lsprotocol import types

from codekin_model.source.span import Span
from codekin_server.lsp.edits import workspace_edit
from codekin_server.lsp.spot import Spot

KIND = types.CodeActionKind.RefactorRewrite
TITLE = "Draft a docstring"


async def docstring_actions(spot: Spot) -> list[types.CodeAction]:
    """The action, where the function has no docstring and the model has a sentence for it."""
    draft = await spot.ask(lambda assist, path: assist.draft_docstring(path, spot.line))
    if draft is None:
        return []
    edit = await workspace_edit(spot.server, {spot.path: [(Span(draft.offset, draft.offset), draft.text)]})
    return [types.CodeAction(TITLE, kind=KIND, edit=edit)]
