from codekin_server.worker.client import WorkerManners


def test_open_documents_come_before_the_background_and_questions_before_both(
    client, unit, served, tmp_path, wait_until
):
    client.embed_units([unit("wait start")], urgent=False)
    wait_until(served)
    later = client.embed_units([unit("background")], urgent=False)
    client.embed_units([unit("open")], urgent=False, soon=True)
    client.embed_queries(["question"])
    (tmp_path / "start").touch()
    later.result(60)
    assert served() == ["wait start", "question", "open", "background"]


def test_what_was_cancelled_is_not_sent_and_does_not_count_as_waiting(client, unit, served, tmp_path, wait_until):
    first = client.embed_units([unit("wait start")], urgent=False)
    wait_until(served)
    cancelled = client.embed_units([unit("cancelled")], urgent=False)
    last = client.embed_units([unit("last")], urgent=False)
    cancelled.cancel()
    waiting = client.state.queue
    (tmp_path / "start").touch()
    first.result(60)
    last.result(60)
    assert (served(), waiting, client.state.queue) == (["wait start", "last"], 1, 0)


def test_other_manners_replace_the_process_without_losing_a_request(client, unit, states):
    client.embed_units([unit("before")], urgent=False).result(60)
    before = client.state.pid
    client.behave(WorkerManners(threads=1, niceness=3))
    client.embed_units([unit("after")], urgent=False).result(60)
    assert client.state.pid != before
    assert client.state.restarts == 0


def test_the_same_manners_change_nothing(client, unit):
    client.embed_units([unit("before")], urgent=False).result(60)
    before = client.state.pid
    client.behave(WorkerManners())
    client.embed_units([unit("after")], urgent=False).result(60)
    assert client.state.pid == before


def test_the_process_is_told_its_manners():
    assert WorkerManners(threads=3, niceness=7).arguments == ["--threads", "3", "--niceness", "7"]
    assert WorkerManners(niceness=0).arguments == ["--niceness", "0"]
