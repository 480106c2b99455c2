"""codekin duplicates."""

COPY = """def collect_words(lines):
    words = []
    for line in lines:
        words.extend(line.split())
    return words
"""


def test_copies_are_shown_with_their_places(codekin, workspace):
    (workspace / "one.py").write_text(COPY)
    (workspace / "package" / "two.py").write_text(COPY)
    outcome = codekin("duplicates")
    assert outcome.code == 0
    assert "2 functions" in outcome.out
    assert "one.py:1-5" in outcome.out
    (cluster,) = codekin("duplicates", "--json").json["clusters"]
    assert [member["path"] for member in cluster["members"]] == ["one.py", "package/two.py"]


def test_a_folder_without_copies_has_none(codekin, workspace):
    (workspace / "one.py").write_text(COPY)
    (workspace / "package" / "two.py").write_text(COPY)
    assert "no duplicates" in codekin("duplicates", workspace / "package").out


def test_inside_an_indexed_workspace_its_index_is_used_and_said(codekin, workspace, monkeypatch):
    (workspace / "one.py").write_text(COPY)
    (workspace / "package" / "two.py").write_text(COPY)
    codekin("index")
    monkeypatch.chdir(workspace / "package")
    outcome = codekin("duplicates", "--json")
    assert len(outcome.json["clusters"]) == 1
    assert f"using the index of {workspace};" in outcome.err


def test_a_folder_outside_the_workspace_is_refused(refused, workspace, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    message = refused("duplicates", tmp_path / "elsewhere")
    assert message == f"codekin: {tmp_path / 'elsewhere'} is not in {workspace}\n"


def test_a_folder_with_an_index_of_its_own_is_asked_itself(codekin, workspace, monkeypatch):
    (workspace / "one.py").write_text(COPY)
    (workspace / "package" / "two.py").write_text(COPY)
    codekin("index", workspace)
    monkeypatch.chdir(workspace.parent)
    (cluster,) = codekin("duplicates", workspace, "--json").json["clusters"]
    assert [member["path"] for member in cluster["members"]] == ["one.py", "package/two.py"]
    assert not codekin("status", workspace.parent).out


def test_settings_that_are_ignored_are_named_once(codekin, workspace):
    (workspace / "pyproject.toml").write_text("[tool.codekin]\nindex.exclud = []\n")
    (line,) = codekin("duplicates").err.splitlines()
    assert "there is no setting 'index.exclud'" in line
