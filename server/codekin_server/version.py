"""Which codekin this is.

In: the installed distribution's metadata. Out: its version.
"""

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """The version, or ``unknown`` where codekin runs from a folder that was never installed."""
    try:
        return version("codekin")
    except PackageNotFoundError:
        return "unknown"
