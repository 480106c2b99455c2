import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import psutil
import pytest

from codekin_model.checkpoint.manifest import (
    HuggingFacePart,
    Manifest,
    default_model_dir,
    read_manifest,
    write_manifest,
)
from codekin_model.embedder import Surroundings
from codekin_model.extracted import extract
from codekin_model.extraction.passage import passage
from codekin_model.runtime.sketcher import load_onnx_sketcher
from codekin_model.runtime.student import load_onnx_student
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.worker.client import WorkerClient, WorkerDied, worker_command
from codekin_server.worker.messages import EmbedQueries, EmbedUnits, NotLoaded, Ready, read_message, write_message
from codekin_server.worker.process import thread_count

PATIENCE = 120


@pytest.fixture
def process():
    """The real process, with the real model, spoken to by hand."""
    running = subprocess.Popen(
        worker_command(default_model_dir()), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    yield running
    running.kill()
    running.communicate()


@pytest.fixture(scope="module")
def client():
    with WorkerClient(default_model_dir(), fingerprint=read_manifest(default_model_dir()).fingerprint) as client:
        yield client


def test_it_says_which_model_it_has(process):
    manifest = read_manifest(default_model_dir())
    assert read_message(process.stdout) == Ready(manifest.fingerprint, manifest.width)


def test_the_real_model_answers(client, unit):
    code = client.embed_units([unit("def area(width, height): return width * height")], urgent=True).result(PATIENCE)
    near, far = client.embed_queries(["multiply width and height", "delete a user"]).result(PATIENCE)
    assert code.shape == (1, 384)
    assert near @ code[0] > far @ code[0]


def test_the_real_model_finds_a_fitting_name_nearer_than_another(client, unit):
    area = unit("def METHOD_NAME(width, height): return width * height", masked=True)
    near, far = (client.nearness(area, name).result(PATIENCE) for name in ("computeArea", "delete_user"))
    assert 0 <= far < 0.1 < near <= 1


def test_a_unit_that_shows_its_name_is_refused_and_the_process_lives(client, unit):
    problem = client.suggest_names(unit("def f(): pass"), Surroundings(), 5).exception(PATIENCE)
    assert "masked" in str(problem)
    assert client.embed_queries(["still there"]).result(PATIENCE).shape == (1, 384)
    assert client.state.restarts == 0


def test_the_real_process_killed_at_work_changes_no_vector(client, unit):
    units = [unit(f"def f{at}(): return {at}") for at in range(12)]
    expected = client.embed_units(units, urgent=False).result(PATIENCE)
    future = client.embed_units(units, urgent=False)
    os.kill(client.state.pid, signal.SIGKILL)
    assert np.array_equal(future.result(PATIENCE), expected)


def test_it_ends_with_its_input(process):
    read_message(process.stdout)
    process.stdin.close()
    process.stdin = None
    assert process.wait(PATIENCE) == 0


def test_it_ends_with_its_input_in_the_middle_of_a_computation(process, unit):
    read_message(process.stdout)
    write_message(process.stdin, EmbedUnits(1, tuple(unit(f"{at} " + "word " * 200) for at in range(20_000))))
    process.stdin.close()
    process.stdin = None
    assert process.wait(PATIENCE) == 0


def test_garbage_ends_it(process):
    read_message(process.stdout)
    process.stdin.write(b"\xff" * 100)
    process.stdin.flush()
    assert process.wait(PATIENCE) == 0
    assert b"the server sent garbage" in process.stderr.read()


def test_an_interrupt_from_the_terminal_is_not_its_business(process):
    read_message(process.stdout)
    process.send_signal(signal.SIGINT)
    write_message(process.stdin, EmbedQueries(7, ("still there",)))
    assert read_message(process.stdout).id == 7


def test_it_gives_way_to_the_editor(process):
    read_message(process.stdout)
    assert psutil.Process(process.pid).nice() >= 5


def test_it_dies_with_the_process_that_started_it():
    script = (
        "import os, signal; from codekin_server.worker.client import WorkerClient;"
        "from codekin_model.checkpoint.manifest import default_model_dir;"
        "client = WorkerClient(default_model_dir()); client.embed_queries(['a']).result();"
        "print(client.state.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    run = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=False)
    pid = int(run.stdout)
    if psutil.pid_exists(pid):
        psutil.wait_procs([psutil.Process(pid)], timeout=PATIENCE)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def first_message():
    """What the process says first when it is started with this folder and these variables."""

    def start(folder, **variables):
        running = subprocess.Popen(
            worker_command(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | variables
        )
        message = read_message(running.stdout)
        running.communicate()
        return message

    return start


def test_a_folder_without_a_model(first_message, tmp_path):
    message = first_message(tmp_path / "absent")
    assert isinstance(message, NotLoaded)
    assert "there is no model folder" in message.message


@pytest.mark.parametrize("threads", ["many", "0", "-1", "1.5"])
def test_a_thread_count_that_is_none(first_message, threads):
    message = first_message(default_model_dir(), CODEKIN_THREADS=threads)
    assert message == NotLoaded(f"CODEKIN_THREADS is {threads!r}: set it to a number from 1 up, or leave it away")


def test_a_thread_count(first_message):
    assert isinstance(first_message(default_model_dir(), CODEKIN_THREADS="1"), Ready)


def test_a_hugging_face_model_without_torch_names_the_extra(first_message, tmp_path):
    folder, hidden = tmp_path / "model", tmp_path / "hidden"
    folder.mkdir()
    (hidden / "torch").mkdir(parents=True)
    (hidden / "torch" / "__init__.py").write_text("raise ModuleNotFoundError('no torch', name='torch')")
    write_manifest(folder, Manifest("own", 16, hugging_face=HuggingFacePart("some/model")), ())
    path = os.pathsep.join([str(hidden), *filter(None, [os.environ.get("PYTHONPATH")])])
    message = first_message(folder, PYTHONPATH=path)
    assert "torch is not installed: pip install 'codekin[llm]'" in message.message


def test_a_damaged_model_is_told_to_who_asks(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with WorkerClient(tmp_path) as client, pytest.raises(WorkerDied, match="describes no codekin model"):
        client.embed_queries(["a"]).result(PATIENCE)


def test_the_process_imports_neither_store_nor_language_server():
    script = (
        "import sys; import codekin_server.worker.process as process;"
        "from codekin_model.checkpoint.manifest import default_model_dir;"
        "process.load_embedder(default_model_dir(), 1);"
        "print({name for name in sys.modules if name.startswith(('codekin_server.', 'pygls', 'sqlite3', 'torch'))"
        " and not name.startswith('codekin_server.worker')})"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_the_student_embeds_in_the_teachers_width(model_with_student):
    source = "def total_price(prices):\n    return sum(prices)\n\n\ndef read_lines(path):\n    return open(path)\n"
    units = find_units(parse(text_of(source)))
    with WorkerClient(model_with_student) as client:
        vectors = client.sketch_units(units).result(PATIENCE)
        teachers = client.embed_units([extract(units[1])], urgent=True).result(PATIENCE)
    assert vectors.shape == (len(units), teachers.shape[1])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)


def test_first_vectors_are_those_that_the_shipped_student_is_searched_by():
    units = find_units(parse(text_of("def total_price(prices):\n    return sum(prices)\n")))
    passages = [passage(unit) for unit in units]
    with WorkerClient(default_model_dir()) as client:
        vectors = client.sketch_units(units).result(PATIENCE)
    assert vectors == pytest.approx(load_onnx_sketcher(default_model_dir(), 1).embed_passages(passages), abs=1e-5)
    assert vectors != pytest.approx(load_onnx_student(default_model_dir(), 1).embed_passages(passages), abs=1e-3)


def test_a_model_without_a_student_refuses_to_sketch_and_lives(tmp_path):
    folder = shutil.copytree(default_model_dir(), tmp_path / "model")
    shipped = read_manifest(folder)
    files = [name for name in shipped.files if "student" not in name and name not in ("blend.onnx", "sketch.onnx")]
    write_manifest(folder, replace(shipped, student=None, blend=None, sketch=None), files)
    with WorkerClient(folder) as client:
        assert "holds no student" in str(client.sketch_units(()).exception(PATIENCE))
        assert client.embed_queries(["still there"]).result(PATIENCE).shape == (1, 384)


@pytest.mark.parametrize(
    ("variable", "chosen", "threads"), [("999", None, 2), ("1", None, 1), ("1", 2, 1), ("", 999, 2), ("", 1, 1)]
)
def test_no_more_threads_than_may_be_used(monkeypatch, variable, chosen, threads):
    monkeypatch.setenv("CODEKIN_THREADS", variable)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert thread_count(chosen) == threads
