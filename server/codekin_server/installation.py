"""Whether this installation can do its work, checked part by part.

In: nothing, or a workspace. Out: :class:`Check` values, each with what to do where something is wrong. Part of the API
boundary, beside :mod:`codekin_server.assist`. Changes nothing. Must not know who reads it.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile

from codekin_model.checkpoint.manifest import CheckpointError, default_model_dir, read_manifest, verify_files
from codekin_server.settings.project import PROJECT_FILE, project_settings
from codekin_server.store.database import check as check_database
from codekin_server.store.errors import StoreError
from codekin_server.store.lease import WriterLease
from codekin_server.store.location import CACHE_VARIABLE, cache_dir, index_location, list_indexes
from codekin_server.version import installed_version
from codekin_server.worker.client import WorkerClient, WorkerError

OLDEST_PYTHON = (3, 11)
_PATIENCE = 120.0
"""Seconds that the model may take to load and answer."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and found; ``advice`` says what to do, and is None where all is well."""

    name: str
    found: str
    advice: str | None = None


def check_installation(workspace: Path, *, model: Path | None = None, cache: Path | None = None) -> Iterator[Check]:
    """Every check, the quick ones first."""
    yield _python()
    yield _packages()
    yield _model(model or default_model_dir())
    yield _cache(cache or cache_dir())
    yield _index(workspace, cache)
    yield _settings(workspace)
    yield _graph()
    yield _git()
    yield _worker(model or default_model_dir())


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    needed = ".".join(map(str, OLDEST_PYTHON))
    advice = None if sys.version_info[:2] >= OLDEST_PYTHON else f"install codekin with Python {needed} or newer"
    return Check("Python", f"{found} at {sys.executable}", advice)


def _packages() -> Check:
    names = [re.split(r"[^\w.-]", each)[0] for each in requires("codekin") or () if "extra ==" not in each]
    found: dict[str, str | None] = {name: _version(name) for name in names}
    missing = [name for name, installed in found.items() if installed is None]
    listed = ", ".join(f"{name} {installed}" for name, installed in sorted(found.items()) if installed)
    advice = f"{', '.join(missing)} not installed: pip install --force-reinstall codekin" if missing else None
    return Check("packages", f"codekin {installed_version()} with {listed}", advice)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _model(folder: Path) -> Check:
    try:
        manifest = read_manifest(folder)
        verify_files(folder, manifest)
    except CheckpointError as problem:
        return Check("model", str(folder), str(problem))
    return Check("model", f"{manifest.name} ({manifest.fingerprint[:12]}) at {folder}, every file as it was made")


def _cache(folder: Path) -> Check:
    above = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        with NamedTemporaryFile(dir=above, prefix="codekin-"):
            pass
    except OSError as problem:
        advice = f"it cannot be written ({problem.strerror}); set {CACHE_VARIABLE} to a folder that you can write to"
        return Check("cache", str(folder), advice)
    indexes = list_indexes(cache=folder)
    size = sum(each.size for each in indexes) / 1e6
    return Check("cache", f"{folder}: {len(indexes)} indexes, {size:.1f} MB")


def _index(workspace: Path, cache: Path | None) -> Check:
    where = index_location(workspace, cache=cache)
    if not where.database.exists():
        return Check("index", f"none of {workspace} yet")
    try:
        check_database(where.database)
    except StoreError as problem:
        return Check("index", str(where.folder), f"{problem}; 'codekin clean {workspace}' removes it")
    writer = WriterLease(where.folder)
    free = writer.take()
    writer.release()
    use = "" if free else f", written by process {writer.holder}"
    return Check("index", f"{where.folder}: {where.size / 1e6:.1f} MB{use}")


def _settings(workspace: Path) -> Check:
    _, warnings = project_settings(workspace)
    file = workspace / PROJECT_FILE
    found = f"[tool.codekin] of {file}" if file.exists() else f"the defaults: there is no {file}"
    return Check("settings", found, "; ".join(warnings) or None)


def _graph() -> Check:
    present = find_spec("hnswlib") is not None
    return Check("hnswlib", "present" if present else "absent: large workspaces are searched exactly, which is slower")


def _git() -> Check:
    return Check("git", shutil.which("git") or "absent; codekin reads .gitignore without it")


def _worker(model: Path) -> Check:
    with WorkerClient(model) as worker:
        try:
            width = worker.embed_queries(["read a file"]).result(_PATIENCE).shape[1]
            memory = worker.state.memory_mb or 0.0
        except (WorkerError, TookTooLong) as problem:
            reason = " ".join(str(problem).split()) or f"no answer within {_PATIENCE:.0f} seconds"
            return Check("model's process", "does not answer", f"{reason}; CODEKIN_DEBUG=1 codekin index shows more")
    return Check("model's process", f"starts and answers: {width} numbers, {memory:.0f} MB")
