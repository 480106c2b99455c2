"""A tiny corpus on disk, and a language model that only counts words."""

import json
from dataclasses import asdict
from functools import cache
from zlib import crc32

import numpy as np
import pytest

from codekin_model.corpus.function import CorpusFunction
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

WIDTH = 16
NOUNS = ("file", "line", "word", "header")
SHARED_VERBS = ("read", "write", "sort", "parse")
PACKAGES = {
    "first": ("train", SHARED_VERBS),
    "second": ("train", (*SHARED_VERBS, "merge")),
    "third": ("validation", (*SHARED_VERBS, "split")),
    "fourth": ("test", SHARED_VERBS),
}


def module(verbs) -> str:
    """Documented functions with verbs in their names, and two that no search asks for: one of them is too short."""
    documented = [
        f'def {verb}_{noun}(path):\n    """{verb.title()} the {noun} of {at} paths."""\n'
        f"    {noun} = {verb}(path, {at})\n    return [{noun}.{verb} for each in {noun}]\n"
        for at, verb in enumerate(verbs)
        for noun in NOUNS
    ]
    bare = ["def close(handle):\n    handle.flush()\n    handle.file.close()\n", "def tiny(): return 1\n"]
    return "\n\n".join([*documented, *bare])


def embed_words(texts):
    """The sum of a random vector for each word, of length 1."""
    words = [text.lower().replace("_", " ").split() or [""] for text in texts]
    vectors = np.array([np.sum([word_vector(word) for word in each], axis=0) for each in words], np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@cache
def word_vector(word):
    return np.random.default_rng(crc32(word.encode())).normal(size=WIDTH)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    lines = [
        json.dumps({**asdict(CorpusFunction(package, "tool.py", unit)), "split": split})
        for package, (split, verbs) in PACKAGES.items()
        for unit in find_units(parse(text_of(module(verbs))))
        if unit.kind.is_function
    ]
    (folder / "functions.jsonl").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="session")
def embed():
    return embed_words


@pytest.fixture(scope="session")
def data(corpus, tmp_path_factory):
    pytest.importorskip("datasketch")
    from codekin_model.training.fusion_data import load_data  # noqa: PLC0415 - needs an extra

    return load_data(corpus, tmp_path_factory.mktemp("cache"), embed_words)


@pytest.fixture
def tiny_model(data):
    """A small untrained fusion for ``data``."""
    torch = pytest.importorskip("torch")
    from codekin_model.torch_runtime.fusion_model import FusionModel, FusionModelConfig  # noqa: PLC0415

    torch.manual_seed(0)
    sizes = (len(data.structure.subtokens), len(data.structure.paths), len(data.names))
    model = FusionModel(FusionModelConfig(*sizes, WIDTH, 16, 16, 2, 32, 32))
    model.naming.names.copy_(torch.from_numpy(data.name_texts.astype("float32")))
    return model
