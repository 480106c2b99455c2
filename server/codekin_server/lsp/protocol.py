"""pygls' protocol, made answer every request: also malformed ones, and those before ``initialize``.

In: raw messages. Out: the same, or an error for their sender. Must not know of features.
"""

from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcInvalidRequest, JsonRpcServerNotInitialized
from pygls.protocol import LanguageServerProtocol


@dataclass(frozen=True, slots=True)
class Malformed:
    """A request whose parameters cannot be read."""

    id: str | int
    method: str


class CodekinProtocol(LanguageServerProtocol):
    """Refuses, with a reason, what pygls would drop in silence and leave its client waiting for.

    A client that asked for a trace (``$/setTrace``), or a person that did (``wants_trace``), is told of every message.
    """

    greeted = False
    ended = False
    wants_trace = False

    def structure_message(self, data: dict[str, Any]) -> object:
        """The typed message, or :class:`Malformed`."""
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if "id" in data and "method" in data:
                return Malformed(data["id"], str(data["method"]))
            raise

    def handle_message(self, message: Any) -> None:  # noqa: ANN401 - as pygls has it
        """Dispatch a message unless it is to be refused."""
        if isinstance(message, Malformed):
            self._refuse(message.id, JsonRpcInvalidParams(f"the parameters of {message.method} cannot be read"))
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
