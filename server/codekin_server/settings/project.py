"""What a project sets for itself: ``[tool.codekin]`` in the ``pyproject.toml`` of its folder.

In: a folder. Out: a :class:`Source`, and a line where the file cannot be read. Must not know of other sources.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from codekin_server.settings.reading import Source, read_settings
from codekin_server.settings.schema import Settings

PROJECT_FILE = "pyproject.toml"


def project_source(folder: Path) -> tuple[Source, tuple[str, ...]]:
    """What the project in ``folder`` sets; nothing where there is no such file, nor where it is broken."""
    path = folder / PROJECT_FILE
    name = f"{path} [tool.codekin]"
    nothing = Source(name, None, personal=False)
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return nothing, ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        return nothing, (f"{path} cannot be read ({problem}); its settings are ignored until it is mended",)
    tool = tables.get("tool")
    given = cast("Mapping[str, Any]", tool).get("codekin") if isinstance(tool, Mapping) else None
    return Source(name, given, personal=False), ()


def project_settings(folder: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings where there is no editor, and warnings for the user."""
    source, warnings = project_source(folder)
    settings, more = read_settings([source])
    return settings, (*warnings, *more)
