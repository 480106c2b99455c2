import os
from pathlib import Path

import pytest

from codekin_server.refactoring.installed import Installed

PAGE = "class Page:\n    def draw(self): ...\n"


@pytest.fixture
def packages(tmp_path):
    """Writes modules into the site-packages of a project's environment."""
    folder = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages"
    folder.mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()

    def write(modules: dict[str, str]) -> Path:
        for name, code in modules.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(code)
        return folder

    return write


@pytest.fixture
def has(tmp_path):
    """Whether a class, by its name from the root of all modules, has a member."""
    return lambda name, member: Installed.of(tmp_path).has([tuple(name.split("."))], member)


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("threading.Thread", "run"),
        ("logging.Handler", "emit"),
        ("logging.StreamHandler", "handleError"),
        ("json.JSONEncoder", "default"),
        ("unittest.TestCase", "setUp"),
        ("collections.abc.MutableMapping", "setdefault"),
        ("builtins.dict", "update"),
        ("enum.Enum", "_missing_"),
        ("http.server.BaseHTTPRequestHandler", "log_message"),
    ],
)
def test_a_class_of_the_standard_library_has_its_own_members_and_those_above(has, name, member):
    assert has(name, member)
    assert not has(name, "read_page")


def test_a_class_of_an_installed_package_is_followed_through_re_exports_to_its_bases(has, packages):
    packages(
        {
            "web/__init__.py": "from .base import *\nfrom .page import Page as Page\n",
            "web/base.py": "import threading\nclass View(threading.Thread):\n    def answer(self): ...\n",
            "web/page.py": "import web\nclass Page(web.View):\n    def draw(self): ...\n",
        }
    )
    for member in ("draw", "answer", "run"):
        assert has("web.Page", member)
    assert not has("web.Page", "load_rows")


def test_the_module_that_has_a_class_is_found_among_all_that_are_passed_on(has, packages):
    packages({"web.py": "from web_a import *\nfrom web_b import *\n", "web_a.py": "", "web_b.py": PAGE})
    assert has("web.Page", "draw")


def test_modules_that_pass_on_one_another_without_end_are_given_up(has, packages):
    packages({f"web{at}.py": f"from web{at + 1} import *\n" for at in range(200)} | {"web200.py": PAGE})
    assert has("web150.Page", "draw")
    assert not has("web0.Page", "draw")


def test_a_stub_and_its_module_count_both(has, packages):
    packages({"web.py": "class Page:\n    def _private(self): ...\n", "web.pyi": PAGE})
    assert has("web.Page", "draw")
    assert has("web.Page", "_private")


def test_a_class_inside_of_a_class_is_found(has, packages):
    packages({"forms.py": "class Model:\n    class Meta:\n        def label(self): ...\n"})
    assert has("forms.Model.Meta", "label")
    assert not has("forms.Model", "label")


@pytest.mark.parametrize("name", ["missing.Page", "web.Missing", "web", "Page", "web.cycle.Page"])
def test_what_cannot_be_found_has_nothing(has, packages, name):
    packages({"web/cycle.py": "from web.other import Page\n", "web/other.py": "from web.cycle import Page\n"})
    assert not has(name, "draw")


@pytest.mark.parametrize("end", ["\0", "#" * (1 << 20)])
def test_what_is_no_python_text_or_too_large_has_nothing(has, packages, end):
    packages({"web.py": PAGE + end})
    assert not has("web.Page", "draw")


def test_a_package_that_changes_is_read_anew(has, packages):
    folder = packages({"web.py": PAGE})
    assert not has("web.Page", "paint")
    packages({"web.py": PAGE.replace("draw", "paint")})
    os.utime(folder / "web.py", ns=(1, 1))
    assert has("web.Page", "paint")
