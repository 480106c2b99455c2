"""A small index with vectors, and an engine over it."""

from pathlib import Path

import pytest

from codekin_model.extracted import extract
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.search.engine import RankingSettings, SearchEngine
from codekin_server.store.records import FileRecord
from codekin_server.store.store import Store
from codekin_server.store.vector_index import NearestNeighbours


class Workspace:
    """Files given as text, indexed and (unless asked otherwise) embedded by the fake worker."""

    def __init__(self, store, worker):
        self.store = store
        self.worker = worker
        self.nearest = NearestNeighbours(store)
        self.engine = SearchEngine(store, worker, self.nearest, RankingSettings(patience=0.2, module_patience=0.2))

    def add(self, path, source, *, embedded=True):
        units = find_units(parse(text_of(source)))
        record = FileRecord(path, len(source), 0, source, "utf-8")
        self.store.replace_file(record, units)
        if embedded and units:
            vectors = self.worker.embed_units([extract(unit) for unit in units], urgent=False).result()
            self.store.put_vectors(zip((unit.fingerprint for unit in units), vectors, strict=True))
        return self

    def found(self, query, limit=10):
        return [hit.unit.qualified_name for hit in self.engine.search(query, limit)]

    def unit(self, path, name):
        return next(each for each in self.store.units_of_file(path) if each.qualified_name == name)


@pytest.fixture
def workspace(tmp_path: Path, fake_worker):
    with Store.open(tmp_path / "index.sqlite", "fake") as store:
        yield Workspace(store, fake_worker)
