"""A trained summariser, as evaluation asks for it.

In: a run folder of kind ``summary``. Out: :class:`TrainedSummaries`, which writes one line for each function. It reads
names, never docstrings.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from codekin_model.checkpoint.run import read_run, weights_of
from codekin_model.corpus.function import CorpusFunction
from codekin_model.heads.beam import BeamOptions
from codekin_model.torch_runtime.summary_model import SummaryModel
from codekin_model.training.strict_config import strictly
from codekin_model.training.summary_config import SummaryConfig
from codekin_model.training.summary_data import Numbers, SummaryVocabularies, encode_sources, read_sources, word_of
from codekin_model.training.summary_problem import new_model
from codekin_model.vocab.summary_text import summary_line

_BATCH = 32


class TrainedSummaries:
    """A :class:`codekin_model.evaluation.system.SummarySystem`."""

    def __init__(self, model: SummaryModel, vocabularies: SummaryVocabularies) -> None:
        self._model, self._vocabularies = model.eval(), vocabularies
        self._options = BeamOptions(length=model.config.length)

    def summaries(self, functions: Sequence[CorpusFunction]) -> list[str]:
        """The most probable sentence for each function."""
        return [texts[0][0] if texts else "" for texts in self.candidates(functions)]

    def candidates(self, functions: Sequence[CorpusFunction]) -> list[list[tuple[str, float]]]:
        """For each function the sentences of the beam with their probabilities, best first."""
        found: list[list[tuple[str, float]]] = []
        for at in range(0, len(functions), _BATCH):
            found += self._written(functions[at : at + _BATCH])
        return found

    def _written(self, functions: Sequence[CorpusFunction]) -> list[list[tuple[str, float]]]:
        numbers: Numbers = {}
        sources = read_sources(functions, self._model.config.source_length, numbers)
        words = tuple(numbers)
        encoded = encode_sources(sources, words, self._vocabularies)
        batch = encoded.batch(np.arange(len(functions)), next(self._model.parameters()).device)
        with torch.no_grad():
            found = self._model.generate(batch, self._options)
        return [[(self._line(each.words, words), each.probability) for each in texts] for texts in found]

    def _line(self, numbers: Sequence[int], words: Sequence[str]) -> str:
        return summary_line([word_of(number, words, self._vocabularies.words) for number in numbers])


def load_summary_system(folder: Path) -> TrainedSummaries:
    """The summariser that :func:`codekin_model.training.summary_problem.train_summary` trained in ``folder``.

    Raises:
        CheckpointError: no run of this kind, another format, or a file that is missing or cut short.
        ConfigError: the run's configuration has a key that this version does not know.
    """
    run = read_run(folder, ["summary"])
    config = strictly(run.config, SummaryConfig, str(folder))
    named = run.vocabularies
    vocabularies = SummaryVocabularies(named["labels"], named["tokens"], named["words"])
    model = new_model(config, vocabularies)
    model.load_state_dict(load_file(weights_of(folder)))
    return TrainedSummaries(model, vocabularies)
