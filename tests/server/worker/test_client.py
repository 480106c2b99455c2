import os
import subprocess
import sys

import pytest

from codekin_model.embedder import Explanation, Neighbour, Surroundings
from codekin_server.haste import Haste
from codekin_server.worker.client import RequestRefused, WorkerDied, WorkerError, worker_command

PATIENCE = 60


def test_nothing_is_started_before_the_first_request(client, states):
    assert client.state.status == "stopped"
    assert client.state.pid is None
    assert states.seen == []


def test_the_first_request_starts_the_process(client, states):
    client.embed_queries(["abc"]).result(PATIENCE)
    assert states.statuses == ["starting", "ready"]
    assert client.state.pid is not None
    assert client.state.memory_mb > 1


def test_a_vector_for_each_text_in_order(client):
    assert client.embed_queries(["a", "bbb", "cc"]).result(PATIENCE).tolist() == [[1], [3], [2]]


def test_units_are_sent_in_slices_and_come_back_in_order(client, unit, served):
    vectors = client.embed_units([unit("x" * size) for size in (5, 1, 4, 2, 3)], urgent=False).result(PATIENCE)
    assert vectors[:, 0].tolist() == [5, 1, 4, 2, 3]
    assert len(served()) == 5


def test_no_units(client):
    assert client.embed_units([], urgent=False).result(PATIENCE).shape == (0, 1)


def test_names(client, unit):
    around = Surroundings((Neighbour("parse", 0.9), Neighbour("read", 0.8)))
    (name,) = client.suggest_names(unit("x", masked=True), around, 1).result(PATIENCE)
    assert (name.name, name.probability, name.source) == ("parse", 0.5, "neighbours")


def test_how_near_a_name_is(client, unit):
    assert [client.nearness(unit("x", masked=True), name).result(PATIENCE) for name in ("f", "area")] == [0.125, 0.5]


def test_an_explanation(client, unit):
    assert client.explain(unit("x")).result(PATIENCE) == Explanation((1.0,), 0.25)


def test_what_a_user_asked_lately_is_not_asked_again(client, unit, served):
    for masked in (True, False, True, False):
        assert client.embed_units([unit("x", masked=masked)], urgent=True).result(PATIENCE).tolist() == [[1]]
    assert served() == ["x", "x"]


def test_names_of_a_unit_depend_on_its_neighbours(client, unit):
    near = [Surroundings((Neighbour(name, 0.9),)) for name in ("a", "b", "a")]
    named = [client.suggest_names(unit("x"), around, 1).result(PATIENCE) for around in near]
    assert [name.name for (name,) in named] == ["a", "b", "a"]


def test_urgent_requests_overtake_what_waits(client, unit, tmp_path, served, wait_until):
    waiting = client.embed_units([unit("wait go"), *(unit(f"slow {at}") for at in range(5))], urgent=False)
    wait_until(served)
    quick = [client.embed_queries([f"query {at}"]) for at in range(2)]
    urgent = client.embed_units([unit("open file")], urgent=True)
    (tmp_path / "go").touch()
    for future in (waiting, urgent, *quick):
        future.result(PATIENCE)
    asked = served()
    assert asked.index("open file") < asked.index("slow 1")
    assert [word for word in asked if not word.startswith("slow")] == ["wait go", "query 0", "query 1", "open file"]


def test_a_cancelled_request_is_not_served(client, unit, tmp_path, served):
    client.embed_queries(["wait go"])
    cancelled = client.embed_units([unit("a"), unit("b"), unit("c")], urgent=False)
    assert cancelled.cancel()
    last = client.embed_queries(["last"])
    (tmp_path / "go").touch()
    last.result(PATIENCE)
    client.embed_units([unit("d")], urgent=False).result(PATIENCE)
    assert served() == ["wait go", "last", "d"]


def test_a_refused_request_fails_alone(client, states):
    with pytest.raises(RequestRefused, match="not this one"):
        client.embed_queries(["refuse"]).result(PATIENCE)
    assert client.embed_queries(["abc"]).result(PATIENCE).shape == (1, 1)
    assert states.statuses == ["starting", "ready"]


def test_a_failed_slice_spares_the_rest(client, unit, served):
    with pytest.raises(RequestRefused):
        client.embed_units([unit("refuse"), *(unit(f"{at}") for at in range(5))], urgent=False).result(PATIENCE)
    client.embed_units([unit("last")], urgent=False).result(PATIENCE)
    assert served() == ["refuse", "0", "last"]


def test_an_answer_of_the_wrong_kind(client):
    with pytest.raises(WorkerError, match="Explained instead of EmbeddedRows"):
        client.embed_queries(["wrong kind"]).result(PATIENCE)


def test_closing_fails_what_waits(make_client, states):
    client = make_client()
    running = client.embed_queries(["hang"])
    waiting = client.embed_queries(["never"])
    pid = states.wait_for(lambda state: state.status == "ready").pid
    client.close()
    for future in (running, waiting):
        with pytest.raises(WorkerDied, match="closed"):
            future.result(PATIENCE)
    assert client.state.status == "stopped"
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_closing_twice_and_before_the_first_request(make_client):
    client = make_client()
    client.close()
    client.close()
    with pytest.raises(WorkerDied, match="closed"):
        client.embed_queries(["late"]).result(PATIENCE)


def test_the_client_imports_nothing_that_runs_a_model():
    script = (
        "import sys; import codekin_server.worker.client;"
        "print({'onnxruntime', 'tokenizers', 'torch', 'transformers'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_the_process_does_not_import_from_the_folder_it_runs_in(tmp_path):
    assert worker_command(tmp_path)[1] == "-P"


def test_what_nobody_waits_for_any_more_is_never_computed(client, unit, tmp_path, served, wait_until):
    busy = client.embed_units([unit("wait go")], urgent=True)
    wait_until(served)
    haste = Haste()
    withdrawn = haste.watching(client.embed_units, [unit("withdrawn")], urgent=True)
    wanted = client.embed_units([unit("wanted")], urgent=True)
    haste.hurry()
    (tmp_path / "go").touch()
    for future in (busy, wanted):
        future.result(PATIENCE)
    assert withdrawn.cancelled()
    assert served() == ["wait go", "wanted"]


def test_text_that_is_no_unicode_is_refused_and_the_process_lives(client, unit, states):
    for ask in (lambda: client.embed_queries(["caf\udcff"]), lambda: client.embed_units([unit("\ud800")], urgent=True)):
        with pytest.raises(RequestRefused, match="lone surrogate"):
            ask().result(PATIENCE)
    assert client.embed_queries(["abc"]).result(PATIENCE).shape == (1, 1)
    assert states.statuses == ["starting", "ready"]


def test_a_request_that_is_too_large_is_refused_and_the_process_lives(client, states, monkeypatch):
    monkeypatch.setattr("codekin_server.worker.messages.LARGEST_FRAME", 1000)
    with pytest.raises(RequestRefused, match="larger than 1,000"):
        client.embed_queries(["x" * 1001]).result(PATIENCE)
    assert client.embed_queries(["abc"]).result(PATIENCE).shape == (1, 1)
    assert states.statuses == ["starting", "ready"]
