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


@dataclass(frozen=True)
class Rule:
    """``sure`` the best name must be, of authors' names ``far`` at most may be farther than the present one."""

    sure: float
    far: float
    words: bool


PAIRS = ((0.25, 1.0), (0.25, 0.04), (0.1, 0.04), (0.03, 1.0), (0.03, 0.1), (0.03, 0.04), (0.03, 0.02), (0.0, 0.04))
RULES = tuple(Rule(sure, far, words) for words in (False, True) for sure, far in PAIRS)


@dataclass(frozen=True)
class Case:
    """One function: what is said of it under its own name, and under a wrong one; how near it is to either."""

    unit: CodeUnit
    listed: tuple[NameSuggestion, ...]
    wrong: str
    near: float
    near_wrong: float

    def flagged(self, rule: Rule, *, wrong: bool) -> bool:
        unit = replace(self.unit, name=self.wrong) if wrong else self.unit
        judged = contradiction.judgement(unit.name, self.listed)
        if judged is None or judged.best.probability < rule.sure:
            return False
        if judged.own * contradiction.BEHIND > judged.best.probability or not contradiction.may_contradict(unit):
            return False
        if (self.near_wrong if wrong else self.near) > rule.far:
            return False
        return not rule.words or not contradiction.is_backed(self._under(unit), judged, self.listed)

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
        near, near_wrong = (assist.names.nearness(unit, name) for name in (unit.name, wrong))
        cases.append(Case(unit, assist.names.listed(path, unit), wrong, near, near_wrong))
    return cases


def report(cases: list[Case], folders: str, model: str) -> str:
    return text([row(cases, rule) for rule in RULES], len(cases), folders, model)


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
            "- **farther**: the share of authors' names that may be farther from their functions than the present one.",
            f"- The rule that the server keeps: sure from {contradiction.SURE}, farther {contradiction.FAR} at most,",
            "  words absent. With codekin-0.11 it was sure from 0.25, farther any, words absent.",
            "",
            "| sure from | farther | words of the name absent | found | on real code | precision, 1 in 2 | 1 in 20 |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def row(cases: list[Case], rule: Rule) -> str:
    found = sum(case.flagged(rule, wrong=True) for case in cases)
    alarms = sum(case.flagged(rule, wrong=False) for case in cases)
    even, rare = precision(found, alarms, 0.5), precision(found, alarms, 0.05)
    farther = "any" if rule.far >= 1 else rule.far
    return f"| {rule.sure} | {farther} | {'yes' if rule.words else 'no'} | {found} | {alarms} | {even} | {rare} |"


def precision(found: int, alarms: int, share: float) -> str:
    """Where nothing was marked on real code, three marks are assumed: 95 % of such samples hide no more."""
    marked = share * found + (1 - share) * (alarms or 3)
    return f"{'' if alarms else '≥ '}{share * found / marked:.0%}" if found else "-"


if __name__ == "__main__":
    main()
