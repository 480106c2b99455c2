"""Fields of a ``TypedDict`` are keys of dictionaries: none is renamed where something may be such a key."""

import pytest

MOVIE = "from typing import TypedDict\n\n\nclass Movie(TypedDict):\n    $0title: str\n    year: int\n\n\n"
SUB = MOVIE.replace("$0", "").replace("title", "name") + "class Short(Movie):\n    $0title: str\n\n\n"


@pytest.mark.parametrize("text", [MOVIE, SUB])
@pytest.mark.parametrize(
    "use",
    [
        "m['title'] = 1",
        "m.get('title')",
        "'title' not in m",
        "m: Movie = {'title': 'b'}",
        "match m:\n    case {'title': x}: pass",
        "sorted(x, key=itemgetter('title'))",
    ],
)
def test_a_key_that_may_be_the_field_is_told(workspace, text, use):
    workspace.write("a.py", text)
    workspace.write("b.py", f"\n{use}\n")
    line = 2 + use.count("\n")
    assert f"'title' at b.py:{line} may be the key of a TypedDict that is renamed" == workspace.conflicts("heading")


@pytest.mark.parametrize("use", ["Movie(title='b')", "print('title')", "m['year'] = 'title'", "{1: 'title'}"])
def test_other_strings_say_nothing(one_file, use):
    text = MOVIE + use + "\n"
    after = text.replace("$0title", "heading").replace("(title=", "(heading=")
    assert one_file(text, "heading") == after


def test_a_class_that_is_no_typed_dict_has_no_keys(one_file):
    text = "class Movie(dict):\n    $0title: str = ''\n\n\nm['title'] = 1\n"
    assert one_file(text, "heading") == text.replace("$0title", "heading")
