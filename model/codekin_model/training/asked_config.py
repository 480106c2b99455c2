"""What configurations share whose training asks for functions by kept vectors.

Plain data. Must not know of files or modules.
"""

from dataclasses import dataclass

from codekin_model.torch_runtime.bounds import Count, Positive, Share, Size


@dataclass(frozen=True, slots=True)
class AskedData:
    """Upper bounds: training functions, and those held out to validate with."""

    functions: Size = 42_000
    held_out: Size = 7_000
    seed: Count = 17


@dataclass(frozen=True, slots=True)
class AskedTraining:
    """``masking`` is the share of functions whose name is hidden."""

    epochs: Size = 5
    batch: Size = 4096
    learning_rate: Positive = 1e-3
    temperature: Positive = 0.05
    masking: Share = 0.5
    patience: Size = 3
    seed: Count = 17
