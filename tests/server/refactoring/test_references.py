from codekin_server.refactoring import known, references


def test_a_text_is_looked_through_once_however_often_it_uses_the_name(workspace, monkeypatch):
    looked_through = []

    def line_starts(text, really=references.line_starts):
        looked_through.append(text)
        return really(text)

    monkeypatch.setattr(references, "line_starts", line_starts)
    workspace.write("mod.py", "def $0total():\n    return 1\n\n" + "total()\n" * 20)
    workspace.write("other.py", "from mod import total\n\n" + "total()\n" * 20)
    renamed = workspace.renamed("sum_up")
    assert [text.count("sum_up") for text in renamed.values()] == [21, 21]
    assert len(looked_through) == len({text.data for text in looked_through}) == 2


def test_a_use_that_jedi_can_tell_only_by_looking_into_a_function_for_the_seventh_time_is_found(workspace):
    workspace.write(
        "mod.py", "class Box:\n    def $0total(self):\n        return 1\n\n\ndef make(kind):\n    return Box()\n"
    )
    uses = "".join(f"\n\ndef f{number}():\n    return make({number}).total()\n" for number in range(30))
    workspace.write("other.py", "from mod import make\n" + uses)
    assert workspace.renamed("sum_up")["other.py"].count("sum_up") == 30


def test_a_field_that_only_a_string_defines_is_refused(workspace):
    made = 'from collections import namedtuple\n\nPt = namedtuple("Pt", "wide y")\np = Pt(1, 2)\n'
    workspace.write("mod.py", made + "print(p.$0wide)\n")
    assert workspace.conflicts("broad") == "there is no name to change here: 'wide' is not defined in the workspace"


def test_where_jedi_itself_fails_nothing_is_renamed_and_it_is_said(workspace, monkeypatch):
    def failing(*_args, **_kwargs):
        raise ValueError("too many values to unpack")

    monkeypatch.setattr("jedi.Script.get_references", failing)
    workspace.write("mod.py", "def $0total():\n    return 1\n")
    assert "jedi failed over mod.py (too many values to unpack)" in workspace.conflicts("sum_up")


def test_nothing_of_a_renaming_is_kept_after_it(workspace):
    workspace.write("mod.py", "class Box:\n    def $0total(self):\n        return 1\n")
    workspace.renamed("sum_up")
    assert known._known.cache_info().currsize == 0
