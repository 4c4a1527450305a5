"""pytest-watcher: a record that is saved is checked, below the folder as well."""

import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import processes
from companions import Fleet

PYTEST = ["-m", "pytest", "-p", "videolink", "-p", "no:cacheprovider", "-q", processes.CLOCK]


def wait_for(words: str, file: Path) -> str:
    """What a file holds, once it holds these words."""
    last = time.monotonic() + 60
    while words not in (text := file.read_text(encoding="utf-8")):
        assert time.monotonic() < last, text
        time.sleep(0.1)
    return text


def test_a_record_that_is_saved_is_checked(fleet: Fleet) -> None:
    if find_spec("pytest_watcher") is None:
        processes.cannot("pytest-watcher is not installed: pip install '.[compat]'")
    project = fleet.own()
    record, said = project.folder / "clinics" / "harbourside.yaml", project.written / "said.txt"
    watch = ["-m", "pytest_watcher", ".", "--patterns=**/*.yaml", "--runner", sys.executable]
    with (
        said.open("w") as out,
        subprocess.Popen(
            [sys.executable, *watch, *PYTEST, "clinics/harbourside.yaml"],
            cwd=project.folder,
            env=processes.environment({}),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        ) as watcher,
    ):
        try:
            wait_for("Waiting for file changes", said)
            time.sleep(1)  # it says so a little before it does
            record.write_text(record.read_text(encoding="utf-8"), encoding="utf-8")
            text = wait_for(" passed in ", said)
        finally:
            watcher.terminate()
    assert "Detected modified: ./clinics/harbourside.yaml" in text
    assert "harbourside: READY" in text
