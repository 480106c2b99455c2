"""The one error of the API boundary, in place of those of the rooms below it.

In: a method that may fail for a reason of the user's. Out: the same, failing with :class:`AssistError`. Part of the API
boundary, beside :mod:`codekin_server.assist`. Must not know what any method does.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from codekin_server.assist_error import AssistError
from codekin_server.store.errors import StoreError
from codekin_server.worker.errors import WorkerError
from codekin_server.workspace.scanning import WorkspaceMissing

_P = ParamSpec("_P")
_T = TypeVar("_T")


def told(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """What the rooms below raise for the user becomes the one error that this boundary raises."""

    @functools.wraps(method)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return method(*args, **kwargs)
        except (StoreError, WorkspaceMissing) as problem:
            raise AssistError(str(problem)) from problem
        except WorkerError as problem:
            raise AssistError(f"the model gave no answer: {problem}") from problem

    return wrapped
