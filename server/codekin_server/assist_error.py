"""The one error of the API boundary. In a module of its own, which imports nothing, so that ``--help`` is quick."""


class AssistError(Exception):
    """A request that cannot be answered; the message is for the user and says what to do."""
