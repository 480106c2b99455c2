"""A pretrained Hugging Face model as it is, as a model folder that codekin runs.

In: a folder or hub name of such a model. Out: a model folder that names it and runs it on torch; or one with an int8
ONNX graph of it, compared with the original, to measure beside what is trained. Must not know who uses the folder.
"""

from collections.abc import Mapping
from pathlib import Path

import torch

from codekin_model.checkpoint.manifest import CheckpointError, HuggingFacePart, LanguageModelPart, Manifest
from codekin_model.encoders.language_model import LanguageModel, load_language_model
from codekin_model.runtime.onnx_embedder import load_onnx_embedder
from codekin_model.runtime.word_pieces import WordPieces
from codekin_model.torch_runtime.export import export_language_model
from codekin_model.torch_runtime.hugging_face import write_hugging_face_folder
from codekin_model.training.export import cosines_of, sample_units, seal
from codekin_model.training.folder_swap import rebuilt

_THREADS = 2
_NEEDED = ("config.json", "tokenizer.json", "model.safetensors")


def adopt(part: HuggingFacePart, out: Path) -> Mapping[str, object]:
    """Make ``out`` a folder that runs the model where it is.

    Raises:
        CheckpointError: the model cannot be loaded.
    """
    return {"fingerprint": write_hugging_face_folder(out, part).fingerprint}


def adopt_as_onnx(source: Path, out: Path) -> Mapping[str, object]:
    """Write the int8 graph of a BERT-like encoder, mean pooled, neither trained nor smoothed; gives its parity.

    Raises:
        CheckpointError: the folder lacks a file, or its model is none of these.
    """
    missing = [name for name in _NEEDED if not (source / name).is_file()]
    if missing:
        raise CheckpointError(f"{source} has no {missing[0]}: give the folder of a Hugging Face model")
    try:
        model = load_language_model(source)
        with rebuilt(out, ()) as copy:
            export_language_model(source, copy)
            sealed = seal(copy, Manifest(source.resolve().name, model.width, language_model=LanguageModelPart()))
            return _parity(model, copy) | {"fingerprint": sealed.fingerprint}
    except (OSError, ValueError) as problem:
        raise CheckpointError(f"{source} cannot be exported ({problem}): leave --onnx away") from problem


@torch.inference_mode()
def _parity(model: LanguageModel, folder: Path) -> dict[str, object]:
    texts = [unit.passage for unit in sample_units()]
    pieces, most = WordPieces(folder / LanguageModelPart().tokenizer), LanguageModelPart().max_tokens
    ids = [torch.tensor([list(pieces.encode(text, most))]) for text in texts]
    original = torch.cat([model(each, torch.ones_like(each)) for each in ids]).numpy()
    return cosines_of(load_onnx_embedder(folder, _THREADS).embed_texts(texts), original)
