"""A corpus becomes bags, what the teacher says of them, and questions."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.corpus.function import CorpusFunction
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_model.training import student_data as module
from codekin_model.training.machine import TrainingError
from codekin_model.training.student_config import StudentData
from codekin_model.training.student_data import NO_QUESTION, count_words, read_student_units, teach
from codekin_model.vocab.bag_batch import encode_bags

SOURCE = '''
def zebra_{at}(rows):
    """Counts the `quaggas` of herd {at}."""
    rows.append({at})
    return rows

def file_{at}(rows):
    kept = sorted(rows)
    return kept

def __len__(self):
    size = self.size
    return size
'''
PACKAGES = {"ours": "train", "far": "validation", "hidden": "test"}
DATA = StudentData()
TRAINED = 6
"""Functions of each kind in each package."""


def units_in(package: str):
    text = "".join(SOURCE.format(at=f"{package}_{'abcdef'[at]}") for at in range(TRAINED))
    return [unit for unit in find_units(parse(text_of(text))) if unit.kind.is_function]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    lines = [
        json.dumps({**asdict(CorpusFunction(package, "a.py", unit)), "split": split})
        for package, split in PACKAGES.items()
        for unit in units_in(package)
    ]
    (folder / "functions.jsonl").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def units(corpus):
    return read_student_units(corpus, None, DATA)


def of(units, split: str, word: str) -> list[int]:
    """Rows of a split whose passage holds a word."""
    return [
        at
        for at, (unit, its) in enumerate(zip(units.units, units.splits, strict=True))
        if its == split and word in unit.passage
    ]


def test_test_packages_are_never_read(units):
    assert set(units.splits) == {"train", "validation"}
    assert not any("hidden" in unit.passage for unit in units.units)


def test_only_what_can_be_asked_for_is_held_out(units):
    assert len(of(units, "validation", "zebra")) == TRAINED
    assert of(units, "validation", "file") == []
    assert len(of(units, "train", "file")) == TRAINED


def test_dunders_without_a_docstring_teach_nothing(units):
    assert not any("__len__" in unit.passage for unit in units.units)


def test_held_out_functions_are_seen_without_their_docstring(units):
    assert of(units, "validation", "quaggas") == []


def test_trained_functions_are_seen_with_their_docstring_half_of_the_time(units):
    assert 0 < len(of(units, "train", "quaggas")) < TRAINED


def test_a_documented_function_is_asked_for_by_its_sentence(units):
    row = of(units, "validation", "zebra_far_a")[0]
    assert units.questions[row] == "Counts the  quaggas  of herd far a"
    assert {units.questions[row] for row in of(units, "train", "file_ours")} == {""}


def test_written_questions_come_before_sentences(corpus, tmp_path):
    asked = {unit.name: unit.fingerprint for unit in units_in("ours")}
    file = tmp_path / "questions.tsv"
    file.write_text(f"{asked['zebra_ours_a']}\thow many zebras\n{asked['file_ours_b']}\tfiles\tkept files\n")
    units = read_student_units(corpus, file, DATA)
    assert units.questions[of(units, "train", "zebra_ours_a")[0]] == "how many zebras"
    assert units.questions[of(units, "train", "file_ours_b")[0]] in ("files", "kept files")


def test_a_package_gives_no_more_than_its_bounds(corpus):
    units = read_student_units(corpus, None, replace(DATA, documented=2, undocumented=1, held_out=3))
    found = [len(of(units, *each)) for each in (("train", "zebra"), ("train", "file_"), ("validation", "zebra"))]
    assert found == [2, 1, 3]


def test_the_choice_is_that_of_the_seed(corpus, units):
    again = read_student_units(corpus, None, DATA)
    assert (again.units, again.questions) == (units.units, units.questions)
    other = read_student_units(corpus, None, replace(DATA, seed=3))
    assert other.units != units.units
    assert sorted(each.fingerprint for each in other.units) == sorted(each.fingerprint for each in units.units)


def test_words_are_those_of_training_and_names_count_more(units, monkeypatch):
    words = set(count_words(units, 100).words)
    assert {"zebra", "file", "ours", "rows"} <= words
    assert "far" not in words
    monkeypatch.setattr(module, "_RAREST", 6)
    assert "zebra" in count_words(units, 100)
    monkeypatch.setattr(module, "_RAREST", 4 * TRAINED + 1)  # three times from the name, once from the source
    assert "zebra" not in count_words(units, 100)


class Embed:
    """A vector for each text, and the texts that were asked for."""

    def __init__(self) -> None:
        self.texts = []

    def __call__(self, texts):
        self.texts += texts
        return np.array([[len(text), text.count("e")] for text in texts], np.float32)


def test_the_teacher_is_asked_about_every_view_and_every_question(units, tmp_path):
    embed = Embed()
    words = count_words(units, 100)
    taught = teach(units, words, 64, embed, tmp_path)
    questions = [question for question in units.questions if question]
    assert embed.texts == [unit.passage for unit in units.units] + questions
    assert taught.vectors.tolist() == [[len(unit.passage), unit.passage.count("e")] for unit in units.units]
    for row, question in enumerate(units.questions):
        if question:
            assert taught.questions[taught.asked[row]].tolist() == [len(question), question.count("e")]
        else:
            assert taught.asked[row] == NO_QUESTION
    assert units.splits[taught.training].tolist() == ["train"] * (2 * TRAINED)
    assert units.splits[taught.validation].tolist() == ["validation"] * TRAINED


def test_the_teacher_is_asked_once(units, tmp_path):
    words = count_words(units, 100)
    teach(units, words, 64, Embed(), tmp_path)
    again = Embed()
    teach(units, words, 64, again, tmp_path)
    assert again.texts == []


def test_bags_are_those_of_all_units(units, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 5)
    words = count_words(units, 100)
    taught, expected = teach(units, words, 64, Embed(), tmp_path), encode_bags(units.units, words, 64)
    for name in ("names", "words", "contexts"):
        assert np.array_equal(getattr(taught.bags, name), getattr(expected, name))


def test_nothing_to_ask_for_is_told(units, tmp_path):
    silent = replace(units, questions=[""] * len(units.units))
    with pytest.raises(TrainingError, match="no function has a docstring or a question"):
        teach(silent, count_words(units, 100), 64, Embed(), tmp_path)
