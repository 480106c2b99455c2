"""The student: distilling it, keeping it in a run folder, and measuring it.

In: a :class:`StudentConfig` and a corpus. Out: a run folder; a loaded run embeds code by itself and asks its teacher
for the vectors of questions.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

from codekin_model.checkpoint.run import BEST, Run, read_run, weights_of
from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Vectors
from codekin_model.encoders.student import Student
from codekin_model.encoders.student import StudentConfig as StudentShape
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extraction.passage import passage
from codekin_model.training.beside import LANGUAGE_MODEL
from codekin_model.training.loop import LoopOptions, fit
from codekin_model.training.machine import current_machine
from codekin_model.training.run_folder import start_run
from codekin_model.training.strict_config import strictly
from codekin_model.training.student_config import StudentConfig
from codekin_model.training.student_data import Encoding, count_words, read_student_units, teach
from codekin_model.training.student_problem import StudentProblem, vectors_of
from codekin_model.training.student_teacher import StudentTeacher, load_student_teacher
from codekin_model.vocab.bag_batch import CONTEXTS, NAME_PLACES, SOURCE_PLACES, encode_words
from codekin_model.vocab.vocabulary import Vocabulary
from codekin_model.vocab.word_parts import GOES_ON, WordParts

WORDS = "student_words"
_WORD_VECTORS = "names.vectors"
"""Parameters of :class:`Student`."""


def train_student(config: StudentConfig, corpus: Path, out: Path) -> Path:
    """Distil in the run folder ``out``, or go on there; the best state is at the path returned.

    Raises:
        CorpusError: there is no corpus, or no other where ``more`` says.
        CheckpointError: the teacher cannot be used.
        TrainingError: there are fewer functions than one batch holds, or none to validate with.
    """
    sizes, training = config.sizes, config.training
    teachers = [load_student_teacher(Path(each), halves=True) for each in (config.teacher, *config.others)]
    teacher = teachers[0]
    questions = Path(config.questions) if config.questions else None
    corpora = [corpus, *([Path(config.more)] if config.more else [])]
    units = read_student_units(corpora, questions, config.data, paths=bool(sizes.buckets))
    words = count_words(units, sizes.words, sizes.parts)
    encoding = Encoding(words, sizes.buckets, training.apart, training.seed)
    with current_machine().first_first():
        data = teach(units, encoding, teachers, out / "cache")
    torch.manual_seed(training.seed)
    model = _new_student(config, words, teacher, data.taught.vectors[:, 0])
    start_run(out, Run(config.kind, asdict(config), {WORDS: words}, {LANGUAGE_MODEL: teacher.language_model}))
    options = LoopOptions(
        out,
        epochs=training.epochs,
        learning_rate=training.learning_rate,
        patience=training.patience,
        rates={_WORD_VECTORS: training.word_rate},
        seed=training.seed,
    )
    return fit(StudentProblem(data, model, training), options)


def _new_student(
    config: StudentConfig, words: Vocabulary, teacher: StudentTeacher, code: NDArray[np.float16]
) -> Student:
    model = Student(shape_of(config, words, code.shape[1]))
    vectors = teacher.queries([word.removeprefix(GOES_ON) for word in words.words])
    mean = code.mean(0, dtype=np.float32)
    model.begin_from(torch.from_numpy(vectors), torch.from_numpy(mean))
    return model


def shape_of(config: StudentConfig, words: Vocabulary, output: int) -> StudentShape:
    """The sizes of the module that ``config`` asks for."""
    sizes = config.sizes
    places = (NAME_PLACES, SOURCE_PLACES, CONTEXTS)
    widths = (sizes.width, sizes.context_width, sizes.beside, sizes.hidden)
    return StudentShape(len(words), sizes.buckets, places, *widths, output, sizes.dropout)


def load_student(folder: Path) -> tuple[Student, Vocabulary, StudentConfig]:
    """The student of a finished run, in inference mode.

    Raises:
        CheckpointError: there is no such run, or it is damaged.
    """
    run = read_run(folder, ("student",))
    config, words = strictly(run.config, StudentConfig, str(folder)), run.vocabularies[WORDS]
    state = load_file(weights_of(folder, BEST))
    model = Student(shape_of(config, words, state["narrow.bias"].shape[0]))
    model.load_state_dict(state)
    return model.eval(), words, config


def student_vectors(model: Student, words: Vocabulary, passages: Sequence[str]) -> Vectors:
    """The vectors (passages, width) of a trained student, by words alone, as it is run; call it without gradients."""
    return vectors_of(model, encode_words(passages, WordParts(words).ids_of)).numpy()


def load_student_system(folder: Path) -> "StudentSystem":
    """The student of a finished run, to be measured.

    Raises:
        CheckpointError: there is no such run, or it or its teacher is damaged.
    """
    model, words, config = load_student(folder)
    return StudentSystem(model, words, load_student_teacher(Path(config.teacher)))


class StudentSystem(VectorSystem):
    """Code by the student, questions by its teacher."""

    def __init__(self, model: Student, words: Vocabulary, teacher: StudentTeacher) -> None:
        self._model, self._words, self._teacher = model, words, teacher

    @torch.inference_mode()
    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """The student's vectors, extraction included."""
        passages = [passage(each.unit, masked=masked, docstring=False) for each in functions]
        return student_vectors(self._model, self._words, passages)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """The teacher's vectors."""
        return self._teacher.queries(texts)
