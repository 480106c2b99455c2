"""Summaries and drafted docstrings, with a model that says what it is told to say."""

from concurrent.futures import Future
from pathlib import Path

import pytest

from codekin_model.checkpoint.manifest import Manifest, SummariesPart
from codekin_model.embedder import Described
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.answers import NO_SENTENCE, AssistError
from codekin_server.present_file import PresentFile
from codekin_server.summary import MARK, NO_DECODER, Summaries, quotable

PLAIN = Manifest("plain", 8)
WRITES = Manifest("writes", 8, summaries=SummariesPart(longest=16))
TOTAL = "class Cart:\n    def total(self, prices):\n        # all of them\n        return sum(prices)\n"


def file(code: str) -> PresentFile:
    tree = parse(text_of(code))
    return PresentFile("cart.py", tree, find_units(tree), 7)


def as_given(given: PresentFile) -> PresentFile:
    """Files stand for their own paths here."""
    return given


def near(unit, path):
    return (Described(f"Say what is near {unit.name} of {path}.", 0.5),)


@pytest.fixture
def summaries(fake_worker):
    """Of a model that has a decoder, which says ``fake_worker.sentence``."""
    fake_worker.sentence, fake_worker.asked = "Add up the prices.", []

    def summarise(unit, near=()):
        fake_worker.asked.append(unit)
        fake_worker.near = near
        answer = Future()
        answer.set_result(fake_worker.sentence)
        return answer

    fake_worker.summarise = summarise
    return Summaries(fake_worker, WRITES, as_given, near)


def test_a_model_without_a_decoder_says_so(fake_worker):
    answer = Summaries(fake_worker, PLAIN, as_given, near).answer(file(TOTAL), 2)
    assert (answer.target.name, answer.summary, answer.note) == ("total", None, NO_DECODER)


def test_the_shipped_manifest_and_the_summaries_agree(assist):
    answer = assist.summaries.answer(Path("reading.py"), 7)
    assert answer.summary is not None or answer.note


def test_a_sentence_on_one_line(summaries, fake_worker):
    fake_worker.sentence = " Add up\n the prices. "
    answer = summaries.answer(file(TOTAL), 2)
    assert (answer.summary, answer.note, answer.version) == ("Add up the prices.", None, 7)


def test_the_model_reads_no_docstring(summaries, fake_worker):
    summaries.answer(file(TOTAL.replace("# all of them", '"""Sum."""')), 3)
    (asked,) = fake_worker.asked
    assert "Sum." not in asked.passage


def test_the_model_is_told_what_functions_near_it_say(summaries, fake_worker):
    summaries.answer(file(TOTAL), 2)
    assert [each.sentence for each in fake_worker.near] == ["Say what is near total of cart.py."]


def test_a_model_with_nothing_to_say(summaries, fake_worker):
    fake_worker.sentence = ""
    answer = summaries.answer(file(TOTAL), 2)
    assert (answer.summary, answer.note) == (None, NO_SENTENCE)


def test_there_must_be_a_function(summaries):
    with pytest.raises(AssistError, match=r"no function at cart\.py:1"):
        summaries.answer(file("x = 1\n"), 1)


def drafted(summaries, code: str, line: int = 2) -> str | None:
    draft = summaries.draft(file(code), line)
    data = code.encode()
    return draft and (data[: draft.offset] + draft.text.encode() + data[draft.offset :]).decode()


def test_a_draft_is_the_first_statement_and_is_marked(summaries):
    after = drafted(summaries, TOTAL)
    assert after == TOTAL.replace("        return", f'        """Add up the prices."""  {MARK}\n        return')
    assert find_units(parse(text_of(after)))[-1].docstring == "Add up the prices."


def test_a_draft_keeps_the_files_line_ends(summaries):
    assert f"{MARK}\r\n" in drafted(summaries, TOTAL.replace("\n", "\r\n"))


def test_a_draft_keeps_tabs(summaries):
    assert f'\n\t"""Add up the prices."""  {MARK}\n\treturn' in drafted(summaries, "def f(x):\n\treturn x\n", 1)


@pytest.mark.parametrize(
    "code", ['def f(x):\n    """There."""\n    return x\n', "def f(x): return x\n", "x = 1\n", "def f(x):\n"]
)
def test_no_draft_where_there_is_a_docstring_or_no_room_for_one(summaries, code):
    assert drafted(summaries, code, 1) is None
    assert not summaries.may_draft(file(code), 1)


def test_room_for_a_draft_is_found_without_the_model(summaries, fake_worker):
    assert summaries.may_draft(file(TOTAL), 2)
    assert fake_worker.asked == []
    assert not Summaries(fake_worker, PLAIN, as_given, near).may_draft(file(TOTAL), 2)


def test_no_draft_without_a_sentence(summaries, fake_worker):
    fake_worker.sentence = None
    assert drafted(summaries, TOTAL) is None


@pytest.mark.parametrize("sentence", ['say """no"""', "a\\", 'ends with "quotes"', "\\N{x}"])
def test_a_sentence_can_be_quoted(sentence):
    code = f'"""{quotable(sentence)}"""'
    compile(code, "draft", "exec")


def test_nothing_is_said_of_neighbours_while_an_index_is_built(assist, monkeypatch):
    assist.index()
    unit, said = assist._file(Path("reading.py")).functions[0], (Described("Read.", 0.5),)
    monkeypatch.setattr(assist._sentences, "near", lambda unit, path: said)
    assert assist._described(unit, "reading.py") == said
    monkeypatch.setattr("codekin_server.assist._BUILDING", 0)  # so many units have no vector
    assert assist._described(unit, "reading.py") == ()
