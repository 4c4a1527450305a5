"""The report as JSON: read back, it is the same value, of which the same is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Clinics
from support import REMOVED, appointment, edited, right_clinic

from pytest_videolink.reports import closing
from pytest_videolink.reports import json as json_report
from pytest_videolink.reports.earlier import NoReport, read
from pytest_videolink.reports.files import report_files
from pytest_videolink.reports.report import Report

PROJECT = Path(__file__).parents[1]
BEFORE = Path(__file__).parent / "data" / "report-1.json"
"""A report of the example clinics in the format before this one."""
ALL = "--videolink-clinic=*"
SUFFIXES = ("html", "md", "csv", "json", "sarif", "baseline.json")


def documents() -> list[Any]:
    """Clinics with all that a report can tell of: two that share a fault, and one unread."""
    off = {"practitioners.0.accepts_video_appointments": False, "pms.connected": False}
    booked = {"appointments": [appointment(id="SECRET-8"), appointment(id="SECRET-9", link=True)]}
    return [
        edited(right_clinic(), {**off, **booked}),
        right_clinic("bayside"),
        edited(right_clinic("wattle", database="W"), {"appointment_types": REMOVED}),
        right_clinic("zephyr", database="Z"),
    ]


@pytest.fixture
def fleet(clinics: Clinics) -> Clinics:
    clinics.write(*documents(), broken="clinic: broken\n")
    return clinics


def written(clinics: Clinics, name: str = "report.json") -> str:
    return (clinics.pytester.path / name).read_text(encoding="utf-8")


def told(report: Report) -> list[str]:
    lines = tuple(closing.section(report, brief=False))
    lines = (*lines, *closing.unexpected(report.exit, is_empty_part=report.is_empty_part))
    return [line.text for line in lines]


def section(result: pytest.RunResult) -> list[str]:
    start = next(n for n, line in enumerate(result.outlines) if " videolink =" in line)
    end = next(n for n in range(start + 1, len(result.outlines)) if result.outlines[n][:1] == "=")
    return [line for line in result.outlines[start + 1 : end] if not line.startswith("Report: ")]


RUNS = {
    "whole": [],
    "a part of the items": ["-k", "VL500 or VL201"],
    "one that is blocked alone": ["-k", "dr-amara-nwosu and VL500"],
    "stopped": ["-x"],
    "a part of the clinics": ["--videolink-shard=1/2"],
    "an empty part": ["--videolink-clinic=zephyr", "--videolink-shard=2/2"],
    "nothing": ["-k", "nothing"],
    "strict": ["-W", "error::pytest_videolink.ConfigurationWarning"],
}


@pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS)
def test_it_is_read_back_and_the_section_is_made_of_it(
    fleet: Clinics, arguments: list[str]
) -> None:
    selects = any("clinic=" in each for each in arguments)
    result = fleet.run(*([] if selects else [ALL]), *arguments, "--videolink-report=report.json")
    text = written(fleet)
    report = read(text)
    assert json_report.render(report) == text
    assert report.exit.code == result.ret
    assert told(report) == section(result)


def test_every_format_is_made_again_of_it(fleet: Clinics) -> None:
    fleet.run(ALL, *(f"--videolink-report=report.{suffix}" for suffix in SUFFIXES))
    report = read(written(fleet))
    names = [f"again.{suffix}" for suffix in SUFFIXES]
    for file in report_files(names, fleet.pytester.path, []):
        file.write(report)
    for suffix in SUFFIXES:
        assert written(fleet, f"again.{suffix}") == written(fleet, f"report.{suffix}"), suffix


def test_what_passed_is_named_by_its_name_alone(clinics: Clinics) -> None:
    off = {"practitioners.0.accepts_video_appointments": False}
    clinics.write(edited(right_clinic(), off))
    clinics.run(ALL, "--videolink-report=report.json")
    (clinic,) = json.loads(written(clinics))["clinics"]
    assert "dr-li-wei::VL201-accepts-video" in clinic["passed"]
    assert "VL102-synced-recently" in clinic["passed"]
    assert {item["outcome"] for item in clinic["items"]} >= {"failed", "blocked"}
    assert "passed" not in {item["outcome"] for item in clinic["items"]}


def test_it_tells_what_was_asked(fleet: Clinics) -> None:
    fleet.run("--videolink-clinic=*a*", "--videolink-shard=1/2", "--videolink-report=report.json")
    report = read(written(fleet))
    assert report.asked == ("*a*",)
    assert report.source == "clinics"
    assert report.ids == ("bayside", "broken", "harbourside", "wattle", "zephyr")
    assert report.selected == ("bayside", "harbourside", "wattle")
    assert report.part == "1/2"
    assert report.terms is not None
    assert (report.terms.sync_window, report.terms.max_age, report.terms.waivers) == (15, 30, True)


def test_a_baseline_leaves_appointments_out(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-report=tonight.Baseline.JSON", "--videolink-report=report.json")
    text = written(fleet, "tonight.Baseline.JSON")
    for private in ("SECRET-8", "SECRET-9", "24 Nov 2026", "VL501"):
        assert private in written(fleet)
        assert private not in text
    report = read(text)
    assert not report.appointments
    assert [clinic.verdict for clinic in report.clinics] == [
        clinic.verdict for clinic in read(written(fleet)).clinics
    ]


# The format before


def test_the_format_before_is_read() -> None:
    before = json.loads(BEFORE.read_text(encoding="utf-8"))
    report = read(BEFORE.read_text(encoding="utf-8"))
    assert report.checked_as_of == before["checked_as_of"]
    items = {item["id"]: item["outcome"] for each in before["clinics"] for item in each["items"]}
    found = {item.id: item.outcome for each in report.clinics for item in each.items}
    found |= {f"{each.node}::{name}": "passed" for each in report.clinics for name in each.passed}
    assert found == items
    assert {item.reason for each in report.clinics for item in each.findings} == {"wrong"}
    complete = [clinic.id for clinic in report.clinics if clinic.is_complete]
    assert complete == [each["id"] for each in before["clinics"] if each["tally"]]


def test_the_format_before_tells_what_is_not_recorded_in_words() -> None:
    before = json.loads(BEFORE.read_text(encoding="utf-8"))
    items = [item for each in before["clinics"] for item in each["items"] if item["explained"]]
    items[0]["explained"]["evidence"][0]["facts"][0] = {"label": "Found", "text": "not recorded"}
    report = read(json.dumps(before))
    reasons = {item.id: item.reason for each in report.clinics for item in each.findings}
    assert [id for id, reason in reasons.items() if reason != "wrong"] == [items[0]["id"]]


# What is refused


def test_what_is_no_report(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-report=report.json")
    text = written(fleet)
    cases = {
        text[: len(text) // 2]: "it is no JSON that is whole",
        "": "it is no JSON that is whole",
        "[" * 100_000: "it is no JSON that is whole",
        "[]": "it is no report of --videolink-report=FILE.json",
        '{"a": 1}': "it is no report of --videolink-report=FILE.json",
        '{"videolink_report": 3}': "its format is 3, and this version reads 1 and 2",
        '{"videolink_report": true}': "its format is True, and this version reads 1 and 2",
        '{"videolink_report": 1}': "it is cut short or was changed: clinics",
        '{"videolink_report": 2}': "it is cut short or was changed: Report has no version",
    }
    for broken, why in cases.items():
        with pytest.raises(NoReport) as refused:
            read(broken)
        assert str(refused.value) == why


NAMED_FOR_ANOTHER = "an item of harbourside is named for another check or subject"
OTHER_ITEM = "clinics/bayside.yaml::VL002-neighbours-readable"
CHANGED: dict[str, tuple[dict[str, Any], str]] = {
    "a time": ({"checked_as_of": "yesterday"}, "it was changed, and contradicts itself: a time"),
    "a time without offset": ({"checked_as_of": "2026-11-23T09:00:00"}, "a time has no offset"),
    "an outcome": ({"clinics.2.items.0.outcome": "fine"}, "'fine' is none of its values"),
    "a pass": ({"clinics.2.items.0.outcome": "passed"}, "has an item that passed, among those"),
    "a verdict": ({"clinics.2.verdict": "READY"}, "is READY, and a check of it fails"),
    "an item less": ({"clinics.2.items.0": "x"}, "a str is no ItemReport"),
    "a key less": ({"clinics.2.items.0.id": REMOVED}, "ItemReport has no id"),
    "a reason less": ({"clinics.2.items.0.reason": ""}, "is a finding without a reason"),
    "no items": ({"clinics.4.passed": [], "clinics.4.items": []}, "zephyr is told to be complete"),
    "a number for a text": ({"version": 2}, "version: a int is no str"),
    "an item twice": ({"clinics.4.passed": ["a", "a"]}, "an item of zephyr stands in it twice"),
    "a name of an item": ({"clinics.2.items.0.id": OTHER_ITEM}, NAMED_FOR_ANOTHER),
    "a subject": ({"clinics.2.items.0.subject": "dr-li-wei"}, NAMED_FOR_ANOTHER),
    "a check": ({"clinics.2.items.1.check": "VL999"}, NAMED_FOR_ANOTHER),
    "another node": ({"clinics.2.node": "clinics/bayside.yaml"}, NAMED_FOR_ANOTHER),
    "a finding out": ({"clinics.2.items.1": REMOVED}, "to do about an item that is not in it"),
    "a finding in": (
        {"clinics.4.items.1.outcome": "failed", "clinics.4.items.1.reason": "wrong"},
        "a finding is in it, and nothing to do about it",
    ),
    "all findings out": (
        {"clinics.3.items": []},
        "wattle is UNKNOWN, and nothing in it says why",
    ),
    "a waiver put in": (
        {"clinics.3.verdict": "READY WITH WAIVERS", "clinics.3.items": []},
        "wattle is READY WITH WAIVERS, and nothing in it says why",
    ),
    "a link": ({"clinics.4.tally.link_expected": 2}, "zephyr counts other pairs than it has"),
    "something recorded": (
        {"clinics.4.tally.unrecorded.0": {"check": "VL203-pms-link-resolves", "items": 1}},
        "zephyr counts other items that are not recorded than it has",
    ),
    "a run that did not fail": ({"exit.code": 0}, "a check fails, and its run does not"),
    "a run that was stopped": ({"exit.code": 2}, "stopped, and it is told to be whole"),
    "a fault": ({"exit.fault": "Part 2/2 is missing"}, "stopped, and it is told to be whole"),
}


@pytest.mark.parametrize(("edits", "why"), CHANGED.values(), ids=CHANGED)
def test_what_was_changed(fleet: Clinics, edits: dict[str, Any], why: str) -> None:
    fleet.run(ALL, "--videolink-report=report.json")
    with pytest.raises(NoReport) as refused:
        read(json.dumps(edited(json.loads(written(fleet)), edits)))
    assert why in str(refused.value)


def test_a_key_that_is_not_known_is_one_of_a_version_to_come(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-report=report.json")
    plain = json.loads(written(fleet))
    assert read(json.dumps(plain | {"to_come": 1})) == read(json.dumps(plain))
