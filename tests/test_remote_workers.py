"""pytest-xdist's workers on another machine, as the page about fleets shows them.

The other machine is another Python, in a folder of its own, behind execnet's server on loopback.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CLOCK, Clinics
from support import cannot, edited, right_clinic

PROJECT = Path(__file__).parents[1]
sys.path.append(str(PROJECT / "benchmarks"))  # for environments of their own
environments = pytest.importorskip("environments", reason="the benchmarks are not in this tree")

PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
PATH = os.environ["PATH"]
FIRST_ALIKE = 11
"""Python 3.10 takes libraries that later ones do without."""
OFF = {"practitioners.0.accepts_video_appointments": False}


def another_python() -> tuple[str, str]:
    """An interpreter of another version, and which that is."""
    found = next(_other_pythons(), None)
    if found is None:
        cannot("there is no other Python here")
    return found


def _other_pythons() -> Iterator[tuple[str, str]]:
    for minor in range(FIRST_ALIKE, 30):
        version = f"3.{minor}"
        on_path = shutil.which(f"python{version}", path=PATH)
        places = [*PYENV.glob(f"versions/{version}.*/bin/python"), *([on_path] if on_path else [])]
        for place in places if sys.version_info[1] != minor else ():
            asked = (str(place), "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
            said = subprocess.run(asked, check=False, capture_output=True, text=True)
            if said.stdout.strip() == version:  # pyenv has a file for versions that are not on
                yield str(place), version


@pytest.fixture
def other_machine(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of execnet's server, and the version of its Python."""
    interpreter, version = another_python()
    needed = ("pytest-videolink", "pytest-xdist")
    python = environments.python(tmp_path / "python", *needed, interpreter=interpreter)
    machine = tmp_path / "machine"
    machine.mkdir()
    log = machine / "log"
    with log.open("w", encoding="utf-8") as file:
        server = subprocess.Popen(
            [python, "-u", "-m", "execnet.script.socketserver", "127.0.0.1:0"],
            cwd=machine,
            env={"PATH": PATH, "LANG": "C.UTF-8"},
            stdout=file,
            stderr=file,
        )
    try:
        until = time.monotonic() + 30
        while not (listens := re.search(r"\('127\.0\.0\.1', (\d+)\)", log.read_text("utf-8"))):
            assert time.monotonic() < until, log.read_text("utf-8")
            assert server.poll() is None, log.read_text("utf-8")
            time.sleep(0.05)
        yield f"socket=127.0.0.1:{listens[1]}", version
    finally:
        server.terminate()
        server.wait(30)


def test_a_worker_of_another_python_behind_a_socket(
    clinics: Clinics, other_machine: tuple[str, str]
) -> None:
    address, version = other_machine
    ids = ("albury", "bourke", "cobar")
    clinics.write(*(edited(right_clinic(id, database=id), OFF) for id in ids))
    asked = ("-p", "videolink", "-p", "xdist", "-p", "no:cacheprovider", CLOCK, "-v")
    asked += ("--videolink-clinic=*", "--videolink-report=now.json")

    def run(*arguments: str) -> tuple[pytest.RunResult, str]:
        result = clinics.pytester.runpytest_subprocess(*asked, *arguments)
        text = (clinics.pytester.path / "now.json").read_text(encoding="utf-8")
        return result, text

    alone, whole = run()
    several, same = run("--dist=load", "--tx", address, "--tx", "popen")
    several.stdout.fnmatch_lines([f"*gw0* Python {version}.* cwd: *pyexecnetcache*"])
    for worker in ("gw0", "gw1"):
        several.stdout.fnmatch_lines([f"*{worker}* PASSED clinics/*"])
    assert several.ret == alone.ret == pytest.ExitCode.TESTS_FAILED
    assert several.parseoutcomes() == alone.parseoutcomes()
    assert same.replace("-p xdist ", "") == whole.replace("-p xdist ", "")


def test_the_page_shows_what_was_tried() -> None:
    page = (PROJECT / "docs" / "how-to" / "fleet.md").read_text(encoding="utf-8")
    assert "python -m execnet.script.socketserver 127.0.0.1:8888" in page
    assert "--tx socket=127.0.0.1:8888" in page
    assert "--dist=load" in page
