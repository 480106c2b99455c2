"""What stands around a function whose name is hidden."""

import pytest

from codekin_model.evaluation.neighbours import surroundings_in

CLASSES = """
class Reader:
    def read_file(self, path):
        return path.read()

    def read_line(self, file):
        return file.readline()

class Writer:
    def write_file(self, path, text):
        path.write(text)

def read_all(paths):
    return [path.read() for path in paths]
"""


def neighbours_in(functions, rows, vectors):
    return [around.neighbours for around in surroundings_in(functions, rows, vectors)]


def test_no_function_is_its_own_neighbour(functions, letters):
    near = neighbours_in(functions, [0, 2], letters)
    names = [[neighbour.name for neighbour in each] for each in near]
    assert sorted(names[0]) == ["area", "read_line"]
    assert sorted(names[1]) == ["read_file", "read_line"]


def test_what_python_calls_by_name_is_no_neighbour(functions, letters):
    assert functions[3].unit.name == "__len__"
    near = neighbours_in(functions, [0, 1, 2], letters)
    assert "__len__" not in [neighbour.name for each in near for neighbour in each]


def test_neighbours_come_nearest_first_with_their_cosines(functions, letters):
    (near,) = neighbours_in(functions, [0], letters)
    similarities = [neighbour.similarity for neighbour in near]
    expected = letters.code(functions, masked=False) @ letters.code(functions[:1], masked=True)[0]
    assert similarities == sorted(similarities, reverse=True)
    assert similarities == pytest.approx(sorted(expected[1:3].tolist(), reverse=True), abs=1e-6)


def test_as_many_neighbours_as_are_wanted_at_most(functions, letters, monkeypatch):
    monkeypatch.setattr("codekin_model.evaluation.neighbours.NEIGHBOURS", 1)
    assert [len(each) for each in neighbours_in(functions, [1], letters)] == [1]


def test_what_is_asked_with_is_masked(functions, letters):
    surroundings_in(functions, [2], letters)
    assert "area" not in letters.read[0]


def test_a_function_alone_has_no_neighbours(functions, letters):
    assert neighbours_in(functions[:1], [0], letters) == [()]


def test_among_dunders_a_function_has_no_neighbours(functions, letters):
    assert neighbours_in([functions[0], functions[3]], [0], letters) == [()]


def test_no_functions_have_no_surroundings(functions, letters):
    assert surroundings_in(functions, [], letters) == []


def test_a_neighbour_is_compared_with_the_function_itself(parsed, letters):
    project = parsed(CLASSES)
    (around,) = surroundings_in(project, [0], letters)
    alike = {each.name: each.resemblance for each in around.neighbours}
    assert alike["read_line"].same_kind
    assert not alike["read_all"].same_kind
    assert alike["write_file"].parameters == 0.5
    assert alike["read_line"].scope > alike["write_file"].scope


def test_siblings_are_the_functions_of_the_same_scope_and_file(parsed, letters):
    project = [*parsed(CLASSES), *parsed(CLASSES, path="other.py")]
    around = surroundings_in(project, [0, 2, 3], letters)
    assert [each.siblings for each in around] == [{"read_line"}, set(), set()]


def test_the_traits_are_of_the_function_that_is_asked_about(parsed, letters):
    (around,) = surroundings_in(parsed(CLASSES), [2], letters)
    assert around.traits.parameters == ("path", "text")


STREAMS = """
class Stream:
    def read(self):
        return self.data

    def close(self):
        self.data = None

    def _flush(self):
        self.data.clear()

class Socket:
    def read(self):
        return self.bytes

    def shut(self):
        self.bytes = None

class Lamp:
    def glow(self):
        self.on = True
"""


def test_the_company_are_names_of_scopes_that_share_names_with_the_functions_own(parsed, letters):
    project = parsed(STREAMS)
    around = surroundings_in(project, range(len(project)), letters)
    company = [{each.name: each.scopes for each in its.company} for its in around]
    # read, close and _flush; read and shut; glow
    assert company == [{}, {"shut": 1}, {"shut": 1}, {}, {"close": 1, "flush": 1}, {}]


def test_a_scope_is_not_in_its_own_company_but_that_of_another_file_is(parsed, letters):
    project = [*parsed(STREAMS), *parsed(STREAMS, path="other.py")]
    (around,) = surroundings_in(project, [1], letters)
    assert [(each.name, each.scopes) for each in around.company] == [("close", 1), ("shut", 2)]


def test_only_what_is_seen_is_company(parsed, letters):
    project = parsed(STREAMS)
    (around,) = surroundings_in(project, [1], letters, seen=[3])
    assert around.siblings == {"read", "_flush"}
    assert around.company == ()
