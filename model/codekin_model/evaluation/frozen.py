"""A language model as it is, without anything trained on code: the baseline of all that is trained.

In: a folder. Out: a :class:`VectorSystem` over the passages of functions. A folder with `config.json` of codekin's is
run by ONNX Runtime, its language model alone; any other folder, or hub name, by transformers.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from codekin_model.checkpoint.manifest import CheckpointError, HuggingFacePart, read_manifest
from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Vectors
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extraction.passage import passage
from codekin_model.runtime.language_model import GRAPH, MAX_TOKENS, OnnxLanguageModel


class FrozenLanguageModel(VectorSystem):
    """``embed`` gives a vector of length 1 for each text."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors]) -> None:
        self._embed = embed

    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """Of the functions' passages."""
        return self._embed([passage(function.unit, masked=masked, docstring=False) for function in functions])

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Of the texts."""
        return self._embed(texts)


def load_frozen(source: str | Path, threads: int) -> FrozenLanguageModel:
    """Load a language model; texts are cut at 128 tokens.

    Raises:
        CheckpointError: it cannot be loaded, or transformers is missing.
    """
    folder = Path(source)
    if (folder / GRAPH).is_file():
        part = read_manifest(folder).language_model
        max_tokens = part.max_tokens if part else MAX_TOKENS
        return FrozenLanguageModel(OnnxLanguageModel(folder, threads, max_tokens=max_tokens).embed)
    try:
        import torch  # noqa: PLC0415 - an extra, needed for folders of this kind only

        from codekin_model.torch_runtime.hugging_face import HuggingFaceEmbedder  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise CheckpointError(f"{source} needs {missing.name}: pip install 'codekin[llm]'") from missing
    torch.set_num_threads(threads)
    part = HuggingFacePart(source=str(source), max_tokens=MAX_TOKENS)
    return FrozenLanguageModel(HuggingFaceEmbedder(str(source), part).embed_queries)
