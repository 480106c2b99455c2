"""Training over kept vectors: batches by their number alone, InfoNCE both ways, figures of both views."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.training.asked_config import AskedTraining  # noqa: E402 - torch is an extra
from codekin_model.training.asked_data import WAYS, AskedVectors  # noqa: E402
from codekin_model.training.asked_problem import AskedProblem  # noqa: E402

WIDTH, TRAINED, FUNCTIONS = 6, 10, 14
OPTIONS = AskedTraining(batch=3)
CODE_SEED = 1


def vectors(views: int, seed: int) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(FUNCTIONS, views, WIDTH))
    return (found / np.linalg.norm(found, axis=-1, keepdims=True)).astype(np.float16)


@pytest.fixture(scope="module")
def data():
    rows = np.arange(FUNCTIONS)
    return AskedVectors(vectors(WAYS, 2), rows[:TRAINED], rows[TRAINED:])


class Unchanged(AskedProblem):
    """Its module is there to be trained, and changes nothing."""

    def code(self, rows, views):
        return self.tensor(vectors(2, CODE_SEED)[rows, views])


@pytest.fixture
def posed(data):
    def pose(changed=data, **options):
        return Unchanged(changed, torch.nn.Linear(1, 1), replace(OPTIONS, **options))

    return pose


def numbers(losses) -> list[float]:
    return [each["search"].item() for each in losses]


def test_a_batch_is_that_of_its_seed_epoch_and_number(posed):
    whole = numbers(posed().losses(1, 0))
    assert len(whole) == posed().steps() == 3
    assert numbers(posed().losses(1, 0)) == whole
    assert numbers(posed().losses(1, 2)) == whole[2:]
    assert numbers(posed().losses(2, 0)) != whole
    assert numbers(posed(seed=3).losses(1, 0)) != whole


def test_less_data_than_a_batch_is_one_batch(posed):
    assert posed(batch=100).steps() == 1


def code(rows, view) -> np.ndarray:
    return vectors(2, CODE_SEED)[rows, view].astype(float)


@pytest.mark.parametrize(("masking", "view"), [(0.0, 0), (1.0, 1)])
def test_every_question_looks_for_its_function_and_the_reverse(posed, data, masking, view):
    same = data.questions[:, :1].repeat(WAYS, axis=1)
    problem = posed(replace(data, questions=same), masking=masking, temperature=0.5)
    rows = np.array([2, 5, 7])
    scores = same[rows, 0].astype(float) @ code(rows, view).T / 0.5
    logs = [each - np.log(np.exp(each).sum(1, keepdims=True)) for each in (scores, scores.T)]
    expected = -np.mean([np.diag(each).mean() for each in logs])
    assert problem._loss(rows, np.random.default_rng(0)).item() == pytest.approx(expected, abs=1e-3)


def test_validation_asks_plainly_for_both_views(posed, data):
    with torch.no_grad():
        figures = posed().validate()
    rows = data.validation
    for view, name in enumerate(("visible", "masked")):
        scores = data.questions[rows, 0].astype(float) @ code(rows, view).T
        expected = np.mean([1 / (1 + (row > row[at]).sum()) for at, row in enumerate(scores)])
        assert figures[name] == pytest.approx(expected)
    assert figures["score"] == pytest.approx((figures["visible"] + figures["masked"]) / 2)
