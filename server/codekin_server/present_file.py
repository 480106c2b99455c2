"""A file as it is now: the open document where an editor holds it, else what is on disk.

In: a path. Out: :class:`PresentFile`, or an :class:`AssistError` that says why the file cannot be read. Must not know
of stores or of the model.
"""

from dataclasses import dataclass
from pathlib import Path

from codekin_model.source.cell_path import cell_path
from codekin_model.source.module import module_name
from codekin_model.source.tree import SyntaxTree, parse
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_model.source.units import find_units
from codekin_server.answers import Place
from codekin_server.assist_error import AssistError
from codekin_server.workspace.documents import OpenDocument
from codekin_server.workspace.file_reading import read_text


@dataclass(frozen=True)
class PresentFile:
    """``path`` is relative to the root, with ``/``; ``version`` is None for what is on disk."""

    path: str
    tree: SyntaxTree
    units: tuple[CodeUnit, ...]
    version: int | None

    @property
    def functions(self) -> list[CodeUnit]:
        """The functions, methods and nested functions, in source order."""
        return [unit for unit in self.units if unit.kind.is_function]

    def function_at(self, line: int) -> CodeUnit | None:
        """The innermost function around a 1-based line."""
        return _innermost(self.functions, line)

    def definition_at(self, line: int) -> CodeUnit | None:
        """The innermost function or class around a 1-based line."""
        return _innermost([unit for unit in self.units if unit.kind is not UnitKind.MODULE], line)

    def place(self, unit: CodeUnit) -> Place:
        """Where one of the units stands."""
        return Place(
            path=self.path,
            start_line=unit.start_line,
            end_line=unit.end_line,
            kind=unit.kind,
            name=unit.name,
            qualified_name=unit.qualified_name,
            module=module_name(self.path),
        )


def present_file(root: Path, path: str, document: OpenDocument | None) -> PresentFile:
    """Read and parse a file, unless ``document`` is it.

    Raises:
        AssistError: there is no such file, or it is not one that codekin reads.
    """
    if document is not None:
        return PresentFile(path, document.tree, document.units, document.version)
    if (root / path).is_dir():
        raise AssistError(f"{root / path} is a folder; name a Python file in it")
    reading = read_text(root, path)
    if reading is None:
        raise AssistError(f"there is no file {root / path}; give a path from here or from {root}")
    if reading.record.problem is None and reading.text is None:
        raise AssistError(f"{root / path} is a notebook; name one of its code cells: {cell_path(path, 1)}")
    if reading.text is None:
        raise AssistError(f"{root / path} cannot be used: {reading.record.problem}")
    tree = parse(reading.text)
    return PresentFile(path, tree, find_units(tree), None)


def _innermost(units: list[CodeUnit], line: int) -> CodeUnit | None:
    return next((unit for unit in reversed(units) if unit.start_line <= line <= unit.end_line), None)
