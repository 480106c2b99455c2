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
class Snippet:
    """A line of a result without its indentation; ``line`` is 1-based, ``matches`` are ranges of its characters."""

    line: int
    text: str
    matches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Result(Place):
    """A place found by a search. ``score`` is 0 to 1; ``produced_by`` names the searches that brought it up.

    ``reasons`` say why it is there, ``tier`` by which vector of it: ``teacher``, ``student``, or ``words`` for none.
    """

    score: float
    produced_by: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    snippet: Snippet | None = None
    tier: str = "teacher"


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
    """What the index of ``root`` holds after a run, and what that run had to do for it.

    ``waiting`` names what the rest waits for: ``user``, ``battery``, ``model``, or ``writer``, another process.
    """

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
    tier: str = "teacher"
    model: str = ""
    waiting: str | None = None


@dataclass(frozen=True, slots=True)
class RefreshAnswer:
    """What state a run after a small change has left an index in; as :class:`IndexAnswer` says it."""

    tier: str
    model: str
    note: str | None
    waiting: str | None


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Results, best first. ``note`` says what the user should know about them, such as an unfinished index."""

    query: str
    results: tuple[Result, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class SimilarAnswer:
    """The kin of ``target``, which is None for code that stands in no file.

    ``version`` is that of the open document it was read from, None for a stored file.
    """

    target: Place | None
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
class NameOffer:
    """Names that may be offered unasked; ``inside`` the function's body rather than on its signature."""

    names: NamesAnswer
    inside: bool


@dataclass(frozen=True, slots=True)
class NameCompletion:
    """Names for a function that has none yet; ``span`` is what one of them would replace."""

    span: Span
    suggestions: tuple[NameSuggestion, ...]
    version: int | None


@dataclass(frozen=True, slots=True)
class NameHint:
    """A ``name`` that strongly contradicts its body: its ``own`` probability beside the ``best`` name."""

    name: str
    name_span: Span
    own: float
    best: NameSuggestion


@dataclass(frozen=True, slots=True)
class FunctionPortrait:
    """A function at a glance: what it does, what is like it, the tokens that speak for a name, and names by its body.

    ``name_span`` is where its present name stands.
    """

    target: Place
    name_span: Span
    summary: str | None
    kin: tuple[Result, ...]
    tokens: tuple[str, ...]
    names: tuple[NameSuggestion, ...]
    version: int | None


NO_SENTENCE = "the model has no sentence for this function"


@dataclass(frozen=True, slots=True)
class SummaryAnswer:
    """One sentence about ``target``, or None and a ``note`` that says why there is none."""

    target: Place
    summary: str | None
    note: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class DocstringDraft:
    """A docstring for ``target``: a whole line to be put in at byte ``offset``."""

    target: Place
    offset: int
    text: str
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
    """The model's process, whose ``state`` is stopped, starting, ready, restarting or failed; ``queue`` are waiting."""

    state: str
    pid: int | None
    restarts: int
    memory_mb: float | None
    last_error: str | None
    queue: int = 0


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
    by_student: int = 0
    open_documents: int = 0
    tier: str = "teacher"
    paused: str | None = None
    follows: bool = False
    writer: int | None = None


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
        target = plain_place(answer.target) if answer.target is not None else None
        return {"target": target, "results": results, "note": answer.note}
    return asdict(answer)


def plain_place(place: Place) -> dict[str, object]:
    """The JSON object of a place, and of a result's score and origin where it is one."""
    found: dict[str, object] = {**asdict(place), "kind": place.kind.value}
    if isinstance(place, Result):
        found |= {"score": round(place.score, 4), "produced_by": list(place.produced_by)}
        found |= {"reasons": list(place.reasons), "snippet": _plain_snippet(place.snippet)}
    return found


def _plain_snippet(snippet: Snippet | None) -> dict[str, object] | None:
    if snippet is None:
        return None
    return {"line": snippet.line, "text": snippet.text, "matches": [list(each) for each in snippet.matches]}


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
