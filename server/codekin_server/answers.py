"""What codekin answers, as plain data: the vocabulary between :mod:`codekin_server.assist` and those who show it.

In: nothing. Out: frozen dataclasses, and :func:`plain`, the one JSON shape that the command line and the LSP commands
share. Lines are 1-based, spans are bytes. Must not know of editors, terminals, stores or workers.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from codekin_model.embedder import NameSuggestion
from codekin_model.source.span import Span
from codekin_model.source.unit import UnitKind
from codekin_server.assist_error import AssistError as AssistError  # noqa: PLC0414 - whoever takes answers meets it


@dataclass(frozen=True, slots=True)
class Place:
    """A unit and where it stands; ``path`` is posix and relative to the workspace root."""

    path: str
    start_line: int
    end_line: int
    kind: UnitKind
    name: str
    qualified_name: str
    module: str


@dataclass(frozen=True, slots=True)
class Result(Place):
    """A place found by a search. ``score`` is 0 to 1; ``produced_by`` names the searches that brought it up."""

    score: float
    produced_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far a phase (``reading`` or ``embedding``) has come: ``done`` of ``total`` files or units."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that is not in the index, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """What the index of ``root`` holds after a run, and what that run had to do for it."""

    root: str
    files: int
    units: int
    vectors_missing: int
    files_read: int
    units_extracted: int
    units_embedded: int
    units_reused: int
    seconds: float
    cancelled: bool
    skipped: tuple[SkippedFile, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Results, best first. ``note`` says what the user should know about them, such as an unfinished index."""

    query: str
    results: tuple[Result, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class SimilarAnswer:
    """The kin of ``target``. ``version`` is that of the open document it was read from, None for a stored file."""

    target: Place
    results: tuple[Result, ...]
    note: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class NamesAnswer:
    """Names for one function, best first. ``name_span`` is where its present ``name`` stands in the file."""

    target: Place
    name: str
    name_span: Span
    suggestions: tuple[NameSuggestion, ...]
    version: int | None


@dataclass(frozen=True, slots=True)
class WeightedContext:
    """A path context, the spans of its two ends in the file, and its share of the unit's vector."""

    start: str
    path: str
    end: str
    start_span: Span
    end_span: Span
    weight: float


@dataclass(frozen=True, slots=True)
class ExplainAnswer:
    """What carried a unit's vector, strongest first; ``source`` is the file's bytes that the spans point into.

    ``names`` are those that the model suggests by itself, where it was asked what carried them; then the unit's own
    name was hidden.
    """

    target: Place
    span: Span
    contexts: tuple[WeightedContext, ...]
    structure_share: float
    names: tuple[NameSuggestion, ...] | None
    source: bytes
    version: int | None


@dataclass(frozen=True, slots=True)
class RenameAnswer:
    """Replacements by path relative to the root, or the reasons why there are none."""

    edits: Mapping[str, tuple[tuple[Span, str], ...]]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """An index in the user's cache; ``workspace`` is None where nobody knows any more what it was made of."""

    path: str
    workspace: str | None
    megabytes: float


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """The model's process: ``state`` is stopped, starting, ready, restarting or failed."""

    state: str
    pid: int | None
    restarts: int
    memory_mb: float | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """An index and what it cost; the ``units_*`` counters grow over the life of this process."""

    version: str
    root: str
    index_path: str
    index_mb: float
    model: str
    model_fingerprint: str
    search: str
    files: int
    units: int
    vectors_missing: int
    skipped_files: int
    units_seen: int
    units_extracted: int
    units_embedded: int
    units_reused: int
    memory_mb: float
    worker: WorkerStatus
    repaired: str | None


Answer = IndexAnswer | SearchAnswer | SimilarAnswer | NamesAnswer | ExplainAnswer | StatusAnswer


def plain(answer: Answer) -> dict[str, object]:
    """The JSON object of an answer, as the command line writes it and the LSP commands return it."""
    if isinstance(answer, NamesAnswer):
        return {**plain_place(answer.target), "suggestions": [_plain_name(each) for each in answer.suggestions]}
    if isinstance(answer, ExplainAnswer):
        explained: dict[str, object] = {
            "target": plain_place(answer.target),
            "contexts": [_plain_context(each) for each in answer.contexts],
            "structure_share": round(answer.structure_share, 4),
        }
        names = {} if answer.names is None else {"names": [_plain_name(each) for each in answer.names]}
        return explained | names
    if isinstance(answer, SearchAnswer):
        return {"query": answer.query, "results": [plain_place(each) for each in answer.results], "note": answer.note}
    if isinstance(answer, SimilarAnswer):
        results = [plain_place(each) for each in answer.results]
        return {"target": plain_place(answer.target), "results": results, "note": answer.note}
    return asdict(answer)


def plain_place(place: Place) -> dict[str, object]:
    """The JSON object of a place, and of a result's score and origin where it is one."""
    found: dict[str, object] = {**asdict(place), "kind": place.kind.value}
    if isinstance(place, Result):
        found |= {"score": round(place.score, 4), "produced_by": list(place.produced_by)}
    return found


def _plain_name(suggestion: NameSuggestion) -> dict[str, object]:
    return {
        "name": suggestion.name,
        "probability": round(suggestion.probability, 4),
        "source": suggestion.source,
    }


def _plain_context(context: WeightedContext) -> dict[str, object]:
    return {
        "start": context.start,
        "path": context.path,
        "end": context.end,
        "weight": round(context.weight, 6),
        "start_bytes": [context.start_span.start, context.start_span.end],
        "end_bytes": [context.end_span.start, context.end_span.end],
    }
