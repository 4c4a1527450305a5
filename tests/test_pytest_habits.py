"""pytest's own options do on a clinic's items what they do on any test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TypeAlias

import pytest
from conftest import CLOCK, Clinics
from support import REMOVED, Document, edited, outcomes_of, right_clinic, to_yaml

import pytest_videolink.session.collection  # noqa: F401  (loaded once for all runs in this process)

SWITCHES_OFF = {
    "pms.connected": False,
    "practitioners.0.accepts_video_appointments": False,
    "appointment_types.0.telehealth_video": False,
}
FAILING = [
    "harbourside.yaml::VL103-pms-connected",
    "harbourside.yaml::dr-amara-nwosu::VL201-accepts-video",
    "harbourside.yaml::telehealth-video::VL302-video-on",
]
"""What fails where these switches are off, in order."""

ASKED, ALL = "--videolink-clinic=harbourside", "--videolink-clinic=*"
WAIVER = {"check": "VL103", "reason": "being moved", "owner": "Kim", "until": "2026-12-31"}
MANUAL = {"dashboard.new_patient_approval": "manual"}
BY_HAND = "Harbourside Medical Centre approves bookings of new patients by hand"


def small_clinic(edits: Mapping[str, object] | None = None, id: str = "harbourside") -> Document:
    """A clinic with one practitioner and one type; all its items pass without edits."""
    alone = {
        "practitioners.1": REMOVED,
        "appointment_types.1": REMOVED,
        "appointment_types.0.practitioners": ["dr-amara-nwosu"],
    }
    return edited(right_clinic(id, id.upper()), {**alone, **(edits or {})})


SMALL = len(outcomes_of(small_clinic()))
"""How many items that clinic has."""


@pytest.fixture
def mistakes(clinics: Clinics) -> Clinics:
    """A clinic with three mistakes, and one that has none."""
    clinics.write(small_clinic(SWITCHES_OFF), small_clinic(id="perth"))
    return clinics


def failing(outcomes: dict[str, str]) -> list[str]:
    return [id for id, outcome in outcomes.items() if outcome == "failed"]


# --lf, --ff, --sw, -x


def test_lf_reruns_exactly_what_failed(mistakes: Clinics) -> None:
    assert failing(mistakes.outcomes(ASKED)) == FAILING
    assert list(mistakes.outcomes(ASKED, "--lf")) == FAILING
    mistakes.write(small_clinic({"pms.connected": False}))
    assert mistakes.outcomes(ASKED, "--lf") == {
        FAILING[0]: "failed",
        FAILING[1]: "passed",
        FAILING[2]: "passed",
    }
    assert list(mistakes.outcomes(ASKED, "--lf")) == FAILING[:1]


@pytest.mark.parametrize(
    ("edit", "failed"),
    [
        ("pms.connected", FAILING[0]),
        ("practitioners.0.accepts_video_appointments", FAILING[1]),
        ("appointment_types.0.telehealth_video", FAILING[2]),
    ],
)
@pytest.mark.parametrize("arguments", [[ALL], ["clinics"]], ids=["by-id", "by-path"])
def test_lf_among_clinics_that_pass(
    mistakes: Clinics, arguments: list[str], edit: str, failed: str
) -> None:
    mistakes.write(small_clinic({edit: False}))
    assert failing(mistakes.outcomes(*arguments)) == [failed]
    assert mistakes.outcomes(*arguments, "--lf") == {failed: "failed"}


def test_lf_with_ordinary_tests(mistakes: Clinics) -> None:
    mistakes.pytester.makepyfile(test_a="def test_a(): assert 0\ndef test_b(): pass\n")
    arguments = ["test_a.py", ASKED]
    assert failing(mistakes.outcomes(*arguments)) == ["test_a.py::test_a", *FAILING]
    assert list(mistakes.outcomes(*arguments, "--lf")) == ["test_a.py::test_a", *FAILING]


def outside(mistakes: Clinics, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A project beside the clinics. Returns the arguments that ask for them from there."""
    project = mistakes.pytester.mkdir("project")
    monkeypatch.chdir(project)
    return [f"--rootdir={project}", "--videolink-source=../clinics"]


@pytest.mark.parametrize("clinics_of", [[ALL], ["../clinics"]], ids=["by-id", "by-path"])
def test_lf_of_a_source_outside_rootdir(
    mistakes: Clinics, monkeypatch: pytest.MonkeyPatch, clinics_of: list[str]
) -> None:
    arguments = [*outside(mistakes, monkeypatch), *clinics_of]
    assert failing(mistakes.outcomes(*arguments)) == FAILING
    assert list(mistakes.outcomes(*arguments, "--lf")) == FAILING


@pytest.mark.parametrize("clinics_of", [[ALL], ["../clinics"]], ids=["by-id", "by-path"])
def test_lf_of_a_source_outside_rootdir_with_ordinary_tests(
    mistakes: Clinics, monkeypatch: pytest.MonkeyPatch, clinics_of: list[str]
) -> None:
    arguments = ["test_a.py", *outside(mistakes, monkeypatch), *clinics_of]
    Path("test_a.py").write_text("def test_a(): assert 0\n")
    assert failing(mistakes.outcomes(*arguments)) == ["test_a.py::test_a", *FAILING]
    Path("test_a.py").write_text("def test_a(): pass\n")
    assert list(mistakes.outcomes(*arguments, "--lf")) == ["test_a.py::test_a", *FAILING]


@pytest.mark.parametrize("name", ["clinics [new]", "our clinics", "cliniqués"])
def test_lf_whatever_the_path(mistakes: Clinics, name: str) -> None:
    mistakes.folder.rename(mistakes.pytester.path / name)
    arguments = [f"--videolink-source={name}", ASKED]
    expected = [f"{name}/{id}" for id in FAILING]
    assert failing(mistakes.outcomes(*arguments)) == expected
    assert list(mistakes.outcomes(*arguments, "--lf")) == expected


def test_lf_reruns_a_clinic_that_could_not_be_read(mistakes: Clinics) -> None:
    unknown_key = to_yaml({**right_clinic("perth", "PERTH"), "phone": "none"})
    mistakes.write(small_clinic(), perth=unknown_key)
    assert failing(mistakes.outcomes("clinics")) == ["perth.yaml::VL001-valid-document"]
    assert list(mistakes.outcomes("clinics", "--lf")) == ["perth.yaml::VL001-valid-document"]


def test_lf_after_everything_passed_runs_everything(harbourside: Clinics) -> None:
    before = harbourside.outcomes(ASKED)
    assert harbourside.outcomes(ASKED, "--lf") == before


def test_ff_runs_what_failed_first(mistakes: Clinics) -> None:
    before = mistakes.outcomes(ASKED)
    after = mistakes.outcomes(ASKED, "--ff")
    assert list(after)[:3] == FAILING
    assert after == before


def test_sw_stops_at_a_failure_and_goes_on_from_there(mistakes: Clinics) -> None:
    first = mistakes.outcomes(ASKED, "--sw")
    assert failing(first) == [FAILING[0]]
    assert list(first)[-1] == FAILING[0]
    assert list(mistakes.outcomes(ASKED, "--sw")) == [FAILING[0]]
    mistakes.write(small_clinic({**SWITCHES_OFF, "pms.connected": True}))
    second = mistakes.outcomes(ASKED, "--sw")
    assert next(iter(second)) == FAILING[0]
    assert list(second)[-1] == FAILING[1]


def test_x_stops_at_the_first_failure(mistakes: Clinics) -> None:
    outcomes = mistakes.outcomes(ASKED, "-x")
    assert list(outcomes)[-1] == FAILING[0]
    assert failing(outcomes) == [FAILING[0]]
    assert failing(mistakes.outcomes(ASKED, "--maxfail=2")) == FAILING[:2]
    assert mistakes.run(ASKED, "-x").ret != pytest.ExitCode.OK


def test_deselect(mistakes: Clinics) -> None:
    outcomes = mistakes.outcomes(ASKED, f"--deselect=clinics/{FAILING[0]}")
    assert failing(outcomes) == FAILING[1:]


# Without a plugin of pytest


@pytest.mark.parametrize(
    "plugin",
    [
        "warnings",
        "skipping",
        "terminal",
        "cacheprovider",
        "junitxml",
        "logging",
        "assertion",
        "python",
        "capture",
        "stepwise",
        "unraisableexception",
    ],
)
def test_without_a_plugin_of_pytest(mistakes: Clinics, plugin: str) -> None:
    green = mistakes.run("-p", f"no:{plugin}", "clinics/perth.yaml")
    assert green.ret == pytest.ExitCode.OK
    red = mistakes.run("-p", f"no:{plugin}", ASKED)
    assert red.ret == pytest.ExitCode.TESTS_FAILED
    if plugin != "terminal":
        green.assert_outcomes(passed=SMALL)
        red.assert_outcomes(passed=SMALL - 4, failed=3, skipped=1)


# Warnings


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        ([], "passed"),
        (["-W", "error::pytest_videolink.ConfigurationWarning"], "failed"),
        (["-W", "error"], "failed"),
        (["-W", "error::UserWarning"], "failed"),
        (["-W", "error::DeprecationWarning"], "passed"),
        (["-W", "ignore::pytest_videolink.ConfigurationWarning"], "passed"),
    ],
)
def test_warnings_as_errors(clinics: Clinics, arguments: list[str], outcome: str) -> None:
    clinics.write(small_clinic(MANUAL))
    outcomes = clinics.outcomes(ASKED, *arguments)
    assert outcomes["harbourside.yaml::VL601-approval-automatic"] == outcome
    assert {each for id, each in outcomes.items() if "VL601" not in id} == {"passed"}


def test_warnings_as_errors_by_ini(clinics: Clinics) -> None:
    clinics.pytester.makeini(
        "[pytest]\nfilterwarnings = error::pytest_videolink.ConfigurationWarning\n"
    )
    clinics.write(small_clinic(MANUAL))
    assert failing(clinics.outcomes(ASKED)) == ["harbourside.yaml::VL601-approval-automatic"]


def test_a_warning_as_an_error_says_what_a_failure_says(clinics: Clinics) -> None:
    clinics.write(small_clinic(MANUAL))
    result = clinics.run(ASKED, "-W", "error::pytest_videolink.ConfigurationWarning")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*_ harbourside.yaml > VL601-approval-automatic _*",
            BY_HAND,
            "*Harbourside Medical Centre (harbourside)",
            "clinics/harbourside.yaml:8:*",
            "How to fix it (practice manager):",
            "Check again:",
            "The run fails: -W or filterwarnings makes 1 warning fail.",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "nodes.py" not in result.stdout.str()


@pytest.mark.filterwarnings("ignore::pytest_videolink.ConfigurationWarning")
@pytest.mark.parametrize("arguments", [[], ["-p", "no:warnings"], ["-W", "ignore"]])
def test_a_warning_stands_in_the_closing_section(clinics: Clinics, arguments: list[str]) -> None:
    clinics.write(small_clinic(MANUAL))
    result = clinics.run(ASKED, *arguments)
    assert result.ret == pytest.ExitCode.OK
    _, _, closing = result.stdout.str().partition("= videolink =")
    assert BY_HAND in " ".join(closing.split())


@pytest.mark.skipif(pytest.version_tuple < (9, 1), reason="--max-warnings came with pytest 9.1")
def test_max_warnings(clinics: Clinics) -> None:
    clinics.write(small_clinic(MANUAL))
    assert clinics.run(ASKED, "--max-warnings=1").ret == pytest.ExitCode.OK
    assert clinics.run(ASKED, "--max-warnings=0").ret not in (0, None)


# Other options


def test_runxfail_fails_what_is_waived(clinics: Clinics) -> None:
    clinics.write(small_clinic({"pms.connected": False, "waivers": [WAIVER]}))
    assert clinics.outcomes(ASKED)[FAILING[0]] == "xfailed"
    assert failing(clinics.outcomes(ASKED, "--runxfail")) == [FAILING[0]]


def test_without_skipping_nothing_is_waived(clinics: Clinics) -> None:
    clinics.write(small_clinic({"pms.connected": False, "waivers": [WAIVER]}))
    assert failing(clinics.outcomes(ASKED, "-p", "no:skipping")) == [FAILING[0]]


def test_pdb_is_not_entered_where_nothing_failed(clinics: Clinics) -> None:
    edits = {**MANUAL, "pms.connected": False, "waivers": [WAIVER]}
    clinics.write(small_clinic(edits))
    result = clinics.run(ASKED, "--pdb")
    result.assert_outcomes(passed=SMALL - 1, skipped=1, xfailed=1, warnings=1)
    assert "(Pdb)" not in result.stdout.str()
    assert "entering PDB" not in result.stdout.str()


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["--durations=3", "-vv"], ["*= slowest 3 durations =*"]),
        (
            ["-rA"],
            [f"PASSED clinics/{FAILING[1].replace('VL201-accepts-video', 'VL202-linked-to-pms')}"],
        ),
        (["-rf"], [f"FAILED clinics/{id}*" for id in FAILING]),
        (["--setup-show"], [f"*clinics/{FAILING[0]}*"]),
        (["--tb=line"], ["Dr Amara Nwosu does not accept video appointments"]),
        (["--tb=short"], ["Dr Amara Nwosu does not accept video appointments"]),
        (["--tb=native"], ["Dr Amara Nwosu does not accept video appointments"]),
        (["--tb=long", "--showlocals"], ["Dr Amara Nwosu does not accept video appointments"]),
        (["--full-trace"], ["Dr Amara Nwosu does not accept video appointments"]),
        (["--no-header", "--no-summary"], [f"*3 failed, {SMALL - 4} passed, 1 skipped in *"]),
        (["-s"], ["clinics/harbourside.yaml *"]),
        (["--capture=sys"], ["clinics/harbourside.yaml *"]),
        (["-o", "console_output_style=count"], [f"*[[]{SMALL}/{SMALL}[]]"]),
        (["--import-mode=importlib"], [f"*3 failed, {SMALL - 4} passed, 1 skipped in *"]),
        (["--fixtures-per-test"], ["*"]),
    ],
    ids=lambda each: " ".join(each) if each[0].startswith("-") else "",
)
def test_other_options(mistakes: Clinics, arguments: list[str], lines: list[str]) -> None:
    result = mistakes.run(ASKED, *arguments)
    result.stdout.fnmatch_lines(lines)
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    if arguments != ["--fixtures-per-test"]:
        assert result.ret == pytest.ExitCode.TESTS_FAILED
        if arguments != ["--setup-show"]:
            result.assert_outcomes(passed=SMALL - 4, failed=3, skipped=1)


def test_two_runs_in_one_process_are_equal(mistakes: Clinics) -> None:
    def lines() -> list[str]:
        result = mistakes.run(ASKED, "-v", "-p", "no:cacheprovider")
        return [line for line in result.outlines if " in " not in line or "=" not in line]

    first = lines()
    mistakes.outcomes("--videolink-clinic=perth", "--videolink-sync-window=0")
    assert lines() == first


def test_random_order(mistakes: Clinics) -> None:
    in_order = mistakes.outcomes(ASKED)
    for seed in ("1", "2"):
        shuffled = mistakes.outcomes(ASKED, "-p", "randomly", f"--randomly-seed={seed}")
        assert list(shuffled) != list(in_order)
        assert shuffled == in_order


# In other processes

RECORDER = """\
import os
import time

def pytest_configure(config):
    if os.environ.get("PYTEST_XDIST_WORKER") == "gw1":
        time.sleep({lag})

def pytest_runtest_logreport(report):
    if "PYTEST_XDIST_WORKER" not in os.environ and (report.when == "call" or report.skipped):
        finding = dict(report.user_properties).get("finding", "")
        with open("record.txt", "a", encoding="utf-8") as record:
            print(report.nodeid, report.outcome, finding, sep="|", file=record)
"""


@dataclass
class Project:
    """A project whose clinics have mistakes, and pytest run on it in a process of its own."""

    folder: Path

    def run(self, *arguments: str, lag: float = 0) -> subprocess.CompletedProcess[str]:
        (self.folder / "conftest.py").write_text(RECORDER.format(lag=lag))
        (self.folder / "record.txt").unlink(missing_ok=True)
        kept = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "videolink", "-p", "xdist", *arguments],
            cwd=self.folder,
            env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"},
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def record(self) -> list[list[str]]:
        """Id, outcome and finding of every item of the last run."""
        record = self.folder / "record.txt"
        return [line.split("|") for line in record.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("project")
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "clinics").mkdir()
    for document in (
        small_clinic(id="adelaide"),
        small_clinic({**SWITCHES_OFF, **MANUAL}),
        small_clinic({"pms.connected": False, "waivers": [WAIVER]}, id="perth"),
    ):
        (folder / "clinics" / f"{document['clinic']}.yaml").write_text(to_yaml(document))
    return Project(folder)


Alone: TypeAlias = tuple[subprocess.CompletedProcess[str], list[list[str]]]


@pytest.fixture(scope="module")
def alone(project: Project) -> Alone:
    """A run without workers, and its record."""
    return project.run("clinics", CLOCK), project.record()


def test_lf_in_a_fresh_process(project: Project, alone: Alone) -> None:
    failed = [[id, outcome] for id, outcome, _ in alone[1] if outcome == "failed"]
    assert failed == [[f"clinics/{id}", "failed"] for id in FAILING]
    assert project.run("clinics", CLOCK, "--lf").returncode == 1
    assert [[id, outcome] for id, outcome, _ in project.record()] == failed


def test_with_workers_everything_is_as_without(project: Project, alone: Alone) -> None:
    result, record = alone
    workers = project.run("clinics", CLOCK, "-n2", "-p", "no:cacheprovider")
    assert sorted(project.record()) == sorted(record)
    assert workers.returncode == result.returncode == 1
    assert len(record) == 3 * SMALL + 1
    work = [run.stdout.partition("= videolink =")[2] for run in (result, workers)]
    work = [" ".join(text.partition("= short test")[0].split()) for text in work]
    assert work[0] == work[1]
    assert "Dr Amara Nwosu does not accept video appointments" in work[0]
    assert BY_HAND in work[0]


def test_workers_share_one_clock(project: Project) -> None:
    two_minutes_ago = datetime.now(timezone.utc) - timedelta(minutes=2)
    document = small_clinic({"as_of": two_minutes_ago.isoformat(timespec="seconds")})
    (project.folder / "fresh").mkdir()
    (project.folder / "fresh" / "harbourside.yaml").write_text(to_yaml(document))
    arguments = ["--videolink-source=fresh", ASKED, "--videolink-max-age=0", "-k", "VL003"]
    workers = ["-n2", "--dist=each", "-p", "no:cacheprovider"]
    assert project.run(*arguments, *workers, lag=1.1).returncode == 1
    findings = [finding for *_, finding in project.record()]
    assert len(findings) == 2
    assert len(set(findings)) == 1
    assert re.search(r"is \d+ minutes( \d+ seconds?)? old", findings[0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--videolink-clinic=hobart"], "--videolink-clinic=hobart is no clinic in "),
        ([ALL, "--videolink-source=missing"], "there is no folder "),
        ([ALL, "--videolink-shard=3/2"], "--videolink-shard=3/2: expected K/N"),
        ([ALL, "--videolink-now=soon"], "--videolink-now=soon: expected a time such as"),
    ],
)
def test_a_usage_error_comes_once_whatever_the_workers(
    mistakes: Clinics, arguments: list[str], said: str
) -> None:
    result = mistakes.run("-p", "xdist", "-n2", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    [line] = [line for line in result.errlines if line]
    assert line.startswith(f"ERROR: {said}")


def test_a_clinic_that_is_left_out_is_a_usage_error_with_workers_too(project: Project) -> None:
    result = project.run(ALL, "--ignore=clinics/perth.yaml", "-n1", "-p", "no:cacheprovider")
    text = result.stdout + result.stderr
    assert "nothing was collected of clinic perth" in text
    assert "INTERNALERROR" not in text
    assert result.returncode == 4


def test_a_blocked_item_alone_is_red_with_workers_too(project: Project) -> None:
    only = ["-k", "VL500", "-n1", "-p", "no:cacheprovider"]
    result = project.run(ALL, CLOCK, *only)
    assert result.returncode == 1
    assert "blocked by VL103 (harbourside)" in result.stdout.partition("= videolink =")[2]
