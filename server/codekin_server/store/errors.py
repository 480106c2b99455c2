"""What the store raises.

A :class:`StoreError` carries a message for the user that says what to do; it never wraps a result.
"""


class StoreError(Exception):
    """The index cannot be used as asked; the message says what to do about it."""
