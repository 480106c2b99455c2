"""What the fusion is trained on: rows line up, and nothing held out is among what is learnt from."""

import numpy as np
import pytest

pytest.importorskip("datasketch")

from codekin_model.corpus.package_list import Split
from codekin_model.extracted import extract
from codekin_model.extraction.passage import passage
from codekin_model.training.fusion_data import DataSizes, load_data
from codekin_model.vocab.context_batch import encode_contexts
from codekin_model.vocab.vocabulary import PADDING, UNKNOWN


def name(data, row) -> str:
    return data.functions[row].unit.name


def same_contexts(batch, expected) -> bool:
    def seen(each):
        columns = zip(each.start[0], each.path[0], each.end[0], strict=True)
        return sorted(
            (each.terminals[start].tolist(), path, each.terminals[end].tolist())
            for start, path, end in columns
            if path != PADDING
        )

    return seen(batch) == seen(expected)


def test_every_view_of_a_function_is_the_text_it_says(data, embed):
    def stored(texts):
        return embed(texts).astype(np.float16)

    some = [data.functions[row].unit for row in data.documented]
    masked = [passage(function.unit, masked=True, docstring=False) for function in data.functions]
    described = [passage(data.functions[row].unit, masked=True) for row in data.described]
    assert np.array_equal(data.masked_text, stored(masked))
    assert np.array_equal(data.visible_text, stored([passage(unit, docstring=False) for unit in some]))
    assert np.array_equal(data.described_text, stored(described))
    assert np.array_equal(data.queries, stored([data.functions[row].summary for row in data.documented]))


def test_a_masked_view_does_not_say_the_name(data):
    texts = [passage(function.unit, masked=True, docstring=False) for function in data.functions]
    assert not any(function.unit.name in text for function, text in zip(data.functions, texts, strict=True))


@pytest.mark.parametrize("position", [0, 7, -1])
def test_contexts_are_those_of_the_function(data, position):
    row = int(data.documented[position])
    unit = data.functions[row].unit
    for contexts, at, is_masked in (
        (data.masked_contexts, row, True),
        (data.visible_contexts, position % len(data.documented), False),
    ):
        extracted = extract(unit, masked=is_masked, docstring=False)
        assert same_contexts(contexts.batch(np.array([at]), 200), encode_contexts([extracted.contexts], data.structure))


def test_splits_are_those_of_the_packages(data):
    packages = {split: {data.functions[row].package for row in data.rows(split)} for split in Split}
    expected = {Split.TRAIN: {"first", "second"}, Split.VALIDATION: {"third"}, Split.TEST: {"fourth"}}
    assert packages == expected
    for split in Split:
        assert {data.functions[row].package for row in data.documented[data.documented_rows(split)]} == expected[split]


def test_functions_that_count_for_nothing_are_left_out(data):
    assert {function.unit.name for function in data.functions if function.summary is None} == {"close"}


def test_a_label_is_the_name_and_names_are_learnt_from_training_packages_only(data):
    for row, label in enumerate(data.labels):
        held_out_only = name(data, row).startswith("split_")
        assert data.names.words[label] == ("<UNK>" if held_out_only else name(data, row))
    assert UNKNOWN in data.labels


def test_words_of_held_out_packages_alone_are_unknown(data):
    assert "merge" in data.structure.subtokens
    assert "split" not in data.structure.subtokens


def test_a_described_function_is_documented(data):
    assert len(data.described) == len(data.documented) // 3
    assert set(data.described) <= set(data.documented)


def test_a_sample_is_bounded_and_the_same_every_time(corpus, embed, tmp_path):
    sizes = DataSizes(documented=15, undocumented=1)
    one, two = (load_data(corpus, tmp_path, embed, sizes) for _ in range(2))
    assert [len(one.documented_rows(split)) for split in Split] == [15, 2, 3]
    assert [len(one.rows(split)) for split in Split] == [16, 2, 3]
    assert one.functions == two.functions
