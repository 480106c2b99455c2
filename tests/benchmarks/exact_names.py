"""How often a name that somebody types finds a definition of that name first.

    python tests/benchmarks/exact_names.py --sources DIR [--set tuning|reporting]

DIR and the sets are those of search_quality.py. Asks for names of functions, methods and classes of each package, drawn
with a fixed seed, and writes tests/benchmarks/EXACT-<set>.md.
"""

import random

from indexed_packages import IndexedPackage, indexed_packages, read_options
from measured import HERE, commit, write_report

from codekin_model.source.unit import UnitKind
from codekin_server.search.engine import RankingSettings
from codekin_server.search.weights import SYMBOL, WORDS
from codekin_server.store.unit_filter import EVERY_UNIT

A_PACKAGE = 400
CODEKIN = RankingSettings(WORDS, SYMBOL)


def names_of(package: IndexedPackage) -> list[str]:
    """At most :data:`A_PACKAGE` names that something in the package has."""
    units = package.store.wanted_units(EVERY_UNIT)
    names = sorted({unit.name for unit in units if unit.kind is not UnitKind.MODULE})
    return random.Random(17).sample(names, min(A_PACKAGE, len(names)))  # noqa: S311 - a draw, no secret


def missed(package: IndexedPackage, names: list[str]) -> list[str]:
    """Those of the names that another name is found before."""
    first = {name: package.answer(name, CODEKIN, limit=1) for name in names}
    return [name for name, hits in first.items() if [hit.unit.name for hit in hits] != [name]]


def main() -> None:
    """The command line."""
    options = read_options(__doc__)
    rows: list[str] = []
    with indexed_packages(options.sources, options.set, options.cache) as packages:
        for name, package in packages.items():
            asked = names_of(package)
            wrong = missed(package, asked)
            rows.append(f"| {name} | {len(asked)} | {len(wrong)} | {', '.join(f'`{each}`' for each in wrong)} |")
    head = [f"# Names that are typed, {options.set} packages", "", f"Commit {commit()}.", ""]
    head += ["| package | names | not found first | which |", "|---|---|---|---|"]
    write_report(HERE / f"EXACT-{options.set}.md", "\n".join([*head, *rows]) + "\n")


if __name__ == "__main__":
    main()
