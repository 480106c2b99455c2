"""The command line as a user meets it: arguments in; exit code, standard output and standard error out."""

import json
from dataclasses import dataclass

import pytest

from codekin_server.cli.app import run


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def codekin(workspace, with_fake_worker, capsys, monkeypatch):
    """Run a command where the workspace is."""
    monkeypatch.chdir(workspace)
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments) -> Outcome:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return command


@pytest.fixture
def refused(codekin):
    """Run a command that must fail: nothing on standard output, one line on standard error, no traceback."""

    def command(*arguments, code: int = 1) -> str:
        outcome = codekin(*arguments)
        assert outcome.code == code, outcome
        assert outcome.out == ""
        assert len(outcome.err.splitlines()) == 1, outcome.err
        assert outcome.err.startswith("codekin: ")
        assert "Traceback" not in outcome.err
        return outcome.err

    return command
