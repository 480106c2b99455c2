"""What an editor feels, measured through real LSP messages on a workspace of 10,000 functions.

    python tests/benchmarks/lsp_figures.py [--functions 10000] [--units 100000] [--model FOLDER]

Generates a workspace, starts `codekin serve` on it, and writes tests/benchmarks/LSP.md, named by the commit that was
measured. Waiting is measured by the client. For the search figure, the store of a second workspace is filled with
synthetic vectors. Times of a busy machine say little: the load is written beside them.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import psutil
from lsprotocol import types
from measured import HERE, commit, machine, write_report
from pytest_lsp import LanguageClient, make_test_lsp_client
from served import Status, start_server, status_of

from codekin_model.checkpoint.manifest import default_model_dir, read_manifest
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.store.location import create_index_folder, index_location
from codekin_server.store.records import FileRecord
from codekin_server.store.store import Store

REPORT = HERE / "LSP.md"
PER_FILE = 20
LINES = 9
"""Of one generated function, with the blank lines after it."""
ROUNDS = 40
_KEY = 8.0
QUERIES = ("read the lines of a file", "sum up what is in the cart", "open a connection", "parse a header", "sort rows")
VERBS = ("read", "write", "parse", "sort", "merge", "count", "open", "close", "find", "load", "save", "check", "build")
NOUNS = ("file", "line", "row", "table", "header", "user", "order", "price", "cart", "stream", "record", "page", "key")


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table; ``good`` says whether ``value`` reaches what is asked, if anything is."""

    what: str
    value: str
    wanted: str = ""
    good: bool | None = None


_YES_OR_NO = {True: "yes", False: "no", None: ""}
ON_CHOOSING = types.CodeActionClientCapabilities(
    data_support=True, resolve_support=types.ClientCodeActionResolveOptions(["edit"])
)
"""An action's edit is asked for when it is chosen, as VS Code, Neovim, Emacs and Helix do."""


class Editor:
    """A client of a server that it started."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.version = 1

    @property
    def memory(self) -> float:
        """Megabytes of the server's processes, which are all that a benchmark starts."""
        return sum(each.memory_info().rss for each in psutil.Process().children(recursive=True)) / 1e6

    async def command(self, name: str, *arguments: object) -> object:
        """The answer to a command."""
        return await self.client.workspace_execute_command_async(types.ExecuteCommandParams(name, list(arguments)))

    async def status(self) -> Status:
        """Counts and counters."""
        return await status_of(self.client)

    async def embedded(self) -> Status:
        """The status, once nothing is left to embed."""
        while (status := await self.status())["vectors_missing"] or not status["units"]:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        return status

    async def actions(self, uri: str, line: int) -> list[types.CodeAction]:
        """The code actions on a line."""
        place = types.Range(types.Position(line, 4), types.Position(line, 4))
        document = types.TextDocumentIdentifier(uri)
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(document, place, types.CodeActionContext([]))
        )
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    def open(self, path: Path) -> str:
        """Show a file."""
        item = types.TextDocumentItem(path.as_uri(), "python", 1, path.read_text())
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return path.as_uri()

    def type(self, uri: str, line: int, character: int, text: str) -> None:
        """Put text into a line."""
        self.version += 1
        place = types.Range(types.Position(line, character), types.Position(line, character))
        document = types.VersionedTextDocumentIdentifier(self.version, uri)
        change = types.TextDocumentContentChangePartial(place, text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))


@asynccontextmanager
async def serving(workspace: Path, cache: Path, model: Path | None) -> AsyncGenerator[Editor]:
    """A server on a workspace."""
    client = make_test_lsp_client()
    await start_server(client, cache)
    folder = types.WorkspaceFolder(workspace.as_uri(), workspace.name)
    options = {"settings": {"hover": {"enabled": True}, **({"model": {"path": str(model)}} if model else {})}}
    capabilities = types.ClientCapabilities(
        window=types.WindowClientCapabilities(work_done_progress=True),
        text_document=types.TextDocumentClientCapabilities(code_action=ON_CHOOSING),
    )
    await client.initialize_session(
        types.InitializeParams(capabilities=capabilities, workspace_folders=[folder], initialization_options=options)
    )
    try:
        yield Editor(client)
    finally:
        await client.shutdown_session()


def function(number: int) -> str:
    """One of very many different functions."""
    draw = random.Random(number)  # noqa: S311 - no secret
    verb, noun, other = draw.choice(VERBS), draw.choice(NOUNS), draw.choice(NOUNS)
    return (
        f"def {verb}_{noun}_{number}({other}, limit={number}):\n"
        f'    """{verb.title()} the {noun} of a {other}."""\n'
        f"    found = []\n    for each in {other}.{noun}s:\n        if each.{draw.choice(NOUNS)} > limit:\n"
        f"            found.append(each.{verb}({draw.randint(0, 999)}))\n    return found\n\n\n"
    )


def generate(root: Path, functions: int) -> None:
    """The workspace, and one file of 3,000 lines to type into."""
    for at in range(0, functions, PER_FILE):
        path = root / f"package_{at // 1000}" / f"module_{at}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(function(number) for number in range(at, at + PER_FILE)))
    (root / "large.py").write_text("".join(function(10**6 + number) for number in range(3000 // LINES)))


async def timed(call: Callable[[int], Awaitable[object]], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each call."""
    found: list[float] = []
    for at in range(rounds):
        start = time.perf_counter()
        await call(at)
        found.append(1000 * (time.perf_counter() - start))
    return found


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[int(0.95 * (len(values) - 1))]


def within(what: str, values: list[float], most: float) -> Figure:
    """A figure in milliseconds."""
    shown = f"{p95(values):.0f} ms (median {median(values):.0f})"
    return Figure(what, shown, f"p95 under {most:.0f} ms", p95(values) < most)


async def while_indexing(editor: Editor, uri: str) -> list[Figure]:
    """Status and hover until the workspace is embedded."""
    hover = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(0, 6))
    status, hovers, busy = list[float](), list[float](), True
    while busy:
        status += await timed(lambda _: editor.status(), 1)
        hovers += await timed(lambda _: editor.client.text_document_hover_async(hover), 1)
        await asyncio.sleep(0.2)
        now = await editor.status()
        busy = not now["units"] or now["vectors_missing"] > 0
    return [within("status while indexing runs", status, 50), within("hover while indexing runs", hovers, 50)]


async def edits(editor: Editor, uri: str) -> list[Figure]:
    """What a one-function edit and its undo cost, and code actions warm and just edited."""
    await editor.embedded()
    await editor.actions(uri, 0)
    warm = await timed(lambda at: editor.actions(uri, LINES * (at % 100)))

    async def chosen(at: int) -> None:
        names = [each for each in await editor.actions(uri, LINES * at) if each.title.startswith("Rename to")]
        await editor.client.code_action_resolve_async(names[0])

    chosen_one = await timed(chosen)

    async def edited(at: int) -> None:
        start = (LINES + 1) * at  # each edit before this one has put in a line
        editor.type(uri, start + 2, 0, "    limit += 1\n")
        await editor.actions(uri, start)

    counts = [await counted(editor)]
    just_edited: list[float] = []
    for at in range(ROUNDS):
        just_edited += await timed(lambda _, at=at: edited(at), 1)
    await asyncio.sleep(1)
    counts.append(await counted(editor))
    extracted, embedded = (after - before for before, after in zip(*counts, strict=True))
    exact = (extracted, embedded) == (ROUNDS, ROUNDS)
    return [
        within("code actions on a warm function", warm, 60),
        within("code actions on a just-edited function", just_edited, 150),
        Figure(
            "the same with the edit of a chosen name", f"{p95(chosen_one):.0f} ms (median {median(chosen_one):.0f})"
        ),
        Figure(
            f"units extracted and embedded after {ROUNDS} one-function edits",
            f"{extracted} and {embedded}",
            f"exactly {ROUNDS}",
            exact,
        ),
    ]


async def counted(editor: Editor) -> tuple[int, int]:
    """Units extracted and embedded since the server began."""
    status = await editor.embedded()
    return status["units_extracted"], status["units_embedded"]


async def keystrokes(editor: Editor, uri: str) -> Figure:
    """A key, until the server has read it: a blank line is hovered over after each, and its own time is taken off."""
    await editor.embedded()
    blank = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(LINES - 1, 0))
    alone = await timed(lambda _: editor.client.text_document_hover_async(blank))

    async def key(at: int) -> None:
        editor.type(uri, 167 * LINES + 2, len("    found = ["), " " if at % 2 else "1, ")
        await editor.client.text_document_hover_async(blank)

    both = await timed(key)
    cost = max(0.0, median(both) - median(alone))
    what = "a keystroke in a 3,000-line file, messages included"
    return Figure(what, f"{cost:.1f} ms", "median under 8 ms", cost < _KEY)


def fill(workspace: Path, cache: Path, units: int, model: Path) -> None:
    """An index with very many units, whose vectors are random."""
    manifest = read_manifest(model)
    location = index_location(workspace, cache=cache)
    create_index_folder(location)
    draw = np.random.default_rng(0)
    with Store.open(location.database, manifest.fingerprint) as store:
        for at in range(0, units, PER_FILE):
            text = "".join(function(number) for number in range(at, at + PER_FILE))
            path = workspace / f"module_{at}.py"
            path.write_text(text)
            status, code = path.stat(), find_units(parse(text_of(text)))
            store.replace_file(FileRecord(path.name, status.st_size, status.st_mtime_ns, str(at), "utf-8"), code)
            rows = draw.normal(size=(len(code), 24)) @ draw.normal(size=(24, manifest.width))
            store.put_vectors(zip((unit.fingerprint for unit in code), rows, strict=True))


async def searches(root: Path, units: int, model: Path | None) -> Figure:
    """Search over very many units, query embedding included."""
    workspace, cache = root / "many", root / "cache-of-many"
    workspace.mkdir()
    fill(workspace, cache, units, model or default_model_dir())
    async with serving(workspace, cache, model) as editor:
        status = await editor.embedded()
        await editor.command("codekin.search", "warm up", 10)
        times = await timed(lambda at: editor.command("codekin.search", f"{QUERIES[at % len(QUERIES)]} {at}", 10))
    return within(f"search, {status['units']:,} units, query embedding included", times, 40)


async def figures(functions: int, units: int, model: Path | None) -> list[Figure]:
    """All of them."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        workspace, cache = root / "workspace", root / "cache"
        generate(workspace, functions)
        async with serving(workspace, cache, model) as editor:
            uri = editor.open(workspace / "large.py")
            found = await while_indexing(editor, uri)
            found += [await keystrokes(editor, uri), *await edits(editor, uri)]
            memory = editor.memory
        start = time.perf_counter()
        async with serving(workspace, cache, model) as editor:
            await editor.command("codekin.search", QUERIES[0], 10)
            restart = time.perf_counter() - start
        found.append(Figure("restart to first answer", f"{restart:.2f} s", "under 1.5 s", restart < 1.5))
        found.append(Figure("memory, both processes", f"{memory:.0f} MB", "under 600 MB", memory < 600))
        found.append(await searches(root, units, model))
    return found


def report(found: list[Figure], functions: int) -> str:
    """The figures as Markdown."""
    cells = [(each.what, each.value, each.wanted, _YES_OR_NO[each.good]) for each in found]
    rows = "".join(f"| {' | '.join(row)} |\n" for row in cells)
    return (
        f"# What an editor feels, measured at {commit()}\n\n"
        f"Written by `python tests/benchmarks/lsp_figures.py` on {machine()}. Through LSP "
        f"messages, on a generated workspace of {functions:,} functions.\n\n"
        f"| figure | measured | to reach | reached |\n|---|---|---|---|\n{rows}"
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=10_000)
    parser.add_argument("--units", type=int, default=100_000, help="of the search figure")
    parser.add_argument("--model", type=Path, help="a model folder; else the shipped one")
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args()
    text = report(asyncio.run(figures(options.functions, options.units, options.model)), options.functions)
    write_report(options.out, text)


if __name__ == "__main__":
    main()
