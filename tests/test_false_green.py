"""Whatever could not be checked ends red, and the reader is told why."""

from __future__ import annotations

import dataclasses
import os
import textwrap
from collections.abc import Iterable
from pathlib import Path

import processes
import pytest
from conftest import Clinics
from support import REMOVED, Document, edited, right_clinic, to_yaml

import pytest_videolink.collection  # noqa: F401  (loaded once for all runs in this process)
from pytest_videolink.checks import CATALOGUE

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
        ("empty", "ERROR: there is no clinic file (.yaml, .yml or .json) in "),
        ("hidden", "ERROR: there is no clinic file (.yaml, .yml or .json) in "),
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
    assert "there is no clinic file (.yaml, .yml or .json) in" in said(result)


@pytest.mark.parametrize("path", ["clinics/README.md", "clinics/.harbourside.yaml"])
def test_a_path_that_is_no_clinic(harbourside: Clinics, path: str) -> None:
    harbourside.write_file("README.md", "")
    harbourside.write_file(".harbourside.yaml", to_yaml(right_clinic()))
    result = harbourside.run(path)
    assert result.ret == USAGE
    assert f"ERROR: not found: {harbourside.pytester.path / path}" in said(result)


def test_a_folder_that_cannot_be_searched(
    harbourside: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = harbourside.folder / "west"
    locked.mkdir()
    scandir = os.scandir

    def refuse(path: str | Path = ".") -> object:
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    for arguments in (ALL, ASKED, "clinics"):
        result = harbourside.run(arguments)
        assert result.ret == USAGE
        assert f"the folder {locked} cannot be searched" in said(result)
        assert "Permission denied" in said(result)


# The file


def test_a_file_that_may_not_be_read(clinics: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    clinics.write(right_clinic())
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "harbourside.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    result = clinics.run(ASKED)
    assert result.ret == FAILED
    result.assert_outcomes(failed=1)
    assert "the file cannot be read: Permission denied" in said(result)


def test_a_neighbour_that_may_not_be_read(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics.write(right_clinic(), right_clinic("perth", "PERTH"))
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "perth.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    result = clinics.run(ASKED)
    assert result.ret == FAILED
    assert failing(clinics.outcomes(ASKED)) == ["harbourside.yaml::VL002-neighbours-readable"]
    assert "perth.yaml cannot be read" in said(result)


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
    "unparsable": (b"videolink: 1\nclinic: [", "this is not valid YAML"),
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
    result.assert_outcomes(failed=1, passed=36)
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
        (["--videolink-clinic="], USAGE, "is no clinic in"),
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
        ([ASKED, "--videolink-shard=1/2", "-k", "VL999"], NOTHING, "Nothing was checked"),
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
        result.assert_outcomes(skipped=2, deselected=34)
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
    result.assert_outcomes(skipped=2, deselected=35)
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
    result.assert_outcomes(passed=35, skipped=1)


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
    monkeypatch.setattr("pytest_videolink.checks.CATALOGUE", catalogue)


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
        f"ERROR: {RECENT} and 33 more are selected, and not answered: a mark, a hook or another",
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
    result.assert_outcomes(passed=36, skipped=1, xfailed=1)


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
