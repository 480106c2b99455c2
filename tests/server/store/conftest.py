"""Files to put into stores."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import find_units
from codekin_server.store.records import FileRecord, ReplaceCounts
from codekin_server.store.store import Store


def put(store: Store, path: str, source: str, *, overlay: bool = False) -> ReplaceCounts:
    record = FileRecord(path, len(source), 1, f"digest of {source}", "utf-8")
    return store.replace_file(record, find_units(parse(text_of(source))), overlay=overlay)


def low_rank_vectors(count: int, *, width: int = 64, seed: int = 0) -> np.ndarray:
    """Vectors as a model's are: near a plane of few dimensions (uniform ones have no neighbours to find)."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, 12)) @ random.normal(size=(12, width)) + 0.3 * random.normal(size=(count, width))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def place() -> Callable[..., ReplaceCounts]:
    """Puts source text into a store: ``place(store, path, source, overlay=False)``."""
    return put


@pytest.fixture
def units_in() -> Callable[[str], tuple[CodeUnit, ...]]:
    """The units of a source text."""
    return lambda source: find_units(parse(text_of(source)))


@pytest.fixture
def vectors_like_a_models() -> Callable[..., np.ndarray]:
    return low_rank_vectors


@pytest.fixture
def index_path(tmp_path: Path) -> Path:
    return tmp_path / "index" / "index.sqlite"


@pytest.fixture
def store(index_path: Path):
    with Store.open(index_path, "model") as opened:
        yield opened
