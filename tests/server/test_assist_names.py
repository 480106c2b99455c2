"""Names offered unasked, with a model that needs no process."""

from dataclasses import replace
from pathlib import Path

import pytest

from codekin_model.embedder import NameSuggestion
from codekin_server.settings.schema import NamesSettings

READING, ANY = Path("reading.py"), NamesSettings(minimum_confidence=0.0)
FAMILY = """\
class Base:
    def run(self, stream):
        return stream.read()


class Middle(Base):
    pass


class Below(Middle):
    def run(self, stream):
        return stream.read().strip()

    def walk(self, stream):
        return stream.readlines()
"""


def line_of(assist, name: str, words: str) -> int:
    lines = (assist.root / name).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def offer(assist, words: str, wanted=ANY, path: Path = READING):
    return assist.names.offer(path, line_of(assist, path.as_posix(), words), wanted)


def test_on_a_signature_and_inside_of_a_body(assist):
    assert offer(assist, "def read_text").inside is False
    assert offer(assist, "return stream.read()").inside is True


def test_inside_only_where_it_is_wanted(assist):
    outside_only = replace(ANY, inside=False)
    assert offer(assist, "return stream.read()", outside_only) is None
    assert offer(assist, "def read_text", outside_only) is not None


def test_the_present_name_is_not_offered(assist):
    offered = offer(assist, "def read_text").names
    assert offered.name == "read_text"
    assert "read_text" not in [each.name for each in offered.suggestions]


def test_no_more_names_than_wanted(assist):
    assert len(offer(assist, "def read_text").names.suggestions) > 1
    assert len(offer(assist, "def read_text", replace(ANY, limit=1)).names.suggestions) == 1


def test_only_names_that_the_model_is_sure_enough_of(assist):
    sure = offer(assist, "def read_text", replace(ANY, minimum_confidence=0.1)).names.suggestions
    assert sure
    assert all(each.probability >= 0.1 for each in sure)
    assert offer(assist, "def read_text", replace(ANY, minimum_confidence=1.0)) is None


@pytest.mark.parametrize(("patterns", "offered"), [(("read_*",), False), (("write_*",), True), (("READ_*",), True)])
def test_names_that_fit_a_pattern_are_left_alone(assist, patterns, offered):
    assert (offer(assist, "def read_text", replace(ANY, ignore=patterns)) is not None) is offered


def test_a_name_that_python_calls_gets_none_unless_asked(assist):
    assert offer(assist, "def __len__") is None
    (asked,) = assist.suggest_names(READING, line_of(assist, "reading.py", "def __len__"))
    assert asked.suggestions


def test_an_override_of_the_workspace_gets_none_unless_asked(assist):
    (assist.root / "family.py").write_text(FAMILY)
    assist.index()
    line = line_of(assist, "family.py", ".strip()") - 1
    assert assist.names.offer(Path("family.py"), line, ANY) is None
    assert assist.names.offer(Path("family.py"), 2, ANY) is not None, "the method above may be renamed"
    assert offer(assist, "def walk", path=Path("family.py")) is not None
    assert assist.suggest_names(Path("family.py"), line)[0].suggestions


def test_an_override_of_another_file_is_found_through_its_alias(assist):
    (assist.root / "lib").mkdir()
    (assist.root / "lib" / "base.py").write_text(FAMILY)
    (assist.root / "own.py").write_text(
        "from lib.base import Base as Above\n\n\nclass Own(Above):\n    def run(self, stream):\n        return 1\n"
    )
    assist.index()
    assert offer(assist, "def run", path=Path("own.py")) is None


def test_a_class_that_has_its_bases_name_overrides_nothing_of_itself(assist):
    (assist.root / "own.py").write_text(
        "import other\n\n\nclass Plain(other.Plain):\n    def close_it(self, streams):\n        streams.close()\n"
    )
    assist.index()
    assert offer(assist, "def close_it", path=Path("own.py")) is not None


def test_a_method_marked_as_override_gets_none(assist):
    (assist.root / "own.py").write_text(
        "class Own(Elsewhere):\n    @override\n    def run(self, stream):\n        return stream.read()\n"
    )
    assert offer(assist, "def run", path=Path("own.py")) is None


def test_an_unsaved_base_class_counts(assist):
    path = Path("family.py")
    assist.document_opened(path, FAMILY, 1)
    assert assist.names.offer(path, 11, ANY) is None


def test_a_missing_name_is_completed_from_the_body(assist):
    text = (assist.root / "reading.py").read_text().replace("def read_text(", "def (")
    assist.document_opened(READING, text, 1)
    offset = text.index("def (") + len("def ")
    found = assist.names.complete(READING, offset, ANY)
    assert (found.span.start, found.span.end) == (offset, offset)
    assert found.suggestions
    unit, around = assist._worker.named[-1]
    assert "METHOD_NAME" in unit.passage
    assert around.siblings == {"_read_bytes", "__len__"}


def test_siblings_are_found_around_a_name_that_breaks_the_file(assist):
    text = (assist.root / "reading.py").read_text().replace("def read_text(self, path):", "def :")
    assist.document_opened(READING, text, 1)
    assist.names.complete(READING, text.index("def :") + len("def "), ANY)
    assert assist._worker.named[-1][1].siblings == {"_read_bytes", "__len__"}


def test_private_names_are_completed_after_an_underscore(assist):
    text = "def _(stream):\n    return stream.read()\n"
    assist.document_opened(Path("new.py"), text, 1)
    found = assist.names.complete(Path("new.py"), len("def _"), ANY)
    assert found.suggestions
    assert all(each.name.startswith("_") for each in found.suggestions)


def test_no_completion_elsewhere(assist):
    assert assist.names.complete(READING, 3, ANY) is None


def test_the_line_of_a_name_is_told_for_definitions_only(assist):
    text = (assist.root / "reading.py").read_text()
    at = text.index("read_text")
    line, span = assist.names.line_of_name(READING, at + 3)
    assert (line, text[span.start : span.end]) == (line_of(assist, "reading.py", "def read_text"), "read_text")
    assert assist.names.line_of_name(READING, text.index("stream.read")) is None


ODD = """def {name}(streams):{comment}
    for stream in streams:
        stream.flush()
        stream.close()
"""


@pytest.fixture
def judged(assist, monkeypatch):
    """Names of a new file that contradict their bodies, for a model that is sure of ``close_all``."""

    def listed(unit, around, limit):
        assist._worker.named.append((unit, around))
        return assist._worker._answer((NameSuggestion("close_all", 0.9, "decoder"),))

    monkeypatch.setattr(assist._worker, "suggest_names", listed)
    monkeypatch.setattr(assist._worker, "near", 0.0)

    def hints(name: str, comment: str = "", wanted=ANY, path: str = "odd.py", stopped=lambda: False):
        (assist.root / path).write_text(ODD.format(name=name, comment=comment))
        return [each.name for each in assist.names.hints(Path(path), wanted, stopped)]

    return hints


def test_a_name_that_contradicts_its_body_is_told_with_the_better_one(assist, judged):
    assert judged("send_email") == ["send_email"]
    (hint,) = assist.names.hints(Path("odd.py"), ANY, lambda: False)
    assert (hint.own, hint.best.name, hint.name_span.start) == (0.0, "close_all", len("def "))


def test_a_name_that_is_near_its_function_is_left_alone(assist, judged, monkeypatch):
    monkeypatch.setattr(assist._worker, "near", 0.5)
    assert judged("send_email") == []
    ((unit, name),) = assist._worker.measured
    assert (name, unit.masked) == ("send_email", True)


def test_a_fitting_name_is_left_alone(judged):
    assert judged("close_all") == judged("close_streams") == []


@pytest.mark.parametrize("comment", ["  # codekin: ignore-name", "  # noqa # codekin: ignore-name, historical"])
def test_a_comment_leaves_a_name_alone(judged, comment):
    assert judged("send_email", comment) == []


def test_tests_dunders_and_ignored_names_are_not_judged(judged):
    assert judged("send_email", path="test_odd.py") == judged("__send_email__") == []
    assert judged("send_email", wanted=replace(ANY, ignore=("send_*",))) == []


def test_a_function_is_judged_once_for_its_content(assist, judged):
    judged("send_email")
    before = len(assist._worker.named)
    judged("send_email")
    assert len(assist._worker.named) == before


def test_judging_stops_when_nobody_waits_for_it_any_more(judged):
    assert judged("send_email", stopped=lambda: True) == []


def test_a_function_with_other_siblings_is_judged_again(assist, judged):
    judged("send_email")
    before = len(assist._worker.named)
    with (assist.root / "odd.py").open("a") as odd:
        odd.write("\n\ndef open_all(paths):\n    return [open(path) for path in paths]\n")
    assist.names.hints(Path("odd.py"), ANY, lambda: False)
    assert assist._worker.named[before][1].siblings == {"open_all"}


def test_a_function_is_judged_again_when_the_index_has_grown_to_twice_its_size(assist, judged):
    def asked_again():
        before = len(assist._worker.named)
        judged("send_email")
        return len(assist._worker.named) > before

    def embedded(file, count):
        (assist.root / file).write_text("\n".join(f"def f{at}():\n    return {at}\n" for at in range(count)))
        assist.index()

    embedded("first.py", 10)
    assert asked_again()
    embedded("small.py", 2)
    assert not asked_again()
    embedded("large.py", 40)
    assert asked_again()


def test_a_judgement_forgotten_by_another_thread_is_told_all_the_same(assist, judged):
    class Forgetful(dict):
        def __setitem__(self, key, judgement):
            """Kept, and forgotten at once."""

    assist.names._judgements = Forgetful()
    assert judged("send_email") == ["send_email"]
