"""A corpus becomes two views of each function, its name, and texts that ask for it."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

pytest.importorskip("transformers")
pytest.importorskip("datasketch")

from tokenizers import Tokenizer

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction
from codekin_model.extraction.passage import passage
from codekin_model.runtime.word_pieces import WordPieces
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_model.training.teacher_config import TeacherSizes
from codekin_model.training.teacher_data import NO_WORD, load_teacher_data, ragged

SIZES = TeacherSizes(tokens=100, words=50)
SOURCE = '''
def zebra_{package}(rows):
    """Counts the quaggas of a herd."""
    zebra_{package}(rows)
    return rows

def file_rows(rows):
    kept = sorted(rows)
    return kept

def __len__(self):
    size = self.size
    return size

def tiny(): return 1
'''
PACKAGES = {"ours": "train", "near": "train", "mine": "train", "far": "validation", "hidden": "test"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The same four functions in five packages, one of which is searched with; each package writes its own name."""
    folder = tmp_path_factory.mktemp("corpus")
    lines = [
        json.dumps({**asdict(CorpusFunction(package, "a.py", unit)), "split": split})
        for package, split in PACKAGES.items()
        for unit in find_units(parse(text_of(SOURCE.format(package=package))))
        if unit.kind.is_function
    ]
    (folder / "functions.jsonl").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def pieces(bert):
    return WordPieces(bert / "tokenizer.json")


@pytest.fixture(scope="module")
def functions(corpus):
    """By package and name."""
    return {(function.package, function.unit.name): function for _, function in read_corpus(corpus)}


@pytest.fixture
def load(corpus, pieces, tmp_path):
    """The data with the questions that are given, by function."""

    def loaded(sizes=SIZES, questions=None):
        if questions is None:
            return load_teacher_data(corpus, None, pieces, sizes)
        file = tmp_path / "questions.tsv"
        file.write_text("".join("\t".join([each.unit.fingerprint, *asked]) + "\n" for each, asked in questions))
        return load_teacher_data(corpus, file, pieces, sizes)

    return loaded


@pytest.fixture
def data(load):
    return load()


def named(data, package: str, name: str) -> int:
    """The row of a function, by the words of its name."""
    rows = [at for at, each in enumerate(data.packages) if each == package and data.plain_names[at] == name]
    assert len(rows) == 1
    return rows[0]


def text_of_ids(bert, ids) -> str:
    return Tokenizer.from_file(str(bert / "tokenizer.json")).decode(ids.tolist()).replace(" ##", "")


def test_functions_are_those_with_a_query_or_a_name_to_learn(data):
    expected = {
        (package, name) for package in ("ours", "near", "mine", "far") for name in (f"zebra {package}", "file rows")
    }
    assert set(zip(data.packages, data.plain_names, strict=True)) == expected


def test_test_packages_are_never_read(data):
    assert "hidden" not in data.packages
    assert set(data.splits) == {"train", "validation"}
    assert "hidden" not in data.vocabulary


def test_docstrings_are_in_neither_view(data, bert):
    for row in range(len(data.packages)):
        for view in (data.masked, data.visible):
            assert "quagga" not in text_of_ids(bert, view[row])


def test_a_masked_view_does_not_hold_the_own_name(data, bert):
    row = named(data, "ours", "zebra ours")
    assert "zebra" not in text_of_ids(bert, data.masked[row])
    assert text_of_ids(bert, data.visible[row]).count("zebra") == 3


def test_views_are_the_passages_that_a_function_is_measured_by(data, functions, pieces):
    unit = functions["far", "zebra_far"].unit
    row = named(data, "far", "zebra far")
    assert data.masked[row].tolist() == pieces.encode(passage(unit, masked=True, docstring=False), 100)
    assert data.visible[row].tolist() == pieces.encode(passage(unit, docstring=False), 100)


def test_views_are_cut(load):
    data = load(replace(SIZES, tokens=9))
    lengths = [len(view[row]) for view in (data.masked, data.words, data.visible) for row in range(len(view))]
    assert set(lengths) == {9}


def test_the_vocabulary_is_of_training_names_that_are_no_rarity(data):
    assert set(data.vocabulary.words[2:]) == {
        "zebra",
        "file",
        "rows",
    }  # three training packages; far counts for nothing


def test_a_word_has_the_same_number_in_a_name_and_in_a_body(data):
    row = named(data, "ours", "file rows")
    own = {data.vocabulary.id_of("file"), data.vocabulary.id_of("rows")}
    assert set(data.names[row].tolist()) == own
    assert data.vocabulary.id_of("rows") in data.words[row]
    assert data.vocabulary.id_of("file") not in data.words[row]


def test_words_out_of_the_vocabulary_have_numbers_behind_it(data):
    row = named(data, "ours", "zebra ours")
    known, strange = data.names[row].tolist()
    assert known == data.vocabulary.id_of("zebra")
    assert strange >= len(data.vocabulary)
    others = data.words[named(data, "ours", "file rows")]
    assert strange not in others
    assert (others >= len(data.vocabulary)).any()  # kept, sorted


def test_every_piece_has_its_word_or_none(data, pieces, functions):
    unit = functions["ours", "file_rows"].unit
    words = pieces.with_words(passage(unit, masked=True, docstring=False), 100).words
    found = data.words[named(data, "ours", "file rows")].tolist()
    assert [each == NO_WORD for each in found] == [not word for word in words]
    assert len({(word, number) for word, number in zip(words, found, strict=True) if word}) == len(set(words) - {""})


def test_a_sentence_asks_for_what_has_one(data):
    assert data.sentences[named(data, "near", "zebra near")] == "Counts the quaggas of a herd."
    assert data.sentences[named(data, "near", "file rows")] == ""


def test_questions_are_those_of_the_same_fingerprint(load, functions):
    function = functions["ours", "zebra_ours"]
    data = load(
        questions=[(function, ["how many  zebras", "count zebras"]), (functions["hidden", "zebra_hidden"], ["x"])]
    )
    assert data.questions == {named(data, "ours", "zebra ours"): ["how many zebras", "count zebras"]}


def test_what_was_asked_about_is_always_kept(load, functions):
    bounds = replace(SIZES, documented=1, undocumented=0)
    assert "len" not in load(bounds).plain_names
    kept = load(bounds, questions=[(functions["ours", "__len__"], ["size of it"])])
    assert ("ours", "len") in set(zip(kept.packages, kept.plain_names, strict=True))


def test_a_name_that_python_gives_is_not_learnt(load, functions):
    data = load(questions=[(functions["ours", "__len__"], ["size of it"])])
    assert len(data.names[named(data, "ours", "len")]) == 0


def test_a_package_gives_no_more_than_its_bounds(load):
    data = load(replace(SIZES, undocumented=0, held_out=1))
    trained = [name for name, split in zip(data.plain_names, data.splits, strict=True) if split == "train"]
    assert sorted(trained) == ["zebra mine", "zebra near", "zebra ours"]
    assert data.packages.count("far") == 2  # one with a docstring, one without


def test_the_choice_is_that_of_the_seed(load):
    bounds = replace(SIZES, documented=1, undocumented=1)
    assert load(bounds).plain_names == load(bounds).plain_names


def test_ragged_rows():
    rows = ragged([[1, 2], [], np.array([3])])
    assert (len(rows), [rows[at].tolist() for at in range(3)]) == (3, [[1, 2], [], [3]])
    assert len(ragged([])) == 0
