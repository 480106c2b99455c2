"""The exported blend says what torch says."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import numpy as np  # noqa: E402 - torch is an extra
import onnx  # noqa: E402
import onnxruntime  # noqa: E402

from codekin_model.fusion.blend import Blend  # noqa: E402
from codekin_model.torch_runtime.export_blend import BLEND_GRAPH, export_blend  # noqa: E402

WIDTH = 32


@pytest.fixture(scope="module")
def blend():
    torch.manual_seed(0)
    blend = Blend(WIDTH)
    for parameter in blend.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return blend.eval()


@pytest.fixture(scope="module")
def graph(blend, tmp_path_factory):
    folder = tmp_path_factory.mktemp("blend")
    export_blend(blend, folder)
    return folder / BLEND_GRAPH


@pytest.mark.parametrize("units", [1, 2, 20])
def test_vectors_agree(blend, graph, units):
    given = {
        name: torch.nn.functional.normalize(torch.randn(units, WIDTH), dim=-1) for name in ("fused", "text", "words")
    }
    with torch.inference_mode():
        expected = blend(*given.values()).numpy()
    (found,) = onnxruntime.InferenceSession(graph).run(["vector"], {name: each.numpy() for name, each in given.items()})
    assert (found * expected).sum(axis=1).min() > 0.999
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_both_matrices_are_int8(graph):
    stored = onnx.load(str(graph)).graph.initializer
    small = sum(int(np.prod(each.dims)) for each in stored if each.data_type == onnx.TensorProto.INT8)
    assert small >= 2 * WIDTH * WIDTH
