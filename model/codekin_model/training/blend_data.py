"""What the blend is trained on: vectors of functions as the model folder gives them, and of what is asked for them.

In: a corpus and a loaded model. Out: :class:`BlendSet`, from :mod:`codekin_model.training.asked_data`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from codekin_model.embedder import Vectors
from codekin_model.training.asked_config import AskedData
from codekin_model.training.asked_data import VIEWS, AskedVectors, Half, choose_asked, embed_asked, in_rows
from codekin_model.training.text_store import embed_all


class Reader(Protocol):
    """What reads texts, and what reads the words of passages, into one space."""

    @property
    def fingerprint(self) -> str:
        """Names what the vectors depend on beside the texts."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """The language model's vectors of texts."""
        ...

    def embed_words(self, passages: Sequence[str]) -> Vectors:
        """The student's vectors of passages, by their words alone."""
        ...


@dataclass(frozen=True)
class BlendSet:
    """Rows are functions. ``text`` and ``words`` hold for each its visible and its masked view: (N, VIEWS, width)."""

    text: Half
    words: Half
    asked: AskedVectors


def load_blend_set(corpus: Path, questions: Path | None, data: AskedData, reader: Reader, cache: Path) -> BlendSet:
    """Choose functions that something asks for, and embed them; vectors are kept in ``cache``.

    Raises:
        CorpusError: there is no corpus.
        TrainingError: nothing to train or to validate with can be asked for.
    """
    asked = choose_asked([corpus], questions, data)
    passages, fingerprint = asked.passages(), reader.fingerprint
    return BlendSet(
        text=in_rows(embed_all(passages, reader.embed_texts, fingerprint, cache, "passage"), VIEWS),
        words=in_rows(embed_all(passages, reader.embed_words, fingerprint, cache, "words"), VIEWS),
        asked=embed_asked(asked, reader.embed_texts, fingerprint, cache),
    )
