"""Configurations of kind ``student``: the static encoder that is distilled from a teacher.

Plain data. Must not know of files or modules.
"""

from dataclasses import dataclass, field

from codekin_model.torch_runtime.bounds import Count, Positive, Share, Size


@dataclass(frozen=True, slots=True)
class StudentSizes:
    """How many words and buckets of hashed path contexts have a vector, and widths: of words, contexts, the layer."""

    words: Size = 14_000
    buckets: Size = 4_096
    width: Size = 256
    context_width: Size = 64
    hidden: Size = 512
    dropout: Share = 0.1


@dataclass(frozen=True, slots=True)
class StudentData:
    """Upper bounds: functions of a package with a docstring and without, those held out of each package."""

    documented: Size = 4_000
    undocumented: Count = 800
    held_out: Size = 300
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class StudentTraining:
    """``masking`` is the share of functions whose name is hidden, ``word_dropout`` that of words that are dropped."""

    epochs: Size = 8
    batch: Size = 1024
    learning_rate: Positive = 4e-3
    temperature: Positive = 0.05
    masking: Share = 0.3
    word_dropout: Share = 0.2
    patience: Size = 3
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class StudentConfig:
    """``teacher`` is a teacher's run folder; ``questions`` a file of written questions, as a teacher's."""

    teacher: str
    questions: str | None = None
    sizes: StudentSizes = field(default_factory=StudentSizes)
    data: StudentData = field(default_factory=StudentData)
    training: StudentTraining = field(default_factory=StudentTraining)

    @property
    def kind(self) -> str:
        """As configuration files name it."""
        return "student"
