from codekin_server.search.query import parse_query
from codekin_server.search.snippet import best_line, words_found

LINES = ["@cached", "def read_lines(path):", '    """Read a text file."""', "    return open(path).readlines()"]


def found(query):
    line = best_line(parse_query(query), LINES)
    return line.line, [line.text[start:end] for start, end in line.matches]


def test_the_line_with_most_of_the_words_is_shown():
    assert found("reading text files") == (2, ["Read", "text", "file"])


def test_words_inside_identifiers_match():
    assert found("lines") == (1, ["lines"])


def test_without_a_match_the_definition_is_shown():
    assert found("telephone") == (1, [])


def test_a_line_is_shown_without_its_indentation_and_not_at_any_length():
    line = best_line(parse_query("word"), ["    " + "word " * 100])
    assert line.text.startswith("word")
    assert len(line.text) == 200


def test_a_unit_whose_file_is_gone_has_an_empty_line():
    assert best_line(parse_query("word"), []).text == ""


def test_the_words_of_all_lines_are_found():
    assert words_found(parse_query("cached text telephone"), LINES) == {"cach", "text"}


def test_the_definition_of_what_is_named_is_shown_before_lines_with_more_of_its_dotted_name():
    lines = ["class Reader:", '    """Reader of pkg.io."""', "    fmt = '<pkg.io.Reader>'"]
    assert best_line(parse_query("pkg.io.Reader"), lines).line == 0


def test_the_line_that_was_running_is_shown():
    text = 'File "a.py", line 4, in read_lines\n    return open(path).readlines()\nFileNotFoundError: a text file'
    assert best_line(parse_query(text), LINES).line == 3
