"""Configurations of kind ``summary``: CoCoAST's encoder and its summary decoder (Shi et al. 2023).

Plain data. Must not know of files or modules.
"""

from dataclasses import dataclass, field

from codekin_model.torch_runtime.bounds import Count, Positive, Share, Size


@dataclass(frozen=True, slots=True)
class SummarySizes:
    """Widths of layers; ``hidden`` is that of the decoder's feed-forward layers."""

    embedding: Size = 128
    width: Size = 256
    layers: Size = 2
    heads: Size = 4
    hidden: Size = 1024
    dropout: Share = 0.2

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise ValueError(f"width = {self.width} must be a multiple of heads = {self.heads}")


@dataclass(frozen=True, slots=True)
class SummaryLimits:
    """Upper bounds: of documented functions, of vocabularies, of what is read of a function and of its sentence.

    ``functions`` are trained on, ``validation`` measured on. ``labels`` are of tree nodes, ``tokens`` of source tokens,
    ``words`` of sentences; ``source_length`` counts tokens, ``length`` the words of a sentence with its end.
    """

    functions: Size = 100_000
    validation: Size = 2_000
    labels: Size = 16_000
    tokens: Size = 16_000
    words: Size = 10_000
    source_length: Size = 160
    length: Size = 32


@dataclass(frozen=True, slots=True)
class SummaryTraining:
    """How it is trained."""

    epochs: Size = 12
    batch: Size = 64
    learning_rate: Positive = 5e-4
    patience: Size = 3
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class SummaryConfig:
    """A summarising system; without ``tree`` its decoder reads source tokens alone."""

    tree: bool = True
    sizes: SummarySizes = field(default_factory=SummarySizes)
    data: SummaryLimits = field(default_factory=SummaryLimits)
    training: SummaryTraining = field(default_factory=SummaryTraining)

    @property
    def kind(self) -> str:
        """The kind of run."""
        return "summary"
