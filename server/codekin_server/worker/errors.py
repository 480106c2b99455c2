"""What a request to the model can fail with."""


class WorkerError(RuntimeError):
    """The model gave no answer; the message says why."""


class WorkerDied(WorkerError):
    """The process died, or hung, under this request and again under its repetition."""


class WorkerGivenUp(WorkerDied):
    """No process that can answer could be started, or none is wanted any more."""


class RequestRefused(WorkerError):
    """The model lives, but cannot answer this request."""
