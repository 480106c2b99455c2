import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codekin_model.source.span import Span
from codekin_model.source.unit import UnitKind
from codekin_server.store.store import Store
from codekin_server.store.unit_filter import EVERY_UNIT
from codekin_server.workspace import indexer as indexing
from codekin_server.workspace.documents import TextChange
from codekin_server.workspace.indexer import Indexer

CODE = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"


def replaced(content, old, new):
    start = content.encode().index(old.encode())
    return [TextChange(Span(start, start + len(old.encode())), new)]


@pytest.fixture
def opened(indexer, write, model):
    """``a.py``, on disk, embedded and open."""
    write("a.py", CODE)
    indexer.scan()
    indexer.embed_missing()
    indexer.document_opened("a.py", CODE, 1)
    model.embedded.clear()
    return indexer


def test_unsaved_code_is_searchable(opened, store, names):
    opened.document_changed("a.py", 2, replaced(CODE, "two", "zwei"))

    assert names("a.py") == ["", "one", "zwei"]
    assert store.lexical(["zwei"], 3)
    assert not store.lexical(["two"], 3)


def test_only_the_unit_that_changed_is_extracted_and_embedded(opened, model, store):
    before = opened.counters

    opened.document_changed("a.py", 2, replaced(CODE, "return 2", "return 22"))
    opened.embed_missing()

    changed = next(unit for unit in store.units_of_file("a.py") if unit.name == "two")
    assert model.embedded == [changed.fingerprint]
    after = opened.counters
    assert after.units_seen - before.units_seen == 3
    assert after.units_reused - before.units_reused == 2
    assert after.units_extracted - before.units_extracted == 1
    assert after.units_embedded - before.units_embedded == 1


def test_a_document_that_is_too_large_hides_its_file_and_has_no_units(root, store, model, write, names):
    indexer = Indexer(root, store, model, largest_file=200)
    write("a.py", CODE)
    indexer.scan()

    indexer.document_opened("a.py", CODE * 9, 1)

    assert names("a.py") == []
    assert store.counts().skipped_files == 1
    indexer.document_changed("a.py", 2, CODE)
    assert names("a.py") == ["", "one", "two"]


def test_an_undo_embeds_nothing(opened, model):
    opened.document_changed("a.py", 2, replaced(CODE, "return 2", "return 22"))
    opened.embed_missing()
    opened.document_changed("a.py", 3, replaced(CODE.replace("return 2", "return 22"), "return 22", "return 2"))

    assert opened.embed_missing() == 0
    assert len(model.embedded) == 1


def test_moving_code_within_a_file_embeds_the_head_at_most(opened, model, store):
    first, second = CODE.split("\n\n\n")
    opened.document_changed("a.py", 2, f"{second}\n\n{first}\n")

    opened.embed_missing()

    assert model.embedded == [unit.fingerprint for unit in store.units_of_file("a.py") if unit.kind is UnitKind.MODULE]


def test_closing_without_saving_leaves_no_trace(opened, store, names):
    before = names("a.py")
    opened.document_changed("a.py", 2, "def unsaved():\n    pass\n")
    assert "unsaved" in names("a.py")

    opened.document_closed("a.py")

    assert opened.document("a.py") is None
    assert names("a.py") == before
    assert not store.lexical(["unsaved"], 3)
    assert store.counts().open_documents == 0


def test_a_new_document_that_was_never_saved_vanishes_when_closed(indexer, store):
    indexer.document_opened("new.py", CODE, 1)
    indexer.document_closed("new.py")

    assert store.counts().files == store.counts().units == 0


def test_closing_shows_what_was_saved_meanwhile(opened, write, names):
    opened.document_changed("a.py", 2, "def saved():\n    pass\n")
    write("a.py", "def saved():\n    pass\n")

    opened.document_closed("a.py")

    assert names("a.py") == ["", "saved"]


def test_saving_changes_the_file_and_keeps_the_document(opened, write, names, store):
    write("a.py", "def on_disk():\n    pass\n")
    opened.file_changed("a.py")

    assert names("a.py") == ["", "one", "two"]
    opened.document_closed("a.py")
    assert names("a.py") == ["", "on_disk"]


def test_a_change_that_is_not_newer_is_dropped(opened):
    assert opened.document_changed("a.py", 1, "x = 1\n") is None
    assert opened.document("a.py").text.data.decode() == CODE


def test_a_change_of_a_document_that_is_not_open_is_dropped(indexer):
    assert indexer.document_changed("a.py", 2, "x = 1\n") is None
    indexer.document_closed("a.py")


def test_opening_again_starts_afresh(opened, names):
    opened.document_opened("a.py", "def other():\n    pass\n", 1)

    assert names("a.py") == ["", "other"]


@pytest.mark.parametrize("path", ["venv/lib/a.py", "notes.txt", "/elsewhere/a.py", "../a.py"])
def test_documents_that_do_not_belong_are_kept_but_not_indexed(indexer, write, store, path):
    write("venv/pyvenv.cfg", "")

    indexer.document_opened(path, CODE, 1)
    document = indexer.document_changed(path, 2, replaced(CODE, "two", "zwei"))

    assert {unit.name for unit in document.units} == {"", "one", "zwei"}
    assert store.counts().files == 0
    indexer.document_closed(path)
    assert indexer.document(path) is None


def test_a_new_file_is_indexed_and_a_deleted_one_removed(indexer, write, names, root):
    write("pkg/a.py", CODE)
    indexer.file_changed("pkg/a.py")
    assert names("pkg/a.py") == ["", "one", "two"]

    (root / "pkg" / "a.py").unlink()
    indexer.file_changed("pkg/a.py")
    assert names("pkg/a.py") == []


def test_a_deleted_folder_takes_its_files_with_it(indexer, write, store):
    for path in ["pkg/a.py", "pkg/sub/b.py", "pkgs.py"]:
        write(path)
    indexer.scan()

    indexer.file_deleted("pkg")

    assert list(store.file_records()) == ["pkgs.py"]


def test_a_changed_folder_is_no_deleted_folder(indexer, write, store):
    write("pkg/a.py")
    indexer.scan()

    indexer.file_changed("pkg")

    assert list(store.file_records()) == ["pkg/a.py"]


def test_events_of_files_that_do_not_belong_are_passed_over(indexer, write, store):
    write("build/a.py")
    write("b.txt")

    for path in ["build/a.py", "b.txt", "../x.py"]:
        indexer.file_changed(path)
        indexer.file_deleted(path)

    assert store.counts().files == 0


def test_the_root_may_be_reached_through_a_link(root, store, model, write, names):
    write("a.py", CODE)
    link = root.parent / "link"
    try:
        link.symlink_to(root)
    except OSError:
        pytest.skip("no links here")

    Indexer(link, store, model).scan()

    assert names("a.py") == ["", "one", "two"]


# --- whatever happened, the index is the one that a fresh start would give

bodies = st.lists(st.sampled_from("abcdef"), max_size=4).map(
    lambda names: "\n".join(f"def {name}(x):\n    return {name}(x)\n" for name in names)
)
paths = st.sampled_from(["a.py", "p/b.py", "p/q/c.py"])
events = st.one_of(
    st.tuples(st.just("write"), paths, bodies),
    st.tuples(st.just("delete"), paths, st.none()),
    st.tuples(st.just("open"), paths, bodies),
    st.tuples(
        st.just("type"), paths, st.tuples(st.floats(0, 1), st.sampled_from(["x", "\n", "def z(): pass\n", "(", ""]))
    ),
    st.tuples(st.just("close"), paths, st.none()),
    st.tuples(st.just("scan"), st.none(), st.none()),
    st.tuples(st.just("embed"), st.none(), st.none()),
)


class Player:
    """Plays events to an indexer and keeps the files and open texts that they should amount to."""

    def __init__(self, root: Path, indexer: Indexer):
        self.root, self.indexer, self.open, self.version = root, indexer, {}, 0

    def play(self, action, path, detail):
        self.version += 1
        getattr(self, f"_{action}")(path, detail)

    def _write(self, path, content):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(content, newline="")
        self.indexer.file_changed(path)

    def _delete(self, path, _):
        (self.root / path).unlink(missing_ok=True)
        self.indexer.file_deleted(path)

    def _open(self, path, content):
        self.open[path] = content
        self.indexer.document_opened(path, content, self.version)

    def _type(self, path, detail):
        if path in self.open:
            place, text = detail
            at = int(place * len(self.open[path]))
            self.open[path] = self.open[path][:at] + text + self.open[path][at:]
            self.indexer.document_changed(path, self.version, [TextChange(Span(at, at), text)])

    def _close(self, path, _):
        self.open.pop(path, None)
        self.indexer.document_closed(path)

    def mend(self):
        """Of broken code the parser may make something else after edits than it would from scratch."""
        for path in [path for path in self.open if self.indexer.document(path).tree.diagnostics]:
            self.open[path] = "def a(x):\n    return x\n"
            self.indexer.document_changed(path, self.version + 1, self.open[path])

    def _scan(self, *_):
        self.indexer.scan()

    def _embed(self, *_):
        self.indexer.embed_missing()


def picture(store: Store):
    """All that a user could see, without the ids."""
    units = [
        (
            unit.path,
            unit.qualified_name,
            unit.start_line,
            unit.end_line,
            unit.start_byte,
            unit.end_byte,
            unit.fingerprint,
        )
        for path in ["a.py", "p/b.py", "p/q/c.py"]
        for unit in store.units_of_file(path)
    ]
    found = {word: sorted(unit.qualified_name for unit in hits(store, word)) for word in ["a", "b", "x", "z"]}
    return units, found, sorted(store.tiers_of(store.wanted_fingerprints(EVERY_UNIT)))


def hits(store, word):
    return store.units([unit_id for unit_id, _ in store.lexical([word], 1000)])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=st.lists(events, max_size=14))
def test_after_any_events_the_index_equals_one_made_from_scratch(model, happened):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "workspace"
        root.mkdir()
        with Store.open(Path(folder) / "one" / "i.sqlite", "m") as lived:
            indexer = Indexer(root, lived, model)
            player = Player(root, indexer)
            for event in happened:
                player.play(*event)
            player.mend()
            indexer.embed_missing()
            with Store.open(Path(folder) / "two" / "i.sqlite", "m") as fresh:
                afresh = Indexer(root, fresh, model)
                afresh.scan()
                for path, content in player.open.items():
                    afresh.document_opened(path, content, 1)
                afresh.embed_missing()

                assert picture(lived) == picture(fresh)


def test_vectors_of_code_that_is_long_gone_are_forgotten_and_younger_ones_kept(
    indexer, write, store, model, monkeypatch
):
    write("a.py")
    gone = np.ones(16, dtype=np.float32)
    store.put_vectors([("gone", gone)])
    indexer.scan()
    indexer.embed_missing()
    assert store.vector_of("gone") is not None
    monkeypatch.setattr(indexing, "_KEPT", -1.0)
    Indexer(indexer.root, store, model).embed_missing()
    assert store.vector_of("gone") is None
    assert store.counts().vectors_missing == 0
