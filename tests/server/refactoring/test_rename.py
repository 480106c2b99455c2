import jedi
import pytest

from codekin_server.refactoring import references


def test_the_definition_and_every_reference_are_renamed(workspace):
    workspace.write("pkg/__init__.py", "")
    workspace.write("pkg/a.py", "def $0load(path):\n    return path\n\n\nprint(load('load'))\n")
    workspace.write("pkg/b.py", "from pkg.a import load as read\nfrom pkg import a\n\nread(1)\na.load(2)\n")
    workspace.write("pkg/c.py", "def load():\n    pass\n")
    assert workspace.renamed("fetch") == {
        "pkg/a.py": "def fetch(path):\n    return path\n\n\nprint(fetch('load'))\n",
        "pkg/b.py": "from pkg.a import fetch as read\nfrom pkg import a\n\nread(1)\na.fetch(2)\n",
    }


def test_methods_are_renamed_where_their_class_is_known(workspace):
    workspace.write("a.py", "class Box:\n    def $0put(self, x):\n        return self.put(x)\n\n\nBox().put(1)\n")
    assert workspace.renamed("insert") == {
        "a.py": "class Box:\n    def insert(self, x):\n        return self.insert(x)\n\n\nBox().insert(1)\n"
    }


def test_a_property_is_renamed_with_its_setter(workspace):
    getter = "class A:\n    @property\n    def {0}(self):\n        return 1\n"
    text = getter + "\n    @{1}.setter\n    def {1}(self, v):\n        pass\n"
    workspace.write("a.py", text.format("$0size", "size"))
    assert workspace.renamed("width") == {"a.py": text.format("width", "width")}


def test_names_listed_in_all_are_renamed(workspace):
    workspace.write("a.py", "__all__ = ['load', 'other']\n\n\ndef $0load():\n    pass\n")
    workspace.write("b.py", 'from a import load\n\n__all__ = ["load"]\n')
    assert workspace.renamed("fetch") == {
        "a.py": "__all__ = ['fetch', 'other']\n\n\ndef fetch():\n    pass\n",
        "b.py": 'from a import fetch\n\n__all__ = ["fetch"]\n',
    }


def test_offsets_count_bytes_behind_any_character(workspace):
    workspace.write("a.py", "# \U0001f40d é\x0c\u2028\r\ndef $0f1():\r\n    return 'é\U0001f40d', f1\r\n")
    assert workspace.renamed("snake") == {
        "a.py": "# \U0001f40d é\x0c\u2028\r\ndef snake():\r\n    return 'é\U0001f40d', snake\r\n"
    }


def test_other_encodings_are_honoured(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "# coding: latin-1\nimport a\nprint('é', a.load())\n", encoding="latin-1")
    edits = workspace.rename("fetch").edits[workspace.root / "b.py"]
    text = "# coding: latin-1\nimport a\nprint('é', a.load())\n".encode()
    assert [text[span.start : span.end] for span, _ in edits] == [b"load"]


def test_a_byte_order_mark_moves_nothing(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    path = workspace.write("b.py", "from a import load\nload()\n", encoding="utf-8-sig")
    edits = workspace.rename("fetch").edits[path]
    assert [span.start for span, _ in edits] == [14, 19]


def test_references_in_many_files_are_all_found(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    for number in range(45):
        workspace.write(f"user{number}.py", "from a import load\n\nload()\n")
    assert len(workspace.renamed("fetch")) == 46


def test_what_was_found_once_is_not_kept_when_a_file_changes(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    assert list(workspace.renamed("fetch")) == ["a.py"]
    workspace.write("b.py", "from a import load\n")
    assert list(workspace.renamed("fetch")) == ["a.py", "b.py"]
    workspace.write("b.py", "from a import load\n\n\nload()\n")
    assert workspace.renamed("fetch")["b.py"] == "from a import fetch\n\n\nfetch()\n"


def test_the_text_of_open_documents_counts(workspace):
    workspace.write("a.py", "def load():\n    pass\n")
    workspace.write("b.py", "from a import load\n")
    workspace.edit("a.py", "import os\n\n\ndef $0load():\n    load()\n")
    assert workspace.renamed("fetch") == {
        "a.py": "import os\n\n\ndef fetch():\n    fetch()\n",
        "b.py": "from a import fetch\n",
    }


def test_a_reference_that_another_document_has_not_saved_is_renamed(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "import a\n")
    workspace.edit("b.py", "import a\na.load()\n")
    assert workspace.renamed("fetch")["b.py"] == "import a\na.fetch()\n"


def test_references_of_another_document_are_where_it_has_moved_them_to(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "from a import load\nload()\n")
    workspace.edit("b.py", "import os\n\nfrom a import load\n\n\nprint(load(), os)\n")
    assert workspace.renamed("fetch")["b.py"] == "import os\n\nfrom a import fetch\n\n\nprint(fetch(), os)\n"


def test_a_name_is_followed_through_documents_that_are_not_saved(workspace):
    workspace.write("a.py", "x = 1\n")
    workspace.write("b.py", "y = 1\n")
    workspace.write("c.py", "from b import load\n$0load()\n")
    workspace.edit("a.py", "x = 1\n\n\ndef load():\n    pass\n")
    workspace.edit("b.py", "from a import load\n")
    assert workspace.renamed("fetch") == {
        "a.py": "x = 1\n\n\ndef fetch():\n    pass\n",
        "b.py": "from a import fetch\n",
        "c.py": "from b import fetch\nfetch()\n",
    }


def test_another_function_of_that_name_in_an_unsaved_document_is_left_alone(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "from a import load\n")
    workspace.edit("b.py", "def load():\n    pass\n\n\nload()\n")
    assert list(workspace.renamed("fetch")) == ["a.py"]


def test_a_document_that_is_no_file_yet_is_renamed_in_too(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.edit("new.py", "from a import load\n")
    assert workspace.renamed("fetch")["new.py"] == "from a import fetch\n"


def test_a_base_class_that_is_not_saved_forbids_what_a_saved_one_would(workspace):
    workspace.write("a.py", "class Base:\n    pass\n")
    workspace.write("b.py", "from a import Base\n\n\nclass Reader(Base):\n    def $0load(self):\n        pass\n")
    workspace.edit("a.py", "class Base:\n    def load(self):\n        pass\n")
    assert "'Base.load (a.py)' belongs to a class above" in workspace.conflicts("fetch")


def test_what_was_never_saved_leaves_no_trace(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "from a import load\n")
    workspace.edit("b.py", "\n\n\nfrom a import load\n")
    workspace.edit("a.py", "import b\n\n\ndef load():\n    pass\n")
    workspace.offset = len("import b\n\n\ndef ")
    workspace.renamed("fetch")
    workspace.open_texts.clear()
    workspace.offset = len("def ")
    assert workspace.renamed("fetch") == {"a.py": "def fetch():\n    pass\n", "b.py": "from a import fetch\n"}


def test_jedi_keeps_nothing_on_disk_that_another_process_could_stumble_on(workspace, monkeypatch):
    workspace.write("a.py", "def $0load():\n    pass\n")
    monkeypatch.setattr(jedi.settings, "cache_directory", str(workspace.root / "jedi"))
    workspace.renamed("fetch")
    assert not (workspace.root / "jedi").exists()


def test_another_unsaved_document_without_the_name_does_not_matter(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "import a\n")
    workspace.edit("b.py", "import a\nprint(a)\n")
    assert list(workspace.renamed("fetch")) == ["a.py"]


def test_other_line_ends_are_no_unsaved_change(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "from a import load\r\n")
    workspace.edit("b.py", "from a import load\n")
    assert workspace.renamed("fetch")["b.py"] == "from a import fetch\n"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("2fast", "'2fast' is not a Python name"),
        ("", "'' is not a Python name"),
        ("lambda", "'lambda' is a keyword of Python"),
        ("load", "'load' is its name already"),
    ],
)
def test_names_that_are_none_are_refused(workspace, name, reason):
    workspace.write("a.py", "def $0load():\n    pass\n")
    assert workspace.conflicts(name) == reason


def test_what_python_calls_by_name_is_not_renamed(workspace):
    workspace.write("a.py", "class A:\n    def $0__init__(self):\n        pass\n")
    assert workspace.conflicts("begin") == "'__init__' is a name that Python itself calls"


def test_a_place_without_a_name_is_refused(workspace):
    workspace.write("a.py", "def load():\n    $0(1)\n")
    assert "no name to change" in workspace.conflicts("fetch")


def test_a_short_name_is_not_followed_into_other_files(workspace):
    workspace.write("a.py", "def $0f():\n    pass\n")
    workspace.write("b.py", "from a import f\n")
    assert workspace.conflicts("fetch") == "'f' is too short to be followed into b.py"


def test_a_name_in_too_many_files_is_refused(workspace, monkeypatch):
    monkeypatch.setattr(references, "FILE_LIMIT", 1)
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "load = 1\n")
    workspace.write("c.py", "load = 1\n")
    assert "stands in 2 files" in workspace.conflicts("fetch")


def test_a_name_taken_in_a_file_that_imports_it_is_refused(workspace):
    workspace.write("a.py", "def $0load():\n    pass\n")
    workspace.write("b.py", "from a import load\n\nfetch = 1\nload()\n")
    assert workspace.conflicts("fetch") == "'fetch' is already in use at b.py:3"


def test_broken_code_gives_an_answer(workspace):
    workspace.write("a.py", "def $0load(:\n    load(\n")
    renaming = workspace.rename("fetch")
    assert renaming.edits or renaming.conflicts


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("class Base:\n    def run(self): pass\n\n\nclass A(Base):\n    def $0run(self): pass\n", "Base.run"),
        ("class A:\n    def $0run(self): pass\n\n\nclass B(A):\n    def run(self): pass\n", "B.run"),
        ("import threading\n\n\nclass A(threading.Thread):\n    def $0run(self): pass\n", "Thread.run"),
    ],
)
def test_a_method_that_belongs_to_a_family_is_not_renamed_alone(workspace, text, where):
    workspace.write("a.py", text)
    assert where in workspace.conflicts("go")


def test_families_are_followed_through_files_and_generations(workspace):
    workspace.write("a.py", "class Top:\n    def run(self):\n        pass\n")
    workspace.write("b.py", "from a import Top\n\n\nclass Middle(Top):\n    pass\n")
    workspace.write("c.py", "import b\n\n\nclass Low(b.Middle):\n    def $0run(self):\n        pass\n")
    assert "Top.run (a.py)" in workspace.conflicts("go")


def test_a_name_that_a_relative_has_is_refused(workspace):
    workspace.write(
        "a.py", "class A:\n    def $0run(self):\n        pass\n\n\nclass B(A):\n    def go(self):\n        pass\n"
    )
    assert "B.go (a.py)" in workspace.conflicts("go")


def test_what_a_search_path_with_dots_leads_to_is_outside(workspace):
    (workspace.root / "app").mkdir()
    workspace.write("lib/a.py", "def foo_it():\n    pass\n")
    workspace.files.clear()
    workspace.root /= "app"
    workspace.write("x.py", "import sys\n\nsys.path.append('../lib')\nfrom a import foo_it\n\n$0foo_it()\n")
    lib = workspace.root.parent / "lib/a.py"
    assert workspace.conflicts("bar") == f"'foo_it' is also defined or used outside the workspace, in {lib}"


def test_what_an_environment_inside_the_root_defines_is_outside(workspace):
    installed = workspace.write(".venv/lib/thirdp.py", "def get_it(x):\n    return x\n")
    workspace.files.clear()
    workspace.write("x.py", "import sys\n\nsys.path.append('.venv/lib')\nimport thirdp\n\nthirdp.$0get_it(1)\n")
    assert workspace.conflicts("bar") == f"'get_it' is also defined or used outside the workspace, in {installed}"


def test_uses_in_a_folder_that_is_skipped_are_left_alone(workspace):
    workspace.write("out/__init__.py", "")
    workspace.write("out/b.py", "from a import foo_it\n\nfoo_it()\n")
    workspace.files.clear()
    workspace.write("a.py", "def $0foo_it():\n    pass\n")
    assert list(workspace.renamed("bar")) == ["a.py"]


PRIVATE = "class A:\n    def $0{0}(self):\n        pass\n\n    def go(self):\n        self.{0}()\n"


@pytest.mark.parametrize("use", ["A().foo_it()", "class B(A):\n    def more(self):\n        self.foo_it()"])
def test_a_method_that_is_used_outside_its_class_gets_no_private_name(workspace, use):
    workspace.write("m.py", PRIVATE.format("foo_it") + f"\n\n{use}\n")
    assert workspace.conflicts("__bar") == "'__bar' is private to one class, and 'foo_it' is used in more than that"


@pytest.mark.parametrize(("old", "new"), [("foo_it", "__bar"), ("__foo", "bar"), ("__foo", "__bar")])
def test_a_method_that_only_its_class_uses_may_be_private_or_not(workspace, old, new):
    workspace.write("m.py", PRIVATE.format(old))
    assert workspace.renamed(new)["m.py"] == PRIVATE.format(new).replace("$0", "")


def test_a_function_that_no_class_uses_may_have_any_name(workspace):
    workspace.write("a.py", "def $0foo_it():\n    pass\n")
    workspace.write("b.py", "from a import foo_it\n\nfoo_it()\n")
    assert list(workspace.renamed("__bar")) == ["a.py", "b.py"]
