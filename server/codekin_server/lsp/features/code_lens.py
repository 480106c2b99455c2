"""``textDocument/codeLens``: how many near-duplicates a function has, above those that have any.

In: a document. Out: lenses, none unless the setting ``codeLens.similar`` asks for them. A resolved lens has the command
``codekin.showSimilar`` with the document and the position of the function's name: the client is to show what
``codekin.similar`` answers there. Must not know how near-duplicates are found.
"""

from lsprotocol import types

from codekin_server.lsp.boundary import answering, completed
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.spot import spot_at

SHOW = "codekin.showSimilar"
"""A command of the client: the server has no way to show a list."""


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=True))(code_lens)
    server.feature(types.CODE_LENS_RESOLVE)(resolve)


@answering
async def code_lens(ls: CodekinServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    """A lens for each function that has near-duplicates."""
    uri = params.text_document.uri
    spot = await spot_at(ls, uri, types.Position(0, 0))
    if spot is None or not spot.settings.code_lens.similar:
        return []
    threshold = spot.settings.similar.threshold
    found, _ = await spot.ask(lambda assist, path: assist.kin.copies(path, threshold))
    lenses: list[types.CodeLens] = []
    for copies in found:
        name = spot.positions.position(copies.name_offset)
        data = {"uri": uri, "line": name.line, "character": name.character, "count": copies.count}
        lenses.append(types.CodeLens(types.Range(name, name), data=data))
    return lenses


@answering
async def resolve(_: CodekinServer, lens: types.CodeLens) -> types.CodeLens:
    """The lens with its command; one that is not ours as it is."""
    match lens.data:
        case {"uri": str(uri), "line": int(line), "character": int(character), "count": int(count)}:
            position = {"line": line, "character": character}
            lens.command = types.Command(f"{count} similar", SHOW, arguments=[uri, position])
        case _:
            pass
    return lens


def refresh_lenses(ls: CodekinServer) -> None:
    """Let the client ask again, where it can and shows any: vectors have come or gone."""
    workspace = ls.client_capabilities.workspace
    lens = workspace.code_lens if workspace is not None else None
    if lens is None or not lens.refresh_support:
        return
    if any(ls.settings_of(folder.root).code_lens.similar for folder in ls.folders.values()):
        ls.start(completed(ls.workspace_code_lens_refresh_async(None), "refreshing code lenses"))
