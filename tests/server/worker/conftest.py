import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from codekin_model.extracted import ExtractedUnit
from codekin_server.worker.client import WorkerClient, WorkerLimits

FAKE = Path(__file__).with_name("fake_process.py")
PATIENCE = 60
QUICK = WorkerLimits(
    loading=PATIENCE, answering=PATIENCE, closing=0.5, restarts=2, back_off=0.01, rest=PATIENCE, slice=2
)


class States:
    """Every state announced, and a way to wait for one."""

    def __init__(self):
        self.seen = []
        self._changed = threading.Condition()

    def __call__(self, state):
        with self._changed:
            self.seen.append(state)
            self._changed.notify_all()

    def wait_for(self, accept):
        with self._changed:
            assert self._changed.wait_for(lambda: any(accept(state) for state in self.seen), PATIENCE), self.seen
            return next(state for state in self.seen if accept(state))

    @property
    def statuses(self):
        return [str(state.status) for state in self.seen]


@pytest.fixture
def states():
    return States()


@pytest.fixture
def make_client(tmp_path, states):
    """Clients of the fake process; ``start`` says how it begins, ``limits`` are changes to quick ones."""
    clients = []

    def make(start="well", *, fingerprint=None, **limits):
        command = [sys.executable, str(FAKE), str(tmp_path), start]
        client = WorkerClient(
            tmp_path, states, fingerprint=fingerprint, command=command, limits=replace(QUICK, **limits)
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def served(tmp_path):
    """What the fake process was asked, in its order."""
    path = tmp_path / "served"
    return lambda: path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def wait_until():
    """Waits for something that only the fake process can make true."""

    def wait(condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    return wait


@pytest.fixture
def unit():
    return lambda text, **changes: ExtractedUnit(text, text, (), **changes)
