"""Several teachers, or several decoders, become their mean."""

import shutil
from collections import Counter

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasketch")

from safetensors.torch import load_file, save_file  # noqa: E402 - comes with torch

from codekin_model.checkpoint.manifest import CheckpointError  # noqa: E402
from codekin_model.checkpoint.run import BEST, Run, read_run, write_run  # noqa: E402
from codekin_model.training.averaging import average, mean  # noqa: E402
from codekin_model.training.teacher import load_teacher  # noqa: E402
from codekin_model.vocab.vocabulary import Vocabulary, read_vocabulary, vocabulary_of, write_vocabulary  # noqa: E402

LANGUAGE, DECODER = "language_model/model.safetensors", "decoder.safetensors"


@pytest.fixture
def doubled(teacher_run, tmp_path):
    """The same teacher with every weight twice as large."""
    shutil.copytree(teacher_run.folder, tmp_path / "doubled")
    for file in (LANGUAGE, DECODER):
        weights = load_file(tmp_path / "doubled" / file)
        save_file({name: 2 * value for name, value in weights.items()}, tmp_path / "doubled" / file)
    return tmp_path / "doubled"


def test_the_mean_of_tensors():
    states = [
        {"w": torch.tensor([1.0, 2.0]), "n": torch.tensor([3])},
        {"w": torch.tensor([2.0, 6.0]), "n": torch.tensor([4])},
    ]
    found = mean(states)
    assert (found["w"].tolist(), found["w"].dtype, found["n"].tolist()) == ([1.5, 4.0], torch.float32, [3])


def test_both_halves_are_averaged(teacher_run, doubled, tmp_path):
    average([teacher_run.folder, doubled], tmp_path / "mean")
    for file in (LANGUAGE, DECODER):
        one, found = load_file(teacher_run.folder / file), load_file(tmp_path / "mean" / file)
        assert {name for name in one if not torch.allclose(found[name], 1.5 * one[name], atol=1e-6)} == set()


def test_what_comes_out_is_a_teacher_that_training_can_begin_with(teacher_run, tmp_path):
    average([teacher_run.folder, teacher_run.folder], tmp_path / "mean")
    before, after = load_teacher(teacher_run.folder), load_teacher(tmp_path / "mean")
    assert after.words == before.words
    best = load_file(tmp_path / "mean/best.safetensors")
    assert {name for name, value in before.model.state_dict().items() if not torch.allclose(best[name], value)} == set()


def test_one_teacher_has_no_mean(teacher_run, tmp_path):
    with pytest.raises(CheckpointError, match="two trainings or more"):
        average([teacher_run.folder], tmp_path / "mean")


def test_teachers_of_other_words_are_refused(teacher_run, doubled, tmp_path):
    words = read_vocabulary(doubled / "name_words.txt").words
    write_vocabulary(Vocabulary((*words[:-1], "elsewhere")), doubled / "name_words.txt")
    with pytest.raises(CheckpointError, match="other words"):
        average([teacher_run.folder, doubled], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_nothing_is_overwritten(teacher_run, doubled, tmp_path):
    with pytest.raises(CheckpointError, match="there already"):
        average([teacher_run.folder, doubled], doubled)


def decoder_run(folder, weight, *, word="the", language_model="one"):
    words = {"decoder_words": vocabulary_of(Counter([word]), at_least=1, at_most=9)}
    write_run(folder, Run("decoder", {"task": "names"}, words, {"language_model": language_model}))
    save_file({"decoder.bias": torch.full((3,), float(weight))}, folder / BEST)
    return folder


def test_decoders_become_their_mean(tmp_path):
    runs = [decoder_run(tmp_path / str(weight), weight) for weight in (1, 2, 6)]
    assert average(runs, tmp_path / "mean") == tmp_path / "mean"
    assert load_file(tmp_path / "mean" / BEST)["decoder.bias"].tolist() == [3, 3, 3]
    assert read_run(tmp_path / "mean", ("decoder",)) == read_run(runs[0], ("decoder",))


@pytest.mark.parametrize("change", [{"word": "other"}, {"language_model": "two"}])
def test_decoders_of_other_words_or_another_language_model_are_refused(tmp_path, change):
    runs = [decoder_run(tmp_path / "one", 1), decoder_run(tmp_path / "other", 1, **change)]
    with pytest.raises(CheckpointError, match="begin one training from the other"):
        average(runs, tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_a_decoder_and_a_teacher_have_no_mean(teacher_run, tmp_path):
    with pytest.raises(CheckpointError):
        average([decoder_run(tmp_path / "one", 1), teacher_run.folder], tmp_path / "mean")
