"""The scale that similarities are told on, with the model that is shipped."""

import argparse
import json
import statistics
import textwrap

import numpy as np
import pytest

from codekin_model.checkpoint.manifest import default_model_dir
from codekin_model.extracted import extract
from codekin_model.runtime.onnx_embedder import load_onnx_embedder
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.search.similarity import likeness, similarity

COPY = '''
def {name}({items}):
    """Add up the {items} and take the discount off."""
    total = 0
    for each in {items}:
        if each < 0:
            raise ValueError("below zero")
        total += each
    return total * 0.9
'''


@pytest.fixture(scope="module")
def similarities():
    embedder = load_onnx_embedder(default_model_dir(), 1)

    def between(code):
        units = [unit for unit in find_units(parse(text_of(code))) if unit.kind.is_function]
        vectors = embedder.embed_units([extract(unit) for unit in units])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        cosines = (vectors @ vectors.T)[np.triu_indices(len(units), 1)]
        return [similarity(float(cosine)) for cosine in cosines]

    return between


def test_unrelated_functions_are_near_zero(similarities):
    sources = [open(module.__file__).read() for module in (argparse, json, statistics, textwrap)]  # noqa: PTH123, SIM115
    functions = [unit.source for code in sources for unit in find_units(parse(text_of(code))) if unit.kind.is_function]
    found = similarities("\n\n".join(functions[:: max(1, len(functions) // 40)]))
    assert statistics.median(found) < 0.25
    assert statistics.quantiles(found, n=50)[-1] < 0.6  # 0.5 is told to be more than 99 of 100; this is a small sample


def test_a_copy_with_another_name_is_a_near_duplicate(similarities):
    (copy,) = similarities(
        COPY.format(name="total_price", items="prices") + COPY.format(name="price_total", items="prices")
    )
    assert copy > 0.9


def test_what_points_away_is_not_similar_at_all():
    assert (similarity(-0.3), similarity(1.2)) == (0.0, 1.0)


def test_of_two_as_near_the_one_that_shares_words_is_more_alike():
    asked = {"total", "each", "price"}
    assert likeness(0.8, asked, {"total", "each", "cost"}) > likeness(0.8, asked, {"sum", "row"})
    assert likeness(0.8, asked, {"sum", "row"}) == pytest.approx(0.8 / 1.2)


def test_the_same_text_is_wholly_alike_and_nothing_leaves_the_scale():
    assert likeness(1.0, {"total"}, {"total"}) == pytest.approx(1.0)
    assert likeness(1.0, set(), set()) == pytest.approx(1.0)
    assert likeness(-0.5, {"total"}, {"sum"}) == 0.0
