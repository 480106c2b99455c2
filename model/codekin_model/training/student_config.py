"""Configurations of kind ``student``: the static encoder that is distilled from a teacher.

Plain data. Must not know of files or modules.
"""

from dataclasses import dataclass, field

from codekin_model.torch_runtime.bounds import Count, Positive, Share, Size


@dataclass(frozen=True, slots=True)
class StudentSizes:
    """How many words, parts of rarer words, and buckets of hashed path contexts have a vector, and widths.

    Those are of words, contexts, what words mean beside each other, and the layer. Without ``buckets`` no path contexts
    are read; without ``beside`` every word is read alone.
    """

    words: Size = 16_000
    parts: Size = 4_000
    buckets: Count = 0
    width: Size = 256
    context_width: Size = 64
    beside: Count = 0
    hidden: Size = 512
    dropout: Share = 0.1


@dataclass(frozen=True, slots=True)
class StudentData:
    """Upper bounds: functions that something asks for and others, of training packages; those that are held out.

    They are those of each corpus. Of the share ``shown`` the visible view has the docstring.
    """

    documented: Size = 150_000
    undocumented: Count = 50_000
    held_out: Size = 7_000
    shown: Share = 0.22
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class StudentTraining:
    """``masking`` is the share of functions whose name is hidden, ``word_dropout`` that of words that are dropped.

    The share ``apart`` of words that are not among the most frequent is read in parts. ``together`` functions of one
    kind come in one batch, which is harder. The vectors of words learn at ``word_rate`` of the rate: those of rare ones
    would soon tell the training functions by heart.
    """

    epochs: Size = 3
    batch: Size = 1024
    together: Size = 8
    learning_rate: Positive = 3e-3
    word_rate: Positive = 0.2
    temperature: Positive = 0.05
    masking: Share = 0.5
    word_dropout: Share = 0.2
    apart: Share = 0.12
    patience: Size = 3
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class StudentConfig:
    """``teacher`` is a teacher's run folder or a model folder; ``questions`` are written ones, as a teacher's.

    ``others`` are further teachers, by their folders: rankings are learnt as the mean of all of them (You et al. 2017),
    vectors from the first alone, whose questions the student is asked by. ``more`` is another corpus to learn from:
    teachers answer for any code.
    """

    teacher: str
    others: tuple[str, ...] = ()
    questions: str | None = None
    more: str | None = None
    sizes: StudentSizes = field(default_factory=StudentSizes)
    data: StudentData = field(default_factory=StudentData)
    training: StudentTraining = field(default_factory=StudentTraining)

    @property
    def kind(self) -> str:
        """As configuration files name it."""
        return "student"
