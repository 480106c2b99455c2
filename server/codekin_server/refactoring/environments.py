"""Where the packages of a project's own environment lie.

In: a workspace's root. Out: folders. Nothing of the environment is run. Must not know of jedi or of editors.
"""

from pathlib import Path

_ENVIRONMENTS = (".venv", "venv")
_PACKAGES = ("lib/python*/site-packages", "Lib/site-packages")


def installed_packages(root: Path) -> list[Path]:
    """The ``site-packages`` of the virtual environments directly below ``root``."""
    environments = [root / name for name in _ENVIRONMENTS if (root / name / "pyvenv.cfg").is_file()]
    found = (folder for each in environments for pattern in _PACKAGES for folder in sorted(each.glob(pattern)))
    return list(dict.fromkeys(found))
