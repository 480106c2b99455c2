import ast
import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.source.docstring import docstring_node, docstring_of, first_sentence
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ('"""Say it."""', "Say it."),
        ("'Say it.'", "Say it."),
        ('u"Say it."', "Say it."),
        ('R"""A \\n stays."""', "A \\n stays."),
        ('"""One\\ntwo."""', "One\ntwo."),
        ('"""\\\nOne."""', "One."),
        (r'"\x41\101\u0041\N{LATIN SMALL LETTER A}\\ \" \' \z"', "AAAa\\ \" ' \\z"),
        (r'"\N{no such name} \ud800 \U00110000"', r"\N{no such name} \ud800 \U00110000"),
        ('"One " "two."', "One two."),
        ('("One "\n  r"t\\wo.")', "One t\\wo."),
        ('(("One."))', "One."),
        ('"""One.\r\n    Two.\r\n    """', "One.\nTwo."),
        ('"""\n    One.\n\n      Two.\n    """', "One.\n\n  Two."),
        ('""', None),
        ('"""   """', None),
        ('b"""Bytes."""', None),
        ('f"""F."""', None),
        ('"One " f"{two}"', None),
        ('"One", "two"', None),
        ('"One".upper()', None),
        ("...", None),
    ],
)
def test_a_docstring_says_what_python_would_show(literal, text):
    tree = parse(text_of(literal + "\n"))
    assert docstring_of(tree.root) == text


def test_comments_may_stand_before_and_inside():
    assert docstring_of(parse(text_of("# first\n('a'  # why\n 'b')\n")).root) == "ab"


@pytest.mark.parametrize("statement", ['b"Bytes."', 'f"F."', "x = 1", '"a" + "b"'])
def test_what_is_no_docstring_has_no_node(statement):
    assert docstring_node(parse(text_of(statement)).root) is None


@pytest.mark.parametrize("broken", ['"""never closed', "'", '"', "u'''", '("a"', '"\\', "("])
def test_broken_literals_are_no_error(broken):
    docstring_of(parse(text_of(broken)).root)


def test_no_body_has_no_docstring():
    assert docstring_of(None) is None


@given(st.text(alphabet="aé \\nxuN{}0'\"\n\t", max_size=30), st.sampled_from(["", "r", "u", "R"]))
def test_decoding_agrees_with_python(content, prefix):
    code = f'{prefix}"""{content}"""\n'
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = ast.get_docstring(ast.parse(code))
    except (SyntaxError, ValueError):
        return
    if prefix in ("r", "R") and re.search(r'\\["\\]*$', content):
        return  # the grammar does not know that a raw literal may end in backslashes, or in one and quotes
    assert docstring_of(parse(text_of(code)).root) == (expected if expected and expected.strip() else None)


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("Read a file. Then close it.", "Read a file."),
        ("Read\n  a file\n\nMore.", "Read a file"),
        ("Version 1.2 of it", "Version 1.2 of it"),
        ("", None),
        (None, None),
    ],
)
def test_the_first_sentence_is_one_line(docstring, sentence):
    assert first_sentence(docstring) == sentence
