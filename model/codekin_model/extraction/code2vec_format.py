"""Functions in code2vec's text format: ``label start,path,end start,path,end ...``, one function a line.

In: a function. Out: its line. The label is the name's sub-tokens joined by ``|``; the name itself is masked. A function
without contexts is a line that holds its label alone, which code2vec's own preprocessing counts as empty and skips:
so lines and functions stay in step. No field holds a space, a comma or a line break.
"""

from codekin_model.extraction.paths import PathContext, PathLimits, path_contexts
from codekin_model.extraction.tokens import subtokens
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree


def code2vec_line(unit: CodeUnit, limits: PathLimits | None = None) -> str:
    """The line of a function, without a line break."""
    contexts = path_contexts(unit_tree(unit), masked=True, limits=limits)
    return " ".join(["|".join(subtokens(unit.name)), *map(_triple, contexts)])


def _triple(context: PathContext) -> str:
    return f"{context.start.token},{context.path},{context.end.token}"
