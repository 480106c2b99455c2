"""An export joins a folder that it belongs to, and leaves every other as it was."""

import shutil
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasketch")
pytest.importorskip("onnxscript")

from safetensors.torch import save_file  # noqa: E402 - comes with torch

from codekin_model.checkpoint.manifest import (  # noqa: E402
    BlendPart,
    CheckpointError,
    HuggingFacePart,
    read_manifest,
    verify_files,
)
from codekin_model.checkpoint.run import Run, write_run  # noqa: E402
from codekin_model.fusion.blend import Blend  # noqa: E402
from codekin_model.heads.name_decoder import NameDecoder, NameDecoderConfig  # noqa: E402
from codekin_model.torch_runtime.export_blend import export_blend  # noqa: E402
from codekin_model.torch_runtime.frozen_model import load_frozen_model  # noqa: E402
from codekin_model.torch_runtime.search_config import LanguageModelConfig  # noqa: E402
from codekin_model.training import export  # noqa: E402
from codekin_model.training.beside import check_language_model, graph_fingerprint  # noqa: E402
from codekin_model.training.export import export_checkpoint, fit_names, seal  # noqa: E402
from codekin_model.training.name_calibration import unfitted  # noqa: E402
from codekin_model.vocab.vocabulary import Vocabulary  # noqa: E402


@pytest.fixture
def model(tiny_model, tmp_path):
    """A model folder with a blend."""
    folder = tmp_path / "model"
    shutil.copytree(tiny_model.folder, folder)
    export_blend(Blend(32), folder)
    seal(folder, replace(read_manifest(folder), blend=BlendPart()))
    return folder


def blend_of(width: int, folder):
    write_run(folder, Run("blend", {"model": "nowhere"}))
    save_file(Blend(width).state_dict(), folder / "best.safetensors")
    return folder


def decoder_of(width: int, folder, **facts):
    words = Vocabulary(("<PAD>", "<UNK>", "read", "file"))
    write_run(folder, Run("decoder", {"teacher": "nowhere"}, {"decoder_words": words}, facts))
    decoder = NameDecoder(NameDecoderConfig(len(words), memory=width, width=32, heads=4, hidden=64))
    save_file({f"decoder.{name}": value for name, value in decoder.state_dict().items()}, folder / "best.safetensors")
    return folder


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("run_of", [blend_of, decoder_of])
def test_a_run_of_another_width_is_refused_and_the_folder_stays_as_it_was(run_of, model, tmp_path):
    run, before = run_of(64, tmp_path / "run"), content(model)
    with pytest.raises(
        CheckpointError, match=r"run was made for vectors of 64 numbers, .*model has 32: export it into"
    ):
        export_checkpoint(run, model)
    assert content(model) == before


def test_an_export_that_fails_leaves_the_folder_as_it_was(model, tmp_path, monkeypatch):
    run, before = blend_of(32, tmp_path / "run"), content(model)
    monkeypatch.setattr(export, "cosines_of", None)  # what comes last
    with pytest.raises(TypeError):
        export_checkpoint(run, model)
    assert content(model) == before


@pytest.fixture
def fitted(monkeypatch):
    """A ranking that needs no packages to be fitted on."""
    scorer = replace(unfitted().alone, bias=1.0)
    ranking = replace(unfitted(), alone=scorer)
    monkeypatch.setattr(export, "name_cases", lambda *_: ())
    monkeypatch.setattr(export, "fit_ranking", lambda _: ranking)
    return ranking


def test_a_fitted_ranking_is_sealed_with_its_folder(model, fitted, tmp_path):
    before = content(model)
    manifest = fit_names(model, tmp_path)
    assert read_manifest(model) == manifest
    verify_files(model, manifest)
    changed = {name for name, held in content(model).items() if before[name] != held}
    assert changed == {"config.json", "name_ranking.json"}


def test_a_fit_that_ends_before_it_is_sealed_leaves_the_folder_as_it_was(model, fitted, tmp_path, monkeypatch):
    before, sealed = content(model), []

    def seal_once(folder, manifest):
        if sealed:
            raise KeyboardInterrupt
        sealed.append(folder)
        return seal(folder, manifest)

    monkeypatch.setattr(export, "seal", seal_once)
    with pytest.raises(KeyboardInterrupt):
        fit_names(model, tmp_path)
    assert sealed
    assert content(model) == before


def test_no_ranking_is_fitted_in_a_damaged_folder(model, fitted, tmp_path):
    graph = model / "student.onnx"
    graph.write_bytes(bytes(graph.stat().st_size))
    with pytest.raises(CheckpointError, match=r"student\.onnx has changed since the model was written"):
        fit_names(model, tmp_path)


def test_a_blend_is_refused_where_there_is_no_student(model, tmp_path):
    seal(model, replace(read_manifest(model), student=None, blend=None))
    with pytest.raises(CheckpointError, match="model holds no student that this blend could join"):
        export_checkpoint(blend_of(32, tmp_path / "run"), model)


def test_a_hugging_face_model_is_joined_by_nothing(tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    seal(model, export.Manifest("theirs", 32, hugging_face=HuggingFacePart("somewhere")))
    with pytest.raises(CheckpointError, match="holds a Hugging Face model, which no blend joins"):
        export_checkpoint(blend_of(32, tmp_path / "run"), model)


def test_a_damaged_folder_is_refused_by_its_own_name(model, tmp_path):
    graph = model / "student.onnx"
    graph.write_bytes(bytes(graph.stat().st_size))
    with pytest.raises(CheckpointError, match=r"model/student\.onnx has changed since the model was written"):
        export_checkpoint(blend_of(32, tmp_path / "run"), model)


def test_a_run_beside_another_language_model_is_refused_and_the_folder_stays_as_it_was(model, tmp_path):
    run, before = decoder_of(32, tmp_path / "run", language_model="another"), content(model)
    with pytest.raises(
        CheckpointError, match=r"another language model than that of .*model: train it .*--other-language-model"
    ):
        export_checkpoint(run, model)
    assert content(model) == before


def known_as(model) -> list[str]:
    """What runs keep of a folder's language model: its graph, what that was made of, and it with its tokenizer."""
    manifest = seal(model, replace(read_manifest(model), origin="weights"))
    return [graph_fingerprint(manifest), "weights", load_frozen_model(LanguageModelConfig(str(model)), 1).fingerprint]


@pytest.mark.parametrize("way", range(3), ids=["graph", "weights", "frozen"])
def test_a_run_is_known_by_each_way_of_reading_the_folders_language_model(model, tmp_path, way):
    run = Run("decoder", {}, {}, {"language_model": known_as(model)[way]})
    check_language_model(tmp_path, run, model, read_manifest(model))


def test_a_run_that_kept_no_fingerprint_is_not_refused(model, tmp_path):
    check_language_model(tmp_path, Run("decoder", {}), model, read_manifest(model))


def test_another_language_model_is_joined_if_that_is_asked_for(model, tmp_path, monkeypatch):
    run = decoder_of(32, tmp_path / "run", language_model="another")
    monkeypatch.setattr(export, "_EXPORTS", {"decoder": lambda run, out: {"same first name": 1.0}})
    assert export_checkpoint(run, model, other_language_model=True)["same first name"] == 1


@pytest.mark.parametrize("least", [0.5, float("nan")])
def test_a_part_that_is_not_what_was_trained_is_refused_with_the_figures(model, tmp_path, monkeypatch, least):
    run, before = blend_of(32, tmp_path / "run"), content(model)
    monkeypatch.setattr(
        export, "cosines_of", lambda *given: {"functions": 2, "cosine, mean": 0.75, "cosine, least": least}
    )
    with pytest.raises(CheckpointError, match=rf"of 2 functions the cosine is {least:.3f} at least and 0\.750 in the"):
        export_checkpoint(run, model)
    assert content(model) == before


def test_a_system_that_no_folder_takes_is_told_so_before_it_is_sent_to_one(tmp_path):
    write_run(tmp_path / "run", Run("search", {"code": ["tokens"]}))
    save_file({"a": torch.zeros(1)}, tmp_path / "run" / "best.safetensors")
    with pytest.raises(CheckpointError, match="only language-model with code2vec under attention"):
        export_checkpoint(tmp_path / "run", tmp_path / "nowhere")
