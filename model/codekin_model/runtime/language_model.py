"""The language model on ONNX Runtime: texts -> vectors.

In: texts of any length. Out: one vector of length 1 for each, in their order. Must not know of units or vocabularies.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

GRAPH = "language_model.onnx"
TOKENIZER = "tokenizer.json"
MAX_TOKENS = 128
"""Measured on held-out packages: 128 tokens find more than 256 (the head of a function says most) at half the time."""

_BATCH = 16


class OnnxLanguageModel:
    """A loaded language model. ``folder`` holds its graph and its tokenizer."""

    def __init__(self, folder: Path, threads: int, *, max_tokens: int = MAX_TOKENS) -> None:
        self._tokenizer: Any = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=max_tokens)
        self._session = open_session(folder / GRAPH, threads)
        self.width = int(self._session.get_outputs()[0].shape[-1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (texts, width). Texts of like length are run together, so that little padding is computed."""
        vectors = np.empty((len(texts), self.width), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        lengths = [len(encoding.ids) for encoding in encodings]
        for rows in _batches(lengths):
            vectors[rows] = self._run([encodings[row].ids for row in rows])
        return vectors

    def _run(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        input_ids = np.zeros((len(ids), len(ids[-1])), dtype=np.int64)  # (batch, tokens); the last row is the longest
        attention_mask = np.zeros_like(input_ids)
        for row, tokens in enumerate(ids):
            input_ids[row, : len(tokens)] = tokens
            attention_mask[row, : len(tokens)] = 1
        (vectors,) = self._session.run(["vector"], {"input_ids": input_ids, "attention_mask": attention_mask})
        return cast(NDArray[np.float32], vectors)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows in the order of their length, a batch at a time."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def open_session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    """A session on the processor that neither spins while it waits nor keeps the memory of its largest batch."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only: warnings are about the graph, which no user can change
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
