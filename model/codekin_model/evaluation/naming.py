"""Names on held-out packages: a function without its name and docstring -> what its author called it.

In: a system and the held-out functions. Out: how near the first name is, where the true one stands in the list, and the
probability that was stated; alone, and with the names of neighbours in the same package where the system looks at them.
Functions count that have three lines or more and are no dunders; up to 500 of a package, so that a large one does not
speak for all.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from codekin_model.corpus.function import CorpusFunction, is_named_well
from codekin_model.evaluation.figures import NAMES, Figures, digest_of
from codekin_model.evaluation.held_out import picked, sample
from codekin_model.evaluation.names import place_of, subtoken_counts
from codekin_model.evaluation.neighbours import surroundings_in
from codekin_model.evaluation.system import EvaluationError, NamingSystem, NeighbourNamingSystem, VectorSystem

OFFERED = 5
"""Names that a user is shown."""
PER_PACKAGE = 500

Named = list[list[tuple[str, float]]]


def name_held_out(
    system: NamingSystem,
    functions: Sequence[CorpusFunction],
    vectors: VectorSystem | None = None,
    limit: int | None = None,
) -> list[Figures]:
    """Names alone, and inside the project where the system takes neighbours and ``vectors`` find them.

    ``limit`` bounds the functions of all packages together.

    Raises:
        EvaluationError: no function counts.
    """
    packages = _chosen(functions, limit)
    asked = [function for project, rows in packages for function in picked(project, rows)]
    if not asked:
        raise EvaluationError("no held-out function has three lines or more and a name to be guessed")
    found = [_figures("names: alone", asked, system.names(asked, OFFERED))]
    if vectors is not None and isinstance(system, NeighbourNamingSystem):
        inside: Named = []
        for project, rows in packages:
            around = surroundings_in(project, rows, vectors)
            inside += system.names_in(picked(project, rows), around, OFFERED)
        found.append(_figures("names: inside the project, with neighbours", asked, inside))
    return found


def _chosen(
    functions: Sequence[CorpusFunction], limit: int | None
) -> list[tuple[tuple[CorpusFunction, ...], list[int]]]:
    """Each package's functions with the places of those to be named."""
    packages: defaultdict[str, list[CorpusFunction]] = defaultdict(list)
    for function in functions:
        packages[function.package].append(function)
    share = PER_PACKAGE if limit is None else min(PER_PACKAGE, -(-limit // len(packages)))
    return [
        (tuple(mine), sample((at for at, function in enumerate(mine) if is_named_well(function)), share))
        for mine in packages.values()
    ]


def _figures(title: str, asked: Sequence[CorpusFunction], named: Named) -> Figures:
    true = [function.unit.name for function in asked]
    names = [[name for name, _ in each] for each in named]
    counts = [subtoken_counts(each[0] if each else "", name) for each, name in zip(names, true, strict=True)]
    columns = {
        "right": np.array([each.right for each in counts], np.float64),
        "offered": np.array([each.offered for each in counts], np.float64),
        "wanted": np.array([each.wanted for each in counts], np.float64),
        "place": np.array([place_of(each, name) for each, name in zip(names, true, strict=True)], np.float64),
        "stated": np.array([each[0][1] if each else 0.0 for each in named], np.float64),
    }
    return Figures(title, NAMES, digest_of([function.unit.fingerprint for function in asked]), columns)
