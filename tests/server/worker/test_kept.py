"""Answers that are kept: asked for once, in the order of their last use, failures never."""

from concurrent.futures import Future

import pytest

from codekin_server.worker.kept import KeptAnswers

MOST = 256


def done(answer: object) -> Future:
    future = Future()
    future.set_result(answer)
    return future


def failed(problem: Exception) -> Future:
    future = Future()
    future.set_exception(problem)
    return future


def never() -> Future:
    pytest.fail("asked again")


def test_an_answer_is_kept_even_if_it_is_none():
    kept = KeptAnswers()
    assert kept.or_ask("a", lambda: done(None)).result() is None
    assert kept.or_ask("a", never).result() is None


def test_questions_are_told_apart():
    kept = KeptAnswers()
    assert [kept.or_ask(key, lambda key=key: done(key)).result() for key in ("a", "b", "a")] == ["a", "b", "a"]


def test_a_failure_is_asked_for_again():
    kept = KeptAnswers()
    assert isinstance(kept.or_ask("a", lambda: failed(OSError())).exception(), OSError)
    assert kept.or_ask("a", lambda: done(1)).result() == 1


def test_what_was_withdrawn_is_asked_for_again():
    kept, withdrawn = KeptAnswers(), Future()
    kept.or_ask("a", lambda: withdrawn)
    withdrawn.cancel()
    assert kept.or_ask("a", lambda: done(1)).result() == 1


def test_the_one_not_asked_for_longest_goes_first():
    kept = KeptAnswers()
    for at in range(MOST):
        kept.or_ask(at, lambda at=at: done(at))
    kept.or_ask(0, never)
    kept.or_ask(MOST, lambda: done(MOST))
    assert kept.or_ask(0, never).result() == 0
    assert kept.or_ask(1, lambda: done("again")).result() == "again"
