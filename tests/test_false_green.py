"""Whatever could not be checked ends red, and the reader is told why."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import processes
import pytest
from conftest import Clinics
from service import Handler, Service
from support import ITEMS, REMOVED, Document, edited, right_clinic, to_yaml

import pytest_videolink.session.collection  # noqa: F401  (loaded once for all runs in this process)
from pytest_videolink.checks.builtin import CATALOGUE

ASKED, ALL = "--videolink-clinic=harbourside", "--videolink-clinic=*"
USAGE, FAILED, NOTHING = (
    pytest.ExitCode.USAGE_ERROR,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)


def said(result: pytest.RunResult) -> str:
    """All that a run says, with its lines joined."""
    return " ".join((result.stdout.str() + result.stderr.str()).split())


def failing(outcomes: dict[str, str]) -> list[str]:
    return [id for id, outcome in outcomes.items() if outcome == "failed"]


# The source


@pytest.mark.parametrize("asked", [ASKED, ALL])
@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("missing", "ERROR: there is no folder "),
        ("empty", "ERROR: there is no clinic file (.yaml, .yml, .json or .xlsx) in "),
        ("hidden", "ERROR: there is no clinic file (.yaml, .yml, .json or .xlsx) in "),
        ("clinics/harbourside.yaml", "ERROR: there is no folder "),
        ("dangling", "ERROR: there is no folder "),
    ],
)
def test_a_source_without_clinics(harbourside: Clinics, asked: str, source: str, why: str) -> None:
    project = harbourside.pytester.path
    (project / "empty").mkdir()
    (project / "hidden" / ".git").mkdir(parents=True)
    (project / "hidden" / ".git" / "harbourside.yaml").write_text(to_yaml(right_clinic()))
    (project / "dangling").symlink_to("gone")
    result = harbourside.run(asked, f"--videolink-source={source}")
    assert result.ret == USAGE
    assert said(result).startswith(why)


def test_a_default_source_that_is_missing(clinics: Clinics) -> None:
    clinics.folder.rmdir()
    result = clinics.run(ALL)
    assert result.ret == USAGE
    assert f"there is no folder {clinics.folder}" in said(result)


@pytest.mark.parametrize("beside", [[], ["test_a.py"]], ids=["alone", "beside-tests"])
def test_an_empty_source_by_its_path(clinics: Clinics, beside: list[str]) -> None:
    clinics.pytester.makepyfile(test_a="def test_a(): pass")
    clinics.pytester.mkdir("records")
    result = clinics.run("--videolink-source=records", "records", *beside)
    assert result.ret == USAGE
    assert "there is no clinic file (.yaml, .yml, .json or .xlsx) in" in said(result)


@pytest.mark.parametrize("path", ["clinics/README.md", "clinics/.harbourside.yaml"])
def test_a_path_that_is_no_clinic(harbourside: Clinics, path: str) -> None:
    harbourside.write_file("README.md", "")
    harbourside.write_file(".harbourside.yaml", to_yaml(right_clinic()))
    result = harbourside.run(path)
    assert result.ret == USAGE
    assert f"ERROR: not found: {harbourside.pytester.path / path}" in said(result)


@pytest.fixture
def lock() -> Iterator[Callable[[Path, int], None]]:
    """Take permissions away, until the test is over."""
    locked: list[tuple[Path, int]] = []

    def take(path: Path, mode: int) -> None:
        locked.append((path, path.stat().st_mode))
        path.chmod(mode)

    yield take
    for path, mode in locked:
        path.chmod(mode)


Lock: TypeAlias = Callable[[Path, int], None]


def run_locked(clinics: Clinics, *arguments: str) -> processes.Done:
    under = processes.under_permissions()
    return processes.run(clinics.pytester.path, *arguments, under=under)


@pytest.mark.parametrize("arguments", [ALL, ASKED, "clinics"])
def test_a_folder_that_may_not_be_searched(
    harbourside: Clinics, lock: Lock, arguments: str
) -> None:
    west = harbourside.folder / "west"
    west.mkdir()
    lock(west, 0)
    done = run_locked(harbourside, arguments)
    assert done.code == USAGE
    assert f"the folder {west} cannot be searched" in done.said
    assert "Permission denied" in done.said


# The file


def test_a_file_that_may_not_be_read(harbourside: Clinics, lock: Lock) -> None:
    lock(harbourside.folder / "harbourside.yaml", 0)
    done = run_locked(harbourside, ASKED)
    assert done.code == FAILED
    assert "FAILED clinics/harbourside.yaml::VL001-valid-document" in done.text
    assert "the file cannot be read: Permission denied" in done.said


def test_a_neighbour_that_may_not_be_read(clinics: Clinics, lock: Lock) -> None:
    clinics.write(right_clinic(), right_clinic("perth", "PERTH"))
    lock(clinics.folder / "perth.yaml", 0)
    done = run_locked(clinics, ASKED)
    assert done.code == FAILED
    assert "FAILED clinics/harbourside.yaml::VL002-neighbours-readable" in done.text
    assert "perth.yaml cannot be read" in done.said


def test_a_day_sheet_that_may_not_be_read(clinics: Clinics, lock: Lock) -> None:
    columns = {"id": "a", "practitioner": "b", "pms_type": "c", "created": "d", "starts": "e"}
    sheet = {"csv": "day.csv", "columns": {**columns, "link": "f"}}
    clinics.write(edited(right_clinic(), {"appointments": sheet}))
    lock(clinics.write_file("day.csv", "a,b,c,d,e,f\n"), 0)
    done = run_locked(clinics, ASKED)
    assert done.code == FAILED
    assert "day.csv cannot be read: Permission denied" in done.said


def test_a_folder_that_no_report_may_be_written_to(harbourside: Clinics, lock: Lock) -> None:
    folder = harbourside.pytester.mkdir("reports")
    lock(folder, 0o500)
    done = run_locked(harbourside, ASKED, "--videolink-report=reports/report.md")
    assert done.code == USAGE
    assert "reports/report.md cannot be written: Permission denied" in done.said


def test_a_folder_that_no_snapshot_may_be_written_to(
    clinics: Clinics, serve: Callable[..., Service], lock: Lock
) -> None:
    service = serve(right_clinic())
    lock(clinics.pytester.path, 0o500)
    done = run_locked(clinics, ALL, f"--videolink-source={service.url}")
    assert done.code == USAGE
    assert "Permission denied" in done.said


@pytest.mark.parametrize("arguments", [ALL, "clinics"])
def test_a_link_that_leads_nowhere(harbourside: Clinics, arguments: str) -> None:
    (harbourside.folder / "perth.yaml").symlink_to("gone.yaml")
    assert "perth.yaml::VL001-valid-document" in failing(harbourside.outcomes(arguments))
    result = harbourside.run(arguments)
    assert result.ret == FAILED
    assert "the file cannot be read: No such file or directory" in said(result)


@pytest.mark.parametrize("arguments", [ALL, "clinics"])
def test_a_link_that_leads_to_itself(harbourside: Clinics, arguments: str) -> None:
    (harbourside.folder / "perth.yaml").symlink_to("perth.yaml")
    result = harbourside.run(arguments)
    assert result.ret == FAILED
    assert "Too many levels of symbolic links" in said(result)
    assert "perth.yaml::VL001-valid-document" in failing(harbourside.outcomes(arguments))


@pytest.mark.parametrize("arguments", [ALL, "clinics"])
def test_a_folder_that_leads_back_to_itself(harbourside: Clinics, arguments: str) -> None:
    harbourside.write_file("west/perth.yaml", to_yaml(right_clinic("perth", "PERTH")))
    (harbourside.folder / "west" / "again").symlink_to(harbourside.folder)
    outcomes = harbourside.outcomes(arguments)
    assert {id.split("::")[0] for id in outcomes} == {"harbourside.yaml", "west/perth.yaml"}
    assert set(outcomes.values()) == {"passed"}


SUMMARY_ALWAYS = pytest.mark.skipif(
    pytest.version_tuple < (9, 2), reason="before 9.2 --no-summary keeps plugins quiet as well"
)

BROKEN = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n  \n# nothing here\n", "the file is empty"),
    "binary": (b"\x00\x01\x02\xff\xfe", ""),
    "unparsable": (b'videolink: 1\nclinic: "\\q"', "this is not valid YAML"),
    "list": (b"- a\n- b\n", ""),
    "two documents": (b"videolink: 1\n---\nvideolink: 1\n", ""),
    "html": (b"<html><body>Sign in</body></html>", ""),
}


@pytest.mark.parametrize(("raw", "why"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_record(clinics: Clinics, raw: bytes, why: str) -> None:
    clinics.write(harbourside=raw)
    result = clinics.run(ASKED)
    assert result.ret == FAILED
    result.assert_outcomes(failed=1)
    assert f"The record of harbourside cannot be read: {why}" in said(result)
    assert "Traceback" not in said(result)


@pytest.mark.parametrize(
    ("edits", "named"),
    [
        ({"practitioners.0.accepts_video_appointments": 1}, "accepts_video_appointments"),
        ({"practitioners": "all"}, "practitioners"),
        ({"appointment_types.0.practitioners": ["dr-nobody"]}, "dr-nobody"),
        ({"pms.system": REMOVED}, "system"),
        ({"timezone": "Sydney"}, "timezone"),
        ({"videolink": 2}, "videolink"),
        ({"clinic": "elsewhere"}, "elsewhere"),
        ({"acepts_video": True}, "acepts_video"),
    ],
)
def test_a_record_that_breaks_the_format(clinics: Clinics, edits: Document, named: str) -> None:
    clinics.write_file("harbourside.yaml", to_yaml(edited(right_clinic(), edits)))
    result = clinics.run(ASKED)
    assert result.ret == FAILED
    result.assert_outcomes(failed=1)
    assert "The record of harbourside cannot be read: " in said(result)
    assert named in said(result)


def test_a_broken_file_lists_every_problem_and_the_fleet_runs(clinics: Clinics) -> None:
    three = {"timezone": "Sydney", "videolink": 2, "pms.connected": "perhaps"}
    clinics.write(edited(right_clinic(), three), right_clinic("perth", "PERTH"))
    result = clinics.run(ALL)
    assert result.ret == FAILED
    result.assert_outcomes(failed=1, passed=ITEMS)
    for value in ("clinics/harbourside.yaml:1:12", "Sydney", "perhaps", "(and 2 more problems)"):
        assert value in said(result)


@pytest.mark.parametrize(
    ("edits", "failed", "why"),
    [
        ({"as_of": REMOVED}, "VL003-recorded-recently", "not recorded"),
        ({"pms.connected": None}, "VL103-pms-connected", "not recorded"),
        (
            {"practitioners.0.accepts_video_appointments": ""},
            "dr-amara-nwosu::VL201-accepts-video",
            "not recorded",
        ),
        (
            {"appointment_types.0.linked_to": REMOVED},
            "telehealth-video::VL303-linked-to-pms-type",
            "not recorded",
        ),
        ({"appointment_types": REMOVED}, "VL005-does-video", "no video appointment type"),
        ({"practitioners": [], "appointment_types": []}, "VL005-does-video", "no video"),
    ],
)
def test_what_must_be_recorded(clinics: Clinics, edits: Document, failed: str, why: str) -> None:
    clinics.write(edited(right_clinic(), edits))
    result = clinics.run(ASKED)
    assert result.ret == FAILED
    result.stdout.fnmatch_lines([f"FAILED clinics/harbourside.yaml::{failed}*"])
    assert why in said(result)


def test_two_files_for_one_clinic(harbourside: Clinics) -> None:
    harbourside.write_file("west/harbourside.yml", to_yaml(right_clinic()))
    assert harbourside.outcomes(ASKED) == {
        "harbourside.yaml::VL001-valid-document": "failed",
        "west/harbourside.yml::VL001-valid-document": "failed",
    }
    result = harbourside.run(ASKED)
    assert result.ret == FAILED
    assert "is a file for clinic harbourside too" in said(result)


@pytest.mark.parametrize("folder", ["build", "dist", "node_modules"])
@pytest.mark.parametrize("arguments", [ALL, "clinics"])
def test_a_clinic_in_a_folder_that_pytest_leaves_out(
    harbourside: Clinics, folder: str, arguments: str
) -> None:
    wrong = edited(right_clinic("perth", "PERTH"), {"pms.connected": False})
    harbourside.write_file(f"{folder}/perth.yaml", to_yaml(wrong))
    result = harbourside.run(arguments)
    assert result.ret == FAILED
    assert "Perth Medical Centre is not connected to its PMS" in said(result)


# The selection


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["--videolink-clinic=hobart"], USAGE, "is no clinic in"),
        (["--videolink-clinic=h*t"], USAGE, "matches no clinic in"),
        (["--videolink-clinic="], USAGE, "--videolink-clinic is empty"),
        ([ASKED, "-k", "VL999"], NOTHING, "Nothing was checked"),
        ([ASKED, "-m", "videolink(clinic='bayview')"], NOTHING, "Nothing was checked"),
        ([ASKED, "--deselect=clinics"], NOTHING, "Nothing was checked"),
        (["clinics", "-k", "VL999", "-q"], NOTHING, "Nothing was checked"),
        (
            [ASKED, "--ignore=clinics/harbourside.yaml"],
            USAGE,
            "nothing was collected of clinic harbourside",
        ),
        ([ALL, "--ignore-glob=*.yaml"], USAGE, "nothing was collected of clinic harbourside"),
        ([ASKED, "--videolink-shard=3/2"], USAGE, "expected K/N with K from 1 to N"),
        ([ASKED, "--videolink-shard=0/0"], USAGE, "expected K/N with K from 1 to N"),
        ([ASKED, "--videolink-shard=2/2", "-k", "VL999"], NOTHING, "Nothing was checked"),
        (["clinics/harbourside.yaml::dr-nobody"], USAGE, "not found"),
        (["clinics/hobart.yaml"], USAGE, "not found"),
    ],
)
def test_a_selection_of_nothing(
    harbourside: Clinics, arguments: list[str], code: pytest.ExitCode, why: str
) -> None:
    result = harbourside.run(*arguments)
    assert result.ret == code
    assert why in said(result)
    assert "READY" not in said(result)


@pytest.mark.parametrize(
    "arguments", [["test_a.py", "-k", "test_a"], ["--setup-only"]], ids=["other tests", "set up"]
)
def test_a_run_that_passes_without_a_check(harbourside: Clinics, arguments: list[str]) -> None:
    harbourside.pytester.makepyfile(test_a="def test_a(): pass")
    result = harbourside.run(ASKED, *arguments)
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "Nothing was checked: no check of the selected clinics was run." in said(result)


@pytest.mark.parametrize("arguments", [ASKED, "clinics"])
def test_a_conftest_that_leaves_clinics_out(harbourside: Clinics, arguments: str) -> None:
    harbourside.write_file("conftest.py", "collect_ignore_glob = ['*.yaml']")
    result = harbourside.run(arguments)
    assert result.ret in (USAGE, NOTHING)
    assert "nothing was collected of clinic" in said(result) or "Nothing was" in said(result)


@pytest.mark.parametrize("part", ["collection", "ending", "fixtures"])
def test_a_run_without_a_part_of_the_plugin(harbourside: Clinics, part: str) -> None:
    result = harbourside.run(ASKED, "-p", f"no:videolink-{part}")
    assert result.ret == USAGE
    assert f"-p no:videolink-{part} takes away what the exit code rests on" in said(result)


def test_nothing_failed_last_time_and_no_more_is_wanted(harbourside: Clinics) -> None:
    assert harbourside.run(ASKED).ret == pytest.ExitCode.OK
    result = harbourside.run(ASKED, "--lf", "--lfnf=none")
    assert result.ret == NOTHING
    assert "Nothing was checked" in said(result)


# Outcomes

WAIVER = {"check": "VL103", "reason": "being moved", "owner": "Kim", "until": "2026-12-31"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["-k", "VL500"],
        ["-k", "VL500", "-p", "no:terminal"],
        ["-k", "VL500", "-p", "no:warnings", "--runxfail"],
        pytest.param(
            ["-k", "VL500", "-p", "no:cacheprovider", "--no-summary", "-q"], marks=SUMMARY_ALWAYS
        ),
    ],
)
def test_a_blocked_item_alone_is_red(clinics: Clinics, arguments: list[str]) -> None:
    clinics.write(edited(right_clinic(), {"pms.connected": False}))
    result = clinics.run(ASKED, *arguments)
    assert result.ret == FAILED
    if "no:terminal" not in arguments:
        result.assert_outcomes(skipped=2, deselected=ITEMS - 2)
        _, _, closing = said(result).partition("= videolink =")
        assert "blocked by VL103 (harbourside)" in closing
        assert "2 checks could not be answered" in closing


def test_a_blocked_item_alone_by_its_id(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {"practitioners.1.accepts_video_appointments": False}))
    pair = "clinics/harbourside.yaml::dr-li-wei::telehealth-video::VL500-link-expected"
    result = clinics.run(pair)
    assert result.ret == FAILED
    assert "blocked by VL201 (dr-li-wei)" in said(result)
    green = clinics.run(pair.replace("dr-li-wei", "dr-amara-nwosu"))
    assert green.ret == pytest.ExitCode.OK


def test_a_blocked_item_whose_blockers_are_waived_is_green(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {"pms.connected": False, "waivers": [WAIVER]}))
    result = clinics.run(ASKED, "-k", "VL500")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(skipped=2, deselected=ITEMS - 1)
    whole = clinics.run(ASKED)
    assert whole.ret == pytest.ExitCode.OK
    assert "READY WITH WAIVERS" in said(whole)


def test_one_blocker_that_is_not_waived_is_red(clinics: Clinics) -> None:
    edits = {
        "pms.connected": False,
        "waivers": [WAIVER],
        "practitioners.0.accepts_video_appointments": False,
    }
    clinics.write(edited(right_clinic(), edits))
    assert clinics.run(ASKED, "-k", "VL500").ret == FAILED
    assert clinics.run(ASKED, "-k", "VL500 and wei").ret == pytest.ExitCode.OK
    assert clinics.run(ASKED, "-k", "VL500", "--videolink-no-waivers").ret == FAILED


def test_an_unrecorded_setting_that_is_no_must_is_green(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {"dashboard.last_synced": REMOVED}))
    result = clinics.run(ASKED)
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=ITEMS - 1, skipped=1)


@pytest.mark.filterwarnings("ignore::pytest_videolink.ConfigurationWarning")
@pytest.mark.parametrize(
    "arguments",
    [
        ["-p", "no:warnings"],
        ["-W", "ignore"],
        ["--runxfail"],
        ["-p", "no:skipping"],
        ["-p", "no:junitxml"],
        ["--disable-warnings", "--tb=no", "-qq"],
        pytest.param(["--no-header", "--no-summary"], marks=SUMMARY_ALWAYS),
        ["-p", "no:terminal"],
    ],
)
def test_no_option_of_pytest_hides_a_mistake(clinics: Clinics, arguments: list[str]) -> None:
    edits = {"pms.connected": False, "dashboard.new_patient_approval": "manual"}
    clinics.write(edited(right_clinic(), edits))
    assert failing(clinics.outcomes(ASKED, *arguments)) == ["harbourside.yaml::VL103-pms-connected"]
    result = clinics.run(ASKED, *arguments)
    assert result.ret == FAILED
    if "no:terminal" not in arguments and "-qq" not in arguments:
        assert "Harbourside Medical Centre is not connected to its PMS" in said(result)


@pytest.mark.parametrize("arguments", [["--runxfail"], ["-p", "no:skipping"]])
def test_without_xfail_a_waived_mistake_is_red(clinics: Clinics, arguments: list[str]) -> None:
    clinics.write(edited(right_clinic(), {"pms.connected": False, "waivers": [WAIVER]}))
    assert clinics.run(ASKED).ret == pytest.ExitCode.OK
    result = clinics.run(ASKED, *arguments)
    assert result.ret == FAILED
    assert "Harbourside Medical Centre is not connected to its PMS" in said(result)


def test_an_expired_waiver_is_red(clinics: Clinics) -> None:
    expired = {**WAIVER, "until": "2026-11-22"}
    clinics.write(edited(right_clinic(), {"pms.connected": False, "waivers": [expired]}))
    assert failing(clinics.outcomes(ASKED)) == [
        "harbourside.yaml::VL004-waivers-in-force",
        "harbourside.yaml::VL103-pms-connected",
    ]


@pytest.mark.parametrize("until", [REMOVED, None, "", "never", "31/12/2026"])
def test_a_waiver_without_an_end_is_red(clinics: Clinics, until: object) -> None:
    waiver = edited(WAIVER, {"until": until})
    clinics.write(edited(right_clinic(), {"pms.connected": False, "waivers": [waiver]}))
    result = clinics.run(ASKED)
    assert result.ret == FAILED
    result.assert_outcomes(failed=1)
    assert "The record of harbourside cannot be read: until" in said(result)


# What breaks


def breaks_at_once(*_: object) -> Iterable[object]:
    raise ZeroDivisionError("the check is broken")


def breaks_midway(*_: object) -> Iterable[object]:
    yield from ()
    raise ZeroDivisionError("the check is broken")


def gives_rubbish(*_: object) -> Iterable[object]:
    return [17]


def replaced(monkeypatch: pytest.MonkeyPatch, id: str, **changes: object) -> None:
    """Change a check of the catalogue for this test."""
    catalogue = tuple(
        dataclasses.replace(check, **changes) if check.id == id else check  # type: ignore[arg-type]
        for check in CATALOGUE
    )
    monkeypatch.setattr("pytest_videolink.checks.builtin.CATALOGUE", catalogue)


@pytest.mark.parametrize("rule", [breaks_at_once, breaks_midway, gives_rubbish])
@pytest.mark.parametrize("check", ["VL103", "VL601"])
def test_a_check_that_raises(
    harbourside: Clinics, monkeypatch: pytest.MonkeyPatch, check: str, rule: object
) -> None:
    replaced(monkeypatch, check, run=rule)
    result = harbourside.run(ASKED, "--tb=short")
    assert result.ret == FAILED
    result.stdout.fnmatch_lines([f"FAILED clinics/harbourside.yaml::{check}-*"])
    assert "is broken" in said(result) or "Error" in said(result)
    assert "harbourside: READY" not in said(result)


def test_a_check_that_raises_blocks_what_stands_on_it(
    harbourside: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(monkeypatch, "VL103", run=breaks_at_once)
    result = harbourside.run(ASKED, "-k", "VL500")
    assert result.ret == FAILED
    assert "blocked by VL103 (harbourside)" in said(result)


def test_a_check_that_raises_cannot_be_waived(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics.write(edited(right_clinic(), {"pms.connected": False, "waivers": [WAIVER]}))
    replaced(monkeypatch, "VL103", run=breaks_at_once)
    assert clinics.run(ASKED).ret == FAILED


def test_a_check_that_cannot_say_whether_it_applies(
    harbourside: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(monkeypatch, "VL103", when=breaks_at_once)
    result = harbourside.run(ASKED)
    assert result.ret != pytest.ExitCode.OK
    assert "the check is broken" in said(result)


@pytest.mark.parametrize(
    "hook",
    [
        "pytest_collection_modifyitems(items)",
        "pytest_collect_file(file_path)",
        "pytest_itemcollected(item)",
        "pytest_runtest_setup(item)",
        "pytest_runtest_call(item)",
        "pytest_runtest_teardown(item)",
        "pytest_runtest_makereport(item)",
        "pytest_runtest_logreport(report)",
        "pytest_runtest_protocol(item)",
        "pytest_terminal_summary(terminalreporter)",
        "pytest_report_header(config)",
        "pytest_sessionstart(session)",
        "pytest_sessionfinish(session)",
        "pytest_unconfigure(config)",
    ],
)
def test_a_hook_that_raises(harbourside: Clinics, hook: str) -> None:
    harbourside.pytester.makeconftest(f"def {hook}:\n    raise RuntimeError('the hook is broken')")
    result = harbourside.run(ASKED, "-k", "VL103", "--tb=short")
    assert result.ret != pytest.ExitCode.OK
    assert "the hook is broken" in said(result)


def test_a_hook_that_drops_items_of_a_clinic_is_seen(harbourside: Clinics) -> None:
    harbourside.pytester.makeconftest(
        "def pytest_collection_modifyitems(items):\n    items.clear()\n"
    )
    result = harbourside.run(ASKED)
    assert result.ret == NOTHING
    assert "Nothing was checked" in said(result)


# What keeps a failure from being seen

OLD = {"as_of": "2026-09-01T00:00:00+10:00", "dashboard.last_synced": REMOVED}
RECENT = "clinics/harbourside.yaml::VL003-recorded-recently"
NOT_ANSWERED = f"ERROR: {RECENT} is selected, and not answered: a mark, a hook or another plugin"
NOT_REPORTED = f"ERROR: {RECENT} is failing, and not reported so: a mark, a hook or another plugin"

SILENCERS = {
    "a skip mark": (
        """
        def pytest_collection_modifyitems(items):
            for item in items:
                if "VL003" in item.name:
                    item.add_marker(pytest.mark.skip(reason="later"))
        """,
        NOT_ANSWERED,
    ),
    "an xfail mark": (
        """
        def pytest_collection_modifyitems(items):
            for item in items:
                if "VL003" in item.name:
                    item.add_marker(pytest.mark.xfail(reason="known"))
        """,
        NOT_REPORTED,
    ),
    "an xfail mark that keeps it from running": (
        """
        def pytest_collection_modifyitems(items):
            for item in items:
                if "VL003" in item.name:
                    item.add_marker(pytest.mark.xfail(run=False, reason="known"))
        """,
        NOT_ANSWERED,
    ),
    "a skip before it": (
        """
        def pytest_runtest_setup(item):
            if "VL003" in item.name:
                pytest.skip("slow")
        """,
        NOT_ANSWERED,
    ),
    "a skip in its place": (
        """
        def pytest_runtest_call(item):
            if "VL003" in item.name:
                pytest.skip("slow")
        """,
        NOT_REPORTED,
    ),
    "another report": (
        """
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport(item):
            report = yield
            if "VL003" in item.name:
                report.outcome = "passed"
            return report
        """,
        NOT_REPORTED,
    ),
    "no report": (
        """
        def pytest_runtest_protocol(item):
            return True if "VL003" in item.name else None
        """,
        NOT_ANSWERED,
    ),
    "a report that tells of nothing": (
        """
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport(item):
            report = yield
            if "VL003" in item.name:
                report.outcome, report.user_properties = "passed", []
            return report
        """,
        NOT_ANSWERED,
    ),
    "an end that is called a success": (
        """
        def pytest_runtest_protocol(item):
            if "VL003" in item.name:
                pytest.exit("enough", returncode=0)
        """,
        f"ERROR: {RECENT} and {ITEMS - 3} more are selected, and not answered: a mark, a hook or"
        " another",
    ),
}


@pytest.mark.parametrize(("hook", "why"), SILENCERS.values(), ids=SILENCERS)
def test_a_failure_that_something_else_silences(clinics: Clinics, hook: str, why: str) -> None:
    clinics.pytester.makeconftest("import pytest\n" + textwrap.dedent(hook))
    clinics.write(edited(right_clinic(), OLD))
    result = clinics.run(ASKED)
    assert result.ret == FAILED
    assert "failed" not in result.parseoutcomes()
    assert why in said(result)
    assert "harbourside: READY" not in said(result)


@pytest.mark.parametrize("kind", ["a skip mark", "an xfail mark", "no report"])
def test_a_failure_that_something_else_silences_in_a_worker(clinics: Clinics, kind: str) -> None:
    hook, why = SILENCERS[kind]
    clinics.pytester.makeconftest("import pytest\n" + textwrap.dedent(hook))
    clinics.write(edited(right_clinic(), OLD))
    done = processes.run(clinics.pytester.path, "-p", "xdist", "-n1", ASKED)
    assert done.code == FAILED
    assert " failed" not in done.text.splitlines()[-1]
    assert why in done.said


def test_a_loop_that_runs_nothing(harbourside: Clinics) -> None:
    harbourside.pytester.makeconftest("def pytest_runtestloop():\n    return True")
    result = harbourside.run(ASKED)
    assert result.ret == NOTHING
    assert "Nothing was checked" in said(result)


def test_a_check_that_is_right_and_that_something_else_skips(harbourside: Clinics) -> None:
    """Nobody knows that it is right: it was not asked."""
    hook, why = SILENCERS["a skip mark"]
    harbourside.pytester.makeconftest("import pytest\n" + textwrap.dedent(hook))
    result = harbourside.run(ASKED)
    assert result.ret == FAILED
    assert why in said(result)
    assert "harbourside: UNKNOWN: only a part of its checks was run" in said(result)


def test_what_is_skipped_of_ordinary_tests_is_their_own_business(harbourside: Clinics) -> None:
    harbourside.pytester.makepyfile(
        test_a="""
        import pytest

        @pytest.mark.skip(reason="later")
        def test_a(videolink_clinic): pass

        @pytest.mark.xfail
        def test_b(videolink_clinic): assert 0
        """
    )
    result = harbourside.run(ASKED, "test_a.py")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=ITEMS, skipped=1, xfailed=1)


# Other processes


def test_asserts_compiled_away(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {"pms.connected": False}))
    clinics.write(perth="videolink: 2\nclinic: elsewhere\n")
    done = processes.run(clinics.pytester.path, "--assert=plain", ALL, python=["-O"])
    text = done.text
    assert done.code == FAILED
    assert "Harbourside Medical Centre is not connected to its PMS" in text
    assert "The record of perth cannot be read" in text
    for item in ("harbourside.yaml::VL103-pms-connected", "perth.yaml::VL001-valid-document"):
        assert f"FAILED clinics/{item}" in text


def test_a_worker_that_dies(harbourside: Clinics) -> None:
    """It dies over the last item: xdist itself fails where it sends more to one just dead."""
    harbourside.pytester.makeconftest(
        """
        import os

        def pytest_runtest_call(item):
            if "PYTEST_XDIST_WORKER" in os.environ and "VL309" in item.name:
                os._exit(0)
        """
    )
    done = processes.run(harbourside.pytester.path, "-p", "xdist", "-n2", ASKED)
    assert done.code == FAILED
    last = "clinics/harbourside.yaml::telehealth-video::VL309-offered"
    assert f"crashed while running '{last}'" in done.text
    assert "harbourside: READY" not in done.text


# Ctrl-C


@pytest.fixture
def _ctrl_c() -> Iterator[None]:
    """What has started the tests may ignore the signal, which every process passes on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


INTERRUPTS = {
    "while it collects": "def pytest_itemcollected(item):\n    interrupt(item)",
    "while a check is run": """
        @pytest_videolink.check(
            "ACME01", "slow", subject=pytest_videolink.Clinic, fix=["Wait for {clinic.name}"]
        )
        def slow(clinic):
            "It takes its time."
            pressed or pressed.append("once") or signal.raise_signal(signal.SIGINT)

        pressed = []

        def pytest_videolink_checks():
            return [slow]
        """,
    "between two checks": "def pytest_runtest_logfinish(nodeid):\n    interrupt(nodeid)",
}


@pytest.mark.usefixtures("_ctrl_c")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("hook", INTERRUPTS.values(), ids=INTERRUPTS)
def test_ctrl_c(harbourside: Clinics, hook: str) -> None:
    """Nothing has failed so far, and the run is red."""
    harbourside.pytester.makeconftest(
        "import signal\nimport pytest_videolink\n\n"
        "def interrupt(place):\n"
        "    if 'VL201' in str(place):\n"
        "        signal.raise_signal(signal.SIGINT)\n\n" + textwrap.dedent(hook)
    )
    done = processes.run(harbourside.pytester.path, ASKED, "--videolink-report=report.json")
    assert done.code == pytest.ExitCode.INTERRUPTED
    assert "KeyboardInterrupt" in done.text
    assert "harbourside: READY" not in done.text
    report = json.loads((harbourside.pytester.path / "report.json").read_text())
    assert report["partial"] == "The run was stopped before all of it was checked."
    assert {clinic["verdict"] for clinic in report["clinics"]} == {"UNKNOWN"}


@pytest.mark.usefixtures("_ctrl_c")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_ctrl_c_while_it_reports(harbourside: Clinics) -> None:
    harbourside.pytester.makeconftest(
        """
        import signal

        def pytest_terminal_summary():
            signal.raise_signal(signal.SIGINT)
        """
    )
    done = processes.run(harbourside.pytester.path, ASKED)
    assert done.code not in (pytest.ExitCode.OK, FAILED)
    assert "KeyboardInterrupt" in done.text


@pytest.mark.usefixtures("_ctrl_c")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_ctrl_c_while_it_fetches(clinics: Clinics, serve: Callable[..., Service]) -> None:
    service = serve(right_clinic())
    service.answers["/clinics/harbourside"] = Handler.wait
    with subprocess.Popen(
        processes.command(ALL, f"--videolink-source={service.url}"),
        cwd=clinics.pytester.path,
        env=processes.environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        while not service.calls["/clinics/harbourside"] and process.poll() is None:
            service.over.wait(0.05)
        process.send_signal(signal.SIGINT)
        text, _ = process.communicate(timeout=60)
    assert process.returncode == pytest.ExitCode.INTERRUPTED
    assert text == "Exit: interrupted before anything was checked\n"


# A disk that is full


@pytest.mark.parametrize("suffix", ["html", "json", "sarif"])
def test_a_disk_that_is_full_while_a_report_is_written(harbourside: Clinics, suffix: str) -> None:
    """The system lets no file grow beyond a limit, as it would on a disk without room."""
    before = processes.small_files(4096)
    option = f"--videolink-report=report.{suffix}"
    done = processes.run(
        harbourside.pytester.path, "-p", "no:cacheprovider", ASKED, option, before=before
    )
    assert done.code == pytest.ExitCode.INTERNAL_ERROR
    assert f"ERROR: report.{suffix} could not be written: File too large" in done.said
    assert not (harbourside.pytester.path / f"report.{suffix}").exists()
    assert [*harbourside.pytester.path.glob(".videolink-*")] == []


def test_a_disk_that_is_full_while_a_snapshot_is_kept(
    clinics: Clinics, serve: Callable[..., Service]
) -> None:
    service = serve(right_clinic())
    before = processes.small_files(512)
    options = ("-p", "no:cacheprovider", ALL, f"--videolink-source={service.url}")
    done = processes.run(clinics.pytester.path, *options, before=before)
    assert done.code == USAGE
    assert "File too large" in done.said
    assert "READY" not in done.text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is full")
@pytest.mark.parametrize("arguments", [[], ["-q", "-q"]], ids=["at once", "at the end"])
def test_a_disk_that_is_full_while_pytest_prints(
    harbourside: Clinics, arguments: list[str]
) -> None:
    with open("/dev/full", "w") as full:
        done = processes.run(harbourside.pytester.path, ASKED, *arguments, stdout=full)
    assert done.code != pytest.ExitCode.OK
    assert "No space left on device" in done.text
