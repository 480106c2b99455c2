"""What search and names are learnt from: rows line up, and nothing held out is among what is learnt from."""

import json

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.corpus.package_list import Split
from codekin_model.extracted import extract
from codekin_model.extraction.passage import passage
from codekin_model.torch_runtime.search_config import CodePart, FusionKind, QueryKind
from codekin_model.training.machine import TrainingError
from codekin_model.training.search_config import DataConfig, NamesConfig, SearchConfig, TrainingConfig
from codekin_model.training.search_data import load_search_data
from codekin_model.vocab.context_batch import StructureVocabulary, encode_contexts
from codekin_model.vocab.vocabulary import PADDING, UNKNOWN

EVERYTHING = SearchConfig(
    tuple(CodePart),
    FusionKind.ATTENTION,
    data=DataConfig(undocumented=100),
    training=TrainingConfig(naming=0.5),
)


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    return tmp_path_factory.mktemp("features")


@pytest.fixture(scope="module")
def data(corpus, features, frozen):
    return load_search_data(EVERYTHING, corpus, features, frozen)


@pytest.mark.parametrize("split", ["train", "validation"])
@pytest.mark.parametrize("code", ["language-model", "tokens"])
def test_without_docstrings_it_is_said_what_is_missing(corpus, frozen, tmp_path, split, code):
    rows = [json.loads(line) for line in (corpus / "functions.jsonl").read_text().splitlines()]
    for row in rows:
        if row["split"] == split:
            row["unit"]["docstring"] = None
    (tmp_path / "functions.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    query = QueryKind.LANGUAGE_MODEL if code == "language-model" else QueryKind.RNN
    with pytest.raises(TrainingError, match=f"no {split} function has a docstring to search with: train on more code"):
        load_search_data(SearchConfig((CodePart(code),), query=query), tmp_path, tmp_path, frozen)


def units(data, rows) -> list:
    return [data.functions[row].unit for row in rows]


def test_every_view_of_a_function_is_the_text_it_says(data, embed):
    def stored(texts):
        return embed(texts).astype(np.float16)

    everything = range(len(data.functions))
    masked = [passage(unit, masked=True, docstring=False) for unit in units(data, everything)]
    visible = [passage(unit, docstring=False) for unit in units(data, data.documented)]
    described = [passage(unit, masked=True) for unit in units(data, data.naming.described_rows)]
    assert np.array_equal(data.masked.text, stored(masked))
    assert np.array_equal(data.visible.text, stored(visible))
    assert np.array_equal(data.naming.described, stored(described))
    assert np.array_equal(data.queries.text, stored([data.functions[row].summary for row in data.documented]))


def test_a_masked_view_does_not_say_the_name(data):
    words = data.vocabularies["words"].words
    for row in data.documented_rows(Split.TRAIN):
        place = data.documented[row]
        verb, noun = data.functions[place].unit.name.split("_")
        masked = [words[word] for word in data.masked.tokens[place] if word != PADDING]
        visible = [words[word] for word in data.visible.tokens[row] if word != PADDING]
        assert visible[:2] == [verb, noun]  # of the qualified name, which a masked passage begins without
        assert masked[:3] == ["def", "method", "name"]


@pytest.mark.parametrize("position", [0, 7, -1])
def test_contexts_are_those_of_the_function(data, position):
    row = int(data.documented[position])
    structure = StructureVocabulary(data.vocabularies["subtokens"], data.vocabularies["paths"])
    views = ((data.masked, row, True), (data.visible, position % len(data.documented), False))
    for view, at, is_masked in views:
        contexts = extract(data.functions[row].unit, masked=is_masked, docstring=False).contexts
        expected = encode_contexts([contexts], structure)
        assert seen(view.contexts.batch(np.array([at]), 200)) == seen(expected)


def seen(batch) -> list:
    columns = zip(batch.start[0], batch.path[0], batch.end[0], strict=True)
    return sorted(
        (batch.terminals[start].tolist(), path, batch.terminals[end].tolist())
        for start, path, end in columns
        if path != PADDING
    )


def test_splits_are_those_of_the_packages_and_tests_are_not_read(data):
    packages = {split: {data.functions[row].package for row in data.rows(split)} for split in Split}
    assert packages == {Split.TRAIN: {"first", "second"}, Split.VALIDATION: {"third"}, Split.TEST: set()}


def test_functions_that_count_for_nothing_are_left_out(data):
    assert {function.unit.name for function in data.functions if function.summary is None} == {"close"}


def test_a_label_is_the_name_and_names_are_learnt_from_training_packages_only(data):
    names = data.vocabularies["names"]
    for unit, label in zip(units(data, range(len(data.functions))), data.naming.labels, strict=True):
        assert names.words[label] == ("<UNK>" if unit.name.startswith("split_") else unit.name)
    assert UNKNOWN in data.naming.labels


def test_words_of_held_out_packages_alone_are_unknown(data):
    for name in ("subtokens", "labels", "words"):
        assert "merge" in data.vocabularies[name]
        assert "split" not in data.vocabularies[name]


def test_a_described_function_is_documented(data):
    assert len(data.naming.described_rows) == len(data.documented) // 3
    assert set(data.naming.described_rows) <= set(data.documented)


def test_a_sample_is_bounded_and_the_same_every_time(corpus, features, frozen):
    config = NamesConfig(data=DataConfig(documented=15, undocumented=1))
    one, two = (load_search_data(config, corpus, features, None) for _ in range(2))
    assert [len(one.documented_rows(split)) for split in Split] == [15, 2, 0]
    assert [len(one.rows(split)) for split in Split] == [16, 2, 0]
    assert one.functions == two.functions


@pytest.mark.parametrize(
    ("part", "read"),
    [("language-model", "text"), ("code2vec", "contexts"), ("cocoast", "trees"), ("tokens", "tokens")],
)
def test_only_what_is_read_is_computed(part, read, corpus, features, frozen):
    data = load_search_data(SearchConfig((CodePart(part),), query=QueryKind.CNN), corpus, features, frozen)
    views = ("text", "contexts", "trees", "tokens")
    assert [name for name in views if getattr(data.masked, name) is not None] == [read]
    assert [name for name in views if getattr(data.visible, name) is not None] == [read]
    assert (data.queries.text, data.naming, data.subtokens) == (None, None, None)
    assert data.queries.tokens is not None


def test_a_prefix_stands_before_questions_only(corpus, features, embed, frozen):
    from dataclasses import replace  # noqa: PLC0415 - for this test alone

    config = SearchConfig((CodePart.LANGUAGE_MODEL,))
    data = load_search_data(config, corpus, features, replace(frozen, query_prefix="find "))
    first = data.functions[data.documented[0]]
    assert np.array_equal(data.queries.text[:1], embed([f"find {first.summary}"]).astype(np.float16))
    assert np.array_equal(data.visible.text[:1], embed([passage(first.unit, docstring=False)]).astype(np.float16))
