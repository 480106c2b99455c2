"""``textDocument/hover`` over the name in a function's definition, where the user wants it (``hover.enabled``).

In: a position. Out: what the function does in one line, its nearest kin, and the tokens that speak for its name; in
Markdown or plain text, whichever the client can show. Must not know how any of it is found.
"""

import re
from dataclasses import dataclass

from lsprotocol import types

from codekin_server.answers import FunctionPortrait, Result
from codekin_server.lsp.boundary import answering
from codekin_server.lsp.features.renaming import percent
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.spot import Spot, spot_at
from codekin_server.lsp.uris import uri_of
from codekin_server.portrait import portrait_at

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~])")


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)


@answering
async def hover(ls: CodekinServer, params: types.HoverParams) -> types.Hover | None:
    """A portrait of the function whose name stands at the position; None for anything else."""
    spot = await spot_at(ls, params.text_document.uri, params.position)
    if spot is None or not spot.settings.hover.enabled:
        return None
    portrait = await spot.ask(lambda assist, path: portrait_at(assist, path, spot.offset))
    if portrait is None:
        return None
    kind = _kind(ls)
    writer = _Markdown(spot) if kind == types.MarkupKind.Markdown else _Plain(spot)
    return types.Hover(types.MarkupContent(kind, _text(portrait, writer)), spot.positions.range(portrait.name_span))


@dataclass(frozen=True, slots=True)
class _Plain:
    """How plain text says it."""

    spot: Spot
    gap = "\n"

    def text(self, words: str) -> str:
        return words

    def code(self, words: str) -> str:
        return words

    def place(self, result: Result) -> str:
        return f"{result.qualified_name} ({result.path}:{result.start_line})"


@dataclass(frozen=True, slots=True)
class _Markdown:
    """How Markdown says it; a place is a link into the file."""

    spot: Spot
    gap = "\n\n"

    def text(self, words: str) -> str:
        return _SPECIAL.sub(r"\\\1", words)

    def code(self, words: str) -> str:
        return f"`{words}`"

    def place(self, result: Result) -> str:
        target = f"{uri_of(self.spot.folder.root / result.path)}#L{result.start_line}"
        return f"[`{result.qualified_name}`]({target})"


def _text(portrait: FunctionPortrait, writer: _Plain | _Markdown) -> str:
    lines: list[str] = []
    if portrait.summary is not None:
        lines.append(writer.text(portrait.summary))
    if portrait.kin:
        kin = ", ".join(f"{writer.place(each)} {percent(each.score)}" for each in portrait.kin)
        lines.append(f"Like {kin}")
    if portrait.tokens:
        tokens = ", ".join(map(writer.code, portrait.tokens))
        lines.append(f"What speaks for a name: {tokens}")
    if portrait.names:
        names = ", ".join(f"{writer.code(each.name)} {percent(each.probability)}" for each in portrait.names)
        lines.append(f"By its body: {names}")
    return writer.gap.join(lines)


def _kind(ls: CodekinServer) -> types.MarkupKind:
    """The first kind that the client names; without any, plain text."""
    documents = ls.client_capabilities.text_document
    can = documents.hover if documents is not None else None
    formats = (can.content_format if can is not None else None) or ()
    return next(iter(formats), types.MarkupKind.PlainText)
