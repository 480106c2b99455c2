"""pygls' protocol, made answer every request: also malformed ones, and those before ``initialize``.

In: raw messages. Out: the same, or an error for their sender. Must not know of features.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcInvalidRequest, JsonRpcServerNotInitialized
from pygls.protocol import LanguageServerProtocol


@dataclass(frozen=True, slots=True)
class Malformed:
    """A request whose parameters cannot be read."""

    id: str | int
    method: str


@dataclass(frozen=True, slots=True)
class LostChange:
    """A change to a document that cannot be read, so that its text is unknown from now on."""

    uri: str


UNVERSIONED = -(2**31)
"""In place of a version that a client did not give, as older ones need not: no version is that small."""


class CodekinProtocol(LanguageServerProtocol):
    """Refuses, with a reason, what pygls would drop in silence and leave its client waiting for.

    A client that asked for a trace (``$/setTrace``), or a person that did (``wants_trace``), is told of every message.
    """

    greeted = False
    ended = False
    wants_trace = False
    when_lost: Callable[[str], None] | None = None
    """Told the URI of a :class:`LostChange`."""

    def structure_message(self, data: dict[str, Any]) -> object:
        """The typed message, :class:`Malformed` or :class:`LostChange`."""
        try:
            return super().structure_message(self._in_full(data) if "jsonrpc" in data else data)
        except JsonRpcException:
            if "id" in data and "method" in data:
                return Malformed(data["id"], str(data["method"]))
            uri = _changed_document(data).get("uri")
            if isinstance(uri, str):
                return LostChange(uri)
            raise

    def _in_full(self, data: dict[str, Any]) -> dict[str, Any]:
        """The message with what its client may leave out.

        Raises:
            JsonRpcInvalidParams: it would be read as something else than it says.

        """
        method, params = data.get("method"), data.get("params")
        if params is None and method == types.INITIALIZED:
            return {**data, "params": {}}
        if params is None and isinstance(method, str) and self.get_message_type(method) is None:
            return {**data, "params": None}
        if method == types.WORKSPACE_EXECUTE_COMMAND and isinstance(params, dict):
            given = cast("dict[str, object]", params).get("arguments")
            if not isinstance(given, list | None):  # a text would be taken for the list of its letters
                raise JsonRpcInvalidParams
        document = _changed_document(data)
        if document and document.get("version") is None:
            return {**data, "params": {**data["params"], "textDocument": {**document, "version": UNVERSIONED}}}
        return data

    def handle_message(self, message: Any) -> None:  # noqa: ANN401 - as pygls has it
        """Dispatch a message unless it is to be refused."""
        if isinstance(message, Malformed):
            self._refuse(message.id, JsonRpcInvalidParams(f"the parameters of {message.method} cannot be read"))
            return
        if isinstance(message, LostChange):
            if self.when_lost is not None:
                self.when_lost(message.uri)
            return
        method = getattr(message, "method", None)
        number = getattr(message, "id", None)
        self._tell(f"{method or 'an answer'} came in" + (f" ({number})" if number is not None else ""), message)
        if method == types.INITIALIZE and self.greeted:
            self._refuse(message.id, JsonRpcInvalidRequest(f"{method} came a second time"))
            return
        if method == types.INITIALIZE:
            self.greeted = True
        elif not self.greeted and method is not None and hasattr(message, "id"):
            self._refuse(message.id, JsonRpcServerNotInitialized(f"{method} came before {types.INITIALIZE}"))
            return
        elif self.ended and method is not None and hasattr(message, "id"):
            self._refuse(message.id, JsonRpcInvalidRequest(f"{method} came after {types.SHUTDOWN}"))
            return
        self.ended = self.ended or method == types.SHUTDOWN
        super().handle_message(message)

    def _send_response(self, msg_id: Any, result: Any = None, error: Any = None) -> None:  # noqa: ANN401 - as in pygls
        failed = f", refused: {error.message}" if error is not None else ""
        self._tell(f"({msg_id}) is answered{failed}", result)
        super()._send_response(msg_id, result, error)

    def _tell(self, what: str, content: object) -> None:
        """One line of the trace; its content only where a client wants everything."""
        if self.trace == types.TraceValue.Off and not self.wants_trace:
            return
        verbose = repr(content) if self.trace == types.TraceValue.Verbose else None
        self.notify(types.LOG_TRACE, types.LogTraceParams(what, verbose))

    def _refuse(self, message_id: str | int, problem: JsonRpcException) -> None:
        self._send_response(message_id, error=problem.to_response_error())


def _changed_document(data: dict[str, Any]) -> dict[str, Any]:
    """What ``textDocument/didChange`` calls its document; nothing in any other message."""
    match data:
        case {"method": types.TEXT_DOCUMENT_DID_CHANGE, "params": {"textDocument": dict()}}:
            return data["params"]["textDocument"]
        case _:
            return {}
