import pytest

from codekin_model.checkpoint.manifest import default_model_dir
from codekin_model.extracted import extract
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.runtime.onnx_embedder import load_onnx_embedder
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

SOURCE = """
class Table:
    limit = 10

def read_file(path):
    with open(path) as file:
        return file.read()

def sort_rows(table, key):
    return sorted(table.rows, key=key)
"""


@pytest.fixture(scope="session")
def language_model():
    return OnnxLanguageModel(default_model_dir(), threads=2)


@pytest.fixture(scope="session")
def units():
    return [extract(unit) for unit in find_units(parse(text_of(SOURCE)))[1:]]


@pytest.fixture(scope="session")
def plain(tiny_model):
    """The tiny model, without what a test adds to it."""
    return load_onnx_embedder(tiny_model.folder, threads=1)
