"""The real server as its own process, driven over stdio and TCP by pytest-lsp, with the shipped model."""

import asyncio
import os
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import make_test_lsp_client

REPOSITORY = Path(__file__).parents[2]
COMMAND = ["-c", "from codekin_server.cli.app import main; main()"]
"""Arguments of the interpreter, so that a checkout that is not installed is tested too."""

FILES = {
    "shop/__init__.py": "",
    "shop/orders.py": '''"""Orders of a shop."""


def total_price(prices, discount):
    """Compute the total of the prices, less the discount."""
    total = 0
    for price in prices:
        total += price
    return total * (1 - discount)


def read_lines(path):
    """Read a text file and return its lines without their ends."""
    with open(path) as stream:
        return [line.rstrip("\\n") for line in stream]


class Cart:
    """What a customer is about to buy."""

    def __init__(self):
        self.prices = []

    def add_price(self, price):
        """Put one more price into the cart."""
        self.prices.append(price)

    def sum_up(self):
        """The price of everything in the cart."""

        def rounded(value):
            return round(value, 2)

        return rounded(total_price(self.prices, 0))
''',
    "shop/report.py": '''"""Reports about orders."""

from shop.orders import read_lines, total_price


def daily_report(path):
    """Sum up the prices that stand in a file, one a line."""
    return total_price([float(line) for line in read_lines(path)], 0.1)


def count_words(text):
    """Count how often each word stands in a text."""
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts
''',
}


def pytest_addoption(parser):
    parser.addoption("--transport", choices=["stdio", "tcp", "both"], default="both", help="how to reach the server")


def pytest_report_header(config):
    return f"language server over: {config.getoption('--transport')}"


def pytest_generate_tests(metafunc):
    if "transport" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--transport")
        metafunc.parametrize("transport", ["stdio", "tcp"] if chosen == "both" else [chosen])


@pytest.fixture
def workspace(tmp_path) -> Path:
    root = tmp_path / "workspace"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def server_environment(tmp_path) -> dict[str, str]:
    packages = os.pathsep.join([str(REPOSITORY / "model"), str(REPOSITORY / "server")])
    return {**os.environ, "PYTHONPATH": packages, "CODEKIN_CACHE_DIR": str(tmp_path / "cache")}


@pytest.fixture
def server_command() -> list[str]:
    return COMMAND


def capabilities(
    *,
    resolve=True,
    disabled=False,
    progress=True,
    document_changes=True,
    encodings=None,
    watch=False,
    settings=False,
    notebooks=False,
    hover=None,
):
    action = types.CodeActionClientCapabilities(
        code_action_literal_support=types.ClientCodeActionLiteralOptions(
            types.ClientCodeActionKindOptions([types.CodeActionKind.RefactorRewrite])
        ),
        disabled_support=disabled,
        data_support=True,
        resolve_support=types.ClientCodeActionResolveOptions(["edit"]) if resolve else None,
    )
    return types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=document_changes),
            workspace_folders=True,
            file_operations=types.FileOperationClientCapabilities(did_create=True, did_rename=True, did_delete=True),
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=watch),
            configuration=settings,
            did_change_configuration=types.DidChangeConfigurationClientCapabilities(dynamic_registration=settings),
        ),
        text_document=types.TextDocumentClientCapabilities(
            code_action=action, hover=types.HoverClientCapabilities(content_format=hover)
        ),
        notebook_document=types.NotebookDocumentClientCapabilities(types.NotebookDocumentSyncClientCapabilities())
        if notebooks
        else None,
        window=types.WindowClientCapabilities(work_done_progress=progress),
        general=types.GeneralClientCapabilities(position_encodings=encodings),
    )


class Editor:
    """A client, its server's process, and what tests do with them again and again."""

    def __init__(self, client, process, greeting, registered) -> None:
        self.registered = registered
        self.client = client
        self.process = process
        self.greeting = greeting
        self.versions: dict[str, int] = {}
        self.states: list = []

    def open(self, path: Path, text: str | None = None) -> str:
        uri = path.as_uri()
        self.versions[uri] = 1
        content = path.read_text() if text is None else text
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 1, content))
        )
        return uri

    def change(self, uri: str, *changes) -> None:
        self.versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.versions[uri], uri),
                [
                    types.TextDocumentContentChangeWholeDocument(each)
                    if isinstance(each, str)
                    else types.TextDocumentContentChangePartial(at(*each[0]), each[1])
                    for each in changes
                ],
            )
        )

    async def actions(self, uri: str, line: int, character: int = 0, only=None):
        return await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                at(line, character, line, character),
                types.CodeActionContext([], only=only),
            )
        )

    async def resolve(self, action):
        return await self.client.code_action_resolve_async(action)

    async def command(self, name: str, *arguments):
        return await self.client.workspace_execute_command_async(types.ExecuteCommandParams(name, list(arguments)))

    async def until(self, fits, name: str, *arguments) -> dict:
        """The answer to a command once it fits; the server has more to do first."""
        while not fits(answer := await self.command(name, *arguments)):  # noqa: ASYNC110 - another process is at it
            await asyncio.sleep(0.05)
        return answer

    async def embedded(self) -> dict:
        """The status once nothing is left to embed."""
        return await self.until(lambda status: status["units"] and not status["vectors_missing"], "codekin.status")


def at(line, character, end_line, end_character):
    return types.Range(types.Position(line, character), types.Position(end_line, end_character))


@pytest.fixture
def connect(server_environment):
    """A context manager that starts a server, greets it, and ends it."""

    @asynccontextmanager
    async def connected(*folders, transport="stdio", options=None, environment=None, configuration=None, **can):
        client, registered, states = make_test_lsp_client(), [], []
        client.feature("codekin/status")(lambda params: states.append(params))  # noqa: PLW0108 - pygls marks it
        client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: registered.extend(params.registrations))
        if configuration is not None:
            client.set_configuration(configuration, section="codekin")
        variables = {**server_environment, **(environment or {})}
        process = await _start(client, transport, variables)
        greeting = await client.initialize_session(
            types.InitializeParams(
                capabilities=capabilities(settings=configuration is not None, **can),
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders],
                initialization_options=options,
            )
        )
        editor = Editor(client, process or client._server, greeting, registered)
        editor.states = states
        try:
            yield editor
        finally:
            if editor.process.returncode is None:
                await client.shutdown_async(None)
                client.exit(None)
                await asyncio.wait_for(editor.process.wait(), 30)
            await client.stop()

    return connected


async def _start(client, transport, variables):
    if transport == "stdio":
        await client.start_io(sys.executable, *COMMAND, "serve", "--stdio", env=variables)
        return None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *COMMAND, "serve", "--tcp", f"127.0.0.1:{port}", env=variables, stderr=asyncio.subprocess.PIPE
    )
    while b"listening" not in (line := await process.stderr.readline()):
        assert line, "the server ended before it listened"
    await client.start_tcp("127.0.0.1", port)
    return process


@pytest.fixture
async def editor(connect, workspace):
    """One open workspace, indexed and embedded."""
    async with connect(workspace) as editor:
        await editor.embedded()
        yield editor
