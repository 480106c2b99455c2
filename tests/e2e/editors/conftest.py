"""Real editors, configured as docs/editors.md says, with this checkout's ``codekin`` on their path."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
DOCS = REPOSITORY / "docs" / "editors.md"
CHECKOUT = "~/src/codekin"
"""Where docs/editors.md supposes a checkout."""


@pytest.fixture
def documented():
    """The snippet of docs/editors.md in a language, for this checkout."""

    def snippet(language: str) -> str:
        found = re.search(rf"```{language}\n(.*?)```", DOCS.read_text(), re.DOTALL)[1]
        assert CHECKOUT in found
        return found.replace(CHECKOUT, str(REPOSITORY))

    return snippet


@pytest.fixture
def run_editor(server_environment, server_command, workspace, tmp_path):
    """Run an editor to its end and return what it wrote; skip, and say so, where it is not installed."""

    def run(*command: str, **variables: str) -> str:
        if shutil.which(command[0]) is None:
            reason = f"{command[0]} is not installed: what docs/editors.md says of it is NOT TESTED here"
            warnings.warn(reason, stacklevel=2)
            pytest.skip(reason)
        _launcher(tmp_path / "bin" / "codekin", server_command)
        path = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
        environment = {**server_environment, **variables, "PATH": path, "HOME": str(tmp_path)}
        done = subprocess.run(
            command, cwd=workspace, env=environment, capture_output=True, text=True, timeout=200, check=False
        )
        output = done.stdout + done.stderr
        assert done.returncode == 0, output
        return output

    return run


COPIED = '''def {name}(words, least):
    """Count words that are long enough."""
    counts = {{}}
    for word in words:
        if len(word) < least:
            continue
        counts[word] = counts.get(word, 0) + 1
    return counts
'''


@pytest.fixture
def copied_function():
    """Put a function into a workspace twice, under two names."""

    def copy(workspace: Path) -> None:
        for name in ("count", "tally"):
            (workspace / "shop" / f"{name}.py").write_text(COPIED.format(name=f"{name}_long_words"))

    return copy


def _launcher(path: Path, command: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, *command])} "$@"\n')
    path.chmod(0o755)
