"""Jupyter notebooks on disk: their code cells.

In: the bytes of an ``.ipynb`` file. Out: the text of each code cell, as Python. Must not know of units or of editors.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
        content: object = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise UnreadableSource(f"no notebook (not JSON: {problem}); {_ADVICE}") from problem
    if not isinstance(content, dict) or not isinstance(cells := _cells(content), list):
        raise UnreadableSource(f"no notebook (it has no list of cells); {_ADVICE}")
    if _language(content) not in ("python", "ipython", ""):
        return ()
    sources = [_source(cell) for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    return [NotebookCell(at, as_python(text_of(source))) for at, source in enumerate(sources, start=1)]


def _cells(content: dict[Any, Any]) -> Any:  # noqa: ANN401 - JSON
    """Of format 4; those of format 3 are in worksheets."""
    if "cells" in content:
        return content["cells"]
    sheets = content.get("worksheets")
    if not isinstance(sheets, list):
        return None
    return [cell for sheet in sheets if isinstance(sheet, dict) for cell in sheet.get("cells", [])]


def _language(content: dict[Any, Any]) -> str:
    metadata = content.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    for place, key in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(place)
        if isinstance(part, dict) and isinstance(part.get(key), str):
            return part[key].lower()
    return ""


def _source(cell: dict[Any, Any]) -> str:
    """A cell's text: one string, or a list of lines (format 3 calls it ``input``)."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
