"""One request that waits for its reply. Plain data."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import IntEnum

from codekin_server.worker.messages import Reply, Request


class Priority(IntEnum):
    """Whose turn it is: somebody waits for it; it is about an open document; it can wait."""

    INTERACTIVE = 0
    OPEN_DOCUMENT = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True, order=True)
class Job:
    """Jobs are served in their order: by priority, then by ``number``, which is also the request's id."""

    priority: Priority
    number: int
    request: Request = field(compare=False)
    future: Future[Reply] = field(compare=False)
    attempts: int = field(default=0, compare=False)
