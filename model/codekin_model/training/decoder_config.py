"""Configurations of kind ``decoder``: a decoder trained alone, over the token states of a teacher that stays as it is.

Plain data. Must not know of files or modules.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from codekin_model.torch_runtime.bounds import Count, Positive, Share, Size


class Task(StrEnum):
    """What is written: the name of a masked function, or the first sentence of its docstring."""

    NAMES = "names"
    SUMMARIES = "summaries"


@dataclass(frozen=True, slots=True)
class DecoderSizes:
    """The decoder of summaries; that of names goes on with the sizes of its teacher's."""

    words: Size = 6_000
    width: Size = 192
    layers: Size = 2
    heads: Size = 4
    hidden: Size = 640
    length: Size = 24
    dropout: Share = 0.1

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise ValueError(f"width = {self.width} must be a multiple of heads = {self.heads}")


@dataclass(frozen=True, slots=True)
class DecoderData:
    """Upper bounds: a package's functions with a docstring and without, those held out of each, and a text's pieces.

    ``new_words`` bounds the words that a decoder of names learns beside its teacher's.
    """

    documented: Size = 5_000
    undocumented: Count = 2_500
    held_out: Size = 300
    tokens: Size = 96
    new_words: Count = 0
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class DecoderTraining:
    """How it is trained; states are ``kept`` where epochs read them again: 35 KB a function."""

    epochs: Size = 4
    batch: Size = 256
    learning_rate: Positive = 6e-4
    patience: Size = 2
    kept: bool = True
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class DecoderConfig:
    """``teacher`` is a run folder or a model folder, whose language model is read and whose decoder of names goes on.

    ``more`` is another corpus to learn from.
    """

    teacher: str
    task: Task = Task.NAMES
    more: str | None = None
    sizes: DecoderSizes = field(default_factory=DecoderSizes)
    data: DecoderData = field(default_factory=DecoderData)
    training: DecoderTraining = field(default_factory=DecoderTraining)

    @property
    def kind(self) -> str:
        """As configuration files name it."""
        return "decoder"
