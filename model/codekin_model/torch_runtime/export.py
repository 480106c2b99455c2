"""From a pretrained checkpoint to what is shipped: an int8 ONNX graph and a tokenizer.

In: a folder with safetensors and `tokenizer.json`. Out: files in a model folder. Needs the extra `train`. Must not know
how the files are run.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime import quantization
from onnxruntime.quantization import shape_inference
from torch import Tensor, nn

from codekin_model.checkpoint.manifest import LanguageModelPart
from codekin_model.encoders.language_model import LanguageModel, Pooling, load_language_model
from codekin_model.runtime.word_pieces import WordPieces
from codekin_model.torch_runtime.smoothing import smooth

OPSET = 18

# Libraries without types, or with partial ones.
_onnx: Any = onnx
_exporter: Any = torch.onnx
_quantization: Any = quantization
_shape_inference: Any = shape_inference
_arrays: Any = numpy_helper

_LARGE = 1 << 12
"""Numbers from which weights are worth narrowing."""
_MOST, _LEAST = 127, 1e-8
"""Of a signed byte; the least scale, so that a column of zeros stays one."""


def export_language_model(
    source: Path, target: Path, examples: Sequence[str] = (), pooling: Pooling = Pooling.MEAN
) -> tuple[Path, Path]:
    """Write `language_model.onnx` (int8) and `tokenizer.json` of ``source`` into the folder ``target``.

    Where there are ``examples``, texts as the model will read them, its activations are smoothed by what they are.
    """
    target.mkdir(parents=True, exist_ok=True)
    graph, tokenizer = target / "language_model.onnx", target / "tokenizer.json"
    tokenizer.write_text(_plain_tokenizer(source / "tokenizer.json"), encoding="utf-8")
    model = load_language_model(source, pooling)
    smooth(model, _ids(tokenizer, examples))
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        write_graph(model, full)
        quantise(full, graph)
    return graph, tokenizer


def _ids(tokenizer: Path, texts: Sequence[str]) -> list[Tensor]:
    """Each of ``texts`` as a batch of its own, ids (1, tokens)."""
    pieces = WordPieces(tokenizer)
    return [torch.tensor([list(pieces.encode(text, LanguageModelPart().max_tokens))]) for text in texts]


class _WithStates(nn.Module):
    """What a graph gives: the vector for search, and the states that a decoder of names looks at."""

    def __init__(self, model: LanguageModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        states = self.model.states(input_ids, attention_mask)
        return self.model.pooled(states, attention_mask), states


def write_graph(model: LanguageModel, path: Path) -> None:
    """The fp32 graph: `input_ids` and `attention_mask`, int64 (batch, tokens), to `vector` and `states`.

    They are float32: (batch, width), rows of length 1, and (batch, tokens, width), the last layer's.
    """
    ids = torch.tensor([[101, 2054, 102], [101, 102, 0]])
    batch, tokens = torch.export.Dim("batch"), torch.export.Dim("tokens", max=512)
    program = _exporter.export(
        _WithStates(model).eval(),
        (ids, (ids > 0).long()),
        input_names=["input_ids", "attention_mask"],
        output_names=["vector", "states"],
        dynamic_shapes={name: {0: batch, 1: tokens} for name in ("input_ids", "attention_mask")},
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    program.save(str(path))


def quantise(full: Path, target: Path, operations: Sequence[str] = ("MatMul", "Gather", "Gemm")) -> None:
    """Quantise the weights of ``operations`` to int8, one scale a channel; activations are quantised as they come."""
    prepared = full.with_suffix(".prepared.onnx")
    _shape_inference.quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
    _forget_shapes(prepared)
    _quantization.quantize_dynamic(
        str(prepared),
        str(target),
        op_types_to_quantize=list(operations),
        per_channel=True,
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


def write_quantised(
    module: nn.Module, example: Mapping[str, Tensor], shapes: Mapping[str, Any], outputs: Sequence[str], target: Path
) -> None:
    """Export ``module`` as an int8 graph; its inputs are those of ``example``, sizes in ``shapes`` are free."""
    program = export_program(module, example, shapes, outputs)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        program.save(str(full))
        quantise(full, target)


def export_program(
    module: nn.Module, example: Mapping[str, Tensor], shapes: Mapping[str, Any], outputs: Sequence[str]
) -> Any:  # noqa: ANN401 - a class that torch does not name
    """``module`` as a float32 graph in memory."""
    return _exporter.export(
        module,
        tuple(example.values()),
        input_names=list(example),
        output_names=list(outputs),
        dynamic_shapes=dict(shapes),
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )


def narrow(path: Path) -> None:
    """Keep the large float32 weights of a graph as int8 and a scale a column; they are widened when it is loaded."""
    model = _onnx.load(str(path))
    graph = model.graph
    large = [
        each
        for each in graph.initializer
        if each.data_type == _onnx.TensorProto.FLOAT and np.prod(each.dims, dtype=int) >= _LARGE
    ]
    for weights in large:
        values, name = _arrays.to_array(weights), weights.name
        scales = np.maximum(np.abs(values).max(axis=0, keepdims=True), _LEAST) / _MOST
        graph.initializer.remove(weights)
        graph.initializer.append(_arrays.from_array(np.rint(values / scales).astype(np.int8), f"{name}_narrow"))
        graph.initializer.append(_arrays.from_array(scales.astype(np.float32), f"{name}_scales"))
        widen = _onnx.helper.make_node("Cast", [f"{name}_narrow"], [f"{name}_wide"], to=_onnx.TensorProto.FLOAT)
        scale = _onnx.helper.make_node("Mul", [f"{name}_wide", f"{name}_scales"], [name])
        graph.node.insert(0, scale)
        graph.node.insert(0, widen)
    _onnx.checker.check_model(model)
    _onnx.save(model, str(path))
