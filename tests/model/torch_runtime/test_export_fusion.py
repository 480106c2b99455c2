"""What is exported answers as torch does, for batches of any size."""

import pytest

torch = pytest.importorskip("torch")

import numpy as np  # noqa: E402 - torch is an extra
import onnxruntime  # noqa: E402

from codekin_model.torch_runtime.export_fusion import FUSION_GRAPH  # noqa: E402
from codekin_model.vocab.context_batch import SUBTOKENS  # noqa: E402


@pytest.fixture(scope="module")
def model(tiny_fusion):
    return tiny_fusion.model


@pytest.fixture(scope="module")
def folder(tiny_fusion):
    return tiny_fusion.folder


def inputs(config, batch: int, terminals: int, contexts: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(batch + terminals + contexts)
    text = random.normal(size=(batch, config.text)).astype(np.float32)
    rows = {name: random.integers(0, terminals, (batch, contexts)) for name in ("start", "end")}
    return {
        "text": text / np.linalg.norm(text, axis=1, keepdims=True),
        "terminals": random.integers(0, config.subtokens, (terminals, SUBTOKENS)),
        "start": rows["start"],
        "path": random.integers(0, config.paths, (batch, contexts)),
        "end": rows["end"],
    }


@pytest.mark.parametrize(("batch", "terminals", "contexts"), [(1, 1, 1), (2, 5, 9), (7, 40, 200)])
def test_vectors_and_weights_agree(model, folder, batch, terminals, contexts):
    given = inputs(model.config, batch, terminals, contexts)
    expected = model(*(torch.from_numpy(each) for each in given.values()))
    vector, weights = onnxruntime.InferenceSession(folder / FUSION_GRAPH).run(["vector", "weights"], given)
    assert np.sum(vector * expected.vector.detach().numpy(), axis=1).min() > 0.99
    assert np.abs(weights - expected.weights.detach().numpy()).max() < 0.02
