"""What jedi leaves out: added where the code shows what it means, refused where nothing does."""

import pytest

BOX = """class Box:
    @property
    def $0width(self):
        return self._w

    @width.setter
    def width(self, value):
        self._w = value

    @width.deleter
    def width(self):
        del self._w

    def grow(self):
        self.width += 1
        return f"{self.width}"


def build(box: Box):
    b = Box()
    b.width = 3
    del b.width
    return box.width
"""


def replaced(text: str, old: str, new: str) -> str:
    return text.replace("$0", "").replace(old, new)


def test_a_property_with_a_setter_is_renamed_where_it_is_used(workspace):
    workspace.write("a.py", BOX)
    workspace.write("b.py", "from a import Box\n\nx = Box()\nx.width = x.width + 1\n")
    assert workspace.renamed("breadth") == {
        "a.py": replaced(BOX, "width", "breadth"),
        "b.py": "from a import Box\n\nx = Box()\nx.breadth = x.breadth + 1\n",
    }


def test_a_property_with_a_setter_is_renamed_from_a_use_of_it(workspace):
    text = BOX.replace("$0", "").replace("b.width = 3", "b.$0width = 3")
    workspace.write("a.py", text)
    assert workspace.renamed("breadth") == {"a.py": replaced(text, "width", "breadth")}


def test_the_same_attribute_of_another_class_is_left_alone(workspace):
    workspace.write("a.py", BOX)
    workspace.write(
        "b.py", "class Page:\n    width = 3\n\n    def f(self):\n        return self.width\n\n\nPage().width\n"
    )
    assert list(workspace.renamed("breadth")) == ["a.py"]


@pytest.mark.parametrize("use", ["def f(x):\n    x.width = 1\n", "def f(x=None):\n    return x.width\n"])
def test_an_attribute_of_nobody_knows_what_is_told(workspace, use):
    workspace.write("a.py", BOX)
    workspace.write("b.py", use)
    assert workspace.conflicts("breadth") == (
        "'width' at b.py:2 may be the same, but it is not known of which class it is"
    )


def test_an_attribute_in_a_pattern_is_renamed_with_its_class(workspace):
    workspace.write("a.py", BOX)
    text = "def f(x):\n    match x:\n        case Box(width=w) | Page(width=w):\n            return w\n"
    workspace.write("b.py", f"from a import Box\n\n\n{text}\n\nclass Page:\n    width = 2\n")
    assert "case Box(breadth=w) | Page(width=w):" in workspace.renamed("breadth")["b.py"]


def test_a_property_is_followed_from_outside_of_the_folder_that_imports_start_in(workspace):
    workspace.write("src/pkg/__init__.py", "")
    workspace.write("src/pkg/a.py", BOX)
    workspace.write("tests/test_a.py", "from pkg.a import Box\n\nassert Box().width == 1\n")
    assert workspace.renamed("breadth")["tests/test_a.py"].endswith("Box().breadth == 1\n")


@pytest.mark.parametrize(
    "text",
    [
        "def $0pick[T](items: list[T]) -> T:\n    return items[0]\n\n\nprint(pick([1]))\n",
        "class Stack[T]:\n    def $0pick(self, item: T) -> T:\n        return self.pick(item)\n\n\nStack().pick(1)\n",
        'def $0pick(x):\n    return x\n\n\ns = f"{\'a\' if pick(1) else "b"} {pick("q")}"\nt = pick(2)\n',
        'def $0pick(x):\n    return x\n\n\ns = f"{\n    pick(1)}"\nt = pick(2)\n',
        "def $0pick(x):\n    return x\n\n\ntype Pair[T] = tuple[T, T]\n\n\ndef f(x: Pair[int]):\n    return pick(x)\n",
    ],
)
def test_newer_syntax_than_that_of_this_python_is_read(workspace, text):
    workspace.write("a.py", text)
    assert workspace.renamed("choose") == {"a.py": replaced(text, "pick", "choose")}


def test_newer_syntax_is_read_in_other_files_and_documents(workspace):
    text = "from a import pick\n\n\ndef g[T](x: T) -> T:\n    return pick(x)\n"
    workspace.write("a.py", "def $0pick[T](x: T) -> T:\n    return x\n")
    workspace.write("b.py", text)
    workspace.write("c.py", "")
    workspace.edit("c.py", "\n" + text)
    renamed = workspace.renamed("choose")
    assert renamed["b.py"] == text.replace("pick", "choose")
    assert renamed["c.py"] == "\n" + text.replace("pick", "choose")


def test_a_variable_of_a_comprehension_is_another_one(workspace):
    workspace.write("a.py", "def $0load():\n    return [load for load in range(3)]\n\n\nload()\n")
    assert workspace.renamed("fetch") == {"a.py": "def fetch():\n    return [load for load in range(3)]\n\n\nfetch()\n"}


def test_the_same_variable_imported_from_elsewhere_is_told(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "try:\n    from fast import load\nexcept ImportError:\n    from a import load\n")
    assert "b.py:2 is imported from elsewhere" in workspace.conflicts("fetch")


def test_an_import_that_cannot_be_followed_is_told(workspace):
    workspace.write("lib/core.py", "def $0load():\n    pass\n")
    workspace.write("more/api.py", "from lib.core import load\n")
    workspace.write("tool.py", "import sys\n\nsys.path.append(sys.argv[1])\nfrom api import load\n\nload()\n")
    assert workspace.conflicts("fetch") == "'load' at tool.py:4 may be the same, but cannot be followed"


def test_a_module_that_cannot_be_followed_is_told(workspace):
    workspace.write("lib/core.py", "def $0load():\n    pass\n")
    workspace.write("more/api.py", "from lib.core import load\n")
    workspace.write("tool.py", "import api as c\n\nc.load()\n")
    assert workspace.conflicts("fetch") == "'load' at tool.py:3 may be the same, but cannot be followed"


def test_an_import_of_another_module_of_that_name_is_left_alone(workspace):
    workspace.write("one/__init__.py", "")
    workspace.write("one/core.py", "def $0load():\n    pass\n")
    workspace.write("core.py", "def load():\n    pass\n")
    workspace.write("tool.py", "from core import load\nimport core\n\nload()\ncore.load()\n")
    assert list(workspace.renamed("fetch")) == ["one/core.py"]


def test_names_that_come_with_all_others_are_renamed(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "from a import *\n\nload()\n")
    assert workspace.renamed("fetch")["b.py"] == "from a import *\n\nfetch()\n"


def test_relative_imports_in_code_that_is_broken_are_renamed(workspace):
    workspace.write("pkg/__init__.py", "")
    workspace.write("pkg/a.py", "def $0load():\n    pass\n")
    workspace.write("pkg/b.py", "from .a import load\n\nx = (1\nload()\n\n\ndef f(:\n    return load()\n")
    assert workspace.renamed("fetch")["pkg/b.py"].count("fetch") == 3


def test_an_alias_is_renamed_within_its_file(workspace):
    workspace.write("pkg/__init__.py", "")
    workspace.write("pkg/a.py", "def load():\n    pass\n")
    workspace.write("pkg/b.py", "from .a import load as $0read\n\nread()\n")
    workspace.write("pkg/c.py", "from .a import load as read\n\nread()\n")
    assert workspace.renamed("fetch") == {"pkg/b.py": "from .a import load as fetch\n\nfetch()\n"}


def test_an_alias_that_others_import_is_renamed_with_them(workspace):
    workspace.write("a.py", "def load():\n    pass\n")
    workspace.write("b.py", "from a import load as $0read\n\nread()\n")
    workspace.write("c.py", "from b import read\n\nread()\n")
    assert workspace.renamed("fetch")["c.py"] == "from b import fetch\n\nfetch()\n"


@pytest.mark.parametrize(
    "text",
    [
        "$0def load():\n    return 1\n",
        "def load():\n    $0return 1\n",
        "def load():\n    # the $0load\n    pass\n",
        "def load():\n    'the $0load'\n",
        "with $0open('x') as s:\n    pass\n",
        "import $0asyncio\n",
        "from nowhere import $0thing\n\nthing()\n",
        "x = $0undefined\n",
    ],
)
def test_what_is_no_name_or_defined_nowhere_is_refused(workspace, text):
    workspace.write("a.py", text)
    assert "there is no name to change" in workspace.conflicts("zzz")


SCALE = "class Shape:\n    def scale(self, $0factor):\n        return factor\n"


def test_keyword_arguments_are_renamed_with_their_parameter(workspace):
    workspace.write("a.py", SCALE)
    workspace.write("b.py", "from a import Shape\n\nShape().scale(factor=2)\nprint(factor=3)\n")
    assert workspace.renamed("by") == {
        "a.py": replaced(SCALE, "factor", "by"),
        "b.py": "from a import Shape\n\nShape().scale(by=2)\nprint(factor=3)\n",
    }


def test_keyword_arguments_of_a_constructor_are_renamed(workspace):
    workspace.write("a.py", "class Shape:\n    def __init__(self, $0factor):\n        self.f = factor\n")
    workspace.write("b.py", "from a import Shape as S\n\nS(factor=2)\n")
    assert workspace.renamed("by")["b.py"] == "from a import Shape as S\n\nS(by=2)\n"


def test_a_keyword_argument_of_a_call_that_cannot_be_followed_is_told(workspace):
    workspace.write("a.py", SCALE)
    workspace.write("b.py", "def f(x):\n    x.scale(factor=2)\n    x.other(factor=2)\n")
    assert workspace.conflicts("by") == "'factor' at b.py:2 may be the same, but cannot be followed"


def test_a_notebook_that_uses_the_name_is_told(workspace):
    workspace.write("d1.py", "def $0merge_rows():\n    pass\n")
    workspace.write_notebook("nb.ipynb", "from d1 import merge_rows\n", "%matplotlib inline\nmerge_rows()\n")
    assert workspace.conflicts("join") == "'merge_rows' is used in the notebook nb.ipynb, which a renaming cannot edit"


def test_a_notebook_in_a_folder_is_told(workspace):
    workspace.write("d1.py", "def $0merge_rows():\n    pass\n")
    workspace.write_notebook("nb.ipynb")
    workspace.edit_notebook("nb.ipynb", "import d1", "d1.merge_rows()")
    assert "the notebook nb.ipynb" in workspace.conflicts("join")


def test_a_notebook_that_means_another_thing_is_left_alone(workspace):
    workspace.write("d1.py", "def $0merge_rows():\n    pass\n")
    workspace.write_notebook("nb.ipynb", "def merge_rows():\n    pass\n", "merge_rows()\n")
    workspace.write_notebook("text.ipynb", "# merge_rows\n'merge_rows'\n")
    (workspace.root / "broken.ipynb").write_text("merge_rows {")
    workspace.notebooks[workspace.root / "broken.ipynb"] = None
    assert list(workspace.renamed("join")) == ["d1.py"]
