"""Wherever the plugin runs, it says the same: the outcomes of the example clinics are compared.

Each environment is a process of its own, on a copy of the example clinics. What it reports, in
every format, has to be byte for byte what is reported in a plain environment.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from processes import Done, run, under_permissions

EXAMPLES = Path(__file__).parents[1] / "examples" / "clinics"
SUFFIXES = ("csv", "html", "json", "md", "sarif")
ALL = "--videolink-clinic=*"

VERDICTS = {
    "bayview": "NOT READY",
    "bayview-north": "READY",
    "harbourside": "READY",
    "ironwood-landing": "NOT READY",
    "jabiru-lane": "READY",
    "karri-tide": "READY",
    "quandong-row": "READY WITH WAIVERS",
    "wattle-street": "NOT READY",
}
WARNED = "clinics/karri-tide.json::VL601-approval-automatic"


def project(folder: Path) -> Path:
    """A project with the example clinics."""
    shutil.copytree(EXAMPLES, folder / "clinics")
    (folder / "pytest.ini").write_text("[pytest]\n")
    return folder


def check_all(
    folder: Path,
    reports: Path,
    *arguments: str,
    python: Sequence[str] = (),
    variables: dict[str, str | None] | None = None,
    under: Sequence[str] = (),
) -> tuple[Done, dict[str, bytes]]:
    """Check every clinic, and read what was reported, by suffix."""
    reports.mkdir()
    files = {suffix: reports / f"report.{suffix}" for suffix in SUFFIXES}
    done = run(
        folder,
        ALL,
        *(f"--videolink-report={file}" for file in files.values()),
        *arguments,
        python=python,
        variables=variables,
        under=under,
    )
    assert all(file.exists() for file in files.values()), done.text
    return done, {suffix: file.read_bytes() for suffix, file in files.items()}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What is reported in an environment where nothing is special."""
    folder = tmp_path_factory.mktemp("plain")
    done, reported = check_all(project(folder), folder / "reports")
    assert done.code == 1
    assert {clinic["id"]: clinic["verdict"] for clinic in clinics_of(reported)} == VERDICTS
    return reported


def clinics_of(reported: dict[str, bytes]) -> list[dict[str, Any]]:
    clinics: list[dict[str, Any]] = json.loads(reported["json"])["clinics"]
    return clinics


def differing(reported: dict[str, bytes], plain: dict[str, bytes]) -> list[str]:
    """The suffixes of reports that are not the plain ones."""
    return [suffix for suffix in SUFFIXES if reported[suffix] != plain[suffix]]


@dataclass(frozen=True)
class Environment:
    """Flags of the interpreter, environment variables, and the name of rootdir."""

    python: tuple[str, ...] = ()
    variables: dict[str, str | None] = field(default_factory=dict)
    rootdir: str = "project"
    arguments: tuple[str, ...] = ()


ASCII: dict[str, str | None] = {
    "LC_ALL": "C",
    "LANG": None,
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": None,
}
NO_HOME: dict[str, str | None] = dict.fromkeys(
    ("HOME", "USERPROFILE", "USER", "LOGNAME", "USERNAME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
)
FOREIGN = "Räume mit Lücken, 診療所 №1"

ENVIRONMENTS = {
    "PYTHONHASHSEED=0": Environment(variables={"PYTHONHASHSEED": "0"}),
    "PYTHONHASHSEED=1": Environment(variables={"PYTHONHASHSEED": "1"}),
    "PYTHONHASHSEED=20261123": Environment(variables={"PYTHONHASHSEED": "20261123"}),
    "LC_ALL=C": Environment(variables={"LC_ALL": "C"}),
    "LC_ALL=C, and no help of Python's": Environment(variables=ASCII),
    "a rootdir with spaces and foreign letters": Environment(rootdir=FOREIGN),
    "the same, and LC_ALL=C": Environment(variables=ASCII, rootdir=FOREIGN),
    "no home": Environment(variables=NO_HOME),
    "a home that is not there": Environment(variables={"HOME": "/nonexistent/home"}),
    "another time zone": Environment(variables={"TZ": "Pacific/Auckland"}),
    "no time zones but those of tzdata": Environment(variables={"PYTHONTZPATH": ""}),
    "no terminal to speak of": Environment(variables={"TERM": "dumb", "COLUMNS": "20"}),
    "continuous integration": Environment(variables={"CI": "true", "GITHUB_ACTIONS": "true"}),
    "asserts compiled away": Environment(python=("-O",), arguments=("--assert=plain",)),
    "docstrings as well": Environment(python=("-OO",), arguments=("--assert=plain",)),
    "isolated": Environment(python=("-I",)),
    "development mode": Environment(python=("-X", "dev")),
}


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_everywhere_the_same_is_reported(
    tmp_path: Path, plain: dict[str, bytes], environment: Environment
) -> None:
    root = tmp_path / environment.rootdir
    root.mkdir()
    done, reported = check_all(
        project(root),
        tmp_path / "reports",
        *environment.arguments,
        python=environment.python,
        variables=environment.variables,
    )
    assert done.code == 1
    assert differing(reported, plain) == []
    assert "Traceback" not in done.text
    assert "INTERNALERROR" not in done.text
    assert "Dr Tomasz Okafor does not accept video appointments" in done.said


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A rootdir in which nothing can be written, with folders in which nothing can."""
    folder = tmp_path / "locked"
    folder.mkdir()
    project(folder)
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for each in folders:
        each.chmod(0o500)
    yield folder
    for each in folders:
        each.chmod(0o700)


def test_a_rootdir_that_is_read_only(tmp_path: Path, plain: dict[str, bytes], locked: Path) -> None:
    done, reported = check_all(locked, tmp_path / "reports", under=under_permissions())
    assert done.code == 1
    assert differing(reported, plain) == []
    assert sorted(path.name for path in locked.iterdir()) == ["clinics", "pytest.ini"]
    assert "could not create cache path" in done.said  # pytest says that --lf will not work


def outcomes_of(reported: dict[str, bytes]) -> dict[str, str]:
    return {
        item["id"]: item["outcome"] for clinic in clinics_of(reported) for item in clinic["items"]
    }


@pytest.mark.parametrize("option", ["--videolink-explain=VL201", "--videolink-checks"])
def test_what_is_told_of_checks_where_docstrings_are_compiled_away(
    tmp_path: Path, option: str
) -> None:
    # pytest 9.0 warns of assert statements even so.
    plain = ("--assert=plain", "-Wignore::pytest.PytestConfigWarning")
    told = run(tmp_path, option, *plain, python=["-OO"])
    assert told == run(tmp_path, option, *plain)
    assert told.code == 0


def test_every_warning_an_error(tmp_path: Path, plain: dict[str, bytes]) -> None:
    """Of Python as of pytest. A clinic's warning then fails, and nothing else changes."""
    done, reported = check_all(
        project(tmp_path),
        tmp_path / "reports",
        "-Werror",
        python=("-W", "error", "-X", "dev"),
    )
    assert done.code == 1
    assert f"FAILED {WARNED}" in done.said
    assert outcomes_of(reported) == outcomes_of(plain)
    assert "13 failed" in done.text
