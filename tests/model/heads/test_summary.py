"""The summary decoder: its loss, its copying, its search."""

import math

import pytest

torch = pytest.importorskip("torch")

from codekin_model.heads.beam import BEGIN, END, BeamOptions  # noqa: E402 - torch is an extra
from codekin_model.heads.summary import Memory, SummaryDecoder, SummaryDecoderConfig  # noqa: E402

WORDS, WIDTH = 9, 16
FOREIGN = WORDS + 40
"""A word that can only be copied."""
CONFIG = SummaryDecoderConfig(
    WORDS, tokens=WIDTH, tree=WIDTH, width=WIDTH, layers=2, heads=2, hidden=32, length=8, dropout=0.0
)


@pytest.fixture
def decoder() -> SummaryDecoder:
    torch.manual_seed(0)
    return SummaryDecoder(CONFIG).eval()


@pytest.fixture
def memory() -> Memory:
    torch.manual_seed(1)
    source = torch.tensor([[5, FOREIGN, 6, FOREIGN], [7, FOREIGN + 1, 0, 0]])
    tree_mask = torch.tensor([[True, True, True], [True, False, False]])
    return Memory(torch.randn(2, 4, WIDTH), source > 0, source, torch.randn(2, 3, WIDTH), tree_mask)


def next_words(decoder, memory, written):
    """The whole distribution after ``written``, over words and numbers that can be copied."""
    inputs = torch.tensor([[BEGIN, *written]] * len(memory.source))
    states = decoder.embedded(inputs, decoder.positions.weight[: inputs.shape[1]])
    for layer in decoder.stack:
        states = layer(states, layer.remember(memory))
    mixture = decoder.mixture(states, memory)
    size = int(memory.source.max()) + 1
    whole = torch.zeros(len(memory.source), max(size, WORDS))
    whole[:, :WORDS] = (mixture.gate * mixture.generated)[:, -1]
    copied = ((1 - mixture.gate) * mixture.copied)[:, -1]
    for row, numbers in enumerate(memory.source.tolist()):
        for place, number in enumerate(numbers):
            whole[row, number] += copied[row, place]
    return whole


@torch.no_grad()
def test_the_mixture_is_a_distribution(decoder, memory):
    assert torch.allclose(next_words(decoder, memory, [5, FOREIGN]).sum(1), torch.ones(2), atol=1e-5)


@torch.no_grad()
def test_the_loss_is_the_mean_negative_logarithm_of_the_mixture(decoder, memory):
    target = torch.tensor([[5, FOREIGN, END], [8, END, 0]])
    expected = [
        next_words(decoder, memory, [])[0, 5],
        next_words(decoder, memory, [5])[0, FOREIGN],
        next_words(decoder, memory, [5, FOREIGN])[0, END],
        next_words(decoder, memory, [])[1, 8],
        next_words(decoder, memory, [8])[1, END],
    ]
    mean = -sum(math.log(each) for each in expected) / 5
    assert decoder.loss(memory, target).item() == pytest.approx(mean, abs=1e-4)


@torch.no_grad()
def test_a_word_that_is_nowhere_reads_as_unknown(decoder, memory):
    nowhere, unknown = torch.tensor([[FOREIGN + 7, END]] * 2), torch.tensor([[1, END]] * 2)
    assert decoder.loss(memory, nowhere).item() == decoder.loss(memory, unknown).item()


@torch.no_grad()
def test_padding_of_tokens_tree_and_target_changes_nothing(decoder, memory):
    target = torch.tensor([[7, END]])
    second = Memory(*(each[1:] for each in memory))
    cut = Memory(
        second.tokens[:, :2],
        second.token_mask[:, :2],
        second.source[:, :2],
        second.tree[:, :1],
        second.tree_mask[:, :1],
    )
    padded = torch.tensor([[7, END, 0, 0]])
    assert decoder.loss(second, padded).item() == pytest.approx(decoder.loss(cut, target).item(), abs=1e-5)


@torch.no_grad()
def test_the_tree_is_read(decoder, memory):
    target = torch.tensor([[5, END], [7, END]])
    other = memory._replace(tree=memory.tree + 1)
    assert decoder.loss(memory, target).item() != decoder.loss(other, target).item()


@torch.no_grad()
def test_a_decoder_reads_a_memory_without_tree(decoder, memory):
    plain = SummaryDecoder(SummaryDecoderConfig(**{**dictionary(CONFIG), "tree": 0})).eval()
    without = memory._replace(tree=None, tree_mask=None)
    for each in (plain, decoder):
        assert torch.isfinite(each.loss(without, torch.tensor([[5, END], [7, END]])))
        assert len(each.generate(without)) == 2


def dictionary(config):
    return {name: getattr(config, name) for name in config.__slots__}


@torch.no_grad()
def test_with_nothing_to_copy_everything_is_generated(decoder, memory):
    bare = memory._replace(source=torch.zeros_like(memory.source))
    assert torch.allclose(next_words(decoder, bare, [5])[:, :WORDS].sum(1), torch.ones(2), atol=1e-5)
    assert all(word < WORDS for texts in decoder.generate(bare) for each in texts for word in each.words)


@torch.no_grad()
@pytest.mark.parametrize("width", [1, 3])
def test_what_is_generated_has_the_probability_that_the_mixture_gives_it(decoder, memory, width):
    texts = decoder.generate(memory, BeamOptions(width=width, length=4))
    assert [len(row) for row in texts] == [width, width]
    for row, candidates in enumerate(texts):
        for text in candidates:
            closed = [*text.words, END] if len(text.words) < 4 else list(text.words)
            expected = 1.0
            for at, word in enumerate(closed):
                expected *= float(next_words(decoder, memory, closed[:at])[row, word])
            assert text.probability == pytest.approx(expected, rel=1e-3)


def test_generation_leaves_no_gradients(decoder, memory):
    decoder.generate(memory)
    assert all(parameter.grad is None for parameter in decoder.parameters())


@torch.no_grad()
def test_no_text_is_longer_than_the_decoder_has_positions(decoder, memory):
    texts = decoder.generate(memory, BeamOptions(length=100, ngram=0))
    assert max(len(each.words) for row in texts for each in row) <= CONFIG.length


def test_copying_a_word_out_of_the_vocabulary_is_learnt():
    """The word after 5 in the source is the summary: its number was never seen in training."""
    torch.manual_seed(0)
    decoder = SummaryDecoder(SummaryDecoderConfig(WORDS, WIDTH, 0, WIDTH, 1, 2, 32, 8, 0.0))
    table = torch.nn.Embedding(10, WIDTH)
    optimizer = torch.optim.Adam([*decoder.parameters(), *table.parameters()], lr=1e-2)
    random = torch.Generator().manual_seed(0)

    def functions(first: int):
        """Foreign words at four places of six, a 5 before one of them; all foreign words look alike."""
        source = first + torch.arange(16 * 6).view(16, 6)
        at = torch.randint(0, 5, (16,), generator=random)
        source[torch.arange(16), at] = 5
        target = source[torch.arange(16), at + 1]
        seen = torch.where(source < WORDS, source, 1)
        after = torch.roll(seen, 1, dims=1)
        states = table(seen) + table(after).roll(1, dims=-1)
        return Memory(states, source > 0, source), torch.stack([target, torch.full_like(target, END)], dim=1)

    for _ in range(150):
        optimizer.zero_grad()
        loss = decoder.loss(*functions(WORDS))
        loss.backward()
        optimizer.step()
    memory, target = functions(WORDS + 1000)
    best = [texts[0].words for texts in decoder.eval().generate(memory, BeamOptions(width=2))]
    assert best == [(word,) for word in target[:, 0].tolist()]
