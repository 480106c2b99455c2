"""The trained decoder of summaries over a language model's states, as an ONNX graph.

In: a :class:`SummaryDecoder` that reads no tree. Out: ``summary_decoder.onnx``: the token states of one function, which
of them stand for words, and prefixes of sentences, to the distributions of the words that may follow. Weights are int8.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

from codekin_model.heads.summary import Memory, SummaryDecoder
from codekin_model.torch_runtime.export import write_quantised

SUMMARY_GRAPH = "summary_decoder.onnx"

_PREFIXES, _WORDS, _TOKENS = 3, 5, 11
"""Sizes of the example that is traced: all different and above 1, so that none is taken for another or for constant."""


class OneFunction(nn.Module):
    """The distributions that the graph gives: every prefix reads the same function, whose tokens are all real."""

    def __init__(self, decoder: SummaryDecoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, states: Tensor, words: Tensor, said: Tensor) -> tuple[Tensor, Tensor]:
        """``states`` (1, T, width), ``words`` (1, T), ``said`` (B, P) -> generated (B, P, V), copied (B, P, T)."""
        decoder, count = self.decoder, said.shape[0]
        memory = Memory(states.expand(count, -1, -1), torch.ones_like(words).bool(), words)
        inputs = decoder.embedded(said, decoder.positions.weight[: said.shape[1]])
        for layer in decoder.stack:
            inputs = layer(inputs, layer.remember(memory))
        mixture = decoder.mixture(inputs, memory)
        return mixture.gate * mixture.generated, (1 - mixture.gate) * mixture.copied


def export_summary_decoder(decoder: SummaryDecoder, folder: Path) -> None:
    """Write the graph into ``folder``: any number of prefixes and tokens from 1, as many words as a sentence may have.

    ``words`` (1, tokens) is 0 where there is nothing to copy.
    """
    example = {
        "states": torch.randn(1, _TOKENS, decoder.config.tokens),
        "words": torch.ones(1, _TOKENS, dtype=torch.int64),
        "said": torch.full((_PREFIXES, _WORDS), 2, dtype=torch.int64),
    }
    prefixes, tokens = torch.export.Dim("prefixes"), torch.export.Dim("tokens")
    words = torch.export.Dim("length", max=decoder.config.length)
    shapes = {"states": {1: tokens}, "words": {1: tokens}, "said": {0: prefixes, 1: words}}
    write_quantised(OneFunction(decoder).eval(), example, shapes, ("generated", "copied"), folder / SUMMARY_GRAPH)
