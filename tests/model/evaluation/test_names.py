"""What is counted of names agrees with values worked out by hand."""

from codekin_model.evaluation.names import SubtokenCounts, place_of, subtoken_counts


def test_counts_of_one_name():
    assert subtoken_counts("read_the_file", "read_file_now_file") == SubtokenCounts(right=2, offered=3, wanted=4)


def test_counts_keep_multiplicity_and_ignore_order_and_case():
    assert subtoken_counts("fileRead", "read_file") == SubtokenCounts(right=2, offered=2, wanted=2)
    assert subtoken_counts("get_get", "get_name") == SubtokenCounts(right=1, offered=2, wanted=2)


def test_an_empty_guess_offers_nothing():
    assert subtoken_counts("", "write") == SubtokenCounts(right=0, offered=0, wanted=1)


def test_the_place_of_a_name_ignores_outer_underscores():
    assert [place_of(["a", "_b"], name) for name in ("a", "b", "__b__", "c")] == [1, 2, 2, 0]
