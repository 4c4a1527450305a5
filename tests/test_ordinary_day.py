"""What an ordinary day's export holds, and what comes of it: a whole run over each example."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from conftest import Clinics
from support import Document, edited, right_clinic

SHEET = "exports/tuesday.csv"
ASKED = "--videolink-clinic=harbourside"
HEADER = "ApptNo,Patient,Provider,Type,Booked,Start,Video,Status"
NAME, GIVEN = "Planted", "Nora"
VIDEO = f"88025,{NAME} {GIVEN},17,29,20/11/2026 3:40 PM,24/11/2026 4:30 PM,yes,Booked"
COLUMNS = {
    "id": "ApptNo",
    "practitioner": "Provider",
    "pms_type": "Type",
    "created": "Booked",
    "starts": "Start",
    "link": "Video",
    "status": "Status",
}


def booked(number: int, type: str, *, name: str = f"{NAME} {GIVEN}", **cells: str) -> str:
    """A row for the morning, one every ten minutes."""
    hour, minute = divmod(8 * 60 + 10 * number, 60)
    half = f"{(hour - 1) % 12 + 1}:{minute:02} {'AM' if hour < 12 else 'PM'}"
    row = {
        "ApptNo": f"{88000 + number}",
        "Patient": name,
        "Provider": "17",
        "Type": type,
        "Booked": "19/11/2026 11:20 AM",
        "Start": f"24/11/2026 {half}",
        "Video": "",
        "Status": "Booked",
    }
    return ",".join({**row, **cells}.values())


DAY = [
    *(booked(number, "40") for number in range(20)),
    *(booked(number, "41") for number in range(20, 24)),
    VIDEO,
]
"""25 appointments: 20 in person, 4 by phone, and one by video, which has its link."""

LEFT_OUT = "left out, as their types are not for video: Standard (20), Phone Consult (4)"


def clinic(**edits: Any) -> Document:
    table = {"csv": SHEET, "columns": COLUMNS, "dates": "dmy", "skip": {"status": ["Cancelled"]}}
    phone = {
        "id": "phone",
        "name": "Phone Consult",
        "modality": "phone",
        "online_bookings": True,
        "telehealth": True,
        "telehealth_video": False,
        "linked_to": "41",
        "practitioners": "all",
    }
    listed = {"id": "41", "name": "Phone Consult", "active": True}
    by_table = {
        "appointments": table,
        "appointment_types.2": phone,
        "pms.appointment_types.3": listed,
    }
    return edited(edited(right_clinic(), by_table), edits)


class Day(NamedTuple):
    """Rows of an export, and what a run says of them. ``failed`` are the checks that fail."""

    rows: list[str]
    said: list[str]
    failed: frozenset[str] = frozenset()
    edits: Mapping[str, Any] = MappingProxyType({})


NOW = "appointment-88025::"
TABLES = frozenset({"VL007-tables-readable"})

PURPOSE = {
    "an ordinary day of 25 appointments": Day(
        [HEADER, *DAY],
        [f"{SHEET}: 25 rows = 1 judged + 24 left out", LEFT_OUT, "harbourside: READY"],
    ),
    "No in the link's column is no link": Day(
        [HEADER, *DAY[:-1], VIDEO.replace(",yes,", ",No,")],
        ["Appointment 88025 has no link though every setting is right"],
        frozenset({f"{NOW}VL501-link-generated"}),
    ),
    "a cancelled appointment is nobody's task": Day(
        [HEADER, *DAY, booked(30, "29", Status="cancelled")],
        [
            f"{SHEET}: 26 rows = 1 judged + 24 left out + 1 skipped",
            "skipped: 1 for status Cancelled",
            "harbourside: READY",
        ],
    ),
    "a total row": Day(
        [HEADER, *DAY, "25 appointments,,,,,,,"],
        [f"1 row of {SHEET} is no appointment: 27", "harbourside: READY"],
    ),
    "a total row that fills two cells": Day(
        [HEADER, *DAY, ",Total,,,,,,25"],
        [f"1 row of {SHEET} is no appointment: 27", "harbourside: READY"],
    ),
    "a lunch slot": Day(
        [HEADER, *DAY[:20], ",Lunch,17,,,24/11/2026 1:00 PM,,", *DAY[20:]],
        [f"{SHEET}, row 22, column Type: is empty", "harbourside: NOT READY"],
        TABLES,
    ),
    "a lunch slot without a practitioner": Day(
        [HEADER, *DAY[:20], ",Lunch,,,,24/11/2026 1:00 PM,,", *DAY[20:]],
        [f"1 row of {SHEET} is no appointment: 22", "harbourside: READY"],
    ),
    "a lunch slot that is skipped": Day(
        [HEADER, *DAY[:20], ",Lunch,17,,,24/11/2026 1:00 PM,,Break", *DAY[20:]],
        ["skipped: 1 for status Break", "harbourside: READY"],
        edits={"appointments.skip": {"status": ["Break"]}},
    ),
    "a title line": Day(
        ["Appointments of Tuesday 24 November 2026", "", HEADER, *DAY],
        [f"1 row of {SHEET} is no appointment: 1", "harbourside: READY"],
    ),
    "dates as 28/11/2026 11:00 AM": Day(
        [HEADER, *DAY[:-1], VIDEO.replace("24/11/2026 4:30 PM", "28/11/2026 11:00 AM")],
        [f"{SHEET}: 25 rows = 1 judged + 24 left out", "harbourside: READY"],
    ),
    "the same where nothing says so": Day(
        [HEADER, *DAY],
        [
            f"{SHEET}, column Booked: 25 rows such as row 2 are not iso dates; say dates: dmy",
            f"{SHEET}, column Start: 25 rows such as row 2 are not iso dates; say dates: dmy",
            "harbourside: NOT READY",
        ],
        TABLES,
        {"appointments.dates": "iso"},
    ),
    "a type by its name": Day(
        [HEADER, *DAY[:-1], VIDEO.replace(",29,", ",telehealth consult,")],
        [f"{SHEET}: 25 rows = 1 judged + 24 left out", "harbourside: READY"],
    ),
    "a type by a name that is none": Day(
        [HEADER, *DAY[:-1], VIDEO.replace(",29,", ",Video,")],
        [
            f"{SHEET}, row 26, column Type: is no PMS appointment type that this record knows, by"
            " an id or by a name",
            "harbourside: NOT READY",
        ],
        TABLES,
    ),
    "a comma in a name without quotes": Day(
        [HEADER, *DAY, booked(30, "29", name=f"{NAME}, {GIVEN}")],
        [
            f"{SHEET}, row 27: it has more cells than the header; a cell that holds a delimiter or"
            " a line break needs quotes, or in a workbook its column a heading",
            "harbourside: NOT READY",
        ],
        TABLES,
    ),
    "a comma in the name of a cancelled appointment": Day(
        [HEADER, *DAY, booked(30, "29", name=f"{NAME}, {GIVEN}", Status="Cancelled")],
        [f"{SHEET}, row 27: it has more cells than the header", "harbourside: NOT READY"],
        TABLES,
    ),
    "a cancelled appointment that nothing skips": Day(
        [
            HEADER,
            *DAY,
            booked(30, "29", Status="cancelled"),
            booked(31, "29", Status="DID NOT ATTEND"),
            booked(32, "40", Status="dna"),
            booked(33, "29", Status=f"Moved by {NAME}"),
        ],
        [
            f"{SHEET}: 29 rows = 4 judged + 25 left out",
            "Appointment 88030 has no link though every setting is right; its status is Cancelled",
            "Appointment 88031 has no link though every setting is right; its status is Did not"
            " attend",
            "1. Look the appointment up: its status is Cancelled. Where nobody comes, no link is"
            " missing: leave such rows out with skip: {status: [Cancelled, Did not attend, DNA],"
            ' pms_type: [Flu clinic, "#29"]} below appointments',
            "2. Contact the booking platform's support with exactly this",
            "Appointment 88033 has no link though every setting is right: Dr Amara Nwosu",
        ],
        frozenset(f"appointment-880{each}::VL501-link-generated" for each in (30, 31, 33)),
        {"appointments.skip": {"pms_type": ["Flu clinic", "#29"]}},
    ),
    "a cancelled appointment that a setting keeps from its link": Day(
        [HEADER, *DAY[:-1], VIDEO.replace(",yes,Booked", ",,No show")],
        [
            "Appointment 88025 has no link (VL103): Harbourside Medical Centre is not connected to"
            " its PMS; its status is No show",
            "leave such rows out with skip: {status: [Cancelled, No show]} below appointments",
        ],
        frozenset({f"{NOW}VL501-link-generated", "VL103-pms-connected"}),
        {"pms.connected": False},
    ),
    "a cancelled appointment that has its link": Day(
        [HEADER, *DAY[:-1], VIDEO.replace("Booked", "No show")],
        [f"{SHEET}: 25 rows = 1 judged + 24 left out", "harbourside: READY"],
    ),
}
"""What was asked in practice, and answered wrongly or not at all once."""

REPORTS = ("html", "md", "csv", "json", "sarif", "xlsx")


@pytest.mark.parametrize("day", PURPOSE.values(), ids=PURPOSE)
def test_an_ordinary_day(clinics: Clinics, day: Day) -> None:
    clinics.write(clinic(**day.edits))
    clinics.write_file(SHEET, "".join(f"{row}\n" for row in day.rows))
    outcomes = clinics.outcomes(ASKED)
    failed = {id.partition("::")[2] for id, outcome in outcomes.items() if outcome == "failed"}
    assert failed == day.failed
    result = clinics.run(
        ASKED, "-v", "--junitxml=j.xml", *(f"--videolink-report=r.{each}" for each in REPORTS)
    )
    text = " ".join(result.stdout.str().split())
    assert [part for part in day.said if part not in text] == []
    files = [clinics.pytester.path / "j.xml"]
    files += [clinics.pytester.path / f"r.{each}" for each in REPORTS]
    said = text.encode() + b"".join(each.read_bytes() for each in files)
    assert not [name for name in (NAME, GIVEN) if name.encode() in said]


# One that is asked for and was booked as something else

EITHER_WAY = {
    "by phone": (
        {},
        "Appointment 88021 was booked as a phone appointment and synced as a standard appointment:"
        " its PMS type is linked to no video type",
        "1. Ask whoever booked it what it is meant to be: as a phone appointment it needs no link,"
        " and nothing is to be done 2. Where it is meant as video, book it as a PMS type that a"
        " video type is linked to 3. Recreate the appointment",
    ),
    "in person": (
        {"appointment_types.2.modality": "in-person"},
        "Appointment 88021 was booked as an in-person appointment and synced as a standard"
        " appointment: its PMS type is linked to no video type",
        "as an in-person appointment it needs no link, and nothing is to be done",
    ),
    "either": (
        {"appointment_types.1.linked_to": ["40", "41"]},
        "Appointment 88021 was booked as a phone or in-person appointment and synced as a standard",
        "as a phone or in-person appointment it needs no link",
    ),
    "one knows not how": (
        {"appointment_types.2.modality": None},
        "Appointment 88021 synced as a standard appointment: its PMS type is linked to no video",
        "1. Book it as a PMS type that a video type is linked to, or link this PMS type:",
    ),
    "by phone, with a link": (
        {},
        "Appointment 88022 was booked as a phone appointment and has a link, but its PMS type is"
        " linked to no video type",
        "as a phone appointment it needs no link, and tell the patient not to use it",
    ),
}


@pytest.mark.parametrize(("edits", "first", "todo"), EITHER_WAY.values(), ids=EITHER_WAY)
def test_what_was_booked_as_something_else_is_told_so_first(
    clinics: Clinics, edits: dict[str, Any], first: str, todo: str
) -> None:
    clinics.write(clinic(**edits))
    day = [*DAY[:22], booked(22, "41", Video="yes"), *DAY[23:]]
    clinics.write_file(SHEET, "".join(f"{row}\n" for row in [HEADER, *day]))
    id = "88022" if "88022" in first else "88021"
    result = clinics.run(ASKED, f"--videolink-appointment={id}")
    answer = " ".join(result.stdout.str().partition("= videolink =")[2].split())
    assert [part for part in (first, todo) if part not in answer] == []


# A list of users

USERS = """\
User ID,Name,Status,Has appointments
17,Dr Amara Nwosu,Active,Yes
18,Dr Li Wei,Active,Yes
19,Rita Reception,Active,No
20,Dr Gone Already,Inactive,Yes
"""
USED = {
    "id": "User ID",
    "name": "Name",
    "active": "Status",
    "in_appointment_book": "Has appointments",
}


def test_a_list_of_users_is_taken_as_it_is(clinics: Clinics) -> None:
    """Neither the receptionist nor who has left becomes a practitioner of the Dashboard."""
    (clinics.pytester.path / "users.csv").write_text(USERS, encoding="utf-8")
    result = clinics.pytester.runpytest_inprocess(
        "-p", "videolink", "--videolink-new=bayside", "--videolink-new-from=users.csv"
    )
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "Taken over from users.csv: 4 practitioners; id: User ID (A); name: Name (B);"
            " active: Status (C); in_appointment_book: Has appointments (D)"
        ]
    )
    text = (clinics.folder / "bayside.yaml").read_text(encoding="utf-8")
    listed, profiles = text.split("\npractitioners:")
    assert [name in listed for name in ("Rita Reception", "Dr Gone Already")] == [True, True]
    assert [name in profiles for name in ("Rita", "Gone", "Dr Li Wei")] == [False, False, True]


def test_a_list_of_users_by_reference(clinics: Clinics) -> None:
    """The record is READY with it, and a fresh export in its place is what counts."""
    table = {"csv": "exports/users.csv", "columns": USED}
    clinics.write(edited(right_clinic(), {"pms.practitioners": table}))
    clinics.write_file("exports/users.csv", USERS)
    assert clinics.run(ASKED).ret == 0
    clinics.write_file(
        "exports/users.csv", USERS.replace("18,Dr Li Wei,Active", "18,Dr Li Wei,Inactive")
    )
    outcomes = clinics.outcomes(ASKED)
    assert [id.partition("::")[2] for id, each in outcomes.items() if each == "failed"] == [
        "dr-li-wei::VL203-pms-link-resolves"
    ]
