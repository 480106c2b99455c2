from hypothesis import given
from hypothesis import strategies as st

from codekin_model.source.difference import edit_between

short = st.binary(max_size=30).map(lambda data: bytes(each % 3 for each in data))


@given(short, short)
def test_the_edit_turns_one_text_into_the_other(old, new):
    edit = edit_between(old, new)

    assert old[: edit.start] + new[edit.start : edit.new_end] + old[edit.old_end :] == new


@given(short)
def test_equal_texts_differ_in_nothing(text):
    edit = edit_between(text, text)

    assert edit.start == edit.old_end == edit.new_end


def test_only_what_differs_is_replaced():
    edit = edit_between(b"one two three", b"one 2 three")

    assert (edit.start, edit.old_end, edit.new_end) == (4, 7, 5)
