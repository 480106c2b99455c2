"""The shape of files and functions."""

import ast
from statistics import quantiles

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
BROAD_EXCEPT_ALLOWED = {
    "codekin_server.cli.failure": "the request boundary of the command line",
    "codekin_server.lsp.boundary": "the request boundary of the language server",
    "codekin_server.worker.process": "the worker loop: a request that fails is answered with its failure",
}


def functions(module):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(module.tree) if isinstance(node, kinds)]


def body_length(function) -> int:
    """Lines of the body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_files_are_short(modules):
    assert [name for name, module in modules.items() if len(module.text.splitlines()) >= LONGEST_FILE] == []


def test_every_module_says_what_it_is(modules):
    silent = [name for name, module in modules.items() if module.text.strip() and not ast.get_docstring(module.tree)]
    assert silent == []


def test_packages_hold_no_code_of_their_own(modules):
    packages = [module for module in modules.values() if module.path.name == "__init__.py"]
    assert [module.name for module in packages if len(module.tree.body) > 1] == []


def test_functions_are_short(modules):
    lengths = {
        f"{name}.{function.name}": body_length(function)
        for name, module in modules.items()
        for function in functions(module)
    }
    assert [name for name, length in lengths.items() if length > LONGEST_FUNCTION] == []
    deciles = quantiles(lengths.values(), n=10)
    assert (deciles[4] < 10, deciles[8] < 30) == (True, True), deciles


def test_nothing_prints(modules):
    wrong = [
        name
        for name, module in modules.items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert wrong == []


def test_broad_excepts_stand_at_the_boundaries_only(modules):
    wrong = [
        name
        for name, module in modules.items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and name not in BROAD_EXCEPT_ALLOWED
    ]
    assert wrong == []


def test_broad_excepts_are_logged(modules):
    silent = [
        name
        for name, module in modules.items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _logs(node, module)
    ]
    assert silent == []


def _logs(handler: ast.ExceptHandler, module) -> bool:
    """Here, or in a function of the same module that is called here."""
    called = {
        node.func.id for node in ast.walk(handler) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    helpers = [function for function in functions(module) if function.name in called]
    return any("_log." in ast.unparse(node) for node in (handler, *helpers))


def _is_broad(handler: ast.ExceptHandler) -> bool:
    """Catches everything and keeps it; to clean up and raise again is no broad except."""
    if isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None:
        return False
    if handler.type is None:
        return True
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def test_no_exception_is_swallowed(modules):
    wrong = [
        f"{name}:{node.lineno}"
        for name, module in modules.items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and _is_broad(node)
        and all(isinstance(each, ast.Pass) for each in node.body)
    ]
    assert wrong == []


def test_dataclasses_between_stages_are_frozen(modules):
    wrong = [
        f"{name}.{node.name}"
        for name, module in modules.items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith("dataclass") and "frozen=True" not in ast.unparse(decorator)
    ]
    assert wrong == []
