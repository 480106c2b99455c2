"""Classes that belong together without naming one another: made at run time, or described by a Protocol."""

import pytest

TWO = "the two would no longer fit together"
PROTOCOL = "from typing import Protocol\n\n\nclass Store(Protocol):\n    def persist(self) -> int: ...\n"
SIZED = PROTOCOL + "\n    def size(self) -> int: ...\n"
MEMORY = "class Memory:\n    def persist(self) -> int:\n        return 1\n"
BASE = "class Base:\n    def $0hook(self):\n        return 1\n\n\n"


@pytest.mark.parametrize("base", ["base", "*bases"])
def test_a_class_made_from_a_parameter_may_override(workspace, base):
    maker = (
        f"def make({base}):\n    class Sub({base}):\n        def hook(self):\n            return 2\n\n    return Sub\n"
    )
    workspace.write("m.py", BASE + maker)
    told = f"what '{base}' is, a base, cannot be told"
    assert workspace.conflicts("zzz") == (f"'Sub.hook (m.py)' may belong to a class above or below this one: {told}")


def test_a_class_made_from_the_result_of_a_call_may_override(workspace):
    workspace.write("m.py", BASE + "def get():\n    return Base\n\n\nclass Sub(get()):\n    hook = None\n")
    assert "'Sub.hook (m.py)' may belong to a class above or below this one" in workspace.conflicts("zzz")


@pytest.mark.parametrize("base", ["namedtuple('Sub', 'a b')", "orm.declarative_base()", "type('X', (), {})"])
def test_what_calls_from_elsewhere_make_is_none_of_the_workspace(workspace, base):
    imports = "import orm\nfrom collections import namedtuple\n\n\n"
    workspace.write("m.py", imports + BASE + f"class Sub({base}):\n    hook = None\n")
    assert "def zzz" in workspace.renamed("zzz")["m.py"]


def test_a_class_made_from_a_parameter_without_the_member_is_no_obstacle(workspace):
    workspace.write("m.py", BASE + "def make(base):\n    class Sub(base):\n        pass\n\n    return Sub\n")
    assert "def zzz" in workspace.renamed("zzz")["m.py"]


def test_a_method_that_a_protocol_asks_for_is_not_renamed_alone(workspace):
    workspace.write("api.py", PROTOCOL)
    workspace.write("mem.py", MEMORY.replace("persist", "$0persist"))
    conflict = f"'Store.persist (api.py)' is of a Protocol that may describe this class: {TWO}"
    assert workspace.conflicts("keep") == conflict


def test_a_protocol_is_not_renamed_without_the_classes_it_describes(workspace):
    workspace.write("api.py", PROTOCOL.replace("persist", "$0persist"))
    workspace.write("mem.py", MEMORY)
    assert workspace.conflicts("keep") == f"'Memory.persist (mem.py)' is what this Protocol may describe: {TWO}"


def test_a_protocol_that_asks_for_more_than_the_class_has_does_not_describe_it(workspace):
    workspace.write("api.py", SIZED)
    workspace.write("mem.py", MEMORY.replace("persist", "$0persist"))
    assert list(workspace.renamed("keep")) == ["mem.py"]


def test_a_protocol_that_asks_for_what_the_base_has_describes_the_class(workspace):
    workspace.write("api.py", SIZED)
    base = "class Base:\n    def size(self):\n        return 1\n\n\n"
    workspace.write("mem.py", base + MEMORY.replace("persist", "$0persist").replace("Memory", "Memory(Base)"))
    assert "'Store.persist (api.py)' is of a Protocol" in workspace.conflicts("keep")


def test_a_protocol_that_nothing_fits_is_renamed(workspace):
    workspace.write("api.py", PROTOCOL.replace("persist", "$0persist") + "\n\ndef f(s: Store):\n    s.persist()\n")
    assert workspace.renamed("keep")["api.py"].count("keep") == 2


@pytest.mark.parametrize("module", ["twisted.internet.protocol", "typing_extensions"])
def test_only_a_protocol_of_typing_describes_others(workspace, module):
    workspace.write("api.py", PROTOCOL.replace("typing", module))
    workspace.write("mem.py", MEMORY.replace("persist", "$0persist"))
    assert bool(workspace.rename("keep").conflicts) == (module == "typing_extensions")
