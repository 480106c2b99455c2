"""Training summaries: functions without their docstrings in, the first sentences of the docstrings out.

In: a corpus folder and a configuration. Out: losses and validation figures for
:func:`codekin_model.training.loop.fit`, and with :func:`train_summary` a run folder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from codekin_model.checkpoint.run import Run
from codekin_model.torch_runtime.summary_model import SummaryModel, SummaryModelConfig
from codekin_model.training.loop import LoopOptions, fit
from codekin_model.training.machine import current_machine
from codekin_model.training.run_folder import start_run
from codekin_model.training.summary_config import SummaryConfig, SummaryTraining
from codekin_model.training.summary_corpus import SummaryCorpus, load_summary_corpus
from codekin_model.training.summary_data import (
    EncodedSources,
    Ragged,
    SummaryVocabularies,
    count_vocabularies,
    encode_sources,
    word_numbers,
)
from codekin_model.vocab.subtree_batch import Ids

_POOL = 32
"""Batches whose functions are sorted by length among each other, so that little of a batch is padding."""


class SummaryProblem:
    """One epoch goes once through the training functions."""

    def __init__(
        self, corpus: SummaryCorpus, vocabularies: SummaryVocabularies, model: SummaryModel, options: SummaryTraining
    ) -> None:
        self.module = model
        self._sources: EncodedSources = encode_sources(corpus.sources, corpus.words, vocabularies)
        self._sentences: Ragged = corpus.sentences.numbered(word_numbers(corpus.words, vocabularies.words))
        self._training, self._validation = corpus.training_rows, corpus.validation_rows
        self._seed, self._batch = options.seed, options.batch

    def steps(self) -> int:
        """Batches of one epoch."""
        return len(self._training) // self._batch

    def losses(self, epoch: int, first: int) -> Iterator[Mapping[str, Tensor]]:
        """The loss of the batches from ``first`` on; they depend on the seed and the epoch alone."""
        for rows in self._batches(epoch)[first:]:
            yield {"summary": self._loss(rows)}

    def _batches(self, epoch: int) -> Ids:
        """(steps, batch) rows."""
        random = np.random.default_rng((self._seed, epoch))
        rows = random.permutation(self._training)[: self.steps() * self._batch]
        lengths, pool = self._sources.lengths(), _POOL * self._batch
        pools = [rows[at : at + pool] for at in range(0, len(rows), pool)]
        ordered = [each[np.argsort(lengths[each], kind="stable")] for each in pools]
        return random.permutation(np.concatenate(ordered).reshape(-1, self._batch))

    def _loss(self, rows: Ids) -> Tensor:
        device = next(self.module.parameters()).device
        target = torch.from_numpy(self._sentences.padded(rows)).to(device)
        return self.module(self._sources.batch(rows, device), target)

    def validate(self) -> Mapping[str, float]:
        """The negative log-likelihood of a word of the validation sentences; its opposite is the score."""
        lengths = self._sources.lengths()[self._validation]
        ordered = self._validation[np.argsort(lengths, kind="stable")]
        batches = np.array_split(ordered, -(-len(ordered) // self._batch))
        words = [int((self._sentences.starts[rows + 1] - self._sentences.starts[rows]).sum()) for rows in batches]
        losses = [self._loss(rows).item() for rows in batches]
        mean = float(np.average(losses, weights=words))
        return {"validation": mean, "score": -mean}


def train_summary(config: SummaryConfig, corpus: Path, out: Path) -> Path:
    """Train in the run folder ``out``, or go on there; the best state is at the path returned.

    The extracted corpus is kept in ``cache`` below ``out``.

    Raises:
        CorpusError: there is no corpus, or nothing documented in it.
        TrainingError: there are fewer functions than one batch holds, or the loss is no number.
    """
    with current_machine().first_first():
        data = load_summary_corpus(corpus, out / "cache", config.data)
    vocabularies = count_vocabularies(data.sources, data.sentences, data.words, data.training_rows, config.data)
    torch.manual_seed(config.training.seed)
    model = new_model(config, vocabularies)
    named = {"labels": vocabularies.labels, "tokens": vocabularies.tokens, "words": vocabularies.words}
    start_run(out, Run(config.kind, asdict(config), named))
    problem = SummaryProblem(data, vocabularies, model, config.training)
    training = config.training
    options = LoopOptions(
        out,
        epochs=training.epochs,
        learning_rate=training.learning_rate,
        patience=training.patience,
        seed=training.seed,
    )
    return fit(problem, options)


def new_model(config: SummaryConfig, vocabularies: SummaryVocabularies) -> SummaryModel:
    """An untrained model of the sizes that ``config`` and ``vocabularies`` ask for."""
    sizes = config.sizes
    return SummaryModel(
        SummaryModelConfig(
            labels=len(vocabularies.labels),
            tokens=len(vocabularies.tokens),
            words=len(vocabularies.words),
            embedding=sizes.embedding,
            width=sizes.width,
            layers=sizes.layers,
            heads=sizes.heads,
            hidden=sizes.hidden,
            dropout=sizes.dropout,
            source_length=config.data.source_length,
            length=config.data.length,
            tree=config.tree,
        )
    )
