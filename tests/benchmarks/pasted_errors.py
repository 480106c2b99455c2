"""How often an error message that somebody pastes leads to the function that raises it.

    python tests/benchmarks/pasted_errors.py --sources DIR [--set tuning|reporting]

DIR and the sets are those of search_quality.py. Takes every ``raise SomeError("a message")`` of four words or more
inside a function, puts values where the message has placeholders, and asks as a traceback's last line says it
(``ValueError: no such column: 'price'``). Right is every function of the package that raises the same message. Writes
tests/benchmarks/ERRORS-<set>.md, beside search as it would be without the runs of words.
"""

import ast
import itertools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from indexed_packages import IndexedPackage, indexed_packages, read_options
from measured import HERE, commit, write_report
from numpy.typing import NDArray

from codekin_model.evaluation.bootstrap import paired_difference
from codekin_server.search.engine import RankingSettings
from codekin_server.search.weights import SYMBOL, WORDS

VALUES = ("'price'", "42", "None", "'/tmp/report.csv'", "['left', 'right']", "<Session 3>", "3.5", "utf-16")
LEAST_WORDS = 4
A_PACKAGE = 60
ENOUGH = 30
_PLACEHOLDER = "\0"
_FIELD = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[srdifgxa]|(?<!\{)\{[^{}]*\}(?!\})")

Place = tuple[str, str]


@dataclass(frozen=True)
class Message:
    """An error as it is read on a screen, and every place of its package that raises it."""

    package: str
    text: str
    places: frozenset[Place]


def template_of(node: ast.expr) -> str | None:
    """A message with a mark where a value would stand; None for what is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(str(each.value) if isinstance(each, ast.Constant) else _PLACEHOLDER for each in values)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return _FIELD.sub(_PLACEHOLDER, text)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return _FIELD.sub(_PLACEHOLDER, text)
        case _:
            return None


def raised_in(
    node: ast.AST, path: str, owner: tuple[str, ...] = (), within: bool = False
) -> Iterator[tuple[str, Place]]:
    """``Error: template`` and the place of every raise inside a function."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from raised_in(child, path, (*owner, name), within=True)
            case ast.ClassDef(name=name):
                yield from raised_in(child, path, (*owner, name), within)
            case ast.Raise(exc=ast.Call(func=ast.Name(id=error) | ast.Attribute(attr=error), args=[first, *_])) if (
                within
            ):
                template = template_of(first)
                if template and len(re.findall(r"[^\W\d_]+", template)) >= LEAST_WORDS:
                    yield f"{error}: {template}", (path, ".".join(owner))
            case _:
                yield from raised_in(child, path, owner, within)


def messages_of(package: str, root: Path) -> list[Message]:
    """At most :data:`A_PACKAGE` messages, drawn with a fixed seed."""
    places: dict[str, set[Place]] = {}
    for file in sorted(root.rglob("*.py")):
        path = file.relative_to(root).as_posix()
        if {"test", "tests"}.isdisjoint(Path(path).parts):
            for template, place in raised_in(ast.parse(file.read_bytes()), path):
                places.setdefault(template, set()).add(place)
    drawn = random.Random(17).sample(sorted(places), min(A_PACKAGE, len(places)))  # noqa: S311 - a draw, no secret
    values = itertools.cycle(VALUES)
    return [Message(package, _shown(each, values), frozenset(places[each])) for each in drawn]


def _shown(template: str, values: Iterator[str]) -> str:
    return " ".join(re.sub(_PLACEHOLDER, lambda _: next(values), template).split())


def reciprocal_ranks(
    packages: Mapping[str, IndexedPackage], messages: Sequence[Message], settings: RankingSettings
) -> NDArray[np.float64]:
    """1 / rank of the first right place for each message, 0 where it is not among the results."""
    ranks: list[float] = []
    for each in messages:
        found = [
            (hit.unit.path, hit.unit.qualified_name)
            for hit in packages[each.package].answer(each.text, settings, ENOUGH)
        ]
        ranks.append(next((1.0 / at for at, place in enumerate(found, start=1) if place in each.places), 0.0))
    return np.array(ranks)


def table(results: Mapping[str, NDArray[np.float64]]) -> list[str]:
    """A line a variant."""
    whole = results["codekin"]
    lines = ["| variant | first | in the first three | MRR | codekin's gain, MRR |", "|---|---|---|---|---|"]
    for name, figures in results.items():
        gain = "" if name == "codekin" else str(paired_difference(whole, figures))
        first, three = (figures == 1.0).mean(), (figures > 0.3).mean()
        lines.append(f"| {name} | {first:.3f} | {three:.3f} | {figures.mean():.3f} | {gain} |")
    return lines


def main() -> None:
    """The command line."""
    options = read_options(__doc__)
    unquoted = RankingSettings(replace(WORDS, quoted=0.0), SYMBOL)
    variants = {"without runs of words": unquoted, "codekin": RankingSettings(WORDS, SYMBOL)}
    with indexed_packages(options.sources, options.set, options.cache) as packages:
        messages = [message for name, package in packages.items() for message in messages_of(name, package.root)]
        results = {name: reciprocal_ranks(packages, messages, settings) for name, settings in variants.items()}
    counted = f"Commit {commit()}, {len(messages)} messages of {len(packages)} packages."
    head = [f"# Pasted error messages, {options.set} packages", "", counted, ""]
    write_report(HERE / f"ERRORS-{options.set}.md", "\n".join([*head, *table(results)]) + "\n")


if __name__ == "__main__":
    main()
