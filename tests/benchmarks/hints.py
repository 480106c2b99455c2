"""How often a hint about a contradicting name is right: on seeded wrong names, and on real code.

    python tests/benchmarks/hints.py [--functions 300] [--seed 1] [FOLDER ...]

Every function is judged twice: under its own name, and under the name of another function of the same folder. The body,
its neighbours and the model are the same both times. Without folders, parts of networkx and nltk as they are installed:
no model of ours was trained on them. Test code, dunders and overrides are left out, as the server leaves them out.
Writes tests/benchmarks/HINTS.md.
"""

import argparse
import random
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from installed import package_folder
from measured import HERE, commit, write_report

from codekin_model.embedder import NameSuggestion
from codekin_model.source.unit import CodeUnit
from codekin_server.assist import Assist
from codekin_server.naming import contradiction
from codekin_server.settings.schema import IndexSettings, Settings

REPORT = HERE / "HINTS.md"
PARTS = {
    "networkx": ("readwrite", "utils"),
    "nltk": ("translate", "metrics"),
}
SURE = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


@dataclass(frozen=True)
class Case:
    """One function: what is said of it under its own name, and under a wrong one."""

    unit: CodeUnit
    listed: tuple[NameSuggestion, ...]
    wrong: str

    def flagged(self, *, wrong: bool, sure: float, words: bool) -> bool:
        unit = replace(self.unit, name=self.wrong) if wrong else self.unit
        judged = contradiction.judgement(unit.name, self.listed)
        if judged is None or judged.best.probability < sure:
            return False
        if judged.own * contradiction.BEHIND > judged.best.probability or not contradiction.may_contradict(unit):
            return False
        return not words or not contradiction.is_backed(self._under(unit), judged, self.listed)

    def _under(self, unit: CodeUnit) -> CodeUnit:
        """Recursive calls bear the wrong name, too; what other objects are asked for keeps its own."""
        own = rf"(?<![\w.])((?:self\.|cls\.)?){re.escape(self.unit.name)}\b"
        return replace(unit, source=re.sub(own, rf"\g<1>{unit.name}", self.unit.source))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--functions", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with TemporaryDirectory() as place:
        root = Path(place) / "code"
        named = copy_code(options.folders, root)
        settings = Settings(index=IndexSettings(niceness=0))
        with Assist.open(root, cache_dir=Path(place) / "cache", settings=settings) as assist:
            assist.index()
            cases = gather(assist, options.functions, random.Random(options.seed))  # noqa: S311 - a sample, no secret
            model = assist.status().model_fingerprint[:8]
    write_report(REPORT, report(cases, named, model))


def copy_code(folders: list[Path], root: Path) -> str:
    sources = [(folder.name, folder) for folder in folders] or [
        (f"{package}/{part}", package_folder(package) / part) for package, parts in PARTS.items() for part in parts
    ]
    for name, folder in sources:
        shutil.copytree(folder, root / name, ignore=shutil.ignore_patterns("tests", "test_*", "__pycache__"))
    return ", ".join(name for name, _ in sources)


def gather(assist: Assist, wanted: int, chance: random.Random) -> list[Case]:
    functions = [(path, unit) for path in assist.files() for unit in assist.names.judged_functions(path)]
    chance.shuffle(functions)
    names = sorted({unit.name for _, unit in functions})
    cases: list[Case] = []
    for path, unit in functions[:wanted]:
        wrong = chance.choice([name for name in names if name.strip("_") != unit.name.strip("_")])
        cases.append(Case(unit, assist.names.listed(path, unit), wrong))
    return cases


def report(cases: list[Case], folders: str, model: str) -> str:
    rows = [row(cases, sure, words=words) for words in (False, True) for sure in SURE]
    return text(rows, len(cases), folders, model)


def text(rows: list[str], count: int, folders: str, model: str) -> str:
    return "\n".join(
        [
            f"# Hints about contradicting names, measured at {commit()}",
            "",
            f"Written by `tests/benchmarks/hints.py` with the model {model}: {count} functions of {folders},",
            "none of which any of our models was trained on. Each is judged under its own name and another's.",
            "",
            f"- **found**: how many of the {count} seeded wrong names are marked.",
            f"- **on real code**: how many of the {count} functions are marked under their own name. Some of these",
            "  names are poor; here all count as right.",
            "- **precision, 1 in 2** and **1 in 20**: share of marks on wrong names, where so many are wrong; a",
            "  bound (≥) where nothing was marked on real code, which in a sample of this size may hide up to 3 marks.",
            f"- The rule that the server keeps: sure from {contradiction.SURE}, with words.",
            "",
            "| sure from | words of the name must be absent | found | on real code | precision, 1 in 2 | 1 in 20 |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def row(cases: list[Case], sure: float, *, words: bool) -> str:
    found = sum(case.flagged(wrong=True, sure=sure, words=words) for case in cases)
    alarms = sum(case.flagged(wrong=False, sure=sure, words=words) for case in cases)
    return row_of(sure, found, alarms, words=words)


def row_of(sure: float, found: int, alarms: int, *, words: bool) -> str:
    even, rare = precision(found, alarms, 0.5), precision(found, alarms, 0.05)
    return f"| {sure} | {'yes' if words else 'no'} | {found} | {alarms} | {even} | {rare} |"


def precision(found: int, alarms: int, share: float) -> str:
    """Where nothing was marked on real code, three marks are assumed: 95 % of such samples hide no more."""
    marked = share * found + (1 - share) * (alarms or 3)
    return f"{'' if alarms else '≥ '}{share * found / marked:.0%}" if found else "-"


if __name__ == "__main__":
    main()
