"""A decoder is trained alone over kept states, kept and loaded; what is exported writes what was trained."""

import shutil
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasketch")

from safetensors.torch import load_file  # noqa: E402 - comes with torch

from codekin_model.checkpoint.manifest import CheckpointError, read_manifest  # noqa: E402
from codekin_model.evaluation.system import NamingSystem, SummarySystem  # noqa: E402
from codekin_model.extracted import extract  # noqa: E402
from codekin_model.heads.name_decoder import NameDecoder  # noqa: E402
from codekin_model.runtime.onnx_embedder import load_onnx_embedder  # noqa: E402
from codekin_model.training.decoder import load_decoder, load_decoder_system  # noqa: E402
from codekin_model.training.decoder_config import (  # noqa: E402
    DecoderConfig,
    DecoderData,
    DecoderSizes,
    DecoderTraining,
    Task,
)
from codekin_model.training.decoder_data import read_names  # noqa: E402
from codekin_model.training.decoder_teacher import load_decoder_teacher  # noqa: E402
from codekin_model.training.export import export_checkpoint, seal  # noqa: E402
from codekin_model.training.start import start  # noqa: E402


@pytest.fixture(scope="module")
def config(teacher_run):
    return DecoderConfig(
        str(teacher_run.folder),
        sizes=DecoderSizes(words=60, width=16, hidden=16, heads=2, length=6),
        data=DecoderData(tokens=40),
        training=DecoderTraining(epochs=2, batch=8, learning_rate=1e-2),
    )


@pytest.fixture(scope="module")
def named(config, corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    start(config, corpus, folder)
    return folder


@pytest.fixture(scope="module")
def summarised(config, corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("summaries")
    start(replace(config, task=Task.SUMMARIES), corpus, folder)
    return folder


def test_a_decoder_of_names_goes_on_from_its_teachers(named, teacher_run):
    decoder, words, _ = load_decoder(named)
    before = load_file(teacher_run.folder / "decoder.safetensors")
    after = decoder.state_dict()
    assert after.keys() == before.keys()
    assert not torch.equal(after["words.weight"], before["words.weight"])
    assert len(words) == len(before["bias"])


@pytest.fixture(scope="module")
def shipped(teacher_run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shipped")
    export_checkpoint(teacher_run.folder, folder)
    return folder


@pytest.fixture(scope="module")
def grown(shipped, config, corpus, tmp_path_factory):
    """A decoder that went on from a model folder, with a second corpus and more words."""
    folder = tmp_path_factory.mktemp("grown")
    data = replace(config.data, new_words=20)
    start(replace(config, teacher=str(shipped), more=str(corpus), data=data), corpus, folder)
    return folder


def test_it_goes_on_from_a_model_folder_as_well(grown, shipped, functions, tmp_path):
    before = load_decoder_teacher(shipped)
    decoder, words, _ = load_decoder(grown)
    assert isinstance(decoder, NameDecoder)
    assert words.words[: len(before.words)] == before.words.words
    assert 0 < len(words) - len(before.words) <= 20
    system = load_decoder_system(grown)
    assert isinstance(system, NamingSystem)
    assert len(system.names(functions[:3], 2)) == 3
    shutil.copytree(shipped, tmp_path / "model")
    assert export_checkpoint(grown, tmp_path / "model")["same first name"] >= 0.7


def test_a_model_folder_is_the_same_teacher_whatever_joins_it(shipped, tmp_path):
    """States are kept by the language model alone: half an hour of them is not lost to a new student."""
    shutil.copytree(shipped, tmp_path / "model")
    joined = seal(tmp_path / "model", replace(read_manifest(shipped), name="with another part"))
    assert joined.fingerprint != read_manifest(shipped).fingerprint
    graph = joined.files["language_model.onnx"].digest
    assert [load_decoder_teacher(each).source.fingerprint for each in (shipped, tmp_path / "model")] == [graph, graph]


def test_a_decoder_of_summaries_reads_a_model_folder_too(shipped, config, corpus, tmp_path):
    start(replace(config, task=Task.SUMMARIES, teacher=str(shipped)), corpus, tmp_path / "run")
    shutil.copytree(shipped, tmp_path / "model")
    assert "same summary" in export_checkpoint(tmp_path / "run", tmp_path / "model")


def test_a_second_corpus_is_read_beside_the_first(config, teacher_run, corpus):
    teacher = load_decoder_teacher(teacher_run.folder)
    once = read_names([corpus], teacher.pieces, config.data, teacher.words)
    twice = read_names([corpus, corpus], teacher.pieces, config.data, teacher.words)
    assert len(twice.targets) == 2 * len(once.targets)
    assert len(once.vocabulary) == len(teacher.words)  # no new words were asked for


def test_a_folder_that_names_nothing_is_refused(shipped, config, corpus, tmp_path):
    shutil.copytree(shipped, tmp_path / "model")
    seal(tmp_path / "model", replace(read_manifest(tmp_path / "model"), names=None))
    with pytest.raises(CheckpointError, match="does not name functions"):
        start(replace(config, teacher=str(tmp_path / "model")), corpus, tmp_path / "out")


def test_it_names(named, functions):
    system = load_decoder_system(named)
    assert isinstance(system, NamingSystem)
    assert len(system.names(functions[:3], 2)) == 3


def test_it_summarises_in_sentences(summarised, functions):
    system = load_decoder_system(summarised)
    assert isinstance(system, SummarySystem)
    written = system.summaries(functions)
    assert any(written)
    assert all(line == line.strip() and "<" not in line for line in written)


def test_summaries_come_from_the_code_alone(summarised, functions):
    system = load_decoder_system(summarised)
    told = next(function for function in functions if function.unit.docstring)
    source = told.unit.source.replace(told.unit.docstring or "", "Something else entirely.")
    other = replace(told, unit=replace(told.unit, source=source, docstring="Something else entirely."))
    assert system.summaries([told]) == system.summaries([other])


def test_a_killed_run_keeps_its_states(named, config, corpus, monkeypatch):
    from codekin_model.encoders.language_model import LanguageModel  # noqa: PLC0415 - torch

    monkeypatch.setattr(LanguageModel, "states", None)
    start(config, corpus, named)
    assert list((named / "cache").rglob("names-*.npy"))


def test_states_that_are_not_kept_are_those_that_are(named, config, corpus, tmp_path):
    start(replace(config, training=replace(config.training, kept=False)), corpus, tmp_path / "fresh")
    assert not (tmp_path / "fresh" / "cache").exists()
    fresh, kept = ((each / "curves.csv").read_text().splitlines() for each in (tmp_path / "fresh", named))
    losses = [
        [dict(zip(rows[0].split(","), row.split(","), strict=True)) for row in rows[1:]] for rows in (fresh, kept)
    ]
    for one, other in zip(*losses, strict=True):
        assert float(one["validation"]) == pytest.approx(float(other["validation"]), rel=0.05)


def test_exported_decoders_write_what_was_trained(teacher_run, named, summarised, functions, tmp_path):
    export_checkpoint(teacher_run.folder, tmp_path)
    fresh = load_onnx_embedder(tmp_path, 1)
    unit = extract(functions[0].unit, docstring=False)
    assert fresh.summarise(unit) is None
    assert export_checkpoint(named, tmp_path)["same first name"] >= 0.7
    assert 0 <= export_checkpoint(summarised, tmp_path)["same summary"] <= 1  # hardly trained: no word is likely
    manifest = read_manifest(tmp_path)
    assert (manifest.summaries and manifest.summaries.longest) == 6
    assert isinstance(load_onnx_embedder(tmp_path, 1).summarise(unit), str)


def test_a_decoder_without_its_teacher_is_refused(config, corpus, tmp_path):
    with pytest.raises(CheckpointError, match=r"nowhere"):
        start(replace(config, teacher=str(tmp_path / "nowhere")), corpus, tmp_path / "out")
