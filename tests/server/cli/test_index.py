"""codekin index."""


def test_tells_what_was_indexed(codekin, workspace):
    outcome = codekin("index", workspace)
    assert outcome.code == 0
    assert f"{workspace}: 3 files" in outcome.out
    assert "units embedded" in outcome.out


def test_json_is_pure(codekin, workspace):
    (workspace / "binary.py").write_bytes(b"\0")
    answer = codekin("index", workspace, "--json").json
    assert (answer["files"], answer["vectors_missing"], answer["cancelled"]) == (3, 0, False)
    assert answer["skipped"][0]["path"] == "binary.py"


def test_files_left_out_are_named(codekin, workspace):
    (workspace / "binary.py").write_bytes(b"\0")
    assert "left out: binary.py (binary content" in codekin("index").out


def test_many_files_left_out_are_counted(codekin, workspace):
    for number in range(12):
        (workspace / f"binary{number}.py").write_bytes(b"\0")
    assert "left out: 2 more" in codekin("index").out


def test_without_a_path_it_is_where_one_is(codekin, workspace):
    assert codekin("index", "--json").json["root"] == str(workspace)


def test_a_folder_that_is_not_there(refused):
    assert "there is no folder nowhere" in refused("index", "nowhere")


def test_a_file_instead_of_a_folder(refused):
    assert "is a file" in refused("index", "reading.py")


def test_a_cache_that_cannot_be_written(refused, workspace, monkeypatch):
    monkeypatch.setenv("CODEKIN_CACHE_DIR", str(workspace / "reading.py"))
    assert "CODEKIN_CACHE_DIR" in refused("index")


def test_an_interruption_keeps_what_was_indexed(codekin, monkeypatch, with_fake_worker):
    embed, calls = with_fake_worker.embed_units, []

    def interrupted(units, **_):
        calls.append(units)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return embed(units)

    monkeypatch.setattr(with_fake_worker, "embed_units", interrupted)
    outcome = codekin("index")
    assert (outcome.code, "what was finished so far is kept" in outcome.err) == (130, True)
    assert codekin("index", "--json").json["vectors_missing"] == 0


def test_a_failure_of_codekin_itself_is_one_line_too(refused, monkeypatch, with_fake_worker):
    monkeypatch.setattr(with_fake_worker, "embed_units", lambda *_, **__: 1 / 0)
    assert "ZeroDivisionError" in refused("index")
