"""Contexts encoded once say the same as contexts encoded when they are asked for."""

from collections import Counter

import numpy as np
import pytest

from codekin_model.extraction.paths import PathContext, Terminal
from codekin_model.source.span import Span
from codekin_model.training.context_store import ContextStore, count_structure, encode, name_vocabulary
from codekin_model.vocab.context_batch import ContextBatch, StructureVocabulary, encode_contexts
from codekin_model.vocab.vocabulary import PADDING, vocabulary_of

WORDS = ("read", "write", "file", "line", "path")
VOCABULARY = StructureVocabulary(
    subtokens=vocabulary_of(Counter(WORDS[:4]), at_least=1, at_most=9),
    paths=vocabulary_of(Counter({f"({at})": 1 for at in range(20)}), at_least=1, at_most=99),
)


def context(start: str, path: int, end: str) -> PathContext:
    return PathContext(Terminal(start, Span(0, 1)), f"({path})", Terminal(end, Span(2, 3)))


UNITS = [
    [context("read|file", at, WORDS[at % 5]) for at in range(12)],
    [context("path", 3, "write|line"), context("line", 99, "line")],
    [],
]


@pytest.fixture
def encoded():
    store = ContextStore(contexts=12)
    for unit in UNITS:
        store.add(unit)
    return encode(store.triples(), store, VOCABULARY)


def contexts_of(batch: ContextBatch, row: int) -> list[tuple[tuple[int, ...], int, tuple[int, ...]]]:
    """What the encoder sees of a unit, whatever the numbering of terminals and the order of contexts."""
    terminals = [tuple(each) for each in batch.terminals.tolist()]
    return sorted(
        (terminals[start], path, terminals[end])
        for start, path, end in zip(batch.start[row], batch.path[row], batch.end[row], strict=True)
        if path != PADDING
    )


def test_a_batch_says_what_encoding_the_units_says(encoded):
    batch = encoded.batch(np.array([1, 0, 2]), 12)
    expected = encode_contexts([UNITS[1], UNITS[0], UNITS[2]], VOCABULARY)
    assert [contexts_of(batch, row) for row in range(3)] == [contexts_of(expected, row) for row in range(3)]


def test_without_a_choice_the_first_contexts_are_taken(encoded):
    expected = encode_contexts([UNITS[0][:5]], VOCABULARY)
    assert contexts_of(encoded.batch(np.array([0]), 5), 0) == contexts_of(expected, 0)


def test_a_random_choice_picks_distinct_contexts_of_the_unit(encoded):
    whole = contexts_of(encode_contexts([UNITS[0]], VOCABULARY), 0)
    picks = [contexts_of(encoded.batch(np.array([0]), 5, np.random.default_rng(seed)), 0) for seed in range(8)]
    assert all(len(set(pick)) == 5 and set(pick) <= set(whole) for pick in picks)
    assert len({tuple(pick) for pick in picks}) > 1


def test_a_random_choice_prefers_contexts_to_padding(encoded):
    expected = contexts_of(encode_contexts([UNITS[1]], VOCABULARY), 0)
    for seed in range(8):
        assert contexts_of(encoded.batch(np.array([0, 1]), 2, np.random.default_rng(seed)), 1) == expected


def test_a_unit_without_contexts_is_padding(encoded):
    batch = encoded.batch(np.array([2]), 4)
    assert batch.path.tolist() == [[PADDING] * 4]
    assert not batch.terminals.any()


def test_more_contexts_than_the_limit_are_dropped():
    store = ContextStore(contexts=3)
    store.add(UNITS[0])
    assert contexts_of(encode(store.triples(), store, VOCABULARY).batch(np.array([0]), 3), 0) == contexts_of(
        encode_contexts([UNITS[0][:3]], VOCABULARY), 0
    )


def test_vocabularies_count_the_given_units_only():
    store = ContextStore(contexts=12)
    for unit in (*[UNITS[1]] * 5, UNITS[0], UNITS[0]):
        store.add(unit)
    structure = count_structure(store.triples()[:5], store, subtokens=99, paths=99)
    assert set(structure.subtokens.words[2:]) == {"path", "write", "line"}
    assert set(structure.paths.words[2:]) == {"(3)", "(99)"}


def test_names_of_many_packages_come_first():
    names = name_vocabulary(Counter(run=90, read=5, parse=7), Counter(run=1, read=3, parse=3), at_most=2)
    assert names.words[2:] == ("parse", "read")
