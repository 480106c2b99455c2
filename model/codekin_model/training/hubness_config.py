"""Configurations of kind ``hubness``: what tells which units are near to every question.

Plain data. Must not know of files or modules.
"""

from dataclasses import dataclass, field

from codekin_model.torch_runtime.bounds import Count, Positive, Share, Size


@dataclass(frozen=True, slots=True)
class HubnessData:
    """``questions`` are kept in ``parts`` bytes each; ``units`` say what is usual.

    On 6,869 validation functions, vectors of codekin-0.7, weight .5: MRR .598 (language model and blend) and .538
    (student) become .605 / .554 with 8,192 questions, .606 / .554 with 12,288, .606 / .553 with 16,384 in 64 bytes;
    kept exactly, 68,000 give .609 / .559.
    """

    questions: Size = 12_288
    parts: Size = 96
    units: Size = 1_000
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class HubnessConfig:
    """``model`` is a model folder that holds a language model; ``more`` is another corpus to take questions from.

    ``nearest``, ``strength`` and ``lift`` are those of :class:`codekin_model.fusion.hubness.HubnessShape`.
    """

    model: str
    more: str | None = None
    nearest: Size = 12
    strength: Share = 0.5
    lift: Positive = 0.4
    data: HubnessData = field(default_factory=HubnessData)

    @property
    def kind(self) -> str:
        """As configuration files name it."""
        return "hubness"
