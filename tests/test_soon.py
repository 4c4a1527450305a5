"""--videolink-soon: what lapses within some days, by owner, at the end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Clinics
from support import appointment, edited, right_clinic

from pytest_videolink.reports.earlier import read

ALL = "--videolink-clinic=*"
OFF = {"practitioners.0.accepts_video_appointments": False}


def waived(until: str, owner: str = "Kim Osei", **more: Any) -> dict[str, Any]:
    """A clinic's waiver of VL201 on Dr Nwosu, who does not accept video."""
    given = {"check": "VL201", "on": "dr-amara-nwosu", "reason": "Soon", "until": until}
    return {**OFF, "waivers": [{**given, "owner": owner, **more}]}


def told(result: pytest.RunResult) -> list[str]:
    lines = iter(result.outlines)
    for line in lines:
        if line.startswith("What lapses"):
            rest = []
            for each in lines:
                if each[:2] != "  ":
                    break
                rest.append(each)
            return [line, *rest]
    return []


CASES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "nothing": ({}, [], []),
    "a waiver, on its last day": (
        waived("2026-11-23"),
        [],
        [
            "  Kim Osei",
            "    after 23 Nov 2026 the waiver of VL201 on dr-amara-nwosu ends (harbourside)",
        ],
    ),
    "a waiver, in seven days": (
        waived("2026-11-30"),
        [],
        [
            "  Kim Osei",
            "    after 30 Nov 2026 the waiver of VL201 on dr-amara-nwosu ends (harbourside)",
        ],
    ),
    "a waiver, in eight days": (waived("2026-12-01"), [], []),
    "a waiver, in eight days, of which we want to know": (
        waived("2026-12-01"),
        ["--videolink-soon=8"],
        [
            "  Kim Osei",
            "    after 1 Dec 2026 the waiver of VL201 on dr-amara-nwosu ends (harbourside)",
        ],
    ),
    "a waiver that is over": (waived("2026-11-22"), [], []),
    "a waiver, in an audit": (waived("2026-11-23"), ["--videolink-no-waivers"], []),
    "a record": (
        {},
        ["--videolink-max-age=3"],
        [
            "  practice manager",
            "    after 08:30 on 26 Nov 2026 the record of Harbourside Medical Centre becomes",
            "      too old (harbourside)",
        ],
    ),
    "a record, in eight days": ({}, ["--videolink-max-age=8"], []),
    "a record that is too old": ({}, ["--videolink-max-age=0"], []),
}


@pytest.mark.parametrize(("edits", "arguments", "lines"), CASES.values(), ids=CASES)
def test_what_lapses(
    clinics: Clinics, edits: dict[str, Any], arguments: list[str], lines: list[str]
) -> None:
    clinics.write(edited(right_clinic(), edits))
    found = told(clinics.run(ALL, *arguments))
    days = 8 if "--videolink-soon=8" in arguments else 7
    assert found == ([f"What lapses within {days} days:", *lines] if lines else [])


def test_a_record_holds_until_the_time_that_is_told(clinics: Clinics) -> None:
    """Its last day is no whole one: a run of that evening is red."""
    clinics.write(right_clinic())
    for time, is_right in (("08:30:00", True), ("08:30:01", False)):
        now = f"--videolink-now=2026-11-26T{time}+11:00"
        result = clinics.pytester.runpytest_inprocess(
            "-p", "videolink", ALL, now, "--videolink-max-age=3", "--videolink-report=r.json"
        )
        assert (result.ret == pytest.ExitCode.OK) is is_right
        lapses = read((clinics.pytester.path / "r.json").read_text(encoding="utf-8")).lapses
        held_until = [(each.until, each.at) for each in lapses]
        assert held_until == [("2026-11-26", "2026-11-26T08:30:00+11:00")] * is_right


@pytest.mark.parametrize(("quiet", "is_told"), [("-q", True), ("-qq", False)])
def test_a_quiet_run_tells_it_too(clinics: Clinics, quiet: str, is_told: bool) -> None:
    clinics.write(edited(right_clinic(), waived("2026-11-23")))
    lines = told(clinics.run(ALL, quiet))
    assert lines[2:] == CASES["a waiver, on its last day"][2][1:] * is_told


def test_it_stands_by_owner_the_first_first(clinics: Clinics) -> None:
    clinics.write(
        edited(right_clinic(), waived("2026-11-28", "Kim Osei")),
        edited(right_clinic("wattle", database="W"), waived("2026-11-25", "Kim Osei")),
        edited(right_clinic("manly", database="M"), waived("2026-11-29", "Ana Reyes")),
    )
    lines = told(clinics.run(ALL))
    assert [line.split(" the waiver")[0] for line in lines[1:]] == [
        "  Ana Reyes",
        "    after 29 Nov 2026",
        "  Kim Osei",
        "    after 25 Nov 2026",
        "    after 28 Nov 2026",
    ]


def test_one_of_those_who_do_fixes_is_one_however_it_is_written(clinics: Clinics) -> None:
    clinics.write(
        edited(right_clinic(), waived("2026-11-25", "Practice  Manager")),
        edited(right_clinic("wattle", database="W"), waived("2026-11-26", "practice manager")),
        edited(right_clinic("manly", database="M"), waived("2026-11-27", "kim Osei")),
    )
    lines = told(clinics.run(ALL, "--videolink-report={owner}.json"))
    assert [line for line in lines[1:] if line[2] != " "] == ["  kim Osei", "  practice manager"]
    theirs = (clinics.pytester.path / "practice-manager.json").read_text(encoding="utf-8")
    assert [each["clinic"] for each in json.loads(theirs)["lapses"]] == ["harbourside", "wattle"]


def test_the_ini_says_how_soon(clinics: Clinics) -> None:
    clinics.pytester.makeini("[pytest]\nvideolink_soon = 1\n")
    clinics.write(edited(right_clinic(), waived("2026-11-25")))
    assert told(clinics.run(ALL)) == []
    assert told(clinics.run(ALL, "--videolink-soon=2"))[0] == "What lapses within 2 days:"


def test_every_report_has_it_and_names_no_appointment(clinics: Clinics) -> None:
    booked = appointment(
        id="SECRET-1", created="2026-11-23T08:50:00+11:00", starts="2026-11-23T09:01:00+11:00"
    )
    clinics.write(
        edited(
            right_clinic(),
            {
                "appointments": [booked],
                **waived("2026-11-25", check="VL502", on="SECRET-1"),
            },
        )
    )
    suffixes = ("html", "md", "json", "baseline.json")
    result = clinics.run(ALL, *(f"--videolink-report=r.{suffix}" for suffix in suffixes))
    assert told(result)[2].endswith("the waiver of VL502 on an appointment ends (harbourside)")
    text = {s: (clinics.pytester.path / f"r.{s}").read_text(encoding="utf-8") for s in suffixes}
    assert "SECRET" not in text["md"] + text["baseline.json"]
    assert "What lapses within 7 days" in text["md"]
    assert "What lapses within 7 days" in text["html"]
    (lapse,) = read(text["json"]).lapses
    assert (lapse.owner, lapse.until, lapse.clinic) == ("Kim Osei", "2026-11-25", "harbourside")


@pytest.mark.parametrize("days", ["-1", "999999999"])
def test_a_number_out_of_range(clinics: Clinics, days: str) -> None:
    clinics.write(right_clinic())
    result = clinics.run(ALL, f"--videolink-soon={days}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: videolink_soon is {days}: expected a number from 0 to *"])
