"""A frozen language model reads passages without docstrings."""

import numpy as np
import pytest

from codekin_model.checkpoint.manifest import CheckpointError, default_model_dir
from codekin_model.evaluation.frozen import FrozenLanguageModel, load_frozen


def test_it_reads_passages_without_docstrings_and_queries_as_they_are(functions):
    read = []

    def embed(texts):
        read.extend(texts)
        return np.ones((len(texts), 1), np.float32)

    model = FrozenLanguageModel(embed)
    model.code(functions[:1], masked=True)
    model.queries(["Read it?"])
    assert read[0].startswith("def METHOD_NAME(path):\n")
    assert "Give the text" not in read[0]
    assert read[1] == "Read it?"


def test_the_language_model_of_a_model_folder_is_found(functions):
    model = load_frozen(default_model_dir(), threads=1)
    scores = model.scores(["multiply width and height", "read text from a path"], functions, masked=False)
    assert scores.argmax(axis=1).tolist() == [2, 0]


def test_what_is_no_model_is_refused_with_one_line(tmp_path):
    pytest.importorskip("transformers")
    with pytest.raises(CheckpointError, match="cannot be loaded") as refused:
        load_frozen(tmp_path, threads=1)
    assert "\n" not in str(refused.value)
