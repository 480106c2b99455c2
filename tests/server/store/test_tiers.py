"""Two tiers of vectors, and the order in which the teacher's are asked for."""

import numpy as np
import pytest

from codekin_server.store.records import FileRecord, Tier

TWO = "def first():\n    return 1\n\n\ndef second():\n    return 2\n"


def vector(*values):
    return np.array(values, dtype=np.float32)


def test_the_students_vector_gives_way_to_the_teachers(store, place):
    (fingerprint, *_) = place(store, "a.py", TWO).new
    store.put_vectors([(fingerprint, vector(1, 0))], Tier.STUDENT)
    assert store.tiers_of([fingerprint]) == {fingerprint: Tier.STUDENT}
    assert store.vector_of(fingerprint) is None
    assert store.vectors_of([fingerprint])[fingerprint] == pytest.approx([1, 0])
    store.put_vectors([(fingerprint, vector(0, 1))])
    assert store.vector_of(fingerprint) == pytest.approx([0, 1])


def test_the_students_vector_never_replaces_the_teachers(store, place):
    (fingerprint, *_) = place(store, "a.py", TWO).new
    store.put_vectors([(fingerprint, vector(0, 1))])
    store.put_vectors([(fingerprint, vector(1, 0))], Tier.STUDENT)
    assert store.vector_of(fingerprint) == pytest.approx([0, 1])


def test_what_only_the_student_has_embedded_still_waits_for_the_teacher(store, place):
    new = place(store, "a.py", TWO).new
    store.put_vectors([(each, vector(1, 0)) for each in new], Tier.STUDENT)
    assert store.without_any_vector(9) == []
    assert {unit.fingerprint for unit in store.missing_vectors(9)} == set(new)
    assert (store.counts().vectors_missing, store.counts().by_student) == (len(new), len(new))


def test_files_that_changed_lately_are_embedded_first(store, units_in):
    for path, hours in (("a.py", 1), ("b.py", 3), ("c.py", 2)):
        store.replace_file(
            FileRecord(path, 1, hours * 3_600_000_000_000, "d", "utf-8"), units_in(f"def {path[0]}(): pass\n")
        )
    assert list(dict.fromkeys(unit.path for unit in store.missing_vectors(9))) == ["b.py", "c.py", "a.py"]
