"""How to go on from a training: the commands that measure it and make it what codekin runs, as they can be typed.

In: a run folder, and the corpus that it was trained on, where it is known. Out: lines on standard output. Must not know
of any kind of training.
"""

import shlex
from pathlib import Path

from codekin_server.cli.terminal import write_line


def tell_next_steps(out: Path, corpus: Path | None, *, is_exported: bool) -> None:
    """``is_exported`` says whether `codekin export` takes the run."""
    run = shlex.quote(str(out))
    write_line(
        f"measure it: codekin evaluate {run} --corpus {'CORPUS' if corpus is None else shlex.quote(str(corpus))}"
    )
    if is_exported:
        write_line(f"use it: codekin export {run} --out MODEL")
