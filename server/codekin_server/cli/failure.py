"""The request boundary of the command line: every failure becomes one line on standard error and an exit code.

In: a command to run. Out: its exit code. Must not know what any command does.
"""

import logging
import os
import sys
from collections.abc import Callable

import typer

from codekin_server.assist_error import AssistError

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
DEBUG_VARIABLE = "CODEKIN_DEBUG"

# Typer brings its own copy of click, whose names are private to it; this one's base is the usage error of either.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]

_log = logging.getLogger(__name__)


def guarded(command: Callable[[], object]) -> int:
    """Run ``command``; tell the user in one line where it fails."""
    _configure_logging()
    try:
        result = command()
    except UsageError as problem:
        if message := _message(problem):  # none where the help has been shown in place of one
            say(f"{message} See 'codekin --help'.")
        return MISUSED
    except AssistError as problem:
        say(str(problem))
        return FAILED
    except (typer.Abort, KeyboardInterrupt):
        result = INTERRUPTED
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough; without this the interpreter would complain while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as problem:
        _log.exception("a command failed")
        what = f"{type(problem).__name__}: {_one_line(problem)}"
        say(f"something went wrong in codekin itself ({what}); {DEBUG_VARIABLE}=1 shows where")
        return FAILED
    if result == INTERRUPTED:
        say("interrupted; what was finished so far is kept")
    return result if isinstance(result, int) else 0


def say(message: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"codekin: {message}\n")


def _configure_logging() -> None:
    debug = bool(os.environ.get(DEBUG_VARIABLE))
    logging.basicConfig(level=logging.DEBUG if debug else logging.CRITICAL, stream=sys.stderr)


def _message(problem: Exception) -> str:
    describe = getattr(problem, "format_message", None)
    text = _one_line(describe() if callable(describe) else problem).replace(" Value error, ", " ")  # Typer's own words
    return text if not text or text.endswith((".", "?")) else f"{text}."


def _one_line(problem: object) -> str:
    return " ".join(str(problem).split())
