import asyncio
import os
import subprocess
import sys

import pytest

from codekin_server.lsp.client_process import until_ended


def sleeper():
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


async def test_the_wait_ends_with_the_process():
    process = sleeper()
    waiting = asyncio.ensure_future(until_ended(lambda: process.pid, 0.01))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    process.kill()
    await asyncio.wait_for(waiting, 10)  # although nobody has taken note of its end yet
    process.wait()


async def test_a_number_of_another_machine_is_waited_for_for_ever():
    process = sleeper()
    process.kill()
    process.wait()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(until_ended(lambda: process.pid, 0.01), 0.1)


@pytest.mark.parametrize("number", [None, 0, os.getpid()])
async def test_while_there_is_no_process_or_it_lives_there_is_no_end(number):
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(until_ended(lambda: number, 0.01), 0.1)
