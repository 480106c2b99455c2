"""The command line as a whole."""

import os
import subprocess
import sys

import pytest

COMMANDS = ("index", "search", "similar", "names", "explain", "extract", "status", "clean", "serve", "demo",
            "corpus", "train", "evaluate", "export")  # fmt: skip


def test_help_names_every_command(codekin):
    outcome = codekin("--help")
    assert outcome.code == 0
    assert all(command in outcome.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(codekin, command):
    outcome = codekin(command, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert "Usage: codekin" in outcome.out


@pytest.mark.parametrize("arguments", [(), ("corpus",)])
def test_without_a_command_there_is_help_and_no_complaint(codekin, arguments):
    outcome = codekin(*arguments)
    assert (outcome.code, outcome.err) == (2, "")
    assert "Usage: codekin" in outcome.out


def test_the_version(codekin):
    assert codekin("--version").out.startswith("codekin ")


def test_an_unknown_command(refused):
    assert "codekin --help" in refused("serach", code=2)


def test_an_unknown_option(refused):
    assert "--nope" in refused("search", "x", "--nope", code=2)


def test_a_missing_argument(refused):
    assert "codekin --help" in refused("names", code=2)


@pytest.mark.parametrize("arguments", [(), ("--stdio", "--tcp", "127.0.0.1:1")])
def test_serving_needs_one_transport(refused, arguments):
    assert "--stdio or --tcp HOST:PORT" in refused("serve", *arguments, code=2)


@pytest.mark.parametrize("address", ["2087", "localhost:", "localhost:x", "localhost:99999", ":1"])
def test_serving_needs_an_address(refused, address):
    assert "HOST:PORT" in refused("serve", "--tcp", address, code=2)


def test_the_demo_shows_each_of_the_commands(codekin, workspace):
    outcome = codekin("demo", workspace)
    assert outcome.code == 0
    for command in ("index", "search", "similar", "names"):
        assert f"$ codekin {command}" in outcome.out
    assert "How to go on" in outcome.out


def test_the_demo_needs_functions(codekin, tmp_path):
    (tmp_path / "empty").mkdir()
    outcome = codekin("demo", tmp_path / "empty")
    assert (outcome.code, len(outcome.err.splitlines())) == (1, 1)


def test_a_reader_that_leaves_early_is_no_failure_to_talk_about(workspace):
    code = "import sys; from codekin_server.cli.app import run; sys.exit(run(['extract', 'reading.py', '--json']))"
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=workspace, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")
