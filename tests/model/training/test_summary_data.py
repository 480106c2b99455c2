"""What the summariser reads of functions, and the words it writes, as arrays."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from codekin_model.corpus.function import CorpusFunction  # noqa: E402 - torch is an extra
from codekin_model.source.text import text_of  # noqa: E402
from codekin_model.source.tree import parse  # noqa: E402
from codekin_model.source.units import find_units  # noqa: E402
from codekin_model.training.summary_config import SummaryLimits  # noqa: E402
from codekin_model.training.summary_data import (  # noqa: E402
    count_vocabularies,
    encode_sources,
    ragged,
    read_sentences,
    read_sources,
    word_numbers,
    word_of,
)
from codekin_model.vocab.vocabulary import Vocabulary  # noqa: E402

CODE = '''
def load_rows(path):
    """Load secret words."""
    return path.rows

def tiny(): pass
'''
LIMITS = SummaryLimits(labels=9, tokens=9, words=9)


@pytest.fixture
def functions() -> list[CorpusFunction]:
    units = find_units(parse(text_of(CODE)))
    return [CorpusFunction("package", "tool.py", unit) for unit in units if unit.kind.is_function]


def test_tokens_are_those_of_the_name_and_the_source_without_docstring(functions):
    words: dict[str, int] = {}
    sources = read_sources(functions, 99, words)
    first = " ".join(list(words)[number] for number in sources.tokens.of(np.array([0])))
    assert first == "load rows def load rows path return path rows"


def test_no_more_tokens_are_read_than_asked_for(functions):
    assert read_sources(functions, 4, {}).tokens.starts.tolist() == [0, 4, 8]


def test_sentences_are_closed_by_the_end_unless_they_are_cut():
    words: dict[str, int] = {}
    rows = read_sentences(["Load rows", "Load all the rows"], 3, words)
    assert [list(words)[number] for number in rows.values] == ["load", "rows", "<END>", "load", "all", "the"]


def test_ragged_rows_are_padded_to_the_longest_of_those_asked_for():
    rows = ragged([[5], [6, 7], [8, 9, 10]])
    assert rows.padded(np.array([1, 0])).tolist() == [[6, 7], [5, 0]]


def test_vocabularies_are_counted_over_the_rows_given(functions):
    words: dict[str, int] = {}
    sources = read_sources(functions * 3, 99, words)
    sentences = read_sentences(["Load rows"] * 6, 9, words)
    found = count_vocabularies(sources, sentences, tuple(words), np.array([1, 3, 5]), LIMITS)
    assert found.words.words == ("<PAD>", "<UNK>", "<BEGIN>", "<END>", "load", "rows")
    assert set(found.tokens.words[2:]) == {"tiny", "def", "pass"}
    assert "RETURN_STATEMENT" not in found.labels
    assert "PASS_STATEMENT" in found.labels


def test_a_word_out_of_the_vocabulary_has_a_number_of_its_own():
    vocabulary = Vocabulary(("<PAD>", "<UNK>", "<BEGIN>", "<END>", "load"))
    words = ("secret", "load", "rows")
    assert word_numbers(words, vocabulary).tolist() == [5, 4, 7]
    assert [word_of(number, words, vocabulary) for number in (5, 4, 7)] == list(words)


def test_encoded_tokens_and_their_numbers_stand_side_by_side(functions):
    words: dict[str, int] = {}
    sources = read_sources(functions * 3, 99, words)
    sentences = read_sentences(["Load rows"] * 6, 9, words)
    vocabularies = count_vocabularies(sources, sentences, tuple(words), np.arange(6), LIMITS)
    batch = encode_sources(sources, tuple(words), vocabularies).batch(np.array([1, 0]), torch.device("cpu"))
    assert batch.tokens.shape == batch.source.shape == (2, 9)
    assert (batch.tokens > 0).sum(1).tolist() == [4, 9]
    assert batch.source[1, 0] == vocabularies.words.id_of("load")
    assert batch.source[0, 0] >= len(vocabularies.words)
    assert len(batch.trees.states) == 2
