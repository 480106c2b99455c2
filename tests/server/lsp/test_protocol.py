"""Messages as clients send them, read by a server that is connected to nobody."""

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codekin_server.lsp.app import build_server
from codekin_server.lsp.protocol import UNVERSIONED, LostChange, Malformed

URI = "file:///w/a.py"


def read(method, **fields):
    return build_server().protocol.structure_message({"jsonrpc": "2.0", "method": method, **fields})


def did_change(document, changes):
    return read("textDocument/didChange", params={"textDocument": document, "contentChanges": changes})


@pytest.mark.parametrize("document", [{"uri": URI}, {"uri": URI, "version": None}])
def test_a_change_needs_no_version(document):
    assert did_change(document, [{"text": "x"}]).params.text_document.version == UNVERSIONED


def test_a_version_is_kept():
    assert did_change({"uri": URI, "version": 3}, [{"text": "x"}]).params.text_document.version == 3


@pytest.mark.parametrize("changes", [3, [{"range": 1, "text": "x"}], [{"range": None}]])
def test_a_change_that_cannot_be_read_says_whose_text_is_lost(changes):
    assert did_change({"uri": URI, "version": 3}, changes) == LostChange(URI)


def test_another_notification_that_cannot_be_read_is_a_failure():
    with pytest.raises(JsonRpcException):
        read("textDocument/didOpen", params={"textDocument": 3})


@pytest.mark.parametrize("fields", [{}, {"params": None}])
def test_the_client_may_be_ready_without_parameters(fields):
    assert isinstance(read("initialized", **fields).params, types.InitializedParams)


@pytest.mark.parametrize("number", [{}, {"id": 7}])
def test_an_unknown_method_needs_no_parameters(number):
    assert read("codekin/nothing", **number).method == "codekin/nothing"


@pytest.mark.parametrize("given", ["x", {"uri": URI}, 3])
def test_arguments_that_are_no_list_are_refused(given):
    read_as = read("workspace/executeCommand", id=7, params={"command": "codekin.search", "arguments": given})
    assert read_as == Malformed(7, "workspace/executeCommand")
