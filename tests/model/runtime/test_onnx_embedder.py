import shutil

import numpy as np
import pytest

from codekin_model.checkpoint.manifest import (
    CheckpointError,
    HuggingFacePart,
    LanguageModelPart,
    Manifest,
    default_model_dir,
    read_manifest,
    write_manifest,
)
from codekin_model.embedder import Neighbour, Surroundings
from codekin_model.extracted import extract
from codekin_model.runtime.name_features import Heard
from codekin_model.runtime.naming import OnnxNaming
from codekin_model.runtime.onnx_embedder import load_onnx_embedder
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

SOURCE = '''
def parse_header(line):
    """Split a header line into its name and its value."""
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def area(width, height):
    return width * height
'''
LANGUAGE_FILES = ("language_model.onnx", "tokenizer.json")


@pytest.fixture(scope="module")
def embedder():
    return load_onnx_embedder(default_model_dir(), threads=2)


@pytest.fixture(scope="module")
def units():
    return find_units(parse(text_of(SOURCE)))[1:]


@pytest.fixture
def language_only(tmp_path):
    """A model folder with a language model and nothing else."""
    for name in LANGUAGE_FILES:
        shutil.copy(default_model_dir() / name, tmp_path)
    write_manifest(tmp_path, Manifest("language", 384, LanguageModelPart()), LANGUAGE_FILES)
    return tmp_path


def test_it_is_the_model_that_the_manifest_describes(embedder):
    manifest = read_manifest(default_model_dir())
    assert (embedder.fingerprint, embedder.width) == (manifest.fingerprint, manifest.width)


def test_a_query_finds_its_unit(embedder, units):
    vectors = embedder.embed_units([extract(unit) for unit in units])
    (query,) = embedder.embed_queries(["take the name and value out of a header"])
    assert query @ vectors[0] > query @ vectors[1]


def test_vectors_have_length_one(embedder, units):
    vectors = embedder.embed_units([extract(unit) for unit in units])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)


def test_nothing_in_nothing_out(embedder):
    assert embedder.embed_units([]).shape == (0, 384)
    assert embedder.embed_queries([]).shape == (0, 384)


def test_names_are_refused_for_a_unit_that_shows_its_own(embedder, units):
    with pytest.raises(ValueError, match="masked"):
        embedder.suggest_names(extract(units[0]), Surroundings(), 5)


def test_an_explanation_weighs_every_context(embedder, units):
    unit = extract(units[0])
    weights = embedder.explain(unit).weights
    assert len(weights) == len(unit.contexts)
    assert sum(weights) == pytest.approx(1, abs=1e-3)


def test_what_carries_a_name_is_not_what_carries_a_vector(tiny_model, units):
    embedder = load_onnx_embedder(tiny_model.folder, threads=1)
    shown, masked = (embedder.explain(extract(units[0], masked=hidden)).weights for hidden in (False, True))
    assert len(shown) == len(masked)
    assert max(abs(one - other) for one, other in zip(shown, masked, strict=True)) > 1e-4


def test_what_carries_one_name_is_not_what_carries_another(tiny_model, units):
    embedder = load_onnx_embedder(tiny_model.folder, threads=1)
    unit = extract(units[0], masked=True, docstring=False)
    one, other = (each.name for each in embedder.suggest_names(unit, Surroundings(), 2))
    assert embedder.explain(unit, one).weights != embedder.explain(unit, other).weights


def test_a_name_that_the_decoder_cannot_say_is_explained_by_the_vector(tiny_model, units, monkeypatch):
    embedder = load_onnx_embedder(tiny_model.folder, threads=1)
    unit = extract(units[0], masked=True, docstring=False)
    kin = embedder.explain(unit, "zyzzyva_quokka").weights
    monkeypatch.setattr(OnnxNaming, "can_say", lambda *_: False)
    assert kin == embedder.explain(unit).weights


def test_a_model_without_structure_gives_it_no_share_and_no_names(language_only, units):
    embedder = load_onnx_embedder(language_only, threads=1)
    unit = extract(units[0], masked=True)
    explanation = embedder.explain(unit)
    assert explanation.structure_share == 0
    assert sum(explanation.weights) == pytest.approx(1)
    assert embedder.suggest_names(unit, Surroundings(), 5) == ()


def test_a_model_with_a_decoder_names_masked_units(tiny_model, units):
    embedder = load_onnx_embedder(tiny_model.folder, threads=1)
    names = embedder.suggest_names(extract(units[0], masked=True, docstring=False), Surroundings(), 3)
    assert len(names) == 3
    assert {each.source for each in names} == {"decoder"}
    assert all(0 < each.probability < 1 for each in names)


def test_what_the_decoder_says_can_be_heard_before_any_ranking(tiny_model, units):
    embedder = load_onnx_embedder(tiny_model.folder, threads=1)
    unit = extract(units[0], masked=True, docstring=False)
    heard = embedder.hear(unit, Surroundings((Neighbour("_split_line", 0.5),)))
    alone = embedder.hear(unit, Surroundings())
    assert {each.name for each in embedder.suggest_names(unit, Surroundings(), 3)} <= {name for name, _ in alone.own}
    assert [name for name, _ in heard.given] == ["split_line"]


def test_a_name_is_compared_with_a_function_as_a_question_is(embedder, units):
    unit = extract(units[0], masked=True, docstring=False)
    as_text, asked = embedder.embed_texts([unit.passage, "parse header"])
    assert embedder.cosine(unit, "_parseHeader") == pytest.approx(float(as_text @ asked), abs=1e-6)


def test_a_name_is_as_near_as_those_are_that_authors_gave(embedder, units):
    unit = extract(units[0], masked=True, docstring=False)
    fitting, strange = (embedder.nearness(unit, name) for name in ("split_header", "draw_polygon"))
    assert 1 >= fitting > 0.2
    assert 0 <= strange < 0.1


def test_a_model_without_a_decoder_finds_no_name_far(language_only, units):
    assert load_onnx_embedder(language_only, threads=1).nearness(extract(units[0], masked=True), "anything") == 1


def test_a_model_without_a_decoder_says_nothing(language_only, units):
    unit = extract(units[0], masked=True)
    around = Surroundings((Neighbour("area", 0.5),))
    assert load_onnx_embedder(language_only, threads=1).hear(unit, around) == Heard(())


def test_damage_that_keeps_the_size_is_found_on_loading(language_only):
    graph = language_only / "language_model.onnx"
    data = bytearray(graph.read_bytes())
    data[len(data) // 2] ^= 0xFF
    graph.write_bytes(data)
    with pytest.raises(CheckpointError, match="has changed"):
        load_onnx_embedder(language_only, threads=1)


def test_a_manifest_that_promises_another_width(language_only):
    write_manifest(language_only, Manifest("language", 100, LanguageModelPart()), LANGUAGE_FILES)
    with pytest.raises(CheckpointError, match=r"width is 384, config\.json says 100"):
        load_onnx_embedder(language_only, threads=1)


def test_a_hugging_face_folder_is_left_to_torch(tmp_path):
    write_manifest(tmp_path, Manifest("own", 16, hugging_face=HuggingFacePart("some/model")), ())
    with pytest.raises(CheckpointError, match="Hugging Face"):
        load_onnx_embedder(tmp_path, threads=1)
