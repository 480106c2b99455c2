import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_server.settings.describing import plain_settings
from codekin_server.settings.reading import Source, read_settings, without_filled_in
from codekin_server.settings.schema import KEYS, Settings

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: (
        st.lists(each) | st.dictionaries(st.sampled_from([*KEYS, "names", "index", "trace"]) | st.text(), each)
    ),
    max_leaves=20,
)


def read(*values):
    return read_settings([Source(f"source {number}", each) for number, each in enumerate(values)])


def test_nothing_said_is_the_defaults():
    assert read(None, {}, {"names": {}}) == (Settings(), ())


def test_nested_and_flat_names_mean_the_same():
    nested, flat = read({"names": {"limit": 3}})[0], read({"names.limit": 3})[0]
    assert (nested.names.limit, flat) == (3, nested)


def test_a_later_source_overrides_an_earlier_one_setting_by_setting():
    settings, _ = read({"names": {"limit": 2, "inside": False}}, {"names": {"limit": 3}})
    assert (settings.names.limit, settings.names.inside) == (3, False)


def test_null_is_as_good_as_absent():
    assert read({"names.limit": 3}, {"names": {"limit": None}})[0].names.limit == 3


def test_what_the_extension_keeps_for_itself_is_no_mistake():
    own = {
        "server": {"path": "x"},
        "interpreter": ["python"],
        "importStrategy": "useBundled",
        "trace": {"server": "off"},
    }
    assert read(own) == (Settings(), ())


@pytest.mark.parametrize(
    ("values", "warning"),
    [
        ({"names": {"limt": 3}}, "there is no setting 'names.limt'; did you mean 'names.limit'?"),
        ({"hover": True}, "there is no setting 'hover'; there is hover.enabled"),
        ({"zebra": 1}, "there is no setting 'zebra'; it is ignored"),
        ({"names.limit": 11}, "'names.limit' takes a whole number from 1 to 10; 11 is ignored"),
        ({"names.limit": 2.5}, "'names.limit' takes a whole number from 1 to 10; 2.5 is ignored"),
        ({"names.limit": True}, "'names.limit' takes a whole number from 1 to 10; True is ignored"),
        ({"similar.threshold": float("nan")}, "'similar.threshold' takes a number from 0 to 1; nan is ignored"),
        ({"names.hints": "loud"}, "'names.hints' takes one of off, hint, information, warning; 'loud' is ignored"),
        ({"index.exclude": "*.py"}, "'index.exclude' takes a list of patterns; '*.py' is ignored"),
        ({"hover.enabled": 1}, "'hover.enabled' takes true or false; 1 is ignored"),
        ({"cache.path": 3}, "'cache.path' takes a path; 3 is ignored"),
        ([1], 'settings are an object, such as {"names": {"limit": 3}}; what is there is ignored'),
    ],
)
def test_what_means_nothing_is_named_in_one_line_and_ignored(values, warning):
    assert read(values) == (Settings(), (f"source 0: {warning}",))


def test_numbers_may_be_written_either_way():
    settings, warnings = read({"names.limit": 3.0, "similar.threshold": 1})
    assert (settings.names.limit, settings.similar.threshold, warnings) == (3, 1.0, ())


def test_a_home_folder_may_be_short():
    assert read({"cache.path": "~/c"})[0].cache.path == Path.home() / "c"


def test_a_project_does_not_choose_for_the_person():
    settings, warnings = read_settings([Source("p", {"model.path": "m", "names.limit": 2}, personal=False)])
    assert (settings.model.path, settings.names.limit) == (None, 2)
    assert warnings == ("p: 'model.path' is for the editor's settings, and is ignored here",)


def test_defaults_that_a_client_filled_in_do_not_count_as_chosen():
    filled = {**plain_settings(Settings()), "names.limit": 3}
    assert without_filled_in(filled) == {"names.limit": 3}


def test_a_default_that_a_person_chose_counts():
    chosen = {"names": {"limit": KEYS["names.limit"].default}}
    assert without_filled_in(chosen) == chosen


@given(JSON)
def test_nothing_that_can_be_written_fails(values):
    settings, warnings = read(values)
    assert isinstance(settings, Settings)
    assert all("\n" not in warning for warning in warnings)


@given(st.sampled_from(list(KEYS)))
def test_every_default_may_be_said(name):
    value = plain_settings(Settings())[name]
    assert read(json.loads(json.dumps({name: value}))) == (Settings(), ())
