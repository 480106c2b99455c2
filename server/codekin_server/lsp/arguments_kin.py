"""The arguments of ``codekin.search``, ``codekin.similar``, ``codekin.duplicates`` and ``codekin.map``.

In: JSON. Out: typed requests, or :class:`BadArguments` that says what is accepted. Must not know of documents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types

from codekin_server.answers_kin import KINDS, Tests
from codekin_server.lsp.arguments import LIMIT, fields_of, limit_of, position_of, read_place
from codekin_server.lsp.boundary import BadArguments

_TESTS: tuple[Tests, ...] = ("include", "exclude", "only")
_SEARCH = (
    'codekin.search takes ["words", limit] or [{"query": "words", "limit": 10, "folder": uri, "kinds": '
    f'[{", ".join(KINDS)}], "tests": {" | ".join(_TESTS)}, "partialResultToken": token}}]'
)
_SIMILAR = (
    'codekin.similar takes [uri, {"line": 0, "character": 0}, limit], [{"uri": uri, "position": …}], '
    '[{"uri": uri, "range": {"start": …, "end": …}}] or [{"text": "def f(): …"}], lines counted from 0'
)
_DUPLICATES = 'codekin.duplicates takes nothing or [{"folder": uri, "limit": 20, "threshold": 0.9}]'
_MAP = 'codekin.map takes nothing or [{"folder": uri}]'


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Words and filters; what is None is for the settings to say. ``token`` asks for partial results."""

    query: str
    limit: int | None
    folder: str | None
    kinds: tuple[str, ...]
    tests: Tests | None
    token: str | int | None


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """Pasted ``text``; or a document and a ``position`` in it, or a ``selection``."""

    uri: str
    position: types.Position | None
    selection: types.Range | None
    text: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class DuplicatesRequest:
    """A part of the workspace; ``threshold`` None is for the settings to say."""

    folder: str | None
    limit: int
    threshold: float | None


def read_search(given: Sequence[Any] | None) -> SearchRequest:
    """The arguments of ``codekin.search``."""
    values = list(given or ())
    fields = fields_of(values.pop(0), "query") if values else {}
    if values:
        fields |= fields_of(values.pop(0), "limit")
    _check(fields, {"query", "limit", "folder", "kinds", "tests", "partialResultToken"}, values, _SEARCH)
    query, limit = fields.get("query"), fields.get("limit")
    tests, token = fields.get("tests"), fields.get("partialResultToken")
    if not isinstance(query, str) or not query.strip() or not isinstance(token, str | int | None):
        raise BadArguments(_SEARCH)
    if tests is not None and tests not in _TESTS:
        raise BadArguments(_SEARCH)
    return SearchRequest(
        query=query,
        limit=None if limit is None else limit_of(limit, LIMIT, _SEARCH),
        folder=_uri(fields.get("folder"), _SEARCH),
        kinds=_kinds(fields.get("kinds")),
        tests=tests,
        token=token,
    )


def read_similar(given: Sequence[Any] | None) -> SimilarRequest:
    """The arguments of ``codekin.similar``."""
    values = list(given or ())
    fields = fields_of(values[0], "uri") if values else {}
    text = fields.get("text")
    if text is not None:
        _check(fields, {"text", "limit"}, values[1:], _SIMILAR)
        if not isinstance(text, str):
            raise BadArguments(_SIMILAR)
        return SimilarRequest("", None, None, text, limit_of(fields.get("limit"), LIMIT, _SIMILAR))
    place = read_place("codekin.similar", given)
    selection = _selection(fields) if fields.get("position") is None else None
    return SimilarRequest(place.uri, place.position, selection, None, place.limit)


def read_duplicates(given: Sequence[Any] | None) -> DuplicatesRequest:
    """The arguments of ``codekin.duplicates``."""
    values = list(given or ())
    fields = fields_of(values.pop(0), "folder") if values else {}
    _check(fields, {"folder", "limit", "threshold"}, values, _DUPLICATES)
    threshold = fields.get("threshold")
    if threshold is not None and (isinstance(threshold, bool) or not isinstance(threshold, int | float)):
        raise BadArguments(_DUPLICATES)
    if threshold is not None and not 0 < threshold <= 1:
        raise BadArguments(f"a threshold lies above 0 and is at most 1; {_DUPLICATES}")
    limit = limit_of(fields.get("limit"), _CLUSTERS, _DUPLICATES)
    return DuplicatesRequest(_uri(fields.get("folder"), _DUPLICATES), limit, threshold)


_CLUSTERS = 50


def read_map(given: Sequence[Any] | None) -> str | None:
    """The arguments of ``codekin.map``: the URI of a folder, or None."""
    values = list(given or ())
    fields = fields_of(values.pop(0), "folder") if values else {}
    _check(fields, {"folder"}, values, _MAP)
    return _uri(fields.get("folder"), _MAP)


def _check(fields: Mapping[str, Any], known: set[str], left: Sequence[Any], usage: str) -> None:
    if left or fields.keys() - known:
        raise BadArguments(usage)


def _uri(value: object, usage: str) -> str | None:
    if value is None or (isinstance(value, str) and value):
        return value
    raise BadArguments(usage)


def _kinds(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    kinds = cast("list[object]", value) if isinstance(value, list) else [value]
    if any(kind not in KINDS for kind in kinds):
        raise BadArguments(_SEARCH)
    return tuple(str(kind) for kind in kinds)


def _selection(fields: Mapping[str, Any]) -> types.Range | None:
    """What is selected; None for a mere position."""
    value = fields.get("range")
    if value is None:
        return None
    start = position_of({"range": value}, _SIMILAR)
    end = position_of({"position": fields_of(value, "end").get("end")}, _SIMILAR)
    if start is None or end is None:
        raise BadArguments(_SIMILAR)
    return None if start == end else types.Range(start, end)
