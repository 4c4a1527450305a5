"""The reference service of examples/service, as a process of its own on a loopback address."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[1]
COMMAND = PROJECT / "examples" / "service" / "serve.py"


@contextmanager
def command(*arguments: str | Path, token: str | None = None) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if name != "VIDEOLINK_TOKEN"}
    with subprocess.Popen(
        [sys.executable, COMMAND, *arguments],
        cwd=PROJECT,
        env=environment | ({} if token is None else {"VIDEOLINK_TOKEN": token}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said_until_it_listens(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    return said
