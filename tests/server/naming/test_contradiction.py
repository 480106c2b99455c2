"""The rule by which a name contradicts its body, one condition at a time."""

from dataclasses import replace

import pytest

from codekin_model.embedder import NameSuggestion
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.naming import contradiction as rule
from codekin_server.naming.contradiction import BEHIND, FAR, SURE

CODE = '''\
def send_email(path):
    """Text."""
    with open(path) as stream:
        return stream.readlines()
'''
LISTED = (NameSuggestion("read_lines", 0.6, "decoder"), NameSuggestion("load_text", 0.1, "decoder"))


def unit(code: str = CODE):
    return next(each for each in find_units(parse(text_of(code))) if each.kind.is_function)


def contradiction(judged, listed, nearness: float = FAR):
    """By the rule, for a name that is as far from its function as it may be."""
    return rule.contradiction(judged, listed, lambda: nearness)


def test_a_name_that_nothing_speaks_for():
    judged = contradiction(unit(), LISTED)
    assert (judged.own, judged.best) == (0.0, LISTED[0])


def test_the_model_must_be_sure():
    unsure = (replace(LISTED[0], probability=SURE - 0.01),)
    assert contradiction(unit(), unsure) is None


def test_the_present_name_must_be_far_behind():
    close, far = 0.6 / BEHIND * 1.1, 0.6 / BEHIND * 0.9
    assert contradiction(unit(), (*LISTED, NameSuggestion("send_email", close, "decoder"))) is None
    judged = contradiction(unit(), (LISTED[0], NameSuggestion("send_email", far, "decoder")))
    assert judged is not None
    assert judged.own == far


@pytest.mark.parametrize(
    "code",
    [
        CODE.replace("Text.", "Text for an email."),
        CODE.replace("stream", "sender"),
        CODE.replace("send_email", "reading"),
        CODE.replace("send_email", "load"),
        CODE.replace("send_email", "main"),
        CODE.replace("send_email", "_2"),
    ],
    ids=["docstring", "body", "best name", "another likely name", "says how it is used", "no word"],
)
def test_a_word_that_speaks_for_the_name_is_enough(code):
    assert contradiction(unit(code), LISTED) is None


def test_its_own_recursive_call_does_not_speak_for_a_name():
    assert contradiction(unit(CODE.replace("open(path)", "send_email(path)")), LISTED) is not None


def test_a_name_that_is_asked_of_another_object_speaks_for_itself():
    passes_on = CODE.replace("return stream.readlines()", "return self.mailer.send_email(stream)")
    assert contradiction(unit(passes_on), LISTED) is None
    for own in ("self.send_email(stream)", "cls.send_email(stream)", "send_email(stream)"):
        assert contradiction(unit(CODE.replace("stream.readlines()", own)), LISTED) is not None


def test_a_short_function_is_not_judged():
    assert contradiction(unit("def send_email(path):\n    return read(path)\n"), LISTED) is None


def test_nothing_is_said_where_the_model_lists_nothing():
    assert contradiction(unit(), ()) is None


def test_the_present_name_must_mean_something_else():
    assert contradiction(unit(), LISTED, FAR) is not None
    assert contradiction(unit(), LISTED, FAR + 0.01) is None


def test_how_near_a_name_is_is_asked_only_where_nothing_else_speaks_for_it():
    def ask() -> float:
        raise AssertionError("asked")

    assert rule.contradiction(unit(CODE.replace("send_email", "reading")), LISTED, ask) is None
