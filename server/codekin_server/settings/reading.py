"""Settings out of what several people wrote: the defaults, then the project, then the person.

In: sources, weakest first, as JSON or TOML values of any shape. Out: :class:`Settings`, and one line for each thing in
them that means nothing. Never fails. Must not know of editors.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from codekin_server.settings.schema import KEYS, Settings
from codekin_server.settings.values import WrongValue, typed_value

EXTENSION_ONLY = frozenset({"server.path", "interpreter", "importStrategy", "rename.provider", "trace.server"})
"""What an editor's extension keeps for itself in the same section; it reaches the server where the section is sent."""

_GROUPS = frozenset(name.partition(".")[0] for name in {*KEYS, *EXTENSION_ONLY} if "." in name)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Source:
    """``name`` is for warnings. Values are nested (``{"names": {"limit": 3}}``) or flat (``{"names.limit": 3}``).

    Of a source that is not ``personal`` personal settings are not taken: a project must not choose for whoever opens
    it which model is loaded or where files are written.
    """

    name: str
    values: object
    personal: bool = True


def read_settings(sources: Iterable[Source]) -> tuple[Settings, tuple[str, ...]]:
    """The settings, and what is wrong with the sources; later ones override earlier ones, setting by setting."""
    chosen: dict[str, Any] = {}
    warnings: list[str] = []
    for source in sources:
        for name, given in flattened(source.values):
            taken, warning = _read(source, name, given)
            chosen |= taken
            warnings += [f"{source.name}: {warning}"] if warning else []
    settings = Settings()
    for name, value in chosen.items():
        settings = _with(settings, KEYS[name].attributes, value)
    return settings, tuple(dict.fromkeys(warnings))


def flattened(values: object) -> Iterator[tuple[str, object]]:
    """The settings in an object by their dotted names; what is no object is one setting without a name."""
    if values is None:
        return
    if not isinstance(values, Mapping):
        yield "", values
        return
    for key, value in cast("Mapping[object, object]", values).items():
        name = str(key)
        if isinstance(value, Mapping) and name in _GROUPS:
            yield from ((f"{name}.{below}", each) for below, each in flattened(cast("object", value)))
        else:
            yield name, value


def without_filled_in(values: object) -> object:
    """What a person chose, of an answer that a client may have filled up with the defaults it knows.

    A client that names every setting fills up. What is the default in its answer would otherwise override the project.
    """
    given = dict(flattened(values))
    if not all(name in given or name == "trace" for name in KEYS):
        return values
    return {name: value for name, value in given.items() if name not in KEYS or not _is_default(name, value)}


def _is_default(name: str, value: object) -> bool:
    try:
        return value is None or typed_value(KEYS[name], value) == KEYS[name].default
    except WrongValue:
        return False


def _read(source: Source, name: str, given: object) -> tuple[Mapping[str, Any], str | None]:
    """What one setting says, or what is wrong with it; null is as good as absent."""
    key = KEYS.get(name)
    if given is None or name in EXTENSION_ONLY:
        return {}, None
    if key is None:
        return {}, _unknown(name)
    if key.about.personal and not source.personal:
        return {}, f"'{name}' is for the editor's settings, and is ignored here"
    try:
        return {name: typed_value(key, given)}, None
    except WrongValue as problem:
        return {}, f"'{name}' takes {problem}; {_shown(given)} is ignored"


def _unknown(name: str) -> str:
    if not name:
        return 'settings are an object, such as {"names": {"limit": 3}}; what is there is ignored'
    close = difflib.get_close_matches(name, KEYS, 1)
    below = [each for each in KEYS if each.startswith(f"{name}.")]
    advice = f"did you mean '{close[0]}'?" if close else f"there is {', '.join(below)}" if below else "it is ignored"
    return f"there is no setting {_shown(name)}; {advice}"


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 - a warning is one line


def _with(settings: _T, attributes: tuple[str, ...], value: object) -> _T:
    """A copy of nested frozen dataclasses with one leaf replaced."""
    first, *others = attributes
    new = _with(getattr(settings, first), tuple(others), value) if others else value
    return cast("_T", replace(cast("Any", settings), **{first: new}))
