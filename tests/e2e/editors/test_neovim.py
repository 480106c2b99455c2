"""Neovim, set up as docs/editors.md says, with the module of editors/neovim."""

import re
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("neovim.lua")


@pytest.fixture
def driven(run_editor, documented, workspace, copied_function, tmp_path):
    """What Neovim saw, by the first word of the line; and the files before and after."""
    setup = tmp_path / "init.lua"
    setup.write_text(documented("lua"))
    (workspace / ".git").mkdir()
    copied_function(workspace)
    before = {path: path.read_text() for path in workspace.rglob("*.py")}
    output = run_editor(
        "nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {DRIVER}", NEOVIM_SETUP=str(setup)
    )
    seen = dict(line.split(": ", 1) for line in output.splitlines() if re.match(r"\w+: ", line))
    return seen, before, {path: path.read_text() for path in before}


def test_neovim_as_documented_drives_every_command(driven):
    seen, before, after = driven
    acted = re.match(r"Rename to '(\w+)'", seen["action"])[1]
    named = seen["renamed"]
    assert re.fullmatch(rf"{named}  \d+ %", seen["name"])
    assert after == {
        path: text.replace("total_price", acted).replace("read_lines", named) for path, text in before.items()
    }
    assert seen["search"].startswith(f"{named}  shop/orders.py:12  ")
    assert seen["at"] == seen["list"] == "shop/orders.py:12"
    assert int(seen["similar"]) > 0
    assert int(seen["selection"]) > 0
    assert re.fullmatch(r"strongest 5,  weak +strong  \w+ \d+ %.*", seen["explained"])
    assert seen["cleared"] == "0"
    assert re.fullmatch(r"1: count_long_words, \d+ % alike \| 1: tally_long_words, \d+ % alike", seen["duplicates"])
    assert seen["status"].startswith("codekin: ready; root: ")
