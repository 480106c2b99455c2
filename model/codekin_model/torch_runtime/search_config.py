"""What a joint-embedding system is made of: which encoders read code, how they are fused, what reads questions.

Plain data that configurations name and modules are built from. Must not know of training or data.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from codekin_model.encoders.language_model import Pooling
from codekin_model.encoders.query import Architecture, TokenPooling
from codekin_model.torch_runtime.bounds import Share, Size


class CodePart(StrEnum):
    """What reads a function: a frozen language model, path contexts, syntax subtrees, or its sub-tokens."""

    LANGUAGE_MODEL = "language-model"
    CODE2VEC = "code2vec"
    COCOAST = "cocoast"
    TOKENS = "tokens"


class FusionKind(StrEnum):
    """How several parts become one vector (Ngo & Rivalan 2025, eq. 3, 4, 5)."""

    NONE = "none"
    CONCATENATION = "concatenation"
    WEIGHTED_SUM = "weighted-sum"
    ATTENTION = "attention"


class QueryKind(StrEnum):
    """What reads a question: the frozen language model, or an encoder that is trained."""

    LANGUAGE_MODEL = "language-model"
    NBOW = "nbow"
    RNN = "rnn"
    CNN = "cnn"
    SELF_ATTENTION = "self-attention"


TEXTUAL = (CodePart.LANGUAGE_MODEL, CodePart.TOKENS, CodePart.CODE2VEC, CodePart.COCOAST)
"""The first of these that a system has is the text of its fusion; the others are its structural parts."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Widths of layers.

    ``width`` is that of each structural encoder and of token encoders, ``hidden`` that of the fusion's and the naming
    head's feed-forward layers, ``strength`` how far a fused vector goes from the text's (0) to the fusion's (1).
    """

    embedding: Size = 128
    width: Size = 256
    heads: Size = 4
    hidden: Size = 512
    layers: Size = 2
    dropout: Share = 0.25
    strength: Share = 1.0

    def __post_init__(self) -> None:
        if self.width % (2 * self.heads):
            raise ValueError(f"width = {self.width} must be a multiple of twice the heads, {2 * self.heads}")


@dataclass(frozen=True, slots=True)
class LanguageModelConfig:
    """The frozen language model.

    ``source`` is ``codekin`` for the one that is shipped, a model folder of codekin's or of Hugging Face's, or a hub
    name; ``revision`` is the commit of a hub name, ``pooling`` how a Hugging Face model's tokens become one vector.
    """

    source: str = "codekin"
    revision: str | None = None
    pooling: Pooling = Pooling.MEAN
    max_tokens: Size = 128
    query_prefix: str = ""


@dataclass(frozen=True, slots=True)
class CodeConfig:
    """The code side. ``tokens`` and ``pooling`` say how its source tokens are read, where they are."""

    code: tuple[CodePart, ...]
    fusion: FusionKind = FusionKind.NONE
    tokens: Architecture = Architecture.NBOW
    pooling: TokenPooling = TokenPooling.MEAN
    sizes: Sizes = field(default_factory=Sizes)

    @property
    def text(self) -> CodePart:
        """The part whose vector is fused with those of the others."""
        return next(part for part in TEXTUAL if part in self.code)

    @property
    def structures(self) -> tuple[CodePart, ...]:
        """The other parts, always in the same order."""
        return tuple(part for part in TEXTUAL if part in self.code and part is not self.text)


def check_parts(code: Sequence[CodePart], fusion: FusionKind) -> None:
    """Refuse parts that no fusion joins, and fusions without parts.

    Raises:
        ValueError: one line that names the key.

    """
    if not code or len(set(code)) < len(code):
        raise ValueError(f"code must name one part or several different ones: {', '.join(CodePart)}")
    if fusion is FusionKind.NONE and len(code) > 1:
        several = ", ".join(each for each in FusionKind if each is not FusionKind.NONE)
        raise ValueError(f"code names {len(code)} parts, which need a fusion: {several}")
    if fusion is not FusionKind.NONE and len(code) == 1:
        others = ", ".join(each for each in CodePart if each not in code)
        raise ValueError(f"fusion = {fusion.value!r} needs two parts in code or more: add one of {others}, or use none")
