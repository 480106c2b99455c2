"""The exported decoder of summaries says what torch says."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import onnxruntime  # noqa: E402 - torch is an extra

from codekin_model.heads.summary import Memory, SummaryDecoder, SummaryDecoderConfig  # noqa: E402
from codekin_model.torch_runtime.export_summary import SUMMARY_GRAPH, export_summary_decoder  # noqa: E402
from codekin_model.vocab.vocabulary import Vocabulary  # noqa: E402

VOCABULARY = Vocabulary(("<PAD>", "<UNK>", "<BEGIN>", "<END>", *(f"w{at}" for at in range(30))))
CONFIG = SummaryDecoderConfig(len(VOCABULARY), tokens=32, tree=0, width=16, heads=2, hidden=16, length=6)
TOKENS = ("", "w1", "w3", "", "only", "here", "w1", "", "w4")


def decoder_of(seed: int) -> SummaryDecoder:
    """Untrained, but sure of what it says."""
    torch.manual_seed(seed)
    decoder = SummaryDecoder(CONFIG).eval()
    with torch.no_grad():
        decoder.bias.copy_(torch.randn(len(VOCABULARY)) * 1.5)
        decoder.words.weight.mul_(4)
    return decoder


def torch_says(decoder: SummaryDecoder, memory: Memory, said: np.ndarray):
    count = len(said)
    each = Memory(memory.tokens.expand(count, -1, -1), memory.token_mask.expand(count, -1), memory.source)
    with torch.inference_mode():
        states = decoder.embedded(torch.from_numpy(said), decoder.positions.weight[: said.shape[1]])
        for layer in decoder.stack:
            states = layer(states, layer.remember(each))
        mixture = decoder.mixture(states, each)
    return (mixture.gate * mixture.generated).numpy(), ((1 - mixture.gate) * mixture.copied).numpy()


def memory_of(tokens: tuple[str, ...]) -> Memory:
    numbers = {word: len(VOCABULARY) + at for at, word in enumerate(dict.fromkeys(tokens))}
    source = [VOCABULARY.id_of(word) if word in VOCABULARY else numbers[word] if word else 0 for word in tokens]
    states = torch.randn(1, len(tokens), CONFIG.tokens)
    return Memory(states, torch.ones(1, len(tokens), dtype=torch.bool), torch.tensor([source]))


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("summary")
    decoder = decoder_of(0)
    export_summary_decoder(decoder, folder)
    return decoder, onnxruntime.InferenceSession(folder / SUMMARY_GRAPH)


@pytest.mark.parametrize(("prefixes", "words", "tokens"), [(1, 1, 1), (2, 3, 9), (8, CONFIG.length, 128), (1, 4, 2)])
def test_distributions_agree(exported, prefixes, words, tokens):
    decoder, session = exported
    torch.manual_seed(prefixes)
    memory = memory_of(tuple(f"w{at % 7}" if at % 3 else "" for at in range(1, tokens + 1)))
    said = torch.randint(2, len(VOCABULARY), (prefixes, words)).numpy()
    given = {"states": memory.tokens.numpy(), "words": memory.source.numpy(), "said": said}
    generated, copied = session.run(["generated", "copied"], given)
    expected = torch_says(decoder, memory, said)
    assert generated == pytest.approx(expected[0], abs=0.05)
    assert copied == pytest.approx(expected[1], abs=0.05)
    assert generated.sum(-1) + copied.sum(-1) == pytest.approx(1, abs=1e-4)
