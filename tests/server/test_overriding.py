"""Methods whose name a base class outside of the workspace gives a meaning to, and which get no other unasked."""

from pathlib import Path

import pytest

from codekin_server.settings.schema import NamesSettings

ANY = NamesSettings(minimum_confidence=0.0)
BODY = "(self, stream):\n        return stream.read()\n"


@pytest.fixture
def is_offered(assist):
    """Whether other names are offered for the method of the last class of a file, which is made of its lines."""

    def ask(*lines: str, method: str = "run", path: str = "own.py") -> bool:
        code = "\n".join(lines) + f"\n    def {method}{BODY}"
        (assist.root / path).write_text(code)
        assist.index()
        return assist.names.offer(Path(path), code.count("\n"), ANY) is not None

    return ask


@pytest.fixture
def packages(assist):
    """The site-packages of the workspace's own environment."""
    environment = assist.root / ".venv"
    folder = environment / "lib" / "python3.12" / "site-packages"
    folder.mkdir(parents=True)
    (environment / "pyvenv.cfg").touch()
    return folder


@pytest.mark.parametrize(
    ("module", "base", "method"),
    [
        ("import threading", "threading.Thread", "run"),
        ("import logging as log", "log.Handler", "emit"),
        ("from json import JSONEncoder as Above", "Above", "default"),
        ("from queue import Queue", "Queue[int]", "_put"),
        ("from threading import Thread\nBase = Thread", "Base", "run"),
        ("", "dict", "update"),
    ],
)
def test_what_overrides_the_standard_library_is_left_alone(is_offered, module, base, method):
    assert not is_offered(module, f"class Own({base}):", method=method)
    assert is_offered(module, f"class Own({base}):", method="read_page"), "the base has no such method"
    assert is_offered("class Own:", method=method), "there is no base"


def test_a_base_class_that_is_imported_inside_of_a_function_counts(is_offered):
    assert not is_offered("def make():", "    from threading import Thread", "", "class Own(Thread):")


def test_what_overrides_an_installed_package_is_left_alone(is_offered, packages):
    lines = "from web import Page", "class Own(Page):"
    assert is_offered(*lines, method="draw"), "the package is not installed"
    (packages / "web").mkdir()
    (packages / "web" / "__init__.py").write_text("from .page import Page\n")
    (packages / "web" / "page.py").write_text("class Page:\n    def draw(self): ...\n")
    assert not is_offered(*lines, method="draw")
    assert is_offered(*lines, method="load_rows")


def test_a_base_of_the_workspace_leads_outside(assist, is_offered):
    (assist.root / "base.py").write_text("from threading import Thread as T\n\n\nclass Base(T):\n    daemon = True\n")
    (assist.root / "middle.py").write_text("from base import Base\n\n\nclass Middle(Base):\n    pass\n")
    assert not is_offered("from middle import Middle", "class Own(Middle):")
    assert is_offered("from middle import Middle", "class Own(Middle):", method="read_page")


def test_a_base_of_the_workspace_that_changes_is_read_anew(assist, is_offered):
    base, lines = assist.root / "base.py", ("from base import Base", "class Own(Base):")
    base.write_text("from threading import Thread\n\n\nclass Base(Thread):\n    daemon = True\n")
    assert not is_offered(*lines)
    base.write_text("class Base:\n    daemon = True\n")
    assert is_offered(*lines)


def test_a_base_of_the_workspace_is_read_once(assist, is_offered, monkeypatch):
    (assist.root / "base.py").write_text("class Base:\n    daemon = True\n")
    assert is_offered("from base import Base", "class Own(Base):")
    read: list[str] = []
    monkeypatch.setattr(assist._indexer, "document", read.append)
    assert assist.names.offer(Path("own.py"), 3, ANY) is not None
    assert read == ["own.py"]


def test_an_explicit_question_is_answered_all_the_same(assist, is_offered):
    assert not is_offered("import threading", "class Own(threading.Thread):")
    (asked,) = assist.suggest_names(Path("own.py"), 4)
    assert asked.suggestions


@pytest.mark.parametrize(
    ("method", "base", "offered"),
    [("visit_page", "Elsewhere", False), ("read_page", "Elsewhere", True), ("visit_page", "object", True)],
)
def test_what_a_base_class_puts_together_is_left_alone(is_offered, method, base, offered):
    assert is_offered("from missing import Elsewhere", f"class Own({base}):", method=method) is offered
