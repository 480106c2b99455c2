"""The extension's types of our requests (vscode-extension/src/protocol.ts) say what the server takes and answers."""

import asyncio
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from lsprotocol import types
from pytest_lsp import make_test_lsp_client

from codekin_server.lsp.features.code_lens import SHOW
from codekin_server.lsp.features.commands import COMMANDS
from codekin_server.lsp.features.renaming import Renaming
from codekin_server.lsp.state import NOTIFICATION, FolderState, together

SHOP = '''"""Orders of a shop."""


def total_price(prices, discount):
    """Add up the prices and take the discount off."""
    total = 0
    for price in prices:
        total += price
    return total * (1 - discount)


def total_weight(prices, discount):
    """Add up the prices and take the discount off."""
    total = 0
    for price in prices:
        total += price
    return total * (1 - discount)
'''
TILL = """def count_till(coins):
    \"\"\"Add up the coins.\"\"\"
    return sum(coins)
"""
AT = {"line": 3, "character": 6}
SELECTED = {"start": {"line": 3, "character": 0}, "end": {"line": 8, "character": 10}}
PATIENCE = 200
"""Seconds for all answers together, on a machine that has other things to do: less than a test may take."""


def questions(uri: str, folder: str) -> dict[str, list[object]]:
    """What the extension may ask, with every key that it may send, and once where nobody can answer."""
    spot, nowhere = {"uri": uri, "position": AT, "limit": 5}, {"uri": "file:///elsewhere.py", "position": AT}
    search = {"query": "add up the prices", "limit": 5, "folder": folder, "kinds": ["function"], "tests": "include"}
    return {
        "codekin.search": [{**search, "partialResultToken": "here"}],
        "codekin.similar": [spot, {"uri": uri, "range": SELECTED, "limit": 5}, {"text": SHOP, "limit": 5}],
        "codekin.duplicates": [{"folder": folder, "limit": 5, "threshold": 0.5}],
        "codekin.map": [{"folder": folder}],
        "codekin.suggestNames": [spot, nowhere],
        "codekin.rename": [{"uri": uri, "position": AT, "newName": "sum_of"}, {**nowhere, "newName": "sum_of"}],
        "codekin.explain": [{**spot, "naming": True}, nowhere],
        "codekin.summarise": [spot, nowhere],
        "codekin.status": [None],
        "codekin.reindex": [None],
        "codekin.pause": [{"paused": False}],
    }


@pytest.fixture(scope="module")
def protocol(repository) -> "Protocol":
    return Protocol((repository / "vscode-extension/src/protocol.ts").read_text("utf-8"))


@pytest.fixture(scope="module")
def middleware(repository) -> "Protocol":
    return Protocol((repository / "vscode-extension/src/middleware.ts").read_text("utf-8"))


@pytest.fixture(scope="module")
def manifest(repository) -> dict:
    return json.loads((repository / "vscode-extension/package.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def said(tmp_path_factory, repository) -> list[tuple[str, object, object]]:
    """Command, question and answer of every one of :data:`questions`, by the real server."""
    root = tmp_path_factory.mktemp("protocol")
    return asyncio.run(asked(root / "workspace", root / "cache", repository))


async def asked(workspace, cache, repository) -> list[tuple[str, object, object]]:
    workspace.mkdir()
    (workspace / "shop.py").write_text(SHOP)
    till = workspace / "till.ipynb"
    code = {"cell_type": "code", "source": TILL}
    till.write_text(json.dumps({"cells": [code], "metadata": {"language_info": {"name": "python"}}, "nbformat": 4}))
    packages = os.pathsep.join(str(repository / each) for each in ("model", "server"))
    variables = {**os.environ, "PYTHONPATH": packages, "CODEKIN_CACHE_DIR": str(cache)}
    client = make_test_lsp_client()
    await client.start_io(
        sys.executable, "-c", "from codekin_server.cli.app import main; main()", "serve", "--stdio", env=variables
    )
    folder = types.WorkspaceFolder(workspace.as_uri(), workspace.name)

    async def command(name: str, question: object) -> object:
        arguments = [] if question is None else [question]
        return await client.workspace_execute_command_async(types.ExecuteCommandParams(name, arguments))

    try:
        async with asyncio.timeout(PATIENCE):
            greeting = types.InitializeParams(types.ClientCapabilities(), workspace_folders=[folder])
            await client.initialize_session(greeting)
            await command("codekin.reindex", None)
            every = questions((workspace / "shop.py").as_uri(), workspace.as_uri()).items()
            asked_ = [(name, question) for name, all_ in every for question in all_]
            in_cell = {"uri": opened(client, till), "position": {"line": 0, "character": 6}, "limit": 5}
            asked_ += [("codekin.suggestNames", in_cell), ("codekin.explain", in_cell)]
            return [(name, question, await command(name, question)) for name, question in asked_]
    finally:
        await ended(client)


async def ended(client) -> None:
    """Leave as an editor does; a server that does not answer any more is killed, so that nothing waits for it."""
    try:
        await asyncio.wait_for(client.shutdown_session(), 30)
    except TimeoutError:
        client._server.kill()
        raise
    finally:
        await client.stop()


def opened(client, notebook) -> str:
    """The URI of the one cell of a notebook that an editor opens."""
    cell = f"vscode-notebook-cell:{notebook.as_posix()}#a"
    document = types.NotebookDocument(
        notebook.as_uri(), "jupyter-notebook", 1, [types.NotebookCell(types.NotebookCellKind.Code, cell)]
    )
    item = types.TextDocumentItem(cell, "python", 1, TILL)
    client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(document, [item]))
    return cell


def test_the_extension_knows_the_servers_commands(protocol):
    assert protocol.commands.keys() == COMMANDS.keys()


def test_no_command_of_the_extension_has_the_name_of_one_of_the_server(manifest):
    """The client registers the server's own; a second of the same name would not be registered."""
    declared = {each["command"] for each in manifest["contributes"]["commands"]}
    assert declared & COMMANDS.keys() == set()


def test_the_extension_registers_the_command_of_the_code_lens(repository):
    text = (repository / "vscode-extension/src/extension.ts").read_text("utf-8")
    assert f"{SHOW.removeprefix('codekin.')}: (uri: string, position: Position) =>" in text


def test_answers_are_as_the_extension_reads_them(protocol, said):
    problems = [
        f"{command}{problem}" for command, _, answer in said for problem in protocol.check(answer, "answer", command)
    ]
    assert problems == []


def test_questions_are_as_the_extension_sends_them(protocol, said):
    problems = [
        f"{command}{problem}" for command, asked_, _ in said for problem in protocol.check(asked_, "question", command)
    ]
    assert problems == []


def test_every_field_that_the_extension_reads_is_answered(protocol, said):
    for command, question, answer in said:
        protocol.check(question, "question", command)
        protocol.check(answer, "answer", command)
    assert protocol.unseen() == ["StatusAnswer.note"]  # said where no folder is open


def test_the_status_notification_is_as_the_extension_hears_it(protocol, repository):
    text = (repository / "vscode-extension/src/protocol.ts").read_text("utf-8")
    assert f'STATUS = "{NOTIFICATION}"' in text
    told = together([FolderState(model="codekin-1", message="reading")])
    assert protocol.fits(told, protocol.types["StatusNotification"]) == []
    assert told.keys() == protocol.types["StatusNotification"].fields.keys()


def test_every_state_is_one_that_the_extension_knows(protocol):
    known = {each.value for each in protocol.types["ServerState"].options}
    assert known == {"failed", "starting", "indexing", "paused", "ready"}
    for state in known:
        assert together([FolderState(state)])["state"] == state


def test_what_a_code_action_carries_is_as_the_extension_reads_it(middleware):
    carried = Renaming("file:///a.py", 1, 4, "total", "total_price", offered=1.0).data()
    assert middleware.fits(carried, middleware.types["Offer"]) == []
    assert carried.keys() == middleware.types["Offer"].fields.keys()


# As much of TypeScript's types as protocol.ts is written in.


@dataclass(eq=False)
class Type:
    """A name, a literal's value, what an array, tuple or union is of, or an object's fields and those met so far."""

    kind: str
    name: str = ""
    value: object = None
    options: "list[Type]" = field(default_factory=list)
    fields: "dict[str, tuple[Type, bool]]" = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


class Protocol:
    """The interfaces and types of a module."""

    def __init__(self, text: str) -> None:
        plain = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
        self.types: dict[str, Type] = {}
        for name, base, body in re.findall(r"interface (\w+)(?: extends (\w+))? (\{.*?\n\})", plain, re.DOTALL):
            own = _Reader(body).union()
            inherited = self.types[base].fields if base else {}
            own.fields = {**inherited, **own.fields}
            self.types[name] = own
        for name, body in re.findall(r"\btype (\w+) =(.*?;)\n(?=\n|\w|$)", plain, re.DOTALL):
            self.types[name] = _Reader(body).union()

    @property
    def commands(self) -> Mapping[str, Type]:
        return {name: kind for name, (kind, _) in self.types["Commands"].fields.items()}

    def check(self, value: object, side: str, command: str) -> list[str]:
        """What is wrong with a question or an answer."""
        question, answer = self.commands[command].options
        return self.fits(value, question if side == "question" else answer)

    def unseen(self) -> list[str]:
        """Fields of objects, as far as any was met, that none of them had."""
        return [
            f"{name}.{key}"
            for name, kind in self.types.items()
            if kind.seen and name != "Commands"
            for key in kind.fields
            if key not in kind.seen
        ]

    def fits(self, value: object, kind: Type, at: str = "") -> list[str]:
        """What of ``value`` is not of ``kind``; keys that nobody reads do not matter."""
        if kind.kind == "name" and kind.name in self.types:
            return self.fits(value, self.types[kind.name], at)
        if kind.kind == "union":
            problems = [self.fits(value, option, at) for option in kind.options]
            return [] if [] in problems else min(problems, key=len)
        if kind.kind == "all":
            return [problem for option in kind.options for problem in self.fits(value, option, at)]
        if kind.kind in ("array", "tuple"):
            return self._fits_each(value, kind, at)
        if kind.kind == "object":
            return self._fits_fields(value, kind, at)
        is_so = value == kind.value if kind.kind == "literal" else _IS[kind.name](value)
        return [] if is_so else [f"{at}: {value!r} is no {kind.value if kind.kind == 'literal' else kind.name}"]

    def _fits_each(self, value: object, kind: Type, at: str) -> list[str]:
        if not isinstance(value, list | tuple) or (kind.kind == "tuple" and len(value) != len(kind.options)):
            return [f"{at}: {value!r} is no {kind.kind}"]
        kinds = kind.options if kind.kind == "tuple" else kind.options * len(value)
        pairs = zip(value, kinds, strict=True)
        return [problem for item, (each, of) in enumerate(pairs) for problem in self.fits(each, of, f"{at}[{item}]")]

    def _fits_fields(self, value: object, kind: Type, at: str) -> list[str]:
        if not isinstance(value, Mapping):
            return [f"{at}: {value!r} is no object"]
        problems = []
        for key, (of, optional) in kind.fields.items():
            if key in value:
                kind.seen.add(key)
                problems += self.fits(value[key], of, f"{at}.{key}")
            elif not optional:
                problems.append(f"{at}.{key} is missing")
        return problems


_IS = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, Mapping),
    "null": lambda value: value is None,
    "undefined": lambda value: value is None,
}
_TOKEN = re.compile(r'"[^"]*"|[\w.]+|[^\s]')


class _Reader:
    """Reads one type."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)

    def union(self) -> Type:
        self._skip("|")
        return self._joined("union", "|", lambda: self._joined("all", "&", self._postfixed))

    def _joined(self, kind: str, sign: str, part) -> Type:
        parts = [part()]
        while self._skip(sign):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Type(kind, options=parts)

    def _postfixed(self) -> Type:
        kind = self._primary()
        while self._tokens[:2] == ["[", "]"]:
            del self._tokens[:2]
            kind = Type("array", options=[kind])
        return kind

    def _primary(self) -> Type:
        sign = self._tokens.pop(0)
        if sign == "(":
            inner = self.union()
            self._expect(")")
            return inner
        if sign == "[":
            return Type("tuple", options=list(self._items()))
        if sign == "{":
            return Type("object", fields=dict(self._members()))
        return Type("literal", value=sign.strip('"')) if sign.startswith('"') else Type("name", name=sign)

    def _items(self) -> Iterator[Type]:
        while not self._skip("]"):
            yield self.union()
            self._skip(",")

    def _members(self) -> Iterator[tuple[str, tuple[Type, bool]]]:
        while not self._skip("}"):
            key = self._tokens.pop(0).strip('"')
            optional = self._skip("?")
            self._expect(":")
            yield key, (self.union(), optional)
            self._skip(";")

    def _skip(self, token: str) -> bool:
        if self._tokens[:1] != [token]:
            return False
        del self._tokens[0]
        return True

    def _expect(self, token: str) -> None:
        assert self._skip(token), f"expected {token} before {' '.join(self._tokens[:5])}"
