"""Summaries on held-out packages: a function without its docstring -> one line that says what it does.

In: a system and the held-out functions. Out: BLEU, ROUGE-L, METEOR and CIDEr of each sentence against the first
sentence of the docstring that was removed.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from codekin_model.corpus.function import CorpusFunction, has_query
from codekin_model.embedder import Described
from codekin_model.evaluation.bleu import bleu
from codekin_model.evaluation.cider import cider
from codekin_model.evaluation.figures import SENTENCES, Figures, digest_of
from codekin_model.evaluation.held_out import picked, sample
from codekin_model.evaluation.meteor import meteor
from codekin_model.evaluation.neighbours import NEIGHBOURS
from codekin_model.evaluation.rouge import rouge_l
from codekin_model.evaluation.sentences import words_of
from codekin_model.evaluation.system import (
    EvaluationError,
    NeighbourSummarySystem,
    SummarySystem,
    VectorSystem,
)

FUNCTIONS = 4000
"""As many are summarised, unless told otherwise."""
ALONE = "summaries: first docstring sentence"
IN_PROJECT = "summaries: the same inside the project, beside neighbours' sentences"


def summarise_held_out(
    system: SummarySystem,
    functions: Sequence[CorpusFunction],
    vectors: VectorSystem | None = None,
    limit: int | None = FUNCTIONS,
) -> list[Figures]:
    """Summaries of documented functions, names visible as a user's are: alone, and beside what its project says.

    The second where the system takes neighbours and ``vectors`` find them: sentences of other functions of the package.

    Raises:
        EvaluationError: no function has a docstring of three words or more.
    """
    asked = picked(functions, sample((at for at, function in enumerate(functions) if has_query(function)), limit))
    if not asked:
        raise EvaluationError("no held-out function has a docstring that a summary could be compared with")
    references = [function.summary or "" for function in asked]
    digest = digest_of([function.unit.fingerprint for function in asked])
    found = [score_summaries(ALONE, system.summaries(asked), references, digest)]
    if vectors is not None and isinstance(system, NeighbourSummarySystem):
        written = system.summaries_in(asked, described_near(asked, functions, vectors))
        found.append(score_summaries(IN_PROJECT, written, references, digest))
    return found


def described_near(
    asked: Sequence[CorpusFunction], functions: Sequence[CorpusFunction], vectors: VectorSystem
) -> list[tuple[Described, ...]]:
    """For each of ``asked`` what the nearest other functions of its package say of themselves, nearest first."""
    packages: defaultdict[str, list[CorpusFunction]] = defaultdict(list)
    for function in functions:
        if function.summary is not None:
            packages[function.package].append(function)
    near: dict[int, tuple[Described, ...]] = {}
    for package, project in packages.items():
        rows = [row for row, function in enumerate(asked) if function.package == package]
        similarities = vectors.similarities(picked(asked, rows), project, masked=False) if rows else ()
        for row, similar in zip(rows, similarities, strict=True):
            order: list[int] = np.argsort(-similar, kind="stable")[: NEIGHBOURS + 1].tolist()
            others = [at for at in order if project[at] != asked[row]][:NEIGHBOURS]
            near[row] = tuple(Described(project[at].summary or "", float(similar[at])) for at in others)
    return [near[row] for row in range(len(asked))]


def score_summaries(title: str, summaries: Sequence[str], references: Sequence[str], digest: str) -> Figures:
    """Every metric of every sentence."""
    pairs = [(words_of(mine), words_of(its)) for mine, its in zip(summaries, references, strict=True)]
    columns = {
        "bleu": [bleu(*pair) for pair in pairs],
        "rouge_l": [rouge_l(*pair) for pair in pairs],
        "meteor": [meteor(*pair) for pair in pairs],
        "cider": cider([mine for mine, _ in pairs], [its for _, its in pairs]),
    }
    arrays = {name: np.array(column, np.float64) for name, column in columns.items()}
    return Figures(title, SENTENCES, digest, arrays)
