import pytest

from codekin_server.store.bound import MOST, chunks, marks


@pytest.mark.parametrize("count", [0, 1, MOST, MOST + 1, 3 * MOST])
def test_every_value_is_in_one_chunk_and_none_is_too_large(count):
    parts = list(chunks(range(count)))
    assert [value for part in parts for value in part] == list(range(count))
    assert all(1 <= len(part) <= MOST for part in parts)


def test_a_mark_for_each_value():
    assert (marks("ab"), marks([])) == ("?,?", "")
