"""Where token states come from: a language model as it was trained, or the exported graph that a user runs.

In: rows of word-piece ids. Out: the states of each row's tokens. Must not know what is made of them.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from codekin_model.encoders.language_model import LanguageModel
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.training.fingerprint import fingerprint_of
from codekin_model.training.teacher_data import Ids

States = NDArray[np.float32]


class StateSource(Protocol):
    """A language model that stays as it is."""

    @property
    def fingerprint(self) -> str:
        """Names what the states depend on beside the ids."""
        ...

    @property
    def width(self) -> int:
        """Length of a state."""
        ...

    def states(self, rows: Sequence[Ids]) -> list[States]:
        """For each row of word-piece ids its states (tokens, width)."""
        ...


class TorchStates:
    """A trained module, on the device that it is on; rows are padded to one batch."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def fingerprint(self) -> str:
        """Names the module's weights."""
        return fingerprint_of(self._model)

    @property
    def width(self) -> int:
        """Length of a state."""
        return self._model.width

    @torch.no_grad()
    def states(self, rows: Sequence[Ids]) -> list[States]:
        """For each row of word-piece ids its states (tokens, width)."""
        lengths = [len(row) for row in rows]
        padded = torch.zeros(len(rows), max(lengths), dtype=torch.int64)
        for at, row in enumerate(rows):
            padded[at, : len(row)] = torch.from_numpy(row.astype(np.int64))
        real = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
        device = next(self._model.parameters()).device
        states: States = self._model.states(padded.to(device), real.to(device)).float().cpu().numpy()
        return [states[at, :length] for at, length in enumerate(lengths)]


class OnnxStates:
    """An exported graph; ``threads`` rows are read at a time, each alone, as where it is used."""

    def __init__(self, model: OnnxLanguageModel, threads: int, fingerprint: str) -> None:
        """``fingerprint`` names the graph."""
        self._model, self._fingerprint = model, fingerprint
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="token-states")

    @property
    def fingerprint(self) -> str:
        """Names the graph."""
        return self._fingerprint

    @property
    def width(self) -> int:
        """Length of a state."""
        return self._model.width

    def states(self, rows: Sequence[Ids]) -> list[States]:
        """For each row of word-piece ids its states (tokens, width)."""
        return list(self._pool.map(self._of, rows))

    def _of(self, row: Ids) -> States:
        return self._model.states(row.tolist())[0]
