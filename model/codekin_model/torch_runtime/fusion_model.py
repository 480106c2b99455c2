"""The fused model as one torch module: what is trained, and what is exported.

In: the language model's vectors (it stays frozen) and encoded path contexts. Out: fused vectors and the weights of the
contexts.
"""

from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor, nn

from codekin_model.encoders.code2vec import Code2Vec, Code2VecConfig
from codekin_model.fusion.attention import AttentionFusion, AttentionFusionConfig


@dataclass(frozen=True, slots=True)
class FusionModelConfig:
    """Every size of the model."""

    subtokens: int
    paths: int
    text: int = 384
    embedding: int = 128
    structure: int = 256
    heads: int = 4
    hidden: int = 512
    strength: float = 0.5


class FusedCode(NamedTuple):
    """``vector`` and ``meaning`` (B, text), ``joint`` (B, text + 2 * structure), ``weights`` (B, C) summing to 1."""

    vector: Tensor
    meaning: Tensor
    joint: Tensor
    weights: Tensor


class FusionModel(nn.Module):
    """code2vec beside a frozen language model, fused by attention."""

    def __init__(self, config: FusionModelConfig) -> None:
        super().__init__()
        self.config = config
        self.code2vec = Code2Vec(Code2VecConfig(config.subtokens, config.paths, config.embedding, config.structure))
        fusion = AttentionFusionConfig(
            config.text, config.structure, config.heads, config.hidden, strength=config.strength
        )
        self.fusion = AttentionFusion(fusion)

    def forward(self, text: Tensor, terminals: Tensor, start: Tensor, path: Tensor, end: Tensor) -> FusedCode:
        """``text`` (B, text) with the contexts of the same units, shaped as in ``ContextBatch``."""
        return FusedCode(*self.fusion(text, self.code2vec(terminals, start, path, end), path))
