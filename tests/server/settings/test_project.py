from codekin_server.settings.project import project_settings
from codekin_server.settings.schema import Settings


def test_a_folder_without_a_project_says_nothing(tmp_path):
    assert project_settings(tmp_path) == (Settings(), ())


def test_a_project_sets_what_stands_in_its_table(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.codekin]\nindex.exclude = ["gen/"]\n')
    settings, warnings = project_settings(tmp_path)
    assert (settings.index.exclude, warnings) == (("gen/",), ())


def test_a_warning_says_in_which_file(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.codekin]\nzebra = 1\n")
    assert project_settings(tmp_path)[1] == (
        f"{tmp_path / 'pyproject.toml'} [tool.codekin]: there is no setting 'zebra'; it is ignored",
    )


def test_a_file_that_cannot_be_read_is_named_and_ignored(tmp_path):
    for text in (b"[tool.codekin", b"\xff\xfe"):
        (tmp_path / "pyproject.toml").write_bytes(text)
        settings, (warning,) = project_settings(tmp_path)
        assert settings == Settings()
        assert warning.startswith(f"{tmp_path / 'pyproject.toml'} cannot be read (")


def test_a_table_that_is_none_is_named(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool]\ncodekin = 3\n")
    assert "settings are an object" in project_settings(tmp_path)[1][0]


def test_tool_that_is_no_table_says_nothing(tmp_path):
    (tmp_path / "pyproject.toml").write_text("tool = 3\n")
    assert project_settings(tmp_path) == (Settings(), ())
