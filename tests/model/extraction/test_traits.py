"""What a function's shape says of its name, and how alike two shapes are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.extraction.traits import Resemblance, Traits, resemblance, traits_of
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import UnitKind
from codekin_model.source.unit_tree import unit_tree
from codekin_model.source.units import find_units

WORDS = st.sampled_from(("path", "file", "line", "read", "size"))
SETS = st.frozensets(WORDS)
TRAITS = st.builds(
    Traits,
    kind=st.sampled_from([kind for kind in UnitKind if kind.is_function]),
    scope=SETS,
    parameters=st.lists(WORDS, unique=True).map(tuple),
    decorators=SETS,
    identifiers=SETS,
    says_own_name=st.booleans(),
    returns=st.booleans(),
    lines=st.integers(1, 1000),
    uses=st.lists(st.tuples(WORDS, st.integers(1, 9)), unique_by=lambda pair: pair[0]).map(tuple),
    returned=SETS,
    called=SETS,
)


@pytest.fixture
def traits(tree):
    """The traits of the last function of a snippet."""
    return lambda snippet: traits_of(tree(snippet))


@pytest.mark.parametrize(
    ("signature", "parameters"),
    [
        ("", ()),
        ("path, file", ("path", "file")),
        ("path: Path, limit: int = 3", ("path", "limit")),
        ("path=None, limit=LIMIT", ("path", "limit")),
        ("*paths, **settings", ("paths", "settings")),
        ("*paths: Path, **settings: dict[str, Any]", ("paths", "settings")),
        ("path, /, file, *, line: str", ("path", "file", "line")),
        ("größe", ("größe",)),
        ("\n    path,  # where\n    # how much\n    limit,\n", ("path", "limit")),
    ],
)
def test_parameters_are_in_order_without_types_defaults_and_stars(traits, signature, parameters):
    assert traits(f"def read({signature}):\n    pass\n").parameters == parameters


@pytest.mark.parametrize("receiver", ["self", "cls", "self: Self"])
def test_receivers_are_no_parameters(traits, receiver):
    assert traits(f"class Store:\n    def read({receiver}, path): pass\n").parameters == ("path",)


@pytest.mark.parametrize(
    ("decorator", "word"),
    [
        ("@property", "property"),
        ("@size.setter", "setter"),
        ("@functools.cache", "cache"),
        ("@functools.lru_cache(maxsize=a.b)", "lru_cache"),
        ("@ wraps(read)", "wraps"),
        ("@pytest.mark.parametrize('a', [\n    1,\n])", "parametrize"),
    ],
)
def test_a_decorator_is_its_last_word(traits, decorator, word):
    assert traits(f"{decorator}\ndef size(self): pass\n").decorators == {word}


def test_several_decorators_with_comments_between(traits):
    found = traits("@staticmethod\n# for speed\n@functools.cache\ndef size(): pass\n")
    assert found.decorators == {"staticmethod", "cache"}


def test_functions_without_decorators_have_none(traits):
    assert traits("def size(): pass\n").decorators == frozenset()


def test_async_functions_are_functions_like_others(traits):
    asynchronous = traits("@retry(3)\nasync def fetch(url):\n    return await load(url)\n")
    assert asynchronous == traits("@retry(3)\ndef fetch(url):\n    return load(url)\n")


def test_identifiers_are_those_of_the_body_attributes_among_them(traits):
    found = traits("@cache\ndef read(path: Path):\n    text = path.open(mode=MODE)\n    return text\n")
    assert found.identifiers == {"text", "path", "open", "mode", "MODE"}


def test_uses_count_the_words_of_a_bodys_identifiers(traits):
    found = traits("def size(path):\n    file_size = path.size\n    return file_size, len(path.parts)\n")
    assert found.uses == (("file", 2), ("len", 1), ("parts", 1), ("path", 2), ("size", 2))


def test_what_is_given_back_is_told_by_its_words(traits):
    found = traits("def read(path):\n    if path:\n        return file_lines\n    return (path,)\n")
    assert found.returned == {"file", "lines", "path"}


def test_what_inner_functions_give_back_is_not_given_back():
    units = find_units(parse(text_of("def read(path):\n    def inner():\n        return other\n    return path\n")))
    found = traits_of(unit_tree(next(unit for unit in units if unit.name == "read")))
    assert (found.returned, found.uses) == ({"path"}, (("inner", 1), ("other", 1), ("path", 1)))


def test_calls_are_told_by_the_words_of_their_last_names(traits):
    found = traits("def read(path):\n    open_file(self.store.read_line(path))()\n    parts[0]()\n")
    assert found.called == {"open", "file", "read", "line"}


def test_words_of_strings_and_comments_are_no_identifiers(traits):
    assert traits('def read():\n    """Opens path."""\n    # closes\n    return "file"\n').identifiers == frozenset()


@pytest.mark.parametrize("body", ["return super().read(path)", "return read(path)", "return self.inner.read(path)"])
def test_a_body_that_says_the_functions_own_name(traits, body):
    found = traits(f"class Store:\n    def read(self, path): {body}\n")
    assert found.says_own_name
    assert "read" not in found.identifiers


def test_a_body_that_does_not_say_the_functions_own_name(traits):
    assert not traits("def read(path):\n    return path.read_text()\n").says_own_name


def test_the_own_name_is_in_no_other_trait(traits):
    one = traits("def read(path):\n    read(path)\n    return read(path.parent)\n")
    assert one == traits("def load(path):\n    load(path)\n    return load(path.parent)\n")


@pytest.mark.parametrize(("body", "returns"), [("return 1", True), ("return", False), ("pass", False)])
def test_whether_a_value_is_given_back(traits, body, returns):
    assert traits(f"def read(path):\n    if path:\n        {body}\n").returns is returns


def test_the_scope_is_the_words_around_a_function(traits):
    assert traits("class FileReader:\n    def read_line(self): pass\n").scope == {"file", "reader"}
    assert traits("def read_line(): pass\n").scope == frozenset()


def test_lines_are_those_of_the_whole_function(traits):
    assert traits("@cache\ndef read(\n    path\n):\n    return 1\n").lines == 5


@pytest.mark.parametrize(
    "code",
    [
        "def read(:\n    return (\n",
        "def read(path, =3, *):\n    return path\n",
        "def read(path",
        "@\ndef read(path): pass\n",
        "@(\ndef read(path):\n    return\n",
        "def read(((a, b)), c):\n    x = [\n",
        "class\n    def read(self):\n",
    ],
)
def test_broken_code_has_traits_too(traits, code):
    assert traits(code).lines >= 1


@given(one=TRAITS, other=TRAITS)
def test_resemblance_is_the_same_both_ways(one, other):
    there, back = resemblance(one, other), resemblance(other, one)
    assert there == replace(back, length=pytest.approx(back.length))


@given(one=TRAITS, other=TRAITS)
def test_resemblances_lie_between_nothing_and_all(one, other):
    alike = resemblance(one, other)
    assert all(0 <= share <= 1 for share in (alike.parameters, alike.identifiers, alike.scope))
    assert alike.length >= 0


def test_a_function_is_like_itself(traits):
    own = traits("@cache\ndef read(path, mode):\n    return path.open(mode)\n")
    assert resemblance(own, own) == Resemblance(
        parameters=1.0,
        same_parameters=True,
        identifiers=1.0,
        same_kind=True,
        same_decorators=True,
        length=0.0,
        scope=0.0,
        both_say_own_name=False,
        same_return=True,
    )


def test_parameters_and_identifiers_are_compared_as_shares(traits):
    alike = resemblance(
        traits("def read(path, mode):\n    return path.open(mode)\n"), traits("def load(mode, path, limit): pass\n")
    )
    assert alike.parameters == pytest.approx(2 / 3)
    assert (alike.same_parameters, alike.identifiers, alike.same_return) == (False, 0.0, False)


def test_functions_without_parameters_are_half_alike_in_them(traits):
    alike = resemblance(traits("def read(): pass\n"), traits("def load(): pass\n"))
    assert (alike.parameters, alike.same_parameters) == (0.5, True)


def test_the_order_of_parameters_tells_functions_apart(traits):
    alike = resemblance(traits("def read(a, b): pass\n"), traits("def load(b, a): pass\n"))
    assert (alike.parameters, alike.same_parameters) == (1.0, False)
