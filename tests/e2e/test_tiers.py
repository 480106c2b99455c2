"""Two tiers: searchable by the student's vectors at once, refined by the teacher's."""

import signal

import pytest

COUNT = 300


@pytest.fixture
def large(workspace):
    for at in range(COUNT // 10):
        functions = [f"def work_{at}_{each}(value):\n    return value + {at * each}\n" for each in range(10)]
        (workspace / f"part_{at}.py").write_text("\n\n".join(functions))
    return workspace


async def tiers(editor):
    found = await editor.command("codekin.search", "do some work with a value", 50)
    return {result["tier"] for result in found["results"]}, found["note"]


async def test_results_come_from_the_student_first_and_from_the_teacher_in_the_end(connect, large, model_with_student):
    async with connect(large, options={"modelPath": str(model_with_student)}) as editor:
        await editor.until(lambda status: status["units"] and not _unseen(status), "codekin.status")
        early, note = await tiers(editor)
        assert "student" in early
        assert "first, quick vectors" in note
        await editor.embedded()
        assert await tiers(editor) == ({"teacher"}, None)


async def test_after_a_kill_half_way_the_index_is_used_as_it_is(connect, large, model_with_student):
    options = {"modelPath": str(model_with_student)}
    async with connect(large, options=options) as editor:
        await editor.until(lambda status: status["units_embedded"] >= 16, "codekin.status")
        editor.process.send_signal(signal.SIGKILL)
        await editor.process.wait()
    async with connect(large, options=options) as editor:
        query = ("codekin.search", "do some work with a value", 50)
        await editor.until(lambda found: {each["tier"] for each in found["results"]} <= {"student", "teacher"}, *query)
        assert not _unseen(await editor.command("codekin.status"))
        await editor.embedded()
        assert await tiers(editor) == ({"teacher"}, None)


async def test_the_file_that_is_open_is_the_teachers_first(connect, large, model_with_student):
    async with connect(large, options={"modelPath": str(model_with_student)}) as editor:
        editor.open(large / "part_29.py")

        def open_first(answer):
            here = {each["tier"] for each in answer["results"] if each["path"] == "part_29.py"}
            return here == {"teacher"}

        await editor.until(open_first, "codekin.search", "work_29_3 work_29_4", 5)
        assert (await editor.command("codekin.status"))["vectors_missing"] > COUNT // 3


def _unseen(status):
    return status["vectors_missing"] - status["by_student"]
