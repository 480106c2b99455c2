"""What the similarity of two functions means, as a number that users see.

In: the cosine of two units' vectors. Out: 0 to 1. Pure. Must not know of workspaces: a number that depended on what
else is in one would mean something else in the next.

Measured on 12,000 functions of several packages, 9,700 of them of four lines and more, with the model that is shipped:

====== =================================================================================
0      no more alike than two functions drawn at random (their median is .08)
0.5    more alike than some 99 of 100 such pairs (of two packages: from .3 on)
0.7    more alike than 999 of 1,000
0.9    near-duplicates, where they also share most of their words
1      the same text
====== =================================================================================

The model was trained to bring functions of one meaning together and to push all others apart, so the cosine itself is
this scale once what lies below 0 is cut off. A model with another scale would have to be brought to this one here;
``tests/server/search/test_similarity.py`` notices.
"""


def similarity(cosine: float) -> float:
    """The similarity of two units whose vectors have this cosine."""
    return min(1.0, max(0.0, cosine))


def cosine_of(similarity: float) -> float:
    """The cosine from which on two units are at least this similar."""
    return similarity
