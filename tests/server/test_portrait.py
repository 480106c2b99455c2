from pathlib import Path

from codekin_server.portrait import portrait_at

NUMBERS = Path("package/numbers.py")


def portrait(assist, words: str):
    return portrait_at(assist, NUMBERS, (assist.root / NUMBERS).read_text().index(words))


def test_a_function_at_a_glance(assist):
    found = portrait(assist, "add_numbers")
    assert found.target.name == "add_numbers"
    assert found.kin[0].name == "subtract_numbers"
    assert {"left", "right"} <= set(found.tokens)
    assert "add_numbers" not in found.tokens
    assert found.names


def test_what_is_no_functions_name_has_none(assist):
    assert portrait(assist, "LIMIT") is None
    assert portrait(assist, "left + right") is None
