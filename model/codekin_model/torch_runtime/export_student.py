"""The trained student as an ONNX graph.

In: a :class:`Student`. Out: ``student.onnx``: bags of words' ids -> vectors. Its look-up tables are int8; its two small
layers are kept as float16 and computed in float32: they cost little, and a unit's vector must not depend on the others
of its batch, as it would where activations are int8.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from codekin_model.encoders.student import Student
from codekin_model.torch_runtime.export import export_program, quantise

STUDENT_GRAPH = "student.onnx"
_UNITS = 3
"""Of the example that is traced: above 1, so that the size is not taken for constant."""
_LARGE = 1 << 12
"""Numbers from which weights are worth halving."""
_onnx: Any = onnx  # has partial types
_helper: Any = numpy_helper


class _WordsAlone(nn.Module):
    """A student that is shown no path contexts."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student

    def forward(self, names: Tensor, words: Tensor) -> Tensor:
        contexts = self.student.config.places[-1]
        return self.student(names, words, names[:, :1].expand(-1, contexts) * 0)


def export_student(student: Student, folder: Path) -> None:
    """Write the graph into ``folder``; it takes any number of units."""
    units = torch.export.Dim("units")
    example = {
        name: torch.ones(_UNITS, places, dtype=torch.int64)
        for name, places in zip(("names", "words"), student.config.places[:2], strict=True)
    }
    program = export_program(_WordsAlone(student).eval(), example, {name: {0: units} for name in example}, ("vector",))
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        program.save(str(full))
        quantise(full, folder / STUDENT_GRAPH, operations=("Gather",))
    _halve(folder / STUDENT_GRAPH)


def _halve(path: Path) -> None:
    """Keep the large float32 weights of a graph as float16; they are widened once, when it is loaded."""
    model = _onnx.load(str(path))
    graph = model.graph
    large = [
        each
        for each in graph.initializer
        if each.data_type == _onnx.TensorProto.FLOAT and np.prod(each.dims, dtype=int) >= _LARGE
    ]
    for weights in large:
        values, name = _helper.to_array(weights).astype(np.float16), weights.name
        graph.initializer.remove(weights)
        graph.initializer.append(_helper.from_array(values, f"{name}_halves"))
        widen = _onnx.helper.make_node("Cast", [f"{name}_halves"], [name], to=_onnx.TensorProto.FLOAT)
        graph.node.insert(0, widen)
    _onnx.checker.check_model(model)
    _onnx.save(model, str(path))
