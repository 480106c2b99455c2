import pytest

from codekin_server.assist_error import AssistError
from codekin_server.pasted import pasted_code


def test_a_function_is_compared_by_its_name_too():
    pasted = pasted_code("def add(a, b):\n    return a + b\n")
    assert (pasted.named, pasted.unit.qualified_name, pasted.note) == (True, "add", None)


def test_indentation_is_taken_off():
    assert pasted_code("    def add(self):\n        return 1\n").unit.source == "def add(self):\n    return 1"


def test_of_several_the_longest_is_compared_and_that_is_said():
    pasted = pasted_code("def a():\n    return 1\n\n\ndef much_longer(b):\n    return b * 2\n")
    assert pasted.unit.name == "much_longer"
    assert pasted.note == "compared by 'much_longer', the longest of 2 definitions in the code"


def test_statements_have_no_name():
    pasted = pasted_code("for a in b:\n    print(a)")
    assert not pasted.named
    assert pasted.unit.source.endswith("    for a in b:\n        print(a)")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "no code"),
        ("\n  \n", "no code"),
        ("# nothing", "only comments"),
        ("a = 1\nb = (", "broken at its line 2"),
        ("x = 1\n" * 50_000, "longer than"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_line(code, message):
    with pytest.raises(AssistError, match=message):
        pasted_code(code)
