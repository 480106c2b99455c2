"""Summaries of held-out functions against the sentence that was removed."""

import pytest

from codekin_model.evaluation.bleu import bleu
from codekin_model.evaluation.summaries import score_summaries, summarise_held_out
from codekin_model.evaluation.system import EvaluationError


def test_documented_functions_are_summed_up(functions, summariser):
    figures = summarise_held_out(summariser, functions)
    removed = ["give", "the", "text", "of", "a", "file", "."]
    assert len(figures) == 2
    assert figures.columns["bleu"][0] == pytest.approx(bleu(["read", "file"], removed))


def test_every_metric_reads_the_same_words():
    figures = score_summaries(["Read the File."], ["read the file ."], "d")
    found = {name: column[0] for name, column in figures.columns.items()}
    assert found == pytest.approx({"bleu": 1.0, "rouge_l": 1.0, "meteor": 1 - 0.5 / 64, "cider": 0.0})


def test_functions_can_be_capped(functions, summariser):
    assert len(summarise_held_out(summariser, functions, limit=1)) == 1


def test_functions_without_docstrings_cannot_be_compared(functions, summariser):
    with pytest.raises(EvaluationError, match="no held-out function has a docstring"):
        summarise_held_out(summariser, functions[2:])
