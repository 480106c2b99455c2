"""From a configuration to the function that trains it.

In: a configuration. Out: a run folder. What a kind of training needs is imported when it is started.
"""

from importlib import import_module
from pathlib import Path

from codekin_model.training.config import RunConfig
from codekin_model.training.run_folder import refuse_another

TRAINERS = {
    "search": "codekin_model.training.train_search.train_search",
    "names": "codekin_model.training.train_search.train_names",
    "summary": "codekin_model.training.summary_problem.train_summary",
    "student": "codekin_model.training.student.train_student",
    "teacher": "codekin_model.training.teacher.train_teacher",
    "decoder": "codekin_model.training.decoder.train_decoder",
    "blend": "codekin_model.training.blend.train_blend",
    "sketch": "codekin_model.training.sketch.train_sketch",
    "hubness": "codekin_model.training.hubness.train_hubness",
}
"""Kind of configuration -> ``train(config, corpus, out)``."""


def start(config: RunConfig, corpus: Path, out: Path) -> None:
    """Train what ``config`` says on the functions of ``corpus``; what comes of it is below ``out``.

    Raises:
        CorpusError: ``corpus`` holds none.
        TrainingError: the training cannot go on, or ``out`` holds another one.
        CheckpointError: a model that it starts from cannot be used.
    """
    refuse_another(out, config)
    module, _, name = TRAINERS[config.kind].rpartition(".")
    getattr(import_module(module), name)(config, corpus, out)
