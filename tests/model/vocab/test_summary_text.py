import pytest

from codekin_model.vocab.summary_text import summary_line, summary_words


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Read a line.", "read a line ."),
        ("Set max_size to 3", "set max _ size to 3"),
        ("Return a DataFrame", "return a data <JOIN> frame"),
        ("Call __init__, not _run", "call __<JOIN> init <JOIN>__ , not _<JOIN> run"),
        ("Don't use ``os.path``", "don't use `` os <JOIN>.<JOIN> path ``"),
        ("As utf8", "as utf <JOIN> 8"),
    ],
)
def test_a_sentence_is_taken_apart_into_the_sub_tokens_of_its_names(sentence, words):
    assert summary_words(sentence) == words.split()


@pytest.mark.parametrize(
    "sentence",
    [
        "Read a line.",
        "Set max_size (default: 3) of non-empty [lists].",
        "Return a DataFrame; never None!",
        "Call __init__, not _run.",
        "Don't use ``os.path`` or 'x' or \"y\".",
        "Decode Base64 and IPv4 addresses",
    ],
)
def test_a_sentence_is_found_again_from_its_words(sentence):
    lowered = sentence.replace("None", "none").replace("Base64", "base64")
    assert summary_line(summary_words(sentence)) == lowered


def test_no_words_are_an_empty_line():
    assert summary_line([]) == summary_line(summary_words("")) == ""


@pytest.mark.parametrize("words", [["<JOIN>"], ["a", "<JOIN>", "<JOIN>", "b"], ["<JOIN>_", ")", "`", "_<JOIN>"]])
def test_words_in_no_sensible_order_are_a_line_all_the_same(words):
    assert "<JOIN>" not in summary_line(words)
