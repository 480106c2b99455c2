"""The commands that make models: their arguments, and nothing else.

In: a command line. Out: calls into the module of the command's name, imported when it runs. They need the extra
``train``, which nothing else does.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
corpus_app = typer.Typer(help="Functions to train models on.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")

_CAP = 20_000


class Split(StrEnum):
    """What can be measured on."""

    VALIDATION = "validation"
    TEST = "test"


class Measured(StrEnum):
    """Sections of a measurement."""

    SEARCH = "search"
    HUMAN = "human queries"
    SIMILAR = "similar"
    NAMES = "names"
    SUMMARIES = "summaries"


Corpus = Annotated[Path, typer.Option("--corpus", metavar="DIR", help="What `codekin corpus build` wrote.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output, and nothing else.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Processor threads; without it, as many as torch likes.")]


@corpus_app.command("build")
def build_corpus(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the corpus is written.")],
    packages: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A list of pinned packages, such as model/packages.toml.")
    ] = None,
    folder: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="A folder of Python code of your own; may be repeated.")
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where fetched packages are kept; without it, .wheels below --out."),
    ] = None,
    cap: Annotated[int, typer.Option(min=1, help="At most this many functions of one package or folder.")] = _CAP,
    exclude: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE.jsonl", help='Evaluation data, {"code": ...} a line, to keep out; may be repeated.'),
    ] = None,
    beside: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Another corpus: twins of the functions that it holds out are left out too."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Collect functions from packages and folders, without twins, some held out to measure on."""
    from codekin_server.cli.model import corpus as command  # noqa: PLC0415 - commands are imported when they run

    sources = command.CorpusSources(packages, folder or (), exclude or (), cache, beside)
    command.run(sources, out, cap=cap, as_json=as_json)


@app.command()
def train(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="A TOML file that says what is trained.")],
    *,
    corpus: Corpus,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder of this training.")],
    row: Annotated[str | None, typer.Option(metavar="NAME", help="Which row of CONFIG, where it has several.")] = None,
    device: Annotated[str, typer.Option(help="cpu, cuda, or auto: a GPU where there is one.")] = "auto",
    precision: Annotated[str, typer.Option(help="fp32, bf16 or fp16.")] = "fp32",
    threads: Threads = None,
) -> None:
    """Train a model. Stopped and started again, it goes on where it was."""
    from codekin_server.cli.model import train as command  # noqa: PLC0415

    command.run(config, row, corpus, out, command.Place(device, precision, threads))


@app.command()
def evaluate(
    checkpoint: Annotated[
        str,
        typer.Argument(
            metavar="CHECKPOINT", help="A training, a model folder, its student.onnx, or bm25, frozen, bm25+frozen."
        ),
    ],
    *,
    corpus: Corpus,
    split: Annotated[Split, typer.Option(help="The held-out side: test is only ever reported.")] = Split.TEST,
    human: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Queries that people typed: codes, queries.")
    ] = None,
    pairs: Annotated[Path | None, typer.Option(metavar="FILE.jsonl", help="Functions of the same purpose.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where results are kept.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Cases of each evaluation at most, never candidates.")
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What the system is called in results.")] = None,
    frozen: Annotated[
        str | None, typer.Option(metavar="MODEL", help="The language model of the baselines: a folder or hub name.")
    ] = None,
    neighbours: Annotated[
        str | None, typer.Option(metavar="CHECKPOINT", help="Finds neighbours for one that names but has no vectors.")
    ] = None,
    features: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keeps a frozen model's vectors between measurements."),
    ] = None,
    only: Annotated[
        list[Measured] | None, typer.Option(help="A section to measure; may be repeated. Without it, all.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Processor threads.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Measure a model on what was held out: search, similar functions, names, summaries, each as far as it can."""
    from codekin_server.cli.model import evaluate as command  # noqa: PLC0415

    sections = [each.value for each in only or ()]
    measuring = command.Measuring(
        split.value, human, pairs, out, limit, name, frozen, neighbours, features, threads, sections
    )
    command.run(checkpoint, corpus, measuring, as_json=as_json)


@app.command()
def export(
    checkpoint: Annotated[Path, typer.Argument(metavar="CHECKPOINT", help="The folder of a training.")],
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The model folder to write; several trainings can join in it.")
    ],
    corpus: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Calibrate the probabilities of names on its validation side.")
    ] = None,
    other_language_model: Annotated[
        bool,
        typer.Option(
            "--other-language-model",
            help="Join a language model that it was not trained beside, such as a later leg of the same teacher: that "
            "their vectors lie in one space is for you to know, nothing checks it.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a trained model a folder that codekin runs: ONNX, int8, compared with the original."""
    from codekin_server.cli.model import export as command  # noqa: PLC0415

    command.run(checkpoint, out, corpus, other_language_model=other_language_model, as_json=as_json)


@app.command()
def adopt(
    source: Annotated[str, typer.Argument(metavar="MODEL", help="A Hugging Face model: its folder, or a hub name.")],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The model folder to write.")],
    pooling: Annotated[str, typer.Option(help="How tokens become a vector: mean, cls, last or configured.")] = "mean",
    prefix: Annotated[str, typer.Option(metavar="TEXT", help="What the model wants before a question.")] = "",
    max_tokens: Annotated[int, typer.Option(min=8, help="Tokens that are read of a text.")] = 256,
    onnx: Annotated[
        bool, typer.Option("--onnx", help="Write an int8 graph of it, as codekin's own; encoders only.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a pretrained language model, as it is, a folder that codekin runs."""
    from codekin_server.cli.model import adopt as command  # noqa: PLC0415

    command.run(source, out, pooling, prefix, max_tokens, onnx=onnx, as_json=as_json)


@app.command()
def average(
    checkpoints: Annotated[
        list[Path], typer.Argument(metavar="CHECKPOINT...", help="Folders of trainings of teachers or decoders.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder of their mean.")],
) -> None:
    """Make several trainings of one teacher or decoder their mean, which can be measured and exported."""
    from codekin_server.cli.model import average as command  # noqa: PLC0415

    command.run(checkpoints, out)


@app.command()
def report(
    results: Annotated[Path, typer.Argument(metavar="DIR", help="What `codekin evaluate --out` wrote.")],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.md", help="The report; its pictures stand beside it.")],
    baseline: Annotated[str, typer.Option(metavar="NAME", help="The system that others are compared with.")] = "frozen",
    ablation: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A bar of the ablation's picture; may be repeated.")
    ] = None,
    notes: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="A paragraph for each section: search, names, ...")
    ] = None,
) -> None:
    """Write tables and pictures of all systems that were evaluated, side by side."""
    from codekin_server.cli.model import report as command  # noqa: PLC0415

    command.run(results, out, baseline=baseline, ablation=ablation or (), notes=notes)
