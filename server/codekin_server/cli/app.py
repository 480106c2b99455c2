"""The ``codekin`` command: its arguments, and nothing else.

In: ``sys.argv``. Out: an exit code: 0, 1 for a failure, 2 for wrong usage, 130 after Ctrl-C. Each command's work is in
the module of its name, imported when it runs, so that ``--help`` and ``serve`` start fast.
"""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from codekin_server.cli.failure import guarded
from codekin_server.cli.model.app import app as model_app
from codekin_server.version import installed_version

app = typer.Typer(
    name="codekin",
    epilog="Start with: codekin index .   and then: codekin search 'where is the configuration read?'",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Kind(StrEnum):
    """What ``search`` may look for."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS = "class"
    MODULE = "module"


class Tests(StrEnum):
    """What ``search`` does with test code."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    ONLY = "only"


class ExtractFormat(StrEnum):
    """What ``extract`` writes."""

    JSON = "json"
    CODE2VEC = "code2vec"


Workspace = Annotated[Path, typer.Argument(metavar="PATH", help="The folder to index.")]
Folder = Annotated[Path | None, typer.Argument(metavar="[PATH]", help="The workspace; the same as --path.")]
InWorkspace = Annotated[
    Path | None, typer.Option("--path", metavar="PATH", help="The workspace; without it, where you are.")
]
AroundHere = Annotated[
    Path | None,
    typer.Option(
        "--path", metavar="PATH", help="The workspace; without it, the indexed one around you, or where you are."
    ),
]
OfFile = Annotated[
    Path | None,
    typer.Option("--path", metavar="PATH", help="The workspace; without it, the indexed one around the file."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output, and nothing else.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="At most this many results.")]


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - as Typer calls it
    if wanted:
        typer.echo(f"codekin {installed_version()}")
        raise typer.Exit


@app.callback()
def options(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Search Python code by what it does, find similar functions, and get names for functions. Local and private."""


@app.command()
def index(path: Workspace = Path(), *, as_json: AsJson = False) -> None:
    """Read and embed a folder's Python code; again: only what changed."""
    from codekin_server.cli import index as command  # noqa: PLC0415 - commands are imported when they run

    command.run(path, as_json=as_json)


@app.command()
def search(
    query: Annotated[
        str | None, typer.Argument(metavar="[QUERY]", help="What the code does, a name, an error; - reads it.")
    ] = None,
    *,
    path: AroundHere = None,
    limit: Limit = 10,
    folder: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Only what is below this folder.")] = None,
    kinds: Annotated[list[Kind] | None, typer.Option(help="Only these; may be given again.")] = None,
    tests: Annotated[Tests, typer.Option(help="Test code too, none of it, or nothing else.")] = Tests.INCLUDE,
    queries: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help='One {"query": ...} a line; one JSON line out for each, in order.'),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Find code by a description. Indexes the workspace where that is needed."""
    from codekin_server.cli import search as command  # noqa: PLC0415

    wanted = command.wanted(folder, path, [kind.value for kind in kinds or ()], tests.value)
    return command.run(query, queries, path, wanted=wanted, limit=limit, as_json=as_json)


@app.command()
def similar(
    target: Annotated[
        str | None,
        typer.Argument(metavar="[FILE:LINE|-]", help="A line of the function; - reads code from standard input."),
    ] = None,
    *,
    path: OfFile = None,
    limit: Limit = 10,
    targets: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help='One {"file": ..., "line": ...} a line; one JSON line out for each.'),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Find functions that do much the same as the one at a line."""
    from codekin_server.cli import similar as command  # noqa: PLC0415

    return command.run(target, targets, path, limit=limit, as_json=as_json)


@app.command()
def duplicates(
    folder: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="Only what is below this folder.")] = None,
    *,
    path: AroundHere = None,
    limit: Limit = 20,
    threshold: Annotated[
        float | None, typer.Option(min=0.1, max=1, help="How alike; without it, what the project's settings say.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show functions that say the same more than once, those first that most lines could be saved of."""
    from codekin_server.cli import duplicates as command  # noqa: PLC0415

    command.run(folder, path, limit=limit, threshold=threshold, as_json=as_json)


@app.command()
def names(
    target: Annotated[str, typer.Argument(metavar="FILE|DIR[:LINE]", help="A file, a line of it, or a folder.")],
    *,
    path: OfFile = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="Names for each function.")] = 5,
    contradicting: Annotated[
        bool, typer.Option("--contradicting", help="Only for functions whose present names contradict their bodies.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Suggest names for every function of a file or folder; the model never sees the present name."""
    from codekin_server.cli import names as command  # noqa: PLC0415

    return command.run(target, path, limit=limit, contradicting=contradicting, as_json=as_json)


@app.command()
def explain(
    target: Annotated[str, typer.Argument(metavar="FILE:LINE", help="A line of the function.")],
    *,
    path: OfFile = None,
    naming: Annotated[
        bool, typer.Option("--name", help="What carried the first name suggested for it, instead of its vector.")
    ] = False,
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """Show which parts of a function the model looked at."""
    from codekin_server.cli import explain as command  # noqa: PLC0415

    command.run(target, path, naming=naming, limit=limit, as_json=as_json)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A Python file.")],
    *,
    output: Annotated[
        ExtractFormat | None,
        typer.Option("--format", help="json: all that the model reads; code2vec: one line a function, name masked."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Show what the model reads of a file: its units and their path contexts."""
    from codekin_server.cli import extract as command  # noqa: PLC0415

    chosen = output or (ExtractFormat.JSON if as_json else None)
    command.run(file, chosen.value if chosen else "text")


@app.command()
def status(folder: Folder = None, *, path: InWorkspace = None, as_json: AsJson = False) -> None:
    """Show the index of a workspace: what it holds, what it costs, which model it is for."""
    from codekin_server.cli import status as command  # noqa: PLC0415

    command.run(folder or path or Path(), as_json=as_json)


@app.command()
def clean(
    folder: Folder = None,
    *,
    path: InWorkspace = None,
    every: Annotated[bool, typer.Option("--all", help="The indexes of all workspaces.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> int:
    """Delete indexes. Your code is never touched."""
    from codekin_server.cli import clean as command  # noqa: PLC0415

    return command.run(folder or path or Path(), every=every, yes=yes, as_json=as_json)


@app.command()
def serve(
    *,
    stdio: Annotated[bool, typer.Option("--stdio", help="Speak over standard input and output.")] = False,
    tcp: Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Wait for one editor on a socket.")] = None,
) -> None:
    """Run the language server for an editor."""
    from codekin_server.cli import serve as command  # noqa: PLC0415

    command.run(stdio=stdio, tcp=tcp)


@app.command()
def demo(
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]", help="Any folder of Python code.")] = None,
) -> None:
    """Index a workspace and show one search, one lookup of similar functions and some names."""
    from codekin_server.cli import demo as command  # noqa: PLC0415

    command.run(path)


@app.command()
def doctor(
    folder: Folder = None,
    *,
    path: InWorkspace = None,
    model: Annotated[Path | None, typer.Option(help="What the editor's setting model.path says, if anything.")] = None,
    cache: Annotated[Path | None, typer.Option(help="What the editor's setting cache.path says, if anything.")] = None,
    as_json: AsJson = False,
) -> int:
    """Check this installation, and say what to do where something is wrong."""
    from codekin_server.cli import doctor as command  # noqa: PLC0415

    return command.run(folder or path or Path(), model=model, cache=cache, as_json=as_json)


@app.command()
def settings(
    folder: Folder = None,
    *,
    path: InWorkspace = None,
    schema: Annotated[bool, typer.Option("--json-schema", help="The settings as an extension declares them.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The settings as a table for documents.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show every setting with the value that a project gives it in its pyproject.toml."""
    from codekin_server.cli import settings as command  # noqa: PLC0415

    command.run(folder or path or Path(), schema=schema, markdown=markdown, as_json=as_json)


app.add_typer(model_app)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is the answer, and no exception gets out."""
    return guarded(lambda: app(args=arguments, prog_name="codekin", standalone_mode=False))


def main() -> None:
    """Be the ``codekin`` of the command line."""
    sys.exit(run())
