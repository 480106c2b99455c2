"""What modules say of jedi in their heads is true of everything that they import, too."""

import ast
import re
from pathlib import Path

import pytest

import codekin_server.refactoring

ROOM = "codekin_server.refactoring."
TREES = {
    path.stem: ast.parse(path.read_text(encoding="utf-8"))
    for path in Path(codekin_server.refactoring.__file__).parent.glob("*.py")
}
WITHOUT_JEDI = [
    name
    for name, tree in TREES.items()
    if re.search(r"Must not know of [^.]*\bjedi\b", " ".join((ast.get_docstring(tree) or "").split()))
]


def imported(name: str) -> set[str]:
    nodes = list(ast.walk(TREES[name]))
    modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return modules | {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}


def reached(name: str) -> set[str]:
    seen, wanted = set[str](), [ROOM + name]
    while wanted:
        module = wanted.pop()
        if module not in seen:
            seen.add(module)
            wanted += imported(module.removeprefix(ROOM)) if module.startswith(ROOM) else ()
    return seen


def test_modules_of_the_room_say_that_they_do_without_jedi():
    assert {"fixtures", "in_strings", "taken", "searching"} <= set(WITHOUT_JEDI)


@pytest.mark.parametrize("name", WITHOUT_JEDI)
def test_a_module_that_does_without_jedi_imports_nothing_that_needs_it(name):
    assert not [module for module in reached(name) if module.partition(".")[0] in ("jedi", "parso")]
