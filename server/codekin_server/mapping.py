"""The map of a workspace: its functions laid out by meaning.

In: a store with vectors. Out: :class:`MapAnswer`. Part of the API boundary, beside :mod:`codekin_server.assist_kin`.
Must not know how a map is drawn.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from pathlib import PurePosixPath

import numpy as np

from codekin_server.answers_kin import MapAnswer, MapPoint
from codekin_server.conversion import place_of
from codekin_server.copies import CopyFinder
from codekin_server.search.layout import lay_out
from codekin_server.search.similarity import similarity
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store
from codekin_server.store.unit_filter import FUNCTIONS, UnitFilter

MOST_POINTS = 5_000
"""A picture of more can neither be drawn quickly nor read."""


def map_of(store: Store, copies: CopyFinder, folder: str, threshold: float) -> MapAnswer:
    """The functions below ``folder``; of too many a sample, the same one every time."""
    units = store.wanted_units(UnitFilter(folder, FUNCTIONS.kinds))
    vectors = store.vectors_of(unit.fingerprint for unit in units)
    known = [unit for unit in units if unit.fingerprint in vectors]
    shown = _sample(known)
    note = f"{len(shown):,} of {len(known):,} functions, chosen by chance" if len(shown) < len(known) else None
    if not shown:
        return MapAnswer((), (), "there are no embedded functions here yet")
    where = lay_out(np.stack([vectors[unit.fingerprint] for unit in shown]))
    points = tuple(_point(unit, x, y) for unit, (x, y) in zip(shown, where.tolist(), strict=True))
    return MapAnswer(points, tuple(_links(shown, copies, threshold)), note)


def _sample(units: Sequence[UnitRecord]) -> list[UnitRecord]:
    """The first by a hash of their places, in the order of their places."""
    if len(units) <= MOST_POINTS:
        return list(units)
    chosen = sorted(units, key=lambda unit: blake2b(f"{unit.path}:{unit.qualified_name}".encode()).digest())
    return sorted(chosen[:MOST_POINTS], key=lambda unit: (unit.path, unit.start_byte, unit.id))


def _links(units: Sequence[UnitRecord], copies: CopyFinder, threshold: float) -> Iterator[tuple[int, int, float]]:
    """Near-duplicates by their positions; several places of one content are joined in a row."""
    contents, places = copies.contents(units), {unit.id: at for at, unit in enumerate(units)}
    positions = [[places[unit.id] for unit in each] for each in contents.values()]
    for pair in copies.pairs(contents, threshold):
        yield positions[pair.first][0], positions[pair.second][0], similarity(pair.cosine)
    repeated = copies.repeated(contents)
    for content, at in zip(contents, positions, strict=True):
        if content in repeated:
            yield from ((one, other, 1.0) for one, other in pairwise(at))


def _point(unit: UnitRecord, x: float, y: float) -> MapPoint:
    place, folder = place_of(unit), PurePosixPath(unit.path).parent.as_posix()
    return MapPoint(
        path=place.path,
        start_line=place.start_line,
        end_line=place.end_line,
        kind=place.kind,
        name=place.name,
        qualified_name=place.qualified_name,
        module=place.module,
        x=x,
        y=y,
        folder="" if folder == "." else folder,
    )
