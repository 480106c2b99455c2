"""Search and names are learnt from a tiny corpus."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("datasketch")

import numpy as np  # noqa: E402 - torch is an extra
from safetensors.torch import save_file  # noqa: E402

from codekin_model.corpus.package_list import Split  # noqa: E402
from codekin_model.training.export import load_run  # noqa: E402
from codekin_model.training.fusion_problem import FusionProblem, FusionTraining  # noqa: E402
from codekin_model.training.train import write_description  # noqa: E402

OPTIONS = FusionTraining(batch=12, contexts=8)


@pytest.fixture
def problem(data, tiny_model):
    return FusionProblem(data, tiny_model, OPTIONS)


def epoch(problem, number: int) -> list[dict[str, float]]:
    torch.manual_seed(number)
    return [{name: loss.item() for name, loss in losses.items()} for losses in problem.losses(number)]


def test_an_epoch_goes_through_the_documented_training_functions(problem, data):
    assert problem.steps() == len(data.documented_rows(Split.TRAIN)) // OPTIONS.batch == len(epoch(problem, 0))


def test_losses_are_those_of_search_and_names_and_finite(problem):
    for losses in epoch(problem, 0):
        assert set(losses) == {"search", "naming"}
        assert all(np.isfinite(loss) for loss in losses.values())


def test_losses_depend_on_the_epoch_and_nothing_before_it(problem):
    first = epoch(problem, 3)
    assert epoch(problem, 4) != first
    assert epoch(problem, 3) == first


def test_both_losses_go_down(problem):
    optimizer = torch.optim.AdamW(problem.module.parameters(), lr=3e-3)
    sums = []
    for number in range(12):
        sums.append(dict.fromkeys(("search", "naming"), 0.0))
        for losses in problem.losses(number):
            optimizer.zero_grad()
            sum(losses.values()).backward()
            optimizer.step()
            for name, loss in losses.items():
                sums[-1][name] += loss.item()
    assert sums[-1]["search"] < 0.9 * sums[0]["search"]
    assert sums[-1]["naming"] < 0.9 * sums[0]["naming"]


def test_only_names_of_the_vocabulary_are_learnt(problem, data):
    assert {data.functions[row].unit.name for row in problem._named} == set(data.names.words[2:])


@torch.no_grad()
def test_validation_figures_are_shares_and_their_sum_is_the_score(problem):
    problem.module.eval()
    figures = dict(problem.validate())
    score = figures.pop("score")
    assert set(figures) == {"visible", "masked", "exact"}
    assert all(0 <= figure <= 1 for figure in figures.values())
    assert score == pytest.approx(sum(figures.values()))


@torch.no_grad()
def test_a_docstring_changes_the_names_of_described_functions_only(problem, data):
    problem.module.eval()
    rows = np.arange(len(data.functions))
    changed = (problem.name_scores(rows) != problem.name_scores(rows, described=True)).any(1).numpy()
    assert set(np.flatnonzero(changed)) == set(data.described)


@torch.no_grad()
def test_a_run_reads_back_as_the_model_that_was_written(problem, data, tmp_path):
    model = problem.module.eval()
    write_description(tmp_path, data, model.config)
    save_file(model.state_dict(), tmp_path / "best.safetensors")
    read, vocabularies = load_run(tmp_path)
    assert vocabularies == (data.structure.subtokens, data.structure.paths, data.names)
    rows = data.rows(Split.TEST)
    assert torch.equal(FusionProblem(data, read, OPTIONS).name_scores(rows), problem.name_scores(rows))
