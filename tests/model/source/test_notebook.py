import json

import pytest

from codekin_model.source.notebook import read_notebook
from codekin_model.source.text import UnreadableSource


def notebook(*cells, language="python", **more) -> bytes:
    metadata = {"language_info": {"name": language}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5, **more}).encode()


def code(source):
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}, "execution_count": None}


def texts(raw):
    return {cell.number: cell.text.data.decode() for cell in read_notebook(raw)}


def test_code_cells_are_numbered_and_others_left_out():
    markdown = {"cell_type": "markdown", "source": ["# Title"]}
    assert texts(notebook(code(["a = 1\n", "b = 2"]), markdown, code("c = 3"))) == {1: "a = 1\nb = 2", 2: "c = 3"}


def test_magics_are_taken_out():
    assert texts(notebook(code("%time\nx = 1"))) == {1: "#time\nx = 1"}


def test_a_notebook_of_another_language_has_no_python():
    assert texts(notebook(code("x <- 1"), language="R")) == {}


def test_a_notebook_that_says_nothing_of_its_language_is_pythons():
    assert texts(json.dumps({"cells": [code("x = 1")]}).encode()) == {1: "x = 1"}


def test_format_3_keeps_its_cells_in_worksheets():
    cells = [{"cell_type": "code", "input": ["x = 1"]}]
    assert texts(json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode()) == {1: "x = 1"}


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"{}", b'{"cells": 3}', b'{"worksheets": 3}', b"\xff\xfe", b'{"cells": "\xff"}', b"[" * 100_000],
)
def test_what_is_no_notebook_is_refused_with_advice(raw):
    with pytest.raises(UnreadableSource, match=r"no notebook .*; open and save it in Jupyter"):
        read_notebook(raw)


def test_odd_cells_are_passed_over():
    odd = [
        3,
        None,
        {"cell_type": "code"},
        {"cell_type": "code", "source": [1, "x = 1"]},
        {"cell_type": "code", "source": 7},
    ]
    assert texts(notebook(*odd)) == {1: "", 2: "x = 1", 3: ""}


def test_numbers_that_are_none_do_no_harm():
    """Jupyter writes them into outputs."""
    assert texts(b'{"cells": [{"cell_type": "code", "source": "x = 1", "outputs": [NaN, Infinity]}]}') == {1: "x = 1"}
