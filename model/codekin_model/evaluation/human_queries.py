"""Search with what people typed: queries from elsewhere, each with the one function that a person found right.

In: a system, and a folder with ``codes.jsonl`` (``id``, ``code``) and ``queries.jsonl`` (``query``, ``relevant_id``),
such as CoSQA's development set. Out: the rank of each right function among all codes, docstrings stripped, zero-shot:
nothing here is ever trained on.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from codekin_model.corpus.function import CorpusFunction
from codekin_model.evaluation.figures import RANKS, Figures, digest_of
from codekin_model.evaluation.held_out import sample
from codekin_model.evaluation.ranks import ranks_of
from codekin_model.evaluation.system import EvaluationError, SearchSystem
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

CODES, QUERIES = "codes.jsonl", "queries.jsonl"
_PACKAGE = "human queries"


@dataclass(frozen=True, slots=True)
class HumanQueries:
    """``right[i]`` is the place in ``functions`` of what answers ``queries[i]``."""

    functions: tuple[CorpusFunction, ...]
    queries: tuple[str, ...]
    right: tuple[int, ...]


def read_human_queries(folder: Path, limit: int | None = None) -> HumanQueries:
    """Read both files; at most ``limit`` queries, chosen with a fixed seed, all codes in any case.

    Raises:
        EvaluationError: a file is missing, a line is no such record, or a query names a code that is not there.
    """
    codes = [(record["id"], record["code"]) for record in _records(folder / CODES, ("id", "code"))]
    asked = list(_records(folder / QUERIES, ("query", "relevant_id")))
    if not asked:
        raise EvaluationError(f"{folder / QUERIES} holds no query")
    asked = [asked[row] for row in sample(range(len(asked)), limit)]
    place = {identity: at for at, (identity, _) in enumerate(codes)}
    strangers = [record["relevant_id"] for record in asked if record["relevant_id"] not in place]
    if strangers:
        raise EvaluationError(f"{folder / QUERIES}: no code in {CODES} has the id {strangers[0]!r}")
    return HumanQueries(
        functions=tuple(function_of(code, _PACKAGE, str(identity)) for identity, code in codes),
        queries=tuple(record["query"] for record in asked),
        right=tuple(place[record["relevant_id"]] for record in asked),
    )


def search_human_queries(system: SearchSystem, human: HumanQueries) -> Figures:
    """The ranks of the right functions, names visible."""
    scores = system.scores(human.queries, human.functions, masked=False)
    ranks = ranks_of(scores, np.array(human.right, np.int64))
    digest = digest_of([*human.queries, *(function.unit.fingerprint for function in human.functions)])
    return Figures("human queries: zero-shot, docstrings stripped", RANKS, digest, {"rank": ranks.astype(np.float64)})


def function_of(code: str, package: str, path: str) -> CorpusFunction:
    """The first function of ``code``, or all of it where no function stands in it."""
    units = find_units(parse(text_of(code)))
    unit = next((each for each in units if each.kind.is_function), units[0] if units else None)
    if unit is None:
        raise EvaluationError(f"{package}, {path}: the code is empty")
    return CorpusFunction(package, path, unit)


def _records(path: Path, fields: Sequence[str]) -> list[Mapping[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise EvaluationError(f"{path} cannot be read: it must be a file of JSON lines with {fields}") from problem
    return [_record(line, path, number, fields) for number, line in enumerate(lines, start=1) if line.strip()]


def _record(line: str, path: Path, number: int, fields: Sequence[str]) -> Mapping[str, str]:
    try:
        record: object = json.loads(line)
    except json.JSONDecodeError as problem:
        raise EvaluationError(f"{path}, line {number} is no JSON: {problem.msg}") from problem
    if not isinstance(record, dict) or any(field not in record for field in fields):
        raise EvaluationError(f"{path}, line {number} must be an object with {' and '.join(fields)}")
    return cast("Mapping[str, str]", record)
