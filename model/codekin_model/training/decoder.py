"""A decoder alone, over a teacher that stays as it is: training it, keeping it in a run folder, and measuring it.

In: a :class:`DecoderConfig` and a corpus. Out: a run folder. The decoder of names goes on from its teacher's own; that
of summaries is CoCoAST's with copying (Shi et al. 2023), which reads the language model's states here.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from codekin_model.checkpoint.run import Run, read_run, weights_of
from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Vectors
from codekin_model.encoders.language_model import pooled
from codekin_model.extraction.passage import passage
from codekin_model.heads.name_decoder import NameDecoder, decoder_of, with_more_words
from codekin_model.heads.summary import SummaryDecoder, SummaryDecoderConfig
from codekin_model.runtime.language_model import MAX_TOKENS
from codekin_model.runtime.next_words import ReadFunction
from codekin_model.runtime.summary_search import fitting_line, search_sentences
from codekin_model.torch_runtime.export_summary import OneFunction
from codekin_model.training.beside import LANGUAGE_MODEL
from codekin_model.training.decoder_config import DecoderConfig, Task
from codekin_model.training.decoder_data import DecoderSet, read_names, read_summaries
from codekin_model.training.decoder_problem import DecoderProblem, NamesTask, SummariesTask
from codekin_model.training.decoder_teacher import DecoderTeacher, load_decoder_teacher
from codekin_model.training.loop import LoopOptions, fit
from codekin_model.training.machine import current_machine
from codekin_model.training.run_folder import start_run
from codekin_model.training.state_source import StateSource
from codekin_model.training.state_store import FreshStates, TokenStates, keep_states
from codekin_model.training.strict_config import strictly
from codekin_model.training.written_name import WritingSystem, written_names
from codekin_model.vocab.vocabulary import Vocabulary

WORDS = "decoder_words"


def train_decoder(config: DecoderConfig, corpus: Path, out: Path) -> Path:
    """Train in the run folder ``out``, or go on there; the best state is at the path returned.

    Raises:
        CorpusError: there is no corpus.
        CheckpointError: the teacher cannot be used.
        TrainingError: there are fewer functions than one batch holds, or none to validate with.
    """
    teacher, machine, training = load_decoder_teacher(Path(config.teacher)), current_machine(), config.training
    data = _read(config, [corpus, *([Path(config.more)] if config.more else [])], teacher)
    states: TokenStates = FreshStates(teacher.source, data.ids)
    if training.kept:
        with machine.first_first(), machine.autocast():
            states = keep_states(data.ids, teacher.source, out / "cache", config.task.value)
    torch.manual_seed(training.seed)
    task = _new_task(config, teacher, data.vocabulary)
    facts = {LANGUAGE_MODEL: teacher.source.fingerprint}
    start_run(out, Run(config.kind, asdict(config), {WORDS: data.vocabulary}, facts))
    options = LoopOptions(
        out,
        epochs=training.epochs,
        learning_rate=training.learning_rate,
        patience=training.patience,
        seed=training.seed,
    )
    return fit(DecoderProblem(data, states, task, training), options)


def _read(config: DecoderConfig, corpora: Sequence[Path], teacher: DecoderTeacher) -> DecoderSet:
    if config.task is Task.NAMES:
        return read_names(corpora, teacher.pieces, config.data, teacher.words)
    return read_summaries(corpora, teacher.pieces, config.data, config.sizes)


def _new_task(config: DecoderConfig, teacher: DecoderTeacher, words: Vocabulary) -> NamesTask | SummariesTask:
    if config.task is Task.NAMES:
        return NamesTask(with_more_words(teacher.decoder, len(words) - len(teacher.words)), teacher.pooling)
    return SummariesTask(SummaryDecoder(_summary_shape(config, len(words), teacher.source.width)))


def _summary_shape(config: DecoderConfig, words: int, memory: int) -> SummaryDecoderConfig:
    sizes = config.sizes
    return SummaryDecoderConfig(
        vocabulary=words,
        tokens=memory,
        tree=0,
        width=sizes.width,
        layers=sizes.layers,
        heads=sizes.heads,
        hidden=sizes.hidden,
        length=sizes.length,
        dropout=sizes.dropout,
    )


def load_decoder(folder: Path) -> tuple[NameDecoder | SummaryDecoder, Vocabulary, DecoderConfig]:
    """The decoder of a finished run, in inference mode.

    Raises:
        CheckpointError: there is no such run, or it is damaged.
    """
    run = read_run(folder, ("decoder",))
    config, words = strictly(run.config, DecoderConfig, str(folder)), run.vocabularies[WORDS]
    weights = {name.removeprefix("decoder."): value for name, value in load_file(weights_of(folder)).items()}
    if config.task is Task.NAMES:
        return decoder_of(weights).eval(), words, config
    decoder = SummaryDecoder(_summary_shape(config, len(words), weights["pointed.weight"].shape[1]))
    decoder.load_state_dict(weights)
    return decoder.eval(), words, config


def load_decoder_system(folder: Path) -> "LanguageModelNames | LanguageModelSummaries":
    """The decoder of a finished run with its teacher, to be measured: it names, or it summarises.

    Raises:
        CheckpointError: there is no such run, or it or its teacher is damaged.
    """
    decoder, words, config = load_decoder(folder)
    teacher = load_decoder_teacher(Path(config.teacher))
    if isinstance(decoder, NameDecoder):
        return LanguageModelNames(decoder, words, teacher)
    return LanguageModelSummaries(decoder, words, teacher)


class LanguageModelNames(WritingSystem):
    """A :class:`codekin_model.evaluation.system.NamingSystem`."""

    def __init__(self, decoder: NameDecoder, words: Vocabulary, teacher: DecoderTeacher) -> None:
        self._decoder, self._words, self._teacher = decoder, words, teacher

    def names_of(self, masked: str) -> tuple[tuple[str, float], ...]:
        """The most probable names for a masked passage, best first."""
        worded = self._teacher.pieces.with_words(masked, MAX_TOKENS)
        teacher = self._teacher
        return written_names(
            self._decoder, self._words, _states(teacher.source, worded.ids), worded.words, teacher.pooling
        )


class LanguageModelSummaries:
    """A :class:`codekin_model.evaluation.system.SummarySystem`."""

    def __init__(self, decoder: SummaryDecoder, words: Vocabulary, teacher: DecoderTeacher) -> None:
        self._following, self._longest = OneFunction(decoder).eval(), decoder.config.length
        self._words, self._teacher = words, teacher

    def summaries(self, functions: Sequence[CorpusFunction]) -> list[str]:
        """A likely sentence for each function, read without its docstring."""
        return [self.summary_of(passage(function.unit, docstring=False)) for function in functions]

    @torch.inference_mode()
    def summary_of(self, text: str) -> str:
        """A likely sentence for a passage, as it is written where it is shipped."""
        worded = self._teacher.pieces.with_words(text, MAX_TOKENS)
        states = _states(self._teacher.source, worded.ids)
        there = torch.tensor([[int(bool(word)) for word in worded.words]])

        def following(said: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            generated, copied = self._following(states, there, torch.from_numpy(said))
            return generated.numpy(), copied.numpy()

        found = search_sentences(ReadFunction(worded.words, following), self._words, self._longest)
        return fitting_line(found, self._vector(states), self._embed)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        pieces, source = self._teacher.pieces, self._teacher.source
        return np.stack([self._vector(_states(source, pieces.encode(text, MAX_TOKENS))) for text in texts])

    def _vector(self, states: Tensor) -> Vectors:
        return pooled(states, torch.ones(states.shape[:2]), self._teacher.pooling)[0].numpy()


def _states(reader: StateSource, ids: Sequence[int]) -> Tensor:
    """Of one text, (1, tokens, width)."""
    return torch.from_numpy(reader.states([np.array(ids, np.int32)])[0])[None]
