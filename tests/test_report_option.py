"""--videolink-report: which files it takes, when they are written, and what is left alone."""

from __future__ import annotations

import json
import os
import stat
from typing import NoReturn

import pytest
from conftest import Clinics
from support import ITEMS, edited, right_clinic

SUFFIXES = ("html", "md", "csv", "json", "sarif")
EVERY = [f"--videolink-report=report.{suffix}" for suffix in SUFFIXES]
SELECT = "--videolink-clinic=harbourside"

WRONG = edited(
    right_clinic(),
    {
        "practitioners.0.accepts_video_appointments": False,
        "appointment_types.0.telehealth": False,
        "dashboard.new_patient_approval": "manual",
    },
)


@pytest.fixture
def project(clinics: Clinics) -> Clinics:
    """A clinic with two mistakes and a warning."""
    clinics.write(WRONG)
    return clinics


def written(clinics: Clinics) -> list[str]:
    """The files of the project's folder, hidden ones as well, that are not pytest's."""
    return sorted(each.name for each in clinics.pytester.path.iterdir() if each.is_file())


def read(clinics: Clinics, suffix: str = "json") -> bytes:
    return (clinics.pytester.path / f"report.{suffix}").read_bytes()


def partial(clinics: Clinics) -> str:
    return str(json.loads(read(clinics))["partial"])


def test_every_format_is_written(project: Clinics) -> None:
    assert project.run(SELECT, *EVERY).ret == pytest.ExitCode.TESTS_FAILED
    assert written(project) == [*sorted(f"report.{suffix}" for suffix in SUFFIXES), "tox.ini"]


def test_the_closing_section_names_what_was_written(project: Clinics) -> None:
    result = project.run(SELECT, "--videolink-report=report.md", "--videolink-report=report.csv")
    result.stdout.fnmatch_lines(["Report: report.md", "Report: report.csv"], consecutive=True)


def test_none_is_written_unasked(project: Clinics) -> None:
    project.run(SELECT)
    assert written(project) == ["tox.ini"]


def test_the_template_library_is_imported_for_a_page_alone(project: Clinics) -> None:
    (project.pytester.path / "conftest.py").write_text(
        "import sys\n\n\ndef pytest_unconfigure():\n    print('jinja2' in sys.modules)\n"
    )
    for suffix, imported in (("json", "False"), ("html", "True")):
        arguments = ("-p", "videolink", "-q", "-q", SELECT, "--videolink-now=2026-11-23T09:00Z")
        report = f"--videolink-report=report.{suffix}"
        result = project.pytester.runpytest_subprocess(*arguments, report)
        assert result.outlines[-1] == imported


@pytest.mark.parametrize("name", ["report.HTML", "report.Md"])
def test_the_case_of_a_suffix_does_not_matter(project: Clinics, name: str) -> None:
    project.run(SELECT, f"--videolink-report={name}")
    assert name in written(project)


def test_a_path_is_seen_from_the_current_folder(
    project: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = project.pytester.path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    project.run("--rootdir=..", "--videolink-source=../clinics", SELECT, *EVERY)
    assert len(list(below.iterdir())) == len(SUFFIXES)


@pytest.mark.parametrize("folder", ["reports", "reports/of/tonight"])
def test_a_missing_folder_is_made(project: Clinics, folder: str) -> None:
    """As pytest makes that of ``--junitxml``."""
    result = project.run(SELECT, f"--videolink-report={folder}/report.md", "--junitxml=x/y/j.xml")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    for made in (f"{folder}/report.md", "x/y/j.xml"):
        assert (project.pytester.path / made).is_file()


# What is refused before the run

ENDS = "has to end in .html, .md, .csv, .xlsx, .json or .sarif"
REFUSED = {
    "no suffix": (["report"], "report has to end in .html, .md, .csv, .xlsx, .json or .sarif"),
    "another suffix": (
        ["report.xml"],
        "report.xml has to end in .html, .md, .csv, .xlsx, .json or .sarif",
    ),
    "a file for a folder": (
        ["tox.ini/report.md"],
        "tox.ini/report.md cannot be written: Not a directory",
    ),
    "a file above a folder": (
        ["tox.ini/reports/report.md"],
        "tox.ini/reports/report.md cannot be written: Not a directory",
    ),
    "a new folder, and another text": (
        ["new/report.md", "notes.md"],
        "notes.md cannot be written: it holds something else than such a report; remove it, or"
        " name another file",
    ),
    "a folder": (["folder.md"], "folder.md cannot be written: it is no ordinary file"),
    "twice": (["report.md", "./report.md"], "./report.md is asked for twice"),
    "another text": (
        ["notes.md"],
        "notes.md cannot be written: it holds something else than such a report; remove it, or"
        " name another file",
    ),
    "a report of another format": (
        ["other.json"],
        "other.json cannot be written: it holds something else than such a report; remove it, or"
        " name another file",
    ),
    "a clinic": (
        ["clinics/bayside.json"],
        "clinics/bayside.json cannot be written: it holds something else than such a report;"
        " remove it, or name another file",
    ),
    "what would be a clinic": (
        ["clinics/report.json"],
        "clinics/report.json lies in the folder of the clinics, where it would be taken for one",
    ),
    "too long a name": (
        [f"{'x' * 300}.md"],
        f"{'x' * 300}.md cannot be written: File name too long",
    ),
}


@pytest.mark.parametrize(("names", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(project: Clinics, names: list[str], message: str) -> None:
    root = project.pytester.path
    (root / "folder.md").mkdir()
    (root / "notes.md").write_text("# My notes\n")
    (root / "other.json").write_text("<!-- pytest-videolink report -->\n")
    project.write_file("bayside.json", json.dumps(right_clinic("bayside")))
    before = {each: each.is_file() and each.read_bytes() for each in root.rglob("*")}
    result = project.run(SELECT, *(f"--videolink-report={name}" for name in names))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.no_fnmatch_line("*passed*")
    assert f"ERROR: --videolink-report={message}" in result.stderr.lines
    after = {each: each.is_file() and each.read_bytes() for each in root.rglob("*")}
    assert after == before


def test_a_folder_that_cannot_be_written_to(
    project: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write everywhere, so the system's refusal is played."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pytest_videolink.reports.files._beside", refuse)
    result = project.run(SELECT, "--videolink-report=report.md")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --videolink-report=report.md cannot be written: Permission denied"]
    )


def test_a_report_asks_for_no_clinic(project: Clinics) -> None:
    result = project.run("--videolink-report=report.md")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --videolink-report asks for no clinic: add *"])


# What is overwritten


def test_a_report_takes_the_place_of_one_of_its_format(project: Clinics) -> None:
    for suffix in SUFFIXES:
        (project.pytester.path / f"report.{suffix}").touch()
    project.run(SELECT, *EVERY)
    first = {suffix: read(project, suffix) for suffix in SUFFIXES}
    project.write(right_clinic())
    assert project.run(SELECT, *EVERY).ret == pytest.ExitCode.OK
    assert {suffix for suffix in SUFFIXES if read(project, suffix) == first[suffix]} == set()


def test_a_link_stays_a_link(project: Clinics) -> None:
    root = project.pytester.path
    (root / "elsewhere").mkdir()
    (root / "report.md").symlink_to(root / "elsewhere" / "latest.md")
    project.run(SELECT, "--videolink-report=report.md")
    assert (root / "report.md").is_symlink()
    assert (root / "elsewhere" / "latest.md").read_text(encoding="utf-8").startswith("<!-- pytest")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_others_may_read_it(project: Clinics) -> None:
    project.run(SELECT, "--videolink-report=report.md")
    mode = stat.S_IMODE((project.pytester.path / "report.md").stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    assert mode == 0o666 & ~umask


# When it is written


def test_collecting_alone_writes_none(project: Clinics) -> None:
    project.run(SELECT, "--collect-only", *EVERY)
    assert written(project) == ["tox.ini"]


def test_a_whole_run_is_not_partial(project: Clinics) -> None:
    project.run(SELECT, *EVERY)
    assert partial(project) == ""
    for suffix in SUFFIXES:
        assert b"partial report" not in read(project, suffix).lower()


STOPPED = "The run was stopped before all of it was checked."
FAILED = "pytest itself failed before the run was over."


def is_marked(clinics: Clinics, why: str) -> bool:
    return partial(clinics) == why and all(
        why.encode() in read(clinics, suffix) for suffix in SUFFIXES
    )


def test_stopped_by_x(project: Clinics) -> None:
    assert project.run(SELECT, "-x", *EVERY).ret == pytest.ExitCode.TESTS_FAILED
    assert is_marked(project, STOPPED)
    (clinic,) = json.loads(read(project))["clinics"]
    assert clinic["verdict"] == "UNKNOWN"
    assert [item["check"] for item in clinic["items"] if item["outcome"] == "failed"] == ["VL201"]
    assert {cell["state"] for row in clinic["matrix"] for cell in row["cells"]} == {"unknown"}


STOPS = {
    "the keyboard": ("KeyboardInterrupt", pytest.ExitCode.INTERRUPTED, STOPPED),
    "pytest.exit": ("pytest.exit.Exception('enough')", pytest.ExitCode.INTERRUPTED, STOPPED),
    "pytest.exit, with a code": ("pytest.exit.Exception('enough', 7)", 7, STOPPED),
    "an internal error": ("RuntimeError('broken')", pytest.ExitCode.INTERNAL_ERROR, FAILED),
}


@pytest.mark.parametrize(("raised", "code", "why"), STOPS.values(), ids=STOPS)
def test_stopped_in_the_middle(project: Clinics, raised: str, code: int, why: str) -> None:
    project.pytester.makeconftest(
        f"""
        import pytest

        def pytest_runtest_protocol(item):
            if "VL301" in item.name:
                raise {raised}
        """
    )
    result = project.pytester.runpytest_subprocess(
        "-p", "videolink", "--videolink-now=2026-11-23T09:00+11:00", SELECT, *EVERY
    )
    assert result.ret == code
    assert is_marked(project, why)
    assert json.loads(read(project))["clinics"][0]["items"] != []


def test_a_disk_that_is_full_at_the_end_fails_the_run(
    harbourside: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (harbourside.pytester.path / "report.md").touch()
    monkeypatch.setattr("os.replace", fail)
    result = harbourside.run(SELECT, "--videolink-report=report.md")
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    result.stdout.fnmatch_lines(
        ["ERROR: report.md could not be written: No space left on device", f"*{ITEMS} passed*"]
    )
    assert written(harbourside) == ["report.md", "tox.ini"]
    assert read(harbourside, "md") == b""


def test_a_part_without_a_clinic_has_a_report_too(project: Clinics) -> None:
    result = project.run("--videolink-clinic=*", "--videolink-shard=1/2", *EVERY)
    assert result.ret == pytest.ExitCode.OK
    assert json.loads(read(project))["clinics"] == []
    assert b"No clinic was checked" in read(project, "html")
    assert b"No clinic was checked" in read(project, "md")


def test_a_run_of_nothing_is_not_green(project: Clinics) -> None:
    result = project.run(SELECT, "-k", "nothing", *EVERY)
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert json.loads(read(project))["clinics"][0]["verdict"] == "UNKNOWN"


# The same whoever runs it, and in which order


@pytest.fixture
def two(project: Clinics) -> Clinics:
    project.write(right_clinic("bayside", database="OTHER"), broken="clinic: broken\n")
    return project


@pytest.mark.parametrize(
    ("plugin", "one", "other"),
    [
        ("xdist", [], ["-n", "2"]),
        ("pytest_randomly", ["--randomly-dont-reorganize"], ["--randomly-seed=7"]),
    ],
    ids=["xdist", "random"],
)
def test_the_same_bytes(
    two: Clinics, plugin: str, one: list[str], other: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_PLUGINS", plugin)  # -p would stand in the commands to check again
    plain = ("-p", "videolink", "--videolink-now=2026-11-23T09:00+11:00", "--videolink-clinic=*")
    found = []
    for more in (one, other):
        result = two.pytester.runpytest_subprocess(*plain, *more, *EVERY)
        assert result.ret == pytest.ExitCode.TESTS_FAILED, result.stdout.str()
        found.append({suffix: read(two, suffix) for suffix in SUFFIXES})
    assert [suffix for suffix in SUFFIXES if found[0][suffix] != found[1][suffix]] == []


def test_stopped_by_x_with_workers(two: Clinics) -> None:
    result = two.pytester.runpytest_subprocess(
        *("-p", "videolink", "-p", "xdist", "-n", "1", "-x"),
        *("--videolink-now=2026-11-23T09:00+11:00", "--videolink-clinic=*", *EVERY),
    )
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert is_marked(two, STOPPED)
