"""Who a decoder reads with: a teacher's run, or a whole model folder, as it is shipped.

In: a folder. Out: the states of its language model and how they are pooled, its words, and the decoder of names that
training goes on from.
"""

from dataclasses import dataclass
from pathlib import Path

import torch

from codekin_model.checkpoint.manifest import CONFIG, CheckpointError, read_manifest, verify_files
from codekin_model.encoders.language_model import Pooling, pooled
from codekin_model.heads.name_decoder import NameDecoder, decoder_of
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.runtime.word_pieces import WordPieces
from codekin_model.torch_runtime.read_back import read_back
from codekin_model.training.beside import graph_fingerprint
from codekin_model.training.machine import current_machine
from codekin_model.training.state_source import OnnxStates, StateSource, TorchStates
from codekin_model.training.teacher import load_teacher
from codekin_model.vocab.vocabulary import Vocabulary, read_vocabulary

_EXAMPLE = "def read_lines(path): return open(path)"


@dataclass(frozen=True)
class DecoderTeacher:
    """A language model that stays as it is, with its tokenizer, and a decoder of names with its words."""

    source: StateSource
    pieces: WordPieces
    decoder: NameDecoder
    words: Vocabulary
    pooling: Pooling = Pooling.MEAN


def load_decoder_teacher(folder: Path) -> DecoderTeacher:
    """The teacher in ``folder``, a run's on the device that is trained on.

    Raises:
        CheckpointError: it is neither a teacher's run nor a model folder that names functions.
    """
    if (folder / CONFIG).is_file():
        return _shipped(folder)
    teacher = load_teacher(folder)
    language = teacher.model.language.to(current_machine().device)
    return DecoderTeacher(TorchStates(language), teacher.pieces, teacher.model.decoder, teacher.words, language.pooling)


def _shipped(folder: Path) -> DecoderTeacher:
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    language, names = manifest.language_model, manifest.names
    if language is None or names is None:
        raise CheckpointError(f"{folder} does not name functions: give the folder of a model that does")
    threads = torch.get_num_threads()
    model = OnnxLanguageModel(folder, threads, graph=language.file, tokenizer=language.tokenizer)
    words = read_vocabulary(folder / names.words)
    weights = read_back(folder / names.file)
    weights["words.weight"] = weights.pop("weight")  # words are said with the matrix that they are heard with
    # not the folder's own: a part that joins it changes no state
    source = OnnxStates(model, threads, graph_fingerprint(manifest))
    pieces = WordPieces(folder / language.tokenizer)
    return DecoderTeacher(source, pieces, decoder_of(weights), words, _pooling(model, pieces))


def _pooling(model: OnnxLanguageModel, pieces: WordPieces) -> Pooling:
    """How a graph pools, which its folder does not say: as makes its vector of a text out of the states of it."""
    states, vector = (torch.from_numpy(each)[None] for each in model.states(pieces.encode(_EXAMPLE, len(_EXAMPLE))))
    real = torch.ones(states.shape[:2], dtype=torch.int64)
    choices = [each for each in Pooling if each is not Pooling.CONFIGURED]
    return max(choices, key=lambda each: (pooled(states, real, each) * vector).sum().item())
