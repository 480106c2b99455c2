"""Search and names are learnt from a tiny corpus."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("datasketch")

import numpy as np  # noqa: E402 - torch is an extra

from codekin_model.corpus.package_list import Split  # noqa: E402
from codekin_model.torch_runtime.search_config import CodePart, FusionKind, QueryKind, Sizes  # noqa: E402
from codekin_model.training.search_config import DataConfig, NamesConfig, SearchConfig, TrainingConfig  # noqa: E402
from codekin_model.training.search_data import load_search_data  # noqa: E402
from codekin_model.training.search_problem import NamingObjective, SearchObjective, SearchProblem  # noqa: E402
from codekin_model.training.train_search import new_model  # noqa: E402

SIZES = Sizes(embedding=16, width=16, heads=2, hidden=32, layers=1)
TRAINING = TrainingConfig(batch=12, contexts=8, naming=0.5)
BOTH = SearchConfig(
    (CodePart.LANGUAGE_MODEL, CodePart.CODE2VEC),
    FusionKind.ATTENTION,
    sizes=SIZES,
    data=DataConfig(undocumented=100),
    training=TRAINING,
)
NAMES = NamesConfig(sizes=SIZES, data=DataConfig(undocumented=100), training=TRAINING)
TOKENS = SearchConfig((CodePart.TOKENS,), query=QueryKind.NBOW, sizes=SIZES, training=replace(TRAINING, naming=0.0))


@pytest.fixture(scope="module")
def load(corpus, tmp_path_factory, frozen):
    folder = tmp_path_factory.mktemp("features")
    return lambda config: load_search_data(config, corpus, folder, frozen)


@pytest.fixture(scope="module")
def data(load):
    return load(BOTH)


@pytest.fixture
def problem(data):
    return problem_of(BOTH, data)


def problem_of(config, data) -> SearchProblem:
    torch.manual_seed(0)
    return SearchProblem(data, new_model(config, data), config.training)


def naming_of(problem, data) -> NamingObjective:
    return NamingObjective(data, data.naming, problem.module, 1.0)


def epoch(problem, number: int, first: int = 0) -> list[dict[str, float]]:
    problem.module.eval()  # dropout is the loop's to seed
    return [{name: loss.item() for name, loss in losses.items()} for losses in problem.losses(number, first)]


def test_an_epoch_goes_through_the_documented_training_functions(problem, data):
    assert problem.steps() == len(data.documented_rows(Split.TRAIN)) // TRAINING.batch == len(epoch(problem, 0))


def test_losses_are_those_of_search_and_names_and_finite(problem):
    for losses in epoch(problem, 0):
        assert set(losses) == {"search", "naming"}
        assert all(np.isfinite(loss) for loss in losses.values())


def test_a_batch_depends_on_epoch_and_number_alone(problem):
    whole = epoch(problem, 3)
    assert epoch(problem, 4) != whole
    assert epoch(problem, 3, first=2) == whole[2:]


def test_less_data_than_a_batch_is_one_batch(data):
    config = replace(BOTH, training=replace(TRAINING, batch=1000))
    assert len(epoch(problem_of(config, data), 0)) == 1


@pytest.mark.parametrize("config", [BOTH, NAMES, TOKENS], ids=["both", "names", "tokens"])
def test_losses_go_down(config, load):
    problem = problem_of(config, load(config))
    optimizer = torch.optim.AdamW(problem.module.parameters(), lr=1e-2)
    sums: list[dict[str, float]] = []
    for number in range(12):
        sums.append({})
        for losses in problem.losses(number, 0):
            optimizer.zero_grad()
            sum(losses.values()).backward()
            optimizer.step()
            for name, loss in losses.items():
                sums[-1][name] = sums[-1].get(name, 0.0) + loss.item()
    assert all(sums[-1][name] < 0.9 * sums[0][name] for name in sums[0])


def test_the_loss_is_infonce_in_both_directions(data):
    training = replace(TRAINING, naming=0.0, masking=0.0, contexts=200, word_dropout=0.0, temperature=0.5)
    problem = problem_of(replace(BOTH, training=training), replace(data, naming=None))
    (batch, *_) = epoch(problem, 0)
    rows = np.random.default_rng((training.seed, 0)).permutation(data.documented_rows(Split.TRAIN))[:12]
    with torch.no_grad():
        objective = SearchObjective(data, problem.module, training)
        code = objective.encode(rows, masked=False)
    scores = data.queries.text[rows].astype(np.float32) @ code.T / 0.5
    own = np.diag(scores)
    by_query = np.mean(np.log(np.exp(scores).sum(1)) - own)
    by_code = np.mean(np.log(np.exp(scores).sum(0)) - own)
    assert batch["search"] == pytest.approx((by_query + by_code) / 2, abs=1e-3)


@pytest.mark.parametrize("masking", [0.0, 1.0])
def test_masking_says_which_view_is_read(masking, data):
    problem = problem_of(replace(BOTH, training=replace(TRAINING, masking=masking)), data)
    unread = "visible" if masking else "masked"
    scrambled = replace(getattr(data, unread), text=getattr(data, unread).text[::-1].copy())
    other = SearchProblem(
        replace(data, **{unread: scrambled}), problem.module, replace(TRAINING, masking=masking, naming=0.0)
    )
    assert [losses["search"] for losses in epoch(problem, 0)] == [losses["search"] for losses in epoch(other, 0)]


def test_only_names_of_the_vocabulary_are_learnt(problem, data):
    learnt = {data.functions[row].unit.name for row in naming_of(problem, data).rows()}
    assert learnt == set(data.vocabularies["names"].words[2:])


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
    rows, naming = np.arange(len(data.functions)), naming_of(problem, data)
    changed = (naming.scores(rows) != naming.scores(rows, described=True)).any(1).numpy()
    assert set(np.flatnonzero(changed)) == set(data.naming.described_rows)


def test_sub_tokens_start_as_the_language_models_directions_of_them(problem, data):
    table = problem.module.code.code2vec.subtokens.weight.detach()
    assert table[0].tolist() == [0] * 16
    assert table[2:].norm(dim=1).tolist() == pytest.approx([1] * (len(table) - 2), abs=1e-4)
    words = torch.from_numpy(data.subtokens.astype("float32"))
    centred = torch.nn.functional.normalize(words - words.mean(0), dim=-1)[2:]
    assert torch.allclose(table[2:] @ table[2:].T, centred @ centred.T, atol=1e-3)  # 16 directions lose nothing of 16


def test_words_start_as_the_same_vector_on_both_sides(load):
    model = problem_of(TOKENS, load(TOKENS)).module
    assert torch.equal(model.code.tokens.words.weight, model.query.encoder.words.weight)
