"""A trained search run as the fusion that is shipped.

In: a run folder of kind ``search`` whose code side is the language model and code2vec under attention; a naming head
beside it is left out. Out: a :class:`FusionModel`, which is what :mod:`codekin_model.torch_runtime.export_fusion`
writes, and the vocabularies of path contexts.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from codekin_model.checkpoint.manifest import CheckpointError
from codekin_model.checkpoint.run import DESCRIPTION, Run, read_run, weights_of
from codekin_model.embedder import Vectors
from codekin_model.extracted import ExtractedUnit
from codekin_model.torch_runtime.fusion_model import FusionModel, FusionModelConfig
from codekin_model.training.code_view import tensors
from codekin_model.training.features import PATHS, SUBTOKENS
from codekin_model.training.search_config import SearchConfig
from codekin_model.training.strict_config import ConfigError, strictly
from codekin_model.training.train_search import TEXT_WIDTH
from codekin_model.vocab.context_batch import StructureVocabulary, encode_contexts

_CODE, _NAMING = "code.", "naming."
_BATCH = 128


def load_fusion_run(folder: Path) -> tuple[FusionModel, StructureVocabulary]:
    """The best state of a run, with its vocabularies of sub-tokens and paths.

    Raises:
        CheckpointError: the folder holds no run, a damaged one, or one of another system.

    """
    run = read_run(folder, ["search"])
    try:
        config = strictly(run.config, SearchConfig, str(folder / DESCRIPTION))
    except ConfigError as problem:
        raise CheckpointError(f"{problem}: train the run again") from problem
    _check(config, folder)
    model = FusionModel(_sizes(run, config))
    state = {name.removeprefix(_CODE): tensor for name, tensor in load_file(weights_of(folder)).items()}
    model.load_state_dict({name: tensor for name, tensor in state.items() if not name.startswith(_NAMING)})
    return model.eval(), StructureVocabulary(run.vocabularies[SUBTOKENS], run.vocabularies[PATHS])


@torch.inference_mode()
def fuse_with(
    model: FusionModel, vocabulary: StructureVocabulary, text: Vectors, units: Sequence[ExtractedUnit]
) -> Vectors:
    """Vectors (units, text) of ``units`` whose language-model vectors are ``text``."""
    vectors: list[Vectors] = []
    for at in range(0, len(units), _BATCH):
        contexts = encode_contexts([unit.contexts for unit in units[at : at + _BATCH]], vocabulary)
        given = torch.from_numpy(text[at : at + _BATCH])
        vectors.append(model(given, *tensors(contexts, given.device)).vector.numpy())
    return np.concatenate(vectors)


def _check(config: SearchConfig, folder: Path) -> None:
    if not config.is_fusion:
        raise CheckpointError(
            f"{folder} holds another system: only language-model with code2vec under attention, asked through the "
            "language model, can be exported as a fusion"
        )


def _sizes(run: Run, config: SearchConfig) -> FusionModelConfig:
    sizes = config.sizes
    return FusionModelConfig(
        len(run.vocabularies[SUBTOKENS]),
        len(run.vocabularies[PATHS]),
        text=int(run.facts[TEXT_WIDTH]),
        embedding=sizes.embedding,
        structure=sizes.width,
        heads=sizes.heads,
        hidden=sizes.hidden,
        strength=sizes.strength,
    )
