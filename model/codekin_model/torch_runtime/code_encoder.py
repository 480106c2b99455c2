"""The code side of a system, put together from its configuration: encoders, and the fusion of their vectors.

In: a :class:`CodeBatch`. Out: :class:`Fused` vectors in the space of the queries. The language model stays frozen: its
vectors come in, it is no part of the module.
"""

from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.encoders.cocoast import CoCoAST, CoCoASTConfig
from codekin_model.encoders.code2vec import Code2Vec, Code2VecConfig
from codekin_model.encoders.query import Architecture, TokenEncoder, TokenEncoderConfig, TokenPooling
from codekin_model.fusion.attention import AttentionFusion, AttentionFusionConfig
from codekin_model.fusion.concatenation import ConcatenationFusion
from codekin_model.fusion.part import Fused, Part
from codekin_model.fusion.weighted_sum import WeightedSumFusion
from codekin_model.torch_runtime.search_config import CodeConfig, CodePart, FusionKind, Sizes
from codekin_model.vocab.subtree_batch import SubtreeBatch

_Input = TypeVar("_Input")


@dataclass(frozen=True, slots=True)
class Extents:
    """What sizes depend on beside the configuration's own.

    ``text`` is the width of the language model's vectors; ``code_tokens`` and ``query_tokens`` bound rows of
    sub-tokens; the others count the vocabularies' words.
    """

    text: int = 0
    subtokens: int = 0
    paths: int = 0
    labels: int = 0
    words: int = 0
    names: int = 0
    code_tokens: int = 0
    query_tokens: int = 0


@dataclass(frozen=True, slots=True)
class CodeBatch:
    """What the encoders of a system read of the same functions; what it does not read is None.

    ``text`` (B, text) are the frozen language model's vectors, ``contexts`` the four tensors of ``ContextBatch``,
    ``trees`` split syntax trees, ``tokens`` (B, L) sub-token ids.
    """

    text: Tensor | None = None
    contexts: tuple[Tensor, Tensor, Tensor, Tensor] | None = None
    trees: SubtreeBatch | None = None
    tokens: Tensor | None = None


class CodeEncoder(nn.Module):
    """One part projected to ``space``, or several fused."""

    def __init__(self, config: CodeConfig, extents: Extents, space: int) -> None:
        super().__init__()
        self.config = config
        sizes, is_text = config.sizes, config.text is CodePart.LANGUAGE_MODEL
        self.code2vec = _code2vec(config, extents) if CodePart.CODE2VEC in config.code else None
        self.cocoast = _cocoast(config, extents) if CodePart.COCOAST in config.code else None
        self.tokens = _tokens(config, extents) if CodePart.TOKENS in config.code else None
        self.fusion = _fusion(config, space)
        width = extents.text if is_text else sizes.width
        # The language model's own vector is what a fusion starts from, so nothing stands between the two.
        self.project = None if is_text and self.fusion is not None else starting_as_it_is(width, space)
        self.joint = width if self.fusion is None else self.fusion.joint

    def forward(self, batch: CodeBatch) -> Fused:
        """Vectors (B, space), and what heads read (B, joint)."""
        first = self._read(self.config.text, batch)
        text = first.vector if self.project is None else functional.normalize(self.project(first.vector), dim=-1)
        if self.fusion is None:
            return Fused(text, text, first.vector, first.attention)
        return self.fusion.fuse(text, [self._read(part, batch) for part in self.config.structures])

    def _read(self, part: CodePart, batch: CodeBatch) -> Part:
        """What one of the encoders says of the functions."""
        if self.code2vec is not None and part is CodePart.CODE2VEC:
            contexts = _given(batch.contexts)
            code = self.code2vec(*contexts)
            return Part(code.contexts, contexts[2] > 0, code.attention, code.vector)
        if self.cocoast is not None and part is CodePart.COCOAST:
            tree = self.cocoast(_given(batch.trees))
            return Part(tree.contexts, tree.mask, tree.attention, tree.vector)
        if self.tokens is not None and part is CodePart.TOKENS:
            ids = _given(batch.tokens)
            tokens = self.tokens(ids)
            return Part(tokens.states, ids > 0, tokens.attention, tokens.vector)
        text = _given(batch.text)
        only = torch.ones(len(text), 1, device=text.device)
        return Part(text.unsqueeze(1), only > 0, only, text)


def starting_as_it_is(width: int, space: int) -> nn.Linear:
    """A linear layer that starts as the identity where the widths are the same."""
    layer = nn.Linear(width, space)
    if width == space:
        nn.init.eye_(layer.weight)
        nn.init.zeros_(layer.bias)
    return layer


def _given(value: _Input | None) -> _Input:
    if value is None:
        raise ValueError("the batch lacks what one of the encoders reads")
    return value


def _code2vec(config: CodeConfig, extents: Extents) -> Code2Vec:
    sizes = config.sizes
    return Code2Vec(Code2VecConfig(extents.subtokens, extents.paths, sizes.embedding, sizes.width, sizes.dropout))


def _cocoast(config: CodeConfig, extents: Extents) -> CoCoAST:
    sizes = config.sizes
    return CoCoAST(CoCoASTConfig(extents.labels, sizes.embedding, sizes.width, sizes.dropout))


def _tokens(config: CodeConfig, extents: Extents) -> TokenEncoder:
    return token_encoder(extents, config.sizes, config.tokens, config.pooling, extents.code_tokens)


def token_encoder(
    extents: Extents, sizes: Sizes, architecture: Architecture, pooling: TokenPooling, longest: int
) -> TokenEncoder:
    """An encoder of at most ``longest`` sub-tokens."""
    config = TokenEncoderConfig(
        words=extents.words,
        architecture=architecture,
        pooling=pooling,
        embedding=sizes.embedding,
        width=sizes.width,
        longest=longest,
        layers=sizes.layers,
        heads=sizes.heads,
        dropout=sizes.dropout,
    )
    return TokenEncoder(config)


def _fusion(config: CodeConfig, space: int) -> ConcatenationFusion | WeightedSumFusion | AttentionFusion | None:
    """All three promise what :class:`codekin_model.fusion.part.Fusion` says."""
    sizes, widths = config.sizes, [config.sizes.width] * len(config.structures)
    if config.fusion is FusionKind.CONCATENATION:
        return ConcatenationFusion(space, widths, strength=sizes.strength, dropout=sizes.dropout)
    if config.fusion is FusionKind.WEIGHTED_SUM:
        return WeightedSumFusion(space, widths, strength=sizes.strength, dropout=sizes.dropout)
    if config.fusion is FusionKind.ATTENTION:
        attention = AttentionFusionConfig(
            space, sizes.width, sizes.heads, sizes.hidden, strength=sizes.strength, parts=len(widths)
        )
        return AttentionFusion(attention)
    return None
