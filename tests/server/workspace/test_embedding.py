import threading
import time
from concurrent.futures import Future

import numpy as np
import pytest

from codekin_model.source.span import Span
from codekin_server.worker.errors import RequestRefused
from codekin_server.workspace.documents import TextChange
from codekin_server.workspace.indexer import Indexer
from codekin_server.workspace.progress import Stage


def many(count, start=0):
    return "\n\n".join(f"def function_{at}(x):\n    return x + {at}\n" for at in range(start, start + count))


def test_every_unit_gets_the_vector_of_its_content(indexer, write, store):
    write("a.py", many(30))
    indexer.scan()

    assert indexer.embed_missing() == 31
    assert store.counts().vectors_missing == 0
    for unit in store.units_of_file("a.py"):
        expected = np.frombuffer(bytes.fromhex(unit.fingerprint), np.uint8).astype(np.float32) + 1
        assert store.vector_of(unit.fingerprint) @ expected / np.linalg.norm(expected) == pytest.approx(1, abs=1e-3)


def test_units_go_to_the_model_in_small_batches(indexer, write, model):
    write("a.py", many(30))
    indexer.scan()

    indexer.embed_missing()

    assert model.batches == [8, 8, 8, 7]


def test_equal_contents_are_embedded_once(indexer, write, model):
    write("a.py", many(3))
    write("b/c.py", many(3))
    indexer.scan()

    indexer.embed_missing()

    assert len(model.embedded) == len(set(model.embedded)) == 4


def test_open_documents_come_first(indexer, write, model, store):
    write("a.py", many(20))
    indexer.scan()
    indexer.document_opened("z.py", "def urgent():\n    return 1\n", 1)

    indexer.embed_missing()

    opened = {unit.fingerprint for unit in store.units_of_file("z.py")}
    assert opened <= set(model.embedded[:8])


def test_a_document_opened_meanwhile_is_next(indexer, write, model, store):
    write("a.py", many(60))
    indexer.scan()
    model.before = lambda: indexer.document_opened("z.py", "def urgent():\n    return 1\n", 1)

    indexer.embed_missing()

    opened = {unit.fingerprint for unit in store.units_of_file("z.py")}
    assert opened <= set(model.embedded[:16])


def test_moving_a_file_embeds_nothing(indexer, write, root, model):
    file = write("a.py", many(5))
    indexer.scan()
    indexer.embed_missing()
    (root / "new").mkdir()
    file.rename(root / "new" / "name.py")

    indexer.scan()

    assert indexer.embed_missing() == 0
    assert len(model.embedded) == 6


def test_switching_back_embeds_nothing(indexer, write):
    versions = [many(4), many(4, start=10)]
    for content in versions:
        write("a.py", content)
        indexer.file_changed("a.py")
        indexer.embed_missing()
    before = indexer.counters

    write("a.py", versions[0])
    indexer.file_changed("a.py")

    assert indexer.embed_missing() == 0
    assert indexer.counters.units_extracted == before.units_extracted
    assert indexer.counters.units_reused == before.units_reused + 5


def test_a_file_that_changed_unseen_is_looked_at_again(indexer, write, store, names):
    write("a.py", many(2))
    indexer.scan()
    write("a.py", many(2, start=7))

    indexer.embed_missing()
    indexer.embed_missing()

    assert store.counts().vectors_missing == 0
    assert names("a.py") == ["", "function_7", "function_8"]


def test_a_file_that_vanished_unseen_is_removed(indexer, write, store):
    file = write("a.py", many(2))
    indexer.scan()
    file.unlink()

    assert indexer.embed_missing() == 0
    assert store.counts().files == 0


def test_cancelling_stops_after_what_is_under_way(indexer, write, model, store):
    write("a.py", many(50))
    indexer.scan()

    indexer.embed_missing(cancelled=lambda: len(model.batches) >= 3)

    assert len(model.batches) == 3
    assert store.counts().vectors_missing > 0
    indexer.embed_missing()
    assert store.counts().vectors_missing == 0


def test_waiting_for_a_silent_model_can_be_cancelled(root, store, write):
    futures = []

    class Silent:
        def embed_units(self, units, *, urgent, soon=False):
            futures.append(Future())
            return futures[-1]

    indexer = Indexer(root, store, Silent())
    write("a.py", many(30))
    indexer.scan()

    assert indexer.embed_missing(cancelled=lambda: len(futures) == 2) == 0
    assert all(future.cancelled() for future in futures)


def test_a_failing_model_leaves_the_index_whole(indexer, write, model, store):
    write("a.py", many(30))
    indexer.scan()
    model.failure = RuntimeError("the model died")

    with pytest.raises(RuntimeError, match="died"):
        indexer.embed_missing()
    model.failure = None

    assert indexer.embed_missing() == 31
    assert store.counts().vectors_missing == 0


def test_two_runs_do_not_embed_anything_twice(indexer, write, model, store):
    write("a.py", many(60))
    indexer.scan()
    runs = [threading.Thread(target=indexer.embed_missing) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert len(model.embedded) == len(set(model.embedded)) == 61
    assert store.counts().vectors_missing == 0


def test_a_second_run_that_waits_can_be_cancelled(indexer, write, model):
    write("a.py", many(3))
    indexer.scan()
    results = []
    model.before = lambda: results.append(indexer.embed_missing(cancelled=lambda: True))

    indexer.embed_missing()

    assert results == [0]


def test_edits_while_embedding_do_no_harm(indexer, write, store):
    content = many(80)
    write("a.py", content)
    indexer.scan()
    indexer.document_opened("a.py", content, 0)
    running = threading.Thread(target=indexer.embed_missing)
    running.start()
    version = 0
    while running.is_alive() and version < 300:
        version += 1
        indexer.document_changed("a.py", version, [TextChange(Span(4, 4), "x")])
    running.join()

    indexer.embed_missing()

    assert store.counts().vectors_missing == 0
    shown = {unit.fingerprint for unit in store.units_of_file("a.py")}
    assert shown == {unit.fingerprint for unit in indexer.document("a.py").units}


def test_progress_ends_where_all_is_done(indexer, write):
    write("a.py", many(20))
    indexer.scan()
    seen = []

    indexer.embed_missing(progress=seen.append)

    assert {each.stage for each in seen} == {Stage.EMBEDDING}
    assert [each.done for each in seen] == sorted(each.done for each in seen)
    assert (seen[-1].done, seen[-1].total) == (21, 21)


def test_a_branch_that_comes_back_after_weeks_of_another_embeds_nothing(root, store, model, write, monkeypatch):
    day, now = 24 * 3600.0, [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def session(content):
        write("a.py", content)
        indexer = Indexer(root, store, model)
        indexer.file_changed("a.py")
        return indexer.embed_missing()

    session(many(4))
    now[0] += 40 * day
    session(many(4, start=10))
    now[0] += 29 * day
    assert session(many(4)) == 0


class Refusing:
    """Refuses whatever holds a unit with one of these numbers; answers all else."""

    def __init__(self, model, *numbers):
        self.model = model
        self.words = [f"x + {number}\n" for number in numbers]
        self.asked = []

    def embed_units(self, units, *, urgent, soon=False):
        self.asked.append(len(units))
        if any(word in unit.passage + "\n" for word in self.words for unit in units):
            refused = Future()
            refused.set_exception(RequestRefused("ValueError: not this one"))
            return refused
        return self.model.embed_units(units, urgent=urgent, soon=soon)


def test_a_unit_that_the_model_refuses_costs_no_other_its_vector(root, store, model, write, names, caplog):
    indexer = Indexer(root, store, Refusing(model, 3, 25))
    write("a.py", many(30))
    indexer.scan()

    assert indexer.embed_missing() == 29
    assert [each.name for each in store.missing_vectors(10)] == ["function_3", "function_25"]
    assert len(caplog.records) == 2
    assert "a.py:13 gets no vector: ValueError: not this one" in caplog.text


def test_what_the_model_has_refused_is_not_asked_for_again(root, store, model, write, caplog):
    refusing = Refusing(model, 0)
    indexer = Indexer(root, store, refusing)
    write("a.py", many(1))
    indexer.scan()
    indexer.embed_missing()
    asked = len(refusing.asked)

    assert indexer.embed_missing() == 0
    assert (len(refusing.asked), len(caplog.records)) == (asked, 1)


def test_going_unit_by_unit_can_be_cancelled(root, store, model, write):
    refusing = Refusing(model, 0)
    indexer = Indexer(root, store, refusing)
    write("a.py", many(7))
    indexer.scan()
    silent = []

    def embed_units(units, *, urgent, soon=False):
        if len(units) > 1:
            return Refusing.embed_units(refusing, units, urgent=urgent, soon=soon)
        silent.append(Future())
        return silent[-1]

    refusing.embed_units = embed_units
    assert indexer.embed_missing(cancelled=lambda: bool(silent)) == 0
    assert [each.cancelled() for each in silent] == [True]
