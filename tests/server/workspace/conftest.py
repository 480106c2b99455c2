"""A workspace in a temporary folder, its store, and a model that counts what it is asked."""

import threading
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from codekin_server.store.store import Store
from codekin_server.workspace.indexer import Indexer

GREETING = '''"""Greetings."""


def greet(name):
    """Say hello."""
    return "hello " + name


class Host:
    def welcome(self, guest):
        return greet(guest)
'''


class CountingModel:
    """Answers at once with vectors that depend on the fingerprint only. ``before`` runs ahead of each batch."""

    def __init__(self):
        self.embedded = []
        self.batches = []
        self.before = lambda: None
        self.failure = None
        self._guard = threading.Lock()

    def embed_units(self, units, *, urgent, soon=False):
        assert not urgent
        self.before()
        with self._guard:
            self.embedded += [unit.fingerprint for unit in units]
            self.batches.append(len(units))
        future = Future()
        if self.failure is not None:
            future.set_exception(self.failure)
        else:
            future.set_result(np.stack([vector_for(unit.fingerprint) for unit in units]))
        return future


def vector_for(fingerprint: str):
    row = np.frombuffer(bytes.fromhex(fingerprint), np.uint8).astype(np.float32) + 1
    return row / np.linalg.norm(row)


@pytest.fixture
def root(tmp_path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def write(root):
    def write(path: str, content: str | bytes = GREETING) -> Path:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return write


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "index" / "index.sqlite", "model-a") as opened:
        yield opened


@pytest.fixture
def model():
    return CountingModel()


@pytest.fixture
def indexer(root, store, model):
    return Indexer(root, store, model)


@pytest.fixture
def names(store):
    """The visible units of a file, as users name them, sorted; the head has no name."""
    return lambda path: sorted(unit.qualified_name for unit in store.units_of_file(path))
