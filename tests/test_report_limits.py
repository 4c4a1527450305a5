"""Reports that travel keep within what takes them: code scanning, and the summary of a job."""

from __future__ import annotations

import json
import secrets
import zlib
from dataclasses import replace
from typing import Any

import pytest
from conftest import Clinics
from support import edited, right_clinic, waiver

from pytest_videolink.reports import comment, markdown, sarif
from pytest_videolink.reports.earlier import read
from pytest_videolink.reports.nights import LapseReport
from pytest_videolink.reports.report import Report

MANUAL = {"dashboard.new_patient_approval": "manual"}
OFF = {"practitioners.0.accepts_video_appointments": False}


@pytest.fixture
def report(clinics: Clinics) -> Report:
    """A clinic with a warning, and another that fails."""
    clinics.write(
        edited(right_clinic("a", database="A"), MANUAL),
        edited(right_clinic("b", database="B"), OFF),
    )
    clinics.run("--videolink-clinic=*", "--videolink-report=r.json")
    return read((clinics.pytester.path / "r.json").read_text(encoding="utf-8"))


def large(report: Report, count: int) -> Report:
    """The report of as many clinics, by turns of the two."""
    clinics = [
        replace(report.clinics[number % 2], id=f"c{number}", name=f"Clinic {number}")
        for number in range(count)
    ]
    return replace(report, clinics=tuple(clinics))


def run_of(report: Report) -> Any:
    return json.loads(sarif.render(report))["runs"][0]


def test_the_worst_come_first(report: Report) -> None:
    levels = [result["level"] for result in run_of(large(report, 6))["results"]]
    assert levels == ["error"] * 3 + ["warning"] * 3


def test_no_more_results_than_code_scanning_keeps(report: Report) -> None:
    run = run_of(large(report, sarif.MAX_RESULTS + 4))
    assert len(run["results"]) == sarif.MAX_RESULTS
    (invocation,) = run["invocations"]
    (notice,) = invocation["toolExecutionNotifications"]
    assert notice["message"]["text"] == "4 findings more, none of them worse, left out here"
    assert invocation["executionSuccessful"]


def test_what_other_tools_than_githubs_ask_for(report: Report) -> None:
    run = run_of(report)
    assert run["tool"]["driver"]["fullName"] == f"pytest-videolink {report.version}"
    assert run["automationDetails"]["id"] == "video-links/"
    part = run_of(replace(report, part="2/8"))
    assert part["automationDetails"]["id"] == "video-links/2-of-8"


def test_the_summary_of_a_job_has_room_for_3000_clinics(report: Report) -> None:
    text = markdown.render(large(report, 3000))
    assert len(text.encode()) < 1024 * 1024
    assert "2,800 clinics more, none of them worse, left out here." in text
    table = text.partition("| Clinic | Verdict |")[2]
    assert table.index("NOT READY") < table.index("2,800 clinics more")
    assert "2,700 findings more left out here." in text


def test_no_more_than_code_scanning_unpacks(report: Report) -> None:
    """Texts that cannot be packed, longer than any that a record makes."""
    clinics = tuple(
        replace(
            clinic,
            items=tuple(
                replace(item, summary=secrets.token_hex(40_000)) if item.is_finding else item
                for item in clinic.items
            ),
        )
        for clinic in large(report, 400).clinics
    )
    text = sarif.render(replace(report, clinics=clinics))
    assert len(zlib.compress(text.encode())) <= sarif.MAX_PACKED
    (run,) = json.loads(text)["runs"]
    told = len(run["results"])
    assert 100 < told < 400
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    left = f"{400 - told} findings more, none of them worse, left out here"
    assert notice["message"]["text"] == left


def test_code_scanning_is_not_told_of_what_is_waived(clinics: Clinics) -> None:
    """It would show it as open."""
    off = {**OFF, "practitioners.1.accepts_video_appointments": False}
    clinics.write(edited(right_clinic(), {**off, **waiver("VL201", "dr-amara-nwosu")}))
    names = ("r.sarif", "r.scanning.sarif")
    clinics.run("--videolink-clinic=*", *(f"--videolink-report={name}" for name in names))
    every, told = (
        json.loads((clinics.pytester.path / name).read_text(encoding="utf-8"))["runs"][0]
        for name in names
    )
    assert [len(each["suppressions"]) for each in every["results"]] == [0, 1]
    assert told["results"] == every["results"][:1]
    (notice,) = told["invocations"][0]["toolExecutionNotifications"]
    assert (notice["level"], notice["message"]["text"]) == (
        "note",
        "1 finding waived, left out here",
    )
    assert "toolExecutionNotifications" not in every["invocations"][0]


def test_an_audit_tells_code_scanning_of_what_is_waived(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {**OFF, **waiver("VL201", "dr-amara-nwosu")}))
    asked = ("--videolink-clinic=*", "--videolink-no-waivers")
    clinics.run(*asked, "--videolink-report=r.scanning.sarif")
    text = (clinics.pytester.path / "r.scanning.sarif").read_text(encoding="utf-8")
    assert [each["ruleId"] for each in json.loads(text)["runs"][0]["results"]] == ["VL201"]


def long(report: Report, count: int) -> Report:
    """The same with names as long as a record may have them, and marks that Markdown escapes."""
    clinics = [replace(each, name="_" * 200) for each in large(report, count).clinics]
    return replace(report, clinics=tuple(clinics))


@pytest.mark.parametrize("count", [1, 2, 40, 600, 3000])
@pytest.mark.parametrize("made", [large, long])
def test_a_comment_has_room_for_any_number_of_clinics(
    report: Report, made: Any, count: int
) -> None:
    text = comment.render(made(report, count))
    assert len(text) <= comment.CHARACTERS
    assert text.startswith(markdown.BEGINS)
    assert text.endswith(f"{markdown.NOT_CHECKED}\n")
    if count == 2:
        assert text == markdown.render(made(report, count))
    if count == 3000:
        assert "clinics more, none of them worse, left out here." in text


def test_a_comment_is_asked_for_by_its_name(clinics: Clinics) -> None:
    for number in range(150):
        name = f"clinic-{number:03}"
        clinics.write(edited(right_clinic(name, database=name), OFF))
    names = ("r.md", "r.comment.md")
    clinics.run("--videolink-clinic=*", *(f"--videolink-report={name}" for name in names))
    every, told = (len((clinics.pytester.path / name).read_text("utf-8")) for name in names)
    assert told <= 65_536 < every


def test_what_lapses_is_bounded_by_owner_too(report: Report) -> None:
    lapses = [
        LapseReport(owner=f"Owner {number:04}", until="2026-11-25", clinic="a", what="A waiver")
        for number in range(3000)
    ]
    text = markdown.render(replace(report, lapses=tuple(lapses)))
    assert text.count("**Owner ") == 50
    assert "and what is of 2,950 owners more" in text


def test_at_last_only_how_much_there_is_is_told(report: Report) -> None:
    text = markdown.within(large(report, 3000), lambda _: False)
    assert len(text) < 2000
    for said in (
        "3,000 clinics more, none of them worse, left out here.",
        "The matrix of 1,500 clinics more is left out here.",
        "and 2 tasks more",
        "3,000 findings more left out here.",
    ):
        assert said in text
