"""A model that needs no process and no weights, for tests of what is built around one."""

from collections.abc import Sequence
from concurrent.futures import Future
from hashlib import blake2b

import numpy as np
import pytest

from codekin_model.embedder import Explanation, NameSuggestion, Surroundings, Vectors
from codekin_model.extracted import ExtractedUnit
from codekin_model.extraction.tokens import split_words
from codekin_server.assist import Assist
from codekin_server.worker.manners import WorkerManners
from codekin_server.worker.state import WorkerState

WIDTH = 64


class FakeWorker:
    """Texts are near when they share words; names are those of the neighbours. Keeps what it was asked."""

    def __init__(self) -> None:
        self.embedded: list[ExtractedUnit] = []
        self.named: list[tuple[ExtractedUnit, Surroundings]] = []
        self.explained: list[tuple[ExtractedUnit, str | None]] = []
        self.measured: list[tuple[ExtractedUnit, str]] = []
        self.near = 1.0
        self.queries: list[str] = []
        self.failure: Exception | None = None
        self.closed = False

    @property
    def state(self) -> WorkerState:
        return WorkerState()

    def embed_units(
        self, units: Sequence[ExtractedUnit], *, urgent: bool = False, soon: bool = False
    ) -> Future[Vectors]:
        self.embedded += units
        return self._answer(_bags([unit.passage for unit in units]))

    def embed_queries(self, queries: Sequence[str]) -> Future[Vectors]:
        self.queries += queries
        return self._answer(_bags(queries))

    def suggest_names(
        self, unit: ExtractedUnit, around: Surroundings, limit: int
    ) -> Future[tuple[NameSuggestion, ...]]:
        self.named.append((unit, around))
        known = [NameSuggestion(each.name, max(0.0, each.similarity) / 2, "neighbours") for each in around.neighbours]
        return self._answer((*known, NameSuggestion("from_decoder", 0.01, "decoder"))[:limit])

    def nearness(self, unit: ExtractedUnit, name: str) -> Future[float]:
        self.measured.append((unit, name))
        return self._answer(self.near)

    def explain(self, unit: ExtractedUnit, name: str | None = None) -> Future[Explanation]:
        self.explained.append((unit, name))
        count = len(unit.contexts)
        return self._answer(Explanation(tuple((at + 1) / (count * (count + 1) / 2) for at in range(count)), 0.25))

    def behave(self, manners: WorkerManners) -> None:
        self.manners = manners

    def close(self) -> None:
        self.closed = True

    def _answer(self, answer):
        future = Future()
        if self.failure is not None:
            future.set_exception(self.failure)
        else:
            future.set_result(answer)
        return future


def _bags(texts: Sequence[str]) -> Vectors:
    bags = np.full((len(texts), WIDTH), 1e-3, np.float32)
    for row, text in enumerate(texts):
        for word in split_words(text):
            bags[row, int.from_bytes(blake2b(word.encode(), digest_size=2).digest()) % WIDTH] += 1
    return bags / np.linalg.norm(bags, axis=1, keepdims=True)


@pytest.fixture
def fake_worker() -> FakeWorker:
    return FakeWorker()


CODE = {
    "reading.py": '''\
"""Reading files."""


class Reader:
    """Reads."""

    def read_text(self, path):
        """Read the text of a file."""
        with open(path) as stream:
            return stream.read()

    def _read_bytes(self, path):
        with open(path, "rb") as stream:
            return stream.read()

    def __len__(self):
        return 0


def close_all(streams):
    for stream in streams:
        stream.close()
''',
    "package/numbers.py": '''\
LIMIT = 3


def add_numbers(left, right):
    """Add two numbers."""
    return left + right


def subtract_numbers(left, right):
    """Subtract two numbers."""
    return left - right
''',
    "package/broken.py": "def half(:\n    return (\n\ndef whole():\n    return 1\n",
}


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A small workspace, with the user's cache in a folder beside it."""
    monkeypatch.setenv("CODEKIN_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "project"
    for name, code in CODE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(code)
    return root


@pytest.fixture
def with_fake_worker(fake_worker, monkeypatch):
    """Every workspace opened in this test asks the fake model."""
    monkeypatch.setattr("codekin_server.assist.WorkerClient", lambda *_, **__: fake_worker)
    return fake_worker


@pytest.fixture
def assist(workspace, with_fake_worker):
    """The workspace, indexed."""
    with Assist.open(workspace) as opened:
        opened.index()
        yield opened
