"""The functions of a corpus.

In: a folder of source files. Out: :class:`CorpusFunction` values, with what was skipped and why counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codekin_model.source.docstring import first_sentence
from codekin_model.source.module import module_name
from codekin_model.source.text import UnreadableSource, decode_source
from codekin_model.source.tree import SyntaxTree, parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import find_units

_TEST_PART = re.compile(r"(^|/)(tests?|testing|conftest\.py|test_[^/]*\.py|[^/]*_tests?\.py)(/|$)")
_VENDORED_PART = re.compile(r"(^|/)(_?vendor(ed|ed_packages)?|extern(als?)?|_?third_party)(/|$)")
_GENERATED_PART = re.compile(r"(^|/)(graph_objs|validators|vegalite|antlr|_generated|migrations)(/|$)|_pb2\.py$")
_INSTALLED_PART = re.compile(r"(^|/)(\.[^/]+|site-packages|node_modules|venv|__pypackages__)/")
_LEFT_OUT = (
    ("installed", _INSTALLED_PART),
    ("test", _TEST_PART),
    ("vendored", _VENDORED_PART),
    ("generated", _GENERATED_PART),
)
_QUERY_WORDS = 3
"""Words from which a sentence says enough to be searched with."""
_NAMED_LINES = 3
"""Lines from which a body says enough to be named by."""


@dataclass(frozen=True, slots=True)
class CorpusFunction:
    """A function with where it comes from."""

    package: str
    path: str
    unit: CodeUnit

    @property
    def module(self) -> str:
        """Dotted module name."""
        return module_name(self.path)

    @property
    def summary(self) -> str | None:
        """The first sentence of the docstring, on one line."""
        return first_sentence(self.unit.docstring)

    @property
    def lines(self) -> int:
        """Lines from the first decorator to the end."""
        return self.unit.end_line - self.unit.start_line + 1


def has_query(function: CorpusFunction) -> bool:
    """Whether a function counts for search: a first docstring sentence of three words or more."""
    return len((function.summary or "").split()) >= _QUERY_WORDS


def is_dunder(name: str) -> bool:
    """Whether Python gives ``name`` its meaning."""
    return name.startswith("__") and name.endswith("__")


def is_named_well(function: CorpusFunction) -> bool:
    """Whether a function counts for names: three lines or more, no dunder, not a mere underscore."""
    name = function.unit.name
    return function.lines >= _NAMED_LINES and not is_dunder(name) and bool(name.strip("_"))


def left_out(path: str) -> str | None:
    """Why a file is no training material (``installed``, ``test``, ``vendored``, ``generated``), or None.

    ``installed`` is what stands in hidden folders and virtual environments: other people's code in a user's folder.
    """
    for reason, pattern in _LEFT_OUT:
        if pattern.search(path):
            return reason
    return None


def functions_of(
    package: str, folder: Path, skipped: Counter[str], marked: list[tuple[str, str]]
) -> Iterator[CorpusFunction]:
    """Every function below ``folder`` whose file is not :func:`left_out`, can be read, and holds no syntax error.

    ``skipped`` counts the files left out by reason, and ``marked`` names them: reason and path.
    """
    for file in sorted(folder.rglob("*.py")):
        path = file.relative_to(folder).as_posix()
        tree = _tree_or_reason(file, path)
        if isinstance(tree, str):
            skipped[f"{tree} files"] += 1
            marked.append((tree, f"{package}/{path}"))
            continue
        for unit in find_units(tree):
            if unit.kind.is_function:
                yield CorpusFunction(package, path, unit)


def _tree_or_reason(file: Path, path: str) -> SyntaxTree | str:
    """The tree of a file, or why nothing is learnt from it: code that was cut off or merged half is not all there."""
    reason = left_out(path)
    if reason:
        return reason
    try:
        tree = parse(decode_source(file.read_bytes()))
    except (UnreadableSource, OSError):
        return "unreadable"
    return "broken" if tree.root.has_error else tree
