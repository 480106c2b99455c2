"""Functions that something asks for, in both views, and the ways in which they are asked for."""

import random

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.package_list import Split
from codekin_model.training.asked_config import AskedData
from codekin_model.training.asked_data import WAYS, choose_asked, embed_asked, in_rows, ways
from codekin_model.training.machine import TrainingError

DRAW = random.Random(0)  # noqa: S311 - a sample, not a secret
TRAINED, HELD_OUT = 36, 20
"""Documented functions of the tiny corpus: of its two training packages, and of the one to validate with."""


@pytest.fixture(scope="module")
def functions(corpus):
    return [function for split, function in read_corpus(corpus) if split is Split.TRAIN]


def test_every_documented_function_is_there_in_both_views(corpus):
    asked = choose_asked([corpus], None, AskedData())
    assert (asked.training, len(asked.functions)) == (TRAINED, TRAINED + HELD_OUT)
    assert len(asked.texts) == WAYS * len(asked.functions)
    passages = asked.passages()
    for visible, masked in zip(passages[::2], passages[1::2], strict=True):
        name = visible.split("def ")[1].split("(")[0]
        assert name not in masked
        assert "paths." not in visible + masked  # the docstring


def test_bounds_are_kept_and_test_packages_left_out(corpus):
    asked = choose_asked([corpus], None, AskedData(functions=5, held_out=3))
    assert [each.package in ("first", "second") for each in asked.functions] == [True] * 5 + [False] * 3
    assert {each.package for each in asked.functions[5:]} == {"third"}


def test_another_corpus_is_learnt_from_too(corpus):
    assert choose_asked([corpus, corpus], None, AskedData()).training == 2 * TRAINED


def test_what_asks_is_embedded_in_rows_of_functions_once(corpus, embed, tmp_path):
    asked = choose_asked([corpus], None, AskedData(functions=5, held_out=3))
    first = embed_asked(asked, embed, "words", tmp_path)
    assert (first.training.tolist(), first.validation.tolist()) == ([0, 1, 2, 3, 4], [5, 6, 7])
    assert np.array_equal(first.questions, in_rows(embed(asked.texts).astype(np.float16), WAYS))
    assert np.array_equal(embed_asked(asked, fails, "words", tmp_path).questions, first.questions)


def fails(texts):
    raise AssertionError(f"{len(texts)} texts were embedded again")


def test_a_documented_function_is_asked_for_plainly_first(functions):
    texts = ways(functions[0], {}, DRAW)
    assert len(texts) == WAYS
    assert texts[0] == functions[0].summary.rstrip(".")


def test_a_question_that_was_written_is_one_of_the_ways(functions):
    written = {functions[0].unit.fingerprint: ["how do i read it"]}
    assert ways(functions[0], written, DRAW)[2] == "how do i read it"


def test_a_function_without_docstring_is_asked_for_by_its_questions(functions):
    bare = next(each for each in functions if each.unit.docstring is None)
    written = {bare.unit.fingerprint: ["close it", "flush and close"]}
    assert set(ways(bare, written, DRAW)) <= {"close it", "flush and close"}


def test_functions_that_only_questions_ask_for_are_trained_on(corpus, functions, tmp_path):
    bare = next(each for each in functions if each.unit.docstring is None)
    questions = tmp_path / "questions.tsv"
    questions.write_text(f"{bare.unit.fingerprint}\tclose it\n")
    asked = choose_asked([corpus], questions, AskedData())
    asked_so = sum(each.unit.fingerprint == bare.unit.fingerprint for each in functions)
    assert asked.training == TRAINED + asked_so


def test_nothing_to_learn_from_is_told(corpus, tmp_path):
    (tmp_path / "functions.jsonl").write_text(
        "".join(line for line in (corpus / "functions.jsonl").open() if '"split": "train"' not in line)
    )
    with pytest.raises(TrainingError, match="too few functions have a docstring"):
        choose_asked([tmp_path], None, AskedData(seed=1))


def test_questions_for_other_functions_are_refused(corpus, tmp_path):
    questions = tmp_path / "questions.tsv"
    questions.write_text("abc\twho knows\n")
    with pytest.raises(TrainingError, match="asks for no function of the corpus"):
        choose_asked([corpus], questions, AskedData())
