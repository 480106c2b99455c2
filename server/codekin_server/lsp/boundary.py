"""The request boundary of the language server: a failure becomes an error for the client, never a traceback.

In: work to be done. Out: its answer, or what the client is told instead. Must not know what any work does.
"""

import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codekin_server.answers import AssistError

_log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class BadArguments(ValueError):
    """Arguments that no request can be made of; the message says what is accepted."""


class Outdated(RuntimeError):
    """The document has changed while its answer was computed."""


def answering(handler: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """A request's handler, failing with errors that its client can show."""

    @wraps(handler)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await handler(*args, **kwargs)
        except JsonRpcException:
            raise
        except Exception as problem:
            raise _as_error(problem) from None

    return guarded


async def completed(work: Awaitable[Any], what: str) -> str | None:
    """Wait for work that no request stands behind: None where it went well, else a sentence for the user."""
    try:
        await work
    except Exception as problem:
        return _as_error(problem, what).message
    return None


def reason_of(problem: Exception) -> str:
    """What the user is told of a failure that does not stop everything."""
    return _as_error(problem).message


def logged(future: "Future[None]") -> None:
    """Log the failure of an event that nobody waits for."""
    if not future.cancelled() and (problem := future.exception()) is not None:
        _as_error(problem, "taking note of a change")


def _as_error(problem: BaseException, what: str = "a request") -> JsonRpcException:
    if isinstance(problem, BadArguments):
        return JsonRpcException(str(problem), types.ErrorCodes.InvalidParams)
    if isinstance(problem, Outdated):
        return JsonRpcException("the document has changed meanwhile", types.LSPErrorCodes.ContentModified)
    if isinstance(problem, AssistError):
        return JsonRpcException(str(problem), types.LSPErrorCodes.RequestFailed)
    _log.error("%s failed", what, exc_info=problem)
    message = f"{what} failed inside codekin ({type(problem).__name__}); its log says where"
    return JsonRpcException(message, types.ErrorCodes.InternalError)
