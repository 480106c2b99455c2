"""What the server's process and the model's process say to each other. All that both sides share.

A frame is four bytes of length, then one msgpack message. The server asks, the worker answers in the order asked; its
first message, unasked, is :class:`Ready` or :class:`NotLoaded`. Must not import what runs a model, nor a store.
"""

from typing import BinaryIO, TypeVar

import msgspec

from codekin_model.embedder import Described, Explanation, NameSuggestion, Surroundings
from codekin_model.extracted import ExtractedUnit
from codekin_model.source.unit import CodeUnit

LARGEST_FRAME = 1 << 28
"""Bytes. A length above it is no length but garbage."""

_PREFIX = 4
_T = TypeVar("_T")


class BrokenFrame(ValueError):
    """The stream holds something else than frames, or ends inside one."""


class Unsendable(ValueError):
    """A message that no frame can be made of; the message says why."""


class EmbedUnits(msgspec.Struct, frozen=True, tag=True):
    """Asks for the vectors of units."""

    id: int
    units: tuple[ExtractedUnit, ...]


class SketchUnits(msgspec.Struct, frozen=True, tag=True):
    """Asks for the student's vectors of units, which are extracted where they are embedded."""

    id: int
    units: tuple[CodeUnit, ...]


class EmbedQueries(msgspec.Struct, frozen=True, tag=True):
    """Asks for the vectors of a user's words."""

    id: int
    queries: tuple[str, ...]


class SuggestNames(msgspec.Struct, frozen=True, tag=True):
    """Asks for names of a masked unit."""

    id: int
    unit: ExtractedUnit
    around: Surroundings
    limit: int


class MeasureName(msgspec.Struct, frozen=True, tag=True):
    """Asks how near a name is to a masked unit."""

    id: int
    unit: ExtractedUnit
    name: str


class Explain(msgspec.Struct, frozen=True, tag=True):
    """Asks what carried the vector of a unit, or what makes a ``name`` likely for a masked one."""

    id: int
    unit: ExtractedUnit
    name: str | None = None


class Summarise(msgspec.Struct, frozen=True, tag=True):
    """Asks for a sentence about a unit that was extracted without its docstring, beside others of the workspace."""

    id: int
    unit: ExtractedUnit
    near: tuple[Described, ...] = ()


Request = EmbedUnits | SketchUnits | EmbedQueries | SuggestNames | MeasureName | Explain | Summarise


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The model is loaded."""

    fingerprint: str
    width: int


class NotLoaded(msgspec.Struct, frozen=True, tag=True):
    """The model cannot be used, and trying again would not help; ``message`` is for the user."""

    message: str


class EmbeddedRows(msgspec.Struct, frozen=True, tag=True):
    """Vectors: float32, row after row, ``width`` values each."""

    id: int
    width: int
    data: bytes


class SuggestedNames(msgspec.Struct, frozen=True, tag=True):
    """Names: the one that is expected to share most words with the author's, then the likeliest."""

    id: int
    suggestions: tuple[NameSuggestion, ...]


class MeasuredName(msgspec.Struct, frozen=True, tag=True):
    """The share of authors' names that are farther from their functions."""

    id: int
    nearness: float


class Explained(msgspec.Struct, frozen=True, tag=True):
    """An explanation."""

    id: int
    explanation: Explanation


class Summarised(msgspec.Struct, frozen=True, tag=True):
    """A sentence, or None where the model writes none."""

    id: int
    summary: str | None


class Refused(msgspec.Struct, frozen=True, tag=True):
    """This one request failed; the worker lives on."""

    id: int
    message: str


Reply = EmbeddedRows | SuggestedNames | MeasuredName | Explained | Summarised | Refused
Message = Ready | NotLoaded | Reply

_requests = msgspec.msgpack.Decoder(Request)
_messages = msgspec.msgpack.Decoder(Message)
_encoder = msgspec.msgpack.Encoder()


def framed(message: Request | Message) -> bytes:
    """One frame.

    Raises:
        Unsendable: it holds text that is no valid Unicode, or is longer than the other side would read.

    """
    try:
        body = _encoder.encode(message)
    except UnicodeEncodeError as problem:
        raise Unsendable(f"text with a lone surrogate cannot be sent: {problem.reason}") from problem
    if len(body) > LARGEST_FRAME:
        raise Unsendable(f"a request of {len(body):,} bytes is larger than {LARGEST_FRAME:,}")
    return len(body).to_bytes(_PREFIX, "big") + body


def write_frame(stream: BinaryIO, frame: bytes) -> None:
    """Write a frame, whole, also to an unbuffered stream."""
    left = memoryview(frame)
    while left:
        left = left[stream.write(left) :]
    stream.flush()


def write_message(stream: BinaryIO, message: Request | Message) -> None:
    """Write one frame, whole, also to an unbuffered stream."""
    write_frame(stream, framed(message))


def read_request(stream: BinaryIO) -> Request | None:
    """The next request; None when the other side has closed the stream.

    Raises:
        BrokenFrame: what came is no request.

    """
    body = _read_frame(stream)
    return None if body is None else _decoded(_requests, body)


def read_message(stream: BinaryIO) -> Message | None:
    """The worker's next message; None when the other side has closed the stream.

    Raises:
        BrokenFrame: what came is no message.

    """
    body = _read_frame(stream)
    return None if body is None else _decoded(_messages, body)


def _decoded(decoder: "msgspec.msgpack.Decoder[_T]", body: bytes) -> _T:
    try:
        return decoder.decode(body)
    except msgspec.DecodeError as problem:
        raise BrokenFrame(f"no message: {problem}") from problem


def _read_frame(stream: BinaryIO) -> bytes | None:
    prefix = _read(stream, _PREFIX)
    if not prefix:
        return None
    length = int.from_bytes(prefix, "big")
    if len(prefix) < _PREFIX or length > LARGEST_FRAME:
        raise BrokenFrame(f"no frame: {prefix!r}")
    body = _read(stream, length)
    if len(body) < length:
        raise BrokenFrame(f"a frame of {length} bytes ended after {len(body)}")
    return body


def _read(stream: BinaryIO, size: int) -> bytes:
    """``size`` bytes, or fewer where the stream ends."""
    read = bytearray()
    while len(read) < size and (block := stream.read(size - len(read))):
        read += block
    return bytes(read)
