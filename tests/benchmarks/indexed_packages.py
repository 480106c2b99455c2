"""Published packages, unpacked and indexed by codekin, for benchmarks that ask them something.

In: a folder of unpacked wheels, a folder each. Out: their indexes behind a search engine, at any weights.
"""

import argparse
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from codekin_model.checkpoint.manifest import default_model_dir, read_manifest
from codekin_server.assist import Assist
from codekin_server.search.engine import RankingSettings, SearchEngine
from codekin_server.search.ranking import Hit
from codekin_server.store.location import DATABASE_NAME
from codekin_server.store.store import Store
from codekin_server.store.vector_index import NearestNeighbours
from codekin_server.worker.client import WorkerClient

SETS = {
    "tuning": ("tox", "kombu", "fabric", "xarray", "nltk", "pyramid"),
    "reporting": ("celery", "scrapy", "sphinx", "networkx", "tornado"),
}
"""Of questions/README.md: the first for choosing, the second for telling others."""


class IndexedPackage:
    """A package's index with the worker that answers for it."""

    def __init__(self, root: Path, cache: Path, worker: WorkerClient) -> None:
        self.root = root
        with Assist.open(root, cache_dir=cache) as assist:
            assist.index()
            status = assist.status()
        self._worker = worker
        self.store = Store.open(Path(status.index_path) / DATABASE_NAME, status.model_fingerprint)
        self._nearest = NearestNeighbours(self.store)

    def answer(self, query: str, settings: RankingSettings, limit: int) -> list[Hit]:
        """The best ``limit`` hits."""
        return SearchEngine(self.store, self._worker, self._nearest, settings).search(query, limit)


def read_options(description: str | None) -> argparse.Namespace:
    """``sources``, ``set`` and ``cache`` from the command line."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--set", choices=SETS, default="tuning")
    parser.add_argument("--cache", type=Path, default=Path("runs/search-quality"))
    return parser.parse_args()


@contextmanager
def shipped_worker() -> Generator[WorkerClient]:
    """The shipped model, until the end."""
    model = default_model_dir()
    worker = WorkerClient(model, fingerprint=read_manifest(model).fingerprint)
    try:
        yield worker
    finally:
        worker.close()


@contextmanager
def indexed_packages(sources: Path, chosen: str, cache: Path) -> Generator[Mapping[str, IndexedPackage]]:
    """Those packages of a set that are below ``sources``; their worker stops at the end."""
    with shipped_worker() as worker:
        names = [name for name in SETS[chosen] if (sources / name).is_dir()]
        yield {name: IndexedPackage(sources / name, cache, worker) for name in names}
