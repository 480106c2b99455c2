"""The command as its own process, with the shipped model."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from codekin_server.cli.app import main; main()"]


@pytest.fixture
def started(workspace):
    def start(*arguments) -> subprocess.Popen:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen([*COMMAND, *map(str, arguments)], cwd=workspace, env=os.environ, **pipes)

    return start


def test_a_question_in_words_finds_the_code_and_names_come_from_the_model(started, workspace):
    finding = started("search", "which function takes one number away from another?", "--json")
    out, err = finding.communicate()
    assert (finding.returncode, err) == (0, "")
    assert "subtract_numbers" in [result["name"] for result in json.loads(out)["results"][:2]]
    naming = started("names", "reading.py", "--json")
    out, err = naming.communicate()
    assert (naming.returncode, err) == (0, "")
    assert [function["name"] for function in json.loads(out)["functions"]][-1] == "close_all"


def test_ctrl_c_leaves_the_index_usable(started, workspace):
    for number in range(40):
        functions = [f"def function_{number}_{at}(value):\n    return value + {at}\n" for at in range(25)]
        (workspace / f"many_{number}.py").write_text("\n\n".join(functions))
    indexing = started("index")
    database = Path(os.environ["CODEKIN_CACHE_DIR"]) / "indexes"
    while not list(database.glob("*/index.sqlite")) and indexing.poll() is None:
        os.sched_yield()
    indexing.send_signal(signal.SIGINT)
    _, err = indexing.communicate()
    assert "Traceback" not in err
    assert (indexing.returncode, len(err.splitlines())) == (130, 1)
    again = started("status", "--json")
    out, _ = again.communicate()
    assert (again.returncode, json.loads(out)["repaired"]) == (0, None)
