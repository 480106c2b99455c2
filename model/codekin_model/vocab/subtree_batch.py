"""Split syntax trees as arrays: what CoCoAST computes on.

In: the structure trees of several units, and a number for each label. Out: :class:`SubtreeBatch`, in which all nodes of
all subtrees of all units are sorted by depth, so that an encoder climbs all trees at once. Must not know of torch.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.extraction.subtrees import StructureTree

Ids = NDArray[np.int64]
Flat = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Levels:
    """The N nodes of some trees, sorted by depth; within a level those with children stand first.

    ``order`` (N,) are the nodes' numbers in that order and ``places`` (N,) its inverse. ``above`` (N,) is, in that
    order, the place of the parent within the level above; 0 for roots. ``sizes`` and ``inner`` (D,) count the nodes of
    each level and those with children.
    """

    order: Ids
    places: Ids
    above: Ids
    sizes: Ids
    inner: Ids


@dataclass(frozen=True, slots=True)
class SubtreeBatch:
    """B units of K subtrees with N nodes in all, everything in pre-order but what :class:`Levels` sorts.

    ``labels`` (U,) are the distinct label ids and ``nodes`` (N,) the row in it of each node; ``sizes`` (K,) are the
    nodes of each subtree. ``inside`` sorts the nodes of subtrees, ``structure`` the subtrees of structure trees.
    ``states`` (B, S) are the subtrees of each unit in pre-order, -1 at padding.
    """

    labels: Ids
    nodes: Ids
    sizes: Ids
    inside: Levels
    structure: Levels
    states: Ids


@dataclass(frozen=True, slots=True)
class FlatTrees:
    """Many units' structure trees one behind the other, 8 bytes a node.

    ``labels`` and ``parents`` (N,) belong to nodes, parents counted from the first node of their subtree; ``sizes`` and
    ``structure`` (K,) to subtrees, their parents counted from the first subtree of their unit; ``units`` (B + 1,) and
    ``starts`` (B + 1,) are the first subtree and the first node of each unit.
    """

    labels: Flat
    parents: Flat
    sizes: Flat
    structure: Flat
    units: Ids
    starts: Ids

    def __len__(self) -> int:
        return len(self.units) - 1

    def labels_of(self, rows: Ids) -> Flat:
        """The labels of all nodes of the units ``rows``."""
        return _ranges(self.labels, self.starts, rows)

    def relabelled(self, ids: Ids) -> "FlatTrees":
        """The same trees, label ``n`` read as ``ids[n]``."""
        labels = ids[self.labels].astype(np.int32)
        return FlatTrees(labels, self.parents, self.sizes, self.structure, self.units, self.starts)

    def batch(self, rows: Ids) -> SubtreeBatch:
        """The units ``rows``, at least one."""
        sizes = _ranges(self.sizes, self.units, rows).astype(np.int64)
        counts = self.units[rows + 1] - self.units[rows]
        parents = _from_the_first(_ranges(self.parents, self.starts, rows), sizes)
        structure = _from_the_first(_ranges(self.structure, self.units, rows), counts)
        labels, nodes = np.unique(self.labels_of(rows), return_inverse=True)
        return SubtreeBatch(
            labels.astype(np.int64), nodes.astype(np.int64), sizes, levels(parents), levels(structure), _states(counts)
        )


def flatten(trees: Iterable[StructureTree], number: Callable[[str], int]) -> FlatTrees:
    """``trees`` with their labels numbered; they are read once."""
    labels, parents, sizes, structure = (list[NDArray[np.int32]]() for _ in range(4))
    units, starts = [0], [0]
    for tree in trees:
        pieces = tree.subtrees
        labels.append(np.array([number(label) for piece in pieces for label in piece.labels], np.int32))
        parents.append(np.array([parent for piece in pieces for parent in piece.parents], np.int32))
        sizes.append(np.array([len(piece.labels) for piece in pieces], np.int32))
        structure.append(np.array(tree.parents, np.int32))
        units.append(units[-1] + len(pieces))
        starts.append(starts[-1] + len(labels[-1]))
    flat = [np.concatenate([np.zeros(0, np.int32), *parts]) for parts in (labels, parents, sizes, structure)]
    return FlatTrees(flat[0], flat[1], flat[2], flat[3], np.array(units, np.int64), np.array(starts, np.int64))


def levels(parents: Ids) -> Levels:
    """Sort the nodes of a forest; ``parents`` (N,) are node numbers, -1 above roots."""
    depths = _depths(parents)
    has_children = np.zeros(len(parents), np.bool_)
    has_children[parents[parents >= 0]] = True
    order = np.lexsort((~has_children, depths))
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    sizes = np.bincount(depths)
    inner = np.bincount(depths[has_children], minlength=len(sizes))
    first = np.cumsum(sizes) - sizes
    above = parents[order]
    above = np.where(above < 0, 0, places[above] - first[depths[above]])
    return Levels(order, places, above, sizes, inner)


def _depths(parents: Ids) -> Ids:
    """Edges above each node, by doubling the step: a chain of a thousand nodes takes ten rounds."""
    depths, up = (parents >= 0).astype(np.int64), parents
    while (climbing := up >= 0).any():
        depths = np.where(climbing, depths + depths[up], depths)
        up = np.where(climbing, up[up], -1)
    return depths


def _ranges(values: Flat, starts: Ids, rows: Ids) -> Flat:
    """``values`` of the units ``rows``, one behind the other."""
    return np.concatenate([values[starts[row] : starts[row + 1]] for row in rows])


def _from_the_first(parents: Flat, counts: Ids) -> Ids:
    """Parents counted from the first of their own tree, as numbers among all trees."""
    first = np.repeat(np.cumsum(counts) - counts, counts)
    return np.where(parents < 0, -1, parents + first)


def _states(counts: Ids) -> Ids:
    columns = np.arange(int(counts.max()))
    first = (np.cumsum(counts) - counts)[:, None]
    return np.where(columns < counts[:, None], first + columns, -1)
