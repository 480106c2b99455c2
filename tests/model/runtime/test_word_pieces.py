"""Word-pieces know the identifier word that they are a part of."""

import pytest

pytest.importorskip("transformers")

from codekin_model.runtime.word_pieces import WordPieces


@pytest.fixture(scope="module")
def pieces(bert):
    """Knows the words read, file, def and some more; everything else is spelt letter by letter."""
    return WordPieces(bert / "tokenizer.json")


def words(pieces, text: str, limit: int = 60) -> list[str]:
    """The words of the pieces between the marks at both ends."""
    found = pieces.with_words(text, limit).words
    assert (found[0], found[-1]) == ("", "")
    return found[1:-1]


def test_a_word_in_pieces_is_the_same_word_in_each(pieces):
    assert words(pieces, "read zip") == ["read", "zip", "zip", "zip"]


def test_camel_case_is_cut_where_a_word_begins(pieces):
    assert words(pieces, "readZIPFile") == ["read", "zip", "zip", "zip", "file", "file", "file", "file"]


def test_digits_belong_to_the_letters_before_them(pieces):
    assert words(pieces, "utf8_file") == ["utf8"] * 4 + ["", "file"]


def test_marks_of_python_are_no_words(pieces):
    assert words(pieces, "def read(file):") == ["def", "read", "", "file", "", ""]


def test_the_mark_of_a_masked_name_is_no_word(pieces):
    assert set(words(pieces, "METHOD_NAME(file)")[:-3]) == {""}
    assert words(pieces, "METHOD_NAME(file)")[-2:] == ["file", ""]


def test_there_is_a_word_for_each_piece(pieces):
    worded = pieces.with_words("def readFile(path): return λ_größe('x')", 60)
    assert len(worded.ids) == len(worded.words)


def test_what_is_cut_keeps_its_end_mark(pieces):
    whole, cut = pieces.with_words("read file line word", 60), pieces.with_words("read file line word", 4)
    assert cut.ids == [*whole.ids[:3], whole.ids[-1]]
    assert cut.words == ["", "read", "file", ""]


def test_every_way_to_encode_gives_the_same_ids(pieces):
    texts = ["def readFile(path):", "", "read " * 40]
    single = [pieces.encode(text, 12) for text in texts]
    assert pieces.encode_all(texts, 12) == single
    assert [pieces.with_words(text, 12).ids for text in texts] == single
    assert max(map(len, single)) == 12


def test_the_lengths_of_the_tokenizers_training_are_forgotten(pieces):
    assert len(pieces.encode("read", 60)) == 3
    assert len(pieces.encode("read " * 30, 60)) == 32
