"""Configurations of kind ``teacher``: a language model fine-tuned for search, with a decoder of names.

Plain data. Must not know of files or modules.
"""

from dataclasses import dataclass, field

from codekin_model.encoders.language_model import Pooling
from codekin_model.encoders.lora import Tuning
from codekin_model.torch_runtime.bounds import Count, Positive, Share, Size


@dataclass(frozen=True, slots=True)
class TuningConfig:
    """What of the language model is trained. ``kept`` is the share of the trained weights in what comes out.

    The rest is the original's: an average of both gives back some of what fine-tuning forgets.
    """

    how: Tuning = Tuning.FULL
    frozen_layers: Count = 0
    kept: Share = 1.0


@dataclass(frozen=True, slots=True)
class TeacherSizes:
    """Upper bounds: a package's functions with a docstring and without, a view's word-pieces, the decoder's words."""

    documented: Size = 5000
    undocumented: Count = 2500
    held_out: Size = 300
    tokens: Size = 96
    words: Size = 10_000
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class TeacherTraining:
    """How the problem is posed: functions of a batch with a docstring, with written questions, with a name alone.

    ``masking`` is the share of described functions whose name is hidden, ``styled`` the share of docstring sentences
    that are said as a search, ``written`` that of written questions where there are any. The decoder learns
    ``decoder_rate`` times as fast as the language model. ``neighbours`` functions of one package stand together in a
    batch: they are each other's hard negatives. A ``cached`` batch is read twice and may be larger than memory.
    """

    steps: Size = 800
    epochs: Size = 1
    described: Count = 64
    questioned: Count = 32
    named: Count = 32
    masking: Share = 0.6
    styled: Share = 0.5
    written: Share = 0.85
    temperature: Positive = 0.05
    neighbours: Size = 16
    cached: bool = False
    name_weight: Positive = 0.3
    learning_rate: Positive = 6e-5
    decoder_rate: Positive = 10.0
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class TeacherConfig:
    """``language_model`` is a folder or hub name of a Hugging Face encoder; ``begin`` a teacher's run to go on from.

    ``pooling`` is how its tokens become one vector, in training and ever after.
    ``questions`` is a file of ``fingerprint<TAB>question<TAB>...`` lines; without it, only docstrings and names are
    learnt from, and ``questioned`` is to be 0.
    """

    language_model: str
    questions: str | None = None
    begin: str | None = None
    pooling: Pooling = Pooling.MEAN
    tuning: TuningConfig = field(default_factory=TuningConfig)
    data: TeacherSizes = field(default_factory=TeacherSizes)
    training: TeacherTraining = field(default_factory=TeacherTraining)

    def __post_init__(self) -> None:
        if self.training.questioned and not self.questions:
            raise ValueError("questioned functions need a file of questions: name it, or set training.questioned = 0")
        if not self.training.described + self.training.questioned + self.training.named:
            raise ValueError("a batch of no functions: training.described, questioned and named are all 0")

    @property
    def kind(self) -> str:
        """As configuration files name it."""
        return "teacher"
