"""Where the type stubs of Python's standard library lie: inside of jedi's package, which is not imported for it.

In: their folder. Out: folders that imports start in. Must not know of environments or of editors.
"""

from importlib.util import find_spec
from pathlib import Path


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{name} is not installed; install codekin again", name=name)
    return Path(found.origin).parent


STUBS = _package("jedi") / "third_party" / "typeshed" / "stdlib"


def stub_folders(stubs: Path = STUBS) -> tuple[Path, ...]:
    """``stubs`` and, as up to jedi 0.19, the folders below it by version, but for Python 2's own."""
    return stubs, *sorted(each for each in stubs.glob("[23]*") if each.name != "2")
