import random
import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Node

from codekin_model.extraction.paths import STRING, PathContext, PathLimits, path_contexts
from codekin_model.extraction.tokens import METHOD_NAME, subtokens
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import UnitTree, unit_tree
from codekin_model.source.units import find_units

CODE = '''@cached(size=10)
async def parse_header(self, lines, *, limit: int = 3) -> dict[str, str]:
    """Parse it."""
    # parse_header reads a header
    found = {}
    for number, line in enumerate(lines):
        if limit is not None and number >= limit or not line:
            break
        key, _, value = line.partition(":")
        found[key.lower()] = [part.strip() for part in value.split(",") if (size := len(part)) > 2]
        found["x"] += f"{size!r:>{limit}} of {key}" "more" b"bytes"
    match found:
        case {"a": [first, *rest]}:
            return await self.parse_header(rest, limit=-1 - 2 ** 3)
        case _:
            print >>out, parse_header(found) not in (1, 2.5)
    return lambda: found
'''
UNLIMITED = PathLimits(contexts=10**9)


def tree_of(code: str) -> UnitTree:
    return unit_tree(find_units(parse(text_of(code)))[-1])


def as_text(context: PathContext) -> tuple[str, str, str]:
    return context.start.token, context.path, context.end.token


def plain(tree: UnitTree, **options) -> list[tuple[str, str, str]]:
    return [as_text(context) for context in path_contexts(tree, **options)]


# A second, slow reading of the definition: all pairs of leaves, and their common ancestor by the chains of parents.

Chain = list[tuple[Node, int]]
"""A leaf and its ancestors, each with its place among the children of the next."""


def chains(tree: UnitTree) -> list[Chain]:
    found: list[Chain] = []

    def visit(node: Node, above: Chain) -> None:
        inner = [child for child in node.children if child.is_named]
        if node.type == "string" and not any(child.type == "interpolation" for child in inner):
            inner = []
        elif node.type == "string":
            inner = [child for child in inner if child.type in ("interpolation", "string_content")]
        if node.type == "string_content" or not inner:
            if "string" in node.type or any(map(wordy, (node.text or b"").decode())):
                found.append([(node, 0), *above] if not above else [(node, above[0][1]), *above])
            return
        counted = [child for child in inner if not child.is_extra and child != tree.docstring]
        for place, child in enumerate(counted):
            visit(child, [(node, place), *above])

    visit(tree.node, [])
    return [straightened(chain) for chain in found]


def straightened(chain: Chain) -> Chain:
    """Each node with its own place: the walk noted the place of the child that it came from."""
    nodes = [node for node, _ in chain]
    places = [place for _, place in chain[1:]] + [0]
    return list(zip(nodes, places, strict=True))


def wordy(character: str) -> bool:
    return character.isalnum() or character == "_"


def label(node: Node) -> str:
    operators = node.children_by_field_name("operator") + node.children_by_field_name("operators")
    text = re.sub(r"\s", "", "".join((each.text or b"").decode() for each in operators))
    return f"({node.type}:{text})" if text else f"({node.type})"


def token(leaf: Node, own_name: str | None) -> str:
    text = (leaf.text or b"").decode()
    if "string" in leaf.type:
        return STRING
    return METHOD_NAME if text == own_name else "|".join(subtokens(text))


def brute_force(tree: UnitTree, limits: PathLimits, own_name: str | None) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for left, right in combinations(chains(tree), 2):
        up = next(at for at, (node, _) in enumerate(left) if node in [other for other, _ in right])
        down = [node for node, _ in right].index(left[up][0])
        width = right[down - 1][1] - left[up - 1][1]
        if up + down > limits.length or width > limits.width:
            continue
        ascent = "^".join(label(node) for node, _ in left[: up + 1])
        descent = "_".join(label(node) for node, _ in reversed(right[:down]))
        found.append((token(left[0][0], own_name), f"{ascent}_{descent}", token(right[0][0], own_name)))
    return found


def sample(found: list[tuple[str, str, str]], limits: PathLimits) -> list[tuple[str, str, str]]:
    if len(found) <= limits.contexts:
        return found
    chosen = random.Random(limits.seed).sample(range(len(found)), limits.contexts)  # noqa: S311
    return [found[at] for at in sorted(chosen)]


@pytest.mark.parametrize("length", [*range(1, 12), 40])
@pytest.mark.parametrize("width", [0, 1, 2, 3, 40])
def test_every_limit_agrees_with_brute_force(length, width):
    tree, limits = tree_of(CODE), PathLimits(length, width, 10**9)
    assert plain(tree, limits=limits) == brute_force(tree, limits, None)
    assert plain(tree, limits=limits, masked=True) == brute_force(tree, limits, "parse_header")


@given(st.integers(1, 12), st.integers(0, 6), st.integers(0, 500), st.integers(0, 3))
@settings(max_examples=30, deadline=None)
def test_a_sample_is_what_a_sample_of_all_pairs_would_be(length, width, contexts, seed):
    limits = PathLimits(length, width, contexts, seed)
    tree = tree_of(CODE)
    found = plain(tree, limits=limits)
    assert found == sample(brute_force(tree, limits, None), limits)
    assert len(found) <= contexts


names = st.sampled_from(["a", "bc", "get_item", "parse_header", "X1", "_", "größe"])
atoms = names | st.sampled_from(["1", "2.5", "None", "'s'", "f'{a}b'", "f'{a!r:>{bc}}'", "[]", "...", "0x1F", "()"])
expressions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "and", "not in", "<", "if a else", "**"]), inner),
        st.builds("{}({}, {}={})".format, names, inner, names, inner),
        st.builds("{}.{}[{}]".format, names, names, inner),
        st.builds("[{} for {} in {} if {}]".format, inner, names, inner, inner),
        st.builds("{{{}: {}, **{}}}".format, inner, inner, names),
        st.builds("(lambda {}: -{})".format, names, inner),
    ),
    max_leaves=8,
)
statements = st.one_of(
    st.builds("    {} = {}\n".format, names, expressions),
    st.builds("    return {}\n".format, expressions),
    st.builds("    if {}:\n        {}\n".format, expressions, expressions),
    st.builds("    for {} in {}:\n        {} += {}\n".format, names, expressions, names, expressions),
    st.sampled_from(
        ["    '''Doc.'''\n", "    # note\n", "    pass\n", "    print a, b\n", "    del (\n", "    ) = ]\n"]
    ),
)
functions = st.builds(
    lambda name, lines: f"def {name}(self, a=1):\n{''.join(lines) or '    pass'}",
    names,
    st.lists(statements, max_size=5),
)


@given(functions, st.integers(2, 9), st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_any_function_agrees_with_brute_force(code, length, width):
    tree, limits = tree_of(code), PathLimits(length, width, 10**9)
    assert plain(tree, limits=limits) == brute_force(tree, limits, None)


@given(functions)
@settings(max_examples=100, deadline=None)
def test_without_limits_every_two_terminals_have_one_path(code):
    tree = tree_of(code)
    terminals = len(chains(tree))
    found = path_contexts(tree, limits=PathLimits(10**3, 10**3, 10**9))
    assert len(found) == terminals * (terminals - 1) // 2


@given(functions)
@settings(max_examples=100, deadline=None)
def test_the_same_unit_always_has_the_same_contexts(code):
    assert path_contexts(tree_of(code)) == path_contexts(tree_of(code))


@given(functions)
@settings(max_examples=100, deadline=None)
def test_spans_are_where_the_terminals_stand(code):
    tree = tree_of(code)
    for context in path_contexts(tree):
        for terminal in (context.start, context.end):
            if terminal.token != STRING:
                assert terminal.token == "|".join(subtokens(tree.text.slice(terminal.span)))
        assert context.start.span.end <= context.end.span.start


@given(functions)
@settings(max_examples=100, deadline=None)
def test_a_masked_name_is_in_no_terminal(code):
    tree = tree_of(code)
    texts = [
        (terminal.token, tree.text.slice(terminal.span))
        for context in path_contexts(tree, masked=True, limits=UNLIMITED)
        for terminal in (context.start, context.end)
    ]
    assert all((token == METHOD_NAME) == (text == tree.unit.name) for token, text in texts)


def test_recursive_calls_are_masked_too():
    tokens = [start for start, _, _ in plain(tree_of(CODE), masked=True, limits=UNLIMITED)]
    assert METHOD_NAME in tokens
    assert "parse|header" not in tokens


def test_the_name_of_a_class_is_never_masked(tree):
    tokens = [start for start, _, _ in plain(tree("class Shape(Base):\n    sides = 4\n"), masked=True)]
    assert tokens[0] == "shape"
    assert METHOD_NAME not in tokens


def test_the_docstring_and_comments_are_no_terminals(tree):
    with_words = plain(tree('def f(a):\n    """Doc."""\n    # note\n    return a\n'))
    assert with_words == plain(tree("def f(a):\n    return a\n"))


def test_operators_are_part_of_the_path(tree):
    paths = [path for _, path, _ in plain(tree("def f(a, b):\n    return a + b, a not in b, not a, a < b\n"))]
    assert "(identifier)^(binary_operator:+)_(identifier)" in paths
    assert "(identifier)^(comparison_operator:notin)_(identifier)" in paths


def test_a_method_has_the_contexts_of_the_same_function_alone(tree):
    method = tree("class C:\n    def f(self, a):\n        if a:\n            return self\n")
    assert path_contexts(method) == path_contexts(tree("def f(self, a):\n    if a:\n        return self\n"))


@pytest.mark.parametrize(
    "body",
    [
        "(" * 10_000 + "a" + ")" * 10_000,
        "f(a, " * 5_000 + "a" + ")" * 5_000,
        "a" + ".b(c)" * 10_000,
        "a + " * 10_000 + "a",
        "[" + "1, " * 20_000 + "]",
        "[" + f"({'1, ' * 150}), " * 150 + "]",
    ],
    ids=["brackets", "calls", "chain", "sum", "list", "table"],
)
def test_huge_and_deep_functions_are_sampled(body):
    tree = tree_of(f"def f(a):\n    return {body}\n")
    contexts = path_contexts(tree)
    assert len(contexts) <= 200
    assert contexts == path_contexts(tree)


@given(st.text(max_size=200) | st.integers(0, len(CODE)).flatmap(lambda at: st.just(CODE[:at] + CODE[at + 7 :])))
@settings(max_examples=200, deadline=None)
def test_any_text_has_contexts_whose_fields_are_sound(content):
    units: tuple[CodeUnit, ...] = find_units(parse(text_of(content)))
    for unit in units:
        for context in path_contexts(unit_tree(unit), masked=True):
            for part in as_text(context):
                assert part
                assert not re.search(r"[\s,]", part)
