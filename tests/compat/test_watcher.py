"""pytest-watcher: a record, or a table that it names, is checked once it is saved."""

import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import processes
import pytest
from companions import Fleet
from support import edited, right_clinic, to_yaml

PYTEST = ["-m", "pytest", "-p", "videolink", "-p", "no:cacheprovider", "-q", processes.CLOCK]


def wait_for(words: str, file: Path) -> str:
    """What a file holds, once it holds these words."""
    last = time.monotonic() + 60
    while words not in (text := file.read_text(encoding="utf-8")):
        assert time.monotonic() < last, text
        time.sleep(0.1)
    return text


@pytest.mark.parametrize("saved", ["harbourside.yaml", "exports/users.csv"])
def test_what_is_saved_is_checked(fleet: Fleet, saved: str) -> None:
    if find_spec("pytest_watcher") is None:
        processes.cannot("pytest-watcher is not installed: pip install '.[compat]'")
    project = fleet.own()
    clinics, said = project.folder / "clinics", project.written / "said.txt"
    listed = {"csv": "exports/users.csv", "columns": {"id": "ID", "name": "Name"}}
    document = edited(right_clinic(), {"pms.practitioners": listed})
    (clinics / "harbourside.yaml").write_text(to_yaml(document), encoding="utf-8")
    (clinics / "exports").mkdir()
    users = "ID,Name\n17,Dr Amara Nwosu\n18,Dr Li Wei\n"
    (clinics / "exports" / "users.csv").write_text(users, encoding="utf-8")
    watch = [
        "-m",
        "pytest_watcher",
        ".",
        "--patterns=**/*.yaml,**/*.csv,**/*.xlsx",
        "--runner",
        sys.executable,
    ]
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
            text = (clinics / saved).read_text(encoding="utf-8")
            (clinics / saved).write_text(text, encoding="utf-8")
            text = wait_for("harbourside: READY", said)
        finally:
            watcher.terminate()
    assert f"Detected modified: ./clinics/{saved}" in text
