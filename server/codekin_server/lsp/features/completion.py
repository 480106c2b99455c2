"""``textDocument/completion``: the name of a function right after ``def``, where its body is there already.

In: a position. Out: up to ``names.limit`` names, most fitting first; nothing anywhere else, and at once. Must not know
how names are found.
"""

import re

from lsprotocol import types

from codekin_server.answers import NameCompletion
from codekin_server.lsp.boundary import Outdated, answering
from codekin_server.lsp.features.renaming import percent
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.spot import Spot, spot_at

_AFTER_DEF = re.compile(rb"[ \t]*(?:async[ \t]+)?def[ \t]+\w*\Z", re.ASCII)


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    options = types.CompletionOptions(trigger_characters=[" "])
    server.feature(types.TEXT_DOCUMENT_COMPLETION, options)(completion)


@answering
async def completion(ls: CodekinServer, params: types.CompletionParams) -> list[types.CompletionItem]:
    """Names for the function that is being written."""
    document = ls.documents.get(params.text_document.uri)
    if document is None or not ls.settings_of(document.path).completion.names:
        return []
    spot = await spot_at(ls, params.text_document.uri, params.position)
    if spot is None or not _is_after_def(spot):
        return []
    names = spot.settings.names
    try:
        found = await spot.ask(lambda assist, path: assist.names.complete(path, spot.offset, names))
    except Outdated:  # whoever types on asks again
        return []
    return _items(spot, found) if found is not None else []


def _is_after_def(spot: Spot) -> bool:
    start = spot.text.line_starts[spot.line - 1]
    return _AFTER_DEF.match(spot.text.data[start : spot.offset]) is not None


def _items(spot: Spot, found: NameCompletion) -> list[types.CompletionItem]:
    place = spot.positions.range(found.span)
    return [
        types.CompletionItem(
            label=each.name,
            kind=types.CompletionItemKind.Function,
            detail=f"{percent(each.probability)}, by its body",
            sort_text=f"{rank:02}",
            text_edit=types.TextEdit(place, each.name),
        )
        for rank, each in enumerate(found.suggestions)
    ]
