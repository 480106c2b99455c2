"""Jupyter notebooks on disk: their code cells.

In: the bytes of an ``.ipynb`` file. Out: the text of each code cell, as Python. Must not know of units or of editors.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from codekin_model.source.ipython import as_python
from codekin_model.source.text import SourceText, UnreadableSource, text_of

_ADVICE = "open and save it in Jupyter"


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A code cell; ``number`` counts code cells from 1."""

    number: int
    text: SourceText


def read_notebook(raw: bytes) -> Sequence[NotebookCell]:
    """The code cells of a notebook of Python, of any nbformat; none of one in another language.

    Raises:
        UnreadableSource: it is no notebook, or a damaged one.

    """
    try:
        content = _object(json.loads(raw))
    except (ValueError, RecursionError) as problem:
        raise UnreadableSource(f"no notebook (not JSON: {problem}); {_ADVICE}") from problem
    cells = _cells(content)
    if cells is None:
        raise UnreadableSource(f"no notebook (it has no list of cells); {_ADVICE}")
    if _language(content) not in ("python", "ipython", ""):
        return ()
    sources = [_source(cell) for cell in map(_object, cells) if cell.get("cell_type") == "code"]
    return [NotebookCell(at, as_python(text_of(source))) for at, source in enumerate(sources, start=1)]


def _object(value: object) -> dict[str, Any]:
    """``value`` where it is a JSON object, else an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any] | None:
    return cast("list[Any]", value) if isinstance(value, list) else None


def _cells(content: dict[str, Any]) -> list[Any] | None:
    """Of format 4; those of format 3 are in worksheets."""
    if "cells" in content:
        return _list(content["cells"])
    sheets = _list(content.get("worksheets"))
    return None if sheets is None else [cell for sheet in sheets for cell in _list(_object(sheet).get("cells")) or ()]


def _language(content: dict[str, Any]) -> str:
    metadata = _object(content.get("metadata"))
    for place, key in (("language_info", "name"), ("kernelspec", "language")):
        language = _object(metadata.get(place)).get(key)
        if isinstance(language, str):
            return language.lower()
    return ""


def _source(cell: dict[str, Any]) -> str:
    """A cell's text: one string, or a list of lines (format 3 calls it ``input``)."""
    source = cell.get("source", cell.get("input", ""))
    lines = [source] if isinstance(source, str) else _list(source) or ()
    return "".join(line for line in lines if isinstance(line, str))
