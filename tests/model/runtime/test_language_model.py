import numpy as np
import pytest

from codekin_model.checkpoint.manifest import default_model_dir
from codekin_model.runtime.language_model import OnnxLanguageModel

READ = "read json file\ndef read(path):\n    with open(path) as file:\n        return json.load(file)"
SORT = "sort words\ndef order(words):\n    return sorted(words, key=len)"


def test_a_text_finds_the_code_that_does_it(language_model):
    read, sort, query = language_model.embed([READ, SORT, "load a JSON document from disk"])
    assert query @ read > query @ sort + 0.2


def test_vectors_have_length_one(language_model):
    vectors = language_model.embed([READ, "", "x", "λ → 変数"])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_vector_depends_on_its_text_alone(language_model):
    alone = language_model.embed([READ])[0]
    among = language_model.embed(["a", SORT * 20, READ, "return None"])[2]
    assert np.array_equal(alone, among)


def test_the_number_of_threads_changes_no_vector(language_model):
    single = OnnxLanguageModel(default_model_dir(), threads=1)
    assert np.array_equal(single.embed([READ, SORT]), language_model.embed([READ, SORT]))


def test_what_stands_behind_the_last_token_is_not_read(language_model):
    long = "word " * 127  # two of the 128 tokens mark beginning and end
    assert np.array_equal(language_model.embed([long])[0], language_model.embed([long + "and something else"])[0])


def test_states_come_with_the_vector_that_embedding_gives(tiny_model):
    model = OnnxLanguageModel(tiny_model.folder, threads=1)
    ids = model._tokenizer.encode(READ).ids
    states, vector = model.states(ids)
    assert states.shape == (len(ids), model.width)
    assert np.array_equal(vector, model.embed([READ])[0])
    mean = states.mean(axis=0)
    assert vector == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)


def test_no_texts(language_model):
    assert language_model.embed([]).shape == (0, 384)
