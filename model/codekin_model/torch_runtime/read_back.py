"""Trained weights from an exported int8 graph, so that training can go on from what was shipped.

In: a graph that :mod:`codekin_model.torch_runtime.export` wrote. Out: a state dictionary of the module that it was,
each weight as near as eight bits are. Must not know which module.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

_MODULE, _BIAS, _WEIGHT = "decoder.", ".bias", ".weight"
_onnx: Any = onnx  # has partial types
_helper: Any = numpy_helper

Arrays = dict[str, NDArray[Any]]


def read_back(graph: Path) -> dict[str, Tensor]:
    """Parameters by their names in the module: those that are kept by name, and the matrix before each bias.

    A bias of the module itself names the matrix before it ``weight``.
    """
    model = _onnx.load(str(graph))
    arrays: Arrays = {each.name: _helper.to_array(each) for each in model.graph.initializer}
    found = {name: value for name, value in arrays.items() if name.startswith(_MODULE) and value.dtype == np.float32}
    found = {name: value for name, value in found.items() if not name.endswith("_scale")}
    for bias, matrix in matrices_of(model).items():
        found[bias.removesuffix(_BIAS) + _WEIGHT] = _widened(arrays, matrix).T
    return {name.removeprefix(_MODULE): torch.tensor(np.ascontiguousarray(value)) for name, value in found.items()}


def matrices_of(model: Any) -> dict[str, str]:  # noqa: ANN401 - onnx has partial types
    """For each bias of an int8 graph the matrix that it is added to a product with, both by name, without endings."""
    kept = {each.name for each in model.graph.initializer}
    makers = {name: node for node in model.graph.node for name in node.output}
    found = dict[str, str]()
    for node in model.graph.node:
        for bias, product in (node.input, reversed(node.input)) if node.op_type == "Add" else ():
            matrix = _matrix(product, makers) if bias in kept and bias.endswith(_BIAS) else None
            if matrix is not None and matrix in kept:
                found[bias] = matrix.removesuffix("_quantized")
    return found


def _matrix(product: str, makers: Mapping[str, Any]) -> str | None:
    """The second factor of ``product``: of ``MatMulInteger``, before a cast and its scales."""
    for _ in range(3):
        node = makers.get(product)
        if node is None:
            return None
        if node.op_type == "MatMulInteger":
            return str(node.input[1])
        product = node.input[0]
    return None


def _widened(arrays: Arrays, name: str) -> NDArray[np.float32]:
    """Int8 weights lie around nought: their zero point is 0."""
    values: NDArray[np.float32] = arrays[f"{name}_quantized"].astype(np.float32)
    return values * arrays[f"{name}_scale"]
