"""Comments and line continuations stand anywhere between the parts of code, and change nothing that it means."""

import pytest

METHOD = "class A:\n    def $0weigh(self):\n        pass\n\n\n"
FUNCTION = "def $0weigh():\n    pass\n\n\n"
CLASS = "class $0Box:\n    pass\n\n\n"

BETWEEN = pytest.mark.parametrize("between", ["  # see (b, c)\n    ", "  # one\n    # two\n    ", " \\\n    "])


def renamed(text: str, old: str = "weigh", new: str = "mass") -> str:
    return text.replace("$0", "").replace(old, new)


@BETWEEN
@pytest.mark.parametrize(
    "use",
    [
        'getattr({0}b, "weigh")',
        'getattr(b{0}, "weigh")',
        'setattr(b, {0}"weigh", 1)',
        'patch.object(b, {0}"weigh")',
        'methodcaller({0}"weigh")',
    ],
)
def test_a_name_that_is_looked_up_is_told_with_a_comment_before_it(one_file, use, between):
    assert "'weigh' at mod.py" in one_file(METHOD + use.format(between) + "\n", "mass")


@BETWEEN
@pytest.mark.parametrize("use", ['x = cast({0}"Box", y)\n', 'T = TypeVar("T", {0}bound={0}"Box")\n'])
def test_a_type_in_a_call_is_renamed_with_a_comment_before_it(one_file, use, between):
    text = CLASS + use.format(between)
    assert one_file(text, "Crate") == renamed(text, "Box", "Crate")


@BETWEEN
def test_the_name_of_a_type_variable_is_no_type_with_a_comment_before_it(one_file, between):
    use = f'T = TypeVar({between}"Box")\n'
    assert one_file(CLASS + use, "Crate") == renamed(CLASS, "Box", "Crate") + use


@BETWEEN
def test_names_that_are_given_to_a_test_are_renamed_with_a_comment_before_them(one_file, between):
    head = "import pytest\n\n\n"
    text = head + f'@pytest.mark.parametrize({between}"weigh", [1])\ndef test_it($0weigh):\n    assert weigh\n'
    assert one_file(text, "mass") == renamed(text)


@BETWEEN
def test_what_is_patched_is_renamed_with_a_comment_before_it(workspace, between):
    workspace.write("a.py", FUNCTION)
    workspace.write("test_a.py", f'mock.patch({between}"a.weigh")\n')
    assert workspace.renamed("mass")["test_a.py"] == f'mock.patch({between}"a.mass")\n'


@BETWEEN
def test_the_receiver_of_a_method_is_renamed_with_a_comment_before_it(one_file, between):
    text = f"class A:\n    def weigh({between}$0this): ...\n\n\nclass B(A):\n    def weigh({between}this): ...\n"
    assert one_file(text, "me") == text.replace("$0this", "me")


@BETWEEN
@pytest.mark.parametrize("star", ["*", "**"])
def test_a_starred_parameter_is_one_with_a_comment_behind_the_star(one_file, star, between):
    text = f"def f({star}{between}$0rest):\n    return rest\n"
    assert one_file(text, "others") == renamed(text, "rest", "others")


@BETWEEN
def test_a_new_name_that_is_a_starred_parameter_already_is_told(one_file, between):
    assert "'rest' is already in use" in one_file(f"def f($0it, *{between}rest):\n    return it, rest\n", "rest")


def test_a_comment_among_decorators_is_none_of_them(one_file):
    text = "@final\n# no dataclass\nclass P:\n    $0weigh = 1\n\n\nP(weigh=1)\n"
    assert one_file(text, "mass") == text.replace("$0weigh", "mass")


@BETWEEN
def test_a_comment_among_base_classes_is_none_of_them(one_file, between):
    text = f"class P({between}):\n    $0weigh = 1\n\n\nP(weigh=1)\n"
    assert one_file(text, "mass") == text.replace("$0weigh", "mass")
