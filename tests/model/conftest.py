"""What several rooms are tested on: tiny models, some of them exported (that takes seconds), a tiny corpus on disk."""

import json
import shutil
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from codekin_model.corpus.function import CorpusFunction
from codekin_model.extraction.tokens import subtokens
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_model.vocab.context_batch import StructureVocabulary
from codekin_model.vocab.vocabulary import Vocabulary, vocabulary_of, write_vocabulary

NOUNS = ("file", "line", "word", "header")
SHARED_VERBS = ("read", "write", "sort", "parse")
PACKAGES = {
    "first": ("train", SHARED_VERBS),
    "second": ("train", (*SHARED_VERBS, "merge")),
    "third": ("validation", (*SHARED_VERBS, "split")),
    "fourth": ("test", SHARED_VERBS),
}
WORDS = "self path open file read parse line sort rows key table name value"
PIECES = ["def", "return", "read", "write", "sort", "parse", "file", "line", "word", "header", *"()[]{}:,._='"]
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
DECODER_WORDS = ("<PAD>", "<UNK>", "read", "write", "file", "line", "header")


@dataclass(frozen=True)
class TinyFusion:
    """A fusion with random weights, its graph in ``folder``, and the vocabularies that it is read with."""

    model: Any
    folder: Path
    vocabulary: StructureVocabulary

    @property
    def width(self) -> int:
        return self.model.config.text

    @property
    def joint(self) -> int:
        return self.model.config.text + 2 * self.model.config.structure


@pytest.fixture(scope="session")
def tiny_fusion(tmp_path_factory):
    pytest.importorskip("torch")
    pytest.importorskip("onnxscript")
    from codekin_model.torch_runtime.export_fusion import export_fusion  # noqa: PLC0415 - needs an extra

    vocabulary = StructureVocabulary(
        subtokens=vocabulary_of(Counter(subtokens(WORDS)), at_least=1, at_most=99),
        paths=vocabulary_of(Counter(f"({at})" for at in range(40)), at_least=1, at_most=99),
    )
    model = random_fusion(len(vocabulary.subtokens), len(vocabulary.paths))
    folder = tmp_path_factory.mktemp("fusion")
    export_fusion(model, folder)
    return TinyFusion(model, folder, vocabulary)


def random_fusion(words: int, paths: int):
    """Random weights where training starts from zero."""
    import torch  # noqa: PLC0415 - an extra

    from codekin_model.torch_runtime.fusion_model import FusionModel, FusionModelConfig  # noqa: PLC0415

    torch.manual_seed(0)
    sizes = {"text": 32, "embedding": 16, "structure": 32, "heads": 4, "hidden": 24}
    model = FusionModel(FusionModelConfig(words, paths, **sizes))
    with torch.no_grad():
        torch.nn.init.normal_(model.fusion.narrow.weight, std=0.1)
    return model.eval()


@pytest.fixture(scope="session")
def bert(tmp_path_factory):
    """A tiny encoder with random weights, as a user would have it on disk."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("bert")
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=save_word_tokenizer(folder),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=160,
        initializer_range=0.2,
    )
    transformers.BertModel(config).save_pretrained(folder)
    return folder


def save_word_tokenizer(folder) -> int:
    """A few whole words, and letters for the others; marks at both ends, trained with a length, as MiniLM's was."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors  # noqa: PLC0415 - an extra
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415

    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *PIECES, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = {piece: at for at, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 - no secret
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_truncation(max_length=16)
    tokenizer.enable_padding(length=16)
    marks = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **marks).save_pretrained(folder)
    return len(vocabulary)


@dataclass(frozen=True)
class TinyModel:
    """A model folder with the tiny encoder, a random name decoder and a random student, and what was exported."""

    folder: Path
    language: Any
    decoder: Any
    student: Any
    names: Vocabulary
    words: Vocabulary


@pytest.fixture(scope="session")
def tiny_model(bert, tmp_path_factory):
    pytest.importorskip("onnxscript")
    from codekin_model.checkpoint import manifest as parts  # noqa: PLC0415 - what exports needs an extra
    from codekin_model.encoders.language_model import load_language_model  # noqa: PLC0415
    from codekin_model.runtime.name_ranking import write_ranking  # noqa: PLC0415
    from codekin_model.torch_runtime.export import export_language_model  # noqa: PLC0415
    from codekin_model.torch_runtime.export_names import export_name_decoder  # noqa: PLC0415
    from codekin_model.torch_runtime.export_student import export_student  # noqa: PLC0415
    from codekin_model.training.name_calibration import unfitted  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("model")
    names = Vocabulary(DECODER_WORDS)
    words = vocabulary_of(Counter(subtokens(WORDS)), at_least=1, at_most=99)
    decoder, student = random_decoder(len(names)), random_student(len(words))
    export_language_model(bert, folder)
    export_name_decoder(decoder, folder)
    export_student(student, folder)
    write_vocabulary(names, folder / "name_words.txt")
    write_ranking(unfitted(), folder / "name_ranking.json")
    write_vocabulary(words, folder / "student_words.txt")
    manifest = parts.Manifest(
        "tiny",
        32,
        parts.LanguageModelPart(),
        names=parts.NamesPart(),
        student=parts.StudentPart(),
    )
    parts.write_manifest(folder, manifest, [path.name for path in folder.iterdir()])
    return TinyModel(folder, load_language_model(bert), decoder, student, names, words)


@pytest.fixture(scope="session")
def model_with_hubness(tiny_model, tmp_path_factory):
    """The tiny model with random questions that its units may be near to."""
    import torch  # noqa: PLC0415 - an extra

    from codekin_model.checkpoint import manifest as parts  # noqa: PLC0415
    from codekin_model.torch_runtime.export_hubness import export_hubness  # noqa: PLC0415
    from codekin_model.training.hubness import hubness_of  # noqa: PLC0415
    from codekin_model.training.hubness_config import HubnessConfig, HubnessData  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("hubness") / "model"
    shutil.copytree(tiny_model.folder, folder)
    torch.manual_seed(6)
    questions, units = torch.nn.functional.normalize(torch.randn(2, 60, 32), dim=-1)
    export_hubness(hubness_of(questions, units, HubnessConfig("", nearest=3, data=HubnessData(parts=8))), folder)
    manifest = parts.read_manifest(folder)
    part = parts.HubnessPart()
    parts.write_manifest(folder, replace(manifest, hubness=part), [*manifest.files, part.file])
    return folder


def random_decoder(words: int):
    import torch  # noqa: PLC0415 - an extra

    from codekin_model.heads.name_decoder import NameDecoder, NameDecoderConfig  # noqa: PLC0415

    torch.manual_seed(4)
    return NameDecoder(NameDecoderConfig(words, memory=32, width=32, heads=4, hidden=64)).eval()


def random_student(words: int):
    import torch  # noqa: PLC0415 - an extra

    from codekin_model.encoders.student import Student, StudentConfig  # noqa: PLC0415
    from codekin_model.vocab.bag_batch import CONTEXTS, NAME_PLACES, SOURCE_PLACES  # noqa: PLC0415

    torch.manual_seed(5)
    places = (NAME_PLACES, SOURCE_PLACES, CONTEXTS)
    student = Student(StudentConfig(words, 64, places, width=16, beside=8, hidden=24, output=32)).eval()
    with torch.no_grad():
        for bag in (student.names, student.words, student.contexts):
            torch.nn.init.normal_(bag.strengths.weight)
            torch.nn.init.normal_(bag.places)
    return student


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
