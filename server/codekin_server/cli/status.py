"""``codekin status``: what the index of a workspace holds."""

from pathlib import Path

from codekin_server.answers import StatusAnswer, plain
from codekin_server.assist import Assist
from codekin_server.assist_error import AssistError
from codekin_server.cli.target import indexed_workspace
from codekin_server.cli.terminal import write_json, write_line


def run(path: Path, *, as_json: bool) -> None:
    """Tell of the index of ``path`` or of the nearest folder around it that has one; nothing is created."""
    if not path.exists():
        raise AssistError(f"there is no folder {path.resolve()}; give one that is indexed, or a folder below it")
    root = indexed_workspace(path.resolve())
    if root is None:
        raise AssistError(f"there is no index of {path.resolve()} yet; 'codekin index {path}' makes one")
    with Assist.open(root) as assist:
        answer = assist.status()
    if as_json:
        write_json(plain(answer))
    else:
        show(answer)


def show(answer: StatusAnswer) -> None:
    """A fact a line."""
    facts = {
        "workspace": answer.root,
        "index": f"{answer.index_path} ({answer.index_mb:.1f} MB)",
        "files": f"{answer.files:,}, and {answer.skipped_files:,} left out",
        "units": f"{answer.units:,}, {answer.vectors_missing:,} still to be embedded",
        "search": answer.search,
        "model": f"{answer.model} ({answer.model_fingerprint[:12]})",
        "codekin": answer.version,
    }
    for name, fact in facts.items():
        write_line(f"{name:10} {fact}")
    if answer.repaired:
        write_line(answer.repaired)
