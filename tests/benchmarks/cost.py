"""What codekin costs: install size, index seconds, memory of both processes, query time, all from one run.

    python tests/benchmarks/cost.py [--workspace PATH]

Installs this checkout into a fresh virtual environment, as a user would, indexes a workspace there from nothing, and
writes tests/benchmarks/COST.md, named by the commit that was measured, and the same table into README.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from measured import HERE, REPOSITORY, commit, machine, write_report

REPORT = HERE / "COST.md"
README = REPOSITORY / "README.md"
START, END = "<!-- cost, written by make benchmark -->", "<!-- end of cost -->"
QUERIES = (
    "read the contents of a file",
    "parse command line arguments",
    "find the definition of a name",
    "convert a path to an absolute path",
    "cache the result of a function",
    "iterate over the parameters of a call",
    "raise an error when the type is wrong",
    "compare two versions",
    "get the docstring",
    "write settings to disk",
)
ROUNDS = 20

T = TypeVar("T")


@dataclass(frozen=True)
class Installed:
    """Sizes in MB: everything that the installation added, and codekin's own part of it."""

    all_mb: float
    own_mb: float


@dataclass(frozen=True)
class Used:
    """Seconds, MB and milliseconds of one workspace; memory is resident, of the server and of the model's process."""

    files: int
    units: int
    first_index: float
    second_index: float
    index_mb: float
    server_mb: float
    worker_mb: float
    query_median_ms: float
    query_p95_ms: float
    similar_median_ms: float
    names_median_ms: float
    search: str


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--workspace", type=Path, help="what to index; without it, jedi of the fresh installation")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        sys.stdout.write(json.dumps(asdict(measure(options.workspace))) + "\n")
        return
    with TemporaryDirectory(prefix="codekin-cost-") as folder:
        python, installed = install(Path(folder))
        workspace = (options.workspace or package(python, "jedi")).resolve()
        command = [str(python), __file__, "--inside", "--workspace", str(workspace)]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment["CODEKIN_CACHE_DIR"] = str(Path(folder) / "cache")
        done = subprocess.run(command, env=environment, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    used = Used(**json.loads(done.stdout))
    table = render_table(installed, used)
    report = f"# What codekin costs, measured at {commit()}\n\n{conditions(used, workspace)}\n\n{table}\n"
    quote(f"{conditions(used, workspace)}\n\n{table}")
    write_report(REPORT, report)


def install(folder: Path) -> tuple[Path, Installed]:
    """A virtual environment with codekin in it, and how much bigger that made it."""
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / "bin" / "python"
    before = size_mb(environment)
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-compile", str(REPOSITORY)]
    subprocess.run(command, check=True)
    own = sum(size_mb(package(python, name)) for name in ("codekin_model", "codekin_server"))
    return python, Installed(size_mb(environment) - before, own)


def package(python: Path, name: str) -> Path:
    code = f"import importlib.util; print(importlib.util.find_spec({name!r}).origin)"
    done = subprocess.run([str(python), "-I", "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip()).parent


def size_mb(folder: Path) -> float:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file() and not each.is_symlink()) / 1e6


def measure(workspace: Path) -> Used:
    """Index, ask, and read the memory of both processes while they still hold everything."""
    from codekin_server.assist import Assist  # noqa: PLC0415 - of the fresh installation only

    with Assist.open(workspace) as assist:
        first, _ = timed(assist.index)
        queries = [timed(lambda query=query: assist.search(query))[0] for query in QUERIES * ROUNDS]
        functions = [result for query in QUERIES for result in assist.search(query).results if result.kind.is_function]
        targets = [(workspace / each.path, each.start_line) for each in functions[:20]]
        similar = [timed(lambda target=target: assist.similar(*target))[0] for target in targets]
        names = [timed(lambda target=target: assist.suggest_names(*target))[0] for target in targets]
        status = assist.status()
    with Assist.open(workspace) as assist:
        second, _ = timed(assist.index)
    return Used(
        files=status.files,
        units=status.units,
        first_index=first,
        second_index=second,
        index_mb=status.index_mb,
        server_mb=status.memory_mb,
        worker_mb=status.worker.memory_mb or 0.0,
        query_median_ms=1e3 * quantile(queries, 0.5),
        query_p95_ms=1e3 * quantile(queries, 0.95),
        similar_median_ms=1e3 * quantile(similar, 0.5),
        names_median_ms=1e3 * quantile(names, 0.5),
        search=status.search,
    )


def timed(action: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    answer = action()
    return time.perf_counter() - start, answer


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def render_table(installed: Installed, used: Used) -> str:
    rows = {
        "installed, with every dependency": f"{installed.all_mb:.0f} MB, of which codekin {installed.own_mb:.0f} MB",
        "first index": f"{used.first_index:.1f} s ({used.units / used.first_index:.0f} units a second)",
        "second index, nothing changed": f"{used.second_index:.2f} s",
        "index on disk": f"{used.index_mb:.1f} MB",
        "memory, server": f"{used.server_mb:.0f} MB",
        "memory, model's process": f"{used.worker_mb:.0f} MB",
        "search, one query": f"{used.query_median_ms:.1f} ms median, {used.query_p95_ms:.1f} ms 95th percentile",
        "similar functions": f"{used.similar_median_ms:.1f} ms median",
        "names for a function": f"{used.names_median_ms:.1f} ms median",
    }
    return "| what | cost |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in rows.items())


def conditions(used: Used, workspace: Path) -> str:
    return (
        f"Measured by `make benchmark` on {machine()}.\n"
        f"{workspace.name}: {used.files:,} files, {used.units:,} units (functions, "
        f"methods, classes, module heads); search is {used.search}."
    )


def quote(table: str) -> None:
    """Put the table between README's two marks."""
    before, _, rest = README.read_text("utf-8").partition(START)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{START}\n{table}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
