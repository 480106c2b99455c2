"""A model process without a model: it does what the words of a query tell it to."""

import os
import sys
import time
from pathlib import Path

import numpy as np

from codekin_model.embedder import Explanation, NameSuggestion
from codekin_server.worker.messages import (
    EmbeddedRows,
    EmbedQueries,
    EmbedUnits,
    Explained,
    MeasuredName,
    MeasureName,
    NotLoaded,
    Ready,
    Refused,
    SuggestedNames,
    SuggestNames,
    read_request,
    write_message,
)


def main(folder, start):
    say(f"fake model: {start}")
    if start == "crash":
        sys.exit(3)
    if start == "crash twice":
        marks = list(folder.glob("start-*"))
        (folder / f"start-{len(marks)}").touch()
        if len(marks) < 2:
            sys.exit(3)
    if start == "refuse":
        write_message(sys.stdout.buffer, NotLoaded("the weights are gone; install codekin again"))
        return
    if start == "mumble":
        sys.stdout.write("Loading weights... 100%\n" * 20)
        sys.stdout.flush()
    if start == "hang":
        time.sleep(600)
    if start == "deaf":
        write_message(sys.stdout.buffer, Ready("fake", 1))
        time.sleep(600)
    write_message(sys.stdout.buffer, Ready("fake", 1))
    while (request := read_request(sys.stdin.buffer)) is not None:
        write_message(sys.stdout.buffer, reply(request, folder))


def reply(request, folder):
    if isinstance(request, EmbedQueries):
        return told(request, folder, request.queries)
    if isinstance(request, EmbedUnits):
        return told(request, folder, [unit.passage for unit in request.units])
    if isinstance(request, SuggestNames):
        names = [NameSuggestion(each.name, 0.5, "neighbours") for each in request.around.neighbours]
        return SuggestedNames(request.id, tuple(names[: request.limit]))
    if isinstance(request, MeasureName):
        return MeasuredName(request.id, len(request.name) / 8)
    return Explained(request.id, Explanation((1.0,), 0.25))


def say(words):
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def told(request, folder, words):
    with (folder / "served").open("a") as served:
        served.write("".join(f"{word}\n" for word in words))
    misbehave(folder, words)
    match words:
        case ["refuse", *_]:
            return Refused(request.id, "ValueError: not this one")
        case ["other"]:
            return EmbeddedRows(request.id + 1, 1, b"\0\0\0\0")
        case ["wrong kind"]:
            return Explained(request.id, Explanation((), 0.0))
    return EmbeddedRows(request.id, 1, np.array([len(word) for word in words], np.float32).tobytes())


def misbehave(folder, words):
    match words[0].split() if words else []:
        case ["die"]:
            say("fake model: out of memory")
            os._exit(9)
        case ["die", "once"] if not (folder / "died").exists():
            (folder / "died").touch()
            os._exit(9)
        case ["hang"]:
            time.sleep(600)
        case ["garbage"]:
            os.write(1, b"\xff" * 64)
            time.sleep(600)
        case ["half"]:
            os.write(1, b"\x00\x00\x10\x00abc")
            os._exit(0)
        case ["wait", name]:
            while not (folder / name).exists():
                time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
