"""Reports that travel keep within what takes them: code scanning, and the summary of a job."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from conftest import Clinics
from support import edited, right_clinic

from pytest_videolink.reports import markdown, sarif
from pytest_videolink.reports.earlier import read
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
