"""A graph on disk: a cache beside the database, used only if it is byte for byte what was written for that database.

In: a graph and the stamp of what it was made from. Out: the graph again, or None. Must not know how it is searched.
"""

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from codekin_server.store.graph import Graph, UnreadableGraph

_log = logging.getLogger(__name__)

_FORMAT = 2


@dataclass(frozen=True, slots=True)
class GraphStamp:
    """Which database, which model and which width of vectors a graph was made for."""

    identity: str
    model: str
    width: int
    format: int = _FORMAT


def save_graph(
    graph: Graph, path: Path, stamp: GraphStamp, lock: AbstractContextManager[object] | None = None
) -> frozenset[int]:
    """Replace the cached graph; gives the keys it has there. It is left alone while ``lock`` is not held.

    A crash in between leaves a file that its stamp does not match.

    Raises:
        OSError: the folder cannot be written.
    """
    fresh, fresh_stamp = (each.with_name(f"{each.name}.{os.getpid()}.new") for each in (path, _stamp_path(path)))
    try:
        with lock or nullcontext():
            graph.save(fresh)
            keys, dead = graph.keys, sorted(graph.dead)
        note = {**asdict(stamp), "dead": dead, "digest": _digest(fresh, dead)}
        fresh_stamp.write_text(json.dumps(note), "utf-8")
        fresh.replace(path)
        fresh_stamp.replace(_stamp_path(path))
        return keys
    finally:
        fresh.unlink(missing_ok=True)
        fresh_stamp.unlink(missing_ok=True)


def load_graph(path: Path, stamp: GraphStamp) -> Graph | None:
    """The cached graph, or None if there is none, or it is damaged, or was made from something else."""
    try:
        note = json.loads(_stamp_path(path).read_text("utf-8"))
        dead = _dead_keys(note)
        if dead is None or note != {**asdict(stamp), "dead": dead, "digest": _digest(path, dead)}:
            return None
        return Graph(stamp.width, path, dead)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, UnreadableGraph) as problem:
        _log.warning("the graph cache %s is not usable (%s) and is built again", path, problem)
        return None


def _dead_keys(note: object) -> list[int] | None:
    """The dead keys that a stamp names; None where it does not say, as those of the first format do not."""
    dead = cast("dict[str, Any]", note).get("dead") if isinstance(note, dict) else None
    if not isinstance(dead, list):
        return None
    keys = cast("list[object]", dead)
    return cast("list[int]", keys) if all(isinstance(key, int) for key in keys) else None


def _digest(path: Path, dead: Sequence[int]) -> str:
    with path.open("rb") as file:
        both = hashlib.file_digest(file, "blake2b")
    both.update(json.dumps(dead).encode())
    return both.hexdigest()


def _stamp_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")
