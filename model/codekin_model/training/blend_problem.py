"""Training the blend: what it makes of the vectors of both readers is to be found by what asks for it.

In: :class:`BlendSet`. Out: losses and validation figures for the loop, as of :class:`AskedProblem`.
"""

from torch import Tensor

from codekin_model.fusion.blend import Blend
from codekin_model.training.asked_config import AskedTraining
from codekin_model.training.asked_problem import AskedProblem, Rows
from codekin_model.training.blend_data import BlendSet


class BlendProblem(AskedProblem):
    """The text's vector stands for the fused one too."""

    def __init__(self, data: BlendSet, model: Blend, options: AskedTraining) -> None:
        super().__init__(data.asked, model, options)
        self._text, self._words = data.text, data.words

    def code(self, rows: Rows, views: Rows) -> Tensor:
        """The blended vectors."""
        text, words = (self.tensor(each[rows, views]) for each in (self._text, self._words))
        return self.module(text, text, words)
