"""One request that waits for its reply. Plain data."""

from concurrent.futures import Future
from dataclasses import dataclass, field

from codekin_server.worker.messages import Reply, Request


@dataclass(frozen=True, slots=True, order=True)
class Job:
    """Jobs are served in their order: urgent ones first, then by ``number``, which is also the request's id."""

    background: bool
    number: int
    request: Request = field(compare=False)
    future: Future[Reply] = field(compare=False)
    attempts: int = field(default=0, compare=False)
