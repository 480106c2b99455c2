"""Configurations of kind ``search`` (joint embedding, Ngo & Rivalan 2025, eq. 2) and ``names`` (eq. 1).

Plain data. Must not know of files or modules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from codekin_model.encoders.query import Architecture, TokenPooling
from codekin_model.torch_runtime.bounds import Count, Positive, Share, Size, Weight
from codekin_model.torch_runtime.search_config import (
    CodeConfig,
    CodePart,
    FusionKind,
    LanguageModelConfig,
    QueryKind,
    Sizes,
    check_parts,
)


@dataclass(frozen=True, slots=True)
class DataConfig:
    """Upper bounds: of training functions (validation takes a share), of vocabularies, of what is read of a function.

    ``documented`` functions are searched for; ``undocumented`` ones only named. ``subtokens``, ``paths`` and ``labels``
    are of terminals, paths and tree nodes; ``words`` of token encoders; ``names`` of the closed naming head.
    """

    documented: Size = 12_000
    undocumented: Count = 0
    subtokens: Size = 16_000
    paths: Size = 20_000
    labels: Size = 16_000
    words: Size = 20_000
    names: Size = 12_000
    code_tokens: Size = 200
    query_tokens: Size = 32


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How it is trained.

    ``contexts`` are those drawn of a function for a batch; ``masking`` is the share of pairs whose function's name is
    hidden; ``word_dropout`` the share of a batch's distinct terminals that read as nothing, so that no single name is
    leant on; ``naming`` the weight of the naming head's loss beside that of search, 0 for no head.
    """

    epochs: Size = 4
    batch: Size = 512
    contexts: Size = 64
    learning_rate: Positive = 7e-4
    temperature: Positive = 0.05
    masking: Share = 0.5
    word_dropout: Share = 0.3
    naming: Weight = 0.0
    patience: Size = 3
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class SearchConfig:
    """A joint-embedding system: what reads code, what reads questions, and how they are brought together."""

    code: tuple[CodePart, ...]
    fusion: FusionKind = FusionKind.NONE
    query: QueryKind = QueryKind.LANGUAGE_MODEL
    pooling: TokenPooling = TokenPooling.MEAN
    tokens: Architecture = Architecture.NBOW
    sizes: Sizes = field(default_factory=Sizes)
    language_model: LanguageModelConfig = field(default_factory=LanguageModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        check_parts(self.code, self.fusion)
        if self.training.naming and CodePart.LANGUAGE_MODEL not in self.code:
            raise ValueError("training.naming needs language-model in code: the head reads names by its vectors")

    @property
    def kind(self) -> str:
        """The kind of run."""
        return "search"

    @property
    def is_fusion(self) -> bool:
        """Whether it is the one system that can be exported: as the fusion of a model folder."""
        parts = {CodePart.LANGUAGE_MODEL, CodePart.CODE2VEC}
        is_attention, asks_text = self.fusion is FusionKind.ATTENTION, self.query is QueryKind.LANGUAGE_MODEL
        return set(self.code) == parts and is_attention and asks_text

    @property
    def encoder(self) -> CodeConfig:
        """The code side."""
        return CodeConfig(self.code, self.fusion, self.tokens, self.pooling, self.sizes)


@dataclass(frozen=True, slots=True)
class NamesConfig:
    """code2vec's label head over any code side: the closed vocabulary of whole names (eq. 1)."""

    code: tuple[CodePart, ...] = (CodePart.CODE2VEC,)
    fusion: FusionKind = FusionKind.NONE
    pooling: TokenPooling = TokenPooling.MEAN
    tokens: Architecture = Architecture.NBOW
    sizes: Sizes = field(default_factory=Sizes)
    language_model: LanguageModelConfig = field(default_factory=LanguageModelConfig)
    data: DataConfig = field(default_factory=lambda: DataConfig(undocumented=24_000))
    training: TrainingConfig = field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        check_parts(self.code, self.fusion)

    @property
    def kind(self) -> str:
        """The kind of run."""
        return "names"

    @property
    def encoder(self) -> CodeConfig:
        """The code side."""
        return CodeConfig(self.code, self.fusion, self.tokens, self.pooling, self.sizes)


def reads_language_model(code: Sequence[CodePart], query: QueryKind | None = None) -> bool:
    """Whether a system needs the frozen language model's vectors."""
    return CodePart.LANGUAGE_MODEL in code or query is QueryKind.LANGUAGE_MODEL
