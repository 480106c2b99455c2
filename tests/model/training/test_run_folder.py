"""A run goes on in its own folder, and leaves another's as it is."""

from collections import Counter
from dataclasses import replace

import pytest

pytest.importorskip("torch")

from codekin_model.checkpoint.manifest import CheckpointError
from codekin_model.checkpoint.run import Run, find_run
from codekin_model.training.blend_config import BlendConfig
from codekin_model.training.machine import TrainingError
from codekin_model.training.run_folder import refuse_another, start_run
from codekin_model.vocab.vocabulary import vocabulary_of

CONFIG = BlendConfig("model")
RUN = Run(
    "blend",
    {"model": "model", "places": (1, 2)},
    {"words": vocabulary_of(Counter(["read", "file"]), at_least=1, at_most=9)},
    {"text": 384},
)
OTHERS = (
    replace(RUN, kind="sketch"),
    replace(RUN, config={"model": "another", "places": (1, 2)}),
    replace(RUN, vocabularies={"words": vocabulary_of(Counter(["sort"]), at_least=1, at_most=9)}),
    replace(RUN, facts={"text": 128}),
)


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_run_is_described(tmp_path):
    start_run(tmp_path / "run", RUN)
    found = find_run(tmp_path / "run")
    assert found == replace(RUN, config={"model": "model", "places": [1, 2]})


def test_the_same_run_goes_on(tmp_path):
    start_run(tmp_path, RUN)
    before = content(tmp_path)
    start_run(tmp_path, RUN)
    assert content(tmp_path) == before


def test_a_run_goes_on_under_another_training(tmp_path):
    start_run(tmp_path, replace(RUN, config={"model": "model", "training": {"epochs": 1}}))
    start_run(tmp_path, replace(RUN, config={"model": "model", "training": {"epochs": 2}}))
    assert find_run(tmp_path).config["training"] == {"epochs": 2}


def test_a_run_that_an_earlier_version_began_goes_on_without_the_facts_it_did_not_keep(tmp_path):
    start_run(tmp_path, replace(RUN, facts={}))
    start_run(tmp_path, RUN)
    assert find_run(tmp_path).facts == {}


@pytest.mark.parametrize("other", OTHERS, ids=["kind", "configuration", "vocabulary", "facts"])
def test_another_run_is_refused_before_anything_is_written(other, tmp_path):
    start_run(tmp_path, RUN)
    before = content(tmp_path)
    with pytest.raises(TrainingError, match=r"another configuration or corpus: name another --out, or delete it"):
        start_run(tmp_path, other)
    assert content(tmp_path) == before


def test_a_configuration_is_compared_before_the_corpus_is_read(tmp_path):
    refuse_another(tmp_path, CONFIG)
    start_run(tmp_path, Run(CONFIG.kind, {"model": "another"}))
    with pytest.raises(TrainingError, match="another configuration"):
        refuse_another(tmp_path, CONFIG)


def test_what_cannot_be_read_is_not_written_over(tmp_path):
    (tmp_path / "description.json").write_text("{")
    with pytest.raises(CheckpointError, match="describes no run"):
        start_run(tmp_path, RUN)
    assert (tmp_path / "description.json").read_text() == "{"
