import os
import signal

import pytest

from codekin_server.worker.client import WorkerDied

PATIENCE = 60


def test_a_request_whose_process_died_is_asked_again(client, states):
    assert client.embed_queries(["die once"]).result(PATIENCE).tolist() == [[8]]
    assert states.statuses == ["starting", "ready", "restarting", "ready"]
    assert client.state.restarts == 1


def test_a_request_that_kills_every_process_fails_and_spares_the_next(client):
    with pytest.raises(WorkerDied, match="out of memory"):
        client.embed_queries(["die"]).result(PATIENCE)
    assert client.embed_queries(["abc"]).result(PATIENCE).tolist() == [[3]]
    assert client.state.restarts == 2


def test_a_death_is_announced_with_its_last_words(client, states):
    client.embed_queries(["die"]).exception(PATIENCE)
    death = states.wait_for(lambda state: state.status == "restarting")
    assert death.pid is None
    assert "exit status 9" in death.last_error
    assert death.last_error.endswith("fake model: out of memory")


def test_a_process_killed_while_idle_is_replaced_without_being_asked(client, states):
    client.embed_queries(["abc"]).result(PATIENCE)
    first = client.state.pid
    os.kill(first, signal.SIGKILL)
    second = states.wait_for(lambda state: state.status == "ready" and state.pid != first)
    assert second.restarts == 1
    assert client.embed_queries(["abcd"]).result(PATIENCE).tolist() == [[4]]


def test_a_process_killed_at_work(client, states, unit, tmp_path):
    future = client.embed_units([unit("wait go"), unit("b"), unit("cc")], urgent=False)
    pid = states.wait_for(lambda state: state.status == "ready").pid
    os.kill(pid, signal.SIGKILL)
    (tmp_path / "go").touch()
    assert future.result(PATIENCE)[:, 0].tolist() == [7, 1, 2]


def test_a_process_that_hangs_is_killed(make_client):
    client = make_client(answering=0.5)
    with pytest.raises(WorkerDied, match=r"did not answer for 0\.5 seconds"):
        client.embed_queries(["hang"]).result(PATIENCE)


def test_a_process_that_reads_nothing_is_killed_and_closing_does_not_wait_for_it(make_client, unit):
    client = make_client("deaf", answering=0.5)
    with pytest.raises(WorkerDied, match="did not answer"):
        client.embed_units([unit("x" * 1_000_000)], urgent=True).result(PATIENCE)
    client.embed_units([unit("x" * 1_000_000)], urgent=True)
    client.close()
    assert client.state.status == "stopped"


def test_a_stopped_process_is_killed(make_client, states):
    client = make_client(answering=1.0)
    client.embed_queries(["abc"]).result(PATIENCE)
    os.kill(client.state.pid, signal.SIGSTOP)
    assert client.embed_queries(["abcd"]).result(PATIENCE).tolist() == [[4]]
    assert client.state.restarts == 1


@pytest.mark.parametrize(
    ("words", "reason"), [("garbage", "sent garbage"), ("half", "ended after 3"), ("other", "another")]
)
def test_a_process_that_talks_nonsense_is_killed(client, words, reason):
    with pytest.raises(WorkerDied, match=reason):
        client.embed_queries([words]).result(PATIENCE)
    assert client.embed_queries(["abc"]).result(PATIENCE).tolist() == [[3]]


def test_a_process_that_dies_while_starting_is_started_again(make_client):
    client = make_client("crash twice")
    assert client.embed_queries(["abc"]).result(PATIENCE).tolist() == [[3]]
    assert client.state.restarts == 2


@pytest.mark.parametrize(("start", "reason"), [("crash", "exit status 3"), ("mumble", "sent garbage")])
def test_a_process_that_never_starts_is_given_up(make_client, states, start, reason):
    client = make_client(start)
    with pytest.raises(WorkerDied, match=reason):
        client.embed_queries(["abc"]).result(PATIENCE)
    assert client.state.status == "failed"
    assert states.seen[-1].last_error.endswith(f"fake model: {start}")


def test_a_process_that_hangs_while_loading_is_given_up(make_client):
    client = make_client("hang", loading=0.2, restarts=0)
    with pytest.raises(WorkerDied, match="did not answer"):
        client.embed_queries(["abc"]).result(PATIENCE)


def test_after_giving_up_requests_fail_at_once(make_client, states):
    client = make_client("crash")
    client.embed_queries(["abc"]).exception(PATIENCE)
    announced = len(states.seen)
    with pytest.raises(WorkerDied, match="exit status 3"):
        client.embed_queries(["abc"]).result(PATIENCE)
    assert len(states.seen) == announced


def test_after_a_rest_it_is_tried_again(make_client, states):
    client = make_client("crash twice", restarts=0, rest=0.0)
    for _ in range(2):
        with pytest.raises(WorkerDied):
            client.embed_queries(["abc"]).result(PATIENCE)
    assert client.embed_queries(["abc"]).result(PATIENCE).tolist() == [[3]]
    assert client.state.status == "ready"


def test_a_model_that_cannot_be_used_is_not_tried_again(make_client, states):
    client = make_client("refuse")
    with pytest.raises(WorkerDied, match="the weights are gone; install codekin again"):
        client.embed_queries(["abc"]).result(PATIENCE)
    assert states.statuses == ["starting", "failed"]


def test_a_model_other_than_the_one_asked_for_is_refused(make_client):
    client = make_client(fingerprint="something else")
    with pytest.raises(WorkerDied, match="has changed since codekin was started"):
        client.embed_queries(["abc"]).result(PATIENCE)


def test_a_command_that_does_not_exist(tmp_path, make_client):
    client = make_client()
    client._keeper._command = [str(tmp_path / "no-python")]
    with pytest.raises(WorkerDied, match="cannot be started"):
        client.embed_queries(["abc"]).result(PATIENCE)


def test_closing_while_it_waits_to_start_again(make_client, states):
    client = make_client("crash", back_off=1000.0)
    future = client.embed_queries(["abc"])
    states.wait_for(lambda state: state.status == "restarting")
    client.close()
    with pytest.raises(WorkerDied):
        future.result(PATIENCE)
