"""Units become three bags of ids."""

from collections import Counter
from zlib import crc32

import pytest

from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.extraction.paths import PathContext, Terminal
from codekin_model.source.span import Span
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_model.vocab.bag_batch import (
    BAG_PATHS,
    CONTEXTS,
    NAME_PLACES,
    SOURCE_PLACES,
    bucket_of,
    encode_bags,
    encode_words,
    name_and_source_words,
)
from codekin_model.vocab.vocabulary import UNKNOWN, Vocabulary, vocabulary_of
from codekin_model.vocab.word_parts import WordParts

READ_WORD = WordParts(vocabulary_of(Counter(["file", "line", "read"]), at_least=1, at_most=9)).ids_of
FILE, LINE, READ = range(2, 5)
BUCKETS = 50


def context(start: str, path: str, end: str) -> PathContext:
    return PathContext(Terminal(start, Span(0, 1)), path, Terminal(end, Span(2, 3)))


def unit(passage: str, *contexts: PathContext) -> ExtractedUnit:
    return ExtractedUnit("print", passage, contexts)


def padded(ids: list[int], size: int) -> list[int]:
    return ids + [0] * (size - len(ids))


def test_words_of_the_qualified_name_and_of_the_source_are_two_bags():
    bags = encode_bags([unit("file read line\ndef read_line(file): strange")], READ_WORD, BUCKETS)
    assert bags.names.tolist() == [padded([FILE, READ, LINE], NAME_PLACES)]
    assert bags.words.tolist() == [padded([UNKNOWN, READ, LINE, FILE, UNKNOWN], SOURCE_PLACES)]


def test_a_unit_without_a_qualified_name_has_its_first_line_in_its_source():
    bags = encode_bags([unit("def read(line):\n    return file")], READ_WORD, BUCKETS)
    assert not bags.names.any()
    assert bags.words[0, :5].tolist() == [UNKNOWN, READ, LINE, UNKNOWN, FILE]


def test_the_mark_of_a_masked_name_is_no_word():
    assert name_and_source_words("file\ndef METHOD_NAME(line): METHOD_NAME()") == (["file"], ["def", "line"])


def test_what_comes_later_is_not_read():
    long = unit("read " * 20 + "\n" + "line(file)\n" * 99, *[context("a", "(p)", "b")] * 60)
    bags = encode_bags([long], READ_WORD, BUCKETS)
    assert bags.names.tolist() == [[READ] * NAME_PLACES]
    assert bags.words.tolist() == [[LINE, FILE] * (SOURCE_PLACES // 2)]
    assert bags.contexts.shape == (1, CONTEXTS)
    assert bags.contexts.all()


def test_a_rare_word_takes_a_place_for_each_of_its_parts_until_there_is_none():
    read = WordParts(Vocabulary(("<PAD>", "<UNK>", "read", "##er", "##s"))).ids_of
    bags = encode_words(["readers read\ndef f():" + "\n    readers" * 50], read)
    assert bags.names.tolist() == [padded([2, 3, 4, 2], NAME_PLACES)]
    assert bags.words[0].tolist() == ([UNKNOWN, UNKNOWN] + [2, 3, 4] * 50)[:SOURCE_PLACES]


def test_a_context_is_numbered_by_its_path_and_the_last_words_of_its_terminals():
    expected = 1 + crc32(b"header (a)^(b) line") % (BUCKETS - 1)
    assert bucket_of(context("parse|header", "(a)^(b)", "line"), BUCKETS) == expected
    assert bucket_of(context("header", "(a)^(b)", "first|line"), BUCKETS) == expected
    assert bucket_of(context("header", "(a)_(b)", "line"), BUCKETS) != expected


@pytest.mark.parametrize("token", ["x", "größe", "\ud800"])
def test_no_context_is_padding_or_has_too_high_a_number(token):
    assert 0 < bucket_of(context(token, "(a)", "y"), 2) < 2


def test_a_unit_is_encoded_the_same_beside_any_other():
    (one, two) = find_units(parse(text_of("def read(file):\n    return file.line\n\ndef area(a, b): return a * b\n")))[
        1:
    ]
    units = [extract(each, limits=BAG_PATHS) for each in (one, two)]
    together = encode_bags(units, READ_WORD, BUCKETS)
    for row, each in enumerate(units):
        alone = encode_bags([each], READ_WORD, BUCKETS)
        for name in ("names", "words", "contexts"):
            assert getattr(alone, name)[0].tolist() == getattr(together, name)[row].tolist()
    assert together.contexts.any(axis=1).all()


def test_passages_alone_have_no_contexts():
    (one,) = find_units(parse(text_of("def read(file):\n    return file.line\n")))[1:]
    unit = extract(one, limits=BAG_PATHS)
    bags, words = encode_bags([unit], READ_WORD, BUCKETS), encode_words([unit.passage], READ_WORD)
    assert words.names.tolist() == bags.names.tolist()
    assert words.words.tolist() == bags.words.tolist()
    assert bags.contexts.any()
    assert not words.contexts.any()


def test_without_buckets_no_contexts_are_read():
    one = unit("def read(line): pass", context("a", "(p)", "b"))
    assert not encode_bags([one], READ_WORD, 0).contexts.any()


def test_no_units():
    assert encode_bags([], READ_WORD, BUCKETS).words.shape == (0, SOURCE_PLACES)
