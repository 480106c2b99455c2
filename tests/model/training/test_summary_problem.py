"""A summariser is trained on a tiny corpus, loaded again, and writes lines."""

import json
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.checkpoint.manifest import CheckpointError  # noqa: E402 - torch is an extra
from codekin_model.corpus.build import CorpusError, read_corpus  # noqa: E402
from codekin_model.corpus.function import has_query  # noqa: E402
from codekin_model.corpus.package_list import Split  # noqa: E402
from codekin_model.evaluation.system import SummarySystem  # noqa: E402
from codekin_model.training.summary_config import (  # noqa: E402
    SummaryConfig,
    SummaryLimits,
    SummarySizes,
    SummaryTraining,
)
from codekin_model.training.summary_corpus import load_summary_corpus  # noqa: E402
from codekin_model.training.summary_data import count_vocabularies  # noqa: E402
from codekin_model.training.summary_problem import SummaryProblem, new_model, train_summary  # noqa: E402
from codekin_model.training.summary_system import load_summary_system  # noqa: E402

CONFIG = SummaryConfig(
    sizes=SummarySizes(embedding=16, width=32, layers=1, heads=2, hidden=32, dropout=0.0),
    data=SummaryLimits(source_length=40, length=12),
    training=SummaryTraining(epochs=2, batch=8, learning_rate=3e-3),
)


@pytest.fixture(scope="module")
def summary_corpus(corpus, tmp_path_factory):
    return load_summary_corpus(corpus, tmp_path_factory.mktemp("cache"), CONFIG.data)


@pytest.fixture
def problem(summary_corpus):
    data = summary_corpus
    vocabularies = count_vocabularies(data.sources, data.sentences, data.words, data.training_rows, CONFIG.data)
    torch.manual_seed(0)
    return SummaryProblem(data, vocabularies, new_model(CONFIG, vocabularies), CONFIG.training)


@pytest.fixture(scope="module")
def run(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    train_summary(CONFIG, corpus, folder)
    return folder


@pytest.fixture(scope="module")
def documented(corpus):
    return [each for split, each in read_corpus(corpus) if split is Split.TEST and has_query(each)]


def count(corpus, split) -> int:
    return sum(its is split and has_query(function) for its, function in read_corpus(corpus))


def test_documented_functions_of_training_and_validation_are_read(corpus, summary_corpus):
    assert len(summary_corpus.training_rows) == count(corpus, Split.TRAIN)
    assert len(summary_corpus.validation_rows) == count(corpus, Split.VALIDATION)


def test_no_more_functions_are_read_than_asked_for(corpus, tmp_path):
    data = load_summary_corpus(corpus, tmp_path, replace(CONFIG.data, functions=9, validation=4))
    assert (len(data.training_rows), len(data.validation_rows)) == (9, 4)


def test_a_corpus_is_extracted_once(corpus, tmp_path, monkeypatch):
    first = load_summary_corpus(corpus, tmp_path, CONFIG.data)
    monkeypatch.delattr("codekin_model.training.summary_corpus.read_sources")
    again = load_summary_corpus(corpus, tmp_path, CONFIG.data)
    assert again.words == first.words
    assert again.sources.labels == first.sources.labels
    assert again.sources.trees.labels.tolist() == first.sources.trees.labels.tolist()
    assert (
        again.sentences.padded(again.validation_rows).tolist() == first.sentences.padded(first.validation_rows).tolist()
    )


def test_a_folder_without_corpus_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="codekin corpus build"):
        load_summary_corpus(tmp_path, tmp_path, CONFIG.data)


def test_an_epoch_goes_once_through_the_training_functions(problem, summary_corpus):
    rows = problem._batches(0).flatten().tolist()
    assert problem.steps() == len(summary_corpus.training_rows) // 8
    assert len(set(rows)) == len(rows) == problem.steps() * 8


def test_a_batch_depends_on_the_epoch_and_its_number_alone(problem):
    whole = [losses["summary"].item() for losses in problem.losses(1, 0)]
    assert [losses["summary"].item() for losses in problem.losses(1, 2)] == whole[2:]
    assert [losses["summary"].item() for losses in problem.losses(2, 0)] != whole


def test_the_loss_goes_down(problem):
    optimizer = torch.optim.AdamW(problem.module.parameters(), lr=3e-3)
    sums = []
    for epoch in range(5):
        sums.append(0.0)
        for losses in problem.losses(epoch, 0):
            optimizer.zero_grad()
            losses["summary"].backward()
            optimizer.step()
            sums[-1] += losses["summary"].item()
    assert sums[-1] < 0.7 * sums[0]


@torch.no_grad()
def test_validation_gives_the_mean_loss_of_a_word(problem):
    problem.module.eval()
    figures = problem.validate()
    assert figures["score"] == -figures["validation"]
    assert figures["validation"] == pytest.approx(problem._loss(problem._validation).item(), rel=1e-4)


def test_a_run_writes_a_line_for_each_function(run, documented):
    system = load_summary_system(run)
    assert isinstance(system, SummarySystem)
    lines = system.summaries(documented)
    assert len(lines) == len(documented)
    assert all(line and "\n" not in line for line in lines)


def test_a_line_does_not_depend_on_the_docstring(run, documented):
    function = documented[0]
    source = function.unit.source
    other = replace(function, unit=replace(function.unit, source=source.replace('"""', '"""Secret. ', 1)))
    assert other.unit.source != source
    system = load_summary_system(run)
    assert system.candidates([other]) == system.candidates([function])


def test_candidates_have_falling_probabilities_of_whole_lines(run, documented):
    for texts in load_summary_system(run).candidates(documented[:3]):
        assert len({line for line, _ in texts}) > 1
        assert 0 < sum(probability for _, probability in texts) <= 1


def test_a_run_without_trees_is_trained_and_loaded(corpus, documented, tmp_path):
    config = replace(CONFIG, tree=False, training=replace(CONFIG.training, epochs=1))
    train_summary(config, corpus, tmp_path)
    assert load_summary_system(tmp_path).summaries(documented[:1])[0]


def test_a_run_of_another_kind_is_refused(run, tmp_path):
    description = json.loads((run / "description.json").read_text())
    (tmp_path / "description.json").write_text(json.dumps(description | {"kind": "search"}))
    with pytest.raises(CheckpointError, match="search"):
        load_summary_system(tmp_path)


def test_too_many_heads_are_refused():
    with pytest.raises(ValueError, match="multiple of heads"):
        SummarySizes(width=10, heads=4)
