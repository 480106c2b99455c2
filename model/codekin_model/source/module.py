"""The dotted module name of a file, from its path alone.

In: a path relative to the workspace. Out: the name an import would use, as far as a path can tell.
"""

from pathlib import PurePosixPath

from codekin_model.source.cell_path import file_of

_SOURCE_ROOTS = frozenset({"src", "lib", "python"})


def module_name(relative_path: str) -> str:
    """``src/pkg/sub/__init__.py`` is ``pkg.sub``; a cell's is its notebook's; without a stem it is empty."""
    path = PurePosixPath(file_of(relative_path))
    if not path.name:
        return ""
    parts = [part for part in path.with_suffix("").parts if part not in ("/", "..", ".")]
    if len(parts) > 1 and parts[0] in _SOURCE_ROOTS:
        parts = parts[1:]
    if len(parts) > 1 and parts[-1] == "__init__":
        parts = parts[:-1]
    return ".".join(parts)
