"""``codekin doctor``: checks an installation, and says what to do where something is wrong."""

from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from codekin_server.cli.failure import FAILED
from codekin_server.cli.terminal import write_json, write_line
from codekin_server.installation import Check, check_installation


def run(path: Path, *, model: Path | None, cache: Path | None, as_json: bool) -> int:
    """A line a check; the exit code is 1 where one fails. Without ``model`` and ``cache`` the usual ones."""
    checks: list[Check] = []
    for check in check_installation(path.resolve(), model=model, cache=cache):
        checks.append(check)
        if not as_json:
            _show(check)
    wrong = [check for check in checks if check.advice is not None]
    if as_json:
        write_json({"ok": not wrong, "checks": [asdict(check) for check in checks]})
    else:
        write_line("nothing is wrong" if not wrong else f"{len(wrong)} of {len(checks)} checks failed")
    return FAILED if wrong else 0


def _show(check: Check) -> None:
    mark = ("ok   ", "green") if check.advice is None else ("wrong", "bold red")
    write_line(Text.assemble(mark, f" {check.name:16} {check.found}"))
    if check.advice is not None:
        write_line(Text(f"      -> {check.advice}"))
