"""A language model's states of every token of many texts: computed once and kept on disk, or whenever they are read.

In: rows of word-piece ids. Out: states of any rows. What is kept is in a folder that a killed run picks up where it
stopped, as int8 with one scale a token, which is also how coarsely the exported graph computes them.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from codekin_model.training.state_source import States, StateSource
from codekin_model.training.teacher_data import Ids, Ragged

_CHUNK = 4096
_BATCH = 32
_LARGEST = 127
_DIGEST_DIGITS = 16


class TokenStates(Protocol):
    """States of the tokens of rows of texts."""

    def of(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        """States (rows, longest, width) with 0 as padding, and which of them are real (rows, longest)."""
        ...


@dataclass(frozen=True)
class FreshStates:
    """Computed when they are read: what is read once need not be kept."""

    source: StateSource
    ids: Ragged

    def of(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        """States (rows, longest, width) with 0 as padding, and which of them are real (rows, longest)."""
        return _padded(self.source.states([self.ids[row] for row in rows]))


@dataclass(frozen=True)
class StateStore:
    """``values`` hold a chunk of rows each, (tokens, width) int8, ``scales`` (tokens,) what 127 stands for."""

    values: Sequence[NDArray[np.int8]]
    scales: Sequence[NDArray[np.float32]]
    ids: Ragged

    def of(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        """States (rows, longest, width) with 0 as padding, and which of them are real (rows, longest)."""
        return _padded([self._row(row) for row in rows])

    def _row(self, row: int) -> States:
        chunk, starts = row // _CHUNK, self.ids.starts
        first = int(starts[chunk * _CHUNK])
        begin, end = int(starts[row]) - first, int(starts[row + 1]) - first
        scaled: States = self.values[chunk][begin:end] * self.scales[chunk][begin:end, None]
        return scaled


def _padded(found: Sequence[States]) -> tuple[Tensor, Tensor]:
    longest = max(len(each) for each in found)
    states = np.zeros((len(found), longest, found[0].shape[1]), np.float32)
    for at, each in enumerate(found):
        states[at, : len(each)] = each
    real = np.arange(longest) < np.array([len(each) for each in found])[:, None]
    return torch.from_numpy(states), torch.from_numpy(real)


def keep_states(ids: Ragged, source: StateSource, folder: Path, title: str) -> StateStore:
    """The states of ``source``, kept below ``folder`` by its fingerprint; chunks whose ids changed are new."""
    kept = folder / source.fingerprint
    kept.mkdir(parents=True, exist_ok=True)
    values, scales = list[NDArray[np.int8]](), list[NDArray[np.float32]]()
    for at in range(0, len(ids), _CHUNK):
        rows = [ids[row] for row in range(at, min(at + _CHUNK, len(ids)))]
        digest = sha256(np.concatenate(rows).tobytes()).hexdigest()[:_DIGEST_DIGITS]
        path = kept / f"{title}-{at:07d}-{digest}.npy"
        of_scales = path.with_suffix(".scales.npy")
        if not (path.exists() and of_scales.exists()):
            made, scaling = _computed(rows, source)
            _save(of_scales, scaling)
            _save(path, made)
        values.append(np.load(path, mmap_mode="r"))
        scales.append(np.load(of_scales))
        sys.stderr.write(f"\r{title}: {min(at + _CHUNK, len(ids))} of {len(ids)}")
    sys.stderr.write("\n")
    return StateStore(values, scales, ids)


def _computed(rows: Sequence[Ids], source: StateSource) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    lengths = [len(each) for each in rows]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    values, scales = np.empty((int(starts[-1]), source.width), np.int8), np.empty(int(starts[-1]), np.float32)
    order: list[int] = np.argsort(lengths, kind="stable").tolist()
    for at in range(0, len(order), _BATCH):
        members = order[at : at + _BATCH]
        for row, own in zip(members, source.states([rows[each] for each in members]), strict=True):
            scale = np.abs(own).max(1) / _LARGEST
            span = slice(int(starts[row]), int(starts[row + 1]))
            scales[span] = scale
            values[span] = np.round(own / scale[:, None]).astype(np.int8)
    return values, scales


def _save(path: Path, array: NDArray[np.int8] | NDArray[np.float32]) -> None:
    partial = path.with_suffix(".part.npy")
    np.save(partial, array)
    partial.replace(path)
