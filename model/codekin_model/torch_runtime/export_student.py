"""The trained student as an ONNX graph.

In: a :class:`Student`. Out: ``student.onnx``: bags of ids -> vectors. Its look-up tables are int8, its two small layers
stay float32: they cost little, and a unit's vector must not depend on the others of its batch.
"""

import tempfile
from pathlib import Path

import torch

from codekin_model.encoders.student import Student
from codekin_model.torch_runtime.export import export_program, quantise

STUDENT_GRAPH = "student.onnx"
_UNITS = 3
"""Of the example that is traced: above 1, so that the size is not taken for constant."""


def export_student(student: Student, folder: Path) -> None:
    """Write the graph into ``folder``; it takes any number of units."""
    units = torch.export.Dim("units")
    example = {
        name: torch.ones(_UNITS, places, dtype=torch.int64)
        for name, places in zip(("names", "words", "contexts"), student.config.places, strict=True)
    }
    program = export_program(student.eval(), example, {name: {0: units} for name in example}, ("vector",))
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        program.save(str(full))
        quantise(full, folder / STUDENT_GRAPH, operations=("Gather",))
