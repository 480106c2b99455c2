import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GPT2Config,
    GPT2Model,
    LlamaConfig,
    LlamaModel,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2Model,
)

WORDS = ["def", "return", "read", "write", "sort", "parse", "file", "line", "word", "header", "a", "(", ")", ":", ","]
END = "<|endoftext|>"


@pytest.fixture(scope="session")
def qwen2(tmp_path_factory):
    """A tiny decoder with random weights."""
    folder = tmp_path_factory.mktemp("qwen2")
    torch.manual_seed(2)
    config = Qwen2Config(
        vocab_size=save_byte_tokenizer(folder),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.2,
    )
    Qwen2Model(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def llama(tmp_path_factory):
    """A tiny decoder of Code Llama's class with random weights."""
    folder = tmp_path_factory.mktemp("llama")
    torch.manual_seed(4)
    config = LlamaConfig(
        vocab_size=save_byte_tokenizer(folder),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.2,
    )
    LlamaModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def gpt2(tmp_path_factory):
    """A tiny decoder whose tokenizer knows no padding."""
    folder = tmp_path_factory.mktemp("gpt2")
    torch.manual_seed(3)
    size = save_byte_tokenizer(folder)
    GPT2Model(
        GPT2Config(vocab_size=size, n_embd=32, n_layer=2, n_head=4, n_positions=64, initializer_range=0.2)
    ).save_pretrained(folder)
    return folder


def save_byte_tokenizer(folder) -> int:
    """Byte pairs without any mark, as decoders have them; gives the number of tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([" ".join(WORDS)] * 4, trainer)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END).save_pretrained(folder)
    return tokenizer.get_vocab_size()
