from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from codekin_model.checkpoint.manifest import default_model_dir
from codekin_model.extraction.tokens import subtokens
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.runtime.name_ranking import FEATURES, NameRanking
from codekin_model.runtime.naming import OnnxNaming
from codekin_model.runtime.structure import OnnxStructure
from codekin_model.vocab.context_batch import StructureVocabulary
from codekin_model.vocab.vocabulary import Vocabulary, vocabulary_of

WORDS = "self path open file read parse line sort rows key table name value"


@pytest.fixture(scope="session")
def language_model():
    return OnnxLanguageModel(default_model_dir(), threads=2)


@dataclass(frozen=True)
class TinyFusion:
    """An exported fusion with random weights, and what its graphs are loaded with."""

    folder: Path
    vocabulary: StructureVocabulary
    names: Vocabulary
    name_vectors: np.ndarray
    joint: int

    @property
    def width(self) -> int:
        return self.name_vectors.shape[1]

    def structure(self) -> OnnxStructure:
        return OnnxStructure(self.folder / "fusion.onnx", self.vocabulary, threads=1)

    def naming(self) -> OnnxNaming:
        weights = (1.0,) * len(FEATURES)
        return OnnxNaming(self.folder / "naming.onnx", self.names, NameRanking(weights, weights), threads=1)


@pytest.fixture(scope="session")
def tiny_fusion(tmp_path_factory):
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnxscript")
    from codekin_model.torch_runtime.export_fusion import export_fusion  # noqa: PLC0415 - needs an extra
    from codekin_model.torch_runtime.fusion_model import FusionModel, FusionModelConfig  # noqa: PLC0415

    vocabulary = StructureVocabulary(
        vocabulary_of(Counter(subtokens(WORDS)), at_least=1, at_most=99),
        vocabulary_of(Counter(), at_least=1, at_most=9),
    )
    names = vocabulary_of(Counter(f"name_{at}" for at in range(40)), at_least=1, at_most=99)
    config = FusionModelConfig(len(vocabulary.subtokens), len(vocabulary.paths), len(names), 32, 16, 32, 4, 24, 16)
    torch.manual_seed(0)
    model = FusionModel(config)
    with torch.no_grad():
        torch.nn.init.normal_(model.fusion.narrow.weight, std=0.2)
        model.naming.names.copy_(torch.nn.functional.normalize(torch.randn(len(names), config.text), dim=-1))
    folder = tmp_path_factory.mktemp("fusion")
    export_fusion(model, folder)
    return TinyFusion(folder, vocabulary, names, model.naming.names.numpy(), config.text + 2 * config.structure)
