"""Without the address of a service the plugin opens no socket: here none can be opened."""

from __future__ import annotations

from pathlib import Path

import processes
import pytest
from conftest import Clinics
from support import edited, right_clinic

ALL = "--videolink-clinic=*"
REPORTS = [f"--videolink-report=report.{suffix}" for suffix in ("html", "md", "csv", "json")]

# Python tells of every socket, whoever opens it, before it is opened. From the very start, so that
# nothing that is imported escapes.
GUARD = """\
import sys


def refuse(event, arguments):
    if event.startswith("socket."):
        with open({file!r}, "a") as file:
            file.write(event + chr(10))
        raise PermissionError("no socket may be opened")


sys.addaudithook(refuse)
"""


@pytest.fixture
def opened(clinics: Clinics) -> Path:
    """The file that names what was tried; two clinics on one database, one with a mistake."""
    clinics.write(
        edited(right_clinic(), {"pms.shares_database_with": ["north"]}),
        edited(
            right_clinic("north"),
            {"pms.shares_database_with": ["harbourside"], "pms.connected": False},
        ),
    )
    clinics.pytester.makepyfile(test_a="def test_a(): pass")
    guard = clinics.pytester.mkdir("guard")
    file = guard / "opened.txt"
    (guard / "sitecustomize.py").write_text(GUARD.format(file=str(file)))
    return file


def guarded(clinics: Clinics, opened: Path, *arguments: str) -> processes.Done:
    variables = {"PYTHONPATH": str(opened.parent)}
    return processes.run(clinics.pytester.path, *arguments, variables=variables)


RUNS: dict[str, tuple[list[str], int]] = {
    "every clinic, with reports": ([ALL, *REPORTS, "--junitxml=junit.xml"], 1),
    "a clinic by its path": (["clinics/harbourside.yaml"], 1),
    "an unknown clinic": (["--videolink-clinic=perth"], 4),
    "a source that is not there": ([ALL, "--videolink-source=nowhere"], 4),
    "the catalogue": (["--videolink-checks"], 0),
    "a page": (["--videolink-explain=VL201"], 0),
    "a new clinic": (["--videolink-new=perth"], 0),
    "ordinary tests": (["test_a.py"], 0),
}


@pytest.mark.parametrize(("arguments", "code"), RUNS.values(), ids=RUNS)
def test_no_socket_is_opened(
    clinics: Clinics, opened: Path, arguments: list[str], code: int
) -> None:
    done = guarded(clinics, opened, *arguments)
    assert not opened.exists(), opened.read_text()
    assert done.code == code, done.text


def test_the_guard_sees_a_service_being_asked(clinics: Clinics, opened: Path) -> None:
    done = guarded(clinics, opened, ALL, "--videolink-source=http://127.0.0.1:9")
    assert done.code != pytest.ExitCode.OK
    assert "socket.__new__" in opened.read_text()
