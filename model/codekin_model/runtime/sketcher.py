"""The first vectors of units, from the student: thousands a second, to be searched until the model's own are there.

In: passages of units. Out: vectors of length 1, in the space of the model's own.
"""

from collections.abc import Sequence
from pathlib import Path

from codekin_model.checkpoint.manifest import read_manifest, verify_files
from codekin_model.embedder import Vectors
from codekin_model.runtime.hubness import OnnxHubness, open_hubness
from codekin_model.runtime.sketch import OnnxSketch
from codekin_model.runtime.student import OnnxStudent, open_student


class OnnxSketcher:
    """The student as its vectors are searched: turned towards questions, hubs set back, where the folder knows how."""

    def __init__(self, student: OnnxStudent, sketch: OnnxSketch | None, hubness: OnnxHubness | None) -> None:
        self._student = student
        self._sketch = sketch
        self._hubness = hubness

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        """One vector of length 1 for each of ``passages``, in their order."""
        words = self._student.embed_passages(passages)
        vectors = words if self._sketch is None else self._sketch.turn(words)
        return vectors if self._hubness is None else self._hubness.units(vectors)


def load_onnx_sketcher(folder: Path, threads: int) -> OnnxSketcher:
    """The sketcher of a model folder.

    Raises:
        CheckpointError: the folder is damaged, of another version, or holds no student.
    """
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    sketch = None if manifest.sketch is None else OnnxSketch(folder / manifest.sketch.file, threads)
    return OnnxSketcher(open_student(folder, manifest, threads), sketch, open_hubness(folder, manifest, threads))
