"""How long an editor waits for the status while a workspace is being indexed, through real LSP messages.

    python tests/benchmarks/responsiveness.py [--workspace PATH] [--seconds N]

Starts the server over stdio on a workspace that was never indexed, asks for `codekin.status` twenty times a second
while the index is made, and writes tests/benchmarks/RESPONSIVENESS.md, named by the commit that was measured.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from installed import package_folder
from lsprotocol import types
from measured import HERE, commit, machine, write_report
from pytest_lsp import LanguageClient, make_test_lsp_client
from served import start_server, status_of

REPORT = HERE / "RESPONSIVENESS.md"
PAUSE = 0.05


async def waits(workspace: Path, seconds: float) -> tuple[list[float], int]:
    """Milliseconds that each answer took while units were still to be embedded, and how many units there are."""
    client = make_test_lsp_client()
    with tempfile.TemporaryDirectory() as cache:
        await start_server(client, cache)
        folder = types.WorkspaceFolder(workspace.as_uri(), workspace.name)
        capabilities = types.ClientCapabilities(window=types.WindowClientCapabilities(work_done_progress=True))
        await client.initialize_session(types.InitializeParams(capabilities=capabilities, workspace_folders=[folder]))
        try:
            return await _asked(client, seconds)
        finally:
            await client.shutdown_session()


async def _asked(client: LanguageClient, seconds: float) -> tuple[list[float], int]:
    found: list[float] = []
    units, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter()
        status = await status_of(client)
        found.append(1000 * (time.perf_counter() - start))
        units = status["units"]
        if units and not status["vectors_missing"]:
            break
        await asyncio.sleep(PAUSE)
    return found, units


def report(found: list[float], units: int, workspace: Path) -> str:
    """The figures as Markdown."""
    ordered = sorted(found)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return (
        f"# Status while indexing, measured at {commit()}\n\n"
        f"Written by `python tests/benchmarks/responsiveness.py` on {machine()}.\n"
        f"{workspace.name}: {units:,} units; {len(found)} requests while they were read and embedded.\n\n"
        "| median | 95th percentile | slowest | answered within 50 ms |\n|---|---|---|---|\n"
        f"| {statistics.median(found):.1f} ms | {p95:.1f} ms | {ordered[-1]:.1f} ms "
        f"| {sum(each <= 50 for each in found) / len(found):.1%} |\n"
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspace", type=Path, default=package_folder("jedi"))
    parser.add_argument("--seconds", type=float, default=120.0, help="stop after this long")
    options = parser.parse_args()
    text = report(*asyncio.run(waits(options.workspace, options.seconds)), options.workspace)
    write_report(REPORT, text)


if __name__ == "__main__":
    main()
