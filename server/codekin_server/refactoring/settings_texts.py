"""The files in which a project's tools are set up, and the values in them that mention a name.

In: the sources; a file's text and a name. Out: paths; places in values, not those in keys, headings or comments. What
is no TOML or INI is read as far as it goes. Must not know what the values mean.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_server.refactoring.sources import Sources

_NAMES = ("pyproject.toml", "setup.cfg")
_TOML = re.compile(
    rb"(?P<string>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    rb"|\#[^\n]*|(?P<opens>\[)|(?P<closes>\])",
    re.DOTALL,
)
_IS_KEY = re.compile(rb"[ \t]*[.=]")
_INI = re.compile(rb"^(?!\[|[ \t]*[#;])[^\n]+", re.MULTILINE)


def settings_files(sources: Sources) -> list[Path]:
    """Those in the root, and in every folder that has Python files in it or below it."""
    folders = {sources.root}
    for start in {file.parent for file in sources.files}:
        folder = start
        while folder not in folders and folder.is_relative_to(sources.root):
            folders.add(folder)
            folder = folder.parent
    return [path for folder in sorted(folders) for name in _NAMES if (path := folder / name).is_file()]


def in_values(path: Path, text: SourceText, name: str) -> Iterator[Span]:
    """Every ``name`` that is a word of a value."""
    word = re.compile(rb"(?<![\w\x80-\xff])" + re.escape(name.encode()) + rb"(?![\w\x80-\xff/-])")
    for value in _of_toml(text.data) if path.suffix == ".toml" else _of_ini(text.data):
        for match in word.finditer(text.data, value.start, value.end):
            yield Span(match.start(), match.end())


def _of_ini(data: bytes) -> Iterator[Span]:
    """Whole lines: the name of an entry is no path, so that it need not be told from its value."""
    return (Span(*match.span()) for match in _INI.finditer(data))


def _of_toml(data: bytes) -> Iterator[Span]:
    depth, is_heading = 0, False
    for match in _TOML.finditer(data):
        if match["opens"]:
            is_heading = is_heading or (
                depth == 0 and not data[data.rfind(b"\n", 0, match.start()) + 1 : match.start()].strip()
            )
            depth += 1
        elif match["closes"]:
            depth -= 1
            is_heading = is_heading and depth > 0
        elif match["string"] and not is_heading and not _IS_KEY.match(data, match.end()):
            yield Span(*match.span())
