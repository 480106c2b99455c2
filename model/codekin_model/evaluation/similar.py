"""Similar functions: one that does the same under another text -> its counterpart among all held-out functions.

In: a system, the held-out functions, pairs. Out: ranks. (a) Copies that compute the same, renamed, reordered,
refactored, names masked: the original is right. (b) Pairs across packages that were verified by hand, both ways, names
masked and visible: the partner is right, and what else is known to do the same job counts neither way.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.function import CorpusFunction, is_named_well
from codekin_model.evaluation.figures import RANKS, Figures, digest_of
from codekin_model.evaluation.held_out import Address, address_of, sample
from codekin_model.evaluation.kin import Pair, kin_of
from codekin_model.evaluation.ranks import Ranks, ranks_of
from codekin_model.evaluation.system import EvaluationError, SimilaritySystem
from codekin_model.evaluation.variants import Rewriting, variant_of

COPIES = 1000
"""As many functions are rewritten, unless told otherwise."""
_AT_A_TIME = 500
_SEED = 17

Copies = tuple[list[CorpusFunction], NDArray[np.int64]]
"""Copies, and the places of their originals."""


def copies_of(functions: Sequence[CorpusFunction], rewriting: Rewriting, limit: int | None = COPIES) -> Copies:
    """Copies of a seeded sample of the functions of three lines or more that can be rewritten so."""
    copies: list[CorpusFunction] = []
    places: list[int] = []
    rows = [at for at, function in enumerate(functions) if is_named_well(function)]
    order: list[int] = np.random.default_rng(_SEED).permutation(len(rows)).tolist()
    for at in order:
        if limit is not None and len(copies) >= limit:
            break
        copy = variant_of(functions[rows[at]], rewriting)
        if copy is not None:
            copies.append(copy)
            places.append(rows[at])
    return copies, np.array(places, np.int64)


def find_originals(
    system: SimilaritySystem, functions: Sequence[CorpusFunction], limit: int | None = COPIES
) -> list[Figures]:
    """One evaluation for each rewriting that could be made of some function.

    Raises:
        EvaluationError: no function could be rewritten in any way.
    """
    found: list[Figures] = []
    for rewriting in Rewriting:
        copies, right = copies_of(functions, rewriting, limit)
        if copies:
            nothing: list[list[int]] = [[] for _ in copies]
            ranks = _ranks(system, copies, functions, right, nothing, masked=True)
            found.append(_figures(f"similar: {rewriting} copies, names masked", copies, functions, ranks))
    if not found:
        raise EvaluationError("no held-out function has three lines or more and something in it to be rewritten")
    return found


def find_kin(
    system: SimilaritySystem,
    functions: Sequence[CorpusFunction],
    pairs: Sequence[Pair],
    known: Mapping[Address, CorpusFunction],
    limit: int | None = None,
) -> list[Figures]:
    """Two evaluations, names masked and visible. Pairs of which ``known`` lacks a side are left out.

    The candidates are ``functions`` and both sides of every pair; ``limit`` bounds the queries.

    Raises:
        EvaluationError: no pair is left.
    """
    candidates, place = _with_partners(functions, known)
    both = [pair for pair in pairs if pair.a in place and pair.b in place]
    ways = [way for pair in both for way in ((pair.a, pair.b), (pair.b, pair.a))]
    ways = [ways[at] for at in sample(range(len(ways)), limit)]
    if not ways:
        raise EvaluationError("the corpus holds both sides of none of the pairs: build it from the packages they name")
    kin = kin_of(pairs)
    right = np.array([place[partner] for _, partner in ways], np.int64)
    asked = [candidates[place[query]] for query, _ in ways]
    left_out = [[place[each] for each in kin[query] - {partner} if each in place] for query, partner in ways]
    found: list[Figures] = []
    for masked, names in ((True, "names masked"), (False, "names visible")):
        ranks = _ranks(system, asked, candidates, right, left_out, masked=masked)
        found.append(_figures(f"similar: same purpose across packages, {names}", asked, candidates, ranks))
    return found


def _with_partners(
    functions: Sequence[CorpusFunction], known: Mapping[Address, CorpusFunction]
) -> tuple[list[CorpusFunction], dict[Address, int]]:
    """The candidates, and the place of each address of ``known`` among them."""
    candidates = list(functions)
    own = {address_of(function): at for at, function in reversed(list(enumerate(functions)))}
    place: dict[Address, int] = {}
    for address, function in known.items():
        place[address] = own.get(address, len(candidates))
        if address not in own:
            candidates.append(function)
    return candidates, place


def _ranks(
    system: SimilaritySystem,
    asked: Sequence[CorpusFunction],
    functions: Sequence[CorpusFunction],
    right: NDArray[np.int64],
    left_out: Sequence[Sequence[int]],
    *,
    masked: bool,
) -> Ranks:
    found: list[Ranks] = []
    for at in range(0, len(asked), _AT_A_TIME):
        chunk = slice(at, at + _AT_A_TIME)
        scores = system.similarities(asked[chunk], functions, masked=masked)
        for row, places in enumerate(left_out[chunk]):
            scores[row, places] = -np.inf
        found.append(ranks_of(scores, right[chunk]))
    return np.concatenate(found)


def _figures(title: str, asked: Sequence[CorpusFunction], functions: Sequence[CorpusFunction], ranks: Ranks) -> Figures:
    digest = digest_of([function.unit.fingerprint for function in (*asked, *functions)])
    return Figures(title, RANKS, digest, {"rank": ranks.astype(np.float64)})
