"""Path contexts become padded arrays of ids."""

from collections import Counter

import numpy as np

from codekin_model.extraction.paths import PathContext, Terminal
from codekin_model.source.span import Span
from codekin_model.vocab.context_batch import SUBTOKENS, StructureVocabulary, encode_contexts
from codekin_model.vocab.vocabulary import PADDING, UNKNOWN, vocabulary_of

VOCABULARY = StructureVocabulary(
    subtokens=vocabulary_of(Counter(read=2, file=1), at_least=1, at_most=9),
    paths=vocabulary_of(Counter({"(a)^(b)_(c)": 1}), at_least=1, at_most=9),
)


def context(start: str, path: str, end: str) -> PathContext:
    return PathContext(Terminal(start, Span(0, 1)), path, Terminal(end, Span(2, 3)))


def test_a_terminal_is_its_subtokens_padded():
    assert VOCABULARY.terminal_ids("read|file") == [2, 3, *[PADDING] * (SUBTOKENS - 2)]


def test_a_long_terminal_is_cut():
    assert len(VOCABULARY.terminal_ids("|".join(["read"] * 9))) == SUBTOKENS


def test_units_with_fewer_contexts_are_padded():
    one, two = context("read", "(a)^(b)_(c)", "file"), context("other", "(x)", "read")
    batch = encode_contexts([[one], [one, two]], VOCABULARY)
    assert batch.path.tolist() == [[2, PADDING], [2, UNKNOWN]]
    assert batch.start[0, 1] == 0


def test_equal_terminals_share_a_row():
    batch = encode_contexts([[context("read", "(x)", "file"), context("file", "(x)", "read")]], VOCABULARY)
    assert batch.start[0].tolist() == batch.end[0, ::-1].tolist()
    assert len(batch.terminals) == 3


def test_a_unit_without_contexts_still_has_a_column():
    batch = encode_contexts([[]], VOCABULARY)
    assert batch.path.shape == (1, 1)
    assert not np.any(batch.path)
