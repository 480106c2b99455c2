"""What every benchmark says of itself: the commit, the machine, the load; and the table that it leaves behind.

Out: words and files. It must not know what is measured.
"""

import os
import platform
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
LOAD = os.getloadavg()[0]
"""Of the last minute before the run."""
_MEASURED = ("model", "server", "tests/benchmarks/*.py")
"""What changes figures; the tables themselves lie beside the last of them."""


def commit() -> str:
    """The commit that is measured, and whether what is measured differs from it."""
    head = _git("rev-parse", "--short", "HEAD") or "no commit"
    return f"{head}, with changes" if _git("status", "--porcelain", "--", *_MEASURED) else head


def machine() -> str:
    """Processor, cores, Python and load."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    return f"{processor}, {os.cpu_count()} cores, Python {platform.python_version()}, load before the run {LOAD:.1f}"


def write_report(path: Path, report: str) -> None:
    """Keep the report at ``path`` and show it."""
    path.write_text(report, encoding="utf-8")
    print(report)  # noqa: T201 - a script's answer


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False).stdout.strip()
