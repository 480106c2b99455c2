"""The trained fusion as an ONNX graph.

In: a trained :class:`FusionModel`. Out: ``fusion.onnx``: language-model vectors and encoded contexts -> fused vectors,
joint representation, context weights. Weights are int8.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

from codekin_model.torch_runtime.export import write_quantised
from codekin_model.torch_runtime.fusion_model import FusionModel
from codekin_model.vocab.context_batch import SUBTOKENS

FUSION_GRAPH = "fusion.onnx"

_BATCH, _TERMINALS, _CONTEXTS = 3, 7, 11
"""Sizes of the example that is traced: all different and above 1, so that none is taken for another or for constant."""


def export_fusion(model: FusionModel, folder: Path) -> None:
    """Write the graph into ``folder``. Batch, terminals and contexts may have any size from 1."""
    model.eval()
    batch, terminals, contexts = (torch.export.Dim(name) for name in ("batch", "terminals", "contexts"))
    ids = {"start": {0: batch, 1: contexts}, "path": {0: batch, 1: contexts}, "end": {0: batch, 1: contexts}}
    write_quantised(
        model,
        _example(model),
        {"text": {0: batch}, "terminals": {0: terminals}} | ids,
        ("vector", "meaning", "joint", "weights"),
        folder / FUSION_GRAPH,
    )


def _example(model: FusionModel) -> dict[str, Tensor]:
    rows = torch.randint(0, _TERMINALS, (_BATCH, _CONTEXTS))
    return {
        "text": nn.functional.normalize(torch.randn(_BATCH, model.config.text), dim=-1),
        "terminals": torch.randint(0, model.config.subtokens, (_TERMINALS, SUBTOKENS)),
        "start": rows,
        "path": torch.randint(1, model.config.paths, (_BATCH, _CONTEXTS)),
        "end": rows.flip(1),
    }
