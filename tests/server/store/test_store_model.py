"""Any sequence of operations leaves a store showing what a dictionary would."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.store import backlog
from codekin_server.store.records import FileRecord
from codekin_server.store.store import Store

DEFINITIONS = (
    "def apple():\n    return 1\n",
    "def pear(x):\n    return x\n",
    "class Basket:\n    def apple(self):\n        return 2\n",
    "value = 3\n",
)
WALK = backlog._WALK
paths = st.sampled_from(["a.py", "b.py", "pkg/c.py"])
sources = st.lists(st.sampled_from(DEFINITIONS), max_size=5).map("\n".join)


def units_of(source):
    return find_units(parse(text_of(source)))


class StoreMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.disk: dict[str, str] = {}
        self.opened: dict[str, str] = {}
        self.embedded: set[str] = set()
        self.open()

    def open(self):
        self.store = Store.open(self.folder / "index.sqlite", "model")

    def teardown(self):
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(path=paths, source=sources, overlay=st.booleans())
    def replace(self, path, source, overlay):
        units = units_of(source)
        record = FileRecord(path, len(source), 0, source, "utf-8")
        counts = self.store.replace_file(record, units, overlay=overlay)
        (self.opened if overlay else self.disk)[path] = source
        assert counts.seen == len(units)
        assert set(counts.new) == {unit.fingerprint for unit in units} - self.embedded

    @rule(path=paths)
    def remove_file(self, path):
        assert self.store.remove_file(path) == (self.disk.pop(path, None) is not None)

    @rule(path=paths)
    def remove_overlay(self, path):
        assert self.store.remove_overlay(path) == (self.opened.pop(path, None) is not None)

    @rule(limit=st.integers(1, 3))
    def embed(self, limit):
        missing = [unit.fingerprint for unit in self.store.missing_vectors(limit)]
        assert len(missing) == min(limit, len(self.missing))
        assert set(missing) <= self.missing
        self.store.put_vectors([(each, np.array([1.0, len(self.embedded)])) for each in missing])
        self.embedded.update(missing)

    @rule(limit=st.integers(1, 9))
    def ask_what_is_missing(self, limit):
        missing = {unit.fingerprint for unit in self.store.missing_vectors(limit)}
        assert len(missing) == min(limit, len(self.missing))
        assert missing <= self.missing

    @rule()
    def forget(self):
        self.store.forget_unused_vectors(older_than=-1)
        everywhere = [*self.disk.values(), *self.opened.values()]
        self.embedded &= {unit.fingerprint for source in everywhere for unit in units_of(source)}

    @rule()
    def reopen(self):
        self.store.close()
        self.opened.clear()
        self.open()
        assert self.store.repaired is None

    @property
    def visible(self):
        return {**self.disk, **self.opened}

    @property
    def missing(self):
        return {unit.fingerprint for source in self.visible.values() for unit in units_of(source)} - self.embedded

    @invariant()
    def shows_the_units_of_the_visible_text(self):
        for path in ("a.py", "b.py", "pkg/c.py"):
            shown = [
                (unit.qualified_name, unit.fingerprint, unit.start_line) for unit in self.store.units_of_file(path)
            ]
            wanted = units_of(self.visible.get(path, ""))
            assert sorted(shown) == sorted((unit.qualified_name, unit.fingerprint, unit.start_line) for unit in wanted)

    @invariant()
    def finds_words_where_they_are(self):
        hits = self.store.units(unit_id for unit_id, _ in self.store.lexical(["apple"], 100))
        wanted = {
            (path, unit.qualified_name)
            for path, source in self.visible.items()
            for unit in units_of(source)
            if "apple" in (unit.source + unit.qualified_name).lower()
        }
        assert {(unit.path, unit.qualified_name) for unit in hits} == wanted

    @invariant()
    def counts_agree(self):
        counts = self.store.counts()
        assert counts.files == len(self.visible)
        assert counts.open_documents == len(self.opened)
        assert counts.vectors_missing == len(self.missing)
        assert set(self.store.vector_keys().values()) == self.embedded
        assert {path: record.digest for path, record in self.store.file_records().items()} == self.disk


StoreMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestStoreIsLikeADictionary = StoreMachine.TestCase


class ShortWalks(StoreMachine):
    """With more units than are looked up at once."""

    def open(self):
        backlog._WALK = 2
        super().open()

    def teardown(self):
        backlog._WALK = WALK
        super().teardown()


ShortWalks.TestCase.settings = StoreMachine.TestCase.settings
TestStoreWithShortWalks = ShortWalks.TestCase
