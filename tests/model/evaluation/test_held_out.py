"""The functions that systems are measured on."""

import pytest

from codekin_model.corpus.build import CorpusError
from codekin_model.corpus.package_list import Split
from codekin_model.evaluation.held_out import Address, picked, read_held_out, sample
from codekin_model.evaluation.system import EvaluationError


def test_functions_of_the_split_and_no_others_are_read(corpus):
    held_out = read_held_out(corpus, Split.TEST)
    assert [function.package for function in held_out.functions] == ["a"] * 4 + ["b"] * 4
    assert held_out.named == {}


def test_functions_asked_for_by_name_are_found_in_any_split(corpus):
    wanted = {Address("c", "a.py", "area"), Address("a", "a.py", "area"), Address("z", "a.py", "area")}
    held_out = read_held_out(corpus, Split.TEST, wanted)
    assert {address.package for address in held_out.named} == {"a", "c"}
    assert {function.unit.name for function in held_out.named.values()} == {"area"}


def test_a_corpus_without_the_split_is_refused(corpus):
    with pytest.raises(EvaluationError, match="holds no validation functions: build it"):
        read_held_out(corpus, Split.VALIDATION)


def test_what_is_no_corpus_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="codekin corpus build"):
        read_held_out(tmp_path, Split.TEST)


def test_a_sample_is_bounded_sorted_and_the_same_each_time():
    chosen = sample(range(100), 10)
    assert (len(set(chosen)), chosen) == (10, sorted(chosen))
    assert chosen == sample(range(100), 10)
    assert sample(range(5), 10) == sample(range(5), None) == [0, 1, 2, 3, 4]


def test_functions_are_picked_in_order(functions):
    assert [function.unit.name for function in picked(functions, [2, 0])] == ["area", "read_file"]
