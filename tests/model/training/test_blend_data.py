"""Functions that something asks for, in both views, and the ways in which they are asked for."""

import random
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.package_list import Split
from codekin_model.training.blend_config import BlendData
from codekin_model.training.blend_data import WAYS, load_blend_set, ways
from codekin_model.training.machine import TrainingError

DRAW = random.Random(0)  # noqa: S311 - a sample, not a secret
TRAINED, HELD_OUT = 36, 20
"""Documented functions of the tiny corpus: of its two training packages, and of the one to validate with."""


class Reader:
    """Remembers what it was asked to read."""

    def __init__(self, embed) -> None:
        self._embed = embed
        self.texts: list[str] = []
        self.passages: list[str] = []

    def embed_queries(self, queries):
        self.texts += queries
        return self._embed(queries)

    def embed_words(self, passages):
        self.passages += passages
        return self._embed(passages)


@pytest.fixture
def reader(embed):
    return Reader(embed)


@pytest.fixture(scope="module")
def functions(corpus):
    return [function for split, function in read_corpus(corpus) if split is Split.TRAIN]


def test_every_documented_function_is_there_in_both_views(corpus, reader, embed, tmp_path):
    data = load_blend_set(corpus, None, BlendData(), reader, tmp_path)
    assert (len(data.training), len(data.validation)) == (TRAINED, HELD_OUT)
    rows = TRAINED + HELD_OUT
    assert data.text.shape[:2] == data.words.shape[:2] == (rows, 2)
    assert data.asked.shape[:2] == (rows, WAYS)
    assert np.array_equal(data.words[:, 1], embed(reader.passages[1::2]).astype(np.float16))
    for visible, masked in zip(reader.passages[::2], reader.passages[1::2], strict=True):
        name = visible.split("def ")[1].split("(")[0]
        assert name not in masked
        assert "paths." not in visible + masked  # the docstring


def test_bounds_are_kept_and_test_packages_left_out(corpus, reader, tmp_path):
    data = load_blend_set(corpus, None, BlendData(functions=5, held_out=3), reader, tmp_path)
    assert (data.training.tolist(), data.validation.tolist()) == ([0, 1, 2, 3, 4], [5, 6, 7])


def test_what_was_embedded_once_is_kept(corpus, reader, embed, tmp_path):
    first = load_blend_set(corpus, None, BlendData(), reader, tmp_path)
    again = Reader(embed)
    second = load_blend_set(corpus, None, BlendData(), again, tmp_path)
    assert again.texts == again.passages == []
    assert np.array_equal(first.asked, second.asked)


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


def test_functions_that_only_questions_ask_for_are_trained_on(corpus, reader, functions, tmp_path):
    bare = next(each for each in functions if each.unit.docstring is None)
    questions = tmp_path / "questions.tsv"
    questions.write_text(f"{bare.unit.fingerprint}\tclose it\n")
    data = load_blend_set(corpus, questions, BlendData(), reader, tmp_path / "cache")
    asked_so = sum(each.unit.fingerprint == bare.unit.fingerprint for each in functions)
    assert len(data.training) == TRAINED + asked_so


def test_nothing_to_learn_from_is_told(corpus, reader, tmp_path):
    (tmp_path / "functions.jsonl").write_text(
        "".join(line for line in (corpus / "functions.jsonl").open() if '"split": "train"' not in line)
    )
    with pytest.raises(TrainingError, match="too few functions have a docstring"):
        load_blend_set(tmp_path, None, replace(BlendData(), seed=1), reader, tmp_path / "cache")
