"""The teacher: training it, keeping it in a run folder, and measuring it.

In: a :class:`TeacherConfig` and a corpus. Out: a run folder whose ``language_model`` is a plain Hugging Face folder,
and the decoder's weights beside it; a loaded run searches and names.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import AutoTokenizer

from codekin_model.checkpoint.manifest import CheckpointError
from codekin_model.checkpoint.run import BEST, Run, read_run, weights_of
from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Vectors
from codekin_model.encoders.language_model import LanguageModel, Pooling, load_language_model
from codekin_model.encoders.lora import merge, prepare
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extraction.passage import passage
from codekin_model.heads.name_decoder import NameDecoder, NameDecoderConfig
from codekin_model.runtime.language_model import MAX_TOKENS
from codekin_model.runtime.word_pieces import WordPieces
from codekin_model.torch_runtime.hugging_face import has_vocabulary
from codekin_model.training.fingerprint import fingerprint_of
from codekin_model.training.loop import LoopOptions, fit
from codekin_model.training.machine import current_machine
from codekin_model.training.run_folder import start_run
from codekin_model.training.teacher_config import TeacherConfig
from codekin_model.training.teacher_data import load_teacher_data
from codekin_model.training.teacher_problem import TeacherModel, TeacherProblem
from codekin_model.training.written_name import WritingSystem, written_names
from codekin_model.vocab.vocabulary import Vocabulary

LANGUAGE_MODEL = "language_model"
"""The folder in a run that holds the fine-tuned language model, as `transformers` writes one."""
DECODER = "decoder.safetensors"
NAME_WORDS = "name_words"
_POOLING = "pooling"
"""A fact of runs whose language model does not pool by the mean."""
_TOKENIZER = "tokenizer.json"
_BATCH = 32


@dataclass(frozen=True)
class Teacher:
    """A fine-tuned language model with its decoder, in inference mode."""

    model: TeacherModel
    pieces: WordPieces
    words: Vocabulary


def train_teacher(config: TeacherConfig, corpus: Path, out: Path) -> Path:
    """Train in the run folder ``out``, or go on there; gives the folder of the language model that came of it.

    Raises:
        CorpusError: there is no corpus.
        CheckpointError: the language model, or the run to begin with, cannot be used.
        TrainingError: the loss is no number, or there is nothing to validate with.
    """
    language = _load_language_model(config.language_model, config.pooling)
    _check_positions(language, config)
    with current_machine().first_first():
        pieces = WordPieces(_save_tokenizer(config.language_model, out / LANGUAGE_MODEL))
    questions = Path(config.questions) if config.questions else None
    begin = Path(config.begin) if config.begin else None
    words = read_run(begin, ("teacher",)).vocabularies[NAME_WORDS] if begin else None
    data = load_teacher_data(corpus, questions, pieces, config.data, words)
    torch.manual_seed(config.training.seed)
    model = TeacherModel(language, NameDecoder(NameDecoderConfig(len(data.vocabulary), memory=language.width)))
    if begin:
        _begin(model, begin)
    original = {name: value.clone() for name, value in language.encoder.state_dict().items()}
    prepare(language.encoder, config.tuning.how, config.tuning.frozen_layers)
    facts = {} if language.pooling is Pooling.MEAN else {_POOLING: language.pooling.value}
    start_run(out, Run(config.kind, asdict(config), {NAME_WORDS: data.vocabulary}, facts))
    options = LoopOptions(
        out,
        epochs=config.training.epochs,
        learning_rate=config.training.learning_rate,
        rates={"decoder.": config.training.decoder_rate},
        seed=config.training.seed,
    )
    fit(TeacherProblem(data, model, pieces, config.training), options)
    if current_machine().is_first:
        model.cpu().load_state_dict(load_file(out / BEST))
        merge(language.encoder)
        save_teacher(out, model, averaged(original, language.encoder.state_dict(), config.tuning.kept))
    return out / LANGUAGE_MODEL


def averaged(original: dict[str, Tensor], trained: dict[str, Tensor], kept: float) -> dict[str, Tensor]:
    """``kept`` of the trained weights, the rest of the original ones (Wortsman et al. 2022, WiSE-FT)."""
    return {
        name: torch.lerp(original[name], value, kept) if value.is_floating_point() else value
        for name, value in trained.items()
    }


def save_teacher(out: Path, model: TeacherModel, language: dict[str, Tensor]) -> None:
    """Write the language model as a Hugging Face folder, and the decoder beside it."""
    model.language.encoder.load_state_dict(language)
    encoder: Any = model.language.encoder
    encoder.save_pretrained(out / LANGUAGE_MODEL)
    save_file(model.decoder.state_dict(), out / DECODER)


def load_teacher(folder: Path) -> Teacher:
    """The teacher of a finished run.

    Raises:
        CheckpointError: there is no such run, or it is damaged.
    """
    run = read_run(folder, ("teacher",))
    words = run.vocabularies[NAME_WORDS]
    language = _load_language_model(str(folder / LANGUAGE_MODEL), Pooling(run.facts.get(_POOLING, Pooling.MEAN)))
    decoder = NameDecoder(NameDecoderConfig(len(words), memory=language.width))
    decoder.load_state_dict(load_file(weights_of(folder, DECODER)))
    model = TeacherModel(language, decoder).eval()
    return Teacher(model, WordPieces(folder / LANGUAGE_MODEL / _TOKENIZER), words)


def load_teacher_system(folder: Path) -> "TeacherSystem":
    """The teacher of a finished run, to be measured.

    Raises:
        CheckpointError: there is no such run, or it is damaged.
    """
    return TeacherSystem(load_teacher(folder))


class TeacherSystem(VectorSystem, WritingSystem):
    """Searches and names with the trained weights as they are, before any export."""

    def __init__(self, teacher: Teacher, *, halves: bool = False) -> None:
        """With ``halves`` it computes in bfloat16: faster where processors know it, cosine .99998 to float32."""
        self._teacher, self._halves = teacher, halves

    @property
    def fingerprint(self) -> str:
        """Names the language model's weights."""
        return fingerprint_of(self._teacher.model.language)

    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """Vectors of the functions' passages."""
        return self.queries([passage(each.unit, masked=masked, docstring=False) for each in functions])

    @torch.inference_mode()
    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts."""
        ids = self._teacher.pieces.encode_all(texts, MAX_TOKENS)
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        vectors = np.empty((len(texts), self._teacher.model.language.width), np.float32)
        for at in range(0, len(order), _BATCH):
            rows = order[at : at + _BATCH]
            width = len(ids[rows[-1]])
            padded = torch.tensor([ids[row] + [0] * (width - len(ids[row])) for row in rows])
            real = torch.tensor([[1] * len(ids[row]) + [0] * (width - len(ids[row])) for row in rows])
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._halves):
                vectors[rows] = self._teacher.model.language(padded, real).numpy()
        return vectors

    @torch.inference_mode()
    def names_of(self, masked: str) -> tuple[tuple[str, float], ...]:
        """The most probable names for a masked passage, best first."""
        worded = self._teacher.pieces.with_words(masked, MAX_TOKENS)
        ids = torch.tensor([worded.ids])
        language = self._teacher.model.language
        states = language.states(ids, torch.ones_like(ids))
        return written_names(self._teacher.model.decoder, self._teacher.words, states, worded.words, language.pooling)


def _begin(model: TeacherModel, folder: Path) -> None:
    try:
        model.load_state_dict(load_file(weights_of(folder)))
    except RuntimeError as problem:
        raise CheckpointError(
            f"{folder} holds the weights of another language model, or adapters beside them: begin with a run of "
            "tuning.how = 'full' on the same language_model"
        ) from problem


def _check_positions(language: LanguageModel, config: TeacherConfig) -> None:
    read = max(config.data.tokens, MAX_TOKENS)
    if language.positions is not None and read > language.positions:
        raise CheckpointError(
            f"{config.language_model} reads {language.positions} tokens of a text at most, and this teacher has to "
            f"read {read} (data.tokens, and {MAX_TOKENS} where it is used): name another model"
        )


def _load_language_model(source: str, pooling: Pooling) -> LanguageModel:
    try:
        return load_language_model(source, pooling)
    except (OSError, ValueError) as problem:
        reason = str(problem).strip().partition("\n")[0]
        raise CheckpointError(f"{source} is no Hugging Face model with safetensors weights ({reason})") from problem


def _save_tokenizer(source: str, target: Path) -> Path:
    """Copy the tokenizer of ``source``; gives the file that the runtime reads."""
    target.mkdir(parents=True, exist_ok=True)
    loader = cast("Any", AutoTokenizer)  # has no types
    try:
        tokenizer = loader.from_pretrained(source, trust_remote_code=False)
        tokenizer.save_pretrained(target)
    except (OSError, ValueError) as problem:
        reason = str(problem).strip().partition("\n")[0]
        raise CheckpointError(f"{source} brings no tokenizer ({reason}): put it beside the weights") from problem
    if not has_vocabulary(tokenizer):
        raise CheckpointError(f"{source} brings no tokenizer: put tokenizer.json beside the weights")
    if not (target / _TOKENIZER).is_file():
        raise CheckpointError(f"{source} has no fast tokenizer ({_TOKENIZER}), which teachers need")
    return target / _TOKENIZER
