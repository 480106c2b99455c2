"""The exported student says what torch says, and the same of a unit whatever stands beside it."""

import pytest

torch = pytest.importorskip("torch")

import numpy as np  # noqa: E402 - torch is an extra
import onnxruntime  # noqa: E402

from codekin_model.torch_runtime.export_student import STUDENT_GRAPH  # noqa: E402


@pytest.fixture(scope="module")
def session(tiny_model):
    return onnxruntime.InferenceSession(tiny_model.folder / STUDENT_GRAPH)


def bags(config, units: int) -> dict[str, np.ndarray]:
    """Random bags, of which the later places are padding."""
    random = np.random.default_rng(units)
    sizes = zip(
        ("names", "words", "contexts"), config.places, (config.words, config.words, config.buckets), strict=True
    )
    found = {name: random.integers(1, size, (units, places)) for name, places, size in sizes}
    for ids in found.values():
        ids[np.arange(ids.shape[1]) >= random.integers(0, ids.shape[1] + 1, (units, 1))] = 0
    return found


@pytest.mark.parametrize("units", [1, 2, 50])
def test_vectors_agree(tiny_model, session, units):
    given = bags(tiny_model.student.config, units)
    with torch.inference_mode():
        expected = tiny_model.student(*map(torch.from_numpy, given.values())).numpy()
    (found,) = session.run(["vector"], given)
    assert (found * expected).sum(axis=1).min() > 0.999
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_vector_does_not_depend_on_the_others_of_its_batch(tiny_model, session):
    given = bags(tiny_model.student.config, 20)
    (together,) = session.run(["vector"], given)
    alone = [session.run(["vector"], {name: ids[row : row + 1] for name, ids in given.items()})[0] for row in range(20)]
    assert together == pytest.approx(np.concatenate(alone), abs=1e-6)
