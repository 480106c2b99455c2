"""Texts are embedded once; a killed run goes on where it stopped."""

import numpy as np
import pytest

from codekin_model.training import text_store
from codekin_model.training.text_store import embed_all


class Embed:
    """Counts the texts it is given; ``broken_after`` calls it is killed."""

    def __init__(self, broken_after: int = 99) -> None:
        self.calls: list[list[str]] = []
        self._broken_after = broken_after

    def __call__(self, texts):
        if len(self.calls) == self._broken_after:
            raise KeyboardInterrupt
        self.calls.append(list(texts))
        return np.array([[len(text), 1] for text in texts], np.float32)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(text_store, "_CHUNK", 2)


def test_rows_are_in_the_order_of_the_texts(tmp_path):
    vectors = embed_all(["a", "bb", "ccc", "dddd", "eeeee"], Embed(), "model", tmp_path, "x")
    assert vectors.dtype == np.float16
    assert vectors[:, 0].tolist() == [1, 2, 3, 4, 5]


def test_a_killed_run_goes_on_with_the_chunk_it_was_in(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        embed_all(["a", "bb", "ccc"], Embed(broken_after=1), "model", tmp_path, "x")
    again = Embed()
    assert embed_all(["a", "bb", "ccc"], again, "model", tmp_path, "x")[:, 0].tolist() == [1, 2, 3]
    assert again.calls == [["ccc"]]


def test_a_chunk_whose_texts_changed_is_computed_again(tmp_path):
    embed_all(["a", "bb", "ccc"], Embed(), "model", tmp_path, "x")
    again = Embed()
    assert embed_all(["a", "bbbb", "ccc"], again, "model", tmp_path, "x")[:, 0].tolist() == [1, 4, 3]
    assert again.calls == [["a", "bbbb"]]


def test_titles_do_not_share_vectors(tmp_path):
    embed_all(["a"], Embed(), "model", tmp_path, "x")
    other = Embed()
    embed_all(["a"], other, "model", tmp_path, "y")
    assert other.calls == [["a"]]


def test_vectors_of_another_model_are_not_given(tmp_path):
    embed_all(["a"], Embed(), "model", tmp_path, "x")
    other = Embed()
    embed_all(["a"], other, "another", tmp_path, "x")
    assert other.calls == [["a"]]
