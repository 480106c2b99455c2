"""``codekin serve``: the language server, over standard input and output or a socket."""

import gc
import logging

import typer

_LAST_PORT = 65535


def run(*, stdio: bool, tcp: str | None) -> None:
    """Serve until the editor leaves."""
    if stdio == (tcp is not None):
        raise typer.BadParameter("give either --stdio or --tcp HOST:PORT")
    address = _address(tcp) if tcp is not None else None
    gc.disable()  # thousands of classes are made, none of which goes away: a tenth of the time to start
    from codekin_server.lsp.app import serve_stdio, serve_tcp  # noqa: PLC0415 - slow to import, only needed here

    gc.freeze()
    gc.enable()
    logging.getLogger("codekin_server").setLevel(logging.INFO)
    if address is None:
        serve_stdio()
    else:
        serve_tcp(*address)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _LAST_PORT:
        raise typer.BadParameter(f"'{text}' is no HOST:PORT such as 127.0.0.1:2087")
    return host.strip("[]"), int(port)
