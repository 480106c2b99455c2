"""The exported sketch says what torch says, of a unit alone as in company, but for the last bits."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import numpy as np  # noqa: E402 - torch is an extra
import onnx  # noqa: E402
import onnxruntime  # noqa: E402

from codekin_model.fusion.sketch import Sketch  # noqa: E402
from codekin_model.torch_runtime.export_sketch import SKETCH_GRAPH, export_sketch  # noqa: E402

WIDTH = 96


@pytest.fixture(scope="module")
def sketch():
    torch.manual_seed(0)
    sketch = Sketch(WIDTH)
    torch.nn.init.normal_(sketch.turn.weight, std=0.05)
    return sketch.eval()


@pytest.fixture(scope="module")
def graph(sketch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sketch")
    export_sketch(sketch, folder)
    return folder / SKETCH_GRAPH


@pytest.mark.parametrize("units", [1, 2, 20])
def test_vectors_agree(sketch, graph, units):
    words = torch.nn.functional.normalize(torch.randn(units, WIDTH), dim=-1)
    with torch.inference_mode():
        expected = sketch(words).numpy()
    (found,) = onnxruntime.InferenceSession(graph).run(["vector"], {"words": words.numpy()})
    assert (found * expected).sum(axis=1).min() > 0.999
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_unit_hardly_depends_on_what_stands_beside_it(graph):
    session = onnxruntime.InferenceSession(graph)
    words = torch.nn.functional.normalize(torch.randn(30, WIDTH), dim=-1).numpy()
    (together,) = session.run(["vector"], {"words": words})
    for at in range(30):
        (alone,) = session.run(["vector"], {"words": words[at : at + 1]})
        assert alone[0] == pytest.approx(together[at], abs=1e-6)


def test_its_matrix_is_kept_in_bytes(graph):
    stored = onnx.load(str(graph)).graph.initializer
    sizes = {each.data_type: int(np.prod(each.dims)) for each in stored if np.prod(each.dims) > WIDTH}
    assert sizes == {onnx.TensorProto.INT8: WIDTH * WIDTH}
