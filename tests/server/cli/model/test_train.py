"""codekin train."""

import sys
from types import ModuleType

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.corpus.build import read_corpus  # noqa: E402 - torch is an extra
from codekin_model.training import start  # noqa: E402
from codekin_model.training.curves import write_row  # noqa: E402
from codekin_model.training.machine import TrainingError, current_machine  # noqa: E402

CONFIG = 'kind = "search"\ncode = ["code2vec"]\n'
ROWS = CONFIG + "".join(
    f'[[row]]\nname = "{name}"\nquery = "{query}"\n' for name, query in (("a", "nbow"), ("b", "cnn"))
)


class Trainer(ModuleType):
    """Trains nothing; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__("trainer_of_this_test")
        self.asked = []
        self.problem: BaseException | None = None

    def train(self, config, corpus, out):
        self.asked.append((config, corpus, out, current_machine()))
        if self.problem:
            raise self.problem
        out.mkdir()
        write_row(out / "curves.csv", {"epoch": 0.0, "loss": 1.0})


@pytest.fixture
def trainer(monkeypatch):
    made = Trainer()
    monkeypatch.setitem(sys.modules, made.__name__, made)
    monkeypatch.setitem(start.TRAINERS, "search", f"{made.__name__}.train")
    return made


@pytest.fixture
def arguments(tmp_path):
    (tmp_path / "run.toml").write_text(CONFIG)
    return ["train", tmp_path / "run.toml", "--corpus", tmp_path / "corpus", "--out", tmp_path / "run"]


def test_the_trainer_of_the_configurations_kind_is_asked(codekin, trainer, arguments, tmp_path):
    outcome = codekin(*arguments)
    assert (outcome.code, outcome.err) == (0, "")
    ((config, corpus, out, _),) = trainer.asked
    assert (config.kind, corpus, out) == ("search", tmp_path / "corpus", tmp_path / "run")


def test_what_is_measured_next_is_a_whole_command(codekin, trainer, arguments, tmp_path):
    lines = codekin(*arguments).out.splitlines()
    assert lines[-1] == f"measure it: codekin evaluate {tmp_path / 'run'} --corpus {tmp_path / 'corpus'}"


def test_how_to_export_is_told_of_what_can_be_exported(codekin, trainer, arguments, tmp_path):
    (tmp_path / "run.toml").write_text('kind = "search"\ncode = ["language-model", "code2vec"]\nfusion = "attention"\n')
    assert codekin(*arguments).out.splitlines()[-1] == f"use it: codekin export {tmp_path / 'run'} --out MODEL"


def test_a_folder_with_a_space_in_its_name_can_be_typed_as_it_is_told(codekin, trainer, arguments, tmp_path):
    told = codekin(*arguments[:-1], tmp_path / "my run").out
    assert f"codekin evaluate '{tmp_path / 'my run'}' --corpus" in told


def test_it_runs_where_and_as_was_asked(codekin, trainer, arguments):
    before = torch.get_num_threads()
    codekin(*arguments, "--device", "cpu", "--precision", "bf16", "--threads", 1)
    threads = torch.get_num_threads()
    torch.set_num_threads(before)
    machine = trainer.asked[0][3]
    assert (machine.device.type, str(machine.precision), threads) == ("cpu", "bf16", 1)


def test_one_row_of_several_is_trained(codekin, trainer, arguments, tmp_path):
    (tmp_path / "run.toml").write_text(ROWS)
    assert codekin(*arguments, "--row", "b").code == 0
    assert str(trainer.asked[0][0].query) == "cnn"


def test_the_curves_are_drawn(codekin, trainer, arguments, tmp_path):
    pytest.importorskip("matplotlib")
    codekin(*arguments)
    assert (tmp_path / "run" / "curves.svg").read_text().startswith("<?xml")


def test_without_matplotlib_it_is_said_and_nothing_lost(codekin, trainer, arguments, monkeypatch):
    for name in [each for each in sys.modules if each.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    outcome = codekin(*arguments)
    assert outcome.code == 0
    assert "pip install 'codekin[train]'" in outcome.err


def test_an_unknown_key_of_the_configuration(refused, trainer, arguments, tmp_path):
    (tmp_path / "run.toml").write_text(CONFIG + "colour = 3\n")
    assert "colour" in refused(*arguments)


def test_a_corpus_that_is_none(refused, trainer, arguments, tmp_path):
    trainer.train = lambda config, corpus, out: next(read_corpus(corpus))
    assert "codekin corpus build" in refused(*arguments)


def test_what_ends_a_training_is_one_line(refused, trainer, arguments):
    trainer.problem = TrainingError("the loss is no number")
    assert refused(*arguments) == "codekin: the loss is no number\n"


def test_a_device_that_does_not_exist(refused, trainer, arguments):
    assert "use cpu, cuda or auto" in refused(*arguments, "--device", "abacus")


def test_an_interruption_says_what_is_kept(codekin, trainer, arguments):
    trainer.problem = KeyboardInterrupt()
    outcome = codekin(*arguments)
    assert (outcome.code, len(outcome.err.splitlines())) == (130, 1)


def test_without_the_extra_it_is_named(refused, arguments, monkeypatch):
    for name in [each for each in sys.modules if each.startswith("codekin_model.training.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "pip install 'codekin[train]'" in refused(*arguments)
