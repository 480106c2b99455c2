from pathlib import Path

import pytest

from codekin_server.lsp.options import Options, read_options


def test_paths_are_taken():
    options, warnings = read_options({"modelPath": "/m", "cachePath": "/c"})
    assert (options, warnings) == (Options(Path("/m"), Path("/c")), ())


@pytest.mark.parametrize("given", [None, {}, {"modelPath": None}, {"modelPath": ""}])
def test_nothing_is_codekins_own_choice(given):
    assert read_options(given)[0] == Options()


@pytest.mark.parametrize(
    ("given", "warning"),
    [
        ({"model": "x"}, "initializationOptions.model is unknown; there are cachePath and modelPath"),
        ({"modelPath": 3}, "initializationOptions.modelPath is no path, and is ignored"),
        ([], "initializationOptions is no object, and is ignored"),
    ],
)
def test_what_means_nothing_is_named(given, warning):
    assert read_options(given) == (Options(), (warning,))
