"""The API boundary, with a model that needs no process."""

import inspect
import os
from pathlib import Path

import pytest

from codekin_model.source.span import Edit
from codekin_server.answers import AssistError, IndexProgress
from codekin_server.assist import Assist
from codekin_server.assist_index import IndexAssist
from codekin_server.assist_kin import KinAssist
from codekin_server.assist_names import NameAssist
from codekin_server.assist_search import SearchAssist
from codekin_server.store.store import Store
from codekin_server.summary import Summaries
from codekin_server.worker.client import WorkerDied


def line_of(root: Path, name: str, words: str) -> int:
    lines = (root / name).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_indexing_counts_what_it_did(assist):
    (assist.root / "new.py").write_text("def fresh():\n    return 1\n")
    answer = assist.index()
    assert (answer.files, answer.files_read, answer.units_embedded, answer.vectors_missing) == (4, 1, 2, 0)


def test_indexing_again_does_nothing_twice(assist):
    answer = assist.index()
    assert (answer.files_read, answer.units_extracted, answer.units_embedded) == (0, 0, 0)


def test_indexing_tells_how_far_it_is(workspace, with_fake_worker):
    steps: list[IndexProgress] = []
    with Assist.open(workspace) as assist:
        assist.index(steps.append)
    assert {step.phase for step in steps} == {"reading", "embedding"}
    assert all(0 <= step.done <= step.total for step in steps)


def test_indexing_can_be_cancelled_and_goes_on_later(workspace, with_fake_worker):
    with Assist.open(workspace) as assist:
        assert assist.index(cancelled=lambda: True).cancelled
        assert assist.index().vectors_missing == 0


def test_a_file_that_cannot_be_indexed_is_named_with_the_reason(assist):
    (assist.root / "binary.py").write_bytes(b"\0\1\2")
    (skipped,) = assist.index().skipped
    assert (skipped.path, "binary" in skipped.reason) == ("binary.py", True)


def test_reindexing_reads_every_file_and_embeds_nothing_again(assist):
    before = assist.status()
    answer = assist.reindex()
    after = assist.status()
    assert after.units_seen > before.units_seen
    assert (answer.units_embedded, answer.vectors_missing) == (0, 0)


def test_search_finds_by_description(assist):
    answer = assist.search("read the text of a file", limit=3)
    assert answer.results[0].qualified_name == "Reader.read_text"
    assert answer.results[0].path == "reading.py"
    assert 0 <= answer.results[0].score <= 1
    assert answer.note is None


def test_search_goes_by_words_when_the_model_dies_and_says_so(assist):
    assist._worker.failure = WorkerDied("it died")
    answer = assist.search("subtract numbers")
    assert answer.results[0].name == "subtract_numbers"
    assert "words alone" in (answer.note or "")


def test_an_index_made_without_the_model_is_good_for_words_and_says_so(workspace, with_fake_worker):
    with_fake_worker.failure = WorkerDied("no model today")
    with Assist.open(workspace) as assist:
        answer = assist.index()
        assert "no model today" in (answer.note or "")
        assert assist.search("subtract numbers").results[0].name == "subtract_numbers"


def test_a_question_about_nothing_that_is_there_says_so(assist):
    answer = assist.search("zebra piano")
    assert answer.results
    assert "nothing here" in (answer.note or "")


def test_a_misspelled_question_is_answered_as_it_was_meant_and_says_so(assist):
    answer = assist.search("substract nubmers")
    assert answer.results[0].name == "subtract_numbers"
    assert "subtract numbers" in (answer.note or "")
    assert answer.query == "substract nubmers"


def test_a_search_while_typing_says_nothing_of_spelling(assist):
    assert assist.finding.search("substract nubmers", by_meaning=False).note is None


def test_an_empty_query_is_refused(assist):
    with pytest.raises(AssistError, match="empty"):
        assist.search("  ")


def test_similar_finds_kin_and_not_the_function_itself(assist):
    line = line_of(assist.root, "package/numbers.py", "def add_numbers")
    answer = assist.similar(Path("package/numbers.py"), line, limit=3)
    assert answer.target.name == "add_numbers"
    assert answer.results[0].name == "subtract_numbers"
    assert "add_numbers" not in [result.name for result in answer.results]


def test_similar_answers_while_units_leave_the_index(assist, monkeypatch):
    monkeypatch.setattr(Store, "code_words", lambda self, ids: {})
    answer = assist.similar(Path("package/numbers.py"), line_of(assist.root, "package/numbers.py", "def add_numbers"))
    assert answer.results


def test_similar_needs_a_function_or_class(assist):
    with pytest.raises(AssistError, match=r"no function or class at package/numbers.py:1"):
        assist.similar(Path("package/numbers.py"), 1)


def test_similar_works_for_a_file_outside_the_workspace(assist, tmp_path):
    (tmp_path / "outside.py").write_text(
        'def plus(left, right):\n    """Add two numbers."""\n    return left + right\n'
    )
    answer = assist.similar(tmp_path / "outside.py", 1)
    assert answer.results[0].name == "add_numbers"


def test_names_for_one_function(assist):
    line = line_of(assist.root, "reading.py", "return stream.read()")
    (answer,) = assist.suggest_names(Path("reading.py"), line)
    source = (assist.root / "reading.py").read_bytes()
    assert answer.name == "read_text"
    assert source[answer.name_span.start : answer.name_span.end] == b"read_text"
    assert answer.suggestions


def test_names_for_every_function_of_a_file_with_none_for_dunders(assist):
    answers = assist.suggest_names(assist.root / "reading.py", None)
    assert [answer.name for answer in answers] == ["read_text", "_read_bytes", "__len__", "close_all"]
    assert [bool(answer.suggestions) for answer in answers] == [True, True, False, True]


def test_private_functions_get_private_names_that_are_free_in_their_class(assist):
    _, answer, *_ = assist.suggest_names(Path("reading.py"), None)
    names = [suggestion.name for suggestion in answer.suggestions]
    assert names
    assert all(name.startswith("_") for name in names)


def test_the_present_name_is_not_shown_to_the_model(assist):
    assist.suggest_names(Path("package/numbers.py"), None)
    for unit, around in assist._worker.named:
        present = "add" if "-" in unit.passage else "subtract"
        assert "METHOD_NAME" in unit.passage
        assert f"{present}_numbers" in [each.name for each in around.neighbours]
    shown = [unit.passage for unit, _ in assist._worker.named]
    assert not any("add_numbers" in passage or "subtract_numbers" in passage for passage in shown)


def test_the_model_is_told_what_stands_around_a_function(assist):
    assist.suggest_names(Path("package/numbers.py"), 4)
    (around,) = (around for _, around in assist._worker.named)
    assert around.siblings == {"subtract_numbers"}
    assert around.traits.parameters == ("left", "right")
    alike = next(each.resemblance for each in around.neighbours if each.name == "subtract_numbers")
    assert (alike.same_parameters, alike.same_kind, alike.identifiers) == (True, True, 1.0)


def test_the_model_is_told_what_stands_beside_the_functions_siblings_elsewhere(assist):
    (assist.root / "more.py").write_text("def subtract_numbers(a, b): ...\n\ndef multiply(a, b): ...\n")
    assist.index()
    assist.suggest_names(Path("package/numbers.py"), 4)
    (around,) = (around for _, around in assist._worker.named)
    assert [(each.name, each.share, each.scopes) for each in around.company] == [("multiply", 1.0, 1)]


def test_of_a_neighbour_that_has_changed_since_only_the_name_is_told(assist):
    (assist.root / "reading.py").write_text("# nothing\n")
    assist.suggest_names(Path("package/numbers.py"), 4)
    (around,) = (around for _, around in assist._worker.named)
    looked_at = {each.name: each.resemblance is not None for each in around.neighbours}
    assert (looked_at["subtract_numbers"], looked_at["read_text"]) == (True, False)


def test_no_names_outside_any_function(assist):
    assert assist.suggest_names(Path("package/numbers.py"), 1) == ()


def test_names_in_broken_code(assist):
    assert "whole" in [answer.name for answer in assist.suggest_names(Path("package/broken.py"), None)]


def test_explaining_points_into_the_file(assist):
    line = line_of(assist.root, "reading.py", "def _read_bytes")
    answer = assist.explain(Path("reading.py"), line)
    weights = [context.weight for context in answer.contexts]
    strongest = answer.contexts[0]
    assert weights == sorted(weights, reverse=True)
    assert abs(sum(weights) - 1) < 1e-6
    assert answer.span.start <= strongest.start_span.start < strongest.end_span.end <= answer.span.end


def test_the_names_that_are_explained_are_those_that_are_offered(assist):
    line = line_of(assist.root, "reading.py", "def _read_bytes")
    (offered,) = assist.suggest_names(Path("reading.py"), line)
    assert assist.explain(Path("reading.py"), line, naming=True).names == offered.suggestions
    assert {each.source for each in offered.suggestions} == {"neighbours"}


def test_while_an_index_is_built_a_function_is_explained_by_itself(assist, monkeypatch):
    monkeypatch.setattr("codekin_server.assist._BUILDING", 0)  # so many units have no vector
    line = line_of(assist.root, "reading.py", "def _read_bytes")
    names = assist.explain(Path("reading.py"), line, naming=True).names
    assert names is not None
    assert {each.source for each in names} == {"decoder"}


def test_explaining_needs_a_function(assist):
    with pytest.raises(AssistError, match="give a line inside one"):
        assist.explain(Path("reading.py"), 1)


def test_a_model_that_dies_while_asked_for_names_is_told_in_one_line(assist):
    assist._worker.failure = WorkerDied("it died")
    with pytest.raises(AssistError, match="the model gave no answer: it died"):
        assist.suggest_names(Path("reading.py"), None)


def test_renaming_changes_the_definition_and_its_uses(assist):
    (assist.root / "use.py").write_text("from package.numbers import add_numbers\n\nadd_numbers(1, 2)\n")
    assist.index()
    offset = (assist.root / "package/numbers.py").read_bytes().index(b"add_numbers")
    answer = assist.rename(Path("package/numbers.py"), offset, "add")
    assert {path: len(edits) for path, edits in answer.edits.items()} == {"package/numbers.py": 1, "use.py": 2}


def test_renaming_to_a_name_in_use_is_a_conflict(assist):
    offset = (assist.root / "package/numbers.py").read_bytes().index(b"add_numbers")
    answer = assist.rename(Path("package/numbers.py"), offset, "subtract_numbers")
    assert (answer.edits, bool(answer.conflicts)) == ({}, True)


def test_an_open_document_counts_instead_of_its_file_until_it_is_closed(assist):
    path = Path("package/numbers.py")
    assist.document_opened(path, "def multiply_matrices(left, right):\n    return left @ right\n", 1)
    opened = assist.suggest_names(path, None)
    found = assist.search("multiply matrices").results[0].name
    assist.document_closed(path)
    assert ([answer.name for answer in opened], opened[0].version) == (["multiply_matrices"], 1)
    assert found == "multiply_matrices"
    assert [answer.name for answer in assist.suggest_names(path, None)] == ["add_numbers", "subtract_numbers"]


def test_edits_of_an_open_document_are_bytes_in_their_order(assist):
    path = Path("edited.py")
    assist.document_opened(path, "def eins():\n    return 'ü'\n", 1)
    assist.document_changed(path, 2, [(Edit(4, 8, 8), b"zwei"), (Edit(4, 8, 8), b"drei")])
    assert [answer.name for answer in assist.suggest_names(path, None)] == ["drei"]
    assist.document_changed(path, 3, "def vier(): ...\n")
    assert [(answer.name, answer.version) for answer in assist.suggest_names(path, None)] == [("vier", 3)]


def test_one_edit_embeds_one_unit(assist):
    path = assist.root / "package/numbers.py"
    path.write_text(path.read_text().replace("left - right", "left - right - LIMIT"))
    assist.file_changed(path)
    assert assist.index().units_embedded == 1


def test_a_deleted_file_is_found_no_more(assist):
    (assist.root / "package/numbers.py").unlink()
    assist.file_deleted(Path("package/numbers.py"))
    assert "subtract_numbers" not in [result.name for result in assist.search("subtract numbers").results]


def test_files_of_a_folder(assist):
    (assist.root / "package/binary.py").write_bytes(b"\0")
    assist.index()
    names = [path.name for path in assist.files(assist.root / "package")]
    assert names == ["broken.py", "numbers.py"]
    assert len(assist.files()) == 3


def test_status_counts_and_names_the_model(assist):
    status = assist.status()
    assert (status.files, status.vectors_missing, status.search) == (3, 0, "exact")
    assert status.units_embedded == status.units_extracted > 0
    assert status.model_fingerprint
    assert Path(status.index_path).is_relative_to(os.environ["CODEKIN_CACHE_DIR"])


@pytest.mark.parametrize(
    ("path", "message"),
    [("missing.py", "there is no file"), ("package", "is a folder"), ("binary.py", "binary content")],
)
def test_files_that_cannot_be_used_are_told_with_their_path(assist, path, message):
    (assist.root / "binary.py").write_bytes(b"\0\1")
    with pytest.raises(AssistError, match=message) as told:
        assist.suggest_names(Path(path), None)
    assert path in str(told.value)


def test_a_file_that_is_too_large_is_refused(assist):
    (assist.root / "huge.py").write_bytes(b"x = 1\n" * 1_000_000)
    with pytest.raises(AssistError, match="larger than"):
        assist.suggest_names(Path("huge.py"), None)


def test_a_workspace_that_is_not_there(tmp_path):
    with pytest.raises(AssistError, match="there is no folder"):
        Assist.open(tmp_path / "missing")


def test_a_workspace_that_is_a_file(tmp_path):
    (tmp_path / "file.py").touch()
    with pytest.raises(AssistError, match="is a file"):
        Assist.open(tmp_path / "file.py")


def test_a_workspace_that_goes_away(assist, tmp_path):
    assist.root.rename(tmp_path / "moved")
    with pytest.raises(AssistError, match="not a folder"):
        assist.index()


def test_a_model_folder_that_is_none(workspace, tmp_path):
    with pytest.raises(AssistError, match="model folder"):
        Assist.open(workspace, model_dir=tmp_path / "nothing")


def test_a_cache_that_cannot_be_written(workspace, tmp_path):
    (tmp_path / "occupied").write_text("a file where a folder should be")
    with pytest.raises(AssistError, match="CODEKIN_CACHE_DIR"):
        Assist.open(workspace, cache_dir=tmp_path / "occupied")


def test_a_corrupt_index_is_set_aside_and_built_again(workspace, with_fake_worker):
    with Assist.open(workspace) as assist:
        assist.index()
        database = Path(assist.status().index_path) / "index.sqlite"
    database.write_bytes(b"this is no database" * 1000)
    with Assist.open(workspace) as assist:
        answer = assist.index()
    assert answer.units > 0
    assert "moved" in (answer.note or "")


def test_closing_ends_the_model(workspace, with_fake_worker):
    with Assist.open(workspace):
        pass
    assert with_fake_worker.closed


@pytest.mark.parametrize("boundary", [Assist, IndexAssist, NameAssist, SearchAssist, KinAssist, Summaries])
def test_every_method_of_the_boundary_fails_with_its_one_error(boundary):
    methods = {name: each for name, each in vars(boundary).items() if inspect.isfunction(each) and name[0] != "_"}
    assert [name for name, method in methods.items() if not hasattr(method, "__wrapped__")] == []


def test_an_index_that_cannot_be_read_is_told_by_reindexing_too(assist):
    assist._store.close()
    with pytest.raises(AssistError, match="the index is closed"):
        assist.reindex()


@pytest.mark.parametrize("query", ["caf\udcff", "\ud800"])
def test_a_query_that_is_no_unicode_is_told_where_it_is_broken(assist, query):
    with pytest.raises(AssistError, match=f"character {len(query)} of the query .* UTF-8"):
        assist.search(query)
    assert assist._worker.queries[-1] != query


def test_pasted_code_that_is_no_unicode_is_compared_all_the_same(assist):
    found = assist.kin.similar_to_code("def add_numbers(left, right):\n    return left + right  # \ud800\n", 1)
    assert found.results[0].name == "add_numbers"
