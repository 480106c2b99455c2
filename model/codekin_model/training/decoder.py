"""A decoder alone, over a teacher that stays as it is: training it, keeping it in a run folder, and measuring it.

In: a :class:`DecoderConfig` and a corpus. Out: a run folder. The decoder of names goes on from its teacher's own; that
of summaries is CoCoAST's with copying (Shi et al. 2023), which reads the language model's states here.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from codekin_model.checkpoint.run import Run, read_run, weights_of
from codekin_model.corpus.function import CorpusFunction
from codekin_model.extraction.passage import passage
from codekin_model.heads.beam import BeamOptions
from codekin_model.heads.name_decoder import NameDecoder, decoder_of, with_more_words
from codekin_model.heads.summary import Memory, SummaryDecoder, SummaryDecoderConfig
from codekin_model.runtime.language_model import MAX_TOKENS
from codekin_model.training.beside import LANGUAGE_MODEL
from codekin_model.training.decoder_config import DecoderConfig, Task
from codekin_model.training.decoder_data import DecoderSet, read_names, read_summaries
from codekin_model.training.decoder_problem import DecoderProblem, NamesTask, SummariesTask
from codekin_model.training.decoder_teacher import DecoderTeacher, load_decoder_teacher
from codekin_model.training.loop import LoopOptions, fit
from codekin_model.training.machine import current_machine
from codekin_model.training.run_folder import start_run
from codekin_model.training.state_source import StateSource
from codekin_model.training.state_store import keep_states
from codekin_model.training.strict_config import strictly
from codekin_model.training.written_name import WritingSystem, written_names
from codekin_model.vocab.summary_text import summary_line
from codekin_model.vocab.vocabulary import PADDING, Vocabulary

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
        self._decoder, self._words, self._teacher = decoder, words, teacher
        self._options = BeamOptions(length=decoder.config.length)

    def summaries(self, functions: Sequence[CorpusFunction]) -> list[str]:
        """The most probable sentence for each function, read without its docstring."""
        return [self.summary_of(passage(function.unit, docstring=False)) for function in functions]

    @torch.inference_mode()
    def summary_of(self, text: str) -> str:
        """The most probable sentence for a passage."""
        worded = self._teacher.pieces.with_words(text, MAX_TOKENS)
        numbers = {word: len(self._words) + at for at, word in enumerate(dict.fromkeys(worded.words))}
        source = [
            PADDING if not word else self._words.id_of(word) if word in self._words else numbers[word]
            for word in worded.words
        ]
        copied = {number: word for word, number in numbers.items()}
        found = self._decoder.generate(_memory(self._teacher.source, worded.ids, source), self._options)[0]
        if not found:
            return ""
        return summary_line(
            [copied[number] if number in copied else self._words.words[number] for number in found[0].words]
        )


def _memory(reader: StateSource, ids: Sequence[int], source: Sequence[int]) -> Memory:
    states = _states(reader, ids)
    return Memory(states, torch.ones(states.shape[:2], dtype=torch.bool), torch.tensor([list(source)]))


def _states(reader: StateSource, ids: Sequence[int]) -> Tensor:
    """Of one text, (1, tokens, width)."""
    return torch.from_numpy(reader.states([np.array(ids, np.int32)])[0])[None]
