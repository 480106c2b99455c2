"""States are kept once or computed when they are read, come back for any rows, and are as good as the model's."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from codekin_model.encoders.language_model import load_language_model  # noqa: E402 - torch is an extra
from codekin_model.training import state_store  # noqa: E402
from codekin_model.training.state_source import TorchStates  # noqa: E402
from codekin_model.training.state_store import FreshStates, keep_states  # noqa: E402
from codekin_model.training.teacher_data import ragged  # noqa: E402

ROWS = [[2, 5, 6, 3], [2, 3], [2, 7, 8, 9, 10, 3], [2, 4, 3]]


@pytest.fixture
def model(bert):
    return load_language_model(bert)


def test_states_are_those_of_the_model(model, tmp_path):
    states, real = keep_states(ragged(ROWS), TorchStates(model), tmp_path, "rows").of([2, 1])
    assert states.shape == (2, 6, model.width)
    assert real.tolist() == [[True] * 6, [True, True] + [False] * 4]
    for at, row in enumerate((2, 1)):
        ids = torch.tensor([ROWS[row]])
        with torch.inference_mode():
            expected = model.states(ids, torch.ones_like(ids))[0]
        kept = states[at, : len(ROWS[row])]
        assert torch.allclose(kept, expected, atol=float(expected.abs().max()) / 100)
    assert states[1, 2:].abs().max() == 0


def test_what_is_kept_is_not_computed_again(model, tmp_path, monkeypatch):
    monkeypatch.setattr(state_store, "_CHUNK", 2)
    before = keep_states(ragged(ROWS), TorchStates(model), tmp_path, "rows").of(range(4))[0]
    monkeypatch.setattr(type(model), "states", None)
    after = keep_states(ragged(ROWS), TorchStates(model), tmp_path, "rows").of(range(4))[0]
    assert np.array_equal(before.numpy(), after.numpy())


def test_states_of_another_model_are_not_given(model, tmp_path):
    before = keep_states(ragged(ROWS), TorchStates(model), tmp_path, "rows").of([0])[0]
    with torch.no_grad():
        next(model.parameters()).add_(1)
    after = keep_states(ragged(ROWS), TorchStates(model), tmp_path, "rows").of([0])[0]
    assert not np.array_equal(before.numpy(), after.numpy())


def test_other_texts_are_computed_anew(model, tmp_path):
    keep_states(ragged(ROWS), TorchStates(model), tmp_path, "rows")
    changed = [[2, 9, 9, 3], *ROWS[1:]]
    states, _ = keep_states(ragged(changed), TorchStates(model), tmp_path, "rows").of([0])
    ids = torch.tensor([changed[0]])
    with torch.inference_mode():
        expected = model.states(ids, torch.ones_like(ids))[0]
    assert torch.allclose(states[0], expected, atol=float(expected.abs().max()) / 100)


def test_what_is_not_kept_is_what_the_model_says_of_each_row(model):
    states, real = FreshStates(TorchStates(model), ragged(ROWS)).of([2, 1])
    assert real.tolist() == [[True] * 6, [True, True] + [False] * 4]
    for at, row in enumerate((2, 1)):
        ids = torch.tensor([ROWS[row]])
        with torch.inference_mode():
            expected = model.states(ids, torch.ones_like(ids))[0]
        assert torch.allclose(states[at, : len(ROWS[row])], expected, atol=1e-5)
    assert states[1, 2:].abs().max() == 0
