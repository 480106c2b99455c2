"""Summaries of held-out functions against the sentence that was removed."""

import pytest

from codekin_model.evaluation.bleu import bleu
from codekin_model.evaluation.summaries import described_near, score_summaries, summarise_held_out
from codekin_model.evaluation.system import EvaluationError


def test_documented_functions_are_summed_up(functions, summariser):
    (figures,) = summarise_held_out(summariser, functions)
    removed = ["give", "the", "text", "of", "a", "file", "."]
    assert len(figures) == 2
    assert figures.columns["bleu"][0] == pytest.approx(bleu(["read", "file"], removed))


def test_every_metric_reads_the_same_words():
    figures = score_summaries("a title", ["Read the File."], ["read the file ."], "d")
    found = {name: column[0] for name, column in figures.columns.items()}
    assert found == pytest.approx({"bleu": 1.0, "rouge_l": 1.0, "meteor": 1 - 0.5 / 64, "cider": 0.0})


def test_functions_can_be_capped(functions, summariser):
    (figures,) = summarise_held_out(summariser, functions, limit=1)
    assert len(figures) == 1


def test_functions_without_docstrings_cannot_be_compared(functions, summariser):
    with pytest.raises(EvaluationError, match="no held-out function has a docstring"):
        summarise_held_out(summariser, functions[2:])


class Repeating:
    """Says what is said of the nearest function."""

    def summaries(self, functions):
        return ["nothing"] * len(functions)

    def summaries_in(self, functions, near):
        self.near = near
        return [each[0].sentence for each in near]


def test_what_a_project_says_is_measured_where_a_system_looks_at_it(functions, letters):
    system = Repeating()
    alone, inside = summarise_held_out(system, functions, letters)
    assert alone.title != inside.title
    assert alone.digest == inside.digest
    assert [[each.sentence for each in near] for near in system.near] == [
        ["Take the next line of a stream."],
        ["Give the text of a file."],
    ]
    assert inside.columns["rouge_l"].min() > alone.columns["rouge_l"].max() == 0


def test_other_packages_lend_no_sentences(functions, parsed, letters):
    others = [*functions, *parsed(functions[0].unit.source, package="b")]
    near = described_near(others[:1], others, letters)
    assert [each.sentence for each in near[0]] == ["Take the next line of a stream."]
