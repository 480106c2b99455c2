"""The process that holds the model: `python -m codekin_server.worker.process --model FOLDER`.

In: requests on standard input. Out: messages on standard output, log lines on standard error. Ends when its input ends,
which is when the server closes it or dies. Must not know of stores, workspaces or editors.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

import psutil

from codekin_model.checkpoint.manifest import CheckpointError, read_manifest
from codekin_model.embedder import Embedder, Vectors
from codekin_model.extraction.passage import passage
from codekin_model.source.unit import CodeUnit
from codekin_server.worker.manners import WorkerManners
from codekin_server.worker.messages import (
    BrokenFrame,
    EmbeddedRows,
    EmbedQueries,
    EmbedUnits,
    Explained,
    MeasuredName,
    MeasureName,
    NotLoaded,
    Ready,
    Refused,
    Reply,
    Request,
    SketchUnits,
    SuggestedNames,
    SuggestNames,
    Summarise,
    Summarised,
    read_request,
    write_message,
)
from codekin_server.worker.threads import multiply_on_one_thread

_log = logging.getLogger(__name__)
_MOST_THREADS = 4

Sketcher = Callable[[Sequence[CodeUnit]], Vectors]


def main(arguments: Sequence[str] | None = None) -> int:
    """Load the model and answer until the input ends."""
    parser = argparse.ArgumentParser(description="codekin's model process; started by the language server.")
    parser.add_argument("--model", type=Path, required=True, help="a model folder")
    parser.add_argument("--threads", type=int, help="processor threads to compute with")
    parser.add_argument("--niceness", type=int, default=WorkerManners().niceness, help="how far to stand back")
    given = parser.parse_args(arguments)
    folder: Path = given.model
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the server's to handle
    replies, requests = _claim_standard_output(), SimpleQueue[Request]()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, requests), daemon=True).start()
    _give_way(given.niceness)
    multiply_on_one_thread()
    try:
        threads = thread_count(given.threads)
        embedder = load_embedder(folder, threads)
    except CheckpointError as problem:
        write_message(replies, NotLoaded(str(problem)))
        return 1
    write_message(replies, Ready(embedder.fingerprint, embedder.width))
    student = lru_cache(maxsize=1)(partial(load_sketcher, folder, threads))
    while True:
        write_message(replies, answer(embedder, requests.get(), student))


def load_embedder(folder: Path, threads: int) -> Embedder:
    """The model in ``folder``, on the runtime that it was made for.

    Raises:
        CheckpointError: the folder cannot be used, or needs an extra that is not installed.

    """
    if read_manifest(folder).hugging_face is None:
        from codekin_model.runtime.onnx_embedder import load_onnx_embedder  # noqa: PLC0415 - only if it is this one

        return load_onnx_embedder(folder, threads)
    try:
        from codekin_model.torch_runtime.hugging_face import load_hugging_face_embedder  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        raise CheckpointError(
            f"{folder} runs a Hugging Face model, for which {missing.name} is not installed: pip install 'codekin[llm]'"
        ) from missing
    return load_hugging_face_embedder(folder, threads)


def load_sketcher(folder: Path, threads: int) -> Sketcher:
    """The student in ``folder``: from units to its vectors.

    Raises:
        CheckpointError: the folder holds none.

    """
    from codekin_model.runtime.sketcher import load_onnx_sketcher  # noqa: PLC0415 - only where there is one

    sketcher = load_onnx_sketcher(folder, threads)
    return lambda units: sketcher.embed_passages([passage(unit) for unit in units])


def thread_count(chosen: int | None = None) -> int:
    """`CODEKIN_THREADS`, else ``chosen``, else the physical cores, four at most; never more than may be used.

    Raises:
        CheckpointError: the variable holds no positive number.

    """
    wanted = os.environ.get("CODEKIN_THREADS", "")
    if wanted and (not wanted.isdecimal() or int(wanted) < 1):
        raise CheckpointError(f"CODEKIN_THREADS is {wanted!r}: set it to a number from 1 up, or leave it away")
    chosen = int(wanted) if wanted else chosen
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(chosen or min(_MOST_THREADS, psutil.cpu_count(logical=False) or 1), allowed or 1))


def answer(embedder: Embedder, request: Request, student: Callable[[], Sketcher]) -> Reply:
    """What the model says to ``request``; a request that fails is answered too."""
    try:
        return _answer(embedder, request, student)
    except Exception as problem:
        _log.exception("%s failed", type(request).__name__)
        return Refused(request.id, f"{type(problem).__name__}: {problem}")


def _answer(embedder: Embedder, request: Request, student: Callable[[], Sketcher]) -> Reply:
    if isinstance(request, SketchUnits):
        return _rows(request.id, student()(request.units))
    if isinstance(request, EmbedUnits):
        return _rows(request.id, embedder.embed_units(request.units))
    if isinstance(request, EmbedQueries):
        return _rows(request.id, embedder.embed_queries(request.queries))
    if isinstance(request, SuggestNames):
        names = embedder.suggest_names(request.unit, request.around, request.limit)
        return SuggestedNames(request.id, names)
    if isinstance(request, MeasureName):
        return MeasuredName(request.id, embedder.nearness(request.unit, request.name))
    if isinstance(request, Summarise):
        return Summarised(request.id, embedder.summarise(request.unit, request.near))
    return Explained(request.id, embedder.explain(request.unit, request.name))


def _rows(request: int, vectors: Vectors) -> EmbeddedRows:
    return EmbeddedRows(request, vectors.shape[1], vectors.tobytes())


def _receive(stream: BinaryIO, requests: "SimpleQueue[Request]") -> None:
    """Queue what comes in; end the process with its input, even in the middle of a computation."""
    try:
        while (request := read_request(stream)) is not None:
            requests.put(request)
    except BrokenFrame:
        _log.exception("the server sent garbage")
    os._exit(0)  # there is no state to save, and no one left to answer


def _claim_standard_output() -> BinaryIO:
    """Keep standard output for messages: whatever a library prints goes to standard error from here on."""
    messages = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return messages


def _give_way(niceness: int) -> None:
    """An index being built must not slow down the editor."""
    process = psutil.Process()
    if sys.platform != "win32":
        process.nice(max(niceness, process.nice()))
    elif niceness:
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)


if __name__ == "__main__":
    sys.exit(main())
