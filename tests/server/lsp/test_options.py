import pytest

from codekin_server.lsp.options import Options, read_options

UNKNOWN = "is unknown; there are cachePath, modelPath, settings and statusNotifications"


def test_the_older_names_of_paths_are_settings():
    options, warnings = read_options({"modelPath": "/m", "cachePath": "/c"})
    assert (options, warnings) == (Options({"model.path": "/m", "cache.path": "/c"}), ())


def test_settings_are_taken_as_they_are():
    assert read_options({"settings": {"names": {"limit": 2}}})[0] == Options({"names": {"limit": 2}})


@pytest.mark.parametrize(("given", "wanted"), [(True, True), (False, False), ("yes", False)])
def test_changes_of_state_are_told_to_those_who_ask(given, wanted):
    assert read_options({"statusNotifications": given})[0].status_notifications is wanted


@pytest.mark.parametrize("given", [None, {}, {"modelPath": None}, {"modelPath": ""}])
def test_nothing_is_codekins_own_choice(given):
    assert read_options(given)[0] == Options()


@pytest.mark.parametrize(
    ("given", "warning"),
    [
        ({"model": "x"}, f"initializationOptions.model {UNKNOWN}"),
        ({"modelPath": 3}, "initializationOptions.modelPath is no path, and is ignored"),
        ({"settings": "x"}, "initializationOptions.settings is no object, and is ignored"),
        ([], "initializationOptions is no object, and is ignored"),
    ],
)
def test_what_means_nothing_is_named(given, warning):
    assert read_options(given) == (Options(), (warning,))
