"""What carries a measure: words are taken out of a text, one by one."""

import pytest

from codekin_model.extracted import extract
from codekin_model.runtime.occlusion import context_weights
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

CODE = "def read_file(path, mode):\n    lines = path.open(mode, 'utf-8')\n    return lines\n"


@pytest.fixture(scope="module")
def read():
    return extract(find_units(parse(text_of(CODE)))[-1])


def weights_of(read, measure) -> dict[str, float]:
    """The weight of all contexts that end in each terminal."""
    attention = [1 / len(read.contexts)] * len(read.contexts)
    weights = context_weights(read.passage, read.contexts, attention, measure)
    assert len(weights) == len(read.contexts)
    assert sum(weights) == pytest.approx(1)
    found: dict[str, float] = {}
    for weight, context in zip(weights, read.contexts, strict=True):
        for token in {context.start.token, context.end.token}:
            found[token] = found.get(token, 0.0) + weight
    return found


def test_contexts_of_what_is_missed_weigh_most(read):
    found = weights_of(read, lambda texts: [float("lines" in text) for text in texts])
    assert found["lines"] == pytest.approx(1)


def test_all_that_is_missed_weighs_by_how_much_it_is_missed(read):
    found = weights_of(read, lambda texts: [3.0 * ("lines" in text) + ("mode" in text) for text in texts])
    assert found["lines"] > found["mode"] > found["path"]


def test_words_are_taken_out_whole_and_everywhere(read):
    seen = list[str]()
    weights_of(read, lambda texts: seen.extend(texts) or [1.0] * len(texts))
    assert seen[0] == read.passage
    without_path = next(text for text in seen if "path" not in text)
    assert without_path == read.passage.replace("path", "_")


def test_strings_are_taken_out_together(read):
    seen = list[str]()
    weights_of(read, lambda texts: seen.extend(texts) or [1.0] * len(texts))
    assert any("path.open(mode, _)" in text for text in seen)


def test_a_docstring_stays():
    told = extract(find_units(parse(text_of('def read(path):\n    """Read path."""\n    return path.open("r")\n')))[-1])
    seen = list[str]()
    weights_of(told, lambda texts: seen.extend(texts) or [1.0] * len(texts))
    assert all('"""Read path."""' in text for text in seen)
    assert any('_.open("r")' in text for text in seen)


def test_a_functions_own_name_is_taken_out_of_the_words_before_it_too(read):
    seen = list[str]()
    weights_of(read, lambda texts: seen.extend(texts) or [1.0] * len(texts))
    assert any(text.startswith("\ndef _(path, mode)") for text in seen)


def test_where_nothing_is_missed_attention_alone_counts(read):
    attention = [2.0 * (at == 0) for at in range(len(read.contexts))]
    weights = context_weights(read.passage, read.contexts, attention, lambda texts: [1.0] * len(texts))
    assert list(weights) == attention


def test_what_a_measure_gains_by_losing_a_word_carries_nothing(read):
    found = weights_of(read, lambda texts: [float("mode" in text) - float("path" in text) for text in texts])
    assert found["mode"] == pytest.approx(1)


def test_attention_weighs_as_well(read):
    ends = [("lines" in (each.start.token, each.end.token)) for each in read.contexts]
    one = ends.index(True)
    attention = [float(at == one) for at in range(len(ends))]
    weights = context_weights(
        read.passage, read.contexts, attention, lambda texts: [float("lines" in text) for text in texts]
    )
    assert weights[one] == 1


def test_nothing_is_explained_of_nothing():
    assert context_weights("x = 1", (), (), lambda texts: [1.0] * len(texts)) == ()
