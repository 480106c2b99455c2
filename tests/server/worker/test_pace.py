import pytest

from codekin_server.worker.messages import EmbedQueries, EmbedUnits
from codekin_server.worker.pace import YIELD_WITHIN, Pace


def embed(unit, count):
    return EmbedUnits(1, tuple(unit(str(at)) for at in range(count)))


def test_a_fast_model_gets_as_many_as_allowed(unit):
    pace = Pace(4)
    pace.took(embed(unit, 4), YIELD_WITHIN / 10)
    assert pace.slice == 4


def test_a_slow_model_gets_what_it_can_do_in_time(unit):
    pace = Pace(8)
    pace.took(embed(unit, 2), YIELD_WITHIN)
    assert pace.slice == 2


def test_a_model_that_is_slower_than_that_gets_one_at_a_time(unit):
    pace = Pace(8)
    pace.took(embed(unit, 1), 10 * YIELD_WITHIN)
    assert pace.slice == 1


def test_a_model_that_was_not_measured_gets_few():
    assert [Pace(most).slice for most in (1, 4)] == [1, 2]


@pytest.mark.parametrize("request_of", [lambda _: EmbedQueries(1, ("q",)), lambda unit: embed(unit, 0)])
def test_other_requests_say_nothing_about_it(unit, request_of):
    pace = Pace(8)
    pace.took(request_of(unit), 10.0)
    assert pace.slice == Pace(8).slice
