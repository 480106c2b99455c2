"""The model as the rest of the server sees it: requests that are answered later.

In: extracted units and words. Out: futures of plain data. Tests put a fake in its place.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from codekin_model.embedder import Explanation, NameSuggestion, Surroundings, Vectors
from codekin_model.extracted import ExtractedUnit
from codekin_model.source.unit import CodeUnit
from codekin_server.worker.manners import WorkerManners
from codekin_server.worker.state import WorkerState


class ModelWorker(Protocol):
    """Thread-safe. A future fails with :class:`codekin_server.worker.errors.WorkerError`, and never stays undone."""

    @property
    def state(self) -> WorkerState:
        """How the process that holds the model is doing."""
        ...

    def embed_units(self, units: Sequence[ExtractedUnit], *, urgent: bool, soon: bool = False) -> Future[Vectors]:
        """A vector for each unit, in their order; ``urgent`` requests overtake ``soon`` ones, and those the others."""
        ...

    def sketch_units(self, units: Sequence[CodeUnit]) -> Future[Vectors]:
        """The student's vector of each unit, where the model has a student; never urgent."""
        ...

    def embed_queries(self, queries: Sequence[str]) -> Future[Vectors]:
        """A vector for each text; always urgent."""
        ...

    def suggest_names(
        self, unit: ExtractedUnit, around: Surroundings, limit: int
    ) -> Future[tuple[NameSuggestion, ...]]:
        """At most ``limit`` names for a masked unit; always urgent."""
        ...

    def nearness(self, unit: ExtractedUnit, name: str) -> Future[float]:
        """How near ``name`` is to a masked unit: the share of authors' names that are farther; always urgent."""
        ...

    def explain(self, unit: ExtractedUnit, name: str | None = None) -> Future[Explanation]:
        """What carried the vector of ``unit``, or what makes ``name`` likely for a masked one; always urgent."""
        ...

    def behave(self, manners: WorkerManners) -> None:
        """Take so much of the machine from now on."""
        ...

    def close(self) -> None:
        """End the process; what is not answered yet fails."""
        ...
