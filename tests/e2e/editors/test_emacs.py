import re
from pathlib import Path

DRIVER = Path(__file__).with_name("emacs.el")


def test_emacs_as_documented_renames_by_code_action_and_searches(run_editor, documented, workspace, tmp_path):
    setup = tmp_path / "init.el"
    setup.write_text(documented("elisp"))
    (workspace / ".git").mkdir()  # what eglot takes for the root of a project
    before = {path: path.read_text() for path in workspace.rglob("*.py")}
    output = run_editor("emacs", "--batch", "--no-init-file", "-l", str(DRIVER), EMACS_SETUP=str(setup))
    name = re.search(r"action: Rename to '(\w+)'", output)[1]
    assert {path: path.read_text() for path in before} == {
        path: text.replace("total_price", name) for path, text in before.items()
    }
    assert re.search(r"found: \S+shop/orders.py:12: read_lines", output)
