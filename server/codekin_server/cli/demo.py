"""``codekin demo``: the four commands that show what codekin is for, each printed before it is run.

A command of its own rather than a script: it works after any installation, and on the user's own code.
"""

from importlib.util import find_spec
from pathlib import Path

from rich.text import Text

from codekin_server.answers import Result
from codekin_server.assist import Assist
from codekin_server.assist_error import AssistError
from codekin_server.cli import index, names, search, similar
from codekin_server.cli.opening import refresh
from codekin_server.cli.terminal import write_line

_BUNDLED_QUERY = "find every place where a name is used"
_QUERY = "read the contents of a file from disk"
_LIMIT = 5
_NEXT = """\
How to go on:
  codekin search "what you are looking for" --path YOUR/PROJECT
  codekin names YOUR/PROJECT/some_file.py
  codekin serve --stdio      for your editor: docs/editors.md shows how to connect it
  codekin --help"""


def run(path: Path | None) -> None:
    """Show codekin on ``path``, or on jedi, which every installation brings."""
    root = (path or _bundled_workspace()).resolve()
    with Assist.open(root) as assist:
        _announce(f"codekin index {root}")
        index.show(refresh(assist))
        found = _search(assist, root, _BUNDLED_QUERY if path is None else _QUERY)
        _similar(assist, root, found)
        _names(assist, root, found)
    write_line("")
    write_line(_NEXT)


def _bundled_workspace() -> Path:
    spec = find_spec("jedi")
    if spec is None or spec.origin is None:
        raise AssistError("jedi is not installed; name a folder of Python code: codekin demo PATH")
    return Path(spec.origin).parent


def _search(assist: Assist, root: Path, query: str) -> Result:
    _announce(f"codekin search '{query}' --path {root} --limit {_LIMIT}")
    answer = assist.search(query, _LIMIT)
    search.show(answer)
    functions = [result for result in answer.results if result.kind.is_function]
    if not functions:
        raise AssistError(f"the search found no function in {root}; name a folder with more Python code")
    return functions[0]


def _similar(assist: Assist, root: Path, found: Result) -> None:
    _announce(f"codekin similar {root / found.path}:{found.start_line} --limit {_LIMIT}")
    similar.show(assist.similar(root / found.path, found.start_line, _LIMIT))


def _names(assist: Assist, root: Path, found: Result) -> None:
    _announce(f"codekin names {root / found.path}:{found.start_line}")
    names.show(assist.suggest_names(root / found.path, found.start_line, _LIMIT))


def _announce(command: str) -> None:
    write_line("")
    write_line(Text(f"$ {command}", style="bold"))
