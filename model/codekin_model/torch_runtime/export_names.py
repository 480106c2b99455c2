"""The trained name decoder as an ONNX graph.

In: a :class:`NameDecoder`. Out: ``name_decoder.onnx``: the token states and the vector of one function, and prefixes of
names, to the distributions of the words that may follow. Weights are int8.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

from codekin_model.heads.name_decoder import NameDecoder
from codekin_model.torch_runtime.export_fusion import write_quantised

DECODER_GRAPH = "name_decoder.onnx"

_PREFIXES, _WORDS, _TOKENS = 3, 5, 11
"""Sizes of the example that is traced: all different and above 1, so that none is taken for another or for constant."""


class _OneFunction(nn.Module):
    """Without padding, since one function is read at a time."""

    def __init__(self, decoder: NameDecoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, states: Tensor, vector: Tensor, said: Tensor) -> tuple[Tensor, Tensor]:
        real = torch.ones_like(states[..., 0], dtype=torch.bool)
        following = self.decoder(states, real, vector, said)
        return following.generated, following.copied


def export_name_decoder(decoder: NameDecoder, folder: Path) -> None:
    """Write the graph into ``folder``: any number of prefixes and tokens from 1, as many words as a name may have."""
    memory = decoder.config.memory
    example = {
        "states": torch.randn(1, _TOKENS, memory),
        "vector": nn.functional.normalize(torch.randn(1, memory), dim=-1),
        "said": torch.zeros(_PREFIXES, _WORDS, dtype=torch.int64),
    }
    prefixes, tokens = torch.export.Dim("prefixes"), torch.export.Dim("tokens")
    words = torch.export.Dim("words", max=decoder.config.longest)
    shapes = {"states": {1: tokens}, "vector": None, "said": {0: prefixes, 1: words}}
    write_quantised(_OneFunction(decoder).eval(), example, shapes, ("generated", "copied"), folder / DECODER_GRAPH)
