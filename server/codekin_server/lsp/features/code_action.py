"""``textDocument/codeAction`` and ``codeAction/resolve``: what codekin can do for the function around the cursor.

In: a position. Out: actions, those first that fit the place best: on a function's signature its names, in its body a
docstring. A client that can resolve gets an action's edit when it asks for it, any other at once. Must not know how
any action is made.
"""

from collections.abc import Sequence

from lsprotocol import types

from codekin_server.lsp.boundary import answering
from codekin_server.lsp.features.docstring import docstring_actions, drafted
from codekin_server.lsp.features.hints import KIND as FIX
from codekin_server.lsp.features.hints import quick_fixes
from codekin_server.lsp.features.renaming import KIND, rename_actions, resolved
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.spot import spot_at


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    options = types.CodeActionOptions(code_action_kinds=[KIND, FIX], resolve_provider=True)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(code_action)
    server.feature(types.CODE_ACTION_RESOLVE)(resolve)


@answering
async def code_action(ls: CodekinServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Fixes of hints, then actions for the innermost function around the start of the range."""
    only = params.context.only
    fixes = await quick_fixes(ls, params) if _wanted(FIX, only) else []
    return [*fixes, *await _rewrites(ls, params)] if _wanted(KIND, only) else fixes


async def _rewrites(ls: CodekinServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    spot = await spot_at(ls, params.text_document.uri, params.range.start)
    if spot is None:
        return []
    names = spot.settings.names
    offer = await spot.ask(lambda assist, path: assist.names.offer(path, spot.line, names))
    drafts = await docstring_actions(spot)
    if offer is None:
        return drafts
    renamings = await rename_actions(spot, offer)
    return [*drafts, *renamings] if offer.inside else [*renamings, *drafts]


@answering
async def resolve(ls: CodekinServer, action: types.CodeAction) -> types.CodeAction:
    """The action with its edit, or with the reason why there is none."""
    return await drafted(ls, action) or await resolved(ls, action)


def _wanted(kind: types.CodeActionKind, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    return only is None or any(_name(each) == "" or f"{kind.value}.".startswith(f"{_name(each)}.") for each in only)


def _name(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind
