import pytest

from codekin_server.refactoring.environments import installed_packages


@pytest.mark.parametrize("folder", [".venv/lib/python3.12/site-packages", "venv/Lib/site-packages"])
def test_the_packages_of_an_environment_below_the_root(tmp_path, folder):
    (tmp_path / folder).mkdir(parents=True)
    assert installed_packages(tmp_path) == []
    (tmp_path / folder.split("/")[0] / "pyvenv.cfg").touch()
    assert [path.name for path in installed_packages(tmp_path)] == ["site-packages"]
