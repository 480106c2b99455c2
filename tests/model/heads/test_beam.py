"""Beam search over a table of probabilities: every step's next word depends on the last word alone."""

import math

import pytest

torch = pytest.importorskip("torch")

from codekin_model.heads.beam import BEGIN, END, BeamOptions, Hypothesis, beam_search  # noqa: E402 - torch is an extra

A, B, C = 4, 5, 6
GREEDY_TRAP = {
    BEGIN: {A: 0.6, B: 0.4},
    A: {END: 0.3, C: 0.3, B: 0.2, A: 0.2},
    B: {END: 0.9, A: 0.1},
    C: {END: 1.0},
}


class Table:
    """Follows the beams it is told to go on from, as a decoder with a memory would."""

    def __init__(self, *tables: dict[int, dict[int, float]]) -> None:
        self.tables = tables
        self.written: list[list[tuple[int, ...]]] | None = None

    def __call__(self, words, beams):
        log = torch.full((*words.shape, 7), -math.inf)
        before = self.written or [[()] * words.shape[1]] * len(words)
        self.written = [
            [(*before[row][beam], word) for beam, word in zip(beams[row].tolist(), words[row].tolist(), strict=True)]
            for row in range(len(words))
        ]
        for row, texts in enumerate(self.written):
            for column, text in enumerate(texts):
                for word, probability in self.tables[row].get(text[-1], {}).items():
                    log[row, column, word] = math.log(probability)
        return log


def found(options: BeamOptions, *tables) -> list[list[tuple[tuple[int, ...], float]]]:
    texts = beam_search(Table(*tables), len(tables), options)
    return [[(each.words, round(each.probability, 6)) for each in row] for row in texts]


def test_greedy_search_takes_the_best_word_at_each_step():
    chain = {BEGIN: {A: 0.6, B: 0.4}, A: {B: 0.7, END: 0.3}, B: {END: 0.8, C: 0.2}}
    assert found(BeamOptions(width=1), chain) == [[((A, B), 0.336)]]


def test_a_beam_finds_the_text_that_greedy_search_misses():
    options = {"exponent": 0.0}
    assert found(BeamOptions(width=1, **options), GREEDY_TRAP)[0][0][1] < 0.36
    assert found(BeamOptions(width=3, **options), GREEDY_TRAP)[0][0] == ((B,), 0.36)


def test_several_texts_come_best_first_with_their_probabilities():
    assert found(BeamOptions(width=3, exponent=0.0), GREEDY_TRAP) == [[((B,), 0.36), ((A,), 0.18), ((A, C), 0.18)]]


def test_the_exponent_favours_longer_texts():
    table = {BEGIN: {A: 0.5, B: 0.5}, A: {END: 1.0}, B: {C: 0.9, END: 0.1}, C: {END: 1.0}}
    assert found(BeamOptions(width=2, exponent=0.0), table)[0][0][0] == (A,)
    assert found(BeamOptions(width=2, exponent=1.0), table)[0][0][0] == (B, C)


def test_each_input_is_searched_by_itself():
    other = {BEGIN: {C: 1.0}, C: {END: 1.0}}
    together = found(BeamOptions(width=3), GREEDY_TRAP, other)
    assert together == [*found(BeamOptions(width=3), GREEDY_TRAP), *found(BeamOptions(width=3), other)]
    assert together[1] == [((C,), 1.0)]


def test_a_text_that_never_ends_is_cut_at_the_length():
    assert found(BeamOptions(width=2, length=3, ngram=0), {BEGIN: {A: 1.0}, A: {A: 1.0}}) == [[((A, A, A), 1.0)]]


def test_no_three_words_are_written_twice():
    loop = {BEGIN: {A: 1.0}, A: {B: 1.0}, B: {C: 1.0}, C: {A: 0.9, END: 0.1}}
    assert found(BeamOptions(width=1, length=9), loop)[0][0][0] == (A, B, C, A, B)
    assert found(BeamOptions(width=1, length=9, ngram=0), loop)[0][0][0] == (A, B, C, A, B, C, A, B, C)


def test_a_text_has_a_word_and_reserved_words_are_never_written():
    table = {BEGIN: {END: 0.5, 0: 0.2, 1: 0.2, A: 0.1}, A: {BEGIN: 0.9, END: 0.1}}
    assert found(BeamOptions(width=2), table) == [[((A,), 0.01)]]


def test_where_nothing_can_be_written_there_is_no_text():
    assert beam_search(Table({}), 1, BeamOptions()) == [[]]


def test_a_text_is_plain_data():
    assert beam_search(Table({BEGIN: {A: 1.0}, A: {END: 1.0}}), 1, BeamOptions()) == [[Hypothesis((A,), 1.0)]]
