import json

from codekin_server.cli.app import run


def test_the_settings_of_a_project_are_shown(tmp_path, capsys):
    (tmp_path / "pyproject.toml").write_text('[tool.codekin]\nindex.exclude = ["gen/"]\n')
    assert run(["settings", str(tmp_path)]) == 0
    assert 'index.exclude = ["gen/"]' in capsys.readouterr().out.splitlines()


def test_what_is_wrong_with_them_goes_to_standard_error(tmp_path, capsys):
    (tmp_path / "pyproject.toml").write_text("[tool.codekin]\nzebra = 1\n")
    assert run(["settings", str(tmp_path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["names.limit"] == 5
    assert "there is no setting 'zebra'" in err


def test_the_schema_is_json(capsys):
    assert run(["settings", "--json-schema"]) == 0
    assert json.loads(capsys.readouterr().out)["codekin.names.limit"]["maximum"] == 10
