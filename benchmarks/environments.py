"""Environments as users have them: with some distributions and what these need, and no more.

Each is a venv with links to what is installed here, so that all of them have the same versions and
none takes a package from an index. Plugins are loaded by their entry points.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import pytest_videolink

OURS = "pytest-videolink"
VARIABLES = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "", "PYTHONPATH": ""}
"""What a process in such an environment is not to take over from here."""


def python(folder: Path, *requirements: str, interpreter: str = sys.executable) -> str:
    """The interpreter of the environment in a folder, which is made where it is not there yet.

    ``requirements`` are as pip takes them, such as ``pytest-videolink[http]``, without versions. Of
    another interpreter it has what is written in Python.
    """
    binary = folder / "bin" / "python"
    if not binary.exists():
        made = (interpreter, "-m", "venv", "--symlinks", "--without-pip", str(folder))
        subprocess.run(made, check=True)
        (packages,) = folder.glob("lib/python*/site-packages")
        for each in needed(*requirements).values():
            for path in _paths(each):
                (packages / path.name).symlink_to(path)
    return str(binary)


def needed(*requirements: str) -> dict[str, Distribution]:
    """Some distributions and all that they need, by name."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(each) for each in requirements]
    seen: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if f"{name} {sorted(wanted.extras)}" not in seen:
            seen.add(f"{name} {sorted(wanted.extras)}")
            found[name] = distribution(name)
            waiting += _requirements(found[name], wanted.extras)
    return found


def _requirements(some: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for each in map(Requirement, some.requires or ()):
        if each.marker is None or any(
            each.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            yield each


def _paths(some: Distribution) -> Iterator[Path]:
    """The packages, modules and descriptions of a distribution."""
    tops = {file.parts[0] for file in some.files or ()}
    for top in sorted(tops - {"..", "__pycache__"}):
        if not top.endswith(".pth"):
            yield Path(str(some.locate_file(top))).resolve()
    if canonicalize_name(some.name) == OURS and "pytest_videolink" not in tops:  # it is editable
        yield Path(pytest_videolink.__file__).parent
