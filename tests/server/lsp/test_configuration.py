from pathlib import Path

from codekin_server.lsp.configuration import Configuration, section_of
from codekin_server.settings.reading import Source

ROOT, OTHER = Path("/w"), Path("/o")


def project(**values):
    return Source("project", values, personal=False), ()


def test_the_person_overrides_the_project():
    configuration = Configuration()
    configuration.project_read(ROOT, *project(names={"limit": 2, "inside": False}))
    configuration.greeted({"names": {"limit": 3}})
    names = configuration.of(ROOT).names
    assert (names.limit, names.inside) == (3, False)


def test_each_folder_has_its_projects_settings():
    configuration = Configuration()
    configuration.project_read(ROOT, *project(names={"limit": 2}))
    assert [configuration.of(each).names.limit for each in (ROOT, OTHER, None)] == [2, 5, 5]


def test_what_was_pulled_for_a_folder_is_that_folders():
    configuration = Configuration()
    configuration.pulled(ROOT, {"names": {"limit": 2}})
    assert [configuration.of(each).names.limit for each in (ROOT, OTHER)] == [2, 5]


def test_settings_that_were_pushed_before_are_forgotten():
    configuration = Configuration()
    configuration.pushed({"codekin": {"names.limit": 2}})
    configuration.pushed({"codekin": {}})
    assert configuration.of(None).names.limit == 5


def test_a_push_that_says_nothing_changes_nothing():
    configuration = Configuration()
    configuration.pushed({"codekin": {"names.limit": 2}})
    configuration.pushed(None)
    assert configuration.of(None).names.limit == 2


def test_a_warning_is_given_once_until_it_is_mended():
    configuration = Configuration()
    told = []
    for values in ({"zebra": 1}, {"zebra": 1}, {}, {"zebra": 1}):
        configuration.pushed({"codekin": values})
        told.append(len(list(configuration.new_warnings())))
    assert told == [1, 0, 0, 1]


def test_a_broken_project_is_named_once_until_it_can_be_read():
    configuration = Configuration()
    told = []
    for warnings in (("line 1",), ("line 2",), (), ("line 3",)):
        configuration.project_read(ROOT, Source("project", None), warnings)
        told.append(list(configuration.new_warnings()))
    assert told == [["line 1"], [], [], ["line 3"]]


def test_our_section_is_found_in_any_shape():
    ours = {"names.limit": 2}
    assert section_of({"codekin": ours, "python": {}}) == ours
    assert section_of({"codekin.names.limit": 2, "python.x": 1}) == ours
    assert section_of(ours) == ours
    assert [section_of(each) for each in (None, [], {"python": {}}, {"codekin": 3})] == [None] * 4
