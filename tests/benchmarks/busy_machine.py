"""What a search takes while every core is busy with something else, matrix products on one thread and on all.

    python tests/benchmarks/busy_machine.py --sources DIR

DIR is that of search_quality.py; its largest package is asked. Both ways take turns in one run, so that their ratio
holds on any machine. Writes tests/benchmarks/BUSY.md.
"""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from statistics import median

from indexed_packages import IndexedPackage, indexed_packages, read_options
from measured import HERE, commit, machine, write_report
from search_quality import questions_of
from threadpoolctl import threadpool_limits

from codekin_server.search.engine import RankingSettings
from codekin_server.search.weights import SYMBOL, WORDS

ROUNDS = 5
PACKAGE = "xarray"
CODEKIN = RankingSettings(WORDS, SYMBOL)


@contextmanager
def busy_cores() -> Generator[None]:
    """A loop without end for each core."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def milliseconds(package: IndexedPackage, query: str, threads: int | None) -> float:
    """Of one search; ``threads`` None: as many as BLAS likes."""
    with threadpool_limits(threads or os.cpu_count(), user_api="blas"):
        start = time.perf_counter()
        package.answer(query, CODEKIN, limit=10)
        return 1e3 * (time.perf_counter() - start)


def row(what: str, package: IndexedPackage) -> str:
    """Medians of both ways in turns, and their ratio."""
    queries = [each.query for each in questions_of(PACKAGE)]
    for query in queries:
        package.answer(query, CODEKIN, limit=10)
    pairs = [
        (milliseconds(package, each, threads=1), milliseconds(package, each, threads=None)) for each in queries * ROUNDS
    ]
    one, many = (median(times) for times in zip(*pairs, strict=True))
    return f"| {what} | {one:.1f} ms | {many:.1f} ms | {many / one:.1f} |"


def main() -> None:
    """The command line."""
    options = read_options(__doc__)
    with indexed_packages(options.sources, options.set, options.cache) as packages:
        rows = [row("idle but for this", packages[PACKAGE])]
        with busy_cores():
            rows.append(row("a loop on every core", packages[PACKAGE]))
    head = [f"# Search on a busy machine, measured at {commit()}", "", f"On {machine()}. {PACKAGE}, medians.", ""]
    head += ["| the machine | one thread, as codekin | as many threads as cores | ratio |", "|---|---|---|---|"]
    write_report(HERE / "BUSY.md", "\n".join([*head, *rows]) + "\n")


if __name__ == "__main__":
    main()
