"""Twins in a corpus: exact ones by syntax tree, near ones by MinHash.

In: functions in a fixed order. Out: those that are nobody's twin. Functions are compared without docstring, comments,
layout and their own name.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

from datasketch import MinHash, MinHashLSH
from tree_sitter import Node

from codekin_model.corpus.function import CorpusFunction
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree

_PERMUTATIONS = 64
"""Hashes of a signature: the standard error of a similarity of .85 is .045."""
_SHINGLE = 4
_SHORTEST = 4 * _SHINGLE
"""Tokens below which functions are compared exactly only: short ones share most of their shingles by chance."""
_NEAR = 0.85
"""Jaccard similarity of token 4-grams above which two functions are near-duplicates."""


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
        text = (node.text or b"").decode("utf-8", "replace")
        tokens.append("_" if text == unit.name else text)
    return tokens


def syntax_digest(unit: CodeUnit) -> str:
    """Equal for functions whose syntax trees are equal, names of the functions themselves aside."""
    return blake2b("\0".join(leaf_tokens(unit)).encode("utf-8", "replace"), digest_size=16).hexdigest()


class Twins:
    """Remembers what was seen and says whether a function is a twin of it."""

    def __init__(self, excluded: Iterable[str] = ()) -> None:
        """``excluded`` are syntax digests of evaluation data that count as seen from the start."""
        self._digests = set(excluded)
        self._near: Any = MinHashLSH(threshold=_NEAR, num_perm=_PERMUTATIONS)  # has partial types
        self._count = 0

    def is_twin(self, unit: CodeUnit) -> str | None:
        """``exact`` or ``near`` where a twin was seen, else None, and the unit is remembered."""
        tokens = leaf_tokens(unit)
        digest = blake2b("\0".join(tokens).encode("utf-8", "replace"), digest_size=16).hexdigest()
        if digest in self._digests:
            return "exact"
        self._digests.add(digest)
        if len(tokens) < _SHORTEST:
            return None
        signature: Any = MinHash(num_perm=_PERMUTATIONS, seed=1)
        signature.update_batch(
            {
                " ".join(tokens[at : at + _SHINGLE]).encode("utf-8", "replace")
                for at in range(len(tokens) - _SHINGLE + 1)
            }
        )
        if self._near.query(signature):
            return "near"
        self._near.insert(self._count, signature)
        self._count += 1
        return None


def distinct(functions: Iterable[CorpusFunction], twins: Twins, skipped: dict[str, int]) -> Iterator[CorpusFunction]:
    """The functions that are nobody's twin; twins are counted in ``skipped``."""
    for function in functions:
        twin = twins.is_twin(function.unit)
        if twin is None:
            yield function
        else:
            key = f"{twin} duplicates"
            skipped[key] = skipped.get(key, 0) + 1
