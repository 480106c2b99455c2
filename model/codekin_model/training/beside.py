"""Which language model a run was trained beside, and whether a model folder holds that one.

In: what a run kept of it, and a model folder. Out: nothing, or one line that refuses the folder. Vectors of another
language model may be as wide and mean something else, which no comparison of exported graphs would show.
"""

from pathlib import Path

from codekin_model.checkpoint.manifest import CheckpointError, Manifest
from codekin_model.checkpoint.run import Run
from codekin_model.torch_runtime.frozen_model import exported_fingerprint

LANGUAGE_MODEL = "language_model"
"""The fact of a run: the fingerprint of the language model, as whatever read it gives it."""


def graph_fingerprint(manifest: Manifest) -> str:
    """Of the language model of a model folder alone: a part that joins the folder changes nothing.

    Raises:
        CheckpointError: the folder names a Hugging Face model.
    """
    if manifest.language_model is None:
        raise CheckpointError(f"{manifest.name} is a Hugging Face model, which nothing can be trained beside")
    return manifest.files[manifest.language_model.file].digest


def check_language_model(folder: Path, run: Run, out: Path, manifest: Manifest) -> None:
    """Refuse to join ``run`` (in ``folder``) to the model ``manifest`` (in ``out``) if it was trained beside another.

    Runs of earlier versions kept no fingerprint, and are not refused.

    Raises:
        CheckpointError: it was.
    """
    kept, part = run.facts.get(LANGUAGE_MODEL), manifest.language_model
    if kept is None or part is None:
        return
    if kept not in (graph_fingerprint(manifest), manifest.origin, exported_fingerprint(out, part.max_tokens)):
        raise CheckpointError(
            f"{folder} was trained beside another language model than that of {out}: train it over {out}, or, if the "
            "vectors of both lie in one space, export it with --other-language-model"
        )
