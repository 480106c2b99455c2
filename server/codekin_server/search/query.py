"""What a user asked, taken apart.

In: free text. Out: :class:`Query`: words to look up, identifiers to match, and what kind of code is meant.
Must not know of stores or vectors.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from codekin_model.extraction.tokens import split_words
from codekin_model.source.unit import UnitKind
from codekin_server.search.error_message import error_message
from codekin_server.search.frames import Frame, frames
from codekin_server.search.margin import without_margin
from codekin_server.search.words import stem

_IDENTIFIER = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_CALLED = re.compile(r"(?<![\w.])" + _IDENTIFIER.pattern + r"(?=\((?!s\)))")
"""As code calls a function; a plural in brackets ("the file(s)") is no call."""
_OWNERS = ("self.", "cls.")
_MOST_SPELLED = 5
"""Words of a name, at most: "retry over time"."""
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about above after again all also am an and any anything are as at be because been before being below between
        both but by can cannot code could did do does doing done during each etc every few for from further get gets
        had has have having he her here hers him his how i if in into is it its itself just like make makes me method
        more most my no nor not of off on once one only or other our out over own please s same she should show so
        some something somewhere such t than that the their them then there these they this those through to too under
        until up us use used uses using very was we were what when where whether which while who whose why will with
        would you your function functions methods implementation implemented python defined handled happens find way
        works
        """,
    )
)
_DEFINITION = re.compile(r"\s*(?:async\s+)?(?P<keyword>def|class)\s+(?P<name>[^\W\d]\w*)\s*(?P<rest>[(:\[]|$)")
_FUNCTIONS = frozenset(kind for kind in UnitKind if kind.is_function)
_TEST_WORDS = frozenset({"test", "tests", "tested", "testing", "unittest", "pytest", "fixture", "fixtures"})
_CLASS_WORDS = frozenset({"class", "classes", "exception", "exceptions", "dataclass", "protocol"})
_MODULE_WORDS = frozenset({"module", "modules", "package", "packages", "constants", "imports"})


@dataclass(frozen=True, slots=True)
class Query:
    """A question. ``words`` are lower-case and without stop words, each once; ``stems`` are theirs.

    ``runs`` are three words each as they follow one another in the text, but none of stop words alone; of a symbol, all
    of its words. ``identifiers`` are the parts written as code (``parse_header``, ``HttpError``, ``a.b``, ``read(``),
    and ``is_symbol`` tells that there is one of them and nothing else. ``members`` are the last parts of those with
    dots that are called or stand alone, since a variable may stand before the dot. ``spelled`` are a few plain words
    written as one, which may be a name.

    Who pastes an error message, or the traceback above one, asks for where it is raised: its class is ``error`` then
    and no identifier, and ``frames`` are the functions that were running, the innermost first. Of ``def name`` and
    ``class Name`` only the name is kept, and ``kinds`` says which are meant; otherwise it is empty.
    """

    text: str
    words: tuple[str, ...]
    stems: frozenset[str]
    runs: tuple[str, ...]
    identifiers: frozenset[str]
    members: frozenset[str]
    is_symbol: bool
    wants_tests: bool
    wants_classes: bool
    wants_modules: bool
    kinds: frozenset[UnitKind] = frozenset()
    spelled: str = ""
    error: str = ""
    frames: tuple[Frame, ...] = ()

    @property
    def names_code(self) -> bool:
        """Whether anything in it may be the name of a unit."""
        return bool(self.identifiers or self.members or self.error)


def parse_query(text: str) -> Query:
    """Take ``text`` apart; any text will do, and an empty one gives no words."""
    text = without_margin(text)
    raised = error_message(text)
    if raised is not None:
        parsed = _parsed(raised.text)
        named = parsed.identifiers - {raised.error} | raised.named
        return replace(parsed, identifiers=named, error=raised.error, frames=frames(text), is_symbol=False)
    definition = _defined(text)
    if definition is not None:
        name, kinds = definition
        parsed = _parsed(name)
        return replace(parsed, kinds=kinds, runs=_runs(split_words(text)) or parsed.runs)
    return replace(_parsed(text), frames=frames(text))


def _parsed(text: str) -> Query:
    found = [_without_owner(each) for each in _IDENTIFIER.findall(text)]
    called = {_without_owner(each) for each in _CALLED.findall(text)}
    is_symbol = len(text.split()) == 1 and len(found) == 1
    identifiers = frozenset(each for each in found if is_symbol or each in called or _is_written_as_code(each))
    asked = frozenset(split_words(text))
    words = _words(text, identifiers)
    return Query(
        text=text.strip(),
        words=words,
        stems=frozenset(stem(word) for word in split_words(" ".join(words))),
        runs=_uses(identifiers) if is_symbol else _runs(split_words(text)),
        identifiers=identifiers,
        members=frozenset(
            each.rpartition(".")[2] for each in identifiers if "." in each and (is_symbol or each in called)
        ),
        is_symbol=is_symbol,
        spelled="" if identifiers or len(found) > _MOST_SPELLED else "".join(found).casefold(),
        wants_tests=bool(asked & _TEST_WORDS),
        wants_classes=bool(asked & _CLASS_WORDS),
        wants_modules=bool(asked & _MODULE_WORDS),
    )


def _defined(text: str) -> tuple[str, frozenset[UnitKind]] | None:
    """The name that a line of code defines, and what as; "class hierarchy" is words, not such a line."""
    match = _DEFINITION.match(text)
    if match is None:
        return None
    name = match["name"]
    if match["keyword"] == "def":
        return name, _FUNCTIONS
    return (name, frozenset({UnitKind.CLASS})) if match["rest"] or name != name.lower() else None


def _words(text: str, identifiers: frozenset[str]) -> tuple[str, ...]:
    """Sub-tokens without stop words (unless there is nothing else), then identifiers whole."""
    every = dict.fromkeys(split_words(text))
    kept = [word for word in every if word not in _STOP_WORDS and len(word) > 1] or list(every)
    whole = (part.lower().strip("_") for each in sorted(identifiers) for part in each.split("."))
    return tuple(dict.fromkeys([*kept, *(word for word in whole if word)]))


def _runs(words: Sequence[str]) -> tuple[str, ...]:
    threes = zip(words, words[1:], words[2:], strict=False)
    return tuple(dict.fromkeys(" ".join(run) for run in threes if not _STOP_WORDS.issuperset(run)))


def _uses(identifiers: Iterable[str]) -> tuple[str, ...]:
    """How a name of several words reads where it is used."""
    words = [split_words(_last_part(each)) for each in identifiers]
    return tuple(" ".join(each) for each in words if len(each) > 1)


def _last_part(name: str) -> str:
    return name.rpartition(".")[2]


def _without_owner(name: str) -> str:
    """``self.read`` is whatever is named ``read``."""
    return next((name.removeprefix(owner) for owner in _OWNERS if name.startswith(owner)), name)


def _is_written_as_code(word: str) -> bool:
    inner = word.strip("_")
    has_case_change = inner[1:] != inner[1:].lower() and inner != inner.upper()
    return "_" in word or "." in word or has_case_change or any(character.isdigit() for character in word)
