"""Opening a workspace for one command: index it first where that is needed, with a bar on standard error.

In: a folder. Out: an :class:`Assist` whose index is up to date. Must not know what it is asked then.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from codekin_server.answers import IndexAnswer
from codekin_server.assist import Assist
from codekin_server.cli.failure import say
from codekin_server.cli.target import indexed_workspace, workspace_around
from codekin_server.cli.terminal import progress_bar
from codekin_server.settings.project import project_settings


@contextmanager
def current_index(root: Path) -> Generator[Assist]:
    """The workspace with every change since the last time read and embedded."""
    with Assist.open(root) as assist:
        refresh(assist)
        yield assist


def index_around(folder: Path, chosen: Path | None) -> AbstractContextManager[Assist]:
    """The index for questions about ``folder``: one around it is used, and said, before it gets one of its own.

    A second index would change later answers, which come from the nearest one.
    """
    root = workspace_around(folder, chosen)
    if chosen is None and root != folder:
        say(f"using the index of {root}; 'codekin index {folder}' gives this folder one of its own")
    return current_index(root)


def index_of_file(file: Path, chosen: Path | None) -> AbstractContextManager[Assist]:
    """The index for the names in ``file``: that of the chosen workspace, or the nearest around it, or none."""
    root = chosen or indexed_workspace(file.parent)
    return current_index(root) if root is not None else without_index(file.parent)


@contextmanager
def without_index(root: Path) -> Generator[Assist]:
    """A workspace of which nothing is indexed and of which no trace stays: for questions about single files."""
    with TemporaryDirectory(prefix="codekin-") as cache, Assist.open(root, cache_dir=Path(cache)) as assist:
        yield assist


def refresh(assist: Assist) -> IndexAnswer:
    """Bring the index up to date, and say what the user should know about it."""
    with progress_bar() as progress:
        answer = assist.index(progress)
    _, warnings = project_settings(assist.root)
    for line in (*warnings, answer.note):
        if line:
            say(line)
    return answer
