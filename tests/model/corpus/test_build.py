"""A corpus is built from wheels that lie in the cache, the same every time."""

import json
import os
import subprocess
import sys
import time
import zipfile
from hashlib import sha256

import psutil
import pytest

pytest.importorskip("datasketch")

from codekin_model.corpus import wheel
from codekin_model.corpus.build import BuildOptions, build, excluded_digests
from codekin_model.corpus.files import CorpusError, read_corpus
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
    manifest = build(PACKAGES, [], tmp_path / "out", BuildOptions(10, cache))
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
    build(PACKAGES, [], tmp_path / "out", BuildOptions(10, cache))
    assert names(tmp_path / "out") == {"shared": Split.TEST, "load": Split.TRAIN, "Table.rows": Split.TRAIN}


def test_the_order_of_the_list_changes_nothing_and_a_rebuild_is_the_same(cache, tmp_path):
    one = build(PACKAGES, [], tmp_path / "one", BuildOptions(10, cache))
    two = build(PACKAGES[::-1], [], tmp_path / "two", BuildOptions(10, cache))
    assert one == two
    corpora = [(tmp_path / folder / "functions.jsonl").read_bytes() for folder in ("one", "two")]
    assert corpora[0] == corpora[1]


def test_another_corpus_has_another_hash(cache, tmp_path):
    whole = build(PACKAGES, [], tmp_path / "whole", BuildOptions(10, cache))
    part = build(PACKAGES[:1], [], tmp_path / "part", BuildOptions(10, cache))
    assert whole["sha256"] != part["sha256"]


def test_a_package_gives_no_more_than_the_cap_and_documented_functions_first(cache, tmp_path):
    build(PACKAGES, [], tmp_path / "out", BuildOptions(1, cache))
    assert names(tmp_path / "out") == {"shared": Split.TEST, "load": Split.TRAIN}


def test_a_function_reads_back_as_it_was_found(cache, tmp_path):
    build(PACKAGES, [], tmp_path / "out", BuildOptions(10, cache))
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
    manifest = build(PACKAGES, [], tmp_path / "out", BuildOptions(10, cache, [evaluation]))
    assert "load" not in names(tmp_path / "out")
    assert manifest["skipped"]["exact duplicates"] == 2


def test_beside_another_corpus_twins_of_what_it_holds_out_are_left_out(cache, tmp_path):
    build(PACKAGES[1:], [], tmp_path / "first", BuildOptions(10, cache))
    manifest = build(PACKAGES[:1], [], tmp_path / "second", BuildOptions(10, cache, beside=tmp_path / "first"))
    assert names(tmp_path / "second") == {"load": Split.TRAIN, "Table.rows": Split.TRAIN}
    assert manifest["skipped"] == {"exact duplicates": 1, "test files": 1}


def test_beside_another_corpus_what_it_trains_on_may_come_again(cache, tmp_path):
    build(PACKAGES[:1], [], tmp_path / "first", BuildOptions(10, cache))
    build(PACKAGES[:1], [], tmp_path / "second", BuildOptions(10, cache, beside=tmp_path / "first"))
    assert names(tmp_path / "second") == names(tmp_path / "first")


def test_beside_what_is_no_corpus_nothing_is_written(cache, tmp_path):
    with pytest.raises(CorpusError, match="holds no corpus"):
        build(PACKAGES, [], tmp_path / "out", BuildOptions(10, cache, beside=tmp_path / "none"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["Held.Out", "held-out", "held_out"])
def test_a_wheel_is_found_however_its_project_is_written(cache, name):
    folder = fetch_source(Package(name, "2.1", "MIT", Split.TRAIN), cache)
    assert [path.name for path in folder.rglob("sums.py")] == ["sums.py"]


def test_a_wheel_that_comes_under_another_version_is_told(cache, monkeypatch):
    monkeypatch.setattr(wheel.subprocess, "run", lambda *args, **kwargs: subprocess.CompletedProcess([], 0, "", ""))
    with pytest.raises(FetchError, match=r"alpha==1\.0\.0 came under another name or version"):
        fetch_source(Package("alpha", "1.0.0", "MIT", Split.TRAIN), cache)


def test_only_python_files_are_unpacked_and_only_once(cache):
    folder = fetch_source(PACKAGES[0], cache)
    assert sorted(path.name for path in folder.rglob("*.*")) == ["io.py", "test_io.py"]
    next((cache / "wheels").glob("alpha-*")).unlink()
    assert fetch_source(PACKAGES[0], cache) == folder


def test_an_interrupted_unpacking_of_another_version_leaves_nothing_behind(cache):
    (cache / "alpha-1.unpacking").mkdir()
    (cache / "alpha-1.unpacking" / "stale.py").write_text("def stale(): pass\n")
    assert not (fetch_source(PACKAGES[0], cache) / "stale.py").exists()


def test_a_wheel_that_was_cut_is_named(cache):
    (wheel_file,) = (cache / "wheels").glob("alpha-*")
    wheel_file.write_bytes(wheel_file.read_bytes()[:-40])
    with pytest.raises(FetchError, match=r"alpha-1\.0-py3-none-any\.whl is damaged: delete it"):
        fetch_source(PACKAGES[0], cache)


def test_a_wheel_whose_files_are_damaged_is_named(cache):
    (wheel_file,) = (cache / "wheels").glob("alpha-*")
    wheel_file.write_bytes(wheel_file.read_bytes().replace(b"Read a table", b"Need a table"))
    with pytest.raises(FetchError, match="is damaged: delete it"):
        fetch_source(PACKAGES[0], cache)


def test_what_pip_says_is_passed_on(tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "collecting\nno such version\n")
    monkeypatch.setattr(wheel.subprocess, "run", lambda *args, **kwargs: failed)
    with pytest.raises(FetchError, match=r"alpha==1\.0 cannot be fetched: no such version"):
        fetch_source(PACKAGES[0], tmp_path)


def test_files_left_out_are_listed_with_the_reason(cache, tmp_path):
    build(PACKAGES, [], tmp_path / "out", BuildOptions(10, cache))
    lines = (tmp_path / "out" / "left_out.tsv").read_text().splitlines()
    assert sorted(lines) == ["test\talpha/alpha/tests/test_io.py", "vendored\theld-out/held_out/_vendor/six.py"]


def own_folder(tmp_path, files: int = 200):
    """A function in each file, and none like another."""
    folder = tmp_path / "own"
    (folder / ".venv" / "lib").mkdir(parents=True)
    (folder / ".venv" / "lib" / "six.py").write_text("def six(): return 6\n")
    for at in range(files):
        (folder / f"file_{at}.py").write_text(f"def function_{at}(): return {at}\n")
    return folder


def test_of_a_users_folder_alone_one_file_in_ten_is_held_out_twice(cache, tmp_path):
    manifest = build([], [own_folder(tmp_path)], tmp_path / "out", BuildOptions(1000, cache))
    counts = manifest["counts"]
    assert counts["package own"] == sum(counts[f"{split} functions"] for split in Split) == 200
    assert 10 <= counts["validation functions"] <= 32
    assert 10 <= counts["test functions"] <= 32
    assert manifest["skipped"] == {"installed files": 1}


def test_a_file_of_a_users_folder_stays_on_its_side_when_others_come(cache, tmp_path):
    folder = own_folder(tmp_path, files=50)
    build([], [folder], tmp_path / "before", BuildOptions(1000, cache))
    (folder / "another.py").write_text("def another(): return None\n")
    build([], [folder], tmp_path / "after", BuildOptions(1000, cache))
    before, after = names(tmp_path / "before"), names(tmp_path / "after")
    assert {name: after[name] for name in before} == before


def test_beside_packages_a_users_folder_is_trained_on(cache, tmp_path):
    folder = own_folder(tmp_path, files=50)
    (folder / "twin.py").write_text(SHARED)
    manifest = build(PACKAGES, [folder], tmp_path / "out", BuildOptions(1000, cache))
    assert manifest["counts"]["train functions"] == 2 + 50
    assert names(tmp_path / "out")["shared"] is Split.TEST


def test_two_folders_of_one_name_are_counted_together(cache, tmp_path):
    folders = [tmp_path / "one" / "src", tmp_path / "two" / "src"]
    for at, folder in enumerate(folders):
        folder.mkdir(parents=True)
        (folder / "a.py").write_text(f"def f(): return {at}\n")
    assert build([], folders, tmp_path / "out", BuildOptions(10, cache))["counts"]["package src"] == 2


def test_nothing_to_build_from_is_told(cache, tmp_path):
    with pytest.raises(CorpusError, match="--packages FILE"):
        build([], [], tmp_path / "out", BuildOptions(10, cache))


def test_a_folder_that_is_none_is_told_before_anything_is_written(cache, tmp_path):
    with pytest.raises(CorpusError, match="nowhere is no folder"):
        build([], [tmp_path / "nowhere"], tmp_path / "out", BuildOptions(10, cache))
    assert not (tmp_path / "out").exists()


def test_a_folder_without_functions_is_told_and_an_older_corpus_stays(cache, tmp_path):
    build(PACKAGES, [], tmp_path / "out", BuildOptions(10, cache))
    before = names(tmp_path / "out")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "test_io.py").write_text("def test_io(): pass\n")
    with pytest.raises(CorpusError, match=r"no function was found in the \.py files below .*empty; .*: 1 test files"):
        build([], [tmp_path / "empty"], tmp_path / "out", BuildOptions(10, cache))
    assert names(tmp_path / "out") == before


def test_the_manifest_says_what_a_rebuild_needs(cache, tmp_path):
    build(PACKAGES[1:], [], tmp_path / "first", BuildOptions(10, cache))
    codes, own = tmp_path / "codes.jsonl", own_folder(tmp_path, files=2)
    codes.write_text(json.dumps({"code": SHARED}) + "\n")
    options = BuildOptions(10, cache, [codes], tmp_path / "first")
    manifest = build(PACKAGES, [own], tmp_path / "out", options)
    first = json.loads((tmp_path / "first" / "manifest.json").read_text())
    assert manifest["cap"] == 10
    assert manifest["made_of"] == {
        "packages": {"train": {"alpha": "1.0"}, "test": {"held-out": "2.1"}},
        "folders": [str(own)],
        "exclude": {str(codes): sha256(codes.read_bytes()).hexdigest()},
        "beside": {"folder": str(tmp_path / "first"), "sha256": first["sha256"]},
    }


def test_files_with_syntax_errors_are_counted_and_left_out(cache, tmp_path):
    folder = own_folder(tmp_path, files=3)
    (folder / "broken.py").write_text("def f(:\n  x\n")
    manifest = build([], [folder], tmp_path / "out", BuildOptions(10, cache))
    assert "f" not in names(tmp_path / "out")
    assert manifest["skipped"]["broken files"] == 1
    assert "broken\town/broken.py" in (tmp_path / "out" / "left_out.tsv").read_text().splitlines()


@pytest.mark.parametrize("text", ["not json", '{"query": "x"}', "[1]", '{"code": 3}'])
def test_what_is_no_evaluation_data_is_told(tmp_path, text):
    (tmp_path / "codes.jsonl").write_text(text + "\n")
    with pytest.raises(CorpusError, match="every line must be"):
        excluded_digests([tmp_path / "codes.jsonl"])


def test_evaluation_data_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CorpusError, match="cannot be read"):
        excluded_digests([tmp_path / "codes.jsonl"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a file that is read without end is a pipe with a name")
def test_workers_end_when_the_build_is_killed(tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        os.mkfifo(folder / "endless.py")
    code = (
        "import sys; from pathlib import Path; from codekin_model.corpus.build import BuildOptions, build; "
        "one, two, out = map(Path, sys.argv[1:]); build([], [one, two], out, BuildOptions(cap=9, cache=out))"
    )
    first = psutil.Popen([sys.executable, "-c", code, *map(str, folders), str(tmp_path / "out")])
    try:
        while len(workers := first.children(recursive=True)) < len(folders):
            assert first.poll() is None, "the build has ended by itself"
            time.sleep(0.05)
    finally:
        first.kill()
        first.wait()
    _, alive = psutil.wait_procs(workers, timeout=30)
    outlived = [each for each in alive if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    for each in outlived:
        each.kill()
    assert not outlived, "workers outlive the build"
