"""The trained student as an ONNX graph.

In: a :class:`Student`. Out: ``student.onnx``: :class:`codekin_model.vocab.own_words.OwnWords` -> vectors. All its
weights are kept in eight bits, but its layers are computed in float32: they cost little, and a unit's vector must not
depend on the others of its batch, as it would where activations are int8.
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
_PLACES = 3
_LARGE = 1 << 12
"""Numbers from which weights are worth narrowing."""
_MOST, _LEAST = 127, 1e-8
_onnx: Any = onnx  # has partial types
_helper: Any = numpy_helper


class _WordsAlone(nn.Module):
    """A student that is shown no path contexts."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student

    def forward(self, own: Tensor, names: Tensor, words: Tensor) -> Tensor:
        contexts = self.student.config.places[-1]
        return self.student(own, names, words, names[:, :1].expand(-1, contexts) * 0)


def export_student(student: Student, folder: Path) -> None:
    """Write the graph into ``folder``; it takes any number of units, of words, and of places up to the student's."""
    units, own = torch.export.Dim("units"), torch.export.Dim("own", min=2)
    example, sizes = {"own": torch.arange(_UNITS)}, {"own": {0: own}}
    for name, most in zip(("names", "words"), student.config.places[:2], strict=True):
        example[name] = torch.ones(_UNITS, _PLACES, dtype=torch.int64)
        sizes[name] = {0: units, 1: torch.export.Dim(f"{name}_places", min=2, max=most)}
    program = export_program(_WordsAlone(student).eval(), example, sizes, ("vector",))
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        program.save(str(full))
        quantise(full, folder / STUDENT_GRAPH, operations=("Gather",))
    _narrow(folder / STUDENT_GRAPH)


def _narrow(path: Path) -> None:
    """Keep the large float32 weights of a graph as int8 and a scale a column; they are widened when it is loaded."""
    model = _onnx.load(str(path))
    graph = model.graph
    large = [
        each
        for each in graph.initializer
        if each.data_type == _onnx.TensorProto.FLOAT and np.prod(each.dims, dtype=int) >= _LARGE
    ]
    for weights in large:
        values, name = _helper.to_array(weights), weights.name
        scales = np.maximum(np.abs(values).max(axis=0, keepdims=True), _LEAST) / _MOST
        graph.initializer.remove(weights)
        graph.initializer.append(_helper.from_array(np.rint(values / scales).astype(np.int8), f"{name}_narrow"))
        graph.initializer.append(_helper.from_array(scales.astype(np.float32), f"{name}_scales"))
        widen = _onnx.helper.make_node("Cast", [f"{name}_narrow"], [f"{name}_wide"], to=_onnx.TensorProto.FLOAT)
        scale = _onnx.helper.make_node("Mul", [f"{name}_wide", f"{name}_scales"], [name])
        graph.node.insert(0, scale)
        graph.node.insert(0, widen)
    _onnx.checker.check_model(model)
    _onnx.save(model, str(path))
