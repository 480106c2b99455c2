"""A function at a glance, for whoever points at its name.

In: an open workspace, a file, the place of a name. Out: :class:`FunctionPortrait`. Part of the API boundary, above
:mod:`codekin_server.assist`, whose answers it puts together. Must not know of editors.
"""

import keyword
from collections import defaultdict
from pathlib import Path

from codekin_server.answers import ExplainAnswer, FunctionPortrait
from codekin_server.assist import Assist

_KIN = 3
_NAMES = 3
_TOKENS = 5
_SILENT = frozenset({"self", "cls"})
"""Words that speak for no name."""


def portrait_at(assist: Assist, path: Path, offset: int) -> FunctionPortrait | None:
    """The function whose name byte ``offset`` touches in its definition; None for anything else."""
    found = assist.names.line_of_name(path, offset)
    if found is None:
        return None
    line, name_span = found
    explained = assist.explain(path, line, naming=True)
    kin = assist.similar(path, line, _KIN)
    summary = assist.summaries.answer(path, line)
    return FunctionPortrait(
        target=explained.target,
        name_span=name_span,
        summary=summary.summary,
        kin=kin.results,
        tokens=telling_tokens(explained),
        names=(explained.names or ())[:_NAMES],
        version=explained.version,
    )


def telling_tokens(explained: ExplainAnswer) -> tuple[str, ...]:
    """The identifiers at the ends of the contexts that weigh most together; its own name is none of them."""
    weights: defaultdict[str, float] = defaultdict(float)
    for context in explained.contexts:
        for span in (context.start_span, context.end_span):
            word = explained.source[span.start : span.end].decode("utf-8", "replace")
            if word.isidentifier() and not keyword.iskeyword(word) and word not in _SILENT | {explained.target.name}:
                weights[word] += context.weight
    return tuple(sorted(weights, key=lambda word: -weights[word])[:_TOKENS])
