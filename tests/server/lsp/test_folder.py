import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from codekin_model.source.span import Edit
from codekin_model.source.text import text_of
from codekin_server.answers import AssistError
from codekin_server.haste import watched
from codekin_server.lsp.documents import Change, Document
from codekin_server.lsp.folder import Folder

ROOT = Path("/w")
PATH = ROOT / "a.py"


class FakeAssist:
    """Keeps what it was told, and can be held up."""

    def __init__(self) -> None:
        self.told = []
        self.free = Event()
        self.free.set()
        self.closed = False

    def configure(self, settings):
        self.told.append(("configured", settings))

    def document_opened(self, path, text, version):
        self.free.wait(10)
        self.told.append(("opened", path, text, version))

    def document_changed(self, path, version, change):
        self.free.wait(10)
        self.told.append(("changed", path, version, change))

    def document_closed(self, path):
        self.told.append(("closed", path))

    def file_changed(self, path):
        raise AssistError("no such file")

    def file_deleted(self, path):
        self.told.append(("deleted", path))

    def close(self):
        self.closed = True


def document(version, text="x"):
    return Document(PATH.as_uri(), PATH, version, text_of(text))


def edit(at):
    return [(Edit(at, at, at + 1), b"x")]


@pytest.fixture
async def folder():
    made = Folder(ROOT.as_uri(), ROOT, ThreadPoolExecutor(2))
    yield made
    await made.close()


async def test_a_folder_whose_analysis_could_not_be_opened_is_broken(folder):
    def fail():
        raise AssistError("there is no folder")

    assert not folder.is_broken
    with pytest.raises(AssistError):
        await folder.open(fail)
    assert folder.is_broken


async def test_a_question_has_seen_every_event_before_it(folder):
    assist = FakeAssist()
    folder.opened(PATH, document(1))
    folder.closed(PATH)
    folder.on_disk(PATH, gone=True)
    await folder.open(lambda: assist)
    inside = Path("a.py")
    assert await folder.ask(lambda each: list(each.told)) == [
        ("opened", inside, "x", 1),
        ("closed", inside),
        ("deleted", inside),
    ]


async def test_changes_that_wait_are_read_as_one(folder):
    assist = FakeAssist()
    await folder.open(lambda: assist)
    assist.free.clear()
    folder.opened(PATH, document(1))
    for version in (2, 3, 4):
        folder.typed(PATH, Change(document(version), edit(version)))
    assist.free.set()
    told = await folder.ask(lambda each: each.told[1:])
    assert told == [("changed", Path("a.py"), 4, edit(2) + edit(3) + edit(4))]


async def test_a_whole_text_swallows_the_edits_that_wait_with_it(folder):
    assist = FakeAssist()
    await folder.open(lambda: assist)
    assist.free.clear()
    folder.opened(PATH, document(1))
    folder.typed(PATH, Change(document(2), edit(2)))
    folder.typed(PATH, Change(document(3, "whole"), None))
    folder.typed(PATH, Change(document(4, "whole!"), edit(5)))
    assist.free.set()
    assert await folder.ask(lambda each: each.told[1:]) == [("changed", Path("a.py"), 4, "whole!")]


async def test_an_event_that_fails_stops_nothing(folder):
    await folder.open(FakeAssist)
    folder.on_disk(PATH, gone=False)
    folder.on_disk(PATH, gone=True)
    assert await folder.ask(lambda each: each.told) == [("deleted", Path("a.py"))]


async def test_a_folder_that_does_not_open_says_so_to_everyone_who_asks(folder):
    def fail():
        raise AssistError("no folder")

    asking = asyncio.ensure_future(folder.ask(lambda each: each))
    with pytest.raises(AssistError, match="no folder"):
        await folder.open(fail)
    with pytest.raises(AssistError, match="no folder"):
        await asking


async def test_a_long_job_asked_for_before_its_folder_opens_waits_for_that(folder):
    """There is one thread for both: the job must not hold it while it waits for what opens there."""
    assist = FakeAssist()
    working = asyncio.ensure_future(folder.work(lambda each: each))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        await folder.open(lambda: assist)
        assert await working is assist


async def test_a_long_job_that_is_withdrawn_before_its_folder_opens_keeps_nobody_else_from_it(folder):
    assist = FakeAssist()
    working = asyncio.ensure_future(folder.work(lambda each: each))
    await asyncio.sleep(0.05)
    working.cancel()
    await folder.open(lambda: assist)
    assert await folder.work(lambda each: each) is assist


async def test_a_long_job_whose_folder_closes_before_it_opens_is_given_up(folder):
    working = asyncio.ensure_future(folder.work(lambda each: each))
    await asyncio.sleep(0.05)
    await folder.close()
    with pytest.raises(asyncio.CancelledError):
        await working


async def test_a_folder_that_was_closed_answers_nothing(folder):
    assist = FakeAssist()
    await folder.open(lambda: assist)
    await folder.close()
    folder.opened(PATH, document(1))
    with pytest.raises(AssistError, match="no longer a folder"):
        await folder.ask(lambda each: each)
    with pytest.raises(AssistError, match="no longer a folder"):
        await folder.work(lambda each: each)
    assert (assist.closed, assist.told) == (True, [])


async def test_a_question_to_a_folder_that_is_opened_again_is_answered_by_the_new_one(folder):
    before, after, successor = FakeAssist(), FakeAssist(), Folder(ROOT.as_uri(), ROOT, ThreadPoolExecutor(2))
    before.free.clear()
    await folder.open(lambda: before)
    folder.opened(PATH, document(1))
    waiting = asyncio.ensure_future(folder.ask(lambda each: each))
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(folder.close(successor))
    await asyncio.sleep(0)
    late = asyncio.ensure_future(folder.ask(lambda each: each))
    before.free.set()
    await closing
    await successor.open(lambda: after)
    assert await asyncio.gather(waiting, late) == [after, after]
    await successor.close()


async def test_a_question_withdrawn_while_its_folder_is_opened_again_is_not_asked_again(folder):
    assist, successor = FakeAssist(), Folder(ROOT.as_uri(), ROOT, ThreadPoolExecutor(2))
    assist.free.clear()
    await folder.open(lambda: assist)
    folder.opened(PATH, document(1))
    asking = asyncio.ensure_future(folder.ask(lambda each: each))
    await asyncio.sleep(0)
    asking.cancel()
    assist.free.set()
    await folder.close(successor)
    with pytest.raises(asyncio.CancelledError):
        await asking
    await successor.close()


async def test_questions_are_answered_while_a_long_job_runs(folder):
    await folder.open(FakeAssist)
    done = Event()
    job = asyncio.ensure_future(folder.work(lambda _: done.wait(10)))
    assert await folder.ask(lambda _: "answer") == "answer"
    done.set()
    assert await job


class Counting(FakeAssist):
    """Counts what is looked at on disk."""

    def __init__(self):
        super().__init__()
        self.changed, self.scans = [], 0

    def file_changed(self, path):
        self.changed.append(path)

    def rescan(self, cancelled):
        assert not cancelled()
        self.scans += 1


async def test_a_few_written_files_are_looked_at_one_by_one(folder):
    assist = Counting()
    for name in ("a.py", "b.py", "a.py"):
        folder.on_disk(ROOT / name, gone=False)
    await folder.open(lambda: assist)
    await folder.ask(lambda _: None)
    assert (assist.changed, assist.scans) == ([Path("a.py"), Path("b.py")], 0)


async def test_thousands_of_written_files_are_one_look_at_the_folder(folder):
    assist = Counting()
    for at in range(3000):
        folder.on_disk(ROOT / f"{at}.py", gone=at % 2 == 0)
    await folder.open(lambda: assist)
    while not assist.scans:  # noqa: ASYNC110 - it runs aside
        await asyncio.sleep(0.01)
    assert (assist.changed, assist.scans) == ([], 1)


async def test_after_a_look_at_the_folder_aside_the_next_run_looks_too(folder):
    assert folder.disk.is_due()
    folder.look_over()
    await folder.open(Counting)
    await folder.ask(lambda _: None)
    assert folder.disk.is_due()


async def test_a_notebook_that_changes_fast_is_read_once(folder):
    assist = FakeAssist()
    assist.notebook_opened = lambda path, cells: assist.told.append((path, cells))
    for version in range(5):
        folder.notebook(ROOT / "n.ipynb", [("a", "x = 1", version)])
    await folder.open(lambda: assist)
    assert await folder.ask(lambda each: each.told) == [(Path("n.ipynb"), [("a", "x = 1", 4)])]


async def test_a_withdrawn_question_is_not_asked_of_the_model(folder):
    asked, waiting = Future(), Event()

    def question(_):
        watched(asked)
        waiting.set()
        return asked.result()

    await folder.open(FakeAssist)
    asking = asyncio.ensure_future(folder.ask(question))
    await asyncio.get_running_loop().run_in_executor(None, waiting.wait, 10)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert asked.cancelled()
