"""A graph on disk: a cache beside the database, used only if it is byte for byte what was written for that database.

In: a graph and the stamp of what it was made from. Out: the graph again, or None. Must not know how it is searched.
"""

import hashlib
import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from codekin_server.store.graph import Graph, UnreadableGraph

_log = logging.getLogger(__name__)

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class GraphStamp:
    """Which database, which model and which width of vectors a graph was made for."""

    identity: str
    model: str
    width: int
    format: int = _FORMAT


def save_graph(graph: Graph, path: Path, stamp: GraphStamp) -> None:
    """Replace the cached graph. A crash in between leaves a file that its stamp does not match.

    Raises:
        OSError: the folder cannot be written.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        graph.save(fresh)
        note = {**asdict(stamp), "digest": _digest(fresh)}
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    fresh.write_text(json.dumps(note), "utf-8")
    fresh.replace(_stamp_path(path))


def load_graph(path: Path, stamp: GraphStamp) -> Graph | None:
    """The cached graph, or None if there is none, or it is damaged, or was made from something else."""
    try:
        note = json.loads(_stamp_path(path).read_text("utf-8"))
        if not isinstance(note, dict) or note != {**asdict(stamp), "digest": _digest(path)}:
            return None
        return Graph(stamp.width, path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, UnreadableGraph) as problem:
        _log.warning("the graph cache %s is not usable (%s) and is built again", path, problem)
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def _stamp_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")
