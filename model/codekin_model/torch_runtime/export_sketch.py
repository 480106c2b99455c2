"""The trained sketch as an ONNX graph.

In: a :class:`Sketch`. Out: ``sketch.onnx``: ``words`` -> ``vector``, (units, width). Its weights are kept in eight bits
and computed in float32, as the student's are: a unit's vector must not depend on the others of its batch.
"""

from pathlib import Path

import torch
from torch import nn

from codekin_model.fusion.sketch import Sketch
from codekin_model.torch_runtime.export import export_program, narrow

SKETCH_GRAPH = "sketch.onnx"
_UNITS = 3
"""Of the example that is traced: above 1, so that the size is not taken for constant."""


def export_sketch(sketch: Sketch, folder: Path) -> None:
    """Write the graph into ``folder``; it takes any number of units."""
    example = {"words": nn.functional.normalize(torch.randn(_UNITS, sketch.turn.in_features), dim=-1)}
    program = export_program(sketch.eval(), example, {"words": {0: torch.export.Dim("units")}}, ("vector",))
    program.save(str(folder / SKETCH_GRAPH))
    narrow(folder / SKETCH_GRAPH)
