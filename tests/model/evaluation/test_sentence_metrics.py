"""BLEU, ROUGE-L, METEOR and CIDEr agree with hand-computed values and with the libraries that define them."""

import math
import random

import pytest

from codekin_model.evaluation.bleu import bleu
from codekin_model.evaluation.cider import cider
from codekin_model.evaluation.meteor import meteor, stem
from codekin_model.evaluation.rouge import longest_common, rouge_l
from codekin_model.evaluation.sentences import ngrams, words_of

VOCABULARY = words_of("return returns returned the file files reads reading a list of open path line parse parsed")
METRICS = [bleu, rouge_l, meteor]


def random_pairs(count=200):
    """Sentences and references of 1 to 12 words, some words shared, some equal by stem only."""
    chance = random.Random(5)  # noqa: S311 - no secret

    def sentence():
        return [chance.choice(VOCABULARY) for _ in range(chance.randint(1, 12))]

    return [(sentence(), sentence()) for _ in range(count)]


def test_words_are_lower_case_and_punctuation_stands_alone():
    assert words_of("Return `x_1`, or None.") == ["return", "`", "x_1", "`", ",", "or", "none", "."]


def test_ngrams_are_counted():
    assert ngrams(["a", "b", "a", "b"], 2) == {("a", "b"): 2, ("b", "a"): 1}


@pytest.mark.parametrize("metric", METRICS)
def test_nothing_common_is_nothing(metric):
    assert metric(["open"], ["close", "it"]) == 0.0


@pytest.mark.parametrize("metric", METRICS)
def test_an_empty_sentence_is_nothing(metric):
    assert metric([], ["close", "it"]) == 0.0


@pytest.mark.parametrize("metric", [bleu, rouge_l])
def test_the_reference_itself_is_all(metric):
    assert metric(["read", "a", "file"], ["read", "a", "file"]) == pytest.approx(1.0)


def test_bleu_by_hand():
    # unigrams 2/3; bigrams (1 + 1)/(2 + 1); trigrams (0 + 1)/(1 + 1); no 4-grams: 1/1; brevity exp(1 - 4/3)
    expected = (2 / 3 * 2 / 3 * 1 / 2 * 1) ** 0.25 * math.exp(1 - 4 / 3)
    assert bleu(["read", "the", "file"], ["read", "the", "whole", "line"]) == pytest.approx(expected)


def test_bleu_is_sacrebleus_with_one_added():
    sacrebleu = pytest.importorskip("sacrebleu")
    theirs = sacrebleu.BLEU(smooth_method="add-k", smooth_value=1, tokenize="none", effective_order=False)
    for words, reference in random_pairs():
        score = theirs.sentence_score(" ".join(words), [" ".join(reference)]).score
        assert bleu(words, reference) * 100 == pytest.approx(score, abs=1e-6)


def test_bleu_is_nltks_second_method():
    nltk_bleu = pytest.importorskip("nltk.translate.bleu_score")
    smoothing = nltk_bleu.SmoothingFunction().method2
    for words, reference in random_pairs():
        if len(words) >= 4:  # nltk counts an order without n-grams as one of one
            expected = nltk_bleu.sentence_bleu([reference], words, smoothing_function=smoothing)
            assert bleu(words, reference) == pytest.approx(expected)


def test_rouge_by_hand():
    # common "a c": precision 2/3, recall 2/4
    assert longest_common(["a", "b", "c"], ["a", "x", "c", "y"]) == 2
    expected = (1 + 1.44) * (2 / 3) * (2 / 4) / (2 / 4 + 1.44 * 2 / 3)
    assert rouge_l(["a", "b", "c"], ["a", "x", "c", "y"]) == pytest.approx(expected)


def test_rouge_is_that_of_the_coco_scorer():
    rouge = pytest.importorskip("pycocoevalcap.rouge.rouge").Rouge()
    for words, reference in random_pairs():
        assert rouge_l(words, reference) == pytest.approx(rouge.calc_score([" ".join(words)], [" ".join(reference)]))


def test_rouge_with_beta_1_is_that_of_rouge_score():
    scorer = pytest.importorskip("rouge_score.rouge_scorer").RougeScorer(["rougeL"])
    for words, reference in random_pairs():
        expected = scorer.score(" ".join(reference), " ".join(words))["rougeL"].fmeasure
        assert rouge_l(words, reference, beta=1.0) == pytest.approx(expected)


def test_meteor_by_hand():
    # "reads" and "reading" have one stem: 2 pairs in 1 chunk; precision 2/3, recall 2/2
    precision, recall = 2 / 3, 1.0
    mean = precision * recall / (0.9 * precision + 0.1 * recall)
    assert stem("reads") == stem("reading") == "read"
    assert meteor(["reads", "files", "now"], ["reading", "files"]) == pytest.approx(mean * (1 - 0.5 * (1 / 2) ** 3))


def test_meteor_punishes_broken_order():
    in_order = meteor(["open", "the", "file"], ["open", "the", "file"])
    assert meteor(["file", "the", "open"], ["open", "the", "file"]) == pytest.approx(0.5)
    assert in_order == pytest.approx(1 - 0.5 / 27)


def test_meteor_is_nltks_without_synonyms():
    single_meteor_score = pytest.importorskip("nltk.translate.meteor_score").single_meteor_score

    class Stemmer:
        stem = staticmethod(stem)

    class NoSynonyms:
        @staticmethod
        def synsets(_):
            return []

    for words, reference in random_pairs():
        expected = single_meteor_score(reference, words, stemmer=Stemmer(), wordnet=NoSynonyms())
        assert meteor(words, reference) == pytest.approx(expected)


def test_stems_are_porters():
    porter = pytest.importorskip("nltk.stem.porter").PorterStemmer(mode="MARTIN_EXTENSIONS")
    assert [stem(word) for word in VOCABULARY] == [porter.stem(word) for word in VOCABULARY]


def test_cider_by_hand():
    # Two references, so a word of one of them weighs log 2; 4 words give unigrams to 4-grams that are all its own.
    references = [["a", "b", "c", "d"], ["e", "f", "g", "h"]]
    assert cider(references, references) == pytest.approx([10.0, 10.0])
    # One unigram of four is common, no longer n-gram is: 10 / 4 times log(2)^2 over 4 log(2)^2.
    assert cider([["a", "x", "y", "z"], ["e", "f", "g", "h"]], references)[0] == pytest.approx(10 / 4 * 1 / 4)


def test_cider_gives_nothing_for_what_every_reference_says():
    references = [["the", "file"], ["the", "file"]]
    assert cider(references, references) == [0.0, 0.0]


def test_cider_is_that_of_the_coco_scorer():
    scorer = pytest.importorskip("pycocoevalcap.cider.cider").Cider()
    pairs = random_pairs()
    truth = {at: [" ".join(reference)] for at, (_, reference) in enumerate(pairs)}
    said = {at: [" ".join(words)] for at, (words, _) in enumerate(pairs)}
    _, expected = scorer.compute_score(truth, said)
    ours = cider([words for words, _ in pairs], [reference for _, reference in pairs])
    assert ours == pytest.approx(expected.tolist())
