"""Training the blend: what it makes of the vectors of the view that is asked for."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.fusion.blend import Blend  # noqa: E402 - torch is an extra
from codekin_model.training.asked_config import AskedTraining  # noqa: E402
from codekin_model.training.asked_data import WAYS, AskedVectors  # noqa: E402
from codekin_model.training.blend_data import BlendSet  # noqa: E402
from codekin_model.training.blend_problem import BlendProblem  # noqa: E402

WIDTH, FUNCTIONS = 6, 5


def vectors(views: int, seed: int) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(FUNCTIONS, views, WIDTH))
    return (found / np.linalg.norm(found, axis=-1, keepdims=True)).astype(np.float16)


def test_the_text_stands_for_the_fused_vector_too():
    asked = AskedVectors(vectors(WAYS, 2), np.arange(3), np.arange(3, FUNCTIONS))
    data = BlendSet(vectors(2, 0), vectors(2, 1), asked)
    rows, views = np.array([0, 4, 2]), np.array([1, 0, 0])
    total = data.text[rows, views].astype(float) + 0.2 * data.words[rows, views].astype(float)
    with torch.no_grad():
        found = BlendProblem(data, Blend(WIDTH), AskedTraining()).code(rows, views).numpy()
    assert found == pytest.approx(total / np.linalg.norm(total, axis=1, keepdims=True), abs=1e-3)
