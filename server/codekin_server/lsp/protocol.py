"""pygls' protocol, made answer every request: also malformed ones, and those before ``initialize``.

In: raw messages. Out: the same, or an error for their sender. Must not know of features.
"""

from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcServerNotInitialized
from pygls.protocol import LanguageServerProtocol


@dataclass(frozen=True, slots=True)
class Malformed:
    """A request whose parameters cannot be read."""

    id: str | int
    method: str


class CodekinProtocol(LanguageServerProtocol):
    """Refuses, with a reason, what pygls would drop in silence and leave its client waiting for."""

    greeted = False

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
        if method == types.INITIALIZE:
            self.greeted = True
        elif not self.greeted and method is not None and hasattr(message, "id"):
            self._refuse(message.id, JsonRpcServerNotInitialized(f"{method} came before {types.INITIALIZE}"))
            return
        super().handle_message(message)

    def _refuse(self, message_id: str | int, problem: JsonRpcException) -> None:
        self._send_response(message_id, error=problem.to_response_error())
