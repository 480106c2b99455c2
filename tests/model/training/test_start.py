"""Every kind of configuration is trained by a function that is there."""

from dataclasses import replace
from importlib import import_module

import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.training.config import KINDS
from codekin_model.training.machine import TrainingError
from codekin_model.training.start import TRAINERS, start


def test_every_kind_has_a_trainer():
    assert set(TRAINERS) == set(KINDS)


@pytest.mark.parametrize("kind", TRAINERS)
def test_a_trainer_takes_configuration_corpus_and_folder(kind):
    module, _, name = TRAINERS[kind].rpartition(".")
    train = getattr(import_module(module), name)
    assert train.__code__.co_varnames[:3] == ("config", "corpus", "out")


def test_a_folder_of_another_configuration_is_refused_and_stays_as_it_was(teacher_run, tmp_path):
    """Before anything is read or written: the tokenizer of another language model, for one."""
    before = {path: path.read_bytes() for path in teacher_run.folder.rglob("*") if path.is_file()}
    with pytest.raises(TrainingError, match="name another --out"):
        start(replace(teacher_run.config, language_model="another"), teacher_run.corpus, teacher_run.folder)
    assert {path: path.read_bytes() for path in teacher_run.folder.rglob("*") if path.is_file()} == before
