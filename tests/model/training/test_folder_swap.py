"""A folder is rebuilt whole, or stays as it was."""

import pytest

from codekin_model.training.folder_swap import rebuilt


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "model"
    made.mkdir()
    for name in ("config.json", "a.onnx", "notes.md"):
        (made / name).write_text("old")
    return made


def content(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_files_are_added_and_replaced(folder):
    with rebuilt(folder, ["config.json", "a.onnx"]) as copy:
        assert content(copy) == {"config.json": "old", "a.onnx": "old"}
        (copy / "a.onnx").write_text("new")
        (copy / "b.onnx").write_text("new")
    assert content(folder) == {"config.json": "old", "a.onnx": "new", "b.onnx": "new", "notes.md": "old"}


def test_what_goes_wrong_changes_nothing(folder):
    before = content(folder)
    with pytest.raises(RuntimeError, match="broken"), rebuilt(folder, ["config.json", "a.onnx"]) as copy:
        (copy / "a.onnx").write_text("new")
        raise RuntimeError("broken")
    assert content(folder) == before


def test_a_folder_that_is_not_there_is_made(tmp_path):
    with rebuilt(tmp_path / "new" / "model", []) as copy:
        (copy / "config.json").write_text("new")
    assert content(tmp_path / "new" / "model") == {"config.json": "new"}
