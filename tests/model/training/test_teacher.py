"""A teacher is trained, kept and loaded; what is loaded searches and names as what was trained."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasketch")

from safetensors.torch import load_file  # noqa: E402 - comes with torch

from codekin_model.checkpoint.manifest import CheckpointError  # noqa: E402
from codekin_model.checkpoint.run import read_run  # noqa: E402
from codekin_model.encoders.language_model import Pooling, load_language_model  # noqa: E402
from codekin_model.encoders.lora import Tuning  # noqa: E402
from codekin_model.evaluation.system import NamingSystem, SearchSystem  # noqa: E402
from codekin_model.training.config import ConfigError, read_config  # noqa: E402
from codekin_model.training.start import start  # noqa: E402
from codekin_model.training.teacher import TeacherSystem, averaged, load_teacher, load_teacher_system  # noqa: E402
from codekin_model.training.teacher_config import TuningConfig  # noqa: E402

TEXTS = ["read the file", "sort", "def read(path):\n    return path.file.header"]


@pytest.fixture(scope="module")
def system(teacher_run):
    return load_teacher_system(teacher_run.folder)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    """What a finished run gives away: the language model, and the decoder beside it."""
    language = load_file(folder / "language_model" / "model.safetensors")
    return language | {f"decoder.{name}": value for name, value in load_file(folder / "decoder.safetensors").items()}


def test_it_searches_and_names(system):
    assert isinstance(system, SearchSystem)
    assert isinstance(system, NamingSystem)


def test_what_is_loaded_embeds_as_what_was_trained(teacher_run, system):
    trained = load_teacher(teacher_run.folder)
    state = load_file(teacher_run.folder / "best.safetensors")
    trained.model.load_state_dict(state)
    assert system.queries(TEXTS) == pytest.approx(TeacherSystem(trained).queries(TEXTS), abs=1e-6)
    assert [name for name in state if not torch.equal(state[name], trained.model.state_dict()[name])] == []


def test_training_changed_both_halves(teacher_run, bert):
    before, after = load_file(bert / "model.safetensors"), weights(teacher_run.folder)
    assert any(not torch.equal(value, after[name]) for name, value in before.items())
    fresh = load_teacher(teacher_run.folder).model.decoder
    fresh.__init__(fresh.config)
    assert not torch.equal(fresh.words.weight, after["decoder.words.weight"])


def test_the_language_model_is_a_plain_folder(teacher_run, system):
    model = load_language_model(teacher_run.folder / "language_model")
    pieces = load_teacher(teacher_run.folder).pieces
    ids = torch.tensor([pieces.encode(TEXTS[0], 128)])
    with torch.inference_mode():
        assert model(ids, torch.ones_like(ids)).numpy() == pytest.approx(system.queries(TEXTS[:1]), abs=1e-5)


def test_vectors_are_in_the_order_of_the_texts_and_depend_on_them_alone(system):
    together = system.queries(TEXTS)
    assert together.shape == (3, 32)
    for text, vector in zip(TEXTS, together, strict=True):
        assert vector == pytest.approx(system.queries([text])[0], abs=1e-5)
    assert system.queries([]).shape == (0, 32)


def test_code_is_read_without_docstrings_and_masked_where_asked(system, functions):
    function = functions[0]
    bare = replace(function, unit=replace(function.unit, docstring=None))
    assert function.unit.docstring
    visible, masked = (system.code([function], masked=masked) for masked in (False, True))
    assert visible != pytest.approx(masked, abs=1e-3)
    source = function.unit.source.replace(f'    """{function.unit.docstring}"""\n', "")
    assert source != function.unit.source
    without = replace(bare, unit=replace(bare.unit, source=source))
    assert system.code([without], masked=False) == pytest.approx(visible, abs=1e-5)


def test_halves_are_close_to_the_whole(teacher_run, system):
    halved = TeacherSystem(load_teacher(teacher_run.folder), halves=True).queries(TEXTS)
    assert (halved * system.queries(TEXTS)).sum(axis=1).min() > 0.995


def test_names_are_said_most_probable_first(system, functions):
    first, second = system.names(functions[:2], 3)
    for names in (first, second):
        assert 0 < len(names) <= 3
        assert [probability for _, probability in names] == sorted((each for _, each in names), reverse=True)
        assert all(name.isidentifier() for name, _ in names)
    assert system.names(functions[:1], 3) == [first]


def test_a_run_that_is_finished_is_given_again(teacher_run):
    before = weights(teacher_run.folder)
    start(teacher_run.config, teacher_run.corpus, teacher_run.folder)
    after = weights(teacher_run.folder)
    assert [name for name in before if not torch.equal(before[name], after[name])] == []


def test_the_run_describes_itself(teacher_run):
    run = read_run(teacher_run.folder, ("teacher",))
    assert run.config["training"]["steps"] == teacher_run.config.training.steps
    assert list(run.vocabularies) == ["name_words"]


def test_nothing_kept_is_the_original_language_model(teacher_run, bert, tmp_path):
    config = replace(teacher_run.config, tuning=TuningConfig(kept=0.0))
    start(config, teacher_run.corpus, tmp_path)
    before, after = load_file(bert / "model.safetensors"), weights(tmp_path)
    assert [name for name, value in before.items() if not torch.equal(value, after[name])] == []


def test_an_average_is_weighed_by_what_is_kept():
    original = {"weight": torch.tensor([0.0, 4.0]), "places": torch.tensor([1, 2])}
    trained = {"weight": torch.tensor([8.0, 0.0]), "places": torch.tensor([3, 4])}
    found = averaged(original, trained, 0.25)
    assert found["weight"].tolist() == [2.0, 3.0]
    assert found["places"].tolist() == [3, 4]


def test_adapters_end_as_a_plain_model(teacher_run, bert, tmp_path):
    pytest.importorskip("peft")
    start(replace(teacher_run.config, tuning=TuningConfig(how=Tuning.LORA)), teacher_run.corpus, tmp_path)
    before, after = load_file(bert / "model.safetensors"), weights(tmp_path)
    assert {name for name in after if not name.startswith("decoder.")} == set(before)
    changed = [name for name, value in before.items() if not torch.equal(value, after[name])]
    assert changed
    assert all(name.endswith("weight") and "embeddings" not in name for name in changed)
    with pytest.raises(CheckpointError, match="or adapters beside them: begin with a run"):
        start(replace(teacher_run.config, begin=str(tmp_path)), teacher_run.corpus, tmp_path / "next")


def test_a_run_goes_on_from_another(teacher_run, tmp_path):
    untrained = replace(teacher_run.config.training, learning_rate=1e-12)
    config = replace(teacher_run.config, begin=str(teacher_run.folder), training=untrained)
    start(config, teacher_run.corpus, tmp_path)
    before, after = weights(teacher_run.folder), weights(tmp_path)
    assert [name for name in before if not torch.allclose(before[name], after[name], atol=1e-6)] == []


def test_a_run_that_goes_on_keeps_the_words_of_names(teacher_run, tmp_path):
    data = replace(teacher_run.config.data, words=2)
    start(replace(teacher_run.config, begin=str(teacher_run.folder), data=data), teacher_run.corpus, tmp_path)
    assert load_teacher(tmp_path).words == load_teacher(teacher_run.folder).words


def test_a_folder_without_a_model_is_refused(teacher_run, tmp_path):
    with pytest.raises(CheckpointError, match="is no Hugging Face model with safetensors") as refused:
        start(replace(teacher_run.config, language_model=str(tmp_path)), teacher_run.corpus, tmp_path / "out")
    assert "\n" not in str(refused.value)


def test_a_model_without_its_tokenizer_is_refused(teacher_run, bert, tmp_path):
    for path in bert.iterdir():
        if not path.name.startswith(("tokenizer", "vocab", "special")):
            os.link(path, tmp_path / path.name)
    with pytest.raises(CheckpointError, match="tokenizer"):
        start(replace(teacher_run.config, language_model=str(tmp_path)), teacher_run.corpus, tmp_path / "out")


def test_questioned_functions_need_questions(tmp_path):
    file = tmp_path / "teacher.toml"
    file.write_text('kind = "teacher"\nlanguage_model = "model"\n')
    with pytest.raises(ConfigError, match=r"name it, or set training\.questioned = 0"):
        read_config(file)


def test_a_batch_of_nothing_is_refused(tmp_path):
    file = tmp_path / "teacher.toml"
    table = "[training]\ndescribed = 0\nquestioned = 0\nnamed = 0\n"
    file.write_text(f'kind = "teacher"\nlanguage_model = "model"\n{table}')
    with pytest.raises(ConfigError, match="a batch of no functions"):
        read_config(file)


@pytest.fixture(scope="module")
def by_first_token(teacher_run, tmp_path_factory):
    """A teacher that pools by the first token."""
    folder = tmp_path_factory.mktemp("first")
    start(replace(teacher_run.config, pooling=Pooling.CLS), teacher_run.corpus, folder)
    return folder


def test_a_teacher_is_loaded_with_the_pooling_it_was_trained_with(by_first_token, teacher_run):
    assert load_teacher(by_first_token).model.language.pooling is Pooling.CLS
    assert load_teacher(teacher_run.folder).model.language.pooling is Pooling.MEAN


def test_what_is_exported_pools_as_what_was_trained_and_a_decoder_reads_it_so(by_first_token, tmp_path):
    pytest.importorskip("onnxscript")
    from codekin_model.training.decoder_teacher import load_decoder_teacher  # noqa: PLC0415 - needs an extra
    from codekin_model.training.export import export_checkpoint  # noqa: PLC0415

    parity = export_checkpoint(by_first_token, tmp_path / "model")
    assert float(str(parity["cosine, least"])) > 0.97
    readers = [load_decoder_teacher(each) for each in (by_first_token, tmp_path / "model")]
    assert [each.pooling for each in readers] == [Pooling.CLS, Pooling.CLS]


def test_a_language_model_of_too_few_places_is_refused(teacher_run, tmp_path):
    config = replace(teacher_run.config, data=replace(teacher_run.config.data, tokens=161))
    with pytest.raises(CheckpointError, match="reads 160 tokens of a text at most, and this teacher has to read 161"):
        start(config, teacher_run.corpus, tmp_path / "run")
