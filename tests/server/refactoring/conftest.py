"""A workspace from texts, in which ``$0`` marks what is renamed, and its texts after the renaming."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from codekin_model.source.text import text_of
from codekin_server.refactoring.rename import rename

MARK = "$0"


@dataclass
class Workspace:
    root: Path
    target: Path | None = None
    offset: int = 0
    files: list[Path] = field(default_factory=list)
    open_texts: dict = field(default_factory=dict)
    notebooks: dict = field(default_factory=dict)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if MARK in text:
            self.target, self.offset = path, len(text[: text.index(MARK)].encode())
        with path.open("w", encoding=encoding, newline="") as stream:
            stream.write(text.replace(MARK, ""))
        self.files.append(path)
        return path

    def edit(self, name: str, text: str) -> None:
        """An open document with text that is not saved."""
        path = self.root / name
        if MARK in text:
            self.target, self.offset = path, len(text[: text.index(MARK)].encode())
        self.open_texts[path] = text_of(text.replace(MARK, ""))

    def write_notebook(self, name: str, *cells: str) -> None:
        (self.root / name).write_text(json.dumps({"cells": [{"cell_type": "code", "source": each} for each in cells]}))
        self.notebooks[self.root / name] = None

    def edit_notebook(self, name: str, *cells: str) -> None:
        """An open notebook with cells that are not saved."""
        self.notebooks[self.root / name] = [text_of(each) for each in cells]

    def rename(self, new_name: str):
        return rename(
            self.root,
            self.target,
            self.offset,
            new_name,
            files=self.files,
            open_texts=self.open_texts,
            notebooks=self.notebooks,
            is_skipped=lambda folder: folder.name in (".venv", "out"),
        )

    def renamed(self, new_name: str) -> dict[str, str]:
        """Every changed text afterwards, by path."""
        renaming = self.rename(new_name)
        assert renaming.conflicts == ()
        return {
            path.relative_to(self.root).as_posix(): self._apply(path, edits) for path, edits in renaming.edits.items()
        }

    def conflicts(self, new_name: str) -> str:
        renaming = self.rename(new_name)
        assert renaming.edits == {}
        return "\n".join(renaming.conflicts)

    def _apply(self, path, edits) -> str:
        text = self.open_texts.get(path)
        data = text.data if text is not None else text_of(path.read_bytes().decode()).data
        for span, new in sorted(edits, reverse=True):
            data = data[: span.start] + new.encode() + data[span.end :]
        return data.decode()


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace(tmp_path.resolve())


@pytest.fixture
def one_file(tmp_path):
    """The conflicts or the new text of a workspace of a single file."""

    def renamed(text: str, new_name: str) -> str:
        alone = Workspace(tmp_path.resolve())
        alone.write("mod.py", text)
        renaming = alone.rename(new_name)
        return "\n".join(renaming.conflicts) or alone.renamed(new_name)["mod.py"]

    return renamed
