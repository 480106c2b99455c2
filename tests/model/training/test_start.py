"""Every kind of configuration is trained by a function that is there."""

from importlib import import_module

import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.training.config import KINDS
from codekin_model.training.start import TRAINERS


def test_every_kind_has_a_trainer():
    assert set(TRAINERS) == set(KINDS)


@pytest.mark.parametrize("kind", TRAINERS)
def test_a_trainer_takes_configuration_corpus_and_folder(kind):
    module, _, name = TRAINERS[kind].rpartition(".")
    train = getattr(import_module(module), name)
    assert train.__code__.co_varnames[:3] == ("config", "corpus", "out")
