"""Nearest neighbours, exact and by graph."""

import errno
import hashlib
import json
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from codekin_server.store import graph_file, vector_index
from codekin_server.store.graph import Graph, graphs_available
from codekin_server.store.graph_file import GraphStamp, load_graph, save_graph
from codekin_server.store.store import Store
from codekin_server.store.vector_index import NearestNeighbours

needs_graphs = pytest.mark.skipif(not graphs_available(), reason="hnswlib is not installed")


def fill(store, matrix, prefix="f"):
    store.put_vectors([(f"{prefix}{at}", row) for at, row in enumerate(matrix)])


def exactly(matrix, query, limit):
    order = np.argsort(-(matrix @ query), kind="stable")[:limit]
    return [f"f{at}" for at in order]


def found(nearest, query, limit):
    return [fingerprint for fingerprint, _ in nearest.search(query, limit)]


def recall(nearest, matrix, queries, limit=10):
    hits = [len(set(found(nearest, query, limit)) & set(exactly(matrix, query, limit))) for query in queries]
    return sum(hits) / (limit * len(queries))


def test_an_empty_store_has_no_neighbours(store):
    assert NearestNeighbours(store).search(np.ones(4, np.float32), 5) == []


def test_a_small_store_is_searched_exactly(store, vectors_like_a_models):
    matrix = vectors_like_a_models(500)
    fill(store, matrix)
    nearest = NearestNeighbours(store)
    nearest.maintain()
    assert nearest.is_exact
    assert recall(nearest, matrix, matrix[:20]) > 0.98  # float16 may swap neighbours that are equally near
    assert nearest.search(matrix[3], 1)[0] == ("f3", pytest.approx(1.0, abs=1e-3))


@pytest.mark.parametrize("graph_from", [100, pytest.param(10**6, id="exact")])
def test_many_rows_searched_at_once_find_what_each_finds_by_itself(store, vectors_like_a_models, graph_from):
    if graph_from == 100 and not graphs_available():
        pytest.skip("hnswlib is not installed")
    matrix = vectors_like_a_models(400)
    fill(store, matrix[:300])
    nearest = NearestNeighbours(store, graph_from=graph_from)
    nearest.maintain()
    fill(store, matrix[300:], "later")
    found = nearest.search_each(matrix[::3], 7)
    alone = [nearest.search(row, 7) for row in matrix[::3]]
    assert [[name for name, _ in each] for each in found] == [[name for name, _ in each] for each in alone]
    assert [cosine for each in found for _, cosine in each] == pytest.approx([c for each in alone for _, c in each])


def test_many_rows_find_nothing_where_there_is_nothing(store, vectors_like_a_models):
    rows = vectors_like_a_models(2)
    assert NearestNeighbours(store).search_each(rows, 5) == [[], []]
    fill(store, rows)
    assert NearestNeighbours(store).search_each(rows, 0) == [[], []]


def test_more_than_there_are_gives_all(store, vectors_like_a_models):
    fill(store, vectors_like_a_models(3))
    assert len(NearestNeighbours(store).search(vectors_like_a_models(1)[0], 10)) == 3
    assert NearestNeighbours(store).search(vectors_like_a_models(1)[0], 0) == []


def test_new_vectors_are_found_at_once(store, vectors_like_a_models):
    matrix = vectors_like_a_models(20)
    nearest = NearestNeighbours(store)
    for at, row in enumerate(matrix):
        store.put_vectors([(f"f{at}", row)])
        assert found(nearest, row, 1) == [f"f{at}"]
    assert len(nearest) == 20


def test_a_vector_that_is_stored_again_replaces_the_old_one(store):
    nearest = NearestNeighbours(store)
    store.put_vectors([("f", np.array([1.0, 0.0]))])
    assert nearest.search(np.array([1, 0], np.float32), 5) == [("f", pytest.approx(1.0))]
    store.put_vectors([("f", np.array([0.0, 1.0]))])
    assert nearest.search(np.array([1, 0], np.float32), 5) == [("f", pytest.approx(0.0))]


def test_forgotten_vectors_are_not_found(store):
    nearest = NearestNeighbours(store)
    store.put_vectors([("f", np.array([1.0, 0.0]))])
    assert len(nearest) == 1
    store.forget_unused_vectors(older_than=-1)
    assert nearest.search(np.array([1, 0], np.float32), 5) == []


def test_without_hnswlib_search_stays_exact(store, vectors_like_a_models, monkeypatch):
    monkeypatch.setattr(vector_index, "graphs_available", lambda: False)
    fill(store, vectors_like_a_models(50))
    nearest = NearestNeighbours(store, graph_from=10)
    nearest.maintain()
    assert nearest.is_exact


@needs_graphs
def test_the_graph_finds_what_exact_search_finds(store, vectors_like_a_models):
    matrix = vectors_like_a_models(4000)
    fill(store, matrix)
    nearest = NearestNeighbours(store, graph_from=1000)
    nearest.maintain()
    assert not nearest.is_exact
    assert recall(nearest, matrix, vectors_like_a_models(4060)[4000:]) > 0.97


@needs_graphs
def test_the_graph_takes_in_new_vectors_and_lets_go_of_forgotten_ones(store, place, vectors_like_a_models):
    kept = place(store, "a.py", "x = 1\n").new[0]
    matrix = vectors_like_a_models(600)
    nearest = NearestNeighbours(store, graph_from=100)
    fill(store, matrix[:300])
    nearest.maintain()
    store.put_vectors([(kept, matrix[300])])
    fill(store, matrix[301:], "g")
    assert found(nearest, matrix[300], 1) == [kept]
    nearest.maintain()
    assert found(nearest, matrix[300], 1) == [kept]
    store.forget_unused_vectors(older_than=-1)
    assert found(nearest, matrix[0], 20) == [kept]


@needs_graphs
def test_the_saved_graph_is_used_again(store, vectors_like_a_models, monkeypatch):
    matrix = vectors_like_a_models(300)
    fill(store, matrix)
    NearestNeighbours(store, graph_from=100).maintain()
    monkeypatch.setattr(NearestNeighbours, "_build", lambda *_: pytest.fail("built again"))
    again = NearestNeighbours(store, graph_from=100)
    again.maintain()
    assert not again.is_exact
    assert recall(again, matrix, matrix[:20]) > 0.97


@needs_graphs
def test_a_saved_graph_is_brought_up_to_date(store, vectors_like_a_models):
    matrix = vectors_like_a_models(400)
    fill(store, matrix[:300])
    NearestNeighbours(store, graph_from=100).maintain()
    fill(store, matrix)
    again = NearestNeighbours(store, graph_from=100)
    again.maintain()
    assert found(again, matrix[350], 1) == ["f350"]
    assert len(again) == 400


def cut_short(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def of_another_database(path):
    stamp = path.with_name(path.name + ".json")
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "identity": "another"}))


def no_stamp(path):
    path.with_name(path.name + ".json").unlink()


def broken_stamp(path):
    path.with_name(path.name + ".json").write_text("{")


def other_dead_keys(path):
    stamp = path.with_name(path.name + ".json")
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "dead": [1]}))


def no_dead_keys(path):
    stamp = path.with_name(path.name + ".json")
    stamp.write_text(json.dumps({key: each for key, each in json.loads(stamp.read_text()).items() if key != "dead"}))


def of_the_first_format(path):
    digest = hashlib.blake2b(path.read_bytes()).hexdigest()
    stamp = path.with_name(path.name + ".json")
    kept = {key: each for key, each in json.loads(stamp.read_text()).items() if key in ("identity", "model", "width")}
    stamp.write_text(json.dumps({**kept, "format": 1, "digest": digest}))


@needs_graphs
@pytest.mark.parametrize(
    "damage",
    [
        *(cut_short, flip_a_byte, of_another_database, no_stamp, broken_stamp),
        *(other_dead_keys, no_dead_keys, of_the_first_format),
    ],
)
def test_a_graph_that_is_not_this_store_s_is_built_again(store, vectors_like_a_models, damage, monkeypatch):
    matrix = vectors_like_a_models(300)
    fill(store, matrix)
    NearestNeighbours(store, graph_from=100).maintain()
    damage(store.path.with_suffix(".hnsw"))
    built, build = [], NearestNeighbours._build
    monkeypatch.setattr(NearestNeighbours, "_build", lambda *given: (built.append(1), build(*given)))
    again = NearestNeighbours(store, graph_from=100)
    again.maintain()
    assert built
    assert recall(again, matrix, matrix[:20]) > 0.97


@needs_graphs
def test_a_graph_of_another_model_is_not_used(store, index_path, vectors_like_a_models):
    fill(store, vectors_like_a_models(200))
    NearestNeighbours(store, graph_from=100).maintain()
    with Store.open(index_path, "other model") as other:
        fill(other, vectors_like_a_models(200, seed=1), "other")
        nearest = NearestNeighbours(other, graph_from=100)
        nearest.maintain()
        assert all(each.startswith("other") for each in found(nearest, vectors_like_a_models(1)[0], 50))


@needs_graphs
def test_building_can_be_cancelled(store, vectors_like_a_models):
    fill(store, vectors_like_a_models(300))
    nearest = NearestNeighbours(store, graph_from=100)
    nearest.maintain(cancelled=lambda: True)
    assert nearest.is_exact
    assert len(nearest.search(vectors_like_a_models(1)[0], 5)) == 5


@needs_graphs
def test_what_is_put_back_into_a_graph_can_be_removed_again(vectors_like_a_models):
    matrix = vectors_like_a_models(3)
    graph = Graph(matrix.shape[1])
    graph.add([1, 2, 3], matrix)
    graph.remove([2])
    graph.add([2], matrix[1:2])
    assert (graph.keys, graph.dead) == ({1, 2, 3}, set())
    graph.remove([2])
    assert [key for key, _ in graph.search(matrix[1], 3)] in ([1, 3], [3, 1])


@needs_graphs
def test_a_saved_graph_with_replaced_vectors_is_used_again(store, vectors_like_a_models):
    matrix = vectors_like_a_models(400)
    fill(store, matrix[:300])
    first = NearestNeighbours(store, graph_from=100)
    first.maintain()
    fill(store, matrix[300:])  # f0 to f99 again, with other vectors
    first.maintain()
    again = NearestNeighbours(store, graph_from=100)
    again.maintain()
    assert not again.is_exact
    assert len(again) == 300
    assert found(again, matrix[350], 1) == ["f50"]
    assert found(again, matrix[50], 1) != ["f50"]


@needs_graphs
def test_a_graph_is_written_again_only_when_much_of_it_has_changed(store, vectors_like_a_models):
    matrix = vectors_like_a_models(402)
    fill(store, matrix[:400])
    nearest = NearestNeighbours(store, graph_from=100)
    nearest.maintain()
    written = nearest.path.read_bytes()
    fill(store, matrix[400:401], "one")
    nearest.maintain()
    assert nearest.path.read_bytes() == written
    fill(store, vectors_like_a_models(9, seed=1), "more")
    nearest.maintain()
    assert nearest.path.read_bytes() != written


@needs_graphs
def test_what_a_written_graph_lacks_is_found_when_it_is_opened_again(store, vectors_like_a_models):
    matrix = vectors_like_a_models(401)
    fill(store, matrix[:400])
    NearestNeighbours(store, graph_from=100).maintain()
    fill(store, matrix[400:], "one")
    again = NearestNeighbours(store, graph_from=100)
    again.maintain()
    assert found(again, matrix[400], 1) == ["one0"]


@needs_graphs
def test_a_query_does_not_wait_for_the_digest_of_a_graph(store, vectors_like_a_models, monkeypatch):
    matrix = vectors_like_a_models(200)
    fill(store, matrix)
    nearest = NearestNeighbours(store, graph_from=100)
    answered = []
    digest = graph_file._digest

    def query_meanwhile(*of):
        asking = Thread(target=lambda: answered.extend(found(nearest, matrix[7], 1)), daemon=True)
        asking.start()
        asking.join(10)
        return digest(*of)

    monkeypatch.setattr(graph_file, "_digest", query_meanwhile)
    nearest.maintain()
    assert answered == ["f7"]


@needs_graphs
def test_a_loaded_graph_knows_what_was_removed_from_it(tmp_path, vectors_like_a_models):
    matrix = vectors_like_a_models(4)
    graph, stamp = Graph(matrix.shape[1]), GraphStamp("database", "model", matrix.shape[1])
    graph.add([1, 2, 3, 4], matrix)
    graph.remove([2, 3])
    save_graph(graph, tmp_path / "a.hnsw", stamp)
    loaded = load_graph(tmp_path / "a.hnsw", stamp)
    assert (len(loaded), loaded.keys, loaded.dead) == (2, {1, 4}, {2, 3})
    loaded.remove([2, 4])
    assert [key for key, _ in loaded.search(matrix[1], 4)] == [1]


@needs_graphs
def test_a_graph_that_is_mostly_dead_is_built_again_once(store, place, vectors_like_a_models):
    matrix = vectors_like_a_models(400)
    kept = place(store, "a.py", "\n".join(f"def f{at}():\n    return {at}\n" for at in range(120))).new
    store.put_vectors(zip(kept, matrix, strict=False))
    fill(store, matrix[200:])
    first = NearestNeighbours(store, graph_from=100)
    first.maintain()
    store.forget_unused_vectors(older_than=-1)
    first.maintain(cancelled=lambda: True)  # no time to build: the dead are saved, too
    stamp = GraphStamp(store.identity, "model", matrix.shape[1])
    assert len(load_graph(first.path, stamp).dead) == 200
    NearestNeighbours(store, graph_from=100).maintain()
    assert load_graph(first.path, stamp).dead == set()


@needs_graphs
def test_a_graph_that_cannot_be_written_leaves_no_file_behind(tmp_path, vectors_like_a_models, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "the disk is full")

    matrix = vectors_like_a_models(4)
    graph = Graph(matrix.shape[1])
    graph.add([1, 2, 3, 4], matrix)
    replace = Path.replace
    for broken in ("write_text", "replace"):
        with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
            patch.setattr(Path, broken, full)
            save_graph(graph, tmp_path / "a.hnsw", GraphStamp("database", "model", matrix.shape[1]))
        assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(Path, "replace", lambda own, to: full() if to.suffix == ".json" else replace(own, to))
    with pytest.raises(OSError, match="full"):
        save_graph(graph, tmp_path / "a.hnsw", GraphStamp("database", "model", matrix.shape[1]))
    assert [each.name for each in tmp_path.iterdir()] == ["a.hnsw"]
