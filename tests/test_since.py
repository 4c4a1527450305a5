"""--videolink-since: what changed since an earlier report, in every format."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Clinics
from files_of import Files, files_of, put_alone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import fleets
from support import NOW, Document, appointment, edited, right_clinic, waiver

from pytest_videolink.reports.earlier import read
from pytest_videolink.reports.nights import ChangesReport, earliest
from pytest_videolink.reports.report import Report

BEFORE = Path(__file__).parent / "data" / "report-1.json"
ALL = "--videolink-clinic=*"
OFF = {"practitioners.0.accepts_video_appointments": False}
OTHER_OFF = {"practitioners.1.accepts_video_appointments": False}
HEAD = "What changed since Mon 23 Nov 2026 09:00, 1 hour before:"
NWOSU = "Dr Amara Nwosu does not accept video appointments (VL201)"
WEI = "Dr Li Wei does not accept video appointments (VL201)"


def clock(hours: float) -> str:
    return f"--videolink-now={(NOW + timedelta(hours=hours)).isoformat()}"


def first(clinics: Clinics, *arguments: str) -> None:
    """The night before: its report is ``then.json``."""
    clinics.run(ALL, *arguments, "--videolink-report=then.json")


def second(clinics: Clinics, *arguments: str, hours: float = 1) -> pytest.RunResult:
    """The night after, compared with the one before; its report is ``now.json``."""
    selects = any(each.startswith("--videolink-clinic") for each in arguments)
    return clinics.run(
        clock(hours),
        *([] if selects else [ALL]),
        "--videolink-since=then.json",
        "--videolink-report=now.json",
        *arguments,
    )


def told(result: pytest.RunResult) -> list[str]:
    """The block of what changed."""
    start = next(n for n, line in enumerate(result.outlines) if " videolink =" in line) + 1
    if not result.outlines[start].startswith("What changed"):
        return []
    return result.outlines[start : result.outlines.index("", start)]


def report(clinics: Clinics, name: str = "now.json") -> Report:
    return read((clinics.pytester.path / name).read_text(encoding="utf-8"))


def changes(clinics: Clinics) -> ChangesReport:
    found = report(clinics).changes
    assert found is not None
    return found


RIGHT = right_clinic()
WRONG = edited(RIGHT, OFF)
OTHER = right_clinic("wattle", database="W")
WAIVED = {**OFF, **waiver("VL201", "dr-amara-nwosu")}
NO_LINK = {"appointment_types.0.linked_to": "none"}
TWO_LINKS = {"appointment_types.0.linked_to": ["29", "98"]}


# No comparison


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        (["-k", "VL201"], [], "only a part of it checked then: harbourside"),
        ([], ["-k", "VL201"], "only a part of it checked now: harbourside"),
    ],
)
def test_a_part_is_not_compared(
    clinics: Clinics, then: list[str], now: list[str], why: str
) -> None:
    clinics.write(WRONG)
    first(clinics, *then)
    assert told(second(clinics, *now)) == [HEAD, "  No comparison:", f"    {why}"]
    found = changes(clinics)
    assert (found.new, found.fixed, found.open, found.ready, found.unready) == ((), (), 0, (), ())


def test_appointments_are_not_compared_with_a_baseline(clinics: Clinics) -> None:
    clinics.write(edited(RIGHT, {"appointments": [appointment()]}))
    clinics.run(ALL, "--videolink-report=then.baseline.json")
    clinics.write(edited(RIGHT, {"appointments": [appointment(), appointment(id="7")], **OFF}))
    result = clinics.run(ALL, clock(1), "--videolink-since=then.baseline.json")
    assert told(result) == [
        HEAD,
        "  New:",
        f"    harbourside: {NWOSU}",
        "  No comparison:",
        "    booked appointments: that report leaves them out",
    ]


def test_clinics_that_are_not_asked_for_are_not_gone(clinics: Clinics) -> None:
    clinics.write(RIGHT, OTHER)
    first(clinics)
    (clinics.folder / "wattle.yaml").unlink()
    assert told(second(clinics, "--videolink-clinic=harbour*")) == []
    assert told(second(clinics, "--videolink-clinic=*a*")) == [
        HEAD,
        "  Gone from the source:",
        "    wattle",
    ]


# First seen


def test_a_finding_is_known_since_it_was_first_seen(clinics: Clinics) -> None:
    clinics.write(WRONG)
    first(clinics)
    (item,) = report(clinics, "then.json").clinics[0].findings
    assert item.first_seen == NOW.isoformat()
    for hours in (1, 2):
        second(clinics, hours=hours)
        (clinics.pytester.path / "now.json").replace(clinics.pytester.path / "then.json")
    (item,) = report(clinics, "then.json").clinics[0].findings
    assert (item.first_seen, item.change) == (NOW.isoformat(), "open")


INTERRUPTIONS = {
    "blocked": edited(RIGHT, NO_LINK),
    "unreadable": edited(RIGHT, {"pms": "x"}),
    "waived": edited(RIGHT, {**TWO_LINKS, **waiver("VL304", "telehealth-video")}),
}


@pytest.mark.parametrize("between", INTERRUPTIONS.values(), ids=INTERRUPTIONS)
@pytest.mark.parametrize("is_right_then", [False, True])
def test_only_a_pass_ends_a_finding(
    clinics: Clinics, between: Document, is_right_then: bool
) -> None:
    wrong = edited(RIGHT, TWO_LINKS)
    nights = [wrong, RIGHT if is_right_then else between, wrong]
    for hours, document in enumerate(nights):
        clinics.write(document)
        if hours == 0:
            first(clinics)
            continue
        second(clinics, hours=hours)
        (clinics.pytester.path / "now.json").replace(clinics.pytester.path / "then.json")
    found = {
        item.check: item.first_seen for item in report(clinics, "then.json").clinics[0].findings
    }
    started = NOW + timedelta(hours=2) if is_right_then else NOW
    assert found["VL304"] == started.isoformat()


SHEET = {
    "practitioner": "Who",
    "pms_type": "Type",
    "starts": "Start",
    "link": "Link",
    "created": "Made",
}
ROW = "17,29,2026-11-24 09:30,,2026-11-20T10:00"
OTHER_ROW = "17,29,2026-11-24 10:00,yes,2026-11-20T10:00"
UNREADABLE_SHEETS = {
    "a time that is none": ["17,29,2026-11-24 9h30,,2026-11-20T10:00", OTHER_ROW],
    "another order of dates": [row.replace("2026-11-24", "24/11/2026") for row in (ROW, OTHER_ROW)],
    "no sheet": None,
}


@pytest.mark.parametrize("between", UNREADABLE_SHEETS.values(), ids=UNREADABLE_SHEETS)
def test_a_row_that_cannot_be_read_ends_no_finding(
    clinics: Clinics, between: list[str] | None
) -> None:
    sheet = clinics.folder / "day.csv"

    def day(rows: list[str] | None) -> None:
        sheet.unlink(missing_ok=True)
        if rows is not None:
            clinics.write_file("day.csv", "\n".join([",".join(SHEET.values()), *rows, ""]))

    clinics.write(edited(RIGHT, {"appointments": {"csv": "day.csv", "columns": SHEET}}))
    day([ROW, OTHER_ROW])
    first(clinics)
    day(between)
    result = second(clinics)
    assert {
        "  Not checkable any more:",
        "  Still open:",
        "    1 finding has no answer this time",
    } <= {*told(result)}
    assert "  Not asked about any more:" not in told(result)
    (clinics.pytester.path / "now.json").replace(clinics.pytester.path / "then.json")
    day([ROW, OTHER_ROW])
    result = second(clinics, hours=2)
    assert "  New:" not in told(result)
    found = {item.check: item for item in report(clinics, "now.json").clinics[0].findings}
    assert (found["VL501"].first_seen, found["VL501"].change) == (NOW.isoformat(), "open")


def test_a_row_that_is_not_there_any_more_ends_its_finding(clinics: Clinics) -> None:
    clinics.write(edited(RIGHT, {"appointments": {"csv": "day.csv", "columns": SHEET}}))
    header = ",".join(SHEET.values())
    clinics.write_file("day.csv", "\n".join([header, ROW, OTHER_ROW, ""]))
    first(clinics)
    clinics.write_file("day.csv", "\n".join([header, OTHER_ROW, ""]))
    assert "  Not asked about any more:" in told(second(clinics))


def test_the_earliest_of_times_on_several_clocks() -> None:
    there, here = "2026-11-24T05:00:00+11:00", "2026-11-23T20:00:00+00:00"
    assert earliest([here, there]) == there
    assert earliest([]) == ""


def test_it_is_shown_in_the_zone_of_the_clinic(clinics: Clinics) -> None:
    """At nine in Sydney it is still the day before in Los Angeles."""
    clinics.write(edited(WRONG, {"timezone": "America/Los_Angeles"}), edited(OTHER, OFF))
    first(clinics)
    second(clinics, "--videolink-report=now.csv")
    text = (clinics.pytester.path / "now.csv").read_text(encoding="utf-8-sig")
    rows = {row["clinic"]: row for row in csv.DictReader(io.StringIO(text))}
    assert {id: row["first_seen"] for id, row in rows.items()} == {
        "harbourside": "2026-11-22",
        "wattle": "2026-11-23",
    }


def test_the_oldest_that_is_open_is_shown_in_the_zone_of_its_clinic(clinics: Clinics) -> None:
    """A machine of a CI service counts in UTC, where it is the day before in Sydney's morning."""
    night, day_after = "--videolink-now=2026-11-22T20:00Z", "--videolink-now=2026-11-23T20:00Z"
    clinics.write(WRONG, OTHER)
    first(clinics, night)
    clinics.write(WRONG, edited(OTHER, OFF))
    result = second(clinics, day_after, "--videolink-fail-on=new", "-rx")
    assert "    1 finding is open since 23 Nov 2026" in told(result)
    assert any(line.endswith("known since 23 Nov 2026") for line in result.outlines)


# Since when settings are what they are


def spans(clinics: Clinics, name: str = "then.json") -> dict[str, Any]:
    (clinic,) = report(clinics, name).clinics
    return {
        each.id: each.settings_since and (each.settings_since.after, each.settings_since.by)
        for each in clinic.subjects
    }


def test_settings_became_what_they_are_between_two_records(clinics: Clinics) -> None:
    times = [f"2026-11-23T{hour:02}:30:00+11:00" for hour in (6, 7, 8)]
    documents = [
        edited(RIGHT, {"as_of": times[0]}),
        edited(RIGHT, {"as_of": times[1], **OFF}),
        edited(RIGHT, {"as_of": times[2], **OFF}),
    ]
    found = []
    for hours, document in enumerate(documents):
        clinics.write(document)
        if hours == 0:
            first(clinics)
        else:
            second(clinics, hours=hours)
            (clinics.pytester.path / "now.json").replace(clinics.pytester.path / "then.json")
        found.append(spans(clinics))
    unknown = dict.fromkeys(found[0])
    assert found[0] == unknown
    span = {"dr-amara-nwosu": (times[0], times[1])}
    assert found[1] == found[2] == unknown | span


@pytest.mark.parametrize("as_of", ["2026-11-23T08:30:00+11:00", "2026-11-23T07:30:00+11:00"])
def test_a_record_that_is_no_later_tells_of_no_time(clinics: Clinics, as_of: str) -> None:
    clinics.write(RIGHT)
    first(clinics)
    clinics.write(edited(RIGHT, {**OFF, "as_of": as_of}))
    second(clinics)
    assert set(spans(clinics, "now.json").values()) == {None}


def diagnosed(clinics: Clinics, created: str, **noted: Any) -> str:
    """What is said of an appointment, booked then, at a clinic that was put right today."""
    booked = {"appointments": [appointment(created=created)]}
    clinics.write(edited(WRONG, {"as_of": "2026-11-22T18:00:00+11:00", **booked}))
    first(clinics)
    clinics.write(
        edited(RIGHT, {**booked, **{f"practitioners.0.{k}": v for k, v in noted.items()}})
    )
    second(clinics)
    items = report(clinics).clinics[0].items
    return next(item.summary for item in items if item.check == "VL501")


BOOKED_BEFORE = (
    "Appointment 88213 has no link: it was booked before the last change of Dr Amara Nwosu"
)


@pytest.mark.parametrize(
    ("created", "noted", "summary"),
    [
        ("2026-11-22T17:59:00+11:00", {}, f"{BOOKED_BEFORE}, between the records of 22 and 23"),
        ("2026-11-22T18:00:00+11:00", {}, "Appointment 88213 has no link though every setting is"),
        ("2026-11-22T20:00:00+11:00", {}, "Appointment 88213 has no link though every setting is"),
        (
            "2026-11-22T17:59:00+11:00",
            {"changed_at": "2026-11-21T08:00:00+11:00"},
            "Appointment 88213 has no link though every setting is",
        ),
        (
            "2026-11-22T20:00:00+11:00",
            {"changed_at": "2026-11-22T21:00:00+11:00"},
            BOOKED_BEFORE,
        ),
    ],
    ids=["before", "at the record", "between", "noted, and earlier", "noted, and later"],
)
def test_an_appointment_that_was_booked_before_a_change(
    clinics: Clinics, created: str, noted: dict[str, str], summary: str
) -> None:
    assert diagnosed(clinics, created, **noted).startswith(summary)


# Formats


def test_every_format_begins_with_it(clinics: Clinics) -> None:
    clinics.write(WRONG)
    first(clinics)
    clinics.write(edited(RIGHT, OTHER_OFF), {"clinic": "wattle"})
    suffixes = ("html", "md", "csv", "sarif")
    second(clinics, *(f"--videolink-report=now.{suffix}" for suffix in suffixes))
    text = {
        suffix: (clinics.pytester.path / f"now.{suffix}").read_text(encoding="utf-8")
        for suffix in suffixes
    }
    begins = text["md"].partition("| Clinic |")[0]
    assert f"- harbourside&#58; {WEI[:-1]}&#41;" in begins
    assert f"- harbourside&#58; {NWOSU[:-1]}&#41;" in begins
    page = text["html"]
    assert page.index("What changed since") < page.index("The verdict of each clinic")
    assert '<option value="new">New</option>' in page
    assert page.count('<span class="badge new">new</span>') == 4
    rows = list(csv.DictReader(io.StringIO(text["csv"].removeprefix("\ufeff"))))
    assert {(row["check"], row["change"]) for row in rows} == {("VL001", "new"), ("VL201", "new")}
    (result,) = (
        each
        for each in json.loads(text["sarif"])["runs"][0]["results"]
        if each["ruleId"] == "VL201"
    )
    assert result["baselineState"] == "new"


def test_what_travels_far_names_no_appointment_that_changed(clinics: Clinics) -> None:
    clinics.write(edited(RIGHT, {"appointments": [appointment(id="SECRET-1")]}))
    first(clinics)
    clinics.write(edited(RIGHT, {"appointments": [appointment(id="SECRET-2")]}))
    second(clinics, *(f"--videolink-report=now.{each}" for each in ("md", "baseline.json")))
    assert "SECRET-1" in (clinics.pytester.path / "now.json").read_text(encoding="utf-8")
    for suffix in ("md", "baseline.json"):
        assert "SECRET" not in (clinics.pytester.path / f"now.{suffix}").read_text("utf-8")


def test_without_an_earlier_report_nothing_is_told_of_change(clinics: Clinics) -> None:
    clinics.write(WRONG)
    result = clinics.run(ALL, "--videolink-report=now.html", "--videolink-report=now.sarif")
    assert told(result) == []
    for suffix in ("html", "sarif"):
        text = (clinics.pytester.path / f"now.{suffix}").read_text(encoding="utf-8")
        assert "What changed" not in text
        assert "baselineState" not in text


def test_it_is_the_same_with_workers(clinics: Clinics) -> None:
    clinics.write(WRONG, OTHER)
    first(clinics)
    clinics.write(edited(RIGHT, OTHER_OFF))
    plain = ("-p", "videolink", ALL, clock(1), "--videolink-since=then.json")
    found = []
    for more in ([], ["-n", "2"]):
        clinics.pytester.runpytest_subprocess(
            "-p", "xdist", *plain, *more, "--videolink-report=now.json"
        )
        text = (clinics.pytester.path / "now.json").read_text(encoding="utf-8")
        found.append(text.replace("-p xdist ", "").replace(" -n 2", ""))
    assert found[0] == found[1]


def test_a_quiet_run_tells_what_changed_too(clinics: Clinics) -> None:
    clinics.write(RIGHT)
    first(clinics)
    clinics.write(WRONG)
    assert told(second(clinics, "-q"))[:1] == [HEAD]


def test_an_earlier_report_that_windows_has_written_anew(clinics: Clinics) -> None:
    clinics.write(RIGHT)
    first(clinics)
    file = clinics.pytester.path / "then.json"
    file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert second(clinics).ret == pytest.ExitCode.OK


# What is refused


def refused(result: pytest.RunResult) -> str:
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.no_fnmatch_line("*passed*")
    return "\n".join(result.errlines).rstrip()


def test_an_earlier_report_that_is_none(harbourside: Clinics) -> None:
    since = "--videolink-since=then.json"
    assert f"ERROR: {since} cannot be read: No such file" in refused(second(harbourside))
    first(harbourside)
    file = harbourside.pytester.path / "then.json"
    whole = file.read_text(encoding="utf-8")
    for broken, why in (
        (whole[:-100], "it is no JSON that is whole"),
        ("{}", "it is no report of --videolink-report=FILE.json"),
        (whole.replace('"passed"', '"past"', 1), "it was changed, and contradicts itself"),
    ):
        file.write_text(broken, encoding="utf-8")
        assert f"ERROR: {since} cannot be used: {why}" in refused(second(harbourside))
    file.write_bytes(b"\xff\xfe\x00")
    assert f"ERROR: {since} cannot be used: it is no text" in refused(second(harbourside))


def test_an_earlier_report_of_other_clinics(harbourside: Clinics) -> None:
    first(harbourside)
    (harbourside.folder / "harbourside.yaml").unlink()
    harbourside.write(OTHER)
    assert "then.json is of other clinics: none of them is in the source" in refused(
        second(harbourside)
    )


def test_an_earlier_report_that_is_later(harbourside: Clinics) -> None:
    harbourside.run(ALL, clock(2), "--videolink-report=then.json")
    assert refused(second(harbourside)).endswith(
        "--videolink-since=then.json is of Mon 23 Nov 2026 11:00, which is later than the time"
        " checked against, Mon 23 Nov 2026 10:00"
    )


def test_an_earlier_report_that_is_seconds_later(harbourside: Clinics) -> None:
    harbourside.run(ALL, clock(1 + 1 / 3600), "--videolink-report=then.json")
    assert refused(second(harbourside)).endswith(
        "--videolink-since=then.json is of Mon 23 Nov 2026 10:00:01, which is later than the time"
        " checked against, Mon 23 Nov 2026 10:00:00"
    )


def test_it_asks_for_no_clinic(harbourside: Clinics) -> None:
    result = harbourside.run("--videolink-since=then.json")
    assert "--videolink-since asks for no clinic: add" in refused(result)


def test_a_variable_that_is_not_set(harbourside: Clinics) -> None:
    result = harbourside.run(ALL, "--videolink-since=$NOWHERE/then.json")
    assert "--videolink-since=$NOWHERE/then.json: the variable NOWHERE is not set" in refused(
        result
    )


def test_the_format_before_is_compared(clinics: Clinics) -> None:
    source = Path(__file__).parents[1] / "examples" / "clinics"
    result = clinics.run(
        clock(1), ALL, f"--videolink-source={source}", f"--videolink-since={BEFORE}"
    )
    # Checks have come since, and nothing else has changed.
    lines = told(result)
    assert lines[:1] + lines[-2:-1] == [HEAD, "  The checks:"]
    assert not any(line.endswith(("READY:", "New:", "Fixed:", "comparison:")) for line in lines)


# Properties


def written(clinics: Clinics, files: Files, name: str, *arguments: str) -> Report:
    put_alone(clinics, files)
    clinics.run(ALL, f"--videolink-report={name}", *arguments)
    return report(clinics, name)


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.data())
def test_new_fixed_and_open_add_up(clinics: Clinics, data: st.DataObject) -> None:
    fleet, other = data.draw(fleets()), data.draw(fleets())
    later = fleet | {id: document for id, document in other.items() if id in fleet}
    one = data.draw(files_of(fleet))
    after = data.draw(st.one_of(files_of(fleet), files_of(later)))
    a, b = written(clinics, one, "a.json"), written(clinics, after, "b.json")
    ab = written(clinics, after, "ab.json", "--videolink-since=a.json").changes
    ba = written(clinics, one, "ba.json", "--videolink-since=b.json").changes
    aa = written(clinics, one, "aa.json", "--videolink-since=a.json").changes
    assert ab is not None
    assert ba is not None
    assert aa is not None
    assert not aa.says_something

    def total(of: Report, others: ChangesReport) -> int:
        skipped = {each.clinic for each in others.uncompared}
        return sum(
            max(len(item.parts), 1)
            for clinic in of.clinics
            if clinic.id not in skipped
            for item in clinic.findings
        )

    def ended(of: ChangesReport) -> int:
        return len(of.fixed) + len(of.dropped) + of.answered + of.held

    assert total(a, ab) == ended(ab) + ab.open
    assert total(b, ab) == len(ab.new) + ab.open
    if not ab.uncompared and not ba.uncompared:
        assert len(ba.new) == ended(ab)
        assert len(ab.new) == ended(ba)
        assert ab.open == ba.open
        assert [each.item for each in ab.waived] == [each.item for each in ba.waivers]
        assert len(ab.waivers) == len(ba.waived)
        assert {(each.then, each.now) for each in ab.renamed} == {
            (each.now, each.then) for each in ba.renamed
        }
        mirrored = {(each.clinic, each.now, each.then) for each in ba.ready}
        assert {(each.clinic, each.then, each.now) for each in ab.unready} == mirrored
