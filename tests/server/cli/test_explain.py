"""codekin explain."""

from pathlib import Path

from codekin_server.cli.explain import marked_source


def test_shows_the_source_and_the_strongest_contexts(codekin):
    lines = codekin("explain", "reading.py:9", "--limit", 3).out.splitlines()
    assert lines[0].endswith("method Reader.read_text")
    assert lines[2] == "    7     def read_text(self, path):"
    assert lines[5] == "   10             return stream.read()"
    assert len(lines) == 2 + 4 + 3
    assert "(identifier)" in lines[-1]


def test_json(codekin):
    answer = codekin("explain", "reading.py:9", "--limit", 2, "--json").json
    assert (answer["target"]["name"], answer["structure_share"], len(answer["contexts"])) == ("read_text", 0.25, 2)
    assert set(answer["contexts"][0]) == {"start", "path", "end", "weight", "start_bytes", "end_bytes"}


def test_what_weighs_more_is_marked_more_strongly(assist):
    answer = assist.explain(Path("reading.py"), 9)
    marks = {str(span.style) for line in marked_source(answer) for span in line.spans}
    assert "bold white on red" in marks
    assert len(marks) > 2


def test_leaves_no_index(codekin):
    codekin("explain", "reading.py:9")
    assert codekin("status").code == 1


def test_a_line_outside_any_function(refused):
    assert "no function at package/numbers.py:1" in refused("explain", "package/numbers.py:1")


def test_a_line_is_needed(refused):
    assert "reading.py:LINE" in refused("explain", "reading.py", code=2)


def test_names_are_explained_with_the_present_name_hidden(codekin, with_fake_worker):
    lines = codekin("explain", "reading.py:9", "--name", "--limit", 3).out.splitlines()
    assert lines[1] == "with its own name hidden the model suggests from_decoder 1%; what is marked carries the first"
    assert lines[2] == "    7     def read_text(self, path):"
    ((named, around),) = with_fake_worker.named
    assert (named.masked, around.neighbours) == (True, ())
    assert "read_text" not in named.passage
    assert with_fake_worker.explained == [(named, "from_decoder")]


def test_what_is_explained_is_the_first_name_that_the_workspace_gives(codekin, with_fake_worker, workspace):
    codekin("index", workspace)
    suggested = codekin("names", "reading.py:9", "--json").json["functions"][0]["suggestions"]
    explained = codekin("explain", "reading.py:9", "--name", "--json").json["names"]
    assert explained == suggested
    assert explained[0]["source"] == "neighbours"
    assert with_fake_worker.explained[-1][1] == explained[0]["name"]


def test_a_vector_is_explained_by_no_name(codekin, with_fake_worker):
    codekin("explain", "reading.py:9")
    ((unit, name),) = with_fake_worker.explained
    assert (unit.masked, name) == (False, None)


def test_names_are_in_the_json_where_they_were_asked_for(codekin):
    plain = codekin("explain", "reading.py:9", "--json").json
    named = codekin("explain", "reading.py:9", "--name", "--json").json
    assert "names" not in plain
    assert [each["name"] for each in named["names"]] == ["from_decoder"]
    ends = {context[end] for context in named["contexts"] for end in ("start", "end")}
    assert "METHOD_NAME" in ends
