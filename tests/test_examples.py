"""The example clinics: what they are said to show is what the plugin finds in them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Clinics
from support import TERMS

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.judging.judge import Judge, State
from pytest_videolink.sources.directory import Directory
from pytest_videolink.sources.fleet import Fleet

PROJECT = Path(__file__).parents[1]
EXAMPLES = PROJECT / "examples"
README = (EXAMPLES / "README.md").read_text(encoding="utf-8")

NOT_PASSED: dict[str, set[tuple[str, str, str]]] = {
    "harbourside": set(),
    "bayview": {
        ("VL201", "dr-tomasz-okafor", "failed"),
        ("VL301", "video-long", "failed"),
        ("VL302", "video-care-plan", "failed"),
        ("VL303", "video-first-visit", "failed"),
        ("VL304", "video-first-visit", "blocked"),
        ("VL305", "video-first-visit", "blocked"),
        ("VL306", "video-first-visit", "blocked"),
        ("VL401", "dr-leilani-kahale", "failed"),
        ("VL500", "dr-tomasz-okafor::video-consult", "blocked"),
        ("VL500", "dr-hana-petrovic::video-long", "blocked"),
        ("VL500", "dr-yusuf-demir::video-care-plan", "blocked"),
        ("VL500", "dr-yusuf-demir::video-first-visit", "blocked"),
        ("VL500", "dr-leilani-kahale::video-consult", "blocked"),
    },
    "bayview-north": set(),
    "jabiru-lane": set(),
    "ironwood-landing": {
        ("VL305", "video-consult", "failed"),
        ("VL500", "dr-farida-rahimi::video-consult", "blocked"),
        ("VL500", "dr-joseph-tanaka::video-consult", "blocked"),
    },
    "quandong-row": {("VL312", "dr-rajesh-subramaniam::telehealth-video", "waived")},
    "karri-tide": {("VL601", "karri-tide", "warning")},
    "wattle-street": {
        ("VL302", "video-review", "failed"),
        ("VL500", "dr-samir-odell::video-review", "blocked"),
        ("VL501", "W-102", "pending"),
        ("VL501", "W-103", "failed"),
        ("VL501", "W-104", "failed"),
        ("VL501", "W-105", "failed"),
        ("VL501", "W-106", "failed"),
        ("VL501", "W-107", "failed"),
    },
}

BLOCKED_LINKS = {
    "dr-tomasz-okafor::video-consult": "blocked by VL201 (dr-tomasz-okafor)",
    "dr-hana-petrovic::video-long": "blocked by VL301 (video-long)",
    "dr-yusuf-demir::video-care-plan": "blocked by VL302 (video-care-plan)",
    "dr-yusuf-demir::video-first-visit": "blocked by VL303 (video-first-visit)",
    "dr-leilani-kahale::video-consult": "blocked by VL401 (dr-leilani-kahale)",
}

EXIT_CODES = {
    "harbourside": 0,
    "bayview": 1,
    "bayview-north": 0,
    "jabiru-lane": 0,
    "ironwood-landing": 1,
    "quandong-row": 0,
    "karri-tide": 0,
    "wattle-street": 1,
}

CAUSES = {
    "W-102": "pending: it was booked within 15 minutes before the link was looked for (check 1);"
    " look again at 09:03",
    "W-103": "Appointment W-103 synced as a standard appointment: its PMS type is linked to no"
    " video type",
    "W-104": "Appointment W-104 has no link and its start has passed: none can appear any more",
    "W-105": "Appointment W-105 has no link: it was booked before the last change of Dr Samir"
    " Odell",
    "W-106": "Appointment W-106 has no link (VL302): Video Review does not have Telehealth Video"
    " enabled",
    "W-107": "Appointment W-107 has no link though every setting is right",
}


def judge(clinic: str) -> Judge:
    source = Directory(EXAMPLES / "clinics")
    entry = next(entry for entry in source.entries() if entry.id == clinic)
    fleet = Fleet(source, [entry])
    record = fleet.record(entry)
    assert record.clinic is not None, record.problems
    return Judge(record.clinic, fleet.neighbours(record.clinic), CATALOGUE, TERMS)


def test_the_table_has_every_example() -> None:
    entries = Directory(EXAMPLES / "clinics").entries()
    assert {entry.id for entry in entries} == set(NOT_PASSED) == set(EXIT_CODES)


@pytest.mark.parametrize(("clinic", "expected"), NOT_PASSED.items(), ids=NOT_PASSED)
def test_what_does_not_pass(clinic: str, expected: set[tuple[str, str, str]]) -> None:
    judgements = list(judge(clinic).judgements())
    assert {
        (each.check.id, each.subject.id, each.state.value)
        for each in judgements
        if each.state is not State.PASSED
    } == expected
    assert len(judgements) > len(expected)


def test_each_missing_link_of_bayview_has_its_own_cause() -> None:
    assert {
        each.subject.id: each.reason
        for each in judge("bayview").judgements()
        if each.check.id == "VL500" and each.state is State.BLOCKED
    } == BLOCKED_LINKS


def test_each_appointment_of_wattle_street_has_its_own_cause() -> None:
    assert {
        each.subject.id: each.reason
        for each in judge("wattle-street").judgements()
        if each.check.id == "VL501" and each.state is not State.PASSED
    } == CAUSES


@pytest.mark.parametrize(("clinic", "code"), EXIT_CODES.items(), ids=EXIT_CODES)
def test_exit_code(clinics: Clinics, clinic: str, code: int) -> None:
    source = f"--videolink-source={EXAMPLES / 'clinics'}"
    assert clinics.run(source, f"--videolink-clinic={clinic}", "-q").ret == code


# As a user runs them


def run(*arguments: str, folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """pytest as a command, with the project's own configuration."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.fixture
def _all_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")


@pytest.mark.usefixtures("_all_plugins")
def test_harbourside_passes_from_the_project_folder() -> None:
    result = run("--videolink-clinic=harbourside", "-q")
    assert (result.returncode, result.stderr) == (0, "")
    assert "harbourside: READY\n" in result.stdout
    assert re.search(r"^\d+ passed in ", result.stdout, re.MULTILINE)


@pytest.mark.usefixtures("_all_plugins")
def test_bayview_fails_five_times_from_the_project_folder() -> None:
    result = run("--videolink-clinic=bayview", "-q")
    assert (result.returncode, result.stderr) == (1, "")
    assert "bayview: NOT READY\n" in result.stdout
    assert re.findall(r"^FAILED \S+?::([\w:-]+)", result.stdout, re.MULTILINE) == [
        "dr-tomasz-okafor::VL201-accepts-video",
        "dr-leilani-kahale::VL401-one-dashboard",
        "video-long::VL301-telehealth-on",
        "video-care-plan::VL302-video-on",
        "video-first-visit::VL303-linked-to-pms-type",
    ]
    assert re.search(r"^5 failed, \d+ passed, 8 skipped in ", result.stdout, re.MULTILINE)


# What examples/README.md says


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose heading row begins like this, without their backticks."""
    lines = README.partition(f"| {heading} |")[2].splitlines()[2:]
    table = [line for line in lines[: [*lines, ""].index("")] if line.startswith("|")]
    return [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in table
    ]


def test_every_check_that_is_named_exists() -> None:
    named = set(re.findall(r"\bVL\d{3}\b", README))
    assert {"VL003", "VL201", "VL301", "VL302", "VL303", "VL305", "VL312", "VL401"} <= named
    assert named <= {check.id for check in CATALOGUE}


def test_every_clinic_is_described() -> None:
    assert {row[0] for row in rows("clinic")} == set(NOT_PASSED)


def test_bayviews_mistakes_are_the_ones_described() -> None:
    assert {(row[0], row[1], "failed") for row in rows("check")} == {
        each for each in NOT_PASSED["bayview"] if each[2] == "failed"
    }


def run_as_written(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, number: int
) -> pytest.RunResult:
    """Run one of the commands of the README, in the folder that it is for."""
    commands = re.findall(r"^(pytest .+)$", README, re.MULTILINE)
    _, *arguments = shlex.split(commands[number])
    monkeypatch.chdir(EXAMPLES)
    return clinics.pytester.runpytest_inprocess(
        "-p", "videolink", "-p", "no:cacheprovider", *arguments
    )


def test_the_command_for_all_gives_the_verdicts(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run_as_written(clinics, monkeypatch, 0)
    assert result.ret == 1
    verdicts = {row[0]: row[3].partition(",")[0] for row in rows("clinic")}
    said = re.findall(r"^([a-z-]+): ([A-Z ]+)(?::.*)?$", result.stdout.str(), re.MULTILINE)
    assert dict(said) == verdicts


def test_the_command_for_one_appointment_says_why_it_has_no_link(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run_as_written(clinics, monkeypatch, 1)
    assert result.ret == 1
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines([CAUSES["W-105"]])
