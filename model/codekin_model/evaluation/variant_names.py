"""A function with other names for its parameters and local variables.

In: a function's tree. Out: the same tree, renamed in place; it computes what it did, for callers that pass arguments by
position. Names of other scopes stay, and so does every name that something else than the function's own code may look
up: parameters of nested functions, names bound in nested classes, imports, ``self``.
"""

import ast
import random

from codekin_model.evaluation.variant_tools import FreshNames, Function, is_opaque

_WORDS = [
    "alpha",
    "amount",
    "area",
    "base",
    "batch",
    "block",
    "box",
    "bucket",
    "cell",
    "chunk",
    "core",
    "data",
    "delta",
    "detail",
    "digit",
    "element",
    "entry",
    "extra",
    "factor",
    "field",
    "figure",
    "first",
    "flag",
    "fragment",
    "given",
    "group",
    "head",
    "holder",
    "info",
    "inner",
    "item",
    "kind",
    "label",
    "layer",
    "left",
    "level",
    "mark",
    "member",
    "model",
    "node",
    "obj",
    "other",
    "output",
    "part",
    "payload",
    "piece",
    "point",
    "portion",
    "record",
    "ref",
    "result",
    "right",
    "row",
    "sample",
    "second",
    "slot",
    "source",
    "spec",
    "stage",
    "stuff",
    "target",
    "temp",
    "thing",
    "token",
    "unit",
    "value",
    "view",
    "work",
]
"""Words that say nothing about what a function does."""
_CONVENTIONAL: frozenset[str] = frozenset(("self", "cls", "_"))


def rename(function: Function, seed: str) -> None:
    """Rename every parameter and local variable that can be; ``seed`` chooses the words."""
    if is_opaque(function):
        return
    scope = _Scope(function)
    words = random.Random(seed).sample(_WORDS, len(_WORDS))  # noqa: S311 - a choice, no secret
    fresh = FreshNames(function)
    names = sorted(scope.bound - scope.kept)
    renamed = {name: fresh.take(words[at % len(words)]) for at, name in enumerate(names)}
    for argument in _arguments(function.args):
        argument.arg = renamed.get(argument.arg, argument.arg)
    renamer = _Renamer(renamed)
    for statement in function.body:
        renamer.visit(statement)


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    starred = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


class _Scope(ast.NodeVisitor):
    """``bound`` are the names of the function's own scope, ``kept`` those that must stay as they are."""

    def __init__(self, function: Function) -> None:
        self._name = function.name
        self._is_own = True
        self._is_class = False
        self.bound: set[str] = {argument.arg for argument in _arguments(function.args)}
        self.kept: set[str] = set(_CONVENTIONAL)
        for statement in function.body:
            self.visit(statement)
        self.kept |= {name for name in self.bound if name.startswith("__")}

    def _bind(self, name: str | None) -> None:
        if name is not None and self._is_own:
            self.bound.add(name)
        elif name is not None and self._is_class:
            self.kept.add(name)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._bind(node.id)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self._bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self._bind(node.rest)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.kept |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.kept |= set(node.names)

    visit_Nonlocal = visit_Global  # noqa: N815

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
        if called == self._name:  # it calls itself: keywords must go on meaning its parameters
            self.kept |= {word.arg for word in node.keywords if word.arg is not None}
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        # It binds outside the comprehension it stands in, and such a name is rare: it stays.
        self.kept.add(node.target.id)
        self.visit(node.value)

    def visit_FunctionDef(self, node: Function) -> None:
        self.kept.add(node.name)
        for outside in (*node.decorator_list, node.args, *([node.returns] if node.returns else [])):
            self.visit(outside)
        self.kept |= {argument.arg for argument in _arguments(node.args)}
        self._visit_inside(node.body, is_class=False)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        self.kept |= {argument.arg for argument in _arguments(node.args)}
        self._visit_inside([node.body], is_class=False)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.kept.add(node.name)
        for outside in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(outside)
        self._visit_inside(node.body, is_class=True)

    def visit_ListComp(self, node: ast.expr) -> None:
        """What a comprehension binds is its own: it is renamed only where the function binds the same name."""
        self._visit_inside(list(ast.iter_child_nodes(node)), is_class=False)

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp  # noqa: N815

    def _visit_inside(self, nodes: list[ast.stmt] | list[ast.AST] | list[ast.expr], *, is_class: bool) -> None:
        before = self._is_own, self._is_class
        self._is_own, self._is_class = False, is_class
        for node in nodes:
            self.visit(node)
        self._is_own, self._is_class = before


class _Renamer(ast.NodeVisitor):
    """Renames wherever a name stands: in nested scopes it is the same variable, or one of that scope alone."""

    def __init__(self, renamed: dict[str, str]) -> None:
        self._renamed = renamed

    def generic_visit(self, node: ast.AST) -> None:
        """Every role in which a variable's name is a field of a node."""
        for role in ("id", "name", "rest"):
            name: object = getattr(node, role, None)
            if isinstance(name, str) and not isinstance(node, ast.alias):
                setattr(node, role, self._renamed.get(name, name))
        super().generic_visit(node)
