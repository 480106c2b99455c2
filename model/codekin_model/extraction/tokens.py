"""Sub-tokens: the words inside identifiers.

In: identifiers, or a unit. Out: lower-case words. The one place where names are taken apart.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from codekin_model.source.unit import CodeUnit

METHOD_NAME = "METHOD_NAME"
"""Stands for a function's own name wherever that name is to be predicted (code2vec's convention)."""

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_IDENTIFIER = re.compile(r"[^\W\d]\w*|\d+")
_RUN = re.compile(r"\w+")
_SEPARATORS = {code: " " for code in range(128) if not re.match(_RUN, chr(code))}
"""For :meth:`str.translate`, which cuts a long text several times as fast as a regular expression does."""


@lru_cache(maxsize=1 << 15)
def subtokens(identifier: str) -> tuple[str, ...]:
    """Lower-case words of ``identifier``, split at case changes, ``_``, digits and spaces.

    Letters only, unless that leaves nothing: then the text itself, without spaces and commas.
    """
    return _taken_apart(identifier)


def _taken_apart(identifier: str) -> tuple[str, ...]:
    cases = identifier if identifier.isascii() else "".join(map(_case, identifier))
    words = tuple(identifier[word.start() : word.end()].lower() for word in _WORD.finditer(cases))
    if words:
        return words
    rest = re.sub(r"[\s,]+", "", identifier).lower()
    return (rest,) if rest else ()


def _case(character: str) -> str:
    """The shape of a letter of any script, letters without case counting as lower case."""
    if not character.isalpha():
        return " "
    return "A" if character.isupper() or character.istitle() else "a"


def mask_name(text: str, name: str) -> str:
    """``text`` with every whole word ``name`` replaced by :data:`METHOD_NAME`."""
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", METHOD_NAME, text) if name else text


@dataclass(frozen=True, slots=True)
class LexicalFields:
    """A unit as words for full-text search: each field is sub-tokens joined by spaces, repeats kept."""

    name: str
    qualified_name: str
    docstring: str
    body: str


def lexical_fields(unit: CodeUnit) -> LexicalFields:
    """The words of ``unit``; identifiers of several words are also kept whole in ``name``."""
    whole = unit.name.lower().strip("_")
    return LexicalFields(
        name=" ".join([*split_words(unit.name), whole] if whole else ()),
        qualified_name=" ".join(split_words(unit.qualified_name)),
        docstring=" ".join(split_words(unit.docstring or "")),
        body=" ".join(split_words(unit.source)),
    )


def split_words(text: str) -> list[str]:
    """Every sub-token of every identifier and number in ``text``, in order."""
    runs = text.translate(_SEPARATORS).split() if text.isascii() else _RUN.findall(text)
    return list(chain.from_iterable(map(_words_of_run, runs)))


@lru_cache(maxsize=1 << 15)
def _words_of_run(run: str) -> tuple[str, ...]:
    """The sub-tokens of letters, digits and ``_`` that stand together: numbers may run into identifiers."""
    return tuple(word for identifier in _IDENTIFIER.findall(run) for word in _taken_apart(identifier) if word != "_")


_NAME_WORD = re.compile(r"\d+[a-z]*|[A-Z]+(?=[A-Z][a-z])\d*|[A-Z]?[a-z]+\d*|[A-Z]+\d*")
"""As ``_WORD``, but digits stay with the letters before or after them: ``base64``, ``2d``."""


def name_words(name: str) -> tuple[str, ...]:
    """The lower-case words that a suggested name is put together from again; digits are kept."""
    return tuple(word.group().lower() for word in _NAME_WORD.finditer(name))


def name_word_spans(text: str) -> list[tuple[int, int, str]]:
    """Every word of every identifier in ``text`` that could stand in a name: start, end (characters) and the word.

    The mark that stands for a masked name is no word.
    """
    shown = text.replace(METHOD_NAME, "_" * len(METHOD_NAME))
    return [(word.start(), word.end(), word.group().lower()) for word in _NAME_WORD.finditer(shown)]
