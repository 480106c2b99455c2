"""How well a function's kin are found: by meaning alone, by words alone, and by both as codekin finds them.

    python tests/benchmarks/kin_quality.py --corpus DIR

DIR is what `codekin corpus build` wrote. Looks for copies (renamed, reordered, refactored; names masked) of functions
of the validation packages, and for the pairs of kin/pairs.jsonl, among every second validation function and all of
these pairs' functions. Docstrings are left out. Writes tests/benchmarks/KIN.md.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from measured import HERE, commit, write_report
from numpy.typing import NDArray

from codekin_model.checkpoint.manifest import default_model_dir
from codekin_model.corpus.function import CorpusFunction
from codekin_model.corpus.package_list import Split
from codekin_model.evaluation.bootstrap import paired_difference
from codekin_model.evaluation.held_out import Address, address_of, read_held_out
from codekin_model.evaluation.kin import Pair, kin_of, read_pairs
from codekin_model.evaluation.shipped import ShippedSystem, load_shipped
from codekin_model.evaluation.similar import copies_of
from codekin_model.evaluation.variants import Rewriting
from codekin_model.extraction.passage import passage
from codekin_model.extraction.tokens import split_words
from codekin_server.search.similarity import likeness, similarity

COPIES = 500
COMPARED = 60
"""As many as codekin compares by words."""

Words = frozenset[str]
Vectors = NDArray[np.float32]


class Candidates:
    """Functions with their vectors and words, names masked or visible."""

    def __init__(self, system: ShippedSystem, functions: Sequence[CorpusFunction], *, masked: bool) -> None:
        self.masked = masked
        self.vectors = system.code(functions, masked=masked)
        self.words = [words_of(each, masked=masked) for each in functions]

    def reciprocal_ranks(
        self, vectors: Vectors, words: Sequence[Words], right: Sequence[int], not_asked: Sequence[Sequence[int]]
    ) -> NDArray[np.float64]:
        """(cases, 3): 1 / rank of the right candidate by meaning, by words, by both; 0 where it is not looked at."""
        found = np.zeros((len(words), 3))
        for at, (vector, own) in enumerate(zip(vectors, words, strict=True)):
            cosines = self.vectors @ vector
            cosines[list(not_asked[at])] = -1.0
            near: list[int] = np.argsort(-cosines)[:COMPARED].tolist()
            meaning = [similarity(float(cosines[each])) for each in near]
            both = [likeness(float(cosines[each]), own, self.words[each]) for each in near]
            shared = [len(own & self.words[each]) / max(len(own | self.words[each]), 1) for each in near]
            found[at] = [_reciprocal_rank(near, scores, right[at]) for scores in (meaning, shared, both)]
        return found


def words_of(function: CorpusFunction, *, masked: bool) -> Words:
    """The sub-tokens of what the model reads."""
    return frozenset(split_words(passage(function.unit, masked=masked, docstring=False)))


def _reciprocal_rank(near: Sequence[int], scores: Sequence[float], right: int) -> float:
    order: list[int] = np.argsort(-np.array(scores), kind="stable").tolist()
    ordered = [near[at] for at in order]
    return 1.0 / (1 + ordered.index(right)) if right in ordered else 0.0


def copies(
    system: ShippedSystem, candidates: Candidates, functions: Sequence[CorpusFunction], rewriting: Rewriting
) -> NDArray[np.float64]:
    """Copies ask for their originals."""
    asked, right = copies_of(functions, rewriting, COPIES)
    vectors = system.code(asked, masked=True)
    words = [words_of(each, masked=True) for each in asked]
    return candidates.reciprocal_ranks(vectors, words, right.tolist(), [[] for _ in asked])


def kin(candidates: Candidates, place: Mapping[Address, int], pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """Each side of every pair asks for the other; what else is known to do the same job counts neither way."""
    same = kin_of(pairs)
    both = [pair for pair in pairs if pair.a in place and pair.b in place]
    ways = [way for pair in both for way in ((pair.a, pair.b), (pair.b, pair.a))]
    asked = [place[one] for one, _ in ways]
    vectors, words = candidates.vectors[asked], [candidates.words[at] for at in asked]
    left_out = [[place[each] for each in {one, *same[one]} - {other} if each in place] for one, other in ways]
    return candidates.reciprocal_ranks(vectors, words, [place[other] for _, other in ways], left_out)


def line(what: str, ranks: NDArray[np.float64]) -> str:
    """A row of the table."""
    meaning, words, both = ranks.mean(0)
    gain = paired_difference(ranks[:, 2], ranks[:, 0])
    return f"| {what} | {len(ranks)} | {meaning:.3f} | {words:.3f} | {both:.3f} | {gain} |"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    options = parser.parse_args()

    pairs = read_pairs(HERE / "kin" / "pairs.jsonl")
    addresses = {address for pair in pairs for address in (pair.a, pair.b)}
    held_out = read_held_out(options.corpus, Split.VALIDATION, addresses)
    own = [each for each in held_out.functions[::2] if address_of(each) not in held_out.named]
    functions = [*own, *held_out.named.values()]
    place = {address: len(own) + at for at, address in enumerate(held_out.named)}
    system = load_shipped(default_model_dir(), 1)
    masked, visible = (Candidates(system, functions, masked=each) for each in (True, False))
    rows = [line(f"{each} copies, names masked", copies(system, masked, own, each)) for each in Rewriting]
    rows += [
        line("same purpose across packages, names masked", kin(masked, place, pairs)),
        line("same purpose across packages, names visible", kin(visible, place, pairs)),
    ]
    head = ["# Kin of functions", "", f"Commit {commit()}, MRR among {len(functions)} functions.", ""]
    head += [
        "| looked for | cases | by meaning | by words | codekin: both | over meaning |",
        "|---|---|---|---|---|---|",
    ]
    write_report(HERE / "KIN.md", "\n".join([*head, *rows]) + "\n")


if __name__ == "__main__":
    main()
