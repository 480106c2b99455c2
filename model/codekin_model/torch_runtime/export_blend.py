"""The trained blend as an ONNX graph.

In: a :class:`Blend`. Out: ``blend.onnx``: three vectors of a unit -> one. Weights are int8.
"""

from pathlib import Path

import torch
from torch import nn

from codekin_model.fusion.blend import Blend
from codekin_model.torch_runtime.export import write_quantised

BLEND_GRAPH = "blend.onnx"
_UNITS = 3
"""Of the example that is traced: above 1, so that the size is not taken for constant."""


def export_blend(blend: Blend, folder: Path) -> None:
    """Write the graph into ``folder``; it takes any number of units."""
    width, units = blend.text.in_features, torch.export.Dim("units")
    inputs = ("fused", "text", "words")
    example = {name: nn.functional.normalize(torch.randn(_UNITS, width), dim=-1) for name in inputs}
    write_quantised(blend.eval(), example, {name: {0: units} for name in inputs}, ("vector",), folder / BLEND_GRAPH)
