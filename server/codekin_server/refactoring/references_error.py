"""The one error of following a name.

In: a message for the user. Out: the error. Must not know of anything.
"""


class ReferencesError(Exception):
    """The references cannot be told; the message is for the user and says why."""
