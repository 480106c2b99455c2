"""The folder that a workspace is.

In: a path somebody gave. Out: the folder, or :class:`AssistError`. Must not know what is done with it.
"""

from pathlib import Path

from codekin_server.assist_error import AssistError


def workspace_root(given: Path) -> Path:
    """``given`` without links and ``..``.

    Raises:
        AssistError: it is no folder.

    """
    if not given.exists():
        raise AssistError(f"there is no folder {given}; give one that holds Python code")
    if not given.is_dir():
        raise AssistError(f"{given} is a file; give the folder that holds it")
    return given.resolve()
