import numpy as np
import pytest

from codekin_model.runtime.vector_cache import VectorCache


@pytest.fixture
def computed():
    return []


@pytest.fixture
def cache(computed):
    def embed(texts):
        computed.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    return VectorCache(embed, width=2, size=3)


def test_rows_stand_in_the_order_of_the_texts(cache):
    cache.embed(["bb"])
    assert cache.embed(["ccc", "bb", "a", "ccc"])[:, 0].tolist() == [3, 2, 1, 3]


def test_a_text_is_computed_once(cache, computed):
    cache.embed(["a", "b", "a"])
    cache.embed(["b", "a"])
    assert computed == ["a", "b"]


def test_the_text_unused_for_longest_is_forgotten(cache, computed):
    cache.embed(["a", "b", "c"])
    cache.embed(["a"])
    cache.embed(["d"])
    computed.clear()
    cache.embed(["a", "c", "d", "b"])
    assert computed == ["b"]


def test_more_texts_than_it_keeps(cache):
    assert cache.embed(["a", "bb", "ccc", "dddd", "eeeee"])[:, 0].tolist() == [1, 2, 3, 4, 5]


def test_a_caller_may_change_what_it_got(cache):
    cache.embed(["a"])[:] = 7
    assert cache.embed(["a"])[0, 0] == 1


def test_no_texts(cache):
    assert cache.embed([]).shape == (0, 2)
