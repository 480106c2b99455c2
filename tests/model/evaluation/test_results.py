"""Results are written and read back, and what is no result is refused."""

import numpy as np
import pytest

from codekin_model.evaluation.figures import NAMES, RANKS, Figures, measured, measures_of
from codekin_model.evaluation.results import Result, check_folder, evaluated, read_result, read_results, write_result
from codekin_model.evaluation.speed import Speed
from codekin_model.evaluation.system import EvaluationError

FIGURES = Figures("search: all", RANKS, "d", {"rank": np.array([1.0, 3.0, 20.0])})


def result(system="bm25", seed=None):
    return Result(system, "baseline", seed, "abc", "codekin evaluate", "sha", {"search: all": evaluated(FIGURES)})


def test_a_result_is_read_back_as_it_was_written(tmp_path):
    written = Result(
        "a system", "search", 17, "abc", "cmd", "sha", {"search: all": evaluated(FIGURES)}, Speed(10, 1, 2.0, 1.0)
    )
    read = read_result(write_result(written, tmp_path))
    assert read == written
    assert read.figures("search: all").columns["rank"].tolist() == [1.0, 3.0, 20.0]


def test_measures_are_stored_with_their_intervals():
    mrr = measured(FIGURES, measures_of(FIGURES)[0])
    assert evaluated(FIGURES).measures["MRR"] == pytest.approx((mrr.mean, mrr.low, mrr.high), abs=1e-5)


def test_whole_numbers_are_stored_without_a_point():
    stated = np.array([0.123456789, 1.0])
    figures = Figures("n: a", NAMES, "d", dict.fromkeys(("right", "offered", "wanted", "place", "stated"), stated))
    assert str(list(evaluated(figures).columns["stated"])) == "[0.12346, 1]"


def test_files_are_called_after_system_and_seed(tmp_path):
    names = {
        write_result(result(*each), tmp_path).name for each in (("bm25",), ("fusion / all", 3), ("bm25+minilm", 1))
    }
    assert names == {"bm25.json", "fusion-all-3.json", "bm25+minilm-1.json"}


def test_a_second_result_of_a_system_and_seed_replaces_the_first(tmp_path):
    write_result(result(), tmp_path)
    write_result(result(), tmp_path)
    assert [each.system for each in read_results(tmp_path)] == ["bm25"]


@pytest.mark.parametrize("text", ['{"format": 1}', "", "[]"])
def test_what_is_no_result_is_refused_with_one_line(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(EvaluationError, match=r"x\.json holds no result") as refused:
        read_results(tmp_path)
    assert "\n" not in str(refused.value)


def test_another_format_is_refused(tmp_path):
    path = write_result(result(), tmp_path)
    path.write_text(path.read_text().replace('"format":1', '"format":9'))
    with pytest.raises(EvaluationError, match="is of format 9"):
        read_results(tmp_path)


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(EvaluationError, match="holds no results: make some"):
        read_results(tmp_path)


def test_a_folder_that_can_be_made_is_not_made_by_looking(tmp_path):
    check_folder(tmp_path / "new" / "results")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["file", "file/results"])
def test_a_file_where_results_are_to_be_kept_is_refused(tmp_path, name):
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match=r"file is no folder: .*--out"):
        check_folder(tmp_path / name)


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path)  # root may write everywhere
    with pytest.raises(EvaluationError, match=r"cannot be written to: .*--out"):
        check_folder(tmp_path / "results")
