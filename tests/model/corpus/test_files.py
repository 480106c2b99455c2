"""The files of a corpus are whole, or are found out not to be."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from codekin_model.corpus.files import CorpusError, CorpusWriter, read_corpus, read_manifest
from codekin_model.corpus.function import CorpusFunction
from codekin_model.corpus.package_list import Split
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

COUNTS = {"counts": {"train functions": 2, "test functions": 1}}


def function(name):
    (_, unit) = find_units(parse(text_of(f"import os\n\ndef {name}(path):\n    return os.stat(path)\n")))
    return CorpusFunction("alpha", "alpha/io.py", unit)


def written(folder, *names):
    with CorpusWriter(folder) as writer:
        for name in names:
            writer.write(function(name), Split.TRAIN, "MIT")
        return writer.finish(COUNTS)


def names(folder):
    return [each.unit.name for _, each in read_corpus(folder)]


@pytest.fixture
def corpus(tmp_path):
    """Three functions."""
    written(tmp_path / "corpus", "one", "two", "three")
    return tmp_path / "corpus"


def lines_of(corpus):
    return (corpus / "functions.jsonl").read_text().splitlines()


def test_functions_read_back_as_they_were_written(corpus):
    assert list(read_corpus(corpus)) == [(Split.TRAIN, function(name)) for name in ("one", "two", "three")]


def test_a_file_whose_name_is_no_utf_8_reads_back(tmp_path):
    odd = replace(function("one"), path="alpha/\udcff.py")
    with CorpusWriter(tmp_path) as writer:
        writer.write(odd, Split.TRAIN, "MIT")
        writer.mark([("test", "alpha/test_\udcff.py")])
        writer.finish({})
    assert list(read_corpus(tmp_path)) == [(Split.TRAIN, odd)]


def test_the_manifest_holds_the_hash_of_the_file_and_that_of_its_lines(corpus):
    manifest = json.loads((corpus / "manifest.json").read_text())
    assert manifest["file_sha256"] == sha256((corpus / "functions.jsonl").read_bytes()).hexdigest()
    assert manifest["sha256"] == sha256("".join(lines_of(corpus)).encode()).hexdigest()


def test_a_killed_build_leaves_the_older_corpus_as_it_was(corpus):
    killed = CorpusWriter(corpus).__enter__()
    killed.write(function("four"), Split.TRAIN, "MIT")
    assert names(corpus) == ["one", "two", "three"]


def test_what_a_killed_build_left_is_in_no_later_corpus(corpus):
    CorpusWriter(corpus).__enter__().write(function("four"), Split.TRAIN, "MIT")
    written(corpus, "five")
    assert names(corpus) == ["five"]
    assert sorted(path.name for path in corpus.iterdir()) == ["functions.jsonl", "left_out.tsv", "manifest.json"]


def test_a_failed_build_leaves_the_older_corpus_and_nothing_else(corpus):
    def fail():
        with CorpusWriter(corpus) as writer:
            writer.write(function("four"), Split.TRAIN, "MIT")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names(corpus) == ["one", "two", "three"]
    assert sorted(path.name for path in corpus.iterdir()) == ["functions.jsonl", "left_out.tsv", "manifest.json"]


@pytest.mark.parametrize(
    "line", ["", "[1]", "nonsense", '{"package": "alpha", "path": "a.py", "split": "train"}', "[" * 100_000, "\ufffd"]
)
def test_a_line_that_is_no_function_is_named(corpus, line):
    first, _, third = lines_of(corpus)
    (corpus / "functions.jsonl").write_text(f"{first}\n{line}\n{third}\n")
    with pytest.raises(CorpusError, match=r"functions\.jsonl, line 2 is no function .*codekin corpus build"):
        names(corpus)


def test_a_line_that_was_cut_is_named(corpus):
    path = corpus / "functions.jsonl"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CorpusError, match="line 3 is no function"):
        names(corpus)


def test_bytes_that_are_no_text_are_named(corpus):
    path = corpus / "functions.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"two"', b'"t\xffo"'))
    with pytest.raises(CorpusError, match="line 2 is no function"):
        names(corpus)


def test_fewer_lines_than_the_manifest_was_written_for_are_refused(corpus):
    (corpus / "functions.jsonl").write_text("\n".join(lines_of(corpus)[:2]) + "\n")
    with pytest.raises(CorpusError, match=r"2 functions here, 3 there\): build it again \(codekin corpus build"):
        names(corpus)


def test_as_many_other_lines_than_the_manifest_was_written_for_are_refused(corpus):
    first, second, _ = lines_of(corpus)
    (corpus / "functions.jsonl").write_text(f"{first}\n{second}\n{first}\n")
    with pytest.raises(CorpusError, match=r"is not what manifest\.json was written for"):
        names(corpus)


@pytest.mark.parametrize("text", ["", "garbage", "[]", "{}", '{"sha256": 3}', "\x00"])
def test_a_manifest_that_is_none_is_named_before_a_function_is_read(corpus, text):
    (corpus / "manifest.json").write_text(text)
    with pytest.raises(CorpusError, match=r"manifest\.json is no manifest of a corpus .*codekin corpus build"):
        next(read_corpus(corpus))


def test_a_corpus_of_an_older_codekin_is_read(corpus):
    digest = sha256("".join(lines_of(corpus)).encode()).hexdigest()
    older = {"sha256": digest, "cap": 20000, "seed": 17, "counts": {"train functions": 3}, "skipped": {}}
    (corpus / "manifest.json").write_text(json.dumps(older, indent=2) + "\n")
    assert names(corpus) == ["one", "two", "three"]


def test_functions_without_a_manifest_are_read(corpus):
    (corpus / "manifest.json").unlink()
    assert read_manifest(corpus) is None
    assert names(corpus) == ["one", "two", "three"]


def test_where_there_is_no_corpus_the_command_is_named(tmp_path):
    with pytest.raises(CorpusError, match="codekin corpus build"):
        next(read_corpus(tmp_path))
