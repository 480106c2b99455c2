"""Sentences of docstrings, said as somebody might search."""

import random

import pytest

from codekin_model.training.question_style import ask, imperative, keywords, plain_sentence, with_language

SENTENCE = "Returns the number of `rows` in a table."


class Drawn(random.Random):
    """Gives the numbers it was given, and always the choice of one place."""

    def __init__(self, *numbers: float, place: int = 0) -> None:
        super().__init__()
        self._numbers, self._place = list(numbers), place

    def random(self) -> float:
        return self._numbers.pop(0)

    def choice(self, options):
        return options[self._place]


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("Parse the header.", "Parse the header"),
        ("Return a :class:`~tools.Reader` of *files*.", "Return a tools.Reader of  files"),
        ("Call :meth:`read` first", "Call read first"),
        ("Wait...", "Wait"),
    ],
)
def test_markup_and_the_full_stop_go(sentence, plain):
    assert plain_sentence(sentence) == plain


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("Returns the size.", "return the size"),
        ("Applies a filter, then sorts.", "apply a filter then sorts"),
        ("Processes rows", "process rows"),
        ("Pushes an item", "push an item"),
        ("Fetches `rows`", "fetch rows"),
        ("Boxes it", "box it"),
        ("Resizes an image (in place)", "resize an image in place"),
        ("Read a file", "read a file"),
        ("This is a test", "this is a test"),
        ("Has the v1.2 flag?", "has the v1.2 flag"),
        ("", ""),
    ],
)
def test_the_first_verb_becomes_an_order(sentence, order):
    assert imperative(sentence) == order


def test_keywords_are_the_words_that_carry_meaning():
    assert keywords(SENTENCE) == "return number rows table"


def test_a_sentence_without_such_words_is_kept():
    assert keywords("It is this.") == "it is this"


@pytest.mark.parametrize(
    ("drawn", "asked"),
    [
        (Drawn(0.1, 0.9), "return number rows table"),
        (Drawn(0.1, 0.1), "python return number rows table"),
        (Drawn(0.5), "python get the number of rows in a table"),
        (Drawn(0.5, place=2), "how to compute the number of rows in a table in python"),
        (Drawn(0.7), "return the number of rows in a table"),
        (Drawn(0.9), SENTENCE),
    ],
)
def test_a_sentence_is_asked_for_in_one_of_four_ways(drawn, asked):
    assert ask(SENTENCE, drawn) == asked


def test_a_verb_without_synonyms_stays():
    assert ask("Parses it", Drawn(0.5)) == "python parse it"


def test_the_same_source_asks_the_same():
    one, other = random.Random(3), random.Random(3)  # noqa: S311 - draws questions
    asked = [ask(SENTENCE, one) for _ in range(50)]
    assert asked == [ask(SENTENCE, other) for _ in range(50)]
    assert len(set(asked)) > 5


def test_the_language_is_named_now_and_then():
    assert with_language("sort rows", Drawn(0.2)) == "python sort rows"
    assert with_language("sort rows", Drawn(0.2, place=2)) == "sort rows in python"
    assert with_language("sort rows", Drawn(0.3)) == "sort rows"


def test_the_language_is_not_named_twice():
    assert with_language("Python sort", Drawn(0.1)) == "Python sort"
