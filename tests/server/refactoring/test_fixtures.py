"""pytest's fixtures and what is given to tests: renamed together with all that asks for them, or not at all."""

import pytest

HEAD = "import pytest\n\n\n"
FIXTURE = HEAD + "@pytest.fixture{1}\ndef {0}():\n    return 1\n\n\n"
TESTS = """def test_p({1}):
    assert {0}


class TestX:
    def test_q(self, {0}):
        assert {0}

    def test_other(self):
        foo_it = 2


@pytest.fixture
def other({0}: int):
    return {0}


@pytest.mark.usefixtures("{0}")
def test_r(request):
    request.getfixturevalue("{0}")


def helper(foo_it):
    return foo_it
"""


@pytest.mark.parametrize("brackets", ["", "()", '(scope="module")'])
@pytest.mark.parametrize(("fixture", "use"), [("$0foo_it", "foo_it"), ("foo_it", "$0foo_it")])
def test_a_fixture_is_renamed_with_all_that_asks_for_it(one_file, fixture, use, brackets):
    text = FIXTURE.format(fixture, brackets) + TESTS.format("foo_it", use)
    assert one_file(text, "bar_it") == FIXTURE.format("bar_it", brackets) + TESTS.format("bar_it", "bar_it")


def test_a_fixture_is_renamed_from_a_method_of_a_class(one_file):
    tests = TESTS.format("foo_it", "foo_it").replace("test_q(self, foo_it)", "test_q(self, $0foo_it)")
    text = FIXTURE.format("foo_it", "") + tests
    assert one_file(text, "bar_it") == FIXTURE.format("bar_it", "") + TESTS.format("bar_it", "bar_it")


@pytest.mark.parametrize(("fixture", "use"), [("$0foo_it", "foo_it"), ("foo_it", "$0foo_it")])
def test_a_fixture_of_a_conftest_is_renamed_in_the_folders_below(workspace, fixture, use):
    workspace.write("tests/conftest.py", FIXTURE.format(fixture, ""))
    workspace.write("tests/deep/test_a.py", HEAD + TESTS.format("foo_it", use))
    workspace.write("tests/test_b.py", "class TestX:\n    def test_q(self, foo_it):\n        assert foo_it\n")
    assert workspace.renamed("bar_it") == {
        "tests/conftest.py": FIXTURE.format("bar_it", ""),
        "tests/deep/test_a.py": HEAD + TESTS.format("bar_it", "bar_it"),
        "tests/test_b.py": "class TestX:\n    def test_q(self, bar_it):\n        assert bar_it\n",
    }


def test_a_fixture_of_another_module_is_another_one(workspace):
    workspace.write("test_a.py", FIXTURE.format("$0foo_it", "") + TESTS.format("foo_it", "foo_it"))
    workspace.write("test_b.py", FIXTURE.format("foo_it", "") + TESTS.format("foo_it", "foo_it"))
    assert list(workspace.renamed("bar_it")) == ["test_a.py"]


def test_a_fixture_in_place_of_another_is_told(workspace):
    workspace.write("conftest.py", FIXTURE.format("$0foo_it", ""))
    workspace.write("test_b.py", FIXTURE.format("foo_it", "") + "def test_p(foo_it):\n    pass\n")
    assert "'foo_it' at test_b.py:5 may be any of several fixtures" in workspace.conflicts("bar_it")


def test_a_fixture_that_stands_before_another_of_its_name_is_told(workspace):
    workspace.write("conftest.py", FIXTURE.format("$0foo_it", ""))
    workspace.write("test_b.py", HEAD + "@pytest.fixture\ndef foo_it(foo_it):\n    return foo_it\n")
    assert "test_b.py" in workspace.conflicts("bar_it")


def test_an_imported_fixture_is_renamed_where_it_is_asked_for(workspace):
    workspace.write("fixes.py", FIXTURE.format("$0foo_it", ""))
    workspace.write("test_b.py", "from fixes import foo_it\n\n\ndef test_p(foo_it):\n    assert foo_it\n")
    assert workspace.renamed("bar_it")["test_b.py"].count("bar_it") == 3


def test_a_parameter_that_asks_for_an_imported_fixture_is_told_or_renamed(workspace):
    workspace.write("fixes.py", FIXTURE.format("foo_it", ""))
    workspace.write("test_b.py", "from fixes import foo_it\n\n\ndef test_p($0foo_it):\n    assert foo_it\n")
    renaming = workspace.rename("bar_it")
    assert renaming.conflicts or len(renaming.edits) == 2


@pytest.mark.parametrize(
    "text", ["def test_p(foo_it):\n    pass\n", HEAD + "@pytest.mark.usefixtures('foo_it')\nclass TestX: ..."]
)
def test_a_test_that_gets_a_fixture_in_no_way_that_can_be_seen_is_told(workspace, text):
    workspace.write("fixes.py", FIXTURE.format("$0foo_it", ""))
    workspace.write("test_b.py", text)
    assert "'foo_it' at test_b.py" in workspace.conflicts("bar_it")


def test_a_parameter_whose_fixture_is_installed_is_told(workspace):
    workspace.write("test_a.py", "def test_p($0some_plugin):\n    assert some_plugin\n")
    assert "'some_plugin' at test_a.py:1 may be a fixture" in workspace.conflicts("bar_it")


def test_a_parameter_that_a_mock_gives_is_renamed(workspace):
    workspace.write("test_a.py", "@patch('a.b')\ndef test_p($0foo_it):\n    assert foo_it\n")
    assert workspace.renamed("bar_it")["test_a.py"] == "@patch('a.b')\ndef test_p(bar_it):\n    assert bar_it\n"


GIVEN = [
    '"{0}, y", [(1, 2)]',
    '("{0}", "y"), [("foo_it", 2)]',
    'argnames=["{0}", "y"], argvalues=[("foo_it", 2)]',
    '"y,{0}", [], indirect=["{0}"], ids=["foo_it"]',
]


@pytest.mark.parametrize("given", GIVEN)
def test_names_that_are_given_to_a_test_are_renamed_with_its_parameters(workspace, given):
    text = (
        HEAD
        + "@pytest.mark.parametrize("
        + given
        + ")\ndef test_p({1}, y):\n    assert {0}\n\n\ndef test_q(foo):\n    foo_it = 1\n"
    )
    workspace.write("test_a.py", text.format("foo_it", "$0foo_it"))
    assert workspace.renamed("bar_it") == {"test_a.py": text.format("bar_it", "bar_it")}


def test_names_that_are_given_to_a_class_are_told(workspace):
    mark = "@pytest.mark.parametrize('foo_it', [1])\nclass TestX:\n    def test_p(self, $0foo_it):\n        pass\n"
    workspace.write("test_a.py", HEAD + mark)
    assert "'foo_it' at test_a.py" in workspace.conflicts("bar_it")
