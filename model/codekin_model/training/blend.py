"""The blend: training it over a model folder, keeping it in a run folder, and measuring it.

In: a :class:`BlendConfig` and a corpus. Out: a run folder, which `codekin export` writes into the model folder. Path
contexts are not read for it: the fused vector lies so near to the language model's own that one serves for both.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file

from codekin_model.checkpoint.manifest import read_manifest
from codekin_model.checkpoint.run import BEST, Run, read_run, weights_of
from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Vectors
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extraction.passage import passage
from codekin_model.fusion.blend import Blend
from codekin_model.training.blend_config import BlendConfig
from codekin_model.training.blend_data import load_blend_set
from codekin_model.training.blend_problem import BlendProblem
from codekin_model.training.folder_reader import FolderReader, load_reader
from codekin_model.training.machine import current_machine
from codekin_model.training.run_folder import start_run
from codekin_model.training.strict_config import strictly


def train_blend(config: BlendConfig, corpus: Path, out: Path) -> Path:
    """Train in the run folder ``out``, or go on there; the best state is at the path returned.

    Raises:
        CorpusError: there is no corpus.
        CheckpointError: the model folder cannot be used.
        TrainingError: there is nothing to train or to validate with.
    """
    folder = Path(config.model)
    reader = load_reader(folder)
    questions = Path(config.questions) if config.questions else None
    with current_machine().first_first():
        data = load_blend_set(corpus, questions, config.data, reader, out / "cache")
    torch.manual_seed(config.training.seed)
    model = Blend(read_manifest(folder).width)
    start_run(out, Run(config.kind, asdict(config)))
    return BlendProblem(data, model, config.training).fit(out)


def load_blend(folder: Path) -> tuple[Blend, BlendConfig]:
    """The blend of a finished run, in inference mode.

    Raises:
        CheckpointError: there is no such run, or it is damaged.
    """
    run = read_run(folder, ("blend",))
    config = strictly(run.config, BlendConfig, str(folder))
    state = load_file(weights_of(folder, BEST))
    model = Blend(len(state["text.bias"]), config.strength)
    model.load_state_dict(state)
    return model.eval(), config


def load_blend_system(folder: Path) -> "BlendSystem":
    """The blend of a finished run over its model folder, to be measured.

    Raises:
        CheckpointError: there is no such run, or it or its model folder is damaged.
    """
    model, config = load_blend(folder)
    return BlendSystem(model, load_reader(Path(config.model)))


class BlendSystem(VectorSystem):
    """Code by the blend, questions by the language model alone."""

    def __init__(self, model: Blend, reader: FolderReader) -> None:
        self._model, self._reader = model, reader

    @torch.inference_mode()
    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """The blended vectors of the functions' passages."""
        passages = [passage(each.unit, masked=masked, docstring=False) for each in functions]
        text, words = (
            torch.from_numpy(embed(passages)) for embed in (self._reader.embed_texts, self._reader.embed_words)
        )
        return self._model(text, text, words).numpy()

    def queries(self, texts: Sequence[str]) -> Vectors:
        """The language model's vectors."""
        return self._reader.embed_texts(texts)
