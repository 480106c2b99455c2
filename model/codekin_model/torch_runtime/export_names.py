"""The trained name decoder as an ONNX graph.

In: a :class:`NameDecoder`. Out: ``name_decoder.onnx``: the token states and the vector of one function, and prefixes of
names, to the distributions of the words that may follow. Weights are int8; words that were said are looked up in the
matrix that words are heard with, so that it is kept once.
"""

from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import helper
from torch import Tensor, nn

from codekin_model.heads.name_decoder import NameDecoder
from codekin_model.torch_runtime.export_fusion import write_quantised
from codekin_model.torch_runtime.read_back import matrices_of

DECODER_GRAPH = "name_decoder.onnx"
_TABLE, _BIAS = "decoder.words.weight_quantized", "decoder.bias"

# With partial types.
_onnx: Any = onnx
_helper: Any = helper

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
    _keep_words_once(folder / DECODER_GRAPH)


def _keep_words_once(path: Path) -> None:
    """Look words up in the int8 matrix (width, words) of the output, and drop the table that held them again."""
    model = _onnx.load(str(path))
    graph = model.graph
    heard = matrices_of(model)[_BIAS]
    look_up = next(node for node in graph.node if node.op_type == "Gather" and node.input[0] == _TABLE)
    widen = next(node for node in graph.node if node.input[:1] == look_up.output[:1])
    said, found = look_up.input[1], widen.output[0]
    tied = [
        _helper.make_node("Gather", [f"{heard}_quantized", said], ["said_columns"], axis=1),  # (width, B, P)
        _helper.make_node("Cast", ["said_columns"], ["said_values"], to=_onnx.TensorProto.FLOAT),
        _helper.make_node("Gather", [f"{heard}_scale", said], ["said_scales"]),  # (B, P)
        _helper.make_node("Mul", ["said_values", "said_scales"], ["said_wide"]),
        _helper.make_node("Transpose", ["said_wide"], [found], perm=[1, 2, 0]),
    ]
    at = list(graph.node).index(look_up)
    for node in (look_up, widen):
        graph.node.remove(node)
    for node in reversed(tied):
        graph.node.insert(at, node)
    used = {name for node in graph.node for name in node.input}
    for each in [each for each in graph.initializer if each.name not in used]:
        graph.initializer.remove(each)
    _onnx.checker.check_model(model)
    _onnx.save(model, str(path))
