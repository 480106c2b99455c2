"""A search run of the shipped shape reads back as the module that is exported; others are refused."""

import shutil
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.checkpoint.manifest import (  # noqa: E402 - torch is an extra
    CheckpointError,
    StructurePart,
    read_manifest,
)
from codekin_model.corpus.build import read_corpus  # noqa: E402
from codekin_model.extracted import extract  # noqa: E402
from codekin_model.runtime.language_model import OnnxLanguageModel  # noqa: E402
from codekin_model.torch_runtime.frozen_model import FrozenModel  # noqa: E402
from codekin_model.torch_runtime.search_config import CodePart, FusionKind, Sizes  # noqa: E402
from codekin_model.training.features import read_view  # noqa: E402
from codekin_model.training.fusion_run import fuse_with, load_fusion_run  # noqa: E402
from codekin_model.training.search_config import DataConfig, SearchConfig, TrainingConfig  # noqa: E402
from codekin_model.training.search_system import load_search_system  # noqa: E402
from codekin_model.training.train_search import train_search  # noqa: E402

SHIPPED = SearchConfig(
    (CodePart.LANGUAGE_MODEL, CodePart.CODE2VEC),
    FusionKind.ATTENTION,
    sizes=Sizes(embedding=8, width=16, heads=2, hidden=16, strength=0.5),
    data=DataConfig(undocumented=100),
    training=TrainingConfig(epochs=2, batch=12, naming=0.5),
)

pytestmark = pytest.mark.usefixtures("_word_model")


def test_the_exported_module_says_what_the_run_says(corpus, tmp_path):
    folder = train_search(SHIPPED, corpus, tmp_path / "run", features=tmp_path)
    functions = [function for _, function in read_corpus(corpus)][:5]
    system = load_search_system(folder)
    view = system.reader.view(read_view(functions, SHIPPED.code, None, masked=False), "visible")
    batch = view.batch(torch.arange(5).numpy(), torch.device("cpu"))
    model, vocabulary = load_fusion_run(folder)
    assert (len(vocabulary.subtokens), len(vocabulary.paths)) == (model.config.subtokens, model.config.paths)
    with torch.no_grad():
        fused = model(batch.text, *batch.contexts)
    assert fused.vector.numpy() == pytest.approx(system.code(functions, masked=False), abs=1e-5)


def test_units_are_fused_as_the_run_fuses_them(corpus, embed, tmp_path):
    config = replace(SHIPPED, training=replace(SHIPPED.training, naming=0.0))
    folder = train_search(config, corpus, tmp_path / "run", features=tmp_path)
    functions = [function for _, function in read_corpus(corpus)][:5]
    units = [extract(function.unit, masked=True, docstring=False) for function in functions]
    model, vocabulary = load_fusion_run(folder)
    fused = fuse_with(model, vocabulary, embed([unit.passage for unit in units]), units)
    assert fused == pytest.approx(load_search_system(folder).code(functions, masked=True), abs=2e-3)


def test_other_systems_are_refused(corpus, tmp_path):
    config = replace(SHIPPED, fusion=FusionKind.WEIGHTED_SUM, training=replace(SHIPPED.training, epochs=1))
    folder = train_search(config, corpus, tmp_path / "run", features=tmp_path)
    with pytest.raises(CheckpointError, match="only language-model with code2vec under attention"):
        load_fusion_run(folder)


def test_exported_into_a_model_folder_it_takes_away_what_was_made_beside_other_vectors(
    corpus, model_with_hubness, tmp_path, monkeypatch
):
    pytest.importorskip("onnxscript")
    from codekin_model.training.export import export_checkpoint  # noqa: PLC0415 - needs an extra

    model = tmp_path / "model"
    shutil.copytree(model_with_hubness, model)
    reader = FrozenModel(OnnxLanguageModel(model, threads=1), 32, "tiny")
    for module in ("train_search", "search_system"):
        monkeypatch.setattr(f"codekin_model.training.{module}.load_frozen_model", lambda config, threads: reader)
    run = train_search(SHIPPED, corpus, tmp_path / "run", features=tmp_path)
    with pytest.raises(CheckpointError, match="was trained beside another language model than that of"):
        export_checkpoint(run, model)
    parity = export_checkpoint(run, model, other_language_model=True)
    assert float(str(parity["cosine, least"])) > 0.99
    left = read_manifest(model)
    assert (left.structure, left.blend, left.hubness) == (StructurePart(), None, None)
