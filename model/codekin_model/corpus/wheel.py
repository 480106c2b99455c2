"""Wheels as folders of source text: fetched with pip, unpacked, never imported.

In: pinned packages. Out: a folder of ``.py`` files for each.
"""

import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from packaging.utils import canonicalize_name

from codekin_model.corpus.package_list import Package


class FetchError(RuntimeError):
    """pip could not bring a wheel, or what it brought cannot be read."""


def fetch_source(package: Package, cache: Path) -> Path:
    """The folder with the Python files of ``package``, downloaded at most once into ``cache``.

    Raises:
        FetchError: pip failed, and the message holds its last line; or the wheel is damaged.
    """
    target = cache / f"{package.name}-{package.version}"
    if not target.is_dir():
        unpacking = target.with_name(f"{target.name}.unpacking")
        _unpack(_wheel(package, cache / "wheels"), unpacking)
        unpacking.rename(target)
    return target


def _unpack(wheel: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if name.endswith(".py")])
    except (zipfile.BadZipFile, zlib.error, EOFError) as problem:
        raise FetchError(f"{wheel} is damaged: delete it, and build again") from problem


def _wheel(package: Package, wheels: Path) -> Path:
    wheels.mkdir(parents=True, exist_ok=True)
    if _found(package, wheels) is None:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command += ["--ignore-requires-python", "--dest", str(wheels), f"{package.name}=={package.version}"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            said = run.stderr.strip().splitlines() or ["pip gave no reason"]
            raise FetchError(f"{package.name}=={package.version} cannot be fetched: {said[-1]}")
    wheel = _found(package, wheels)
    if wheel is None:
        raise FetchError(
            f"{package.name}=={package.version} came under another name or version: write those of its wheel"
        )
    return wheel


def _found(package: Package, wheels: Path) -> Path | None:
    """Its wheel in ``wheels``, whose file name may write the package's name in another way."""
    wanted = canonicalize_name(package.name), package.version
    for wheel in wheels.glob("*.whl"):
        name, version, *_ = wheel.name.split("-")
        if (canonicalize_name(name), version) == wanted:
            return wheel
    return None
