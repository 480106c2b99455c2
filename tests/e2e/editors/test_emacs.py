"""Emacs, set up as docs/editors.md says, with codekin.el of editors/emacs."""

import re
from pathlib import Path

DRIVER = Path(__file__).with_name("emacs.el")


def test_emacs_as_documented_drives_every_command(run_editor, documented, workspace, copied_function, tmp_path):
    setup = tmp_path / "init.el"
    setup.write_text(documented("elisp"))
    (workspace / ".git").mkdir()  # what eglot takes for the root of a project
    copied_function(workspace)
    before = {path: path.read_text() for path in workspace.rglob("*.py")}
    output = run_editor("emacs", "--batch", "--no-init-file", "-l", str(DRIVER), EMACS_SETUP=str(setup))
    seen = dict(line.split(": ", 1) for line in output.splitlines() if re.match(r"\w+: ", line))
    acted = re.match(r"Rename to '(\w+)'", seen["action"])[1]
    named = re.fullmatch(r"(\w+) \(\d+ %\)", seen["name"])[1]
    assert {path: path.read_text() for path in before} == {
        path: text.replace("total_price", acted).replace("read_lines", named) for path, text in before.items()
    }
    assert re.fullmatch(rf"\S+shop/orders.py:12: {named}", seen["search"])
    assert int(seen["similar"]) > 0
    assert re.search(r"^codekin: \w+ \d+ %", seen["told"])
    assert "codekin-strength-5" in seen["marks"]
    assert seen["cleared"] == "0"
    assert re.fullmatch(r"2 lines, \S+: 1: count_long_words, \d+ % alike", seen["duplicates"])
    assert re.match(r"codekin: \d+ files, \d+ functions", seen["status"])
    assert "done" in output.splitlines()
