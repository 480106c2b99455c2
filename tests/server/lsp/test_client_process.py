import asyncio
import os
import subprocess
import sys

import psutil
import pytest

from codekin_server.lsp.client_process import ClientProcess


@pytest.fixture
def client():
    return ClientProcess()


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


async def test_the_wait_ends_with_the_process(client, sleeper):
    waiting = asyncio.ensure_future(client.until_ended(0.01))
    client.greets(sleeper.pid)
    await asyncio.sleep(0.1)
    assert not waiting.done()
    sleeper.kill()
    await asyncio.wait_for(waiting, 10)  # although nobody has taken note of its end yet


async def test_a_client_that_dies_right_after_its_greeting_is_not_waited_for(client, sleeper):
    waiting = asyncio.ensure_future(client.until_ended(0.01))
    client.greets(sleeper.pid)
    sleeper.kill()
    sleeper.wait()
    await asyncio.wait_for(waiting, 10)


async def test_a_client_that_dies_while_it_greets_is_not_waited_for(client, monkeypatch):
    def gone(number):
        raise psutil.NoSuchProcess(number)

    monkeypatch.setattr(psutil, "Process", gone)
    client.greets(os.getpid())
    await asyncio.wait_for(client.until_ended(0.01), 10)


async def test_a_number_of_another_machine_is_waited_for_for_ever(client, sleeper):
    sleeper.kill()
    sleeper.wait()
    client.greets(sleeper.pid)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.until_ended(0.01), 0.1)


@pytest.mark.parametrize("number", [None, 0, os.getpid()])
async def test_while_there_is_no_process_or_it_lives_there_is_no_end(client, number):
    client.greets(number)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.until_ended(0.01), 0.1)
