import asyncio

import pytest

from codekin_server.answers import AssistError
from codekin_server.lsp.several import ask_several


async def answer(folder):
    if folder.startswith("gone"):
        raise AssistError(f"there is no folder {folder}")
    return folder.upper()


async def test_those_that_answer_count_and_the_others_say_why_they_do_not():
    several = await ask_several(["gone", "a", "gone too", "b"], answer)
    assert several.answers == [("a", "A"), ("b", "B")]
    assert several.failures == [("gone", "there is no folder gone"), ("gone too", "there is no folder gone too")]


async def test_a_reason_that_several_have_is_told_once():
    assert (await ask_several(["gone", "a", "gone"], answer)).reasons == ["there is no folder gone"]


async def test_where_none_answers_it_is_a_failure():
    with pytest.raises(AssistError, match="no folder gone 1"):
        await ask_several(["gone 1", "gone 2"], answer)


async def test_who_asks_nobody_gets_no_answers():
    assert (await ask_several([], answer)).answers == []


async def test_an_answer_that_is_dropped_drops_the_whole():
    async def dropped(folder):
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await ask_several(["a"], dropped)
