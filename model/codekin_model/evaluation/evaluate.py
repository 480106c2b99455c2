"""Measuring what is shipped: ``python -m codekin_model.evaluation.evaluate --corpus DIR --model DIR --out FILE``.

In: a corpus' held-out packages and a model folder. Out: Markdown tables: search with names visible and masked, by the
language model alone and fused, with intervals and paired differences; names alone and inside their project.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Vectors
from codekin_model.evaluation.bootstrap import interval, paired_difference
from codekin_model.evaluation.name_cases import NameCase, name_cases
from codekin_model.evaluation.names import exact_at, expected_calibration_error, subtoken_score
from codekin_model.evaluation.search import pooled_reciprocal_ranks, reciprocal_ranks
from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.runtime.onnx_embedder import OnnxEmbedder, load_onnx_embedder
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

_BATCH = 512
_POOL = 1000
"""CodeSearchNet's protocol: the right function among 999 others."""
_SEED = 17
_THREADS = 2
_OFFERED = 5
"""Names that a user is shown."""


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """Reciprocal ranks of the same queries: by the language model alone, and fused."""

    title: str
    alone: NDArray[np.float64]
    fused: NDArray[np.float64]

    def row(self) -> str:
        """A line of the table."""
        gain = paired_difference(self.fused, self.alone)
        return f"| {self.title} | {len(self.alone):,} | {interval(self.alone)} | {interval(self.fused)} | {gain} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--split", type=Split, default=Split.TEST)
    parser.add_argument("--limit", type=int, default=None, help="search queries at most (a seeded sample)")
    parser.add_argument("--cosqa", type=Path, help="folder with codes.jsonl and queries.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    embedder = load_onnx_embedder(options.model, threads=_THREADS)
    figures = search_figures(options.corpus, options.split, embedder, options.limit)
    if options.cosqa:
        figures.append(human_queries(options.cosqa, embedder))
    lines = ["| search, MRR | queries | language model alone | fused | difference |", "|---|---|---|---|---|"]
    lines += [each.row() for each in figures]
    lines += ["", *name_table(name_cases(options.corpus, options.split, embedder), embedder)]
    options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


def search_figures(corpus: Path, split: Split, embedder: OnnxEmbedder, limit: int | None) -> list[SearchFigures]:
    """First docstring sentence -> function, docstrings removed, among all functions of the split and in pools."""
    functions = [each for its, each in read_corpus(corpus) if its is split and has_query(each)]
    order = np.random.default_rng(_SEED).permutation(len(functions))
    chosen: list[int] = np.sort(order[: limit or len(functions)]).tolist()
    functions = [functions[at] for at in chosen]
    queries = embedder.embed_queries([function.summary or "" for function in functions])
    found: list[SearchFigures] = []
    for masked in (False, True):
        alone, fused = _both(functions, embedder, masked=masked)
        title = "names masked" if masked else "names visible"
        found.append(SearchFigures(f"{title}, all", reciprocal_ranks(queries, alone), reciprocal_ranks(queries, fused)))
        pooled = [pooled_reciprocal_ranks(queries, code, min(_POOL, len(queries))) for code in (alone, fused)]
        found.append(SearchFigures(f"{title}, pools of {_POOL:,}", *pooled))
    return found


def _both(functions: Sequence[CorpusFunction], embedder: OnnxEmbedder, *, masked: bool) -> tuple[Vectors, Vectors]:
    return embed_both([extract(each.unit, masked=masked, docstring=False) for each in functions], embedder)


def embed_both(units: Sequence[ExtractedUnit], embedder: OnnxEmbedder) -> tuple[Vectors, Vectors]:
    """The language model's vectors and the fused ones, of the same units."""
    alone: list[Vectors] = []
    fused: list[Vectors] = []
    for at in range(0, len(units), _BATCH):
        some = units[at : at + _BATCH]
        alone.append(embedder.embed_queries([unit.passage for unit in some]))
        fused.append(embedder.embed_units(some))
        sys.stderr.write(f"\r{at + len(some)} of {len(units)}")
    sys.stderr.write("\n")
    return np.concatenate(alone), np.concatenate(fused)


def human_queries(folder: Path, embedder: OnnxEmbedder) -> SearchFigures:
    """Real web queries with one right function each, zero-shot, docstrings stripped."""
    codes = [json.loads(line) for line in (folder / "codes.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    place = {code["id"]: at for at, code in enumerate(codes)}
    alone, fused = embed_both([_first_function(code["code"]) for code in codes], embedder)
    queries = embedder.embed_queries([question["query"] for question in questions])
    right = np.array([place[question["relevant_id"]] for question in questions])
    return SearchFigures("human queries", *(_reciprocal_ranks_among(queries, code, right) for code in (alone, fused)))


def _first_function(code: str) -> ExtractedUnit:
    units = find_units(parse(text_of(code)))
    function = next((unit for unit in units if unit.kind.is_function), units[0])
    return extract(function, docstring=False)


def _reciprocal_ranks_among(queries: Vectors, code: Vectors, right: NDArray[np.int64]) -> NDArray[np.float64]:
    scores = queries @ code.T
    own = scores[np.arange(len(right)), right]
    return 1.0 / (scores >= own[:, None]).sum(axis=1)


def name_table(cases: Sequence[NameCase], embedder: OnnxEmbedder) -> list[str]:
    """Precision, recall and F1 of sub-tokens, exact matches and calibration, for each source of names."""
    true = [case.name for case in cases]
    head = f"| names | functions | precision | recall | F1 | exact @1 | exact @{_OFFERED} | calibration error |"
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    for title, alone in (("alone", True), ("inside the project, with neighbours", False)):
        ranked = [embedder.rank_names(case.head, () if alone else case.neighbours, _OFFERED) for case in cases]
        guesses = [[suggestion.name for suggestion in each] for each in ranked]
        first = [each[0] if each else "" for each in guesses]
        stated = np.array([each[0].probability if each else 0.0 for each in ranked])
        right = np.array([guess == name.strip("_") for guess, name in zip(first, true, strict=True)])
        score = subtoken_score(first, true)
        lines.append(
            f"| {title} | {len(cases):,} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} "
            f"| {exact_at(guesses, true, 1):.3f} | {exact_at(guesses, true, _OFFERED):.3f} "
            f"| {expected_calibration_error(stated, right):.3f} |"
        )
    return lines


if __name__ == "__main__":
    main()
