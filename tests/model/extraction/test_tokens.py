import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.extraction.tokens import (
    METHOD_NAME,
    lexical_fields,
    mask_name,
    name_word_spans,
    name_words,
    split_words,
    subtokens,
)


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("parse_header", ("parse", "header")),
        ("parseHTTPHeader2", ("parse", "http", "header")),
        ("__init__", ("init",)),
        ("HTTP", ("http",)),
        ("sha256sum", ("sha", "sum")),
        ("x", ("x",)),
        ("größe", ("größe",)),
        ("maxGrößeÄndern", ("max", "größe", "ändern")),
        ("ÜBERSchrift", ("über", "schrift")),
        ("解析Header", ("解析", "header")),
        ("two words", ("two", "words")),
        ("0x1F", ("x", "f")),
        ("1_000", ("1_000",)),
        ("2.5", ("2.5",)),
        ("_", ("_",)),
        (" 1, 2 ", ("12",)),
        ("", ()),
    ],
)
def test_identifiers_fall_into_lower_case_words(identifier, words):
    assert subtokens(identifier) == words


@given(st.text(max_size=30))
def test_words_hold_neither_spaces_nor_commas(identifier):
    words = subtokens(identifier)
    assert all(word and not re.search(r"[\s,]", word) for word in words)
    assert bool(words) == bool(re.sub(r"[\s,]", "", identifier))


@given(st.text(alphabet="abcXYZ_09", max_size=20))
def test_letters_keep_their_order(identifier):
    letters = "".join(character for character in identifier if character.isalpha()).lower()
    assert not letters or "".join(subtokens(identifier)) == letters


def test_only_whole_names_are_masked():
    masked = mask_name("read(reader.read, _read, 'read', read2, größeread)", "read")
    assert masked == f"{METHOD_NAME}(reader.{METHOD_NAME}, _read, '{METHOD_NAME}', read2, größeread)"


def test_nothing_is_masked_without_a_name():
    assert mask_name("a b", "") == "a b"


def test_split_words_keeps_order_and_repeats():
    assert split_words("self.readLine(read_line, _) + 12") == ["self", "read", "line", "read", "line", "12"]


def test_lexical_fields_keep_the_whole_name_beside_its_words(unit):
    fields = lexical_fields(
        unit('class Reader:\n    def read_line(self):\n        """Read one."""\n        return 1\n')
    )
    assert fields.name == "read line read_line"
    assert fields.qualified_name == "reader read line"
    assert fields.docstring == "read one"
    assert fields.body == "def read line self read one return 1"


def test_a_module_has_no_name_field(unit):
    assert lexical_fields(unit("import os\n")).name == ""


@given(st.text(alphabet="aZé_09 .\n²語\u0301\x00\x1c\x85\u2028-", max_size=20))
def test_text_falls_into_the_words_of_its_identifiers_and_numbers(text):
    identifiers = re.findall(r"[^\W\d]\w*|\d+", text)
    assert split_words(text) == [word for each in identifiers for word in subtokens(each) if word != "_"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("parse_header", ("parse", "header")),
        ("parseHTTPHeader2", ("parse", "http", "header2")),
        ("__init__", ("init",)),
        ("b64decode", ("b64", "decode")),
        ("to_2d_array", ("to", "2d", "array")),
        ("sha256sum", ("sha256", "sum")),
        ("SHA256", ("sha256",)),
        ("_", ()),
        ("", ()),
    ],
)
def test_words_of_a_suggested_name_keep_their_digits(name, words):
    assert name_words(name) == words


@given(st.from_regex(r"[a-z]+(_[a-z]+){0,4}", fullmatch=True))
def test_a_lower_case_name_is_put_together_again_from_its_words(name):
    assert "_".join(name_words(name)) == name


def test_words_in_a_text_stand_where_the_text_says_them():
    text = "def readFile(path2): return x.read_all(path2)"
    spans = name_word_spans(text)
    assert " ".join(word for _, _, word in spans) == "def read file path2 return x read all path2"
    assert all(text[start:end].lower() == word for start, end, word in spans)


def test_the_mark_of_a_masked_name_is_no_word_that_could_be_copied():
    assert name_word_spans(f"def {METHOD_NAME}(row): return {METHOD_NAME}(row)") == [
        (0, 3, "def"),
        (16, 19, "row"),
        (22, 28, "return"),
        (41, 44, "row"),
    ]
