"""What a user installs: nothing heavy in the server's process, and everything it needs in the wheel."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

HEAVY = ("torch", "transformers", "onnxruntime", "tokenizers", "safetensors", "onnx")

SERVER_WITHOUT = f"""
import json, sys
for name in {HEAVY!r}:
    sys.modules[name] = None  # importing it raises ImportError
from pathlib import Path
from codekin_server.assist import Assist
import codekin_server.lsp.app
with Assist.open(Path(sys.argv[1])) as assist:
    indexed = assist.index()
    found = assist.search("add two numbers").results[0]
    status = assist.status()
print(json.dumps([indexed.vectors_missing, found.name, status.worker.state, status.units]))
"""

HELP = """
import sys
from codekin_server.cli.app import run
code = run(["--help"])
loaded = sorted(name for name in sys.modules if name in ("numpy", "pygls", "tree_sitter", "sqlite3", "jedi"))
sys.exit(f"help imports {loaded}" if loaded else code)
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory, repository) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=repository, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        yield archive


def test_the_servers_process_works_where_every_heavy_library_is_missing(tmp_path):
    (tmp_path / "code.py").write_text("def add(left, right):\n    return left + right\n\ndef close():\n    pass\n")
    environment = {"CODEKIN_CACHE_DIR": str(tmp_path / "cache")}
    answer = run_python(SERVER_WITHOUT, str(tmp_path), **environment)
    missing, name, worker, units = json.loads(answer)
    assert (missing, name, worker, units) == (0, "add", "ready", 3)


def test_help_imports_nothing_that_only_commands_need():
    assert "search" in run_python(HELP)


def test_a_default_installation_pulls_in_no_deep_learning_framework(repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    queue, seen = list(project["dependencies"]), set()
    while queue:
        requirement = Requirement(queue.pop())
        if requirement.name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(requirement.name)
        try:
            queue += requires(requirement.name) or []
        except PackageNotFoundError:  # wanted on another platform only
            continue
    assert not seen & {"torch", "transformers", "safetensors", "tensorflow"}


def test_the_wheel_holds_every_module(wheel, modules, repository):
    expected = {module.path.relative_to(repository).as_posix().partition("/")[2] for module in modules.values()}
    assert expected - set(wheel.namelist()) == set()


def test_the_wheel_holds_the_weights_whole(wheel, repository):
    weights = repository / "model" / "codekin_model" / "weights"
    for file in weights.rglob("*"):
        if file.is_file():
            inside = wheel.getinfo(file.relative_to(repository / "model").as_posix())
            assert inside.file_size == file.stat().st_size
    assert any(name.endswith(".onnx") for name in wheel.namelist())


def test_the_wheel_holds_the_licence_and_the_notice_of_the_language_model(wheel):
    licences = {Path(name).name: wheel.read(name).decode() for name in wheel.namelist() if "/licenses/" in name}
    assert "Apache License" in licences["LICENSE"]
    assert "all-MiniLM-L6-v2" in licences["NOTICE"]


def test_the_wheel_holds_two_packages_and_nothing_else(wheel):
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"codekin_model", "codekin_server"}


def test_the_wheel_stays_small_enough_to_download(wheel):
    assert sum(each.compress_size for each in wheel.infolist()) < 45_000_000


def run_python(code: str, *arguments: str, **environment: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
