"""Distillation: near the teacher, told apart as the teacher tells, found by the teacher's questions."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.encoders.student import Student, StudentConfig  # noqa: E402 - torch is an extra
from codekin_model.training import student_problem as module  # noqa: E402
from codekin_model.training.machine import TrainingError  # noqa: E402
from codekin_model.training.student_config import StudentTraining  # noqa: E402
from codekin_model.training.student_data import NO_QUESTION, VIEWS, Answers, StudentSet  # noqa: E402
from codekin_model.training.student_problem import StudentProblem  # noqa: E402
from codekin_model.vocab.bag_batch import BagBatch  # noqa: E402

WORDS, BUCKETS, WIDTH = 20, 9, 6
FUNCTIONS, TRAINED = 14, 10
OPTIONS = StudentTraining(batch=3, together=1, masking=0.5, word_dropout=0.3)
WAYS = 2


def unit_rows(count: int, each: int, random: np.random.Generator) -> np.ndarray:
    rows = random.normal(size=(count, each, WIDTH))
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float16)


@pytest.fixture(scope="module")
def data():
    """Ten functions to learn from, the last of them without a question, and four held out."""
    random = np.random.default_rng(0)
    asked = np.arange(FUNCTIONS)
    asked[TRAINED - 1] = NO_QUESTION
    bags = BagBatch(
        random.integers(0, WORDS, (FUNCTIONS * VIEWS, 3), np.int32),
        random.integers(0, WORDS, (FUNCTIONS * VIEWS, 4), np.int32),
        random.integers(0, BUCKETS, (FUNCTIONS * VIEWS, 2), np.int32),
    )
    rows = np.arange(FUNCTIONS)
    vectors, questions = unit_rows(FUNCTIONS, VIEWS, random), unit_rows(FUNCTIONS, WAYS, random)
    return StudentSet(bags, Answers(vectors, questions), (), asked, rows[:TRAINED], rows[TRAINED:])


@pytest.fixture
def model():
    torch.manual_seed(0)
    return Student(StudentConfig(WORDS, BUCKETS, (3, 4, 2), width=5, hidden=8, output=WIDTH)).eval()


@pytest.fixture
def posed(data, model):
    def pose(changed=data, **options):
        return StudentProblem(changed, model, replace(OPTIONS, **options))

    return pose


def numbers(losses) -> list[dict[str, float]]:
    with torch.no_grad():
        return [{name: value.item() for name, value in each.items()} for each in losses]


def test_an_epoch_goes_once_through_the_training_functions_in_an_order_of_its_own(posed, monkeypatch):
    problem, seen = posed(), []
    monkeypatch.setattr(problem, "_loss", lambda rows, draw: seen.extend(rows.tolist()) or {})
    for epoch in range(2):
        list(problem.losses(epoch, 0))
    assert problem.steps() == 3
    first, second = seen[:9], seen[9:]
    assert len(set(first)) == len(set(second)) == 9
    assert set(first) | set(second) <= set(range(TRAINED))
    assert first != second


def test_similar_functions_come_together(data, posed, monkeypatch):
    monkeypatch.setattr(module, "clusters_of", lambda vectors, seed: np.arange(len(vectors)) // 4)
    problem, seen = posed(batch=4, together=2), []
    monkeypatch.setattr(problem, "_loss", lambda rows, draw: seen.append(rows.tolist()) or {})
    list(problem.losses(0, 0))
    assert problem.steps() == 2
    assert all(one // 4 == other // 4 for rows in seen for one, other in zip(rows[::2], rows[1::2], strict=True))


def test_a_batch_is_that_of_its_seed_epoch_and_number(posed):
    whole = numbers(posed().losses(1, 0))
    assert numbers(posed().losses(1, 0)) == whole
    assert numbers(posed().losses(1, 2)) == whole[2:]
    assert numbers(posed().losses(2, 0)) != whole
    assert numbers(posed(seed=3).losses(1, 0)) != whole


def test_what_is_dropped_is_drawn_for_each_batch(posed):
    assert numbers(posed(masking=0.0, word_dropout=0.0).losses(0, 0)) != numbers(posed().losses(0, 0))


def whole_loss(problem, rows) -> dict[str, float]:
    """The losses of functions of which nothing is dropped."""
    return numbers([problem._loss(np.array(rows), np.random.default_rng(0))])[0]


def vectors_of(data, model, rows, view: int = 0) -> np.ndarray:
    at = np.array(rows) * VIEWS + view
    bags = [
        torch.from_numpy(each[at].astype(np.int64)) for each in (data.bags.names, data.bags.words, data.bags.contexts)
    ]
    with torch.no_grad():
        return model(torch.arange(WORDS), *bags).numpy()


def test_nearness_is_one_less_the_mean_cosine(posed, data, model):
    rows = [2, 5, 7]
    expected = 1 - (vectors_of(data, model, rows) * data.taught.vectors[rows, 0]).sum(1).mean()
    assert whole_loss(posed(masking=0.0, word_dropout=0.0), rows)["near"] == pytest.approx(expected, abs=1e-5)


def divergence(asked: np.ndarray, code: np.ndarray, taught: np.ndarray, temperature: float) -> float:
    """The mean over both directions of the mean Kullback-Leibler divergence of the rows' softmax."""

    def shares(scores: np.ndarray) -> np.ndarray:
        raised = np.exp(scores / temperature)
        return raised / raised.sum(1, keepdims=True)

    def one_way(found: np.ndarray, wanted: np.ndarray) -> float:
        return float((shares(wanted) * np.log(shares(wanted) / shares(found))).sum(1).mean())

    found, wanted = asked @ code.T, asked @ taught.T
    return (one_way(found, wanted) + one_way(found.T, wanted.T)) / 2


def test_functions_are_ranked_as_the_teacher_ranks_them_for_questions_and_for_functions(posed, data, model):
    rows = [2, 5]
    losses = whole_loss(posed(masking=0.0, word_dropout=0.0, temperature=0.5), rows)
    code = vectors_of(data, model, rows)
    taught = data.taught.vectors[rows, 0].astype(np.float32)
    possible = [
        divergence(
            np.stack([data.taught.questions[row, way] for row, way in zip(rows, ways, strict=True)]).astype(np.float32),
            code,
            taught,
            0.5,
        )
        for ways in product(range(WAYS), repeat=len(rows))
    ]
    assert losses["alike"] == pytest.approx(divergence(taught, code, taught, 0.5), abs=1e-5)
    assert any(losses["search"] == pytest.approx(each, abs=1e-5) for each in possible)


def test_a_student_that_ranks_as_its_teacher_has_nothing_to_learn(posed, data, model):
    rows = [2, 5, 7]
    same = data.taught.vectors.copy()
    same[rows, 0] = vectors_of(data, model, rows)
    losses = whole_loss(
        posed(replace(data, taught=replace(data.taught, vectors=same)), masking=0.0, word_dropout=0.0), rows
    )
    assert losses == {name: pytest.approx(0, abs=5e-3) for name in ("near", "alike", "search")}


def test_of_several_teachers_the_mean_of_what_they_expect_is_learnt(posed, data, model):
    """The second teacher, of another width, says nothing of vectors."""
    random, rows = np.random.default_rng(5), [2, 5, 7]
    other = Answers(*(np.concatenate([unit_rows(FUNCTIONS, 2, random)] * 2, axis=-1) for _ in range(2)))
    two, one = (
        whole_loss(posed(replace(data, others=others), masking=0.0, word_dropout=0.0, temperature=0.5), rows)
        for others in ((other,), ())
    )
    code, taught, theirs = vectors_of(data, model, rows), data.taught.vectors[rows, 0], other.vectors[rows, 0]

    def shares(scores: np.ndarray) -> np.ndarray:
        raised = np.exp(scores.astype(np.float32) / 0.5)
        return raised / raised.sum(1, keepdims=True)

    expected = []
    for turned in (False, True):
        found, *wanted = (
            shares(each.T if turned else each) for each in (taught @ code.T, taught @ taught.T, theirs @ theirs.T)
        )
        mean = (wanted[0] + wanted[1]) / 2
        expected.append((mean * np.log(mean / found)).sum(1).mean())
    assert two["alike"] == pytest.approx(np.mean(expected), abs=2e-3)
    assert two["near"] == one["near"]
    assert two["search"] != pytest.approx(one["search"], abs=1e-3)


def test_functions_without_a_question_are_candidates_and_nothing_is_asked_for_them(posed, data, model):
    one_way = replace(data, taught=replace(data.taught, questions=data.taught.questions[:, :1]))
    problem = posed(one_way, masking=0.0, word_dropout=0.0)
    rows = [2, TRAINED - 1, 5]
    code, taught = vectors_of(data, model, rows), data.taught.vectors[rows, 0].astype(np.float32)
    questions = data.taught.questions[[2, 5], 0].astype(np.float32)
    expected = divergence(questions, code, taught, OPTIONS.temperature)
    assert whole_loss(problem, rows)["search"] == pytest.approx(expected, abs=1e-4)
    assert whole_loss(problem, [TRAINED - 1])["search"] == 0


def test_a_masked_view_is_taught_by_what_the_teacher_says_of_it(posed, data, model):
    rows = [2, 5, 7]
    expected = 1 - (vectors_of(data, model, rows, view=1) * data.taught.vectors[rows, 1]).sum(1).mean()
    assert whole_loss(posed(masking=1.0, word_dropout=0.0), rows)["near"] == pytest.approx(expected, abs=1e-5)


def test_the_data_itself_stays_as_it_is(posed, data):
    before = data.bags.words.copy()
    numbers(posed().losses(0, 0))
    assert np.array_equal(data.bags.words, before)


def test_validation_asks_the_teachers_plainest_questions_of_both_views(posed, data, model):
    with torch.no_grad():
        figures = posed().validate()
    questions = data.taught.questions[data.validation, 0].astype(np.float32)

    def mrr(found: np.ndarray) -> float:
        scores = questions @ found.T
        return float(np.mean([1 / (1 + (row > row[at]).sum()) for at, row in enumerate(scores)]))

    visible, masked = (vectors_of(data, model, data.validation, view) for view in range(VIEWS))
    taught = data.taught.vectors[data.validation].astype(np.float32)
    assert (figures["mrr"], figures["masked"]) == (pytest.approx(mrr(visible)), pytest.approx(mrr(masked)))
    assert figures["score"] == pytest.approx((mrr(visible) + mrr(masked)) / 2)
    assert figures["share"] == pytest.approx(mrr(visible) / mrr(taught[:, 0]))
    near = (visible * taught[:, 0]).sum(1).mean() + (masked * taught[:, 1]).sum(1).mean()
    assert figures["cosine"] == pytest.approx(near / 2, abs=1e-4)


def test_without_training_functions_there_is_no_batch(posed, data):
    assert posed(replace(data, training=data.training[:0])).steps() == 0


def test_no_units_have_no_vectors(model):
    empty = np.zeros((0, 3), np.int32)
    assert module.vectors_of(model, BagBatch(empty, empty, empty[:, :2])).shape == (0, WIDTH)


def test_nothing_to_validate_with_is_told(posed, data):
    with pytest.raises(TrainingError, match="no validation function has a docstring"):
        posed(replace(data, validation=data.validation[:0]))
