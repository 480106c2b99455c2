"""The CoCoAST encoder (Shi et al. 2023): a recursive network over subtrees, and another over the tree of subtrees.

In: a batch of split syntax trees as ids. Out: a state for each subtree, and the vector of the whole tree. Both networks
are ``h_n = W_c x_n + sum over children W_s h_child``, without biases, computed for all nodes of one depth at a time,
over all subtrees of all units of the batch.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from codekin_model.vocab.subtree_batch import Levels, SubtreeBatch

_GAIN = 0.5
"""Where ``W_s`` starts, as a share of a rotation: at 1, the root of a big tree would begin as the sum of all nodes."""
_LARGEST = 1e4
"""Sums are held within this. Only a chain of hundreds of nodes gets there, and it must not end as infinity."""


@dataclass(frozen=True, slots=True)
class CoCoASTConfig:
    """Sizes; ``labels`` is that of the vocabulary, ``dropout`` that of the embeddings and of the states."""

    labels: int
    embedding: int = 128
    width: int = 256
    dropout: float = 0.25


class TreeCode(NamedTuple):
    """``contexts`` (B, S, width): the states of each unit's subtrees in pre-order, zero at padding.

    ``attention`` (B, S), summing to 1, is the share of the vector's elements that each state is the maximum of;
    ``vector`` is (B, width); ``mask`` (B, S) is false at padding.
    """

    contexts: Tensor
    attention: Tensor
    vector: Tensor
    mask: Tensor


class CoCoAST(nn.Module):
    """A subtree's vector is the element-wise maximum of ``ReLU(h_n)`` over its nodes.

    The vectors, hung into the structure tree, are the ``x_n`` of the second network. Its ``ReLU(h_n)`` are the states,
    and their element-wise maximum is the vector of the tree.
    """

    def __init__(self, config: CoCoASTConfig) -> None:
        super().__init__()
        self.config = config
        self.labels = nn.Embedding(config.labels, config.embedding, padding_idx=0)
        self.node = nn.Linear(config.embedding, config.width, bias=False)
        self.child = nn.Linear(config.width, config.width, bias=False)
        self.subtree = nn.Linear(config.width, config.width, bias=False)
        self.nested = nn.Linear(config.width, config.width, bias=False)
        self.dropout = nn.Dropout(config.dropout)
        nn.init.normal_(self.labels.weight, std=config.embedding**-0.5)
        with torch.no_grad():
            self.labels.weight[0].zero_()
        for below in (self.child, self.nested):
            nn.init.orthogonal_(below.weight, gain=_GAIN)

    def forward(self, batch: SubtreeBatch) -> TreeCode:
        """Encode ``batch``, which may lie anywhere: it is brought to the parameters' device."""
        device = self.labels.weight.device
        table = self.node(self.dropout(self.labels(_tensor(batch.labels, device))))  # (U, width)
        inputs = table.index_select(0, _tensor(batch.nodes[batch.inside.order], device))  # (N, width), by depth
        nodes = _climb(inputs, batch.inside, self.child).relu()
        nodes = nodes.index_select(0, _tensor(batch.inside.places, device))  # (N, width), in pre-order
        vectors = _maximum(nodes, _tensor(batch.sizes, device))  # (K, width)
        inputs = self.subtree(self.dropout(vectors)).index_select(0, _tensor(batch.structure.order, device))
        states = _climb(inputs, batch.structure, self.nested).relu()
        states = states.index_select(0, _tensor(batch.structure.places, device))  # (K, width), in pre-order
        return _code(self.dropout(states), _tensor(batch.states, device))


def _climb(inputs: Tensor, levels: Levels, child: nn.Linear) -> Tensor:
    """The states (N, width) of nodes with ``inputs`` (N, width), both by depth."""
    sizes, inner = levels.sizes.tolist(), levels.inner.tolist()
    own = inputs.float().split(sizes)  # sums are no matter of half precision
    above = _tensor(levels.above, inputs.device).split(sizes)
    states = [own[-1]]
    for depth in range(len(sizes) - 2, -1, -1):
        parents = inner[depth]
        sums = states[-1].new_zeros(parents, inputs.shape[1]).index_add(0, above[depth + 1], states[-1])
        with_children = (own[depth][:parents] + child(sums)).clamp(-_LARGEST, _LARGEST)
        states.append(torch.cat([with_children, own[depth][parents:]]))
    return torch.cat(states[::-1])


def _maximum(nodes: Tensor, sizes: Tensor) -> Tensor:
    """The element-wise maximum (K, width) over each subtree's ``nodes``, which are none below 0.

    Not ``segment_reduce``: torch 2.13 counts a negative gradient once for each of several equal maxima.
    """
    owners = torch.repeat_interleave(sizes).unsqueeze(1).expand_as(nodes)
    return nodes.new_zeros(len(sizes), nodes.shape[1]).scatter_reduce(0, owners, nodes, "amax", include_self=False)


def _code(states: Tensor, rows: Tensor) -> TreeCode:
    """``states`` (K, width), none below 0, gathered by ``rows`` (B, S)."""
    mask = rows >= 0
    contexts = states[rows.clamp(min=0)] * mask.unsqueeze(-1)  # (B, S, width)
    vector, winners = contexts.masked_fill(~mask.unsqueeze(-1), -1.0).max(dim=1)  # padding never wins
    attention = torch.zeros_like(mask, dtype=contexts.dtype)
    attention = attention.scatter_add(1, winners, torch.full_like(vector, 1 / vector.shape[1]).detach())
    return TreeCode(contexts, attention, vector, mask)


def _tensor(ids: NDArray[np.int64], device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(ids)).to(device)
