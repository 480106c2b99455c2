"""codekin report."""

import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")
pytest.importorskip("matplotlib")


@pytest.fixture
def results(codekin, tmp_path):
    """What two systems came to on the same functions."""
    source, corpus = tmp_path / "source", tmp_path / "corpus"
    source.mkdir()
    for at in range(60):
        body = f'    """Measure the {["width", "height", "depth"][at % 3]} of box number {at}."""\n'
        (source / f"box_{at}.py").write_text(f"def measure_{at}(box):\n{body}    size = box[{at}]\n    return size\n")
    assert codekin("corpus", "build", "--folder", source, "--out", corpus).code == 0
    for name in ("one", "two"):
        asked = ("evaluate", "bm25", "--corpus", corpus, "--out", tmp_path / "results", "--limit", 5, "--name", name)
        assert codekin(*asked).code == 0
    return tmp_path / "results"


def test_systems_stand_side_by_side_with_notes(codekin, results, tmp_path):
    (tmp_path / "notes.toml").write_text('search = "Both are the same."\n')
    told = codekin(
        "report", results, "--out", tmp_path / "r/RESULTS.md", "--baseline", "one", "--notes", tmp_path / "notes.toml"
    )
    assert (told.code, told.out) == (0, f"written: {tmp_path / 'r/RESULTS.md'}\n")
    text = (tmp_path / "r/RESULTS.md").read_text()
    assert "## Search\n\nBoth are the same.\n" in text
    assert "| two | 1 |" in text


def test_a_baseline_that_was_not_measured(refused, results, tmp_path):
    told = refused("report", results, "--out", tmp_path / "RESULTS.md", "--baseline", "three")
    assert "no result of 'three'; there are one, two" in told


def test_notes_of_a_section_that_is_not_there(refused, results, tmp_path):
    (tmp_path / "notes.toml").write_text('serach = "Both are the same."\n')
    asked = ("report", results, "--out", tmp_path / "RESULTS.md", "--baseline", "one")
    said = refused(*asked, "--notes", tmp_path / "notes.toml")
    assert said == "codekin: 'serach' has notes and is no section here; there are search, similar\n"


def test_notes_that_are_no_texts(refused, results, tmp_path):
    (tmp_path / "notes.toml").write_text("search = 3\n")
    asked = ("report", results, "--out", tmp_path / "RESULTS.md", "--baseline", "one")
    assert 'search is no text; write search = "..."' in refused(*asked, "--notes", tmp_path / "notes.toml")
    (tmp_path / "notes.toml").write_text("search\n")
    assert "is no TOML" in refused(*asked, "--notes", tmp_path / "notes.toml")
