"""Configurations of kind ``sketch``: how the student's vectors are turned towards questions.

Plain data. Must not know of files or modules.
"""

from dataclasses import dataclass, field

from codekin_model.training.asked_config import AskedData, AskedTraining


@dataclass(frozen=True, slots=True)
class SketchConfig:
    """``model`` is a model folder that holds a language model and a student; ``questions`` as a teacher's.

    ``more`` is another corpus to learn from.
    """

    model: str
    questions: str | None = None
    more: str | None = None
    data: AskedData = field(default_factory=AskedData)
    training: AskedTraining = field(default_factory=AskedTraining)

    @property
    def kind(self) -> str:
        """As configuration files name it."""
        return "sketch"
