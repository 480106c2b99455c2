"""A corpus is built from wheels that lie in the cache, the same every time."""

import json
import subprocess
import zipfile

import pytest

pytest.importorskip("datasketch")

from codekin_model.corpus import wheel
from codekin_model.corpus.build import build, excluded_digests, main, read_corpus
from codekin_model.corpus.package_list import Package, Split
from codekin_model.corpus.wheel import FetchError, fetch_source

SHARED = "def shared(items):\n    total = 0\n    for item in items:\n        total += item.weight\n    return total\n"
TRAINED = '''
def load(path):
    """Read a table from disk."""
    with open(path) as file:
        return [line.split() for line in file]


class Table:
    def rows(self):
        return self._rows


def twin_of_held_out(items):
    """Under another name, with a docstring of its own."""
    total = 0
    for item in items:
        total += item.weight
    return total
'''
FILES = {
    "alpha": {"alpha/io.py": TRAINED, "alpha/tests/test_io.py": "def test_io(): pass\n", "alpha/data.json": "{}"},
    "held-out": {"held_out/sums.py": SHARED, "held_out/_vendor/six.py": "def b(s): return s\n"},
}
PACKAGES = [Package("alpha", "1.0", "MIT", Split.TRAIN), Package("held-out", "2.1", "MIT", Split.TEST)]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache with both wheels; nothing may be fetched."""

    def refuse(*args, **kwargs):
        raise AssertionError("pip was started")

    monkeypatch.setattr(subprocess, "run", refuse)
    wheels = tmp_path / "cache" / "wheels"
    wheels.mkdir(parents=True)
    for package in PACKAGES:
        name = f"{package.name.replace('-', '_')}-{package.version}-py3-none-any.whl"
        with zipfile.ZipFile(wheels / name, "w") as archive:
            for path, text in FILES[package.name].items():
                archive.writestr(path, text)
    return tmp_path / "cache"


def names(folder) -> dict[str, Split]:
    return {function.unit.qualified_name: split for split, function in read_corpus(folder)}


def test_the_manifest_counts_what_is_there_and_what_is_not(cache, tmp_path):
    manifest = build(PACKAGES, cache, tmp_path / "out", cap=10, excluded=())
    assert manifest["counts"] == {
        "package alpha": 2,
        "package held-out": 1,
        "test documented": 0,
        "test functions": 1,
        "train documented": 1,
        "train functions": 2,
    }
    assert manifest["skipped"] == {"exact duplicates": 1, "test files": 1, "vendored files": 1}
    assert json.loads((tmp_path / "out" / "manifest.json").read_text()) == manifest


def test_a_twin_of_a_held_out_function_is_dropped_from_training(cache, tmp_path):
    build(PACKAGES, cache, tmp_path / "out", cap=10, excluded=())
    assert names(tmp_path / "out") == {"shared": Split.TEST, "load": Split.TRAIN, "Table.rows": Split.TRAIN}


def test_the_order_of_the_list_changes_nothing_and_a_rebuild_is_the_same(cache, tmp_path):
    one = build(PACKAGES, cache, tmp_path / "one", cap=10, excluded=())
    two = build(PACKAGES[::-1], cache, tmp_path / "two", cap=10, excluded=())
    assert one == two
    corpora = [(tmp_path / folder / "functions.jsonl").read_bytes() for folder in ("one", "two")]
    assert corpora[0] == corpora[1]


def test_another_corpus_has_another_hash(cache, tmp_path):
    whole = build(PACKAGES, cache, tmp_path / "whole", cap=10, excluded=())
    part = build(PACKAGES[:1], cache, tmp_path / "part", cap=10, excluded=())
    assert whole["sha256"] != part["sha256"]


def test_a_package_gives_no_more_than_the_cap_and_documented_functions_first(cache, tmp_path):
    build(PACKAGES, cache, tmp_path / "out", cap=1, excluded=())
    assert names(tmp_path / "out") == {"shared": Split.TEST, "load": Split.TRAIN}


def test_a_function_reads_back_as_it_was_found(cache, tmp_path):
    build(PACKAGES, cache, tmp_path / "out", cap=10, excluded=())
    (load,) = (function for _, function in read_corpus(tmp_path / "out") if function.unit.name == "load")
    assert (load.package, load.path, load.module) == ("alpha", "alpha/io.py", "alpha.io")
    assert load.summary == "Read a table from disk."
    assert load.lines == 4
    assert load.unit.kind.is_function
    name = load.unit.name_span
    assert TRAINED[name.start : name.end] == "load"


def test_evaluation_data_is_kept_out(cache, tmp_path):
    evaluation = tmp_path / "codes.jsonl"
    load, _, _ = TRAINED.partition("class")
    renamed = load.replace("def load", "def slurp").replace("Read a table from disk.", "Other.")
    evaluation.write_text(json.dumps({"code": renamed}) + "\n")
    manifest = build(PACKAGES, cache, tmp_path / "out", cap=10, excluded=excluded_digests([evaluation]))
    assert "load" not in names(tmp_path / "out")
    assert manifest["skipped"]["exact duplicates"] == 2


def test_only_python_files_are_unpacked_and_only_once(cache):
    folder = fetch_source(PACKAGES[0], cache)
    assert sorted(path.name for path in folder.rglob("*.*")) == ["io.py", "test_io.py"]
    next((cache / "wheels").glob("alpha-*")).unlink()
    assert fetch_source(PACKAGES[0], cache) == folder


def test_an_interrupted_unpacking_of_another_version_leaves_nothing_behind(cache):
    (cache / "alpha-1.unpacking").mkdir()
    (cache / "alpha-1.unpacking" / "stale.py").write_text("def stale(): pass\n")
    assert not (fetch_source(PACKAGES[0], cache) / "stale.py").exists()


def test_what_pip_says_is_passed_on(tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "collecting\nno such version\n")
    monkeypatch.setattr(wheel.subprocess, "run", lambda *args, **kwargs: failed)
    with pytest.raises(FetchError, match=r"alpha==1\.0: .*no such version"):
        fetch_source(PACKAGES[0], tmp_path)


def test_the_command_line_builds_what_the_list_says(cache, tmp_path, capsys):
    tables = [
        f'[[package]]\nname = "{each.name}"\nversion = "{each.version}"\nlicence = "MIT"\nsplit = "{each.split}"\n'
        for each in PACKAGES
    ]
    (tmp_path / "packages.toml").write_text("\n".join(tables))
    main(["--packages", f"{tmp_path / 'packages.toml'}", "--cache", f"{cache}", "--out", f"{tmp_path / 'out'}"])
    assert json.loads(capsys.readouterr().out)["counts"]["train functions"] == 2
