"""The report: rows, tables, differences and pictures."""

import numpy as np
import pytest

from codekin_model.evaluation.figures import NAMES, RANKS, Figures, measures_of
from codekin_model.evaluation.report import MASKED, VISIBLE, ReportOptions, write_report
from codekin_model.evaluation.results import Result, evaluated, write_result
from codekin_model.evaluation.speed import Speed
from codekin_model.evaluation.system import EvaluationError
from codekin_model.evaluation.table import cell, ordered, rows_of

ALONE = "names: alone"


def ranks(title, rank, digest="d", count=40):
    return Figures(title, RANKS, digest, {"rank": np.full(count, float(rank))})


def names(right):
    stated = np.linspace(0, 1, 40)
    columns = {"offered": np.full(40, 2.0), "wanted": np.full(40, 2.0), "right": np.full(40, float(right))}
    return Figures(ALONE, NAMES, "n", {**columns, "place": (stated > 0.5).astype(np.float64), "stated": stated})


def result(system, *figures, seed=None, kind="search"):
    found = {each.title: evaluated(each) for each in figures}
    return Result(system, kind, seed, "abc123", f"codekin evaluate {system}", "sha", found, Speed(100, 1, 2.0, 4.0))


@pytest.fixture
def folder(tmp_path):
    results = [
        result("frozen", ranks(VISIBLE, 4), ranks(MASKED, 10), kind="baseline"),
        result("teacher", ranks(VISIBLE, 1), ranks(MASKED, 2), names(1), seed=1),
        result("teacher", ranks(VISIBLE, 2), ranks(MASKED, 2), names(2), seed=2),
        result("student", ranks(VISIBLE, 2), ranks(MASKED, 5), kind="student"),
    ]
    for each in results:
        write_result(each, tmp_path / "results")
    return tmp_path


@pytest.fixture
def report(folder):
    return write_report(folder / "results", folder / "out" / "RESULTS.md").read_text()


def test_seeds_of_a_system_are_one_row_with_mean_and_spread():
    first, second = result("a", ranks(VISIBLE, 1), seed=1), result("a", ranks(VISIBLE, 2), seed=2)
    (row,) = rows_of([first, second])
    found = cell(row, VISIBLE, measures_of(row.figures(VISIBLE))[0])
    assert found.interval.mean == pytest.approx(0.75)
    assert found.deviation == pytest.approx(np.std([1.0, 0.5], ddof=1))
    assert found.text(1.0) == "0.750 [0.750, 0.750] ± 0.354"
    assert found.text(100.0) == "75.0 [75.0, 75.0] ± 35.4"


def test_a_run_and_what_was_exported_of_it_are_two_rows_though_they_share_a_name():
    exported = result("a", ranks(VISIBLE, 4), kind="student")
    seeds = [result("a", ranks(VISIBLE, at), seed=at, kind="student") for at in (1, 2)]
    rows = {row.system: len(row.results) for row in rows_of([exported, *seeds])}
    assert rows == {"a (student, no seed)": 1, "a (student, seed 1, 2)": 2}


def test_systems_of_another_kind_are_rows_of_their_own_though_they_share_name_and_seed():
    rows = rows_of([result("a", ranks(VISIBLE, 1), seed=1), result("a", names(1), seed=1, kind="names")])
    assert [row.system for row in rows] == ["a (search, seed 1)", "a (names, seed 1)"]


def test_systems_that_share_a_name_are_compared_with_each_other(folder):
    write_result(result("frozen", ranks(VISIBLE, 1), seed=3), folder / "results")
    options = ReportOptions(baseline="frozen (baseline, no seed)")
    text = write_report(folder / "results", folder / "RESULTS.md", options).read_text()
    row = next(line for line in text.splitlines() if line.startswith("| frozen (search, seed 3) | 1 | 1.000"))
    assert row.endswith("| +0.750 [+0.750, +0.750], p < 0.001 |")


def test_the_best_comes_first_and_who_did_not_take_part_is_left_out():
    rows = rows_of([result("a", ranks(VISIBLE, 3)), result("b", ranks(VISIBLE, 1)), result("c", names(1))])
    assert [row.system for row in ordered(rows, VISIBLE)] == ["b", "a"]


def test_a_table_says_figures_and_paired_gains(report):
    assert "### Names visible, all functions (40 cases)" in report
    assert "| system | seeds | MRR | NDCG@10 | recall@1 | recall@10 | MRR, gain |" in report
    student = next(line for line in report.splitlines() if line.startswith("| student | 1 | 0.500"))
    assert student.endswith("| +0.250 [+0.250, +0.250], p < 0.001 |")
    frozen = next(line for line in report.splitlines() if line.startswith("| frozen | 1 | 0.250"))
    assert frozen.endswith("|  |")


def test_sections_stand_in_order_with_their_commands_and_speeds(report):
    headings = [line for line in report.splitlines() if line.startswith("## ")]
    assert headings == ["## Search", "## Names", "## Speed", "## Commands"]
    assert "    codekin evaluate student  # student, commit abc123" in report
    assert "| student | 25 | 50 | 1 |" in report
    assert report.endswith("\n\nCorpus: `sha` (`sha256` in its manifest.json).\n")


def test_pictures_are_drawn_and_shown(folder):
    options = ReportOptions(ablation=("teacher", "frozen"), notes={"search": "What was asked."})
    text = write_report(folder / "results", folder / "RESULTS.md", options).read_text()
    drawn = sorted(path.name for path in (folder / "plots").iterdir())
    assert drawn == ["ablation.svg", "calibration-1.svg", "speed.svg"]
    assert all(f"(plots/{name})" in text for name in drawn)
    assert all(path.stat().st_size < 60_000 for path in (folder / "plots").iterdir())
    assert "teacher" in (folder / "plots" / "ablation.svg").read_text()
    assert "What was asked." in text


def test_the_same_results_give_the_same_bytes(folder):
    def written(name):
        write_report(folder / "results", folder / name / "RESULTS.md", ReportOptions(ablation=("teacher", "frozen")))
        return {path.name: path.read_bytes() for path in (folder / name).rglob("*") if path.is_file()}

    assert written("one") == written("two")


def test_curves_of_a_training_are_drawn(folder):
    (folder / "curves.csv").write_text("epoch,loss,score\n0,2.0,0.1\n1,1.0,0.2\n")
    options = ReportOptions(curves={"teacher": folder / "curves.csv"})
    text = write_report(folder / "results", folder / "RESULTS.md", options).read_text()
    assert "(plots/curves-teacher.svg)" in text
    assert (folder / "plots" / "curves-teacher.svg").stat().st_size < 60_000


def test_a_baseline_that_is_not_there_is_refused(folder):
    with pytest.raises(EvaluationError, match="no result of 'bm25'; there are frozen, student, teacher"):
        write_report(folder / "results", folder / "RESULTS.md", ReportOptions(baseline="bm25"))


def test_notes_of_a_section_that_is_not_there_are_refused(folder):
    options = ReportOptions(notes={"search": "Asked.", "serach": "Asked."})
    with pytest.raises(EvaluationError, match="'serach' has notes and is no section here; there are search, names"):
        write_report(folder / "results", folder / "RESULTS.md", options)
    assert not (folder / "RESULTS.md").exists()


def test_systems_measured_on_other_cases_are_not_compared(folder):
    write_result(result("other", ranks(VISIBLE, 1, digest="x")), folder / "results")
    with pytest.raises(EvaluationError, match=r"other and frozen: .* different cases"):
        write_report(folder / "results", folder / "RESULTS.md")
