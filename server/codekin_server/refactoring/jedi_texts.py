"""What jedi reads: the newest Python, unsaved texts in place of files, and no trees that other processes keep on disk.

In: texts by path, for the time of one question. Out: nothing; jedi sees them. jedi itself takes one text that is not a
file's, that of the script it is asked about. All others come from its cache of parsed files, so the texts are laid in
there, with a time that no file is newer than, and taken out again. Must not know what jedi is asked.
"""

# ruff: noqa: SLF001 - jedi and parso have no public way to do this

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, cast

from jedi.file_io import KnownContentFileIO
from jedi.inference import references
from parso import cache, grammar
from parso.utils import split_lines

from codekin_model.source.text import SourceText

_references = cast("Any", references)
_cache = cast("Any", cache)
_grammar = cast("Any", grammar)
_BEYOND_ANY = "3.99"
"""parso takes the newest grammar it has for this."""

_files_on_disk = _references._find_project_modules


@contextmanager
def instead_of_files(script: Any, path: Path, texts: Mapping[Path, SourceText]) -> Generator[None]:  # noqa: ANN401
    """Meanwhile ``script``, which is of the file at ``path``, reads ``texts``. Only one at a time."""
    syntax = script._inference_state.grammar
    try:
        for other, text in texts.items():
            if other != path:
                _lay(syntax, other, text.data.decode())
        _references._find_project_modules = partial(_files, texts)
        yield
    finally:
        _references._find_project_modules = _files_on_disk
        _forget([path, *texts])


def _lay(syntax: Any, path: Path, code: str) -> None:  # noqa: ANN401
    item = _cache._NodeCacheItem(syntax.parse(code), split_lines(code, keepends=True), inf)
    _cache.parser_cache.setdefault(syntax._hashed, {})[path] = item


def _forget(paths: Iterable[Path]) -> None:
    """Also the script's own, whose text jedi keeps as if the file held it."""
    for path in paths:
        for trees in _cache.parser_cache.values():
            trees.pop(path, None)


def _files(texts: Mapping[Path, SourceText], state: Any, contexts: Iterable[Any]) -> Iterator[Any]:  # noqa: ANN401
    """The files that jedi searches for a name, and the documents that are no files yet."""
    left = dict(texts)
    for file in _files_on_disk(state, contexts):
        text = left.pop(file.path, None)
        yield file if text is None else KnownContentFileIO(file.path, text.data.decode())
    known = {context.py__file__() for context in contexts}
    yield from (KnownContentFileIO(path, text.data.decode()) for path, text in left.items() if path not in known)


def read_newest_python(environment: Any) -> None:  # noqa: ANN401
    """Whatever interpreter this is, code may be written for a later one; what is older reads the same."""
    environment.get_grammar = _newest_grammar


def _newest_grammar() -> Any:  # noqa: ANN401
    return _grammar.load_grammar(version=_BEYOND_ANY)


def keep_nothing_on_disk() -> None:
    """The folder that jedi has in the user's cache is shared by all processes, and half a file there stops any reader.

    Parsing what it holds takes tenths of a second, once.
    """
    _cache._load_from_file_system = _nothing
    _cache._save_to_file_system = _nothing
    _cache._remove_cache_and_update_lock = _nothing


def _nothing(*_: object, **__: object) -> None:
    """In place of a file."""
