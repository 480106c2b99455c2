"""Names that are put together by whoever calls them: ``visit_`` and a node's, ``do_`` and a command's.

In: a function, the file it stands in, the bases of its class. Out: whether a convention gives its name a meaning. Must
not know of models, stores or syntax trees.
"""

from collections.abc import Collection, Iterable

from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_server.naming.scope import siblings_of
from codekin_server.store.test_code import is_test_code

_HOOK = "pytest_"
_TEST, _KEPT = "test", "test_"
"""What a test's name begins with, and what suggestions for one begin with as well."""
_OF_A_TEST_MODULE = frozenset(
    {"load_tests", "setUpModule", "setup_function", "setup_module"}
    | {"tearDownModule", "teardown_function", "teardown_module"}
)
_OF_A_TEST_CLASS = frozenset(
    {"asyncSetUp", "runTest", "setUp", "setUpClass", "setUpTestData", "setup_class", "setup_method"}
    | {"asyncTearDown", "tearDown", "tearDownClass", "teardown_class", "teardown_method"}
)

_NO_BASES = frozenset({"object", "ABC", "Generic", "Protocol"})
"""They call nothing by a name that is put together."""
_COMMAND = "do_"
_BELOW_ANY_BASE = ("visit_", "generic_visit", "leave_", "depart_", _COMMAND)
_BESIDE_COMMANDS = ("help_", "complete_")

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace"})
_ANSWERING = ("View", "ViewSet", "Resource", "Endpoint", "Handler")
"""How classes are called whose methods are those of HTTP."""


def is_called_by_convention(unit: CodeUnit, path: str, bases: Collection[str], units: Iterable[CodeUnit]) -> bool:
    """Whether the name of ``unit`` is one of a test runner's, a visitor's, a command's or a request's.

    ``bases`` are the last names of those of its class, ``units`` those of its file.
    """
    if unit.kind is UnitKind.NESTED_FUNCTION:
        return False
    if unit.name.startswith(_HOOK) or _is_collected(unit, path, bases):
        return True
    return unit.kind is UnitKind.METHOD and _is_dispatched(unit, set(bases) - _NO_BASES, units)


def _is_collected(unit: CodeUnit, path: str, bases: Iterable[str]) -> bool:
    fixed = _OF_A_TEST_CLASS if unit.kind is UnitKind.METHOD else _OF_A_TEST_MODULE
    is_test = unit.name.startswith(_TEST) and not unit.name.startswith(_KEPT)
    if unit.name not in fixed and not is_test:
        return False
    owner = unit.qualified_name.rpartition(".")[0]
    return any(is_test_code(path, each) for each in (owner, *bases))


def _is_dispatched(unit: CodeUnit, bases: Collection[str], units: Iterable[CodeUnit]) -> bool:
    if not bases:
        return False
    if unit.name.startswith(_BESIDE_COMMANDS):
        return any(each.startswith(_COMMAND) for each in siblings_of(unit, units))
    if unit.name in _VERBS:
        return any(base.endswith(_ANSWERING) for base in bases)
    return unit.name.startswith(_BELOW_ANY_BASE)
