"""Where the type stubs of Python's standard library lie: inside of jedi's package.

In: their folder. Out: folders that imports start in. Must not know of environments or of editors.
"""

from pathlib import Path

import jedi

STUBS = Path(jedi.__file__).parent / "third_party" / "typeshed" / "stdlib"


def stub_folders(stubs: Path = STUBS) -> tuple[Path, ...]:
    """``stubs`` and, as up to jedi 0.19, the folders below it by version, but for Python 2's own."""
    return stubs, *sorted(each for each in stubs.glob("[23]*") if each.name != "2")
