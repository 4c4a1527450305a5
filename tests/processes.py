"""pytest in a process of its own, in an environment that the test decides."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from support import NOW, cannot

CLOCK = f"--videolink-now={NOW.isoformat()}"


@dataclass(frozen=True)
class Done:
    """A process that has ended: its exit code, and all that it said."""

    code: int
    text: str

    @property
    def said(self) -> str:
        """The text with its lines joined."""
        return " ".join(self.text.split())


def environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """This process's variables without those of pytest, and with these; ``None`` takes one away."""
    kept = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
    changed = {**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **changes}
    return {name: text for name, text in changed.items() if text is not None}


def command(*arguments: str, python: Sequence[str] = ()) -> list[str]:
    """pytest with the plugin and at the tests' own time; ``python`` are the interpreter's flags."""
    return [sys.executable, *python, "-m", "pytest", "-p", "videolink", CLOCK, *arguments]


def run(
    folder: Path,
    *arguments: str,
    python: Sequence[str] = (),
    variables: Mapping[str, str | None] | None = None,
    under: Sequence[str] = (),
    before: Callable[[], None] | None = None,
    stdout: IO[str] | None = None,
) -> Done:
    """Run pytest in a folder.

    ``under`` is a command that runs it, ``before`` a function that the new process calls first.
    """
    changes = dict(variables or {})
    if before is not None:  # it may cut files short, which would break all later runs
        changes["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run(
        [*under, *command(*arguments, python=python)],
        cwd=folder,
        env=environment(changes),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=stdout or subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        preexec_fn=before,
        timeout=120,
    )
    return Done(done.returncode, (done.stdout or "") + done.stderr)


@functools.cache
def under_permissions() -> tuple[str, ...]:
    """The command under which a file's permissions count, for root as for everybody.

    Root is asked to give up what lets it pass over them. Skips the test where that cannot be done.
    """
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    setpriv = shutil.which("setpriv")
    dropped = "--bounding-set=-dac_override,-dac_read_search"
    under = (setpriv, dropped, "--inh-caps=-all") if is_root and setpriv else ()
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder, "locked")
        locked.mkdir(0o500)
        write = f"open({str(locked / 'file')!r}, 'w')"
        done = subprocess.run(
            [*under, sys.executable, "-c", write], check=False, capture_output=True, timeout=60
        )
        if b"PermissionError" not in done.stderr:
            cannot("whoever runs the tests may write everywhere, and setpriv is of no help")
    return under


def small_files(size: int) -> Callable[[], None]:
    """What lets a process write no file of more bytes, for ``before``."""
    resource = pytest.importorskip("resource", reason="the system knows no limit of a file's size")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit
