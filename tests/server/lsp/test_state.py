import asyncio

import pytest

from codekin_server.lsp.state import FolderState, StateTeller, together


@pytest.fixture
def told():
    return []


@pytest.fixture
def teller(told):
    made = StateTeller(told.append)
    made.wanted = True
    return made


async def test_a_client_that_did_not_ask_is_told_nothing(told):
    teller = StateTeller(told.append)
    teller.tell("a", FolderState())
    await asyncio.sleep(0.3)
    assert told == []


async def test_many_changes_are_told_as_few_and_the_last_is(teller, told):
    for done in range(100):
        teller.tell("a", FolderState("indexing", done, 100))
        await asyncio.sleep(0)
    teller.tell("a", FolderState("ready"))
    await asyncio.sleep(0.6)
    assert len(told) <= 3
    assert told[-1]["state"] == "ready"


async def test_the_same_state_is_told_once(teller, told):
    for _ in range(3):
        teller.tell("a", FolderState("ready"))
        await asyncio.sleep(0.3)
    assert len(told) == 1


def test_of_several_folders_the_most_pressing_state_is_told():
    states = [FolderState("ready", tier="teacher"), FolderState("indexing", 1, 5, "student"), FolderState("paused")]
    assert together(states)["state"] == "indexing"
    assert together([*states, FolderState("failed", message="no model")])["message"] == "no model"


def test_what_is_indexed_is_summed():
    state = together([FolderState("indexing", 1, 5), FolderState("indexing", 2, 10), FolderState("ready", 7, 7)])
    assert (state["done"], state["total"]) == (3, 15)


def test_the_tier_is_the_lowest():
    assert together([FolderState(tier="teacher"), FolderState(tier="student")])["tier"] == "student"


def test_no_folder_is_ready():
    assert together([])["state"] == "ready"
