"""Whole paths in the settings of a project: entry points and the like follow a renaming, keys and comments do not."""

from time import process_time

import pytest

FUNCTION = "def $0run_it():\n    pass\n"
METHOD = "class App:\n    def $0run_it(self):\n        pass\n"
INI = "[options.entry_points]\nconsole_scripts =\n    run = pkg.mod:run_it [fast]\n    other=pkg.mod:run_it_all\n"


def put(workspace, text: str = FUNCTION) -> None:
    workspace.write("pkg/__init__.py", "")
    workspace.write("pkg/mod.py", text)


def settings(workspace, text: str, name: str = "pyproject.toml") -> None:
    path = workspace.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def after(workspace, name: str = "pyproject.toml", new: str = "go_now") -> str:
    """What the settings are afterwards, as far as they change."""
    renaming = workspace.rename(new)
    assert renaming.conflicts == ()
    data = (workspace.root / name).read_bytes()
    for span, word in sorted(renaming.edits.get(workspace.root / name, ()), reverse=True):
        data = data[: span.start] + word.encode() + data[span.end :]
    return data.decode()


@pytest.mark.parametrize(
    "text",
    [
        '[project.scripts]\nrun_it = "pkg.mod:OLD"\n',
        "[project.gui-scripts]\nrun = 'pkg.mod:OLD'\n",
        '[project.entry-points."pkg.mod.run_it"]\nrun = "pkg.mod:OLD [extra]"\n',
        '[project]\nscripts = { run = "pkg.mod:OLD" }\n',
        '[tool.poetry.scripts]\nrun = {reference = "pkg.mod:OLD", type = "console"}\n',
        '[tool.poetry.plugins."a.b"]\nrun = "pkg.mod:OLD.attribute"\n',
        '[tool.setuptools.dynamic]\nversion = {attr = "pkg.mod.OLD"}\n',
        '[tool.poe.tasks]\nserve = "uvicorn --reload pkg.mod:OLD"\nname = "run_it"\n',
        '[tool.x]\nlist = [\n  ["pkg.mod:OLD"],\n  "pkg.mod.OLD",  # pkg.mod:run_it\n]\n"pkg.mod.run_it" = 1\n',
        '[tool.pytest.ini_options]\nfilterwarnings = ["error::pkg.mod.OLD"]\n',
        '[tool.x]\ntext = """\n"pkg.mod:OLD"\n"""\nother = "é pkg.mod:OLD"\n',
    ],
)
def test_values_that_lead_to_a_function_are_renamed(workspace, text):
    put(workspace)
    settings(workspace, text.replace("OLD", "run_it"))
    assert after(workspace) == text.replace("OLD", "go_now")


@pytest.mark.parametrize(
    "value",
    ["pkg.mod:run_it_all", "pkg.other:run_it", "x/pkg.mod:run_it", "other:run_it", "pkg:run_it", "me@pkg.mod.run_it"],
)
def test_values_that_lead_elsewhere_are_left_alone(workspace, value):
    put(workspace)
    workspace.write("pkg/other.py", "def run_it():\n    pass\n")
    text = f'[project.scripts]\nrun_it = "{value}"\n'
    settings(workspace, text)
    assert after(workspace) == text


def test_a_module_of_the_same_name_is_not_the_function(workspace):
    workspace.write("pkg/__init__.py", "from pkg.run_it import run_it\n")
    workspace.write("pkg/run_it.py", FUNCTION)
    text = '[[tool.mypy.overrides]]\nmodule = "pkg.run_it"\n\n[project.scripts]\nrun = "pkg:OLD"\n'
    settings(workspace, text.replace("OLD", "run_it"))
    assert after(workspace) == text.replace("OLD", "go_now")


def test_entry_points_of_setuptools_are_renamed(workspace):
    put(workspace)
    text = "[metadata]\nversion = attr: pkg.mod.run_it\n# pkg.mod:run_it\n[pkg.mod.run_it]\n" + INI
    settings(workspace, text, "setup.cfg")
    expected = text.replace("attr: pkg.mod.run_it", "attr: pkg.mod.go_now").replace("run_it [", "go_now [")
    assert after(workspace, "setup.cfg") == expected


def test_entry_points_in_a_setup_script_are_renamed(workspace):
    put(workspace)
    script = (
        "setup(entry_points={'console_scripts': ['run = pkg.mod:run_it', 'two=pkg.mod:run_it [x]', 'pkg:run_it']})\n"
    )
    workspace.write("setup.py", script)
    assert workspace.renamed("go_now")["setup.py"] == script.replace("mod:run_it", "mod:go_now")


@pytest.mark.parametrize("folder", ["", "src/", "lib/"])
def test_settings_in_a_folder_below_lead_to_the_modules_there(workspace, folder):
    workspace.write(f"one/{folder}app/cli.py", FUNCTION)
    workspace.write(f"two/{folder}app/cli.py", FUNCTION.replace("$0", ""))
    for name in ("one/pyproject.toml", "two/pyproject.toml"):
        settings(workspace, '[project.scripts]\nrun = "app.cli:run_it"\n', name)
    assert "app.cli:go_now" in after(workspace, "one/pyproject.toml")
    assert "app.cli:run_it" in after(workspace, "two/pyproject.toml")


def test_a_path_that_two_modules_may_be_meant_by_is_told(workspace):
    workspace.write("one/app/cli.py", FUNCTION)
    workspace.write("two/app/cli.py", FUNCTION.replace("$0", ""))
    settings(workspace, '[project.scripts]\nrun = "app.cli:run_it"\n')
    assert "'run_it' at pyproject.toml:2 may be the same, but stands in settings" in workspace.conflicts("go_now")


@pytest.mark.parametrize("reexport", ["from pkg.mod import run_it\n", "from .mod import *\n"])
def test_a_package_that_passes_the_function_on_is_followed(workspace, reexport):
    put(workspace)
    (workspace.root / "pkg/__init__.py").write_text(reexport, encoding="utf-8")
    settings(workspace, '[project.scripts]\nrun = "pkg:run_it"\n')
    assert "pkg:go_now" in after(workspace)


@pytest.mark.parametrize("value", ["pkg.mod:App.run_it", "pkg.mod.App.run_it"])
def test_methods_are_renamed_in_the_paths_to_them(workspace, value):
    put(workspace, METHOD + "\n\nclass Other:\n    def run_it(self):\n        pass\n")
    text = f'[project.scripts]\nrun = "{value}"\nother = "pkg.mod:Other.run_it"\n'
    settings(workspace, text)
    assert after(workspace) == text.replace("App.run_it", "App.go_now")


def test_a_class_is_renamed_in_the_path_to_its_method(workspace):
    put(workspace, METHOD.replace("$0", "").replace("App", "$0App"))
    settings(workspace, '[project.scripts]\nrun = "pkg.mod:App.run_it"\n')
    assert '"pkg.mod:Tool.run_it"' in after(workspace, new="Tool")


@pytest.mark.parametrize("value", ["pkg.mod:app.run_it", "pkg.mod:Sub.run_it", "pkg:App.run_it"])
def test_a_path_to_a_method_through_something_else_is_told(workspace, value):
    put(workspace, METHOD + "\n\nclass Sub(App):\n    pass\n\n\napp = App()\n")
    (workspace.root / "pkg/__init__.py").write_text("from pkg.mod import App\n", encoding="utf-8")
    settings(workspace, f'[project.scripts]\nrun = "{value}"\n')
    assert "'run_it' at pyproject.toml:2 may be the same, but stands in settings" in workspace.conflicts("go_now")


def test_a_local_variable_is_not_looked_for_in_settings(workspace):
    put(workspace, "def f():\n    $0run_it = 1\n    return run_it\n")
    settings(workspace, '[project.scripts]\nrun = "pkg.mod:run_it"\n')
    assert "pkg.mod:run_it" in after(workspace)


def test_thousands_of_paths_in_one_line_take_no_longer_than_in_many(workspace):
    put(workspace)
    settings(workspace, 'x = ["pkg.mod:run_it"' + ', "pkg.mod:run_it"' * 3_000 + "]\n")
    started = process_time()
    assert "run_it" not in after(workspace)
    assert process_time() - started < 3


def test_broken_settings_are_read_as_far_as_they_go(workspace):
    put(workspace)
    text = ']]\n[project.scripts\nrun = "pkg.mod:OLD"\nopen = "pkg.mod:run_it\n'
    settings(workspace, text.replace("OLD", "run_it"))
    assert workspace.rename("go_now").conflicts == ()
