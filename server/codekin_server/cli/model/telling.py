"""What the model's rooms raise for a user becomes the one error that the command line shows.

In: a piece of a command. Out: :class:`AssistError`, one line that says what to do. Must not know what a command does.
"""

from collections.abc import Generator
from contextlib import contextmanager

from codekin_server.assist_error import AssistError

_OURS = ("codekin_model", "codekin_server")


@contextmanager
def naming_the_extra() -> Generator[None]:
    """Around what imports libraries that only the extra ``train`` installs, at once or while it works."""
    try:
        yield
    except ModuleNotFoundError as missing:
        library = (missing.name or "").partition(".")[0]
        if library in _OURS:
            raise
        raise AssistError(f"{library} is not installed, which this needs: pip install 'codekin[train]'") from missing


@contextmanager
def telling(*problems: type[Exception]) -> Generator[None]:
    """Around what raises ``problems``, whose messages are for users, or meets a file it cannot read or write."""
    try:
        yield
    except problems as problem:
        raise AssistError(" ".join(str(problem).split())) from problem
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        raise AssistError(f"{where}{problem.strerror or problem}") from problem
