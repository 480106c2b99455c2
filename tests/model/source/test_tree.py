import threading
import time

from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Node, Parser

from codekin_model.source.difference import edit_between
from codekin_model.source.span import Edit, Span
from codekin_model.source.text import SourceText, text_of
from codekin_model.source.tree import parse, python_language, reparse

CODE = '''import os

@cached
def first(a, b=1):
    """Doc."""
    if a:
        return [x for x in b if x]
    return f"{a!r} é {b:>{a}}"


class Shape(Base):
    sides = 4

    async def draw(self):
        with self.pen as pen, open(os.devnull):
            pen.down()
'''


def shape(root: Node) -> list[tuple[str, int, int, int]]:
    """Every node with its place, which two equal trees share."""
    found: list[tuple[str, int, int, int]] = []
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        found.append((node.type, depth, node.start_byte, node.end_byte))
        stack.extend((child, depth + 1) for child in reversed(node.children))
    return found


def spliced(content: str, start: int, length: int, replacement: str) -> str:
    start = min(start, len(content))
    return content[:start] + replacement + content[start + length :]


pieces = st.sampled_from(
    ["", "x", "\n", "    ", "def f():\n", ")", "(", '"""', "'", ":", "#", "é", "if a:\n", ", ", "@"]
)
edits = st.lists(st.tuples(st.integers(0, len(CODE) + 20), st.integers(0, 30), pieces), min_size=1, max_size=4)


def test_correct_code_has_no_diagnostics():
    assert parse(text_of(CODE)).diagnostics == ()


def test_a_diagnostic_says_where_and_what():
    (problem,) = parse(text_of("def f(:\n    pass\n")).diagnostics
    assert problem.message == "missing )"
    assert problem.span == Span(6, 6)


def test_diagnostics_are_in_source_order():
    starts = [each.span.start for each in parse(text_of("x = )\n\ny = 1\n\nz = ]\n")).diagnostics]
    assert len(starts) > 1
    assert starts == sorted(starts)


@given(st.text(max_size=200))
def test_any_text_gives_a_tree(content):
    text = text_of(content)
    tree = parse(text)
    assert tree.root.end_byte <= len(text.data)
    assert all(0 <= each.span.start <= each.span.end <= len(text.data) for each in tree.diagnostics)


@given(edits)
@settings(max_examples=300)
def test_an_incremental_parse_equals_a_full_one(changes):
    content, tree = CODE, parse(text_of(CODE))
    for start, length, replacement in changes:
        content = spliced(content, start, length, replacement)
        text = text_of(content)
        tree = reparse(tree, [edit_between(tree.text.data, text.data)], text)
        assert shape(tree.root) == shape(parse(text).root)


def test_an_edit_of_broken_code_gives_the_tree_that_a_full_parse_gives():
    content, tree = CODE, parse(text_of(CODE))
    for start in (68, 135):
        content = spliced(content, start, 0, '"""')
        text = text_of(content)
        tree = reparse(tree, [edit_between(tree.text.data, text.data)], text)
    assert shape(tree.root) == shape(parse(tree.text).root)


def test_several_edits_at_once_equal_a_full_parse():
    before = parse(text_of("a = 1\nb = 2\nc = 3\n"))
    after = text_of("long_name = 1\n\n\nb = 2\nc = 3 + 4\n")
    edits = [Edit(0, 1, 9), Edit(14, 14, 16), Edit(27, 27, 31)]
    tree = reparse(before, edits, after)
    assert shape(tree.root) == shape(parse(after).root)


def test_the_tree_before_an_edit_stays_as_it_was():
    before = parse(SourceText(b"a = 1\n"))
    shape_before = shape(before.root)
    reparse(before, [Edit(0, 1, 4)], SourceText(b"name = 1\n"))
    assert shape(before.root) == shape_before
    assert before.root.text == b"a = 1\n"


def test_a_long_text_is_parsed_in_pieces_to_the_same_tree():
    text = text_of("".join(f'def größe_{at}(x):\n    """Twice."""\n    return x + {at}\n\n' for at in range(1500)))
    whole = Parser(python_language()).parse(text.data)
    tree = parse(text)
    assert len(text.data) > 2 * (1 << 15)
    assert shape(tree.root) == shape(whole.root_node)
    assert tree.root.children[700].child_by_field_name("name").text.decode() == "größe_700"
    assert tree.root.children[700].text == whole.root_node.children[700].text


def test_while_a_long_text_is_parsed_other_threads_run():
    text = text_of("x = [1, 2, 3]\n" * 40_000)
    turns, parsed = [], threading.Event()

    def count():
        while not parsed.is_set():
            turns.append(True)
            time.sleep(0)

    counting = threading.Thread(target=count)
    counting.start()
    before = len(turns)
    parse(text)
    after = len(turns)
    parsed.set()
    counting.join()

    assert after - before > 3
