from collections import Counter

import numpy as np

from codekin_server.search.duplicates import Pair, grouped, is_substantial, near_pairs, said_by, share_words


def unit_rows(count, width, seed=0):
    rows = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def words(text):
    return Counter(text.split())


def test_pairs_are_those_that_comparing_everything_finds():
    rows = unit_rows(300, 160)
    rows[200:] = rows[:100] + 0.04 * unit_rows(100, 160, seed=1)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[5] = rows[6]
    found = {(pair.first, pair.second) for pair in near_pairs(rows, 0.9)}
    cosines = rows @ rows.T
    assert found == {(a, b) for a in range(300) for b in range(a + 1, 300) if cosines[a, b] >= 0.9}
    assert len(found) > 100


def test_pairs_come_nearest_first():
    rows = np.array([[1, 0], [0.8, 0.6], [0.96, 0.28]], dtype=np.float32)
    assert [(pair.first, pair.second) for pair in near_pairs(rows, 0.5)] == [(0, 2), (1, 2), (0, 1)]


def test_in_a_group_each_is_near_each_other():
    pairs = [Pair(0, 1, 0.99), Pair(1, 2, 0.97), Pair(0, 2, 0.95), Pair(2, 3, 0.94)]
    (group,) = grouped(pairs)
    assert (group.members, group.cosine) == ((0, 1, 2), 0.95)


def test_a_chain_is_not_one_group():
    chain = [Pair(at, at + 1, 0.99 - at / 100) for at in range(5)]
    assert [group.members for group in grouped(chain)] == [(0, 1), (2, 3), (4, 5)]


def test_two_groups_become_one_when_all_of_their_pairs_are_there():
    within = [Pair(0, 1, 0.99), Pair(2, 3, 0.98)]
    across = [Pair(a, b, 0.95) for a in (0, 1) for b in (2, 3)]
    assert [group.members for group in grouped([*within, *across[:3]])] == [(0, 1), (2, 3)]
    assert [group.members for group in grouped([*within, *across])] == [(0, 1, 2, 3)]


def test_getters_and_stubs_are_not_substantial():
    assert not is_substantial(4, words("property def name self return self name"))
    assert not is_substantial(2, words("a " * 100))
    assert is_substantial(4, words("a " * 14))


def test_copies_share_most_of_their_words():
    assert share_words(words("read the file and close it"), words("read the file and close them"))
    assert not share_words(words("read the file and close it"), words("send a mail to everybody now"))
    assert not share_words(Counter(), Counter())


def test_a_copy_under_another_name_says_the_same():
    one, other = (
        words("def merge rows left right return left right"),
        words("def join tables left right return left right"),
    )
    assert said_by(one, "merge_rows") == said_by(other, "join_tables")
    assert said_by(one, "merge_rows") != said_by(other, "merge_rows")
