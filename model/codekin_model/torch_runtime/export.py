"""From a pretrained checkpoint to what is shipped: an int8 ONNX graph and a tokenizer.

In: a folder with safetensors and `tokenizer.json`. Out: files in a model folder. Needs the extra `train`. Must not know
how the files are run.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime import quantization
from onnxruntime.quantization import shape_inference

from codekin_model.encoders.language_model import LanguageModel, load_language_model

OPSET = 18

# Libraries without types, or with partial ones.
_onnx: Any = onnx
_exporter: Any = torch.onnx
_quantization: Any = quantization
_shape_inference: Any = shape_inference


def export_language_model(source: Path, target: Path, *, reduce_range: bool = False) -> tuple[Path, Path]:
    """Write `language_model.onnx` (int8) and `tokenizer.json` of ``source`` into the folder ``target``.

    ``reduce_range`` keeps weights to 7 bits, which processors without VNNI need so as not to overflow.
    """
    target.mkdir(parents=True, exist_ok=True)
    graph, tokenizer = target / "language_model.onnx", target / "tokenizer.json"
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        write_graph(load_language_model(source), full)
        quantise(full, graph, reduce_range=reduce_range)
    tokenizer.write_text(_plain_tokenizer(source / "tokenizer.json"), encoding="utf-8")
    return graph, tokenizer


def write_graph(model: LanguageModel, path: Path) -> None:
    """The fp32 graph: `input_ids` and `attention_mask`, int64 (batch, tokens) -> `vector`, float32 (batch, width)."""
    ids = torch.tensor([[101, 2054, 102], [101, 102, 0]])
    batch, tokens = torch.export.Dim("batch"), torch.export.Dim("tokens", max=512)
    program = _exporter.export(
        model,
        (ids, (ids > 0).long()),
        input_names=["input_ids", "attention_mask"],
        output_names=["vector"],
        dynamic_shapes={name: {0: batch, 1: tokens} for name in ("input_ids", "attention_mask")},
        opset_version=OPSET,
        dynamo=True,
    )
    program.save(str(path))


def quantise(full: Path, target: Path, *, reduce_range: bool = False) -> None:
    """Quantise weights to int8, one scale a channel; activations are quantised as they come."""
    prepared = full.with_suffix(".prepared.onnx")
    _shape_inference.quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
    _forget_shapes(prepared)
    _quantization.quantize_dynamic(
        str(prepared),
        str(target),
        op_types_to_quantize=["MatMul", "Gather", "Gemm"],
        per_channel=True,
        reduce_range=reduce_range,
        weight_type=_quantization.QuantType.QInt8,
    )
    _onnx.checker.check_model(str(target))


def _forget_shapes(path: Path) -> None:
    """Drop the recorded shapes of inner values: the optimiser transposes weights and leaves stale ones behind."""
    graph = _onnx.load(str(path))
    del graph.graph.value_info[:]
    _onnx.save(graph, str(path))


def _plain_tokenizer(path: Path) -> str:
    """The tokenizer without the lengths it was trained with: what is cut and padded is the runtime's to say."""
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
