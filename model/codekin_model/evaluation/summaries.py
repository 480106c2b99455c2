"""Summaries on held-out packages: a function without its docstring -> one line that says what it does.

In: a system and the held-out functions. Out: BLEU, ROUGE-L, METEOR and CIDEr of each sentence against the first
sentence of the docstring that was removed.
"""

from collections.abc import Sequence

import numpy as np

from codekin_model.corpus.function import CorpusFunction, has_query
from codekin_model.evaluation.bleu import bleu
from codekin_model.evaluation.cider import cider
from codekin_model.evaluation.figures import SENTENCES, Figures, digest_of
from codekin_model.evaluation.held_out import picked, sample
from codekin_model.evaluation.meteor import meteor
from codekin_model.evaluation.rouge import rouge_l
from codekin_model.evaluation.sentences import words_of
from codekin_model.evaluation.system import EvaluationError, SummarySystem

FUNCTIONS = 4000
"""As many are summarised, unless told otherwise."""


def summarise_held_out(
    system: SummarySystem, functions: Sequence[CorpusFunction], limit: int | None = FUNCTIONS
) -> Figures:
    """Summaries of documented functions, names visible as a user's are.

    Raises:
        EvaluationError: no function has a docstring of three words or more.
    """
    asked = picked(functions, sample((at for at, function in enumerate(functions) if has_query(function)), limit))
    if not asked:
        raise EvaluationError("no held-out function has a docstring that a summary could be compared with")
    references = [function.summary or "" for function in asked]
    digest = digest_of([function.unit.fingerprint for function in asked])
    return score_summaries(system.summaries(asked), references, digest)


def score_summaries(summaries: Sequence[str], references: Sequence[str], digest: str) -> Figures:
    """Every metric of every sentence."""
    pairs = [(words_of(mine), words_of(its)) for mine, its in zip(summaries, references, strict=True)]
    columns = {
        "bleu": [bleu(*pair) for pair in pairs],
        "rouge_l": [rouge_l(*pair) for pair in pairs],
        "meteor": [meteor(*pair) for pair in pairs],
        "cider": cider([mine for mine, _ in pairs], [its for _, its in pairs]),
    }
    arrays = {name: np.array(column, np.float64) for name, column in columns.items()}
    return Figures("summaries: first docstring sentence", SENTENCES, digest, arrays)
