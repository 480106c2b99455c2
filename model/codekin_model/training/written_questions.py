"""Questions that people wrote for functions, in a file.

In: a file of ``fingerprint<TAB>question<TAB>question...`` lines. Out: questions by fingerprint, or one line that says
what is wrong with the file. Must not know of a corpus: who reads one says which of its functions were found.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from codekin_model.training.machine import TrainingError

_FINGERPRINT = re.compile(r"[0-9a-f]+")
_COLUMNS = "a line is a function's fingerprint and its questions, with tabs between them"


def read_questions(path: Path) -> dict[str, list[str]]:
    """Questions by the fingerprint of the function that they ask for.

    Raises:
        TrainingError: the file is no text, or a line of it has not these columns.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as problem:
        raise TrainingError(f"{path} is no text in UTF-8 ({problem}): {_COLUMNS}") from problem
    asked: dict[str, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        fingerprint, *questions = line.split("\t")
        if line.strip() and not _FINGERPRINT.fullmatch(fingerprint):
            raise TrainingError(f"{path} holds no questions, or a damaged line {number}: {_COLUMNS}")
        asked[fingerprint] = [re.sub(r"\s+", " ", each) for each in questions if each.strip()]
    return {fingerprint: questions for fingerprint, questions in asked.items() if questions}


def check_fitting(path: Path, asked: Mapping[str, Sequence[str]], fingerprints: Iterable[str]) -> None:
    """Refuse a file that asks for none of the functions that are learnt from.

    Raises:
        TrainingError: it does.
    """
    if asked.keys().isdisjoint(fingerprints):
        raise TrainingError(
            f"{path} asks for no function of the corpus that is learnt from: its fingerprints are of other code, or "
            "another version of it; leave questions away"
        )
