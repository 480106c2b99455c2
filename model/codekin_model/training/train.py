"""Training the shipped fusion: ``python -m codekin_model.training.train --corpus DIR --out DIR``.

In: a corpus folder and the frozen language model's folder. Out: a run folder with the best state (safetensors), its
vocabularies and the curves. A killed run started again goes on from its last epoch.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from torch.nn import functional

from codekin_model.checkpoint.manifest import default_model_dir
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.torch_runtime.fusion_model import FusionModel, FusionModelConfig
from codekin_model.training.fusion_data import FusionData, load_data
from codekin_model.training.fusion_problem import FusionProblem, FusionTraining
from codekin_model.training.loop import LoopOptions, fit
from codekin_model.vocab.vocabulary import UNKNOWN


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder that codekin_model.corpus.build wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder of this run")
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"), help="folder for the frozen model's vectors")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--learning-rate", type=float, default=7e-4)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    language_model = OnnxLanguageModel(default_model_dir(), options.threads)
    data = load_data(options.corpus, options.cache, language_model.embed)
    model = new_model(data)
    write_description(options.out, data, model.config)
    problem = FusionProblem(data, model, FusionTraining(batch=options.batch, seed=options.seed))
    fit(problem, LoopOptions(options.out, epochs=options.epochs, learning_rate=options.learning_rate))


def new_model(data: FusionData) -> FusionModel:
    """An untrained model of the sizes that ``data`` asks for.

    Sub-tokens start as the main directions of the language model's vectors of them, names as those vectors themselves.
    """
    config = FusionModelConfig(len(data.structure.subtokens), len(data.structure.paths), len(data.names))
    model = FusionModel(config)
    words = torch.from_numpy(data.subtoken_texts.astype("float32"))
    directions = torch.linalg.svd(words - words.mean(0), full_matrices=False).Vh[: config.embedding]
    table, first = model.code2vec.subtokens.weight, UNKNOWN + 1
    with torch.no_grad():
        table[first:] = functional.normalize((words - words.mean(0)) @ directions.T, dim=-1)[first:]
        model.naming.names.copy_(torch.from_numpy(data.name_texts.astype("float32")))
    return model


def write_description(folder: Path, data: FusionData, config: FusionModelConfig) -> None:
    """What a run's state cannot be read without: sizes and vocabularies."""
    folder.mkdir(parents=True, exist_ok=True)
    description = {
        "config": asdict(config),
        "subtokens": data.structure.subtokens.words,
        "paths": data.structure.paths.words,
        "names": data.names.words,
    }
    (folder / "description.json").write_text(json.dumps(description), encoding="utf-8")


if __name__ == "__main__":
    main()
