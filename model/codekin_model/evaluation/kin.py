"""Pairs of functions that do the same under another text, chosen and verified by hand.

In: a file of JSON lines, ``{"a": address, "b": address, "what": ...}``, an address being ``package``, ``path`` and
``qualified_name``. Out: the pairs, and which addresses share a job. Must not know of systems.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from codekin_model.evaluation.held_out import Address
from codekin_model.evaluation.system import EvaluationError


@dataclass(frozen=True, slots=True)
class Pair:
    """Two functions, and the job that both do."""

    a: Address
    b: Address
    what: str


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """The pairs of a file, in its order.

    Raises:
        EvaluationError: the file cannot be read, or a line is no such pair.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as problem:
        raise EvaluationError(f"{path} cannot be read ({problem.strerror}): name a file of pairs") from problem
    return tuple(_pair(line, path, number) for number, line in enumerate(lines, start=1) if line.strip())


def _pair(line: bytes, path: Path, number: int) -> Pair:
    try:
        return msgspec.json.decode(line, type=Pair)
    except msgspec.DecodeError as problem:
        raise EvaluationError(f"{path}, line {number} is no pair of functions: {problem}") from problem


def kin_of(pairs: Sequence[Pair]) -> dict[Address, frozenset[Address]]:
    """For each function all that share its job, itself included: partners, theirs in turn, pairs of one ``what``."""
    group: dict[Address, set[Address]] = {}
    by_job: defaultdict[str, list[Address]] = defaultdict(list)
    for pair in pairs:
        by_job[pair.what] += [pair.a, pair.b]
    for members in by_job.values():
        joined: set[Address] = set()
        for member in members:
            joined |= group.get(member, {member})
        group |= dict.fromkeys(joined, joined)
    return {address: frozenset(members) for address, members in group.items()}
