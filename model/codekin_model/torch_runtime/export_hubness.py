"""Hubness as an ONNX graph.

In: a :class:`Hubness`. Out: ``hubness.onnx``: ``vector`` -> ``unit`` and ``question``, each (B, width) float32. The
products with the kept questions are of whole numbers, vectors by one scale for all, so that a unit's vector does not
depend on what stands beside it. Kept questions are made of their codes when the graph is loaded.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from codekin_model.fusion.hubness import VALUES, Hubness
from codekin_model.torch_runtime.export import OPSET

HUBNESS_GRAPH = "hubness.onnx"
_IR_VERSION = 8
"""What the oldest supported runtimes read."""
_MOST = 127
"""Of a signed byte."""
_ZERO = 128
"""What stands for zero in a vector of unsigned bytes."""
_LARGEST = 0.4
"""Of the numbers in a vector of length 1, as far as a product is concerned: larger ones count as this."""
_onnx: Any = onnx  # these have partial types
_helper: Any = helper
_arrays: Any = numpy_helper
_types: Any = TensorProto


def export_hubness(hubness: Hubness, folder: Path) -> None:
    """Write the graph into ``folder``; it takes any number of vectors."""
    constants = _constants(hubness)
    rows = ["rows", hubness.shape.width]
    graph = _helper.make_graph(
        [*_kept_questions(), *_units(), *_questions()],
        "hubness",
        [_helper.make_tensor_value_info("vector", _types.FLOAT, rows)],
        [_helper.make_tensor_value_info(name, _types.FLOAT, rows) for name in ("unit", "question")],
        [_arrays.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = _helper.make_model(graph, opset_imports=[_helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION)
    _onnx.checker.check_model(model)
    _onnx.save(model, str(folder / HUBNESS_GRAPH))


def _constants(hubness: Hubness) -> dict[str, NDArray[Any] | np.generic]:
    shape = hubness.shape
    values = hubness.values.flatten(0, 1).numpy()
    scale = max(float(np.abs(values).max()), np.finfo(np.float32).tiny) / _MOST
    vector_scale = _LARGEST / _MOST
    return {
        "codes": hubness.codes.numpy(),
        "first": np.arange(shape.parts, dtype=np.int32) * VALUES,
        "values": np.rint(values / scale).astype(np.int8),
        "kept_shape": np.array([shape.questions, shape.width], np.int64),
        "vector_scale": np.float32(vector_scale),
        "zero": np.uint8(_ZERO),
        "nearest": np.array([shape.nearest], np.int64),
        "last_axis": np.array([1], np.int64),
        # From the sum of whole products to what a unit is given in the unused direction.
        "slope": np.float32(-shape.strength / shape.lift * scale * vector_scale),
        "start": np.float32(shape.strength / shape.lift * float(hubness.usual)),
        "lift": np.float32(shape.lift),
        "across": hubness.unused.unsqueeze(1).numpy(),
        "along": hubness.unused.unsqueeze(0).numpy(),
    }


def _kept_questions() -> Sequence[Any]:
    """``kept``, int8 (width, questions); of constants alone, it is computed once."""
    return [
        _node("Cast", ["codes"], "codes_wide", to=_types.INT32),
        _node("Add", ["codes_wide", "first"], "places"),
        _node("Gather", ["values", "places"], "kept_parts"),
        _node("Reshape", ["kept_parts", "kept_shape"], "kept_rows"),
        _node("Transpose", ["kept_rows"], "kept", perm=[1, 0]),
    ]


def _units() -> Sequence[Any]:
    return [
        _node("QuantizeLinear", ["vector", "vector_scale", "zero"], "whole"),
        _node("MatMulInteger", ["whole", "kept", "zero"], "products"),
        _helper.make_node("TopK", ["products", "nearest"], ["nearest_products", "nearest_places"]),
        _node("Cast", ["nearest_products"], "nearest_wide", to=_types.FLOAT),
        _node("ReduceMean", ["nearest_wide", "last_axis"], "near"),
        _node("Mul", ["near", "slope"], "less"),
        _node("Add", ["less", "start"], "share"),
        *_with_share("unit"),
    ]


def _questions() -> Sequence[Any]:
    return _with_share("question", "lift")


def _with_share(name: str, share: str = "share") -> Sequence[Any]:
    """The vector with ``share`` in the unused direction instead of what it has there."""
    return [
        _node("MatMul", ["vector", "across"], f"{name}_had"),
        _node("Sub", [share, f"{name}_had"], f"{name}_change"),
        _node("MatMul", [f"{name}_change", "along"], f"{name}_step"),
        _node("Add", ["vector", f"{name}_step"], f"{name}_long"),
        _node("LpNormalization", [f"{name}_long"], name, axis=1, p=2),
    ]


def _node(operation: str, inputs: Sequence[str], output: str, **attributes: object) -> Any:  # noqa: ANN401 - as onnx has it
    return _helper.make_node(operation, list(inputs), [output], **attributes)
