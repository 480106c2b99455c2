"""A file of questions is read, and every other is refused by its name."""

import pytest

pytest.importorskip("torch")

from codekin_model.training.machine import TrainingError
from codekin_model.training.written_questions import check_fitting, read_questions


@pytest.fixture
def file(tmp_path):
    return tmp_path / "questions.tsv"


def test_lines_without_a_question_say_nothing(file):
    file.write_text("a1\tfirst\tsecond   part\t\nb2\nc3\t \n\n")
    assert read_questions(file) == {"a1": ["first", "second part"]}


def test_a_text_of_another_kind_is_refused_with_the_line(file):
    file.write_text('a1\tfirst\nkind = "search"\n')
    with pytest.raises(TrainingError, match=r"questions\.tsv holds no questions, or a damaged line 2: a line is"):
        read_questions(file)


def test_what_is_no_text_is_refused(file):
    file.write_bytes(b"a1\t\xeb\xff\n")
    with pytest.raises(TrainingError, match=r"questions\.tsv is no text in UTF-8"):
        read_questions(file)


def test_a_file_that_asks_for_none_of_the_functions_is_refused(file):
    with pytest.raises(TrainingError, match=r"questions\.tsv asks for no function of the corpus"):
        check_fitting(file, {"a1": ["first"]}, ["b2", "c3"])


def test_one_function_that_is_asked_for_is_enough(file):
    check_fitting(file, {"a1": ["first"], "d4": ["other"]}, ["b2", "a1"])
