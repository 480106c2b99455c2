"""The trained fusion as ONNX graphs.

In: a trained :class:`FusionModel`. Out: ``fusion.onnx`` (language-model vectors and encoded contexts -> fused vectors,
joint representation, context weights) and ``naming.onnx`` (fused vector and joint representation -> name scores).
Weights are int8.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from codekin_model.torch_runtime.export import OPSET, quantise
from codekin_model.torch_runtime.fusion_model import FusionModel
from codekin_model.vocab.context_batch import SUBTOKENS

FUSION_GRAPH = "fusion.onnx"
NAMING_GRAPH = "naming.onnx"

_BATCH, _TERMINALS, _CONTEXTS = 3, 7, 11
"""Sizes of the example that is traced: all different and above 1, so that none is taken for another or for constant."""


def export_fusion(model: FusionModel, folder: Path) -> None:
    """Write both graphs into ``folder``. Batch, terminals and contexts may have any size from 1."""
    model.eval()
    batch, terminals, contexts = (torch.export.Dim(name) for name in ("batch", "terminals", "contexts"))
    ids = {"start": {0: batch, 1: contexts}, "path": {0: batch, 1: contexts}, "end": {0: batch, 1: contexts}}
    _write(
        model,
        _example(model),
        {"text": {0: batch}, "terminals": {0: terminals}} | ids,
        ("vector", "meaning", "joint", "weights"),
        folder / FUSION_GRAPH,
    )
    width = model.config.text + 2 * model.config.structure
    representation = {"meaning": torch.randn(_BATCH, model.config.text), "joint": torch.randn(_BATCH, width)}
    shapes = {name: {0: batch} for name in representation}
    _write(model.naming, representation, shapes, ("scores",), folder / NAMING_GRAPH)


def _example(model: FusionModel) -> dict[str, Tensor]:
    rows = torch.randint(0, _TERMINALS, (_BATCH, _CONTEXTS))
    return {
        "text": nn.functional.normalize(torch.randn(_BATCH, model.config.text), dim=-1),
        "terminals": torch.randint(0, model.config.subtokens, (_TERMINALS, SUBTOKENS)),
        "start": rows,
        "path": torch.randint(1, model.config.paths, (_BATCH, _CONTEXTS)),
        "end": rows.flip(1),
    }


def _write(
    module: nn.Module, example: Mapping[str, Tensor], shapes: Mapping[str, Any], outputs: Sequence[str], target: Path
) -> None:
    program = torch.onnx.export(
        module,
        tuple(example.values()),
        input_names=list(example),
        output_names=list(outputs),
        dynamic_shapes=dict(shapes),
        opset_version=OPSET,
        dynamo=True,
    )
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        cast("Any", program).save(str(full))
        quantise(full, target)
