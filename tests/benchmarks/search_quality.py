"""How well search answers people's questions about real packages, side by side with its own parts.

    python tests/benchmarks/search_quality.py --sources DIR [--set tuning|reporting]

DIR holds the unpacked wheels of the packages that questions/README.md names, a folder each (named like the package).
Indexes each package once (kept below --cache), asks every question of every variant, and writes
tests/benchmarks/SEARCH-<set>.md: NDCG@10 over files and over definitions, with paired differences to the whole.
"""

import argparse
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.checkpoint.manifest import default_model_dir, read_manifest
from codekin_model.evaluation.bootstrap import paired_difference
from codekin_server.assist import Assist
from codekin_server.search.engine import RankingSettings, SearchEngine
from codekin_server.search.ranking import Hit
from codekin_server.search.weights import SYMBOL, WORDS, RankingWeights
from codekin_server.store.location import DATABASE_NAME
from codekin_server.store.store import Store
from codekin_server.store.vector_index import NearestNeighbours
from codekin_server.worker.client import WorkerClient

HERE = Path(__file__).parent
SETS = {
    "tuning": ("tox", "kombu", "fabric", "xarray", "nltk", "pyramid"),
    "reporting": ("celery", "scrapy", "sphinx", "networkx", "tornado"),
}
CUT = 10


def only(**kept: float) -> RankingWeights:
    """Weights with nothing but ``kept``: no signals, no demotions."""
    signals = ("lexical", "semantic", "cosine", "symbol", "name", "place", "module", "quoted", "framed", "spelled")
    silent = dict.fromkeys(signals, 0.0)
    even = dict.fromkeys(("test_factor", "vendored_factor", "class_factor", "module_factor", "same_file_factor"), 1.0)
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


class IndexedPackage:
    """A package's index with the worker that answers for it."""

    def __init__(self, root: Path, cache: Path, worker: WorkerClient) -> None:
        with Assist.open(root, cache_dir=cache) as assist:
            assist.index()
            status = assist.status()
        self._worker = worker
        self._store = Store.open(Path(status.index_path) / DATABASE_NAME, status.model_fingerprint)
        self._nearest = NearestNeighbours(self._store)

    def answer(self, query: str, settings: RankingSettings) -> list[Hit]:
        """Enough hits to judge files by."""
        return SearchEngine(self._store, self._worker, self._nearest, settings).search(query, 3 * CUT)


def measure(
    packages: Mapping[str, IndexedPackage], questions: Sequence[Question], settings: RankingSettings
) -> NDArray[np.float64]:
    """(questions, 2): NDCG over files and over definitions."""
    return np.array([score(packages[each.package].answer(each.query, settings), each) for each in questions])


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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--set", choices=SETS, default="tuning")
    parser.add_argument("--cache", type=Path, default=Path("runs/search-quality"))
    options = parser.parse_args()

    model = default_model_dir()
    worker = WorkerClient(model, fingerprint=read_manifest(model).fingerprint)
    names = [name for name in SETS[options.set] if (options.sources / name).is_dir()]
    packages = {name: IndexedPackage(options.sources / name, options.cache, worker) for name in names}
    questions = [question for name in names for question in questions_of(name)]
    results = {name: measure(packages, questions, settings) for name, settings in VARIANTS.items()}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout  # noqa: S607 - whose git it is, PATH says
    head = [f"# Search on the {options.set} questions", "", f"Commit {commit.strip()}, {len(questions)} questions.", ""]
    report = "\n".join([*head, *table(results, questions)]) + "\n"
    (HERE / f"SEARCH-{options.set}.md").write_text(report, encoding="utf-8")
    print(report)  # noqa: T201 - a script's answer
    worker.close()


if __name__ == "__main__":
    main()
