"""Distilling the student: vectors near the teacher's, and rankings as the teacher ranks.

In: :class:`StudentSet`. Out: losses and validation figures for the loop. Only code is the student's to read: a question
is one short text, which the teacher itself reads when it is asked. The teacher's doubts are learnt with its answers:
told only which function a question was written for, the student soon knew its training functions by heart. Of several
teachers it learns the mean of what they doubt.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from codekin_model.encoders.student import Student
from codekin_model.evaluation.search import reciprocal_ranks
from codekin_model.training.machine import TrainingError
from codekin_model.training.similar import clusters_of, in_runs
from codekin_model.training.student_config import StudentTraining
from codekin_model.training.student_data import NO_QUESTION, VIEWS, StudentSet
from codekin_model.vocab.bag_batch import BagBatch
from codekin_model.vocab.own_words import own_words

_MANY = 1024
_LENGTHS = 4
"""Groups of units by their length."""
_PLAINEST = 0
"""Of the ways to ask for a function, the one that validation asks with."""
Rows = NDArray[np.int64]


class StudentProblem:
    """An epoch goes once through the training functions."""

    def __init__(self, data: StudentSet, model: Student, options: StudentTraining) -> None:
        self.module = model
        self._data, self._options = data, options
        if not len(data.validation):
            raise TrainingError("no validation function has a docstring to search with: train on more code")

    @cached_property
    def _clusters(self) -> Rows:
        """Which functions are of one kind, names visible."""
        return clusters_of(self._data.taught.vectors[self._data.training, 0], self._options.seed)

    def steps(self) -> int:
        """Batches of one epoch."""
        together = self._options.together
        return len(self._data.training) // together * together // self._options.batch

    def losses(self, epoch: int, first: int) -> Iterable[Mapping[str, Tensor]]:
        """The losses of the batches from ``first`` on."""
        draw = np.random.default_rng((self._options.seed, epoch))
        order = in_runs(self._data.training, self._clusters, self._options.together, draw)
        size = self._options.batch
        for step in range(first, self.steps()):
            draw = np.random.default_rng((self._options.seed, epoch, step))
            yield self._loss(order[step * size : (step + 1) * size], draw)

    def _loss(self, rows: Rows, draw: np.random.Generator) -> dict[str, Tensor]:
        data = self._data
        views = (draw.random(len(rows)) < self._options.masking).astype(np.int64)
        code = self._encode(rows, views, draw)
        described = data.asked[rows[data.asked[rows] != NO_QUESTION]]
        ways = draw.integers(data.taught.questions.shape[1], size=len(described))
        taught = [
            tuple(
                torch.from_numpy(array.astype(np.float32)).to(code.device)
                for array in (each.vectors[rows, views], each.questions[described, ways])
            )
            for each in (data.taught, *data.others)
        ]
        vectors, questions = taught[0]
        return {
            "near": 1 - (code * vectors).sum(-1).mean(),
            "alike": self._divergence(vectors @ code.T, [each @ each.T for each, _ in taught]),
            "search": self._divergence(questions @ code.T, [asked @ each.T for each, asked in taught]),
        }

    def _divergence(self, scores: Tensor, wanted: Sequence[Tensor]) -> Tensor:
        """How far rankings are from the teachers': of functions (columns) for what is asked (rows), and the reverse."""
        if not len(scores):  # no function of the batch has a question
            return scores.sum()
        scores, wanted = scores / self._options.temperature, [each / self._options.temperature for each in wanted]
        return (_divergence(scores, wanted) + _divergence(scores.T, [each.T for each in wanted])) / 2

    def _encode(self, rows: Rows, views: Rows | int, draw: np.random.Generator | None) -> Tensor:
        """Vectors of ``rows`` in their ``views``; with a ``draw`` some of their words are dropped, as in training."""
        bags, at = self._data.bags, rows * VIEWS + views
        ids = [each[at] for each in (bags.names, bags.words, bags.contexts)]
        if draw is not None:
            for each in ids:
                each[draw.random(each.shape) < self._options.word_dropout] = 0
        return vectors_of(self.module, BagBatch(*ids))

    def validate(self) -> Mapping[str, float]:
        """MRR of the validation questions, names visible and masked, and the mean cosine with the teacher.

        ``share`` is that of the teacher's own MRR, names visible; ``score`` the mean of both MRR.
        """
        rows, data = self._data.validation, self._data
        questions = data.taught.questions[data.asked[rows], _PLAINEST].astype(np.float32)
        found, near = list[float](), list[float]()
        for view in range(VIEWS):
            parts = np.array_split(rows, len(rows) // _MANY + 1)
            code = torch.cat([self._encode(part, view, None) for part in parts]).float().cpu().numpy()
            found.append(float(reciprocal_ranks(questions, code).mean()))
            near.append(float((code * data.taught.vectors[rows, view]).sum(-1).mean()))
        teacher = float(reciprocal_ranks(questions, data.taught.vectors[rows, 0].astype(np.float32)).mean())
        figures = {"mrr": found[0], "masked": found[1], "share": found[0] / teacher, "cosine": float(np.mean(near))}
        return figures | {"score": float(np.mean(found))}


def _divergence(scores: Tensor, wanted: Sequence[Tensor]) -> Tensor:
    """The mean Kullback-Leibler divergence of the rows' softmax from the mean softmax of what is ``wanted``."""
    target = torch.stack([each.softmax(-1) for each in wanted]).mean(0)
    return functional.kl_div(scores.log_softmax(-1), target, reduction="batchmean")


def vectors_of(module: Student, bags: BagBatch) -> Tensor:
    """Vectors (B, width); units of a length go through the module together, so that it reads few empty places."""
    device = next(module.parameters()).device
    order = np.argsort([row.nonzero()[0].max(initial=0) for row in bags.words], kind="stable")
    parts = np.array_split(order, max(1, min(_LENGTHS, len(order))))
    vectors = [module(*tensors_of(_rows(bags, part), device)) for part in parts]
    return torch.cat(vectors)[torch.from_numpy(np.argsort(order)).to(device)]


def _rows(bags: BagBatch, rows: Rows) -> BagBatch:
    return BagBatch(bags.names[rows], bags.words[rows], bags.contexts[rows])


def tensors_of(bags: BagBatch, device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """``bags`` as the module reads them."""
    own = own_words(bags)
    own_ids, names, words, contexts = (
        torch.from_numpy(each).to(device) for each in (own.own, own.names, own.words, bags.contexts.astype(np.int64))
    )
    return own_ids, names, words, contexts
