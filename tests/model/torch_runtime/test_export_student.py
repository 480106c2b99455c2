"""The exported student says what torch says, and the same of a unit whatever stands beside it."""

from dataclasses import asdict

import pytest

torch = pytest.importorskip("torch")

import numpy as np  # noqa: E402 - torch is an extra
import onnx  # noqa: E402
import onnxruntime  # noqa: E402

from codekin_model.encoders.student import Student, StudentConfig  # noqa: E402
from codekin_model.torch_runtime.export_student import STUDENT_GRAPH, export_student  # noqa: E402
from codekin_model.vocab.bag_batch import BagBatch  # noqa: E402
from codekin_model.vocab.own_words import own_words  # noqa: E402


@pytest.fixture(scope="module")
def session(tiny_model):
    return onnxruntime.InferenceSession(tiny_model.folder / STUDENT_GRAPH)


def batch(config, units: int) -> dict[str, np.ndarray]:
    """Random bags, of which the later places are padding."""
    random = np.random.default_rng(units)
    places = zip(("names", "words"), config.places[:2], strict=True)
    found = {name: random.integers(1, config.words, (units, size)) for name, size in places}
    for ids in found.values():
        ids[np.arange(ids.shape[1]) >= random.integers(0, ids.shape[1] + 1, (units, 1))] = 0
    return inputs(found["names"], found["words"])


def inputs(names: np.ndarray, words: np.ndarray) -> dict[str, np.ndarray]:
    return asdict(own_words(BagBatch(names, words, names)))


@pytest.mark.parametrize("units", [1, 2, 50])
def test_vectors_agree(tiny_model, session, units):
    given = batch(tiny_model.student.config, units)
    with torch.inference_mode():
        contexts = torch.zeros(units, tiny_model.student.config.places[2], dtype=torch.int64)
        expected = tiny_model.student(*map(torch.from_numpy, given.values()), contexts).numpy()
    (found,) = session.run(["vector"], given)
    assert (found * expected).sum(axis=1).min() > 0.999
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_weights_are_kept_in_eight_bits(tmp_path):
    student = Student(StudentConfig(300, 0, (3, 4, 2), width=16, hidden=128, output=32))
    export_student(student, tmp_path)
    kept = onnx.load(str(tmp_path / STUDENT_GRAPH)).graph.initializer
    large = {each.data_type: np.prod(each.dims) for each in sorted(kept, key=lambda each: np.prod(each.dims))}
    assert large[onnx.TensorProto.INT8] == 128 * 32
    assert large[onnx.TensorProto.UINT8] == 300 * 16
    assert large[onnx.TensorProto.FLOAT] < 128 * 32


def test_a_vector_does_not_depend_on_the_others_of_its_batch(tiny_model, session):
    given = batch(tiny_model.student.config, 20)
    (together,) = session.run(["vector"], given)
    names, words = given["own"][given["names"]], given["own"][given["words"]]
    alone = [session.run(["vector"], inputs(names[[row]], words[[row]]))[0] for row in range(20)]
    assert together == pytest.approx(np.concatenate(alone), abs=1e-6)
