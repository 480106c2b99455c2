"""Every setting of codekin: its name, type, default, bounds and what it does. The one place that says so.

In: nothing. Out: :class:`Settings`, and :data:`KEYS`, its leaves as users write them (``names.minimumConfidence``).
Documents, the extension's ``package.json`` and the reading of settings are all made from these. Must not know where
settings come from, nor what they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

HintLevel = Literal["off", "hint", "information", "warning"]
TestsShown = Literal["include", "exclude", "only"]
TraceLevel = Literal["off", "messages"]


@dataclass(frozen=True, slots=True)
class About:
    """What a setting does, in a sentence; the bounds of a number; whether a project may not set it for its readers."""

    text: str
    least: float | None = None
    most: float | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class NamesSettings:
    """Names that are suggested for functions."""

    minimum_confidence: Annotated[
        float, About("Names that the model holds for less probable than this are not offered.", 0, 1)
    ] = 0.03
    limit: Annotated[int, About("At most this many names are offered for a function.", 1, 10)] = 5
    inside: Annotated[
        bool, About("Names are also offered where the cursor stands inside a function's body, ranked lower.")
    ] = True
    hints: Annotated[
        HintLevel, About("How a name that strongly contradicts its function's body is marked; off: not at all.")
    ] = "off"
    ignore: Annotated[
        tuple[str, ...], About("Functions whose name fits one of these patterns (`test_*`) are left alone.")
    ] = ()


@dataclass(frozen=True, slots=True)
class HoverSettings:
    """What a hover over a function's name shows."""

    enabled: Annotated[
        bool,
        About("A hover over a function's name shows a summary, its nearest kin, and why codekin would name it so."),
    ] = False


@dataclass(frozen=True, slots=True)
class CompletionSettings:
    """What is completed while typing."""

    names: Annotated[bool, About("Names are completed after `def` where the function has a body already.")] = True


@dataclass(frozen=True, slots=True)
class CodeLensSettings:
    """What is shown above functions."""

    similar: Annotated[bool, About("Functions with near-duplicates show how many there are.")] = False


@dataclass(frozen=True, slots=True)
class SimilarSettings:
    """What counts as alike."""

    threshold: Annotated[
        float, About("From this similarity on, two functions count as near-duplicates of each other.", 0, 1)
    ] = 0.9


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """What a search answers where it is not told otherwise."""

    limit: Annotated[int, About("At most this many results, where a search does not say how many.", 1, 100)] = 20
    tests: Annotated[TestsShown, About("Whether a search shows test code, where it does not say so itself.")] = (
        "include"
    )


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What is indexed, and what that may cost."""

    exclude: Annotated[
        tuple[str, ...], About("Files and folders that are left out, as `.gitignore` writes them, from the root.")
    ] = ()
    notebooks: Annotated[bool, About("Jupyter notebooks are indexed too, a cell a unit.")] = True
    threads: Annotated[int, About("Processor threads that the model computes with.", 1, 16)] = 2
    niceness: Annotated[
        int,
        About("How far the model's process stands back behind others (0: not at all, 19: as far as it can).", 0, 19),
    ] = 10
    pause_on_battery: Annotated[bool, About("Embedding in the background waits while the machine runs on battery.")] = (
        False
    )


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model answers."""

    path: Annotated[
        Path | None, About("A folder with another model than the one that codekin brings.", personal=True)
    ] = None


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """Where indexes are kept."""

    path: Annotated[
        Path | None, About("Where indexes are kept, instead of the user's cache folder.", personal=True)
    ] = None


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them."""

    names: NamesSettings = field(default_factory=NamesSettings)
    hover: HoverSettings = field(default_factory=HoverSettings)
    completion: CompletionSettings = field(default_factory=CompletionSettings)
    code_lens: CodeLensSettings = field(default_factory=CodeLensSettings)
    similar: SimilarSettings = field(default_factory=SimilarSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    cache: CacheSettings = field(default_factory=CacheSettings)
    trace: Annotated[
        TraceLevel, About("Whether the editor's log shows every message to and from codekin, as `$/setTrace` does.")
    ] = "off"


@dataclass(frozen=True, slots=True)
class Key:
    """One setting; ``attributes`` lead to it from :class:`Settings`, ``kind`` is its type."""

    name: str
    attributes: tuple[str, ...]
    kind: Any
    default: Any
    about: About

    @property
    def choices(self) -> tuple[str, ...]:
        """The words it may be; empty where it is no such setting."""
        return get_args(self.kind) if get_origin(self.kind) is Literal else ()


def _camel(attribute: str) -> str:
    first, *others = attribute.split("_")
    return first + "".join(word.capitalize() for word in others)


def _keys(of: type, prefix: tuple[str, ...]) -> Mapping[str, Key]:
    """The settings of one dataclass; those of the dataclasses in it first say which they are in."""
    found: dict[str, Key] = {}
    kinds = get_type_hints(of, include_extras=True)
    defaults = of()
    for each in fields(of):
        attributes = (*prefix, each.name)
        kind = kinds[each.name]
        if get_origin(kind) is not Annotated:
            found |= _keys(kind, attributes)
            continue
        name = ".".join(map(_camel, attributes))
        found[name] = Key(name, attributes, get_args(kind)[0], getattr(defaults, each.name), get_args(kind)[1])
    return found


KEYS: Mapping[str, Key] = _keys(Settings, ())
"""Every setting by its name, in the order of the documents."""
