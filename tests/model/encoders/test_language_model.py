"""A pretrained model is pooled as it is asked to be, or as it says itself, and what is damaged is refused."""

import json
import shutil

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from codekin_model.encoders.language_model import Pooling, load_language_model, pooled  # noqa: E402 - torch is an extra

STATES = torch.tensor([[[3.0, 4.0], [0.0, 2.0], [1.0, 0.0]]])
MODES = ("cls_token", "mean_tokens", "max_tokens", "lasttoken")


@pytest.fixture
def folder(bert, tmp_path):
    return shutil.copytree(bert, tmp_path / "model")


def configure(folder, *modes):
    (folder / "1_Pooling").mkdir()
    said = {f"pooling_mode_{mode}": mode in modes for mode in MODES} | {"word_embedding_dimension": 32}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(said))


@pytest.mark.parametrize(
    ("pooling", "mask", "expected"),
    [
        (Pooling.CLS, [1, 1, 1], [0.6, 0.8]),
        (Pooling.CLS, [0, 1, 1], [0.0, 1.0]),
        (Pooling.LAST, [1, 1, 1], [1.0, 0.0]),
        (Pooling.LAST, [1, 1, 0], [0.0, 1.0]),
        (Pooling.MEAN, [1, 1, 0], [0.4472, 0.8944]),
    ],
)
def test_tokens_become_one_vector_whichever_side_the_padding_stands_on(pooling, mask, expected):
    assert pooled(STATES, torch.tensor([mask]), pooling)[0].tolist() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("mode", "pooling"),
    [("cls_token", Pooling.CLS), ("mean_tokens", Pooling.MEAN), ("lasttoken", Pooling.LAST)],
)
def test_a_model_is_pooled_as_sentence_transformers_configured_it(folder, mode, pooling):
    configure(folder, mode)
    assert load_language_model(folder, Pooling.CONFIGURED).pooling is pooling


def test_a_model_that_configures_nothing_is_pooled_by_the_mean(folder):
    assert load_language_model(folder, Pooling.CONFIGURED).pooling is Pooling.MEAN


@pytest.mark.parametrize("modes", [("max_tokens",), ("cls_token", "mean_tokens"), ()])
def test_a_pooling_that_is_not_known_is_refused_with_those_that_are(folder, modes):
    configure(folder, *modes)
    with pytest.raises(
        ValueError, match=r"1_Pooling/config.json pools by .*; known is each of .*pooling_mode_cls_token"
    ):
        load_language_model(folder, Pooling.CONFIGURED)


def test_what_is_configured_is_not_read_unless_it_is_asked_for(folder):
    configure(folder, "max_tokens")
    assert load_language_model(folder).pooling is Pooling.MEAN


def test_weights_cut_short_are_refused(folder):
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:3000])
    with pytest.raises(ValueError, match="its weights are damaged"):
        load_language_model(folder)


def test_weights_of_another_width_are_refused(folder):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"hidden_size": 64}))
    with pytest.raises(ValueError, match=r"of other sizes than its config\.json says"):
        load_language_model(folder)


def test_a_model_says_how_many_tokens_it_reads(bert):
    assert load_language_model(bert).positions == 160


def test_positions_behind_that_of_the_padding_are_those_that_are_left(tmp_path):
    from transformers import RobertaConfig, RobertaModel  # noqa: PLC0415 - an extra

    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    RobertaModel(RobertaConfig(vocab_size=50, max_position_embeddings=34, pad_token_id=1, **sizes)).save_pretrained(
        tmp_path
    )
    model = load_language_model(tmp_path)
    assert model.positions == 32
    ids = torch.full((1, 32), 5)
    assert model(ids, torch.ones_like(ids)).shape == (1, 8)
