import logging

import pytest
from lsprotocol.types import ErrorCodes, LSPErrorCodes
from pygls.exceptions import JsonRpcException

from codekin_server.answers import AssistError
from codekin_server.lsp.boundary import BadArguments, Outdated, answering, completed


async def fail(problem):
    raise problem


@pytest.mark.parametrize(
    ("problem", "code", "message"),
    [
        (BadArguments("takes words"), ErrorCodes.InvalidParams, "takes words"),
        (AssistError("no function there"), LSPErrorCodes.RequestFailed, "no function there"),
        (Outdated(), LSPErrorCodes.ContentModified, "the document has changed meanwhile"),
        (KeyError("x"), ErrorCodes.InternalError, "a request failed inside codekin (KeyError); its log says where"),
        (JsonRpcException("as it is", 7), 7, "as it is"),
    ],
)
async def test_a_failure_becomes_an_error_without_a_traceback(problem, code, message):
    with pytest.raises(JsonRpcException) as caught:
        await answering(fail)(problem)
    assert (caught.value.code, caught.value.message, caught.value.data) == (code, message, None)


async def test_what_is_not_understood_is_logged_with_its_traceback(caplog):
    with caplog.at_level(logging.ERROR), pytest.raises(JsonRpcException):
        await answering(fail)(KeyError("x"))
    assert "KeyError" in caplog.text
    assert "Traceback" in caplog.text


async def test_what_the_user_can_mend_is_not_logged(caplog):
    with caplog.at_level(logging.ERROR), pytest.raises(JsonRpcException):
        await answering(fail)(AssistError("no function there"))
    assert caplog.text == ""


async def test_work_that_fails_gives_a_sentence():
    assert await completed(fail(AssistError("no folder")), "indexing") == "no folder"
    assert (
        await completed(fail(KeyError()), "indexing") == "indexing failed inside codekin (KeyError); its log says where"
    )
