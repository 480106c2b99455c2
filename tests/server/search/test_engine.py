"""What a search answers."""

from concurrent.futures import Future

import numpy as np
import pytest

HTTP = '''
def parse_header(line):
    """Split a header line into name and value."""
    return line.split(":")


def send_request(request):
    """Send a request over the socket."""
    socket.send(request)
'''

MATHS = '''
def gradient(loss):
    """Compute the derivative."""
    return loss.backward()
'''


def test_a_question_in_words_finds_the_function_that_does_it(workspace):
    workspace.add("http.py", HTTP).add("maths.py", MATHS)
    assert workspace.found("split a header line")[0] == "parse_header"
    assert workspace.found("how do we send a request?")[0] == "send_request"


def test_a_hit_tells_its_score_and_what_produced_it(workspace):
    workspace.add("http.py", HTTP)
    best = workspace.engine.search("parse header")[0]
    assert 0.5 < best.score <= 1.0
    assert best.produced_by == ("lexical", "semantic", "name")


def test_a_pasted_error_message_finds_the_function_that_raises_it(workspace):
    raising = """
def cell(table, column):
    raise KeyError(f"there is no column {column!r} in this table")
"""
    named = "def column_in_table(column, table):\n    return column in table\n"
    workspace.add("names.py", named).add("cells.py", raising)
    assert workspace.found("KeyError: there is no column 'price' in this table")[0] == "cell"


@pytest.mark.parametrize("query", ["", "   ", "\n\t"])
def test_an_empty_question_has_no_answer(workspace, query):
    assert workspace.add("http.py", HTTP).found(query) == []


@pytest.mark.parametrize("query", ['"', "a AND (b", "name:*", "?!", "NEAR(", "\0", "the of a", "é ü 漢字", "x" * 5000])
def test_no_question_raises(workspace, query):
    workspace.add("http.py", HTTP)
    assert all(0 <= hit.score <= 1 for hit in workspace.engine.search(query))


def test_a_limit_is_kept(workspace):
    workspace.add("http.py", HTTP).add("maths.py", MATHS)
    assert len(workspace.engine.search("request", 1)) == 1
    assert workspace.engine.search("request", 0) == []


def test_an_identifier_finds_its_definition_before_its_uses(workspace):
    uses = "def run(line):\n    parse_header(line)\n    parse_header(line)\n    return parse_header(line)\n"
    workspace.add("uses.py", uses).add("http.py", HTTP)
    assert workspace.found("parse_header")[0] == "parse_header"
    assert workspace.found("parseHeader")[0] == "parse_header"


def test_a_qualified_identifier_finds_the_one_of_that_class(workspace):
    workspace.add("a.py", "class Reader:\n    def close(self):\n        self.file.close()\n")
    workspace.add("b.py", "class Writer:\n    def close(self):\n        self.flush()\n")
    assert workspace.found("Writer.close")[0] == "Writer.close"
    assert workspace.found("Reader.close")[0] == "Reader.close"


def test_an_exact_name_comes_before_one_of_another_case(workspace):
    workspace.add("a.py", "class Queue:\n    items: list\n    size: int\n    name: str\n    owner: str\n")
    workspace.add("b.py", "class Box:\n    def queue(self):\n        return self.queue_of_queue\n")
    assert workspace.found("Queue")[0] == "Queue"
    assert workspace.found("queue")[0] == "Box.queue"


def test_an_exact_name_in_a_test_comes_before_another_name(workspace):
    workspace.add("http.py", HTTP).add("tests/test_it.py", "class MockHeader:\n    def parse(self):\n        pass\n")
    assert workspace.found("MockHeader.parse")[0] == "MockHeader.parse"


def test_a_name_that_is_nowhere_defined_finds_its_uses(workspace):
    workspace.add("http.py", HTTP)
    workspace.add("uses.py", "def run(line):\n    raise NotImplementedError\n")
    workspace.add("errors.py", "def error(line):\n    return log(line)\n")
    assert workspace.found("NotImplementedError")[0] == "run"


def test_the_words_of_a_class_s_name_find_the_class(workspace):
    workspace.add("http.py", HTTP)
    workspace.add("c.py", "class LRUCache:\n    def __init__(self, lru, cache):\n        self.cache = lru(cache)\n")
    assert workspace.found("lru cache")[0] == "LRUCache"


def test_a_module_that_imports_what_is_named_does_not_quote_it(workspace):
    workspace.add("pkg/run.py", "from pkg.session.env_select import EnvSelector\n\nVALUE = 1\n")
    workspace.add("pkg/session/env_select.py", "def env_select(session):\n    return session.env\n")
    assert workspace.found("session env select")[0] == "env_select"


def test_tests_come_after_the_code_they_test_unless_asked_for(workspace):
    workspace.add("tests/test_http.py", "def test_parse_header():\n    assert parse_header('header line')\n")
    workspace.add("http.py", HTTP)
    assert workspace.found("parse a header line")[0] == "parse_header"
    assert workspace.found("test parse header")[0] == "test_parse_header"


def test_vendored_code_comes_after_own_code(workspace):
    own = "def retry(call):\n    for attempt in range(3):\n        call()\n"
    other = "def retry(call, attempts):\n    while attempts:\n        call()\n"
    workspace.add("pkg/_vendor/retrying.py", other).add("zzz/retrying.py", own)
    paths = [hit.unit.path for hit in workspace.engine.search("retry call") if hit.unit.name == "retry"]
    assert paths == ["zzz/retrying.py", "pkg/_vendor/retrying.py"]


def test_near_duplicates_give_one_result(workspace):
    for at in range(5):
        workspace.add(f"copy{at}.py", HTTP)
    assert workspace.found("parse header").count("parse_header") == 1


def test_results_spread_over_files(workspace):
    crowd = "\n\n".join(
        f"def load_{name}(x):\n    return read(x, {name})\n" for name in ("image", "text", "sound", "video")
    )
    workspace.add("a.py", crowd).add("b.py", "def load_table(x):\n    return read_all(x, table)\n")
    files = [hit.unit.path for hit in workspace.engine.search("load") if hit.unit.name]
    assert "b.py" in files[:3]


def test_the_module_s_words_decide_between_equals(workspace):
    source = "def connect(target):\n    return target.open({})\n"
    workspace.add("net/sockets.py", source.format(1)).add("db/postgres.py", source.format("mode"))
    assert workspace.engine.search("connect to postgres")[0].unit.path == "db/postgres.py"
    assert workspace.engine.search("connect over sockets")[0].unit.path == "net/sockets.py"


def test_scores_do_not_depend_on_what_else_is_in_the_workspace(workspace):
    workspace.add("http.py", HTTP)
    alone = workspace.engine.search("split a header line")[0]
    for at in range(30):
        workspace.add(f"maths{at}.py", MATHS.replace("gradient", f"gradient{at}"))
    assert workspace.engine.search("split a header line")[0].score == pytest.approx(alone.score)


def test_scores_fall(workspace):
    workspace.add("http.py", HTTP).add("maths.py", MATHS)
    scores = [hit.score for hit in workspace.engine.search("send header")]
    assert scores == sorted(scores, reverse=True)


def test_without_vectors_words_answer_and_the_model_is_not_asked(workspace):
    workspace.add("http.py", HTTP, embedded=False)
    answer = workspace.engine.answer("parse header")
    assert answer.hits[0].unit.name == "parse_header"
    assert not answer.semantic
    assert workspace.worker.queries == []


def test_while_vectors_are_missing_units_without_one_are_found_too(workspace):
    workspace.add("maths.py", MATHS).add("http.py", HTTP, embedded=False)
    answer = workspace.engine.answer("parse a header line")
    assert answer.semantic
    assert answer.hits[0].unit.name == "parse_header"


def test_a_dead_worker_leaves_the_answer_of_the_words(workspace):
    workspace.add("http.py", HTTP)
    workspace.worker.failure = RuntimeError("the process died")
    answer = workspace.engine.answer("parse header")
    assert answer.hits[0].unit.name == "parse_header"
    assert not answer.semantic


def test_a_worker_that_is_not_ready_is_not_waited_for(workspace, monkeypatch):
    workspace.add("http.py", HTTP)
    monkeypatch.setattr(workspace.worker, "embed_queries", lambda _: Future())
    answer = workspace.engine.answer("parse header")
    assert answer.hits[0].unit.name == "parse_header"
    assert not answer.semantic


def test_modules_are_embedded_once(workspace):
    workspace.add("pkg/http.py", HTTP)
    assert workspace.engine.prepare()
    workspace.engine.search("parse header")
    workspace.engine.search("parse header")
    assert workspace.worker.queries.count("pkg http") == 1


def test_preparing_reports_a_worker_that_failed(workspace):
    workspace.add("pkg/http.py", HTTP)
    workspace.worker.failure = RuntimeError("died")
    assert not workspace.engine.prepare()
    assert not workspace.engine.prepare(cancelled=lambda: True)


def test_vectors_of_code_that_is_gone_do_not_crowd_out_what_is_there(workspace):
    for at in range(300):
        workspace.add("draft.py", f"def header_line_{'x' * at}(value):\n    return header, line, {at}\n")
    workspace.store.remove_file("draft.py")
    workspace.add("maths.py", MATHS)
    assert "gradient" in workspace.found("header line")


def test_similar_gives_near_duplicates_first_and_not_the_target(workspace):
    workspace.add("http.py", HTTP).add("copy.py", HTTP).add("maths.py", MATHS)
    target = workspace.unit("http.py", "parse_header")
    hits = workspace.engine.similar(workspace.store.vector_of(target.fingerprint), target, 5)
    assert (hits[0].unit.path, hits[0].unit.name) == ("copy.py", "parse_header")
    assert hits[0].score == pytest.approx(1.0, abs=1e-3)
    assert target.id not in {hit.unit.id for hit in hits}
    assert all(hit.unit.kind.is_function for hit in hits)


def test_similar_without_a_target_gives_every_kind(workspace):
    workspace.add("http.py", HTTP)
    vector = workspace.store.vector_of(workspace.unit("http.py", "parse_header").fingerprint)
    assert len(workspace.engine.similar(vector, None, 10)) == 3
    assert len(workspace.engine.similar(vector, None, 1)) == 1


def test_similar_in_an_empty_index_is_empty(workspace):
    assert workspace.engine.similar(np.ones(8, np.float32), None, 5) == []
