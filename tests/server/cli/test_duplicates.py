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
