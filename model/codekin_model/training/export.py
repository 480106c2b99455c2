"""From a run to what is shipped: ``python -m codekin_model.training.export --run DIR --corpus DIR --model DIR``.

In: a run folder of :mod:`codekin_model.training.train`, and a model folder that holds the language model. Out: the
fusion and the naming head beside it, their vocabularies, a ranking of names fitted on validation packages, a sealed
manifest.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from safetensors.torch import load_file

from codekin_model.checkpoint.manifest import LanguageModelPart, Manifest, NamesPart, StructurePart, write_manifest
from codekin_model.corpus.package_list import Split
from codekin_model.evaluation.name_cases import name_cases
from codekin_model.runtime.onnx_embedder import load_onnx_embedder
from codekin_model.torch_runtime.export_fusion import export_fusion
from codekin_model.torch_runtime.fusion_model import FusionModel, FusionModelConfig
from codekin_model.training.name_calibration import fit_ranking
from codekin_model.vocab.vocabulary import Vocabulary, write_vocabulary

_UNFITTED = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""The head's own order, until a ranking is fitted to what the exported graphs say."""
_WIDTH = 384
"""Of the language model's vectors, which the fusion keeps."""
_THREADS = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--corpus", type=Path, required=True, help="corpus folder, for its validation packages")
    parser.add_argument("--model", type=Path, required=True, help="model folder with the language model in it")
    parser.add_argument("--name", default="codekin-0.1")
    options = parser.parse_args(arguments)
    model, vocabularies = load_run(options.run)
    export_fusion(model, options.model)
    structure, names = StructurePart(), NamesPart(with_neighbours=_UNFITTED, alone=_UNFITTED)
    for file, vocabulary in zip((structure.subtokens, structure.paths, names.names), vocabularies, strict=True):
        write_vocabulary(vocabulary, options.model / file)
    seal(options.model, options.name, names)
    cases = name_cases(options.corpus, Split.VALIDATION, load_onnx_embedder(options.model, threads=_THREADS))
    ranking = fit_ranking(cases)
    fitted = NamesPart(with_neighbours=ranking.with_neighbours, alone=ranking.alone)
    sys.stdout.write(json.dumps(asdict(seal(options.model, options.name, fitted)), indent=2) + "\n")


def load_run(folder: Path) -> tuple[FusionModel, tuple[Vocabulary, Vocabulary, Vocabulary]]:
    """The best state of a run, with its vocabularies of sub-tokens, paths and names."""
    description = json.loads((folder / "description.json").read_text(encoding="utf-8"))
    model = FusionModel(FusionModelConfig(**description["config"]))
    model.load_state_dict(load_file(folder / "best.safetensors"))
    subtokens, paths, names = (Vocabulary(tuple(description[key])) for key in ("subtokens", "paths", "names"))
    return model.eval(), (subtokens, paths, names)


def seal(folder: Path, name: str, names: NamesPart) -> Manifest:
    """Write the manifest over the files of ``folder``."""
    language, structure = LanguageModelPart(), StructurePart()
    files = [language.file, language.tokenizer, structure.file, structure.subtokens, structure.paths]
    manifest = Manifest(name=name, width=_WIDTH, language_model=language, structure=structure, names=names)
    return write_manifest(folder, manifest, [*files, names.file, names.names])


if __name__ == "__main__":
    main()
