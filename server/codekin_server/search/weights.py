"""Every number that ranking depends on, in one place.

Plain data; what each weighs is written in :mod:`codekin_server.search.signals`. Chosen on the tuning questions of
tests/benchmarks/questions, which somebody wrote who had read the code, and on CoSQA's development set as a workspace,
whose questions come from people who had not.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class RankingWeights:
    """Weights of the signals (relative to each other), factors of the demotions (1: none), and the sizes of the lists.

    ``quoted`` is the share of what a score lacks to 1 that a unit gains which holds all of the query's runs of words,
    ``framed`` what the innermost function gains that was running in a pasted traceback, ``spelled`` what a unit gains
    whose name is the query's words.
    ``cosine_floor`` and ``cosine_ceiling`` are the cosines of a query with code that has nothing, and everything, to
    do with it. From ``near_cosine`` on it is likely to be about it: of the tuning questions each has such a unit, of
    questions about nothing that a program does one in ten.
    """

    lexical: float = 0.7
    semantic: float = 0.6
    cosine: float = 2.0
    symbol: float = 1.0
    name: float = 0.3
    place: float = 0.4
    module: float = 0.8
    quoted: float = 0.75
    framed: float = 0.75
    spelled: float = 0.4

    smoothing: float = 20.0
    cosine_floor: float = 0.1
    cosine_ceiling: float = 0.8
    near_cosine: float = 0.3

    test_factor: float = 0.6
    vendored_factor: float = 0.6
    class_factor: float = 0.97
    module_factor: float = 0.93
    other_kind_factor: float = 0.8
    same_file_factor: float = 0.9
    duplicate_cosine: float = 0.98

    lexical_depth: int = 120
    quoted_depth: int = 24
    named_depth: int = 120
    semantic_depth: int = 120


WORDS = RankingWeights()
"""For questions in words."""

SYMBOL = replace(
    WORDS,
    lexical=2.0,
    semantic=0.3,
    symbol=4.0,
    name=1.5,
    cosine=1.0,
    module=0.5,
    quoted=0.3,
    test_factor=0.9,
    same_file_factor=0.97,
)
"""For a query that is one identifier: who types a name wants its definition."""
