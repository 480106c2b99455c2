"""Joint-embedding search and naming as torch modules, put together from configurations (Ngo & Rivalan 2025, eq. 1, 2).

In: batches of what encoders read of functions and of questions. Out: vectors of length 1 in one space, and scores of
whole names. Must not know where batches come from.
"""

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional

from codekin_model.encoders.query import Architecture, TokenPooling
from codekin_model.fusion.part import Fused
from codekin_model.heads.naming import NamingHead
from codekin_model.torch_runtime.code_encoder import CodeEncoder, Extents, token_encoder
from codekin_model.torch_runtime.search_config import CodeConfig, CodePart, QueryKind


@dataclass(frozen=True, slots=True)
class QueryBatch:
    """Questions: the frozen language model's vectors (B, text), or sub-token ids (B, L); the other is None."""

    text: Tensor | None = None
    tokens: Tensor | None = None


class QueryEncoder(nn.Module):
    """The frozen language model's vectors as they are, or a token encoder projected to ``space``."""

    def __init__(
        self, config: CodeConfig, query: QueryKind, pooling: TokenPooling, extents: Extents, space: int
    ) -> None:
        super().__init__()
        self.encoder = self.project = None
        if query is not QueryKind.LANGUAGE_MODEL:
            architecture = Architecture(query.value)
            self.encoder = token_encoder(extents, config.sizes, architecture, pooling, extents.query_tokens)
            self.project = nn.Linear(config.sizes.width, space)

    def forward(self, batch: QueryBatch) -> Tensor:
        """(B, space), rows of length 1."""
        if self.encoder is not None and self.project is not None and batch.tokens is not None:
            return functional.normalize(self.project(self.encoder(batch.tokens).vector), dim=-1)
        if self.encoder is None and batch.text is not None:
            return functional.normalize(batch.text, dim=-1)
        raise ValueError("the batch lacks what the query encoder reads")


class SearchModel(nn.Module):
    """A code side, a query side, and where names are learnt beside search, a closed-vocabulary head."""

    def __init__(
        self, config: CodeConfig, query: QueryKind, pooling: TokenPooling, extents: Extents, *, naming: bool = False
    ) -> None:
        super().__init__()
        space = space_of(config, query, extents)
        self.code = CodeEncoder(config, extents, space)
        self.query = QueryEncoder(config, query, pooling, extents, space)
        self.naming = _naming_head(self.code, extents, space) if naming else None
        if self.code.tokens is not None and self.query.encoder is not None:
            # A word starts as the same vector on both sides: what is written alike is near from the first step.
            self.query.encoder.words.load_state_dict(self.code.tokens.words.state_dict())

    def name_scores(self, fused: Fused) -> Tensor:
        """Logits (B, names)."""
        if self.naming is None:
            raise ValueError("this system has no naming head")
        return self.naming(fused.meaning, fused.joint)


class NamesModel(nn.Module):
    """A code side and a closed-vocabulary head: code2vec's own, or over the language model's vectors of names."""

    def __init__(self, config: CodeConfig, extents: Extents) -> None:
        super().__init__()
        space = space_of(config, None, extents)
        self.code = CodeEncoder(config, extents, space)
        has_text = CodePart.LANGUAGE_MODEL in config.code
        self.naming = _naming_head(self.code, extents, space) if has_text else None
        self.labels = None if has_text else nn.Linear(self.code.joint, extents.names)

    def name_scores(self, fused: Fused) -> Tensor:
        """Logits (B, names): ``v . name`` of eq. 1, or those of the naming head."""
        if self.labels is not None:
            return self.labels(fused.joint)
        if self.naming is None:
            raise ValueError("this system has no naming head")
        return self.naming(fused.meaning, fused.joint)


def space_of(config: CodeConfig, query: QueryKind | None, extents: Extents) -> int:
    """The width of vectors: the language model's where it takes part on either side, else that of the encoders."""
    is_text = CodePart.LANGUAGE_MODEL in config.code or query is QueryKind.LANGUAGE_MODEL
    return extents.text if is_text else config.sizes.width


def _naming_head(code: CodeEncoder, extents: Extents, space: int) -> NamingHead:
    return NamingHead(space, code.joint, extents.names, code.config.sizes.hidden // 2)
