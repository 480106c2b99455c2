"""What is asked and answered about the whole of a workspace: filters of a search, duplicates, the map.

In: nothing. Out: frozen dataclasses, and :func:`plain_kin`, their JSON. Part of the vocabulary of
:mod:`codekin_server.answers`. Must not know of editors, terminals, stores or workers.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codekin_model.source.unit import UnitKind
from codekin_server.answers import Place, plain_place

Tests = Literal["include", "exclude", "only"]
KINDS = ("function", "method", "class", "module")
"""What may be asked for; a nested function is a function."""


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """What to look for: below ``folder`` (None: everywhere), ``kinds`` of :data:`KINDS` (none: all), tests or not."""

    folder: Path | None = None
    kinds: tuple[str, ...] = ()
    tests: Tests = "include"


EVERYTHING = SearchFilter()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Functions that are near-duplicates of each other; ``similarity`` is the least between any two of them.

    ``lines`` counts those of all its members but the longest: what would go if they became one function.
    """

    similarity: float
    lines: int
    members: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class DuplicatesAnswer:
    """Clusters, those first that most lines could be saved of."""

    clusters: tuple[Cluster, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Copies:
    """A function of an open file that has ``count`` near-duplicates; ``line`` is that of its name."""

    target: Place
    name_offset: int
    count: int


@dataclass(frozen=True, slots=True)
class MapPoint(Place):
    """A function on the map; ``x`` and ``y`` lie in -1..1, ``folder`` is that of its file."""

    x: float
    y: float
    folder: str


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """Points, and links between near-duplicates: two positions in ``points`` and their similarity."""

    points: tuple[MapPoint, ...]
    links: tuple[tuple[int, int, float], ...]
    note: str | None


def plain_kin(answer: DuplicatesAnswer | MapAnswer) -> dict[str, object]:
    """The JSON object of an answer."""
    if isinstance(answer, MapAnswer):
        links = [[first, second, round(similarity, 4)] for first, second, similarity in answer.links]
        return {"points": [_plain_point(each) for each in answer.points], "links": links, "note": answer.note}
    return {"clusters": [_plain_cluster(each) for each in answer.clusters], "note": answer.note}


def _plain_cluster(cluster: Cluster) -> dict[str, object]:
    return {
        "similarity": round(cluster.similarity, 4),
        "lines": cluster.lines,
        "members": [plain_place(each) for each in cluster.members],
    }


def _plain_point(point: MapPoint) -> dict[str, object]:
    return {**plain_place(point), "x": round(point.x, 4), "y": round(point.y, 4)}


def unit_kinds(kinds: tuple[str, ...]) -> frozenset[UnitKind]:
    """The kinds of units that the names in :data:`KINDS` stand for; all where there is none."""
    wanted = {UnitKind(kind) for kind in kinds} or set(UnitKind)
    return frozenset(wanted | ({UnitKind.NESTED_FUNCTION} if UnitKind.FUNCTION in wanted else set()))
