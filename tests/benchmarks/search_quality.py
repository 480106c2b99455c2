"""How well search answers people's questions about real packages, side by side with its own parts.

    python tests/benchmarks/search_quality.py --sources DIR [--set tuning|reporting]

DIR holds the unpacked wheels of the packages that questions/README.md names, a folder each (named like the package).
Indexes each package once (kept below --cache), asks every question of every variant, and writes
tests/benchmarks/SEARCH-<set>.md: NDCG@10 over files and over definitions, with paired differences to the whole.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from indexed_packages import IndexedPackage, indexed_packages, read_options
from measured import HERE, commit, write_report
from numpy.typing import NDArray

from codekin_model.evaluation.bootstrap import paired_difference
from codekin_server.search.engine import RankingSettings
from codekin_server.search.ranking import Hit
from codekin_server.search.weights import SYMBOL, WORDS, RankingWeights

CUT = 10
ENOUGH = 3 * CUT
"""Hits to judge files by."""


def only(**kept: float) -> RankingWeights:
    """Weights with nothing but ``kept``: no signals, no demotions."""
    signals = ("lexical", "semantic", "cosine", "symbol", "name", "place", "module", "quoted", "framed", "spelled")
    silent = dict.fromkeys(signals, 0.0)
    even = {field.name: 1.0 for field in fields(RankingWeights) if field.name.endswith("_factor")}
    return replace(WORDS, **(silent | even | kept))


VARIANTS: Mapping[str, RankingSettings] = {
    "BM25 alone": RankingSettings(only(lexical=1.0), only(lexical=1.0)),
    "vectors alone": RankingSettings(only(cosine=1.0), only(cosine=1.0)),
    "vectors and module": RankingSettings(only(cosine=1.0, module=0.2), only(cosine=1.0, module=0.2)),
    "unweighted rank fusion": RankingSettings(only(lexical=1.0, semantic=1.0), only(lexical=1.0, semantic=1.0)),
    "codekin": RankingSettings(WORDS, SYMBOL),
}


@dataclass(frozen=True)
class Question:
    """A question about a package with every place that answers it."""

    package: str
    query: str
    kind: str
    files: frozenset[str]
    definitions: frozenset[tuple[str, str]]


def questions_of(package: str) -> list[Question]:
    """The questions in ``questions/<package>.jsonl``."""
    rows = [json.loads(line) for line in (HERE / "questions" / f"{package}.jsonl").read_text("utf-8").splitlines()]
    return [
        Question(
            package,
            row["query"],
            row["kind"],
            frozenset(answer["path"] for answer in row["answers"]),
            frozenset((answer["path"], answer["qualified_name"]) for answer in row["answers"]),
        )
        for row in rows
    ]


def ndcg(found: Sequence[object], right: frozenset[object]) -> float:
    """NDCG at :data:`CUT` of a list without repeats, all right answers being of grade 1."""
    gains = [1.0 / np.log2(rank + 2) for rank, each in enumerate(found[:CUT]) if each in right]
    ideal = sum(1.0 / np.log2(rank + 2) for rank in range(min(len(right), CUT)))
    return float(sum(gains) / ideal)


def score(hits: Sequence[Hit], question: Question) -> tuple[float, float]:
    """NDCG over files (each at its best place) and over definitions."""
    files = list(dict.fromkeys(hit.unit.path for hit in hits))
    definitions = list(dict.fromkeys((hit.unit.path, hit.unit.qualified_name) for hit in hits))
    return ndcg(files, question.files), ndcg(definitions, question.definitions)


def measure(
    packages: Mapping[str, IndexedPackage], questions: Sequence[Question], settings: RankingSettings
) -> NDArray[np.float64]:
    """(questions, 2): NDCG over files and over definitions."""
    return np.array([score(packages[each.package].answer(each.query, settings, ENOUGH), each) for each in questions])


def table(results: Mapping[str, NDArray[np.float64]], questions: Sequence[Question]) -> list[str]:
    """A line a variant, then a line a kind of question for the whole."""
    whole = results["codekin"]
    lines = ["| variant | NDCG@10, files | NDCG@10, definitions | codekin's gain, files |", "|---|---|---|---|"]
    for name, figures in results.items():
        gain = "" if name == "codekin" else str(paired_difference(whole[:, 0], figures[:, 0]))
        lines.append(f"| {name} | {figures[:, 0].mean():.3f} | {figures[:, 1].mean():.3f} | {gain} |")
    lines += ["", "| kind of question | questions | NDCG@10, files | NDCG@10, definitions |", "|---|---|---|---|"]
    for kind in sorted({each.kind for each in questions}):
        mine = whole[[each.kind == kind for each in questions]]
        lines.append(f"| {kind} | {len(mine)} | {mine[:, 0].mean():.3f} | {mine[:, 1].mean():.3f} |")
    return lines


def main() -> None:
    """The command line."""
    options = read_options(__doc__)
    with indexed_packages(options.sources, options.set, options.cache) as packages:
        questions = [question for name in packages for question in questions_of(name)]
        results = {name: measure(packages, questions, settings) for name, settings in VARIANTS.items()}
    head = [f"# Search on the {options.set} questions", "", f"Commit {commit()}, {len(questions)} questions.", ""]
    write_report(HERE / f"SEARCH-{options.set}.md", "\n".join([*head, *table(results, questions)]) + "\n")


if __name__ == "__main__":
    main()
