"""Search on held-out functions: what is asked, of what, and what is hidden."""

import numpy as np
import pytest

from codekin_model.evaluation.search import reciprocal_ranks, search_held_out
from codekin_model.evaluation.system import EvaluationError


class Scripted:
    """Scores functions by a table of its own."""

    def __init__(self, table):
        self.table = np.array(table, np.float32)
        self.asked = []

    def scores(self, queries, functions, *, masked):
        self.asked.append((tuple(queries), len(functions), masked))
        return self.table


def test_first_sentences_are_asked_among_all_functions_twice(functions):
    system = Scripted([[0.1, 0.9, 0.9, 0.2], [0.5, 0.4, 0.6, 0.1]])
    search_held_out(system, functions)
    queries = ("Give the text of a file.", "Take the next line of a stream.")
    assert system.asked == [(queries, 4, False), (queries, 4, True)]


def test_undocumented_functions_contend_among_all_and_not_in_pools(functions):
    found = search_held_out(Scripted([[0.1, 0.9, 0.9, 0.2], [0.5, 0.4, 0.6, 0.1]]), functions)
    ranks = {figures.title: figures.columns["rank"].tolist() for figures in found}
    assert ranks == {
        "search: names visible, all functions": [4, 3],
        "search: names visible, pools of 2": [2, 2],
        "search: names masked, all functions": [4, 3],
        "search: names masked, pools of 2": [2, 2],
    }


def test_scores_that_are_no_numbers_are_the_worst_everywhere(functions):
    found = search_held_out(Scripted(np.full((2, 4), np.nan)), functions)
    assert [figures.columns["rank"].tolist() for figures in found] == [[4, 4], [2, 2]] * 2


def test_queries_asked_in_chunks_give_the_same_ranks(functions, letters, monkeypatch):
    whole = [figures.columns["rank"].tolist() for figures in search_held_out(letters, functions)]
    monkeypatch.setattr("codekin_model.evaluation.search._AT_A_TIME", 1)
    assert [figures.columns["rank"].tolist() for figures in search_held_out(letters, functions)] == whole


def test_neither_docstrings_nor_masked_names_are_read(functions, letters):
    search_held_out(letters, functions)
    assert not any("Give the text" in text for text in letters.read)
    assert any("read_file" in text for text in letters.read[:4])
    assert not any("read_file" in text for text in letters.read[4:])


def test_queries_can_be_capped_and_candidates_are_not(functions):
    system = Scripted([[0.1, 0.9, 0.9, 0.2]])
    figures = search_held_out(system, functions, limit=1)
    assert [len(each) for each in figures] == [1, 1, 1, 1]
    assert {count for _, count, _ in system.asked} == {4}


def test_a_pool_is_of_all_documented_functions_however_few_are_asked(functions):
    (_, pooled, *_) = search_held_out(Scripted([[0.5, 0.5, 0.9, 0.9]]), functions, limit=1)
    assert pooled.columns["rank"].tolist() == [2]


def test_other_candidates_are_another_evaluation(functions, letters):
    digests = {figures.digest for some in (functions, functions[:3]) for figures in search_held_out(letters, some)}
    assert len(digests) == 2


def test_functions_without_docstrings_cannot_be_asked_for(functions, letters):
    with pytest.raises(EvaluationError, match="no held-out function has a docstring"):
        search_held_out(letters, functions[2:])


def test_reciprocal_ranks_of_vectors():
    queries = np.array([[1, 0, 0], [0.9, 0.5, 0], [0.1, 0.3, 0.2]], np.float32)
    assert reciprocal_ranks(queries, np.eye(3, dtype=np.float32)).tolist() == [1.0, 0.5, 0.5]
