"""The one error of following a name.

In: a message for the user. Out: the error. Must not know of anything.
"""


class ReferencesError(Exception):
    """The references cannot be told; the message is for the user and says why."""


def not_defined(name: str) -> ReferencesError:
    """That of a name whose definition is no name in any file of the workspace."""
    return ReferencesError(f"there is no name to change here: '{name}' is not defined in the workspace")


def stumbled(file: str, problem: Exception) -> ReferencesError:
    """Where what looks names up failed by itself."""
    return ReferencesError(f"what this refers to cannot be told: jedi failed over {file} ({problem})")
