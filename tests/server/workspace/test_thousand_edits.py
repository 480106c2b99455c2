"""A recorded sequence of a thousand random edits, after which the index equals one built from scratch."""

import bisect
import heapq
import random
import shlex
import textwrap
from pathlib import Path

import pytest

from codekin_model.source.span import Span
from codekin_server.store.store import Store
from codekin_server.store.unit_filter import EVERY_UNIT
from codekin_server.workspace.documents import TextChange
from codekin_server.workspace.indexer import Indexer

SEED = 5
EDITS = 1000
MODULES = {f"{module.__name__}.py": Path(module.__file__).read_text() for module in (bisect, heapq, shlex, textwrap)}
SNIPPETS = (
    "x",
    "\n",
    "    ",
    "def made_up(value):\n    return value + 1\n\n\n",
    "class Zoo:\n    def feed(self, fish):\n        return [fish] * 3\n\n\n",
    "# \U0001f40d ü\n",
    '"""',
    "(",
    ")",
    "return ",
    "'\U0001f40d'",
)


class Session:
    """Plays random edits to an indexer, and keeps what the documents should hold."""

    def __init__(self, indexer, write):
        self.random = random.Random(SEED)  # noqa: S311 - no secret
        self.indexer, self.write = indexer, write
        self.texts = {path: text.encode() for path, text in MODULES.items()}
        self.edits: list[tuple[str, bytes]] = []
        self.version = 1

    def play(self):
        path = self.random.choice(list(self.texts))
        action = self.random.choices(["type", "cut", "copy", "undo", "save", "embed"], [50, 20, 5, 20, 3, 2])[0]
        getattr(self, action)(path)

    def type(self, path):
        at = self._boundary(path)
        self._change(path, Span(at, at), self.random.choice(SNIPPETS))

    def cut(self, path):
        start = self._boundary(path)
        end = self._boundary(path, start, start + self.random.choice([1, 5, 40, 400]))
        self._change(path, Span(start, end), "")

    def copy(self, path):
        start = self._boundary(path)
        end = self._boundary(path, start, start + 300)
        at = self._boundary(path)
        self._change(path, Span(at, at), self.texts[path][start:end].decode())

    def undo(self, _):
        """Of the last edit that was not taken back yet."""
        if self.edits:
            path, before = self.edits.pop()
            self.texts[path] = before
            self.version += 1
            self.indexer.document_changed(path, self.version, self.texts[path].decode())

    def save(self, path):
        self.write(path, self.texts[path])
        self.indexer.file_changed(path)

    def embed(self, _):
        self.indexer.embed_missing()

    def _boundary(self, path, least=0, most=None):
        """A place that is not inside of a character."""
        data = self.texts[path]
        at = self.random.randint(least, min(len(data), len(data) if most is None else most))
        while 0 < at < len(data) and data[at] & 0xC0 == 0x80:
            at += 1
        return at

    def _change(self, path, span, text):
        before = self.texts[path]
        self.edits.append((path, before))
        self.texts[path] = before[: span.start] + text.encode() + before[span.end :]
        self.version += 1
        self.indexer.document_changed(path, self.version, [TextChange(span, text)])


@pytest.fixture
def session(indexer, write):
    for path, text in MODULES.items():
        write(path, text)
    indexer.scan()
    indexer.embed_missing()
    for path, text in MODULES.items():
        indexer.document_opened(path, text, 1)
    return Session(indexer, write)


def found(store, word):
    hits = store.units([at for at, _ in store.lexical([word], 1000)])
    return sorted((unit.path, unit.start_byte) for unit in hits)


def picture(store):
    """All that a user could see of units, words and vectors, without the ids."""
    units = [
        (unit.path, unit.qualified_name, unit.start_line, unit.end_line, unit.start_byte, unit.end_byte)
        for path in MODULES
        for unit in store.units_of_file(path)
    ]
    words = {word: found(store, word) for word in ("made", "feed", "heap", "text", "read", "x")}
    return units, words, sorted(store.tiers_of(store.wanted_fingerprints(EVERY_UNIT)))


def test_after_a_thousand_edits_the_index_equals_one_from_scratch(session, indexer, store, model, root, tmp_path):
    for _ in range(EDITS):
        session.play()
    indexer.embed_missing()
    with Store.open(tmp_path / "fresh" / "index.sqlite", "model-a") as fresh:
        afresh = Indexer(root, fresh, model)
        afresh.scan()
        for path, data in session.texts.items():
            afresh.document_opened(path, data.decode(), 1)
        afresh.embed_missing()
        assert picture(store) == picture(fresh)


def test_while_editing_nothing_is_embedded_twice(session, indexer, model):
    for _ in range(EDITS // 4):
        session.play()
        indexer.embed_missing()
    assert len(model.embedded) == len(set(model.embedded))


def test_taking_every_edit_back_embeds_nothing(session, indexer, model):
    for _ in range(100):
        session.type("shlex.py")
        indexer.embed_missing()
    before = len(model.embedded)
    while session.edits:
        session.undo(None)
        indexer.embed_missing()
    assert len(model.embedded) == before
    assert session.texts["shlex.py"] == MODULES["shlex.py"].encode()
