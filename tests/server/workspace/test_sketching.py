import threading
from concurrent.futures import Future

import numpy as np
import pytest

from codekin_server.store.records import Tier
from codekin_server.worker.errors import RequestRefused
from codekin_server.workspace import embedding
from codekin_server.workspace.indexer import Indexer
from codekin_server.workspace.progress import Stage
from codekin_server.workspace.sketching import FROM


class Student:
    """Answers at once. Keeps what it was asked, and how many units the teacher had embedded by then."""

    def __init__(self, model):
        self.model = model
        self.sketched = []
        self.teacher_had = []
        self.failure = None

    def sketch_units(self, units):
        self.sketched += [unit.fingerprint for unit in units]
        self.teacher_had.append(len(self.model.embedded))
        future = Future()
        if self.failure is not None:
            future.set_exception(self.failure)
        else:
            future.set_result(np.ones((len(units), 16), np.float32))
        return future


@pytest.fixture
def student(model):
    return Student(model)


@pytest.fixture
def indexer(root, store, model, student):
    return Indexer(root, store, model, student=student)


def many(count, start=0):
    return "\n\n".join(f"def function_{at}(x):\n    return x + {at}\n" for at in range(start, start + count))


def tiers(store):
    units = [unit for path in store.file_records() for unit in store.units_of_file(path)]
    return {store.tiers_of([unit.fingerprint]).get(unit.fingerprint) for unit in units}


def test_the_student_goes_over_everything_before_the_teacher_begins(indexer, write, student, model):
    write("a.py", many(FROM))
    write("b.py", many(FROM, start=FROM))
    indexer.scan()
    indexer.embed_missing()
    assert len(student.sketched) == len(set(student.sketched)) == 2 * FROM + 2
    assert set(student.teacher_had) == {0}
    assert set(model.embedded) == set(student.sketched)


def test_between_the_tiers_everything_has_the_students_vector(indexer, write, store, model):
    write("a.py", many(FROM))
    indexer.scan()
    indexer.embed_missing(cancelled=lambda: len(model.embedded) > 0)
    counts = store.counts()
    assert counts.vectors_missing == counts.by_student > FROM - 20
    assert counts.vectors + counts.by_student == counts.units


def test_in_the_end_every_vector_is_the_teachers(indexer, write, store):
    write("a.py", many(FROM))
    indexer.scan()
    indexer.embed_missing()
    assert tiers(store) == {Tier.TEACHER}
    assert (store.counts().vectors_missing, store.counts().by_student) == (0, 0)


def test_a_handful_of_changed_functions_goes_to_the_teacher_alone(indexer, write, student):
    write("a.py", many(FROM - 2))
    indexer.scan()
    indexer.embed_missing()
    assert student.sketched == []


def test_a_kill_between_the_tiers_sketches_nothing_again(indexer, write, root, store, student, model):
    write("a.py", many(FROM))
    indexer.scan()
    indexer.embed_missing(cancelled=lambda: len(model.embedded) > 0)
    before = list(student.sketched)
    again = Indexer(root, store, model, student=student)
    again.scan()
    again.embed_missing()
    assert student.sketched == before
    assert tiers(store) == {Tier.TEACHER}


def test_thousands_of_files_that_change_under_way_are_sketched_too(indexer, write, student, model, monkeypatch):
    monkeypatch.setattr(embedding, "_LOOK_AGAIN", 0.0)
    write("a.py", many(FROM))
    indexer.scan()

    def switch_branches():
        model.before = lambda: None
        write("b.py", many(FROM, start=1000))
        indexer.file_changed("b.py")

    model.before = switch_branches
    indexer.embed_missing()
    assert student.teacher_had[-1] > 0
    assert len(set(student.sketched)) == 2 * FROM + 2


def test_without_a_student_in_the_model_the_teacher_does_it_all(indexer, write, student, store):
    student.failure = RequestRefused("holds no student")
    write("a.py", many(FROM))
    indexer.scan()
    indexer.embed_missing()
    assert tiers(store) == {Tier.TEACHER}


def test_sketching_can_be_cancelled(root, store, model, write):
    futures = []

    class Silent:
        def sketch_units(self, units):
            futures.append(Future())
            return futures[-1]

    indexer = Indexer(root, store, model, student=Silent())
    write("a.py", many(3 * FROM))
    indexer.scan()
    assert indexer.embed_missing(cancelled=lambda: len(futures) == 2) == 0
    assert all(future.cancelled() for future in futures)
    assert model.embedded == []


def test_equal_contents_are_sketched_in_one_go_without_harm(indexer, write, store):
    write("a.py", many(FROM))
    write("b.py", many(FROM))
    indexer.scan()
    indexer.embed_missing()
    assert store.counts().vectors == FROM + 1


def test_progress_names_the_stage(indexer, write):
    write("a.py", many(FROM))
    indexer.scan()
    seen = []
    indexer.embed_missing(progress=seen.append)
    assert [stage for stage, _ in _runs(seen)] == [Stage.SKETCHING, Stage.EMBEDDING]


def test_edits_while_sketching_do_no_harm(indexer, write, store):
    write("a.py", many(4 * FROM))
    indexer.scan()
    running = threading.Thread(target=indexer.embed_missing)
    running.start()
    for at in range(5):
        write("a.py", many(4 * FROM, start=at))
        indexer.file_changed("a.py")
    running.join()
    indexer.embed_missing()
    assert tiers(store) == {Tier.TEACHER}


def _runs(steps):
    found = []
    for step in steps:
        if not found or found[-1][0] is not step.stage:
            found.append((step.stage, step.done))
    return found
