"""The settings that hold for a folder, out of what its project and its editor say.

In: what each of them says, whenever it changes. Out: :class:`Settings`, and each warning once. Used from the event loop
only. Must not know what a setting does, nor how a client is asked.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from codekin_server.settings.project import PROJECT_FILE
from codekin_server.settings.reading import Source, flattened, read_settings, without_filled_in
from codekin_server.settings.schema import KEYS, Settings

SECTION = "codekin"


class Configuration:
    """Weakest first: the project's file, ``initializationOptions``, what was pushed, what was pulled."""

    def __init__(self) -> None:
        self._projects: dict[Path, tuple[Source, tuple[str, ...]]] = {}
        self._options: Source | None = None
        self._pushed: Source | None = None
        self._pulled: dict[Path | None, Source] = {}
        self._read: dict[Path | None, Settings] = {}
        self._warned: dict[str, str] = {}

    def of(self, root: Path | None) -> Settings:
        """The settings of the folder at ``root``; None for what is in no folder."""
        if root not in self._read:
            self._read[root] = read_settings(self._sources(root))[0]
        return self._read[root]

    def project_read(self, root: Path, source: Source, warnings: tuple[str, ...]) -> None:
        """A folder's project was read, well or with warnings."""
        self._projects[root] = source, warnings
        self._read.clear()

    def greeted(self, values: Mapping[str, object]) -> None:
        """The client greeted with these settings."""
        self._options = Source("initializationOptions", without_filled_in(section_of(values) or values))
        self._read.clear()

    def pushed(self, settings: object) -> None:
        """The client sent its settings: codekin's own, or those of everyone, by section."""
        values = section_of(settings)
        if values is not None:
            self._pushed = Source("settings", without_filled_in(values))
            self._read.clear()

    def pulled(self, root: Path | None, values: object) -> None:
        """The client answered what its settings for a folder are."""
        self._pulled[root] = Source("settings", without_filled_in(values))
        self._read.clear()

    def new_warnings(self) -> Iterable[str]:
        """What is wrong now and was not when this was last asked; of a file that cannot be read, once until it can."""
        found: dict[str, str] = {}
        for root in (None, *self._projects):
            found |= {warning: warning for warning in read_settings(self._sources(root))[1]}
        for root, (_, warnings) in self._projects.items():
            found |= {str(root / PROJECT_FILE): warning for warning in warnings}
        before, self._warned = self._warned, found
        return [warning for about, warning in found.items() if about not in before]

    def _sources(self, root: Path | None) -> list[Source]:
        project = self._projects.get(root, (None, ()))[0] if root is not None else None
        pulled = self._pulled.get(root, self._pulled.get(None))
        return [each for each in (project, self._options, self._pushed, pulled) if each is not None]


def section_of(settings: object) -> Mapping[str, object] | None:
    """Codekin's section of what a client pushed; None where none of it is for us."""
    if not isinstance(settings, Mapping):
        return None
    every = cast("Mapping[str, object]", settings)
    if SECTION in every:
        inner = every[SECTION]
        return cast("Mapping[str, object]", inner) if isinstance(inner, Mapping) else None
    flat = {name.removeprefix(f"{SECTION}."): value for name, value in every.items() if name.startswith(f"{SECTION}.")}
    if flat:
        return flat
    return every if any(name in KEYS for name, _ in flattened(every)) else None
