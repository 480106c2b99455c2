"""Names given away in a function's scope."""

from textwrap import dedent

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.naming.scope import names_taken, siblings_of


def taken(code: str, name: str = "target") -> frozenset[str]:
    tree = parse(text_of(dedent(code)))
    unit = next(unit for unit in find_units(tree) if unit.name == name)
    return names_taken(tree, unit)


def test_module_functions_see_definitions_imports_and_assignments():
    code = """
        import os.path, sys as system
        from json import loads, dumps as write
        LIMIT: int = 3
        first, (second, *rest) = 1, (2, 3)
        class Store: ...
        def other(): ...
        def target(): ...
    """
    expected = {"os", "system", "loads", "write", "LIMIT", "first", "second", "rest", "Store", "other"}
    assert taken(code) == expected


def test_methods_see_their_class_and_not_the_module():
    code = """
        def outside(): ...
        class Store:
            limit = 3
            def other(self): inner = 1
            def target(self): ...
    """
    assert taken(code) == {"limit", "other"}


def test_nested_functions_see_parameters_and_locals_around_them():
    code = """
        def around(first, second: int, *rest, third=1, fourth: int = 2, **more):
            def target(mine): ours = 1
            with open(first) as stream:
                for line in stream: ...
            if (found := second): ...
            return [each for each in rest]
    """
    assert taken(code) == {"first", "second", "rest", "third", "fourth", "more", "stream", "line", "found"}


def test_attributes_and_items_bind_no_name():
    assert taken("a.b = 1\nc[d] = 2\ndef target(): ...") == frozenset()


def test_a_second_definition_of_the_same_name_counts():
    assert taken("def target(): ...\ndef target(): ...") == {"target"}


def test_names_under_branches_count():
    code = """
        try:
            import fast
        except ImportError as problem:
            fast = None
        def target(): ...
    """
    assert taken(code) == {"fast", "problem"}


def test_broken_code_gives_what_can_be_read():
    assert "other" in taken("def other(:\n  pass\nx = (\ndef target(): ...\ndef other(): pass")


def siblings(code: str, name: str = "target") -> frozenset[str]:
    units = find_units(parse(text_of(dedent(code))))
    return siblings_of(next(unit for unit in units if unit.name == name), units)


def test_siblings_are_the_functions_of_the_same_scope():
    code = """
        def outside(): ...
        class Store:
            limit = 3
            def other(self):
                def inner(): ...
            def target(self): ...
            async def third(self): ...
            class Inside: ...
        class Other:
            def fourth(self): ...
    """
    assert siblings(code) == {"other", "third"}
    assert siblings(code, "outside") == siblings(code, "inner") == frozenset()


def test_siblings_of_a_module_function_are_the_modules():
    assert siblings("def other(): ...\nclass Store:\n    def inside(self): ...\ndef target(): ...") == {"other"}


def test_a_second_definition_of_a_function_is_its_sibling():
    code = """
        class Store:
            @property
            def target(self): ...
            @target.setter
            def target(self, value): ...
    """
    assert siblings(code) == {"target"}
    assert siblings("def target(): ...") == frozenset()
