"""Docstring sentences said the way people search.

In: a sentence, a random source. Out: a text that asks for the same. Docstrings alone teach docstrings; people type
imperatives, keywords, and the language's name. Must not know of models.
"""

import random
import re

_THIRD_PERSON = re.compile(r"^(\w+?)(ies|sses|shes|ches|xes|zes|s)\b")
_ENDINGS = {"ies": "y", "sses": "ss", "shes": "sh", "ches": "ch", "xes": "x", "zes": "ze", "s": ""}
_NO_VERB = frozenset("this is has as does class process access address pass alias".split())  # noqa: SIM905 - a text reads better than sixty quotes
_STOP_WORDS = frozenset(
    "a an the this that these those of for to in on at by with from and or is are be been was were it its if given as "  # noqa: SIM905
    "which when will can into whether any all current given specified using used based".split()
)
_MARKUP = re.compile(r":\w+:`~?([^`]*)`|[`*_\\]+")
_PUNCTUATION = re.compile(r"[^\w\s.\-/+#]|\.(?=\s|$)")
_SYNONYMS = {
    "return": ("get", "find", "compute", "return"),
    "retrieve": ("get", "fetch"),
    "determine": ("check", "find out"),
    "construct": ("make", "create", "build"),
    "obtain": ("get",),
    "perform": ("do", "run"),
    "yield": ("iterate over", "get"),
    "remove": ("delete", "remove"),
    "invoke": ("call", "run"),
}
_FRAMES = ("python {}", "{} python", "how to {} in python", "{} in python", "python how to {}", "how to {}")
_KEYWORDS, _QUESTION, _PLAIN = 0.25, 0.35, 0.2
_NAMED = 0.25


def plain_sentence(sentence: str) -> str:
    """``sentence`` without markup and closing full stop."""
    return _MARKUP.sub(lambda mark: mark[1] or " ", sentence).strip().rstrip(".").strip()


def imperative(sentence: str) -> str:
    """``sentence`` in lower case with its first verb as an order: ``Returns the size.`` -> ``return the size``."""
    text = " ".join(_PUNCTUATION.sub(" ", plain_sentence(sentence)).lower().split())
    first = _THIRD_PERSON.match(text)
    if first and first.group() not in _NO_VERB and not text.startswith("s "):
        text = first[1] + _ENDINGS[first[2]] + text[first.end() :]
    return text


def keywords(sentence: str) -> str:
    """The words of ``sentence`` that carry meaning."""
    words = [word for word in imperative(sentence).split() if word not in _STOP_WORDS]
    return " ".join(words) or imperative(sentence)


def ask(sentence: str, source: random.Random) -> str:
    """``sentence`` as it stands, or as somebody might type it into a search box."""
    draw = source.random()
    if draw < _KEYWORDS:
        words = keywords(sentence)
        return f"python {words}" if source.random() < _QUESTION else words
    if draw < _KEYWORDS + _QUESTION:
        return source.choice(_FRAMES).format(_other_verb(imperative(sentence), source))
    if draw < _KEYWORDS + _QUESTION + _PLAIN:
        return imperative(sentence)
    return sentence


def with_language(question: str, source: random.Random) -> str:
    """``question``, now and then with the name of the language, which people type although it tells nothing apart."""
    if "python" in question.lower() or source.random() > _NAMED:
        return question
    return source.choice(("python {}", "{} python", "{} in python")).format(question)


def _other_verb(text: str, source: random.Random) -> str:
    verb, _, rest = text.partition(" ")
    return f"{source.choice(_SYNONYMS[verb])} {rest}" if verb in _SYNONYMS else text
