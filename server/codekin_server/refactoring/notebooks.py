"""Notebooks as Python texts, so that a name can be followed into them; a renaming does not edit them.

In: notebooks by path, with their cells where an editor holds them, and a name. Out: one text a notebook, its cells one
below the other. Must not know of renaming, of jedi or of editors.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from codekin_model.source.cell_path import is_notebook
from codekin_model.source.notebook import read_notebook
from codekin_model.source.text import SourceText, UnreadableSource
from codekin_server.refactoring.sources import mentions

Notebooks = Mapping[Path, Sequence[SourceText] | None]
"""The code cells that an editor holds, None for a notebook that is as it is on disk."""


def texts_with(notebooks: Notebooks, word: str) -> dict[Path, SourceText]:
    """The notebooks in which ``word`` stands as a whole word."""
    return {path: text for path, text in _texts(notebooks, word) if mentions(text, word)}


def notebooks_among(paths: Mapping[Path, object]) -> list[Path]:
    """Those of ``paths`` that are notebooks."""
    return [path for path in paths if is_notebook(path.name)]


def _texts(notebooks: Notebooks, word: str) -> Iterator[tuple[Path, SourceText]]:
    for path, held in notebooks.items():
        cells = held if held is not None else _cells_on_disk(path, word)
        yield path, SourceText(b"\n".join(cell.data for cell in cells))


def _cells_on_disk(path: Path, word: str) -> Sequence[SourceText]:
    """None where it cannot be read: the index says so elsewhere."""
    try:
        raw = path.read_bytes()
        if word.isascii() and word.encode() not in raw:  # JSON may escape any other; most notebooks end here
            return ()
        return [cell.text for cell in read_notebook(raw)]
    except (OSError, UnreadableSource):
        return ()
