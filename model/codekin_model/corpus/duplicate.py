"""Twins in a corpus: exact ones by syntax tree, near ones by MinHash.

In: functions in a fixed order. Out: those that are nobody's twin. Functions are compared without docstring, comments,
layout and their own name. What a function is compared by (:func:`signs_of`) depends on it alone, so that it can be
computed for many at a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray
from tree_sitter import Node

from codekin_model.source.tree import node_text
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree

_PERMUTATIONS = 64
"""Hashes of a signature: the standard error of a similarity of .85 is .045."""
_SCHEME = "affine32"
_SHINGLE = 4
_SHORTEST = 4 * _SHINGLE
"""Tokens below which functions are compared exactly only: short ones share most of their shingles by chance."""
_NEAR = 0.85
"""Jaccard similarity of token 4-grams above which two functions are near-duplicates."""


@dataclass(frozen=True)
class Signs:
    """``digest`` is equal for equal syntax trees; ``signature`` (PERMUTATIONS,) is a MinHash, None for short ones."""

    digest: str
    signature: NDArray[np.uint64] | None


def leaf_tokens(unit: CodeUnit) -> list[str]:
    """The unit's tokens, punctuation included; docstring and comments are left out, its own name reads ``_``."""
    tree = unit_tree(unit)
    hole = tree.docstring.id if tree.docstring is not None else None
    tokens: list[str] = []
    stack: list[Node] = [tree.node]
    while stack:
        node = stack.pop()
        if node.id == hole or node.type == "comment":
            continue
        if node.child_count and node.type != "string":
            stack.extend(reversed(node.children))
            continue
        text = node_text(node)
        tokens.append("_" if text == unit.name else text)
    return tokens


def syntax_digest(unit: CodeUnit) -> str:
    """Equal for functions whose syntax trees are equal, names of the functions themselves aside."""
    return _digest(leaf_tokens(unit))


def _digest(tokens: list[str]) -> str:
    return blake2b("\0".join(tokens).encode("utf-8", "replace"), digest_size=16).hexdigest()


def signs_of(unit: CodeUnit) -> Signs:
    """What ``unit`` is compared with others by."""
    tokens = leaf_tokens(unit)
    if len(tokens) < _SHORTEST:
        return Signs(_digest(tokens), None)
    signature: Any = MinHash(num_perm=_PERMUTATIONS, seed=1, scheme=_SCHEME)  # has partial types
    signature.update_batch(
        {" ".join(tokens[at : at + _SHINGLE]).encode("utf-8", "replace") for at in range(len(tokens) - _SHINGLE + 1)}
    )
    return Signs(_digest(tokens), signature.hashvalues)


class Twins:
    """Remembers what was seen and says whether a function is a twin of it."""

    def __init__(self, excluded: Iterable[str] = ()) -> None:
        """``excluded`` are syntax digests of evaluation data that count as seen from the start."""
        self._digests = set(excluded)
        self._near: Any = MinHashLSH(threshold=_NEAR, num_perm=_PERMUTATIONS)  # has partial types
        self._count = 0

    def is_twin(self, signs: Signs) -> str | None:
        """``exact`` or ``near`` where a twin was seen, else None, and the function is remembered."""
        if signs.digest in self._digests:
            return "exact"
        self._digests.add(signs.digest)
        if signs.signature is None:
            return None
        signature = MinHash(num_perm=_PERMUTATIONS, seed=1, hashvalues=signs.signature, scheme=_SCHEME)
        if self._near.query(signature):
            return "near"
        self._near.insert(self._count, signature)
        self._count += 1
        return None
