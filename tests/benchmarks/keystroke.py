"""What one key costs in a large open file, against reading and extracting the whole file again, both in one run.

    python tests/benchmarks/keystroke.py

Types into a generated file of 3,000 lines through the indexer, and writes tests/benchmarks/KEYSTROKE.md, named by the
commit that was measured. Times are of the processor, so that a busy machine says the same as a quiet one, nearly.
"""

import argparse
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TypeVar

from measured import HERE, commit, machine, write_report

from codekin_model.embedder import Vectors
from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.source.span import Span
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import find_units
from codekin_server.store.records import FileRecord, ReplaceCounts
from codekin_server.store.store import Store
from codekin_server.workspace.documents import OpenDocument, TextChange
from codekin_server.workspace.indexer import Indexer

REPORT = HERE / "KEYSTROKE.md"
LINES = 3_000
KEYS = 60
FULL_ROUNDS = 9
PATH = "generated.py"

FUNCTION = '''\
def collect_rows_{at}(table, limit={at}):
    """Collect the rows of table {at} that are worth keeping."""
    kept = []
    for number, row in enumerate(table.rows):
        if row is None or number > limit:
            continue
        value = row.get("name", default="none") + str(number * {at})
        kept.append((number, value.strip().lower()))
    return sorted(kept, key=lambda pair: pair[1])


'''
CLASS = '''\
class Reader{at}(Base):
    """Reads records of kind {at}."""

    chunk = {at}

    def __init__(self, path, encoding="utf-8"):
        self.path = path
        self.encoding = encoding

    def read(self, size=None):
        """Read at most size records."""
        with open(self.path, encoding=self.encoding) as stream:
            return [self.parse(line) for line in stream][:size or self.chunk]

    def parse(self, line):
        name, _, rest = line.partition(":")
        return {{"name": name, "values": [int(each) for each in rest.split(",")]}}


'''
PLACES = {"near the top": 0.02, "in the middle": 0.5, "near the end": 0.98}
KINDS = {"letters of a name": ("(number, value", "x"), "lines": ("kept = []", "\n    pass")}
"""What is typed, again and again, and after what."""

T = TypeVar("T")


@dataclass(frozen=True)
class Key:
    """Milliseconds of one key: to parse and find the units, to store them, to extract those that are new; how many."""

    found_ms: float
    stored_ms: float
    extracted_ms: float
    units: int


class TimedStore(Store):
    """Says how long the last file took to store."""

    last_ms = 0.0

    def replace_file(self, record: FileRecord, units: Sequence[CodeUnit], *, overlay: bool = False) -> ReplaceCounts:
        self.last_ms, counts = timed(lambda: super(TimedStore, self).replace_file(record, units, overlay=overlay))
        return counts


class NoModel:
    """Nothing is embedded here."""

    def embed_units(self, units: Sequence[ExtractedUnit], *, urgent: bool, soon: bool = False) -> Future[Vectors]:
        raise NotImplementedError


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    source = generated()
    full = [timed(lambda: everything(source))[0] for _ in range(FULL_ROUNDS)]
    with TemporaryDirectory() as folder, TimedStore.open(Path(folder) / "index.sqlite", "none") as store:
        root = Path(folder) / "workspace"
        root.mkdir()
        (root / PATH).write_text(source)
        indexer = Indexer(root, store, NoModel())
        indexer.scan()
        keys = {
            f"{kind}, {place}": list(typed(indexer, store, source, place_of(source, after, share), text))
            for place, share in PLACES.items()
            for kind, (after, text) in KINDS.items()
        }
    write_report(REPORT, rendered(keys, full, len(source.splitlines()), len(find_units(parse(text_of(source))))))


def generated() -> str:
    parts = ['"""A large module."""\n\nimport os\n\n\n']
    while sum(part.count("\n") for part in parts) < LINES:
        parts.append((CLASS if len(parts) % 3 == 0 else FUNCTION).format(at=len(parts)))
    return "".join(parts)


def everything(source: str) -> None:
    """What would be done without any reuse: parse, find every unit, extract every unit."""
    for unit in find_units(parse(text_of(source))):
        extract(unit)


def place_of(source: str, after: str, share: float) -> int:
    """The byte that follows the text ``after`` nearest to a share of the way through ``source``."""
    ends = [match.end() for match in re.finditer(re.escape(after.encode()), source.encode())]
    return min(ends, key=lambda end: abs(end - share * len(source)))


def typed(indexer: Indexer, store: TimedStore, source: str, at: int, text: str) -> Iterator[Key]:
    """Type ``text`` again and again; the code stays whole."""
    document = indexer.document_opened(PATH, source, 0)
    for version in range(1, KEYS + 1):
        change = TextChange(Span(at, at), text)
        changed_ms, after = timed(lambda change=change, version=version: changed(indexer, version, change))
        stored_ms = store.last_ms
        known = {unit.fingerprint for unit in document.units}
        fresh = [unit for unit in after.units if unit.fingerprint not in known]
        extracted_ms, _ = timed(lambda fresh=fresh: [extract(unit) for unit in fresh])
        document, at = after, at + len(text)
        yield Key(changed_ms - stored_ms, stored_ms, extracted_ms, len(fresh))
    if document.tree.diagnostics:
        raise RuntimeError("what was typed broke the code")
    indexer.document_closed(PATH)


def changed(indexer: Indexer, version: int, change: TextChange) -> OpenDocument:
    document = indexer.document_changed(PATH, version, [change])
    if document is None:
        raise RuntimeError("the change was dropped")
    return document


def timed(action: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    answer = action()
    return 1e3 * (time.process_time() - start), answer


def rendered(keys: dict[str, list[Key]], full: list[float], lines: int, units: int) -> str:
    whole = median(full)
    rows = [row(name, some, whole) for name, some in keys.items()]
    everywhere = row("all of these", [key for some in keys.values() for key in some], whole)
    table = "\n".join([*rows, everywhere])
    return f"""# What one key costs, measured at {commit()}

Written by `python tests/benchmarks/keystroke.py` on {machine()}.
Milliseconds of processor time; a generated file of {lines:,} lines with {units} units; {KEYS} keys each.

Parsing the whole file again, finding every unit and extracting every unit: {whole:.0f} ms (median of {len(full)}).

| typed | parse and find | extract | both, median | both, 95 % | whole file / both | units extracted | index on disk |
|---|---|---|---|---|---|---|---|
{table}

"parse and find" with "index on disk" is `Indexer.document_changed`: the incremental parse and the units that changed,
and then their rows and words. "extract" is what the model reads of those units: passage and path contexts.
"""


def row(name: str, keys: list[Key], whole: float) -> str:
    both = [key.found_ms + key.extracted_ms for key in keys]
    cells = [
        name,
        f"{median(key.found_ms for key in keys):.1f}",
        f"{median(key.extracted_ms for key in keys):.1f}",
        f"{median(both):.1f}",
        f"{quantiles(both, n=20)[-1]:.1f}",
        f"{whole / median(both):.0f}",
        f"{median(key.units for key in keys):.0f}",
        f"{median(key.stored_ms for key in keys):.1f}",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
