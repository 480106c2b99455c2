"""One question to several folders, of which some may not be able to answer.

In: what is asked, and how. Out: :class:`Several`: what was answered, and why the others did not. Must not know of
questions.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from codekin_server.lsp.boundary import reason_of

A = TypeVar("A")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Several(Generic[A, T]):
    """Answers in the order in which they were asked for, and sentences in place of those that there are not."""

    answers: Sequence[tuple[A, T]]
    failures: Sequence[tuple[A, str]]

    @property
    def reasons(self) -> list[str]:
        """Why some did not answer, each reason once."""
        return list(dict.fromkeys(reason for _, reason in self.failures))


async def ask_several(asked: Sequence[A], question: Callable[[A], Awaitable[T]]) -> Several[A, T]:
    """Ask all at once: a folder that is gone, say, must not keep the others from answering.

    Raises:
        Exception: the first failure, where none has answered.

    """
    outcomes = await asyncio.gather(*map(question, asked), return_exceptions=True)
    answers, failures = list[tuple[A, T]](), list[tuple[A, Exception]]()
    for each, outcome in zip(asked, outcomes, strict=True):
        if isinstance(outcome, Exception):
            failures.append((each, outcome))
        elif isinstance(outcome, BaseException):  # a folder that leaves the workspace drops what it was asked
            raise outcome
        else:
            answers.append((each, outcome))
    if failures and not answers:
        raise failures[0][1]
    return Several(answers, [(each, reason_of(problem)) for each, problem in failures])
