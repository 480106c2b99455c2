"""One exported fusion for all tests of it: exporting takes seconds."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codekin_model.extraction.tokens import subtokens
from codekin_model.vocab.context_batch import StructureVocabulary
from codekin_model.vocab.vocabulary import Vocabulary, vocabulary_of

WORDS = "self path open file read parse line sort rows key table name value"


@dataclass(frozen=True)
class TinyFusion:
    """A fusion with random weights, its two graphs in ``folder``, and the vocabularies that it is read with."""

    model: Any
    folder: Path
    vocabulary: StructureVocabulary
    names: Vocabulary

    @property
    def width(self) -> int:
        return self.model.config.text

    @property
    def joint(self) -> int:
        return self.model.config.text + 2 * self.model.config.structure

    @property
    def name_vectors(self) -> np.ndarray:
        return self.model.naming.names.numpy()


@pytest.fixture(scope="session")
def tiny_fusion(tmp_path_factory):
    pytest.importorskip("torch")
    pytest.importorskip("onnxscript")
    from codekin_model.torch_runtime.export_fusion import export_fusion  # noqa: PLC0415 - needs an extra

    vocabulary = StructureVocabulary(
        subtokens=vocabulary_of(Counter(subtokens(WORDS)), at_least=1, at_most=99),
        paths=vocabulary_of(Counter(f"({at})" for at in range(40)), at_least=1, at_most=99),
    )
    names = vocabulary_of(Counter(f"name_{at}" for at in range(40)), at_least=1, at_most=99)
    model = random_fusion(len(vocabulary.subtokens), len(vocabulary.paths), len(names))
    folder = tmp_path_factory.mktemp("fusion")
    export_fusion(model, folder)
    return TinyFusion(model, folder, vocabulary, names)


def random_fusion(words: int, paths: int, names: int):
    """Random weights where training starts from zero."""
    import torch  # noqa: PLC0415 - an extra

    from codekin_model.torch_runtime.fusion_model import FusionModel, FusionModelConfig  # noqa: PLC0415

    torch.manual_seed(0)
    sizes = {"text": 32, "embedding": 16, "structure": 32, "heads": 4, "hidden": 24, "naming_hidden": 16}
    model = FusionModel(FusionModelConfig(words, paths, names, **sizes))
    with torch.no_grad():
        for layer in (model.fusion.narrow, model.naming.narrow):
            torch.nn.init.normal_(layer.weight, std=0.1)
        model.naming.names.copy_(torch.nn.functional.normalize(torch.randn(names, 32), dim=-1))
    return model.eval()
