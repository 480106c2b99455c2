from codekin_server.refactoring import references


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
