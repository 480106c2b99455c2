"""The indexes in the user's cache, without opening any.

In: a workspace's folder, or nothing. Out: :class:`IndexSummary`. Part of the API boundary, beside
:mod:`codekin_server.assist`. Must not know what is inside an index.
"""

from collections.abc import Sequence
from pathlib import Path

from codekin_server.answers import IndexSummary
from codekin_server.assist_error import AssistError
from codekin_server.store import location
from codekin_server.store.errors import StoreError


def has_index(workspace: Path) -> bool:
    """Whether this very folder was indexed."""
    return location.index_location(workspace).database.is_file()


def known_indexes() -> Sequence[IndexSummary]:
    """Every index, by name."""
    return [
        IndexSummary(str(each.folder), str(each.workspace) if each.workspace else None, each.size / 1e6)
        for each in location.list_indexes()
    ]


def remove_index(index: IndexSummary) -> None:
    """Delete an index. The workspace is not touched.

    Raises:
        AssistError: the folder cannot be deleted, or another process writes the index.
    """
    try:
        location.remove_index(location.IndexLocation(Path(index.path), None))
    except StoreError as problem:
        raise AssistError(str(problem)) from problem
