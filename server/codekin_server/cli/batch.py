"""Many requests in one file: a JSON object a line in, a JSON object a line out, in the same order.

In: a file of JSON lines. Out: each line as typed data, or as the error to print for it. A bad line never stops the
lines after it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from codekin_server.assist_error import AssistError
from codekin_server.cli.failure import FAILED, say
from codekin_server.cli.terminal import write_json

Request = TypeVar("Request")


def answer_lines(file: Path, kind: type[Request], answer: Callable[[Request], object]) -> int:
    """Answer every line of ``file``; the exit code is 1 if any of them failed."""
    failed = 0
    decoder = msgspec.json.Decoder(kind)
    for number, line in _lines(file):
        try:
            write_json(answer(decoder.decode(line)))
        except (msgspec.DecodeError, UnicodeDecodeError, AssistError) as problem:
            failed += 1
            write_json({"error": str(problem), "line": number})
    if failed:
        say(f"{failed} of the lines of {file} could not be answered; each has an error with its line number")
    return FAILED if failed else 0


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise AssistError(f"cannot read {file}: {problem.strerror or problem}") from problem
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            yield number, line
