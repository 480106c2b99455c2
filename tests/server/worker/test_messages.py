import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.embedder import Described, Explanation, NameSuggestion, Neighbour, Surroundings
from codekin_model.extracted import extract
from codekin_model.extraction.company import Companion
from codekin_model.extraction.traits import resemblance, traits_of
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit_tree import unit_tree
from codekin_model.source.units import find_units
from codekin_server.worker.messages import (
    BrokenFrame,
    EmbeddedRows,
    EmbedQueries,
    EmbedUnits,
    Explain,
    Explained,
    MeasuredName,
    MeasureName,
    NotLoaded,
    Ready,
    Refused,
    SuggestedNames,
    SuggestNames,
    Summarise,
    Summarised,
    read_message,
    read_request,
    write_message,
)

FUNCTION = find_units(parse(text_of("def f(a, *, b=1):\n    return [a + b, 'ü']\n")))[1]
UNIT, TRAITS = extract(FUNCTION, masked=True), traits_of(unit_tree(FUNCTION))
NEIGHBOURS = (Neighbour("add", 0.5), Neighbour("größe", 0.25, resemblance(TRAITS, TRAITS)))
REQUESTS = [
    EmbedUnits(1, (UNIT, UNIT)),
    EmbedQueries(2, ("größe", "")),
    SuggestNames(3, UNIT, Surroundings(NEIGHBOURS, frozenset({"g", "h"}), TRAITS), 5),
    Explain(4, UNIT),
    MeasureName(4, UNIT, "größe"),
    Summarise(5, UNIT),
    Summarise(5, UNIT, (Described("Add two numbers.", 0.5),)),
    SuggestNames(6, UNIT, Surroundings(), 5),
    SuggestNames(7, UNIT, Surroundings(company=(Companion("größe", 0.75, 2), Companion("add", 0.25, 1))), 5),
]
MESSAGES = [
    Ready("abc", 384),
    NotLoaded("no model"),
    EmbeddedRows(1, 2, b"\0" * 8),
    SuggestedNames(2, (NameSuggestion("add", 0.25, "neighbours"),)),
    MeasuredName(3, 0.25),
    Explained(3, Explanation((0.5, 0.5), 0.1)),
    Summarised(5, "Add two numbers."),
    Summarised(6, None),
    Refused(4, "ValueError: no"),
]


def frames(*messages):
    stream = io.BytesIO()
    for message in messages:
        write_message(stream, message)
    stream.seek(0)
    return stream


def test_requests_arrive_as_they_were_sent():
    stream = frames(*REQUESTS)
    assert [read_request(stream) for _ in REQUESTS] == REQUESTS
    assert read_request(stream) is None


def test_messages_arrive_as_they_were_sent():
    stream = frames(*MESSAGES)
    assert [read_message(stream) for _ in MESSAGES] == MESSAGES
    assert read_message(stream) is None


def test_a_stream_that_takes_and_gives_one_byte_at_a_time():
    class Trickle(io.BytesIO):
        def write(self, data):
            return super().write(bytes(data[:1]))

        def read(self, size=-1):
            return super().read(min(size, 1))

    stream = Trickle()
    write_message(stream, REQUESTS[0])
    stream.seek(0)
    assert read_request(stream) == REQUESTS[0]


def test_a_stream_that_ends_inside_a_frame():
    whole = frames(Ready("abc", 1)).getvalue()
    for cut in range(1, len(whole)):
        with pytest.raises(BrokenFrame):
            read_message(io.BytesIO(whole[:cut]))


@given(st.binary(min_size=1, max_size=64))
def test_garbage_is_broken_or_a_message(data):
    with suppress(BrokenFrame):
        assert isinstance(read_message(io.BytesIO(data)), tuple(type(each) for each in MESSAGES))
