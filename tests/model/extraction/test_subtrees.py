"""CoCoAST's splitting: what stands in which piece, and that nothing is lost."""

import argparse
import json.decoder
import json.encoder
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codekin_model.extraction.subtrees import (
    NESTED,
    SIGNATURE,
    STATEMENTS,
    LabelledTree,
    StructureTree,
    Subtree,
    labelled_tree,
    split,
)
from codekin_model.extraction.subtrees import structure_tree as structure_tree_of
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit_tree import unit_tree
from codekin_model.source.units import find_units

CODE = '''
    @cached(size=10)
    async def parse_header(lines, limit: int = 3) -> dict:
        """Parse it."""
        # parse_header reads a header
        found = {}
        size = len(lines)
        for line in lines:
            found[line] = size
            if line:
                while limit:
                    limit -= 1
            else:
                parse_header(line)
        found.clear()
        with open("x") as stream:
            stream.read()
        return f"{size} of {limit}" + 'more'
'''


def written(subtree: Subtree | LabelledTree) -> str:
    """A tree as ``LABEL(child child)``."""
    below: list[list[int]] = [[] for _ in subtree.labels]
    for number, parent in enumerate(subtree.parents[1:], start=1):
        below[parent].append(number)

    def visit(number: int) -> str:
        children = " ".join(map(visit, below[number]))
        return subtree.labels[number] + (f"({children})" if children else "")

    return visit(0)


@pytest.fixture
def structure(tree):
    return lambda snippet, **options: structure_tree_of(tree(snippet), **options)


@pytest.fixture
def pieces(structure):
    return lambda snippet, **options: [written(piece) for piece in structure(snippet, **options).subtrees]


def test_the_overview_has_a_leaf_for_the_signature_and_one_for_each_block(pieces):
    blocks = "STATEMENTS FOR_STATEMENT STATEMENTS WITH_STATEMENT STATEMENTS"
    assert pieces(CODE)[0] == f"ASYNC_FUNCTION_DEFINITION(SIGNATURE BLOCK({blocks}))"


def test_the_signature_holds_decorators_name_parameters_and_the_return_annotation(pieces):
    arguments = "ARGUMENT_LIST(KEYWORD_ARGUMENT(IDENTIFIER(size) INTEGER(10)))"
    parameter = "TYPED_DEFAULT_PARAMETER(IDENTIFIER(limit) TYPE(IDENTIFIER(int)) INTEGER(3))"
    assert pieces(CODE)[1] == (
        f"SIGNATURE(DECORATOR(CALL(IDENTIFIER(cached) {arguments})) IDENTIFIER(parse header) "
        f"PARAMETERS(IDENTIFIER(lines) {parameter}) TYPE(IDENTIFIER(dict)))"
    )


def test_a_run_of_simple_statements_is_one_piece_without_docstring_and_comments(pieces):
    assert pieces(CODE)[2] == (
        "STATEMENTS(EXPRESSION_STATEMENT(ASSIGNMENT(IDENTIFIER(found) DICTIONARY)) "
        "EXPRESSION_STATEMENT(ASSIGNMENT(IDENTIFIER(size) CALL(IDENTIFIER(len) ARGUMENT_LIST(IDENTIFIER(lines))))))"
    )


def test_a_compound_statement_keeps_its_simple_statements_and_has_a_leaf_for_a_nested_one(pieces):
    inside = "EXPRESSION_STATEMENT(ASSIGNMENT(SUBSCRIPT(IDENTIFIER(found) IDENTIFIER(line)) IDENTIFIER(size)))"
    assert pieces(CODE)[3] == (f"FOR_STATEMENT(IDENTIFIER(line) IDENTIFIER(lines) BLOCK({inside} NESTED_IF_STATEMENT))")


def test_a_nested_compound_statement_is_a_piece_of_its_own_with_its_other_branches(pieces):
    call = "EXPRESSION_STATEMENT(CALL(IDENTIFIER(parse header) ARGUMENT_LIST(IDENTIFIER(line))))"
    assert pieces(CODE)[4] == (
        f"NESTED_IF_STATEMENT(IDENTIFIER(line) BLOCK(NESTED_WHILE_STATEMENT) ELSE_CLAUSE(BLOCK({call})))"
    )


def test_nested_pieces_hang_below_the_one_around_them(structure):
    roots = [piece.labels[0] for piece in structure(CODE).subtrees]
    above = [roots[parent] if parent >= 0 else None for parent in structure(CODE).parents]
    assert list(zip(roots, above, strict=True)) == [
        ("ASYNC_FUNCTION_DEFINITION", None),
        ("SIGNATURE", "ASYNC_FUNCTION_DEFINITION"),
        ("STATEMENTS", "ASYNC_FUNCTION_DEFINITION"),
        ("FOR_STATEMENT", "ASYNC_FUNCTION_DEFINITION"),
        ("NESTED_IF_STATEMENT", "FOR_STATEMENT"),
        ("NESTED_WHILE_STATEMENT", "NESTED_IF_STATEMENT"),
        ("STATEMENTS", "ASYNC_FUNCTION_DEFINITION"),
        ("WITH_STATEMENT", "ASYNC_FUNCTION_DEFINITION"),
        ("STATEMENTS", "ASYNC_FUNCTION_DEFINITION"),
    ]


def test_strings_are_one_label_and_an_f_string_keeps_what_it_interpolates(pieces):
    parts = "STRING(INTERPOLATION(IDENTIFIER(size)) <STR> INTERPOLATION(IDENTIFIER(limit)))"
    assert pieces(CODE)[-1] == f"STATEMENTS(RETURN_STATEMENT(BINARY_OPERATOR:+({parts} <STR>)))"


def test_async_statements_say_so(pieces):
    code = "async def f(x):\n    async for y in x:\n        async with y: pass\n"
    assert pieces(code)[0] == "ASYNC_FUNCTION_DEFINITION(SIGNATURE BLOCK(ASYNC_FOR_STATEMENT))"
    assert pieces(code)[-1].startswith("NESTED_ASYNC_WITH_STATEMENT(")


@pytest.mark.parametrize(
    ("statement", "label"),
    [
        ("if x: pass", "IF_STATEMENT"),
        ("while x: pass", "WHILE_STATEMENT"),
        ("try: pass\n    except E: pass\n    else: pass\n    finally: pass", "TRY_STATEMENT"),
        ("with x: pass", "WITH_STATEMENT"),
        ("match x:\n        case 1: pass", "MATCH_STATEMENT"),
        ("class A: pass", "CLASS_DEFINITION"),
        ("@wrap\n    def g(): pass", "FUNCTION_DEFINITION"),
    ],
)
def test_each_compound_statement_is_a_block(statement, label):
    unit = next(each for each in find_units(parse(text_of(f"def f(x):\n    {statement}\n"))) if each.name == "f")
    tree = structure_tree_of(unit_tree(unit))
    assert written(tree.subtrees[0]) == f"FUNCTION_DEFINITION(SIGNATURE BLOCK({label}))"
    assert tree.subtrees[2].labels[0] == label


def test_the_own_name_is_masked_in_the_signature_and_in_recursive_calls(structure):
    labels = [label for piece in structure(CODE, masked=True).subtrees for label in piece.labels]
    assert labels.count("METHOD_NAME") == 2
    assert not {"parse", "header"} & set(labels)


def test_a_one_line_function_has_one_block(pieces):
    assert pieces("def f(): return 1") == [
        "FUNCTION_DEFINITION(SIGNATURE BLOCK(STATEMENTS))",
        "SIGNATURE(IDENTIFIER(f) PARAMETERS)",
        "STATEMENTS(RETURN_STATEMENT(INTEGER(1)))",
    ]


def test_a_word_of_the_code_is_never_taken_for_a_type(pieces):
    assert "IDENTIFIER(list)" in pieces("def f(list): return [list]")[2]
    assert "LIST(IDENTIFIER(list))" in pieces("def f(list): return [list]")[2]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A piece being put back below node ``above``: ``numbers`` are those of its nodes in the whole tree."""

    subtree: Subtree
    cuts: dict[int, int]
    above: int
    rest: Iterator[int]
    numbers: list[int] = field(default_factory=list[int])


def _opened(subtree: Subtree, below: Sequence[int], above: int) -> _Opened:
    cuts = dict(zip(subtree.holes, below, strict=True))
    return _Opened(subtree, cuts, above, iter(range(len(subtree.labels))))


def rebuild(structure: StructureTree) -> LabelledTree:
    """The tree that was split into ``structure``."""
    below: list[list[int]] = [[] for _ in structure.subtrees]
    for number, parent in enumerate(structure.parents[1:], start=1):
        below[parent].append(number)
    labels: list[str] = []
    parents: list[int] = []
    stack = [_opened(structure.subtrees[0], below[0], -1)]
    while stack:
        opened = stack[-1]
        place = next(opened.rest, None)
        if place is None:
            stack.pop()
            continue
        above = opened.subtree.parents[place]
        parent = opened.numbers[above] if above >= 0 else opened.above
        cut = opened.cuts.get(place)
        label = opened.subtree.labels[place]
        if cut is not None:
            opened.numbers.append(parent)
            stack.append(_opened(structure.subtrees[cut], below[cut], parent))
        elif above < 0 and label in (SIGNATURE, STATEMENTS):
            opened.numbers.append(parent)
        else:
            opened.numbers.append(len(labels))
            labels.append(label.removeprefix(NESTED))
            parents.append(parent)
    return LabelledTree(tuple(labels), tuple(parents))


def test_code_that_cannot_be_parsed_is_split_all_the_same(tree):
    whole = labelled_tree(tree("def f(x:\n    if x:\n        return (1\n"))
    assert rebuild(split(whole)) == whole


def test_deep_code_overflows_nothing(tree):
    depth = 3000
    whole = labelled_tree(tree(f"def f(x):\n    return {'(' * depth}x{')' * depth}\n"))
    assert len(whole.labels) > depth
    assert rebuild(split(whole)) == whole


def test_deep_nesting_overflows_nothing():
    depth = 3000
    labels = ("FUNCTION_DEFINITION", "BLOCK", *["IF_STATEMENT", "BLOCK"] * depth)
    whole = LabelledTree(labels, tuple(range(-1, len(labels) - 1)))
    structure = split(whole)
    assert len(structure.subtrees) == depth + 1
    assert rebuild(structure) == whole


@pytest.mark.parametrize("module", [json.decoder, json.encoder, textwrap, argparse])
@pytest.mark.parametrize("masked", [False, True])
def test_real_files_are_rebuilt_from_their_pieces(module, masked):
    units = find_units(parse(text_of(Path(module.__file__).read_text("utf-8"))))
    assert any(unit.kind.is_function for unit in units)
    for unit in units:
        whole = labelled_tree(unit_tree(unit), masked=masked)
        assert rebuild(split(whole)) == whole


# Generated sources: lists of lines, nested blocks indented.

Lines = list[str]
SIMPLE = ("x = f(y)", "return x + 1", "pass", "del x[0]", '"text"', "# words", "await x", "x: int = {'a': [*y]}")
HEADERS = (
    ("if x:",),
    ("if x:", "elif y:", "else:"),
    ("for i in x:", "else:"),
    ("async for i in x:",),
    ("while x > 1:",),
    ("try:", "except E as e:", "else:", "finally:"),
    ("with f(x) as y:",),
    ("async with x:",),
    ("def g(a, *b, c=1, **d):",),
    ("class C(B):",),
    ("@wrap(1)\ndef h() -> int:",),
)


def indented(lines: Lines) -> Lines:
    return [f"    {line}" for line in lines]


def blocks(statements: st.SearchStrategy[Lines]) -> st.SearchStrategy[Lines]:
    """One statement or more, with something in it that is no comment."""
    lists = st.lists(statements, min_size=1, max_size=4)
    return lists.map(lambda found: [line for lines in found for line in lines] + ["pass"])


def compound(statements: st.SearchStrategy[Lines]) -> st.SearchStrategy[Lines]:
    def of(headers: tuple[str, ...]) -> st.SearchStrategy[Lines]:
        bodies = st.lists(blocks(statements), min_size=len(headers), max_size=len(headers))
        return bodies.map(
            lambda found: [
                line
                for header, body in zip(headers, found, strict=True)
                for line in [*header.split("\n"), *indented(body)]
            ]
        )

    return st.sampled_from(HEADERS).flatmap(of)


sources = blocks(st.recursive(st.sampled_from(SIMPLE).map(lambda line: [line]), compound, max_leaves=8)).map(
    lambda body: "\n".join(["@outer", "async def f(self, x=1):", *indented(body)]) + "\n"
)


@settings(max_examples=60, deadline=None)
@given(sources, st.booleans())
def test_generated_functions_are_rebuilt_from_their_pieces(source, masked):
    unit = next(each for each in find_units(parse(text_of(source))) if each.name == "f")
    whole = labelled_tree(unit_tree(unit), masked=masked)
    assert whole.labels[0] == "ASYNC_FUNCTION_DEFINITION"
    assert rebuild(split(whole)) == whole


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="defclass if:()\n    x@\"'#,=[]{}", max_size=120))
def test_any_text_is_rebuilt_from_its_pieces(text):
    for unit in find_units(parse(text_of(text))):
        whole = labelled_tree(unit_tree(unit))
        assert rebuild(split(whole)) == whole


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_tree_is_rebuilt_from_its_pieces(data):
    labels = st.sampled_from(["FUNCTION_DEFINITION", "BLOCK", "IF_STATEMENT", "CALL", "ERROR", "x"])
    root, size = data.draw(labels), data.draw(st.integers(0, 30))
    tree = LabelledTree((root,), (-1,))
    path = [0]
    for number in range(1, size + 1):
        path = path[: data.draw(st.integers(1, len(path)))]
        tree = LabelledTree((*tree.labels, data.draw(labels)), (*tree.parents, path[-1]))
        path.append(number)
    assert rebuild(split(tree)) == tree


@settings(max_examples=50, deadline=None)
@given(sources)
def test_no_piece_holds_a_compound_statement_below_its_root(source):
    unit = next(each for each in find_units(parse(text_of(source))) if each.name == "f")
    structure: StructureTree = structure_tree_of(unit_tree(unit))
    for piece in structure.subtrees[2:]:
        held = [label for at, label in enumerate(piece.labels) if at and at not in piece.holes]
        assert not {"IF_STATEMENT", "FOR_STATEMENT", "CLASS_DEFINITION", "FUNCTION_DEFINITION"} & set(held)
