"""The frozen language model's vectors of many texts, computed once and kept on disk.

In: texts, and the fingerprint of what embeds them. Out: float16 rows in their order, in a folder that a killed run
picks up where it stopped.
"""

import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Vectors

_CHUNK = 2048
"""Texts of one file: minutes of work at most are lost with a killed run."""
_DIGEST_DIGITS = 16


def embed_all(
    texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors], fingerprint: str, folder: Path, title: str
) -> NDArray[np.float16]:
    """Vectors (texts, width) of ``texts`` under ``embed``; chunks whose texts changed are computed again.

    They are kept below ``folder`` by the ``fingerprint`` of what embeds: another model's vectors are never given.
    """
    kept = folder / fingerprint
    kept.mkdir(parents=True, exist_ok=True)
    chunks: list[NDArray[np.float16]] = []
    for at in range(0, len(texts), _CHUNK):
        chunk = texts[at : at + _CHUNK]
        digest = sha256("\0".join(chunk).encode("utf-8", "replace")).hexdigest()[:_DIGEST_DIGITS]
        path = kept / f"{title}-{at:07d}-{digest}.npy"
        if not path.exists():
            partial = path.with_suffix(".part.npy")
            np.save(partial, embed(chunk).astype(np.float16))
            partial.replace(path)
        chunks.append(np.load(path))
        sys.stderr.write(f"\r{title}: {min(at + _CHUNK, len(texts))} of {len(texts)}")
    sys.stderr.write("\n")
    return np.concatenate(chunks)
