"""A pretrained encoder is trained as far as was asked, and adapters become plain weights again."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from transformers import BertConfig, BertModel, GPT2Config, GPT2Model, Qwen2Config, Qwen2Model  # noqa: E402

from codekin_model.encoders.lora import Tuning, merge, prepare  # noqa: E402 - torch is an extra

IDS = torch.tensor([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3]])


def bert():
    sizes = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 32}
    return BertModel(BertConfig(vocab_size=20, num_hidden_layers=3, **sizes), add_pooling_layer=False)


def qwen2():
    sizes = {"hidden_size": 16, "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 32}
    return Qwen2Model(Qwen2Config(vocab_size=20, num_hidden_layers=3, **sizes))


def gpt2():
    return GPT2Model(GPT2Config(vocab_size=20, n_embd=16, n_layer=3, n_head=2, n_positions=16))


@pytest.fixture(params=[bert, qwen2, gpt2])
def encoder(request):
    torch.manual_seed(0)
    return request.param().eval()


def states(encoder):
    return encoder(input_ids=IDS).last_hidden_state


def trained(encoder) -> set[str]:
    return {name for name, parameter in encoder.named_parameters() if parameter.requires_grad}


def step(encoder) -> None:
    """One step down a loss that every parameter has a part in."""
    optimizer = torch.optim.AdamW([each for each in encoder.parameters() if each.requires_grad], lr=0.05)
    for _ in range(3):
        optimizer.zero_grad()
        (states(encoder) - 1).square().sum().backward()
        optimizer.step()


def test_full_training_changes_everything(encoder):
    every = {name for name, _ in encoder.named_parameters()}
    assert trained(prepare(encoder, Tuning.FULL)) == every


def test_a_frozen_encoder_is_not_trained(encoder):
    assert trained(prepare(encoder, Tuning.FROZEN)) == set()


def test_the_lowest_layers_are_frozen_and_the_embeddings_with_them(encoder):
    left = trained(prepare(encoder, Tuning.FULL, frozen_layers=2))
    layers = [name for name in left if ".2." in name]
    assert layers
    assert {name.partition(".")[0] for name in left - set(layers)} <= {"norm", "ln_f"}


def test_there_are_no_more_layers_to_freeze_than_the_encoder_has(encoder):
    with pytest.raises(ValueError, match="has 3 layers"):
        prepare(encoder, Tuning.FULL, frozen_layers=4)


def test_new_adapters_change_nothing(encoder):
    pytest.importorskip("peft")
    before = states(encoder)
    assert torch.equal(states(prepare(encoder, Tuning.LORA)), before)


def test_only_adapters_are_trained(encoder):
    pytest.importorskip("peft")
    prepare(encoder, Tuning.LORA)
    before = {name: parameter.clone() for name, parameter in encoder.named_parameters()}
    step(encoder)
    changed = {name for name, parameter in encoder.named_parameters() if not torch.equal(parameter, before[name])}
    assert changed == trained(encoder)
    assert all("lora_" in name for name in changed)


def test_adapters_stand_above_the_frozen_layers_only(encoder):
    pytest.importorskip("peft")
    assert all(".2." in name for name in trained(prepare(encoder, Tuning.LORA, frozen_layers=2)))


def test_merged_weights_say_what_the_adapted_ones_said(encoder):
    pytest.importorskip("peft")
    names, untrained = list(encoder.state_dict()), states(encoder)
    step(prepare(encoder, Tuning.LORA).train())
    adapted = states(encoder.eval())
    merged = merge(encoder)
    assert not torch.allclose(adapted, untrained, atol=1e-2)
    assert torch.allclose(states(merged), adapted, atol=1e-5)
    assert list(merged.state_dict()) == names


def test_what_has_no_adapters_stays_as_it_is_when_merged():
    pytest.importorskip("peft")
    encoder = bert().eval()
    before = states(encoder)
    assert torch.equal(states(merge(encoder)), before)
