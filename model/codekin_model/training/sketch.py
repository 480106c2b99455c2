"""The sketch: training it over a model folder, keeping it in a run folder, and measuring it.

In: a :class:`SketchConfig` and corpora. Out: a run folder, which `codekin export` writes into the model folder.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from codekin_model.checkpoint.manifest import read_manifest
from codekin_model.checkpoint.run import BEST, Run, read_run, weights_of
from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Vectors
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extraction.passage import passage
from codekin_model.fusion.sketch import Sketch
from codekin_model.training.asked_config import AskedTraining
from codekin_model.training.asked_data import VIEWS, AskedVectors, Half, choose_asked, embed_asked, in_rows
from codekin_model.training.asked_problem import AskedProblem, Rows
from codekin_model.training.folder_reader import FolderReader, load_reader
from codekin_model.training.machine import current_machine
from codekin_model.training.run_folder import start_run
from codekin_model.training.sketch_config import SketchConfig
from codekin_model.training.strict_config import strictly
from codekin_model.training.text_store import embed_all


class SketchProblem(AskedProblem):
    """``words`` are the student's vectors of the functions' two views, (N, VIEWS, width)."""

    def __init__(self, asked: AskedVectors, words: Half, model: Sketch, options: AskedTraining) -> None:
        super().__init__(asked, model, options)
        self._words = words

    def code(self, rows: Rows, views: Rows) -> Tensor:
        """The turned vectors."""
        return self.module(self.tensor(self._words[rows, views]))


def train_sketch(config: SketchConfig, corpus: Path, out: Path) -> Path:
    """Train in the run folder ``out``, or go on there; the best state is at the path returned.

    Raises:
        CorpusError: there is no corpus, or no other where ``more`` says.
        CheckpointError: the model folder cannot be used.
        TrainingError: there is nothing to train or to validate with.
    """
    folder, cache = Path(config.model), out / "cache"
    reader = load_reader(folder)
    corpora = [corpus, *([Path(config.more)] if config.more else [])]
    asked = choose_asked(corpora, Path(config.questions) if config.questions else None, config.data)
    with current_machine().first_first():
        words = in_rows(embed_all(asked.passages(), reader.embed_words, reader.fingerprint, cache, "words"), VIEWS)
        questions = embed_asked(asked, reader.embed_texts, reader.fingerprint, cache)
    torch.manual_seed(config.training.seed)
    model = Sketch(read_manifest(folder).width)
    start_run(out, Run(config.kind, asdict(config)))
    return SketchProblem(questions, words, model, config.training).fit(out)


def load_sketch(folder: Path) -> tuple[Sketch, SketchConfig]:
    """The sketch of a finished run, in inference mode.

    Raises:
        CheckpointError: there is no such run, or it is damaged.
    """
    run = read_run(folder, ("sketch",))
    config, state = strictly(run.config, SketchConfig, str(folder)), load_file(weights_of(folder, BEST))
    model = Sketch(len(state["turn.weight"]))
    model.load_state_dict(state)
    return model.eval(), config


def load_sketch_system(folder: Path) -> "SketchSystem":
    """The sketch of a finished run over its model folder, to be measured.

    Raises:
        CheckpointError: there is no such run, or it or its model folder is damaged.
    """
    model, config = load_sketch(folder)
    return SketchSystem(model, load_reader(Path(config.model)))


class SketchSystem(VectorSystem):
    """Code by the student, turned; questions by the language model. Hubs are not set back."""

    def __init__(self, model: Sketch, reader: FolderReader) -> None:
        self._model, self._reader = model, reader

    @torch.inference_mode()
    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """The turned vectors of the functions' passages."""
        passages = [passage(each.unit, masked=masked, docstring=False) for each in functions]
        return self._model(torch.from_numpy(self._reader.embed_words(passages))).numpy()

    def queries(self, texts: Sequence[str]) -> Vectors:
        """The language model's vectors."""
        return self._reader.embed_texts(texts)
