"""The trained student as an ONNX graph.

In: a :class:`Student`. Out: ``student.onnx``: :class:`codekin_model.vocab.own_words.OwnWords` -> vectors. All its
weights are kept in eight bits, but its layers are computed in float32: they cost little, and a unit's vector must not
depend on the others of its batch, as it would where activations are int8.
"""

import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from codekin_model.encoders.student import Student
from codekin_model.torch_runtime.export import export_program, narrow, quantise

STUDENT_GRAPH = "student.onnx"
_UNITS = 3
"""Of the example that is traced: above 1, so that the size is not taken for constant."""
_PLACES = 3


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
    narrow(folder / STUDENT_GRAPH)
