import pytest

from codekin_model.checkpoint.manifest import default_model_dir
from codekin_model.runtime.language_model import OnnxLanguageModel


@pytest.fixture(scope="session")
def language_model():
    return OnnxLanguageModel(default_model_dir(), threads=2)
