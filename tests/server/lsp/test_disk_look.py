import pytest

from codekin_server.lsp.disk_look import DiskLook


@pytest.fixture
def now():
    return [1000.0]


@pytest.fixture
def look(now):
    return DiskLook(lambda: now[0])


def test_the_first_look_is_due(look):
    assert look.is_due()


def test_right_after_a_look_none_is_due(look):
    look.is_due()
    assert not look.is_due()


def test_a_look_that_is_wanted_is_due_once(look):
    look.is_due()
    look.want()
    assert [look.is_due(), look.is_due()] == [True, False]


def test_after_a_while_a_look_is_due_though_nobody_wants_it(look, now):
    look.is_due()
    now[0] += 60
    assert look.is_due()
