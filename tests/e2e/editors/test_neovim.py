import re
from pathlib import Path

DRIVER = Path(__file__).with_name("neovim.lua")


def test_neovim_as_documented_renames_by_code_action_and_searches(run_editor, documented, workspace, tmp_path):
    setup = tmp_path / "init.lua"
    setup.write_text(documented("lua"))
    before = {path: path.read_text() for path in workspace.rglob("*.py")}
    output = run_editor(
        "nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {DRIVER}", NEOVIM_SETUP=str(setup)
    )
    name = re.search(r"action: Rename to '(\w+)'", output)[1]
    assert {path: path.read_text() for path in before} == {
        path: text.replace("total_price", name) for path, text in before.items()
    }
    assert "found: read_lines at line 12 of shop/orders.py" in output
