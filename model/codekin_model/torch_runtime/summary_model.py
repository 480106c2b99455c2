"""The summarising model of CoCoAST (Shi et al. 2023): syntax subtrees and source tokens in, a sentence out.

In: a :class:`SourceBatch`. Out: the loss of given sentences, or generated ones, as numbers of words.
"""

from dataclasses import dataclass

from torch import Tensor, nn

from codekin_model.encoders.cocoast import CoCoAST, CoCoASTConfig
from codekin_model.encoders.query import Architecture, TokenEncoder, TokenEncoderConfig
from codekin_model.heads.beam import BeamOptions, Hypothesis
from codekin_model.heads.summary import Memory, SummaryDecoder, SummaryDecoderConfig
from codekin_model.vocab.subtree_batch import SubtreeBatch


@dataclass(frozen=True, slots=True)
class SummaryModelConfig:
    """``labels``, ``tokens`` and ``words`` count the vocabularies of tree nodes, source tokens and sentences.

    ``source_length`` and ``length`` bound tokens and words. Without ``tree`` the model reads tokens alone.
    """

    labels: int
    tokens: int
    words: int
    embedding: int = 128
    width: int = 256
    layers: int = 2
    heads: int = 4
    hidden: int = 1024
    dropout: float = 0.2
    source_length: int = 160
    length: int = 32
    tree: bool = True


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """B functions: ``trees``, ids (B, T) of ``tokens``, and ``source`` (B, T), the numbers of the same words.

    Padding is 0 in both.
    """

    trees: SubtreeBatch
    tokens: Tensor
    source: Tensor


class SummaryModel(nn.Module):
    """CoCoAST and a Transformer over the tokens, both read by the decoder."""

    def __init__(self, config: SummaryModelConfig) -> None:
        super().__init__()
        self.config = config
        width, dropout = config.width, config.dropout
        trees = CoCoASTConfig(config.labels, config.embedding, width, dropout)
        self.cocoast = CoCoAST(trees) if config.tree else None
        self.tokens = TokenEncoder(
            TokenEncoderConfig(
                config.tokens,
                Architecture.SELF_ATTENTION,
                embedding=config.embedding,
                width=width,
                longest=config.source_length,
                layers=config.layers,
                heads=config.heads,
                dropout=dropout,
            )
        )
        self.decoder = SummaryDecoder(
            SummaryDecoderConfig(
                config.words,
                tokens=width,
                tree=width if config.tree else 0,
                width=width,
                layers=config.layers,
                heads=config.heads,
                hidden=config.hidden,
                length=config.length,
                dropout=dropout,
            )
        )

    def memory(self, batch: SourceBatch) -> Memory:
        """What the decoder attends to."""
        states = self.tokens(batch.tokens).states
        memory = Memory(states, batch.tokens > 0, batch.source)
        if self.cocoast is None:
            return memory
        code = self.cocoast(batch.trees)
        return memory._replace(tree=code.contexts, tree_mask=code.mask)

    def forward(self, batch: SourceBatch, target: Tensor) -> Tensor:
        """The loss of the sentences ``target`` (B, L), as :meth:`SummaryDecoder.loss` takes them."""
        return self.decoder.loss(self.memory(batch), target)

    def generate(self, batch: SourceBatch, options: BeamOptions | None = None) -> list[list[Hypothesis]]:
        """The most probable sentences of each function, best first."""
        return self.decoder.generate(self.memory(batch), options)
