"""How well search finds what people asked the web for, when the answers are a workspace: docstrings, BM25 and all.

    python tests/benchmarks/web_questions.py --human DIR

DIR is what `codekin evaluate --human` takes, such as CoSQA's development set: ``codes.jsonl`` and ``queries.jsonl``.
Each code becomes a file of its own, docstring included. Writes tests/benchmarks/WEB.md: MRR among ten hits.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from indexed_packages import IndexedPackage, shipped_worker
from measured import HERE, commit, write_report
from numpy.typing import NDArray
from search_quality import VARIANTS

from codekin_model.evaluation.bootstrap import paired_difference
from codekin_server.search.engine import RankingSettings


def records(path: Path) -> Iterator[Mapping[str, str]]:
    """A record a line."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write_codes(human: Path, root: Path) -> None:
    """A file for each code, named by its id."""
    root.mkdir()
    for record in records(human / "codes.jsonl"):
        (root / file_of(record["id"])).write_text(record["code"] + "\n", encoding="utf-8")


def file_of(identity: str) -> str:
    """Where the code of that id lies; the name says nothing."""
    return f"n{identity}.py"


def reciprocal_ranks(package: IndexedPackage, human: Path, settings: RankingSettings) -> NDArray[np.float64]:
    """1 / rank of the right code for each query, 0 where it is not among the hits."""
    ranks: list[float] = []
    for record in records(human / "queries.jsonl"):
        found = [hit.unit.path for hit in package.answer(record["query"], settings, limit=10)]
        right = file_of(record["relevant_id"])
        ranks.append(1.0 / (1 + found.index(right)) if right in found else 0.0)
    return np.array(ranks)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--human", type=Path, required=True)
    human = parser.parse_args().human
    with TemporaryDirectory() as place, shipped_worker() as worker:
        root = Path(place) / "codes"
        write_codes(human, root)
        package = IndexedPackage(root, Path(place) / "cache", worker)
        results = {name: reciprocal_ranks(package, human, settings) for name, settings in VARIANTS.items()}
    whole = results["codekin"]
    head = [
        "# Web questions, the codes as a workspace",
        "",
        f"Commit {commit()}, {len(whole)} questions of {human.name}.",
    ]
    rows = [
        f"| {name} | {ranks.mean():.3f} | {'' if name == 'codekin' else paired_difference(whole, ranks)} |"
        for name, ranks in results.items()
    ]
    table = ["", "| variant | MRR@10 | codekin's gain |", "|---|---|---|", *rows]
    write_report(HERE / "WEB.md", "\n".join([*head, *table]) + "\n")


if __name__ == "__main__":
    main()
