"""Hubness: counting it over a model folder, keeping it in a run folder, and measuring it.

In: a :class:`HubnessConfig` and corpora. Out: a run folder, which `codekin export` writes into the model folder. The
questions that are kept are docstrings' first sentences; docstrings are in no function, held-out packages in nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from codekin_model.checkpoint.manifest import read_manifest
from codekin_model.checkpoint.run import BEST, Run, read_run, weights_of, write_run
from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Vectors
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extraction.passage import passage
from codekin_model.fusion.hubness import Hubness, HubnessShape
from codekin_model.training.hubness_config import HubnessConfig
from codekin_model.training.machine import TrainingError, current_machine
from codekin_model.training.product_codes import product_codes
from codekin_model.training.question_style import plain_sentence
from codekin_model.training.strict_config import strictly
from codekin_model.training.student_teacher import StudentTeacher, load_folder_teacher
from codekin_model.training.text_store import embed_all


def train_hubness(config: HubnessConfig, corpus: Path, out: Path) -> Path:
    """Count in the run folder ``out``; what is found is at the path returned.

    Raises:
        CorpusError: there is no corpus, or no other where ``more`` says.
        CheckpointError: the model folder cannot be used.
        TrainingError: too few functions have a docstring, or vectors cannot be cut into that many parts.
    """
    manifest, teacher = read_manifest(Path(config.model)), load_folder_teacher(Path(config.model))
    _check_parts(manifest.width, config)
    functions = _documented([corpus, *([Path(config.more)] if config.more else [])], config)
    questions = [plain_sentence(each.summary or "") for each in functions]
    passages = [passage(each.unit, docstring=False) for each in functions[: config.data.units]]
    cache = out / "cache"
    with current_machine().first_first():
        asked = embed_all(questions, teacher.queries, teacher.fingerprint, cache, "question")
        code = embed_all(passages, teacher.code, teacher.fingerprint, cache, "passage")
    found = hubness_of(_rows(asked), _rows(code), config)
    if current_machine().is_first:
        write_run(out, Run(config.kind, asdict(config)))
        save_file(found.state_dict(), out / BEST)
    return out / BEST


def hubness_of(questions: Tensor, units: Tensor, config: HubnessConfig) -> Hubness:
    """Keep ``questions`` (N, width) and count of ``units`` (M, width), both of length 1, what is usual.

    What is usual moves all units alike: no rank depends on it.

    Raises:
        TrainingError: there are too few vectors to tell which direction they leave unused, or they cannot be cut into
            that many parts.
    """
    width, given = questions.shape[1], torch.cat([questions, units])
    _check_parts(width, config)
    if len(given) < width:
        raise TrainingError(
            f"{len(given)} vectors of {width} numbers leave more than one direction unused, {width} are needed: "
            "give more code with docstrings"
        )
    found = Hubness(_shape(config, width, len(questions)))
    codes, values = product_codes(questions, config.data.parts, config.data.seed)
    found.codes.copy_(codes)
    found.values.copy_(values)
    found.unused.copy_(_least_used(given))
    found.usual.copy_(found.near(units).mean())
    return found.eval()


def load_hubness(folder: Path) -> tuple[Hubness, HubnessConfig]:
    """What a finished run found.

    Raises:
        CheckpointError: there is no such run, or it is damaged.
    """
    run = read_run(folder, ("hubness",))
    config, state = strictly(run.config, HubnessConfig, str(folder)), load_file(weights_of(folder, BEST))
    found = Hubness(_shape(config, len(state["unused"]), len(state["codes"])))
    found.load_state_dict(state)
    return found.eval(), config


def load_hubness_system(folder: Path) -> "HubnessSystem":
    """What a finished run found over its model folder, to be measured.

    Raises:
        CheckpointError: there is no such run, or it or its model folder is damaged.
    """
    found, config = load_hubness(folder)
    return HubnessSystem(found, load_folder_teacher(Path(config.model)))


class HubnessSystem(VectorSystem):
    """The vectors of a model folder without path contexts, hubs set back."""

    def __init__(self, hubness: Hubness, teacher: StudentTeacher) -> None:
        self._hubness, self._teacher = hubness, teacher

    @torch.inference_mode()
    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """The vectors that functions are found by."""
        vectors = self._teacher.code([passage(each.unit, masked=masked, docstring=False) for each in functions])
        return self._hubness.units(torch.from_numpy(vectors)).numpy()

    @torch.inference_mode()
    def queries(self, texts: Sequence[str]) -> Vectors:
        """What they are asked for with."""
        return self._hubness.questions(torch.from_numpy(self._teacher.queries(texts))).numpy()


def _documented(corpora: Sequence[Path], config: HubnessConfig) -> list[CorpusFunction]:
    """Training functions with a sentence that says what they do, at most as many as questions are kept."""
    found = [
        each for corpus in corpora for split, each in read_corpus(corpus) if split is Split.TRAIN and has_query(each)
    ]
    if min(len(found), config.data.questions) < config.nearest:
        raise TrainingError(
            f"{len(found)} functions have a docstring, {config.data.questions} questions are kept, and the "
            f"{config.nearest} nearest are to count: give more code, or count fewer"
        )
    order: list[int] = np.random.default_rng(config.data.seed).permutation(len(found))[: config.data.questions].tolist()
    return [found[at] for at in order]


def _check_parts(width: int, config: HubnessConfig) -> None:
    parts = config.data.parts
    if width % parts:
        raise TrainingError(f"vectors of {width} numbers have no {parts} equal parts: choose parts that divide {width}")


def _shape(config: HubnessConfig, width: int, questions: int) -> HubnessShape:
    return HubnessShape(width, questions, config.data.parts, config.nearest, config.strength, config.lift)


def _least_used(vectors: Tensor) -> Tensor:
    """The direction with the least mean square of ``vectors`` in it: a layer norm leaves one with none at all."""
    double = vectors.double()
    _, directions = torch.linalg.eigh(double.T @ double / len(double))  # ascending
    return directions[:, 0].float()


def _rows(vectors: NDArray[np.float16]) -> Tensor:
    return torch.from_numpy(vectors.astype(np.float32))
