"""Curves have a row an epoch, whatever was killed in between, and can be drawn."""

import pytest

pytest.importorskip("torch")

from codekin_model.training.curves import plot_curves, read_curves, write_row


def rows(*epochs: int) -> list[dict[str, float]]:
    return [{"epoch": float(epoch), "loss": 1 / (epoch + 1)} for epoch in epochs]


def test_rows_read_back_as_they_were_written(tmp_path):
    for row in rows(0, 1, 2):
        write_row(tmp_path / "curves.csv", row)
    assert read_curves(tmp_path / "curves.csv") == rows(0, 1, 2)


def test_an_epoch_that_is_done_again_has_one_row(tmp_path):
    for row in rows(0, 1, 2, 1):
        write_row(tmp_path / "curves.csv", row)
    assert read_curves(tmp_path / "curves.csv") == rows(0, 1)


def test_a_figure_may_come_later(tmp_path):
    late = [{"epoch": 0.0, "loss": 2.0}, {"epoch": 1.0, "loss": 1.0, "score": 0.5}]
    for row in late:
        write_row(tmp_path / "curves.csv", row)
    assert read_curves(tmp_path / "curves.csv") == late


def test_the_picture_has_a_panel_for_every_figure(tmp_path):
    pytest.importorskip("matplotlib")
    for row in rows(0, 1):
        write_row(tmp_path / "curves.csv", row | {"seconds": 3.0, "score": 0.5, "masked": 0.1, "exact": 0.2})
    plot_curves(tmp_path / "curves.csv", tmp_path / "curves.svg")
    drawn = (tmp_path / "curves.svg").read_text()
    assert [title in drawn for title in ("<!-- loss -->", "<!-- score -->", "<!-- exact -->")] == [True] * 3
    assert "<!-- seconds -->" not in drawn
