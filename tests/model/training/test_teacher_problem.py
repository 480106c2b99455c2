"""Batches depend on their number alone; what is no negative is none; only masked functions are named."""

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasketch")

from codekin_model.encoders.language_model import load_language_model  # noqa: E402 - torch is an extra
from codekin_model.heads.name_decoder import NameDecoder, NameDecoderConfig, name_loss  # noqa: E402
from codekin_model.runtime.word_pieces import WordPieces  # noqa: E402
from codekin_model.training import teacher_problem as module  # noqa: E402
from codekin_model.training.machine import TrainingError  # noqa: E402
from codekin_model.training.teacher_config import TeacherSizes, TeacherTraining  # noqa: E402
from codekin_model.training.teacher_data import NO_WORD, load_teacher_data  # noqa: E402
from codekin_model.training.teacher_problem import TeacherModel, TeacherProblem  # noqa: E402

OPTIONS = TeacherTraining(steps=3, described=6, questioned=0, named=3)
ASKED = 2
"""A row with written questions, in the tests that want one."""


@pytest.fixture(scope="module")
def pieces(bert):
    return WordPieces(bert / "tokenizer.json")


@pytest.fixture(scope="module")
def data(corpus, pieces):
    return load_teacher_data(corpus, None, pieces, TeacherSizes(tokens=60, words=50))


@pytest.fixture(scope="module")
def model(bert, data):
    torch.manual_seed(0)
    language = load_language_model(bert)
    sizes = NameDecoderConfig(len(data.vocabulary), memory=language.width, width=16, heads=2, hidden=16)
    return TeacherModel(language, NameDecoder(sizes)).eval()


@pytest.fixture
def problem(data, model, pieces):
    return TeacherProblem(data, model, pieces, OPTIONS)


@pytest.fixture
def posed(data, model, pieces):
    """The problem with other options or other data."""

    def pose(changed=data, **options):
        return TeacherProblem(changed, model, pieces, replace(OPTIONS, **options))

    return pose


def numbers(losses) -> list[dict[str, float]]:
    with torch.no_grad():
        return [{name: value.item() for name, value in each.items()} for each in losses]


def test_a_batch_is_that_of_its_seed_epoch_and_number(posed):
    first = numbers(posed().losses(0, 0))
    assert numbers(posed().losses(0, 0)) == first
    others = [*numbers(posed().losses(1, 0)), *numbers(posed(seed=3).losses(0, 0))]
    assert len({each["search"] for each in [*first, *others]}) == 9


def test_an_epoch_goes_on_from_any_batch(problem):
    assert problem.steps() == 3
    whole = numbers(problem.losses(1, 0))
    assert [numbers(problem.losses(1, first)) for first in range(4)] == [whole, whole[1:], whole[2:], []]


@pytest.fixture
def batches(monkeypatch):
    """What a problem reads and asks: (rows, masked, texts) of each of its batches."""

    def watch(problem, epochs: int = 1):
        seen, read, asked = [], problem._read_code, problem._search_loss

        def reading(rows, masked):
            seen.append([rows.tolist(), masked.tolist()])
            return read(rows, masked)

        def asking(rows, code, queries, texts):
            seen[-1].append(list(texts))
            return asked(rows, code, queries, texts)

        monkeypatch.setattr(problem, "_read_code", reading)
        monkeypatch.setattr(problem, "_search_loss", asking)
        for epoch in range(epochs):
            numbers(problem.losses(epoch, 0))
        return seen

    return watch


def test_only_training_functions_are_learnt_from(posed, batches, data):
    rows = {row for rows, _, _ in batches(posed()) for row in rows}
    assert {data.splits[row] for row in rows} == {"train"}


def test_a_function_that_its_name_asks_for_is_always_masked(posed, batches, data):
    for rows, masked, texts in batches(posed(masking=0.0)):
        for row, hidden, text in zip(rows, masked, texts, strict=True):
            assert hidden == (not data.sentences[row])
            assert hidden == (text == data.plain_names[row])


def test_masking_is_the_share_of_described_functions_whose_name_is_hidden(posed, batches):
    assert all(all(masked) for _, masked, _ in batches(posed(masking=1.0)))
    shares = [np.mean(masked) for _, masked, _ in batches(posed(masking=0.5, named=0, described=12), epochs=5)]
    assert 0.3 < np.mean(shares) < 0.7


def test_sentences_are_said_as_they_stand_unless_they_are_styled(posed, batches, data):
    sentences = {each.rstrip(".") for each in data.sentences}
    assert all(set(texts) <= sentences for _, _, texts in batches(posed(styled=0.0, named=0)))
    assert any(set(texts) - sentences for _, _, texts in batches(posed(styled=1.0, named=0)))


@pytest.fixture
def questioned(data):
    """The data with a written question for one function."""
    assert data.splits[ASKED] == "train"
    return replace(data, questions={ASKED: ["where python is"]})


def test_questioned_functions_come_first_and_are_asked_for_in_writing(posed, batches, questioned):
    for rows, _, texts in batches(posed(questioned, questioned=1, described=2)):
        assert (rows[0], texts[0]) == (ASKED, "where python is")


def test_written_questions_replace_sentences_as_often_as_told(posed, batches, questioned):
    texts = {text for rows, _, asked in batches(posed(questioned, written=0.0, described=12), 5) for text in asked}
    assert "where python is" not in texts
    rows = [
        (row, text)
        for rows, _, asked in batches(posed(questioned, written=1.0, described=12), 5)
        for row, text in zip(rows, asked, strict=True)
    ]
    assert {text for row, text in rows if row == ASKED} == {"where python is"}


def test_several_functions_of_a_package_stand_together():
    groups = [np.arange(0, 10), np.arange(10, 12), np.arange(12, 30)]
    rows = module._sample(groups, 8, 3, np.random.default_rng(0))
    assert len(rows) == 8
    first, second = rows[:3].tolist(), rows[3:6].tolist()
    for part in (first, second):
        assert len(set(part)) == 3
        assert any(set(part) <= set(group.tolist()) for group in groups)


def test_a_cached_batch_has_the_losses_and_gradients_of_the_whole(posed, model):
    def losses_and_gradients(*, cached: bool):
        model.zero_grad()
        losses = next(iter(posed(cached=cached).losses(0, 0)))
        sum(losses.values()).backward()
        found = {name: value.grad for name, value in model.named_parameters() if value.grad is not None}
        return numbers([losses])[0], found

    (whole, gradients), (cached, again) = losses_and_gradients(cached=False), losses_and_gradients(cached=True)
    model.zero_grad()
    assert cached == pytest.approx(whole)
    assert again.keys() == gradients.keys() != set()
    assert all(torch.allclose(again[name], gradients[name], atol=1e-6) for name in gradients)


@pytest.mark.parametrize(("groups", "count"), [([], 5), ([np.arange(4)], 0)])
def test_nothing_is_drawn_from_nothing(groups, count):
    assert len(module._sample(groups, count, 16, np.random.default_rng(0))) == 0


def search_loss(problem, rows: list[int], texts: list[str]) -> float:
    vectors = torch.eye(len(rows))
    return problem._search_loss(np.array(rows), vectors, vectors, texts).item()


def test_the_search_loss_is_the_mean_of_both_directions(posed):
    problem = posed(temperature=0.5)
    code, queries = torch.tensor([[1.0, 0.0], [0.6, 0.8]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    # scores / temperature: [[2, 1.2], [0, 1.6]]
    rows = log(1 + exp(1.2 - 2)) + log(1 + exp(0 - 1.6))
    columns = log(1 + exp(0 - 2)) + log(1 + exp(1.2 - 1.6))
    found = problem._search_loss(np.array([4, 5]), code, queries, ["a", "b"]).item()
    assert found == pytest.approx((rows + columns) / 4, abs=1e-6)


def test_identical_texts_and_the_same_function_are_no_negatives(posed):
    problem = posed(temperature=1.0)
    assert search_loss(problem, [1, 2], ["read", "sort"]) == pytest.approx(log(1 + exp(-1)), abs=1e-6)
    assert search_loss(problem, [1, 2], ["read", "read"]) == 0
    assert search_loss(problem, [1, 1], ["read", "sort"]) == 0
    near = torch.ones(3, 2)
    three = problem._search_loss(np.array([1, 2, 3]), near, near, ["read", "read", "sort"]).item()
    assert three == pytest.approx((2 * log(2) + log(3)) / 3, abs=1e-5)


def read(problem, rows: list[int], masked: list[bool]):
    with torch.no_grad():
        return problem._read_code(np.array(rows), np.array(masked))


def test_vectors_come_in_the_order_of_the_functions_and_depend_on_them_alone(problem, data):
    rows, masked = [7, 0, 12, 3, 7], [True, False, True, True, False]
    together, _ = read(problem, rows, masked)
    for at, (row, hidden) in enumerate(zip(rows, masked, strict=True)):
        alone, _ = read(problem, [row], [hidden])
        assert torch.allclose(together[at], alone[0], atol=1e-5)
    assert torch.allclose(together.norm(dim=-1), torch.ones(5), atol=1e-5)


def test_a_vector_is_that_of_the_language_model(problem, data, model):
    ids = torch.from_numpy(data.masked[3].astype(np.int64))[None]
    with torch.no_grad():
        assert torch.allclose(read(problem, [3], [True])[0], model.language(ids, torch.ones_like(ids)), atol=1e-5)


def test_texts_are_embedded_in_their_order(problem, pieces, monkeypatch):
    ids = pieces.encode_all(["sort the rows of a long table", "x", "read file", "read file line"], 40)
    with torch.no_grad():
        together = problem._embed(ids)
        alone = torch.cat([problem._embed([each]) for each in ids])
        monkeypatch.setattr(module, "_GROUP", 1)
        apart = problem._embed(ids)
    assert torch.allclose(together, alone, atol=1e-5)
    assert torch.allclose(apart, together, atol=1e-5)


def naming_of(data, model, row: int) -> float:
    """The loss of one function's name, as the decoder alone has it."""
    ids = torch.from_numpy(data.masked[row].astype(np.int64))[None]
    real = torch.ones_like(ids)
    target = torch.tensor([[*data.names[row].tolist(), 0]])
    said = torch.tensor([[0, *data.names[row].tolist()]])
    with torch.no_grad():
        states = model.language.states(ids, real)
        following = model.decoder(states, real.bool(), model.language(ids, real), said)
        return name_loss(following, torch.from_numpy(data.words[row].astype(np.int64))[None], target).item()


def test_the_naming_loss_is_the_mean_over_masked_functions_with_a_name(posed, data, model, monkeypatch):
    assert len(data.names[1])
    assert len(data.names[4])
    expected = 0.5 * (naming_of(data, model, 1) + naming_of(data, model, 4)) / 2
    problem = posed(name_weight=0.5)
    rows, masked = [1, 4, 6], [True, True, False]
    assert read(problem, rows, masked)[1].item() == pytest.approx(expected, rel=1e-5)
    monkeypatch.setattr(module, "_GROUP", 1)
    assert read(problem, rows, masked)[1].item() == pytest.approx(expected, rel=1e-5)


def test_functions_that_show_their_name_are_not_named(problem):
    assert read(problem, [1, 4], [False, False])[1].item() == 0


def test_both_losses_reach_the_language_model_and_the_decoder(posed, model):
    losses = next(iter(posed().losses(0, 0)))
    for name, reached in (("search", model.language), ("naming", model.language), ("naming", model.decoder)):
        model.zero_grad()
        losses[name].backward(retain_graph=True)
        assert any(each.grad is not None and each.grad.any() for each in reached.parameters()), name
    model.zero_grad()


def test_a_word_piece_without_a_word_is_never_taken_for_one(data):
    assert NO_WORD not in set(np.concatenate([data.names[row] for row in range(len(data.names))]).tolist())


def test_validation_measures_search_and_names_of_the_held_out_functions(posed, data, monkeypatch):
    with torch.no_grad():
        figures = posed().validate()
        monkeypatch.setattr(module, "_VALIDATED", 4)
        parts = posed().validate()
    assert figures["score"] == pytest.approx(figures["visible"] + figures["masked"] - figures["name_loss"] / 10)
    assert 0 < figures["masked"] <= 1
    assert 0 < figures["visible"] <= 1
    assert [parts[name] for name in ("visible", "masked")] == [figures[name] for name in ("visible", "masked")]
    assert parts["name_loss"] == pytest.approx(figures["name_loss"], rel=0.01)  # a mean over parts of like size


def test_the_validated_naming_loss_is_that_of_the_decoder(posed, data, model):
    rows = [row for row, split in enumerate(data.splits) if split == "validation" and data.sentences[row]]
    with torch.no_grad():
        found = posed(name_weight=0.7).validate()["name_loss"]
    assert found == pytest.approx(np.mean([naming_of(data, model, row) for row in rows]), rel=1e-4)


def test_nothing_to_validate_with_is_told(posed, data):
    trained = replace(data, splits=np.full(len(data.splits), "train"))
    with pytest.raises(TrainingError, match="no validation function has a docstring"):
        posed(trained)


def test_only_the_decoder_drops_out_while_it_trains(model):
    model.train()
    assert (model.language.training, model.decoder.training) == (False, True)
    model.eval()
    assert not model.decoder.training
