"""The exported graph sets hubs back as torch does, and a unit alone as in company."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import numpy as np  # noqa: E402 - torch is an extra
import onnx  # noqa: E402
import onnxruntime  # noqa: E402

from codekin_model.torch_runtime.export_hubness import HUBNESS_GRAPH, export_hubness  # noqa: E402
from codekin_model.training.hubness import hubness_of  # noqa: E402
from codekin_model.training.hubness_config import HubnessConfig, HubnessData  # noqa: E402

WIDTH, QUESTIONS = 64, 500


def rows(count: int, seed: int):
    return torch.nn.functional.normalize(
        torch.randn(count, WIDTH, generator=torch.Generator().manual_seed(seed)), dim=-1
    )


@pytest.fixture(scope="module")
def hubness():
    config = HubnessConfig("model", nearest=5, data=HubnessData(questions=QUESTIONS, parts=16))
    return hubness_of(rows(QUESTIONS, 0), rows(50, 1), config)


@pytest.fixture(scope="module")
def graph(hubness, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hubness")
    export_hubness(hubness, folder)
    return folder / HUBNESS_GRAPH


@pytest.fixture(scope="module")
def session(graph):
    return onnxruntime.InferenceSession(graph)


@pytest.mark.parametrize("count", [1, 2, 40])
def test_units_agree(hubness, session, count):
    units = rows(count, 2)
    (found,) = session.run(["unit"], {"vector": units.numpy()})
    assert (found * hubness.units(units).numpy()).sum(axis=1).min() > 0.9999
    along = torch.from_numpy(found) @ hubness.unused
    expected = hubness.units(units) @ hubness.unused
    assert along.numpy() == pytest.approx(expected.numpy(), abs=0.01)


def test_questions_agree(hubness, session):
    questions = rows(7, 3)
    (found,) = session.run(["question"], {"vector": questions.numpy()})
    assert found == pytest.approx(hubness.questions(questions).numpy(), abs=1e-5)


def test_a_unit_does_not_depend_on_what_stands_beside_it(session):
    units = rows(30, 4).numpy()
    (together,) = session.run(["unit"], {"vector": units})
    for at in range(30):
        (alone,) = session.run(["unit"], {"vector": units[at : at + 1]})
        assert np.array_equal(alone[0], together[at])


def test_questions_take_a_byte_for_each_part(graph):
    stored = {each.name: each for each in onnx.load(str(graph)).graph.initializer}
    assert stored["codes"].data_type == onnx.TensorProto.UINT8
    assert tuple(stored["codes"].dims) == (QUESTIONS, 16)
    assert stored["values"].data_type == onnx.TensorProto.INT8
