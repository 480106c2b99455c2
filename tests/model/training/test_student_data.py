"""A corpus becomes bags of two views, what the teacher says of them, and questions."""

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
from codekin_model.training.student_data import NO_QUESTION, Encoding, count_words, read_student_units, teach
from codekin_model.vocab.bag_batch import encode_bags
from codekin_model.vocab.vocabulary import Vocabulary
from codekin_model.vocab.word_parts import WordParts

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
DATA = StudentData(shown=0.5)
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
    return read_student_units([corpus], None, DATA, paths=True)


def of(units, split: str, word: str) -> list[int]:
    """Functions of a split whose visible view holds a word."""
    return [
        at
        for at, (unit, its) in enumerate(zip(units.views[::2], units.splits, strict=True))
        if its == split and word in unit.passage
    ]


def test_test_packages_are_never_read(units):
    assert set(units.splits) == {"train", "validation"}
    assert not any("hidden" in unit.passage for unit in units.views)


def test_only_what_can_be_asked_for_is_held_out(units):
    assert len(of(units, "validation", "zebra")) == TRAINED
    assert of(units, "validation", "file") == []
    assert len(of(units, "train", "file")) == TRAINED


def test_dunders_without_a_docstring_teach_nothing(units):
    assert not any("__len__" in unit.passage for unit in units.views)


def test_a_function_is_seen_with_its_name_and_without(units):
    for visible, masked in zip(units.views[::2], units.views[1::2], strict=True):
        assert (visible.masked, masked.masked) == (False, True)
        assert ("METHOD_NAME" in visible.passage, "METHOD_NAME" in masked.passage) == (False, True)
        assert visible.fingerprint == masked.fingerprint


def test_held_out_functions_are_seen_without_their_docstring(units):
    assert of(units, "validation", "quaggas") == []


def test_the_share_that_shows_its_docstring_does_so_in_the_visible_view(units):
    assert len(of(units, "train", "quaggas")) == TRAINED // 2
    assert not any("quaggas" in unit.passage for unit in units.views[1::2])


def test_path_contexts_are_extracted_where_they_are_read(corpus, units):
    assert all(unit.contexts for unit in units.views)
    without = read_student_units([corpus], None, DATA, paths=False)
    assert [unit.passage for unit in without.views] == [unit.passage for unit in units.views]
    assert not any(unit.contexts for unit in without.views)


def test_a_documented_function_is_asked_for_by_its_sentence(units):
    questions = units.questions[of(units, "validation", "zebra_far_a")[0]]
    assert questions[0] == "Counts the  quaggas  of herd far a"
    assert len(questions) == 3
    assert [list(units.questions[at]) for at in of(units, "train", "file_ours")] == [[]] * TRAINED


def test_written_questions_are_asked_too(corpus, tmp_path):
    asked = {unit.name: unit.fingerprint for unit in units_in("ours")}
    file = tmp_path / "questions.tsv"
    file.write_text(f"{asked['zebra_ours_a']}\thow many zebras\n{asked['file_ours_b']}\tfiles\tkept files\n")
    units = read_student_units([corpus], file, DATA, paths=False)
    assert units.questions[of(units, "train", "zebra_ours_a")[0]][2] == "how many zebras"
    assert set(units.questions[of(units, "train", "file_ours_b")[0]]) <= {"files", "kept files"}


def test_no_more_is_chosen_than_the_bounds_say(corpus):
    units = read_student_units([corpus], None, replace(DATA, documented=2, undocumented=1, held_out=3), paths=False)
    found = [len(of(units, *each)) for each in (("train", "zebra"), ("train", "file_"), ("validation", "zebra"))]
    assert found == [2, 1, 3]


def test_other_corpora_add_training_functions_and_the_bounds_are_those_of_each(corpus, tmp_path):
    text = (corpus / "functions.jsonl").read_text()
    (tmp_path / "functions.jsonl").write_text(text.replace('"validation"', '"train"').replace("zebra", "gnu"))
    data = replace(DATA, documented=4, undocumented=1)
    units = read_student_units([corpus, tmp_path], None, data, paths=False)
    found = [len(of(units, *each)) for each in (("train", "zebra"), ("train", "gnu"), ("train", "file_"))]
    assert found == [4, 4, 2]
    assert len(of(units, "train", "quaggas")) == 2 * 2
    assert len(of(units, "validation", "zebra")) == TRAINED
    assert list(units.splits) == sorted(units.splits)
    assert len(units.views) == 2 * len(units.splits) == 2 * len(units.questions)
    assert [bool(each) for each in units.questions] == [True] * 4 + [False] + [True] * 4 + [False] + [True] * TRAINED


def test_the_choice_is_that_of_the_seed(corpus, units):
    again = read_student_units([corpus], None, DATA, paths=True)
    assert (again.views, again.questions) == (units.views, units.questions)
    other = read_student_units([corpus], None, replace(DATA, seed=3), paths=True)
    assert other.views != units.views
    assert sorted(each.fingerprint for each in other.views) == sorted(each.fingerprint for each in units.views)


def test_words_are_those_of_training_and_names_count_more(units, monkeypatch):
    words = set(count_words(units, 100, 0).words)
    assert {"zebra", "file", "ours", "rows"} <= words
    assert "far" not in words
    monkeypatch.setattr(module, "_RAREST", 6)
    assert "zebra" in count_words(units, 100, 0)
    monkeypatch.setattr(module, "_RAREST", 4 * TRAINED + 1)  # three times from the name, once from the source
    assert "zebra" not in count_words(units, 100, 0)


class Teacher:
    """A vector for each text, and the texts that it was asked about."""

    def __init__(self, fingerprint="letters") -> None:
        self.passages, self.texts = [], []
        self.fingerprint = fingerprint

    def code(self, passages):
        self.passages += passages
        return np.array([[len(text), text.count("e")] for text in passages], np.float32)

    def queries(self, texts):
        self.texts += texts
        return np.array([[len(text), text.count("a")] for text in texts], np.float32)


@pytest.fixture(scope="module")
def encoding(units):
    return Encoding(count_words(units, 100, 50), buckets=64, apart=0.0, seed=1)


def test_the_teacher_is_asked_about_every_view_and_every_question(units, encoding, tmp_path):
    teacher = Teacher()
    taught = teach(units, encoding, [teacher], tmp_path)
    assert teacher.passages == [unit.passage for unit in units.views]
    assert teacher.texts == [text for questions in units.questions for text in questions]
    for row, questions in enumerate(units.questions):
        views = units.views[2 * row : 2 * row + 2]
        assert taught.taught.vectors[row].tolist() == [[len(unit.passage), unit.passage.count("e")] for unit in views]
        if questions:
            found = taught.taught.questions[taught.asked[row]].tolist()
            assert found == [[len(text), text.count("a")] for text in questions]
        else:
            assert taught.asked[row] == NO_QUESTION
    assert units.splits[taught.training].tolist() == ["train"] * (2 * TRAINED)
    assert units.splits[taught.validation].tolist() == ["validation"] * TRAINED


def test_the_teacher_is_asked_once(units, encoding, tmp_path):
    teach(units, encoding, [Teacher()], tmp_path)
    again = Teacher()
    teach(units, encoding, [again], tmp_path)
    assert again.passages == again.texts == []


def test_another_teacher_is_asked_anew(units, encoding, tmp_path):
    first, other = Teacher(), Teacher("another")
    teach(units, encoding, [first], tmp_path)
    teach(units, encoding, [other], tmp_path)
    assert (other.passages, other.texts) == (first.passages, first.texts)


def test_further_teachers_are_asked_the_same(units, encoding, tmp_path):
    first, other = Teacher(), Teacher("another")
    data = teach(units, encoding, [first, other], tmp_path)
    assert (other.passages, other.texts) == (first.passages, first.texts)
    assert [np.array_equal(each.vectors, data.taught.vectors) for each in data.others] == [True]


def test_bags_are_those_of_all_views(units, encoding, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 5)
    taught = teach(units, encoding, [Teacher()], tmp_path)
    expected = encode_bags(units.views, WordParts(encoding.vocabulary).ids_of, 64)
    for name in ("names", "words", "contexts"):
        assert np.array_equal(getattr(taught.bags, name), getattr(expected, name))


def test_words_are_taken_apart_in_training_functions_alone(units, tmp_path, monkeypatch):
    monkeypatch.setattr("codekin_model.vocab.word_parts._COMMON", 1)
    vocabulary = Vocabulary(("<PAD>", "<UNK>", "sorted", "s", *(f"##{letter}" for letter in "orted"), "zebra", "z"))
    vocabulary = Vocabulary((*vocabulary.words, *(f"##{letter}" for letter in "ba")))
    taught = teach(units, Encoding(vocabulary, 0, 1.0, 1), [Teacher()], tmp_path)
    zebra = vocabulary.id_of("zebra")
    for split, expected in (("train", False), ("validation", True)):
        rows = [2 * at for at in of(units, split, "zebra")]
        assert bool((taught.bags.names[rows] == zebra).any()) is expected


def test_nothing_to_ask_for_is_told(units, encoding, tmp_path):
    silent = replace(units, questions=[()] * len(units.splits))
    with pytest.raises(TrainingError, match="no function has a docstring or a question"):
        teach(silent, encoding, [Teacher()], tmp_path)
