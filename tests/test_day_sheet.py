"""Appointments from a day sheet: a CSV export of which only the named columns are ever read."""

from __future__ import annotations

import csv
import os
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from books import table_book
from conftest import Clinics
from support import REMOVED, Document, appointment, edited, right_clinic, to_yaml

from pytest_videolink.checks import diagnosis
from pytest_videolink.judging.judge import Judge
from pytest_videolink.record import sheet_rows, times
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.session.run import Run
from pytest_videolink.sources.directory import Directory
from pytest_videolink.sources.fleet import Fleet, Record

SHEET = "exports/day-sheet.csv"
COLUMNS = {
    "id": "ApptID",
    "practitioner": "Provider",
    "pms_type": "Type",
    "created": "Booked",
    "starts": "Start",
    "link": "VideoURL",
}
HEADER = "ApptID,Provider,Type,Booked,Start,VideoURL\n"
FIRST = "88213,dr-amara-nwosu,29,2026-11-20T15:40:00,2026-11-24T09:30:00,\n"
SECOND = "88214,dr-li-wei,31,2026-11-21 10:00,2026-11-24 10:00,https://room.example/1\n"
RIGHT = HEADER + FIRST + SECOND

BOOKED = [
    "88213 dr-amara-nwosu 29 11-20T04:40 11-23T22:30 no link",
    "88214 dr-li-wei 31 11-20T23:00 11-23T23:00 link",
]
"""What the sheet says, with times in UTC."""

ASKED = "--videolink-clinic=harbourside"
UNREADABLE = f"{SHEET} cannot be read: "


def clinic(columns: Mapping[str, Any] = COLUMNS, path: str = SHEET) -> Document:
    """A right clinic whose appointments stand in a day sheet."""
    return edited(right_clinic(), {"appointments": {"csv": path, "columns": dict(columns)}})


def read(
    tmp_path: Path, sheet: str | bytes | None = RIGHT, document: Document | None = None
) -> Record:
    """What the plugin reads from a clinic's file with a day sheet beside it."""
    folder = tmp_path / "clinics"
    (folder / SHEET).parent.mkdir(parents=True, exist_ok=True)
    (folder / "harbourside.yaml").write_text(to_yaml(document or clinic()), encoding="utf-8")
    if sheet is not None:
        (folder / SHEET).write_bytes(sheet.encode() if isinstance(sheet, str) else sheet)
    source = Directory(folder)
    [entry] = source.entries()
    return Fleet(source, [entry]).record(entry)


def clinic_of(record: Record) -> Clinic:
    assert record.clinic is not None, record.problems
    return record.clinic


def booked(record: Record) -> list[str]:
    """The appointments of a record, one a line, with times in UTC."""
    links = {True: "link", False: "no link", None: "not said"}
    return [
        f"{each.id} {each.practitioner} {each.pms_type} {utc(each.created)} {utc(each.starts)}"
        f" {links[each.link]}"
        for each in clinic_of(record).appointments
    ]


def utc(time: datetime | None) -> str:
    return "-" if time is None else f"{time.astimezone(timezone.utc):%m-%dT%H:%M}"


def problems(record: Record) -> list[str]:
    return [problem.message for problem in record.problems]


def faults(record: Record) -> list[str]:
    """What VL007 says of the record's tables."""
    return [fault for table in clinic_of(record).tables for fault in table.faults()]


def row(**cells: str) -> str:
    """The first appointment with some other cells."""
    names = ("id", "practitioner", "pms_type", "created", "starts", "link")
    right = dict(zip(names, FIRST.strip().split(","), strict=True))
    return ",".join({**right, **cells}.values()) + "\n"


# What a spreadsheet writes


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(RIGHT.encode(), id="UTF-8"),
        pytest.param(RIGHT.encode("utf-8-sig"), id="UTF-8 with a byte-order mark"),
        pytest.param(RIGHT.encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xfe\xff" + RIGHT.encode("utf-16-be"), id="UTF-16, big-endian"),
        pytest.param(RIGHT.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(RIGHT.replace(",", ";"), id="semicolons"),
        pytest.param(RIGHT.replace(",", "\t"), id="tabs"),
        pytest.param(
            RIGHT.replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig"),
            id="Excel's CSV UTF-8 with semicolons",
        ),
        pytest.param(
            RIGHT.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
            id="Excel's Unicode text",
        ),
        pytest.param(RIGHT.rstrip(), id="no line break at the end"),
        pytest.param(RIGHT.replace("\n", "\n\n"), id="blank lines"),
        pytest.param(RIGHT + ",,,,,\n", id="a row of nothing"),
        pytest.param(RIGHT.replace(",", "|"), id="bars"),
        pytest.param("sep=;\n" + RIGHT.replace(",", ";"), id="a line that names the delimiter"),
        pytest.param("Appointments\n\n" + RIGHT, id="a title"),
        pytest.param(RIGHT.replace("\n", ",,\n"), id="empty columns at the end"),
        pytest.param(RIGHT.replace("ApptID", "appt_ID"), id="a column in other letters"),
        pytest.param(RIGHT.replace(",", " , "), id="spaces around cells"),
    ],
)
def test_what_a_spreadsheet_writes(tmp_path: Path, sheet: str | bytes) -> None:
    assert booked(read(tmp_path, sheet)) == BOOKED


def quoted(sheet: str, delimiter: str) -> str:
    lines = [line.split(",") for line in sheet.splitlines()]
    return "".join(delimiter.join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_every_cell_quoted(tmp_path: Path, delimiter: str) -> None:
    assert booked(read(tmp_path, quoted(RIGHT, delimiter))) == BOOKED


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Patient", "Nobody"),
        ("Patient", '"Nobody, Nora"'),
        ("Patient", '"Nobody; Nora\tN."'),
        ("Patient", '"Nora ""N."" Nobody"'),
        ("Patient", '"Nobody\nNora"'),
        ("Patient", '"Nobody\r\nNora\r\n"'),
        ("Patient", "Nora 'N' Nobody"),
        ('"Patient, first"', "Nobody"),
        ('"Patient; first"', "Nobody"),
        ('"Patient\nname"', "Nobody"),
        ("", "Nobody"),
    ],
)
def test_a_column_that_is_not_named(tmp_path: Path, header: str, name: str) -> None:
    sheet = f"{header},{HEADER}{name},{FIRST}{name},{SECOND}"
    assert booked(read(tmp_path, sheet)) == BOOKED


def test_columns_in_another_order(tmp_path: Path) -> None:
    sheet = (
        "Start,VideoURL,Booked,Type,Patient,Provider,ApptID\n"
        "2026-11-24T09:30:00,,2026-11-20T15:40:00,29,Nobody,dr-amara-nwosu,88213\n"
    )
    assert booked(read(tmp_path, sheet)) == BOOKED[:1]


def test_two_columns_alike_that_are_not_named(tmp_path: Path) -> None:
    sheet = f"Note,{HEADER.strip()},Note\nx,{FIRST.strip()},y\n"
    assert booked(read(tmp_path, sheet)) == BOOKED[:1]


def test_a_sheet_without_appointments(tmp_path: Path) -> None:
    assert booked(read(tmp_path, HEADER)) == []


def test_a_sheet_of_a_clinic_in_json(tmp_path: Path) -> None:
    import json

    record = read(tmp_path)
    record.file.unlink()
    record.file.with_suffix(".json").write_text(json.dumps(clinic()), encoding="utf-8")
    source = Directory(record.file.parent)
    [entry] = source.entries()
    assert booked(Fleet(source, [entry]).record(entry)) == BOOKED


@pytest.mark.parametrize(
    ("cell", "link"),
    [
        ("", "no link"),
        (" ", "no link"),
        ('""', "no link"),
        ("https://room.example/1", "link"),
        ("Yes", "link"),
        ("1", "link"),
        ("no", "no link"),
        ("false", "no link"),
        ("0", "no link"),
        ("none", "no link"),
        ("n/a", "no link"),
        ("-", "no link"),
        ("nil", "no link"),
    ],
)
def test_whether_there_is_a_link(tmp_path: Path, cell: str, link: str) -> None:
    [line] = booked(read(tmp_path, HEADER + row(link=cell)))
    assert line.endswith(f"11-23T22:30 {link}")


def test_a_row_that_ends_before_its_link(tmp_path: Path) -> None:
    assert booked(read(tmp_path, HEADER + FIRST.rstrip(",\n"))) == BOOKED[:1]


def test_optional_columns(tmp_path: Path) -> None:
    sheet = (
        f"{HEADER.strip()},Looked up,How\n"
        f"{row().strip()},2026-11-23T08:50:00,video\n"
        f"{row(id='88215').strip()},,\n"
        f"{row(id='88216').strip()},2026-11-23 08:51,phone\n"
    )
    columns = {**COLUMNS, "seen_at": "Looked up", "modality": "How"}
    record = read(tmp_path, sheet, clinic(columns))
    assert [
        (each.id, f"{each.seen_at:%H:%M}" if each.seen_at else None, each.modality)
        for each in clinic_of(record).appointments
    ] == [("88213", "21:50", "video"), ("88215", None, None)]
    assert left_out(record) == ["Telehealth Consult: 4"]


# Times


@pytest.mark.parametrize(
    ("zone", "cell", "in_utc"),
    [
        ("Australia/Sydney", "2026-11-24T09:30:00", "11-23T22:30"),
        ("Australia/Adelaide", "2026-11-24T09:30:00", "11-23T23:00"),
        ("Australia/Perth", "2026-11-24T09:30:00", "11-24T01:30"),
        ("Australia/Perth", "2026-11-24 09:30", "11-24T01:30"),
        ("Australia/Perth", "2026-11-24T09:30:00+11:00", "11-23T22:30"),
        ("Australia/Perth", "2026-11-24T09:30:00Z", "11-24T09:30"),
        ("Australia/Sydney", "2027-04-04T02:30:00+10:00", "04-03T16:30"),
        ("Australia/Brisbane", "2027-04-04T02:30:00", "04-03T16:30"),
    ],
)
def test_times(tmp_path: Path, zone: str, cell: str, in_utc: str) -> None:
    document = edited(clinic(), {"timezone": zone})
    [line] = booked(read(tmp_path, HEADER + row(starts=cell), document))
    assert line == f"88213 dr-amara-nwosu 29 {CREATED[zone]} {in_utc} no link"


CREATED = {
    "Australia/Sydney": "11-20T04:40",
    "Australia/Adelaide": "11-20T05:10",
    "Australia/Brisbane": "11-20T05:40",
    "Australia/Perth": "11-20T07:40",
}

EXPECTED_DAY = "expected a day such as 2026-11-24"
EXPECTED_CLOCK = "expected a time of day behind the day, such as 09:30 or 9:30 am"
TWICE = (
    "the clocks change: this time happens twice in Australia/Sydney; add an offset such as +11:00"
)
NEVER = (
    "the clocks change: this time never happens in Australia/Sydney; add an offset such as +11:00"
)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", "is empty"),
        (" ", "is empty"),
        ("2027-04-04T02:30:00", TWICE),
        ("2026-10-04 02:30", NEVER),
        ("24/11/2026 9:30:00 AM", EXPECTED_DAY),
        ("24/11/2026", EXPECTED_DAY),
        ("2026-11-24", EXPECTED_CLOCK),
        ("46350.39583", EXPECTED_DAY),
        ("20261124", EXPECTED_DAY),
        ("2026-02-30T09:30:00", EXPECTED_DAY),
        ("0026-11-24T09:30:00", "expected a year from 1900 to 2999"),
    ],
)
def test_a_bad_time_has_its_row_and_column(tmp_path: Path, cell: str, said: str) -> None:
    sheet = RIGHT + row(id="88215", starts=cell)
    assert faults(read(tmp_path, sheet)) == [f"{SHEET}, row 4, column Start: {said}"]


def test_a_bad_offset_is_not_quoted(tmp_path: Path) -> None:
    [message] = faults(read(tmp_path, HEADER + row(starts="2026-11-24T09:30:00+98:76")))
    assert message.startswith(f"{SHEET}, row 2, column Start: ")
    assert "98" not in message


def test_days_in_an_order_that_is_not_declared_are_one_fault(tmp_path: Path) -> None:
    days = HEADER + "".join(row(id=f"{id}", starts=f"{id}/11/2026 11:00 AM") for id in (24, 25, 26))
    columns = {key: name for key, name in COLUMNS.items() if key != "created"}
    assert faults(read(tmp_path, days, clinic(columns))) == [
        f"{SHEET}, column Start: 3 rows such as row 2 are not iso dates; say dates: dmy"
    ]
    document = edited(clinic(columns), {"appointments.dates": "dmy"})
    assert booked(read(tmp_path, days, document)) == [
        f"{id} dr-amara-nwosu 29 - 11-{id}T00:00 no link" for id in (24, 25, 26)
    ]


# Who and what it is booked with, by an id or a name


@pytest.mark.parametrize(
    ("cell", "edits", "profiles"),
    [
        ("dr-amara-nwosu", {}, ["dr-amara-nwosu"]),
        ("17", {}, ["dr-amara-nwosu"]),
        ("18", {}, ["dr-li-wei"]),
        (" 18 ", {}, ["dr-li-wei"]),
        ("Dr Li Wei", {}, ["dr-li-wei"]),
        ("dr  LI WEI", {}, ["dr-li-wei"]),
        ("Dr Li Wei", {"pms.practitioners": REMOVED}, ["dr-li-wei"]),
        ("Dr Wei", {"pms.practitioners.1.name": "Dr Wei"}, ["dr-li-wei"]),
        ("18", {"practitioners.1.linked_to": "none"}, []),
        ("18", {"practitioners.0.linked_to": "18"}, ["dr-amara-nwosu", "dr-li-wei"]),
        (
            "18",
            {"practitioners.0.linked_to": "18", "practitioners.0.archived": True},
            ["dr-li-wei"],
        ),
        ("17", {"practitioners.0.archived": True}, ["dr-amara-nwosu"]),
    ],
)
def test_a_practitioner_by_an_id_or_a_name(
    tmp_path: Path, cell: str, edits: dict[str, Any], profiles: list[str]
) -> None:
    record = read(tmp_path, HEADER + row(practitioner=cell), edited(clinic(), edits))
    [appointment] = clinic_of(record).appointments
    assert list(appointment.profiles) == profiles


NOBODY = "is no practitioner that this record knows, by an id or by a name"


@pytest.mark.parametrize(
    ("cell", "edits", "said"),
    [
        ("99", {}, NOBODY),
        ("017", {}, NOBODY),
        ("Planted", {}, NOBODY),
        (
            "Dr Li Wei",
            {"pms.practitioners.0.name": "Dr Li Wei"},
            "may be one of several practitioners: give the id",
        ),
        (
            "Dr Li Wei",
            {"pms.practitioners": REMOVED, "practitioners.0.name": "Dr Li Wei"},
            "may be one of several practitioners: give the id",
        ),
    ],
)
def test_a_practitioner_who_cannot_be_told(
    tmp_path: Path, cell: str, edits: dict[str, Any], said: str
) -> None:
    record = read(tmp_path, HEADER + SECOND + row(practitioner=cell), edited(clinic(), edits))
    assert faults(record) == [f"{SHEET}, row 3, column Provider: {said}"]
    assert len(booked(record)) == 1


@pytest.mark.parametrize(
    ("cell", "id"),
    [("29", "29"), ("Telehealth Consult", "29"), ("telehealthCONSULT", "29"), ("31", "31")],
)
def test_a_type_by_an_id_or_a_name(tmp_path: Path, cell: str, id: str) -> None:
    [appointment] = clinic_of(read(tmp_path, HEADER + row(pms_type=cell))).appointments
    assert appointment.pms_type == id


NO_TYPE = "is no PMS appointment type that this record knows, by an id or by a name"


def test_a_type_that_is_none(tmp_path: Path) -> None:
    record = read(tmp_path, RIGHT + row(id="88215", pms_type="Video"))
    assert faults(record) == [f"{SHEET}, row 4, column Type: {NO_TYPE}"]


WAIT = "{} in rows {}: record the PMS's list (pms: appointment_types), whose names say which are"


@pytest.mark.parametrize(
    ("types", "said"),
    [
        (["50"], "1 appointment waits for 1 PMS type that nothing is linked to (50), in row 2"),
        (
            ["50", "Nora Planted", "50"],
            "3 appointments wait for 2 PMS types that nothing is linked to (50, ...), in rows"
            " 2, 3, 4",
        ),
        (["4711"], "1 appointment waits for 1 PMS type that nothing is linked to, in row 2"),
        (
            ["50", "4711", "7"],
            "3 appointments wait for 3 PMS types that nothing is linked to (7, 50, ...), in rows"
            " 2, 3, 4",
        ),
    ],
)
def test_types_are_told_once_where_the_list_is_not_recorded(
    tmp_path: Path, types: list[str], said: str
) -> None:
    rows = "".join(row(id=f"{n}", pms_type=type) for n, type in enumerate(types, 1))
    document = edited(clinic(), {"pms.appointment_types": REMOVED})
    record = read(tmp_path, HEADER + rows, document)
    named = "; names of types are looked up in that list" if "Nora Planted" in types else ""
    assert faults(record) == [
        f"{SHEET}: {said}: record the PMS's list (pms: appointment_types), whose names say which"
        f" are for video, or link those that are{named}"
    ]
    assert booked(record) == []


@pytest.mark.parametrize("is_first", [True, False])
def test_rows_whose_type_is_not_known_are_told_among_others(tmp_path: Path, is_first: bool) -> None:
    rows = [row(id="1", pms_type="50"), row(id="2", starts="soon")]
    sheet = "".join((HEADER, *(rows if is_first else rows[::-1]), FIRST))
    record = read(tmp_path, sheet, edited(clinic(), {"pms.appointment_types": REMOVED}))
    told = ["waits for 1 PMS type" in said for said in faults(record)]
    assert told == [is_first, not is_first]
    assert booked(record) == BOOKED[:1]


def test_who_and_what_an_appointment_of_the_document_itself_names(tmp_path: Path) -> None:
    named = appointment(practitioner="Dr Li Wei", pms_type="standard")
    unknown = appointment(id="2", practitioner="nobody", pms_type="nothing")
    record = read(tmp_path, None, edited(right_clinic(), {"appointments": [named, unknown]}))
    found = [(one.practitioner, one.pms_type) for one in clinic_of(record).appointments]
    assert found == [("dr-li-wei", "40"), ("nobody", "nothing")]


# What is not meant as video


def left_out(record: Record) -> list[str]:
    """The types of appointments that are left out, with their rows."""
    return [
        f"{each.name}{'' if each.linked else ' (not linked)'}: {', '.join(map(str, each.rows))}"
        for table in clinic_of(record).tables
        for each in table.left_out
    ]


TYPES = [
    *right_clinic()["pms"]["appointment_types"],
    {"id": "50", "name": "Flu clinic"},
    {"id": "51", "name": "Video review"},
    {"id": "52", "name": "Tele-health"},
    {"id": "53", "name": "Telephone"},
]


@pytest.mark.parametrize(
    ("cell", "edits", "left"),
    [
        ("29", {}, []),
        ("40", {}, ["Standard: 2"]),
        ("Standard", {}, ["Standard: 2"]),
        ("40", {"appointment_types.1.modality": "phone"}, ["Standard: 2"]),
        ("40", {"appointment_types.1.modality": REMOVED}, []),
        ("40", {"appointment_types.0.linked_to": ["29", "40"]}, []),
        ("31", {}, []),  # linked, with somebody else
        ("50", {}, ["Flu clinic (not linked): 2"]),
        ("51", {}, []),
        ("52", {}, []),
        ("53", {}, ["Telephone (not linked): 2"]),
        (
            "40",
            {"pms.appointment_types": REMOVED},
            ["Standard Consult: 2"],
        ),
        ("31", {"pms.appointment_types": [{"id": "31", "name": "Long"}]}, []),
    ],
)
def test_what_is_not_meant_as_video_is_left_out(
    tmp_path: Path, cell: str, edits: dict[str, Any], left: list[str]
) -> None:
    document = edited(clinic(), {"pms.appointment_types": TYPES, **edits})
    record = read(tmp_path, HEADER + row(pms_type=cell), document)
    assert faults(record) == []
    assert left_out(record) == left
    assert len(booked(record)) == 1 - len(left)


def test_what_is_left_out_is_judged_where_it_is_asked_for(clinics: Clinics) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, RIGHT + row(id="88215", pms_type="40"))
    item = "harbourside.yaml::appointment-88215::VL501-link-generated"
    assert item not in clinics.outcomes(ASKED)
    assert clinics.outcomes(ASKED, "--videolink-appointment=88215")[item] == "failed"
    assert clinics.outcomes(f"clinics/{item}") == {item: "failed"}


def test_an_appointment_that_may_stand_in_a_row_that_cannot_be_read(clinics: Clinics) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, RIGHT + row(id="88215", starts="soon"))
    assert clinics.outcomes(ASKED, "--videolink-appointment=88215") == {
        "harbourside.yaml::VL007-tables-readable": "failed"
    }
    said = said_of(clinics, "--videolink-appointment=88215")
    assert (
        f"Appointment 88215 (harbourside): it is in no row that can be read, and may be in one that"
        f" cannot: {SHEET}, row 4, column Start: expected a day such as 2026-11-24 1. Correct the"
    ) in said
    said = said_of(clinics, "--videolink-appointment=88213")
    assert "Appointment 88213 (harbourside), Tue 24 Nov 2026 09:30:" in said
    assert "no row that can be read" not in said


# Ids that are made


def test_ids_are_made_alike_whatever_the_order_of_rows(tmp_path: Path) -> None:
    columns = {key: name for key, name in COLUMNS.items() if key != "id"}
    rows = [
        FIRST,
        row(practitioner="Dr Amara Nwosu", pms_type="40"),
        row(practitioner="17", created="2026-11-19 09:00"),
        SECOND,
    ]
    made = [
        "2026-11-24T0930-17",
        "2026-11-24T0930-17-2",
        "2026-11-24T1000-18",
    ]
    for given in (rows, rows[::-1]):
        record = read(tmp_path, HEADER + "".join(given), clinic(columns))
        ids = {each.id: each.created for each in clinic_of(record).appointments}
        assert sorted(ids) == made
        assert utc(ids[made[0]]) == "11-18T22:00"
        assert left_out(record) == [f"Standard: {3 if given is rows else 4}"]


@pytest.mark.parametrize(
    ("key", "cells"),
    [
        ("pms_type", ("29", "31")),
        ("created", ("2026-11-19 09:00", "2026-11-20 09:00")),
        ("link", ("yes", "no")),
        ("seen_at", ("2026-11-21 09:00", "2026-11-22 09:00")),
        ("modality", ("video", "")),
    ],
)
def test_two_in_one_slot_are_told_apart_by_all_that_is_known(
    tmp_path: Path, key: str, cells: tuple[str, str]
) -> None:
    columns = {**COLUMNS, "seen_at": "Seen", "modality": "Kind"}
    del columns["id"]
    right = dict(zip(COLUMNS, FIRST.strip().split(","), strict=True))
    rows = [
        ",".join({**right, "seen_at": "", "modality": "", key: cell}.values()) for cell in cells
    ]
    found = []
    for given in (rows, rows[::-1]):
        sheet = "\n".join((f"{HEADER.strip()},Seen,Kind", *given))
        booked = clinic_of(read(tmp_path, sheet, clinic(columns))).appointments
        found.append({each.id: getattr(each, key) for each in booked})
    assert len(found[0]) == 2
    assert found[0] == found[1]


def test_an_id_that_is_made_is_nobody_elses(tmp_path: Path) -> None:
    columns = {key: name for key, name in COLUMNS.items() if key != "id"}
    read(tmp_path, HEADER + FIRST + row(pms_type="40"), clinic(columns))
    source = Directory(tmp_path / "clinics")
    [entry] = source.entries()
    asked = Fleet(source, [entry], ["2026-11-24T0930-17"]).record(entry)
    assert [each.pms_type for each in clinic_of(asked).appointments] == ["29"]


def test_a_type_is_what_it_is_linked_to_with_whom_it_is_booked(tmp_path: Path) -> None:
    """With somebody else the same PMS type is one for video."""
    own = [{"id": "dr-li-wei", "linked_to": "29"}]
    document = edited(clinic(), {"appointment_types.1.practitioners": own})
    record = read(tmp_path, HEADER + FIRST + row(id="2", practitioner="dr-li-wei"), document)
    assert [each.id for each in clinic_of(record).appointments] == ["88213"]


# Appointments that lack something


def said_of(clinics: Clinics, *arguments: str) -> str:
    return " ".join(clinics.run(ASKED, *arguments).stdout.str().split())


def test_an_appointment_of_which_it_is_not_known_when_it_was_booked(clinics: Clinics) -> None:
    columns = {key: name for key, name in COLUMNS.items() if key != "created"}
    clinics.write(edited(clinic(columns), {"practitioners.0.changed_at": "2026-11-12T09:00"}))
    clinics.write_file(SHEET, RIGHT)
    text = said_of(clinics, "--videolink-appointment=88213")
    assert "VL502" not in text
    for part in (
        "Appointment 88213 has no link, and when it was booked is not recorded",
        "Booked within 15 minutes before the link was looked for: look again",
        "Booked before the last change of Dr Amara Nwosu: recreate the appointment",
        "Booked otherwise: contact the booking platform's support with exactly this and nothing"
        " more: practitioner name: Dr Amara Nwosu; appointment date and time: Tue 24 Nov 2026"
        " 09:30 (Australia/Sydney)",
    ):
        assert part in text
    clinics.write(edited(clinic(columns), {"practitioners.0.accepts_video_appointments": False}))
    text = said_of(clinics, "--videolink-appointment=88213")
    assert "Appointment 88213 has no link (VL201): Dr Amara Nwosu does not accept" in text
    assert "when it was booked" not in text


def test_a_sheet_that_does_not_say_whether_there_is_a_link(clinics: Clinics) -> None:
    columns = {key: name for key, name in COLUMNS.items() if key != "link"}
    clinics.write(clinic(columns))
    clinics.write_file(SHEET, RIGHT)
    first = "harbourside.yaml::appointment-88213::VL501-link-generated"
    assert clinics.outcomes(ASKED, "-k", "appointment-88213") == {first: "skipped"}
    clinics.write(edited(clinic(columns), {"practitioners.0.accepts_video_appointments": False}))
    text = said_of(clinics, "--videolink-appointment=88213")
    assert "Appointment 88213 gets no link (VL201): Dr Amara Nwosu does not accept" in text


@pytest.mark.parametrize(("link", "outcome"), [("", "failed"), ("no", "failed"), ("yes", "passed")])
def test_somebody_who_has_no_profile(clinics: Clinics, link: str, outcome: str) -> None:
    clinics.write(edited(clinic(), {"practitioners.1.linked_to": "none"}))
    clinics.write_file(SHEET, HEADER + row(practitioner="18", link=link))
    item = "harbourside.yaml::appointment-88213::VL501-link-generated"
    assert clinics.outcomes(ASKED)[item] == outcome
    if not link:
        text = said_of(clinics, "--videolink-appointment=88213")
        assert "has no link: Dr Li Wei, whom the PMS lists, has no profile here" in text


def test_a_fault_of_any_profile_is_a_cause(clinics: Clinics) -> None:
    edits = {"practitioners.0.linked_to": "18", "practitioners.0.accepts_video_appointments": False}
    clinics.write(edited(clinic(), edits))
    clinics.write_file(SHEET, HEADER + row(practitioner="18", pms_type="31"))
    text = said_of(clinics, "--videolink-appointment=88213")
    assert "has no link (VL201): Dr Amara Nwosu does not accept video appointments" in text


# What is wrong with a sheet

NO_HEADER = "none of its first 50 rows is a header with the columns"
ALL = '"ApptID", "Provider", "Type", "Booked", "Start" and "VideoURL"'


@pytest.mark.parametrize(
    ("sheet", "messages"),
    [
        pytest.param(
            HEADER + row(id="88215", pms_type=" ") + row(id="88216", practitioner="") + FIRST,
            [
                f"{SHEET}, row 2, column Type: is empty",
                f"{SHEET}, row 3, column Provider: is empty",
            ],
            id="empty cells",
        ),
        pytest.param(
            HEADER + "88213,17,29\n" + SECOND,
            [
                f"{SHEET}, row 2: it has fewer cells than other rows; a cell that holds a delimiter"
                " or a line break needs quotes"
            ],
            id="a row that ends too soon",
        ),
        pytest.param(
            RIGHT + row(starts="2026-11-24 09:45") + row(id=" 88214 "),
            [
                f"{SHEET}, row 4, column ApptID: the same id as in row 2",
                f"{SHEET}, row 5, column ApptID: the same id as in row 3",
            ],
            id="an id twice",
        ),
        pytest.param(
            'Patient,"ApptID",Provider,Type,Booked,Start,VideoURL\n'
            f'"Nobody\nNora",{FIRST}\n"Nobody\n\nNora",{row(id="88214", starts="soon")}',
            [f"{SHEET}, row 4, column Start: {EXPECTED_DAY}"],
            id="rows as a spreadsheet counts them",
        ),
        pytest.param(
            HEADER.replace("Type", "Kind") + FIRST,
            [f'{SHEET}, row 1 cannot be read: its header lacks the column "Type"'],
            id="a missing column",
        ),
        pytest.param(
            f"Start,{HEADER}x,{FIRST}",
            [
                f'{SHEET}, row 1 cannot be read: its columns "Start" (A) and "Start" (F) are alike:'
                " rename or remove one"
            ],
            id="a column twice",
        ),
        pytest.param(FIRST, [f"{UNREADABLE}{NO_HEADER} {ALL}"], id="no header"),
        pytest.param("", [f"{UNREADABLE}{NO_HEADER} {ALL}"], id="nothing"),
        pytest.param(
            HEADER + row(pms_type='"29') + SECOND,
            [f"{SHEET}, row 2 cannot be read: a quote is opened here and never closed"],
            id="a quote that is not closed",
        ),
        pytest.param(
            f"Patient,{HEADER}Zoë,{FIRST}".encode("latin-1"),
            [
                f"{UNREADABLE}the file is not Unicode text: byte 0xEB does not belong in UTF-8;"
                " say encoding: cp1252 (as on Windows), or export it as UTF-8"
            ],
            id="Latin-1",
        ),
        pytest.param(
            HEADER.encode() + b"\n" * (4 * 1024 * 1024),
            [f"{UNREADABLE}it has 4,194,347 bytes, more than 4,194,304"],
            id="too large",
        ),
    ],
)
def test_what_is_wrong_with_a_sheet(
    tmp_path: Path, sheet: str | bytes, messages: list[str]
) -> None:
    record = read(tmp_path, sheet)
    assert problems(record) == []
    assert faults(record) == messages


def test_a_sheet_in_latin_1_that_says_so(tmp_path: Path) -> None:
    document = edited(clinic(), {"appointments.encoding": "latin-1"})
    sheet = f"Patient,{HEADER}Zoë,{FIRST}".encode("latin-1")
    assert booked(read(tmp_path, sheet, document)) == BOOKED[:1]


def test_a_cell_without_its_quotes_does_not_move_the_others(tmp_path: Path) -> None:
    sheet = (
        "Patient,ApptID,Provider,Type,Modified,Booked,Start,VideoURL\n"
        "Nobody,88213,17,29,2026-11-20 16:00,2026-11-20 15:40,2026-11-24 09:30,\n"
        "Nobody, Nora,88214,18,31,2026-11-20 16:00,2026-11-20 15:40,2026-11-24 09:30,\n"
    )
    assert faults(read(tmp_path, sheet)) == [
        f"{SHEET}, row 3: it has more cells than the header; a cell that holds a delimiter or a"
        " line break needs quotes, or in a workbook its column a heading"
    ]


def test_the_columns_name_is_printed_safely(tmp_path: Path) -> None:
    columns = {**COLUMNS, "id": "Appt\x1b[31m\u202eNo"}
    [message] = faults(read(tmp_path, RIGHT, clinic(columns)))
    assert (
        message
        == f'{SHEET}, row 1 cannot be read: its header lacks the column "Appt[31m<U+202E>No"'
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_outer_space_of_a_columns_name_does_not_count(tmp_path: Path, delimiter: str) -> None:
    columns = {field: f" {name} " for field, name in COLUMNS.items()}
    record = read(tmp_path, RIGHT.replace(",", delimiter), clinic(columns))
    assert booked(record) == BOOKED


KEYS = "csv, xlsx, sheet, encoding, skip, export, columns, dates, times"
EXPORTS = "bp-appointments, bp-appointments-table"


@pytest.mark.parametrize(
    ("edits", "messages"),
    [
        ({"colums": {}}, ["colums is no key of a clinic document; did you mean columns?"]),
        ({"room": "x"}, [f"room is no key of a clinic document; known here: {KEYS}"]),
        (
            {"columns.mobile": "Mobile"},
            [
                "mobile is no key of a clinic document; known here: id, practitioner, pms_type,"
                " created, starts, link, seen_at, modality, status"
            ],
        ),
        (
            {"columns.start": "Start", "columns.starts": REMOVED},
            ["start is no key of a clinic document; did you mean starts?"],
        ),
        ({"columns.starts": REMOVED}, ["columns must name starts"]),
        ({"columns.starts": "", "columns.pms_type": ""}, ["columns must name pms_type and starts"]),
        (
            {"columns.link": {"a": "b"}},
            ["link: expected the name of a column, or a list of names to be joined"],
        ),
        (
            {"columns.starts": ["A", "B", "C"]},
            ["starts: expected a column, or two: that of the day, and that of the time of day"],
        ),
        ({"columns": ["VideoURL"]}, ["columns: expected keys with values"]),
        ({"columns": REMOVED}, ["columns must name practitioner, pms_type and starts"]),
        ({"csv": REMOVED}, ["csv is missing: name one file, with csv or with xlsx"]),
        ({"csv": ""}, ["csv is missing: name one file, with csv or with xlsx"]),
        ({"csv": {"a": "b"}}, ["csv: expected text"]),
        (
            {"xlsx": "day.xlsx"},
            ["csv and xlsx exclude each other: name one file, with csv or with xlsx"],
        ),
        ({"sheet": "Day"}, ["sheet says something of a table that is named with xlsx"]),
        ({"dates": "day first"}, ["dates: expected one of iso, dmy, mdy"]),
        ({"times": "second"}, ["times: expected one of clock, seconds; did you mean seconds?"]),
        (
            {"columns.id": "InternalID"},
            [
                "id is InternalID, which is the patient's: name the appointment's own, or leave id"
                " out"
            ],
        ),
        (
            {"skip": ["Cancelled"]},
            ["skip: expected keys of columns, each with the texts of the rows to be left out"],
        ),
        (
            {"skip": {"state": "Cancelled"}},
            [
                "skip names state, which is no key of columns: name its column there, as"
                " state: HEADER OF THE COLUMN; did you mean starts?"
            ],
        ),
        (
            {"export": "bp-users"},
            [f"export: that export lists practitioners; known here: {EXPORTS}"],
        ),
        (
            {"export": "zedmed"},
            [
                "export: no export of Zedmed is known; name its columns under columns, or take one"
                " of bp-appointments, bp-appointments-table, bp-users, bp-services,"
                " bp-appointment-types"
            ],
        ),
    ],
)
def test_what_is_wrong_with_the_keys(
    tmp_path: Path, edits: dict[str, Any], messages: list[str]
) -> None:
    document = edited(clinic(), {f"appointments.{key}": value for key, value in edits.items()})
    assert problems(read(tmp_path, RIGHT, document)) == messages


def test_problems_of_what_is_said_of_a_sheet_and_of_the_rest_are_told_at_once(
    tmp_path: Path,
) -> None:
    document = edited(clinic(), {"as_of": "soon", "waivers": [{"check": "VL312"}]})
    document["appointments"]["dates"] = "soon"
    messages = problems(read(tmp_path, RIGHT, document))
    assert [message[:40] for message in messages] == [
        'as_of is "soon": expected a time such as',
        "dates: expected one of iso, dmy, mdy",
        "reason is missing and must be there: Why",
        "owner is missing and must be there: Who ",
        "until is missing and must be there: The ",
    ]


def test_a_row_that_cannot_be_read_fails_one_check(clinics: Clinics) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, RIGHT + row(id="88215", starts="soon"))
    outcomes = clinics.outcomes(ASKED)
    assert [key for key, outcome in outcomes.items() if outcome == "failed"] == [
        "harbourside.yaml::VL007-tables-readable",
        "harbourside.yaml::appointment-88213::VL501-link-generated",
    ]
    clinics.run(ASKED).stdout.fnmatch_lines(
        [
            f"{SHEET}, row 4, column Start: {EXPECTED_DAY}",
            "clinics/harbourside.yaml:*",
            "*| csv:",
            "harbourside: NOT READY",
        ]
    )


def test_faults_past_fifty_are_counted(clinics: Clinics) -> None:
    clinics.write(clinic())
    bad = "".join(row(id=f"{n}", starts="soon") for n in range(1, 60))
    clinics.write_file(SHEET, RIGHT + bad)
    text = said_of(clinics, "-k", "VL007")
    assert "Also: exports/day-sheet.csv: 9 more faults like these" in text


def test_what_became_of_the_rows_is_said_and_adds_up(clinics: Clinics) -> None:
    document = clinic({**COLUMNS, "status": "Status"})
    document["appointments"]["skip"] = {"status": ["Cancelled", "Deleted"]}
    document["pms"]["appointment_types"] = TYPES
    clinics.write(document)
    rows = [
        FIRST,
        SECOND,
        FIRST,
        row(id="1", pms_type="Standard"),
        row(id="2", pms_type="Flu clinic"),
        row(id="3", starts="soon"),
    ]
    lines = [f"{each.strip()},Booked\n" for each in rows]
    lines += [f"{row(id='4').strip()},cancelled\n", "Total,,,,,,\n"]
    clinics.write_file(SHEET, f"Monday\n{HEADER.strip()},Status\n{''.join(lines)}")
    text = said_of(clinics)
    for part in (
        f"{SHEET}: 9 rows = 2 judged + 2 left out + 1 skipped + 2 no appointments + 1 repeated + 1"
        " not read",
        f"2 rows of {SHEET} are no appointments: 1, 10",
        "1 row repeats another: 5",
        "skipped: 1 for status Cancelled",
        "no row has status Deleted, which skip names",
        "left out, as their types are not for video: Standard (1)",
        "left out: 1 appointment of 1 type that nothing is linked to, Flu clinic; if one is for"
        " video, link it",
        "1 row cannot be read (VL007): 8",
    ):
        assert part in text


# Where a sheet may lie


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("exports/nowhere.csv", "No such file or directory"),
        ("exports", "it is not a regular file"),
        ("../outside.csv", "it is not inside the folder clinics"),
        ("exports/../../outside.csv", "it is not inside the folder clinics"),
        ("../clinics-of-others/day-sheet.csv", "it is not inside the folder clinics"),
        ("exports/link.csv", "it is not inside the folder clinics"),
        ("linked/outside.csv", "it is not inside the folder clinics"),
        (".exports/loop.csv", None),
        ("harbourside.yaml", f"{NO_HEADER} {ALL}"),
        ("https://example.org/day-sheet.csv", "No such file or directory"),
        ("day\0sheet.csv", "there is no such file"),
    ],
)
def test_where_a_sheet_may_not_lie(tmp_path: Path, path: str, why: str | None) -> None:
    read(tmp_path)
    folder = tmp_path / "clinics"
    elsewhere = tmp_path / "clinics-of-others"
    elsewhere.mkdir()
    for outside in (tmp_path / "outside.csv", elsewhere / "outside.csv"):
        outside.write_text(RIGHT, encoding="utf-8")
    (elsewhere / "day-sheet.csv").write_text(RIGHT, encoding="utf-8")
    (folder / "exports" / "link.csv").symlink_to(tmp_path / "outside.csv")
    (folder / ".exports").mkdir()
    (folder / ".exports" / "loop.csv").symlink_to("loop.csv")
    (folder / "linked").symlink_to(elsewhere, target_is_directory=True)
    [message] = faults(read(tmp_path, None, clinic(path=path)))
    shown = path.replace("\0", "")
    assert message.startswith(f"{shown} cannot be read: {why or ''}")
    assert why is None or message.endswith(why)


def test_an_absolute_path_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(RIGHT, encoding="utf-8")
    [message] = faults(read(tmp_path, None, clinic(path=str(outside))))
    assert message.endswith(" cannot be read: it is not inside the folder clinics")


@pytest.mark.parametrize("path", ["../exports/day-sheet.csv", "./../exports/../exports/link.csv"])
def test_a_path_begins_at_the_clinics_file(clinics: Clinics, path: str) -> None:
    clinics.write_file("west/harbourside.yaml", to_yaml(clinic(path=path)))
    clinics.write_file(SHEET, RIGHT)
    (clinics.folder / "exports" / "link.csv").symlink_to("day-sheet.csv")
    assert clinics.outcomes(ASKED, "-k", "VL501") == {
        "west/harbourside.yaml::appointment-88213::VL501-link-generated": "failed",
        "west/harbourside.yaml::appointment-88214::VL501-link-generated": "passed",
    }


def test_a_source_behind_a_link(clinics: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, RIGHT)
    (clinics.pytester.path / "linked").symlink_to("clinics", target_is_directory=True)
    result = clinics.run(ASKED, "--videolink-source=linked", "-k", "VL501")
    result.assert_outcomes(passed=1, failed=1, deselected=None)
    monkeypatch.chdir(clinics.folder)
    clinics.run(ASKED, "-k", "VL501").assert_outcomes(passed=1, failed=1, deselected=None)


# What a failure of such an appointment says


def test_a_failure_names_the_row_and_asks_for_a_new_export(clinics: Clinics) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, HEADER + FIRST)
    result = clinics.run(ASKED, "--videolink-appointment=88213")
    result.assert_outcomes(failed=1, passed=1)
    text = " ".join(result.stdout.str().split())
    parts = [
        "Appointment 88213 has no link though every setting is right",
        "Appointment 88213, row 2 of the day sheet",
        "clinics/harbourside.yaml:",
        "| csv:",
        "practitioner name: Dr Amara Nwosu; appointment date and time: Tue 24 Nov 2026 09:30"
        " (Australia/Sydney)",
        "Export the day sheet again, and record its time as as_of",
    ]
    places = [text.find(part) for part in parts]
    assert places == sorted(places)
    assert -1 not in places


# Nothing of a patient gets out

NAME, MOBILE, ROOM = "Nora Planted", "0491 570 006", "https://room.example/planted-secret"
PATIENT_HEADER = f"Patient,Mobile,{HEADER.strip()},Notes\n"


def patient(appointment: str) -> str:
    """A row with a patient's name and mobile, the room's URL, and a note."""
    return f"{NAME},{MOBILE},{appointment.strip()}{ROOM},planted note\n"


def no_room(appointment: str) -> str:
    return f"{NAME},{MOBILE},{appointment.strip()},planted note\n"


SHEETS: dict[str, str | bytes] = {
    "all is right": PATIENT_HEADER + patient(FIRST),
    "no link": PATIENT_HEADER + no_room(FIRST),
    "a wrong type": PATIENT_HEADER + patient(row(pms_type="40")),
    "started": PATIENT_HEADER + no_room(row(starts="2026-11-23T08:00:00")),
    "pending": PATIENT_HEADER + no_room(row(created="2026-11-23T08:55:00")),
    "short notice": PATIENT_HEADER
    + no_room(row(created="2026-11-23T08:55:00", starts="2026-11-23T09:05:00")),
    "a name for a practitioner": PATIENT_HEADER + patient(row(practitioner=NAME)),
    "a name for a time": PATIENT_HEADER + patient(row(created=NAME)),
    "a number for a time": PATIENT_HEADER + patient(row(starts=MOBILE)),
    "an empty cell": PATIENT_HEADER + patient(row(pms_type="")),
    "an id twice": PATIENT_HEADER + patient(FIRST) + patient(FIRST),
    "a name in two cells": PATIENT_HEADER + patient(FIRST).replace(" ", ", ", 1),
    "a name in two cells, among times": (
        "Patient,ApptID,Provider,Type,Modified,Booked,Start,VideoURL\n"
        "Planted, Nora,88213,17,29,2026-11-20 16:00,2026-11-20 15:40,2026-11-24 09:30,\n"
    ),
    "a missing column": PATIENT_HEADER.replace("Start", "Begin") + patient(FIRST),
    "no header": patient(FIRST),
    "a quote that is not closed": PATIENT_HEADER + patient(FIRST).replace("Nora", '"Nora'),
    "Latin-1": (PATIENT_HEADER + patient(FIRST).replace("Nora", "Zoë")).encode("latin-1"),
    "semicolons": (PATIENT_HEADER + patient(FIRST)).replace(",", ";"),
}


LOUD = ("-v", "-rA", "-l", "--tb=long", "--junitxml=junit.xml")
KINDS = ("html", "md", "csv", "json", "baseline.json", "sarif", "xlsx")
REPORTS = tuple(f"--videolink-report=r.{kind}" for kind in KINDS)
BOOK = "exports/day-sheet.xlsx"


def texts_in(file: Path) -> list[str]:
    """What stands in a file; of a workbook, what stands in each of its parts."""
    raw = [file.read_bytes()]
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            raw = [archive.read(name) for name in archive.namelist()]
    return [each.decode("utf-8", "replace") for each in raw]


def traces(clinics: Clinics, *outputs: pytest.RunResult) -> list[str]:
    """What is found of the patient in the output of some runs, or in a file that they left."""
    inputs = {clinics.folder / each for each in (SHEET, BOOK, "harbourside.yaml")}
    texts = [str(part) for result in outputs for part in (result.stdout, result.stderr)]
    for folder, _, names in os.walk(clinics.pytester.path):
        files = [Path(folder, name) for name in names if Path(folder, name) not in inputs]
        texts += [text for file in files for text in texts_in(file)]
    # Not "0491" alone, which may be how long a test took.
    planted = ("planted", "nora", "0491 570", "0491570", "570 006", "room.example")
    return [trace for trace in planted for text in texts if trace in text.casefold()]


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_nothing_of_a_patient_gets_out(clinics: Clinics, sheet: str | bytes) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, sheet)
    result = clinics.run(ASKED, *LOUD)
    assert result.ret in (0, 1)
    assert (clinics.pytester.path / "junit.xml").exists()
    assert (clinics.pytester.path / ".pytest_cache").exists()
    assert traces(clinics, result) == []


@pytest.mark.parametrize("with_list", [True, False], ids=["listed", "not listed"])
@pytest.mark.parametrize("every", [True, False], ids=["every row", "one row"])
@pytest.mark.parametrize("by", [-3, -2, -1, 1, 2, 3])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_name_that_has_moved_under_any_column_is_never_printed(
    clinics: Clinics, kind: str, by: int, every: bool, with_list: bool
) -> None:
    edits: Document = {"appointments": {kind: f"exports/day-sheet.{kind}", "columns": COLUMNS}}
    if not with_list:
        edits |= {"pms.appointment_types": REMOVED, "pms.practitioners": REMOVED}
    clinics.write(edited(right_clinic(), edits))
    row = ["Planted", "Nora", NAME, *FIRST.strip().split(","), ROOM, MOBILE, "planted note"]
    moved = row[-by:] + row[:-by] if every else (["", "", ""][:by] + row if by > 0 else row[-by:])
    header = ["Surname", "Given", "Patient", *HEADER.strip().split(","), "Room", "Mobile", "Notes"]
    rows = [header, moved, *([moved] if every else [row, row])]
    if kind == "csv":
        clinics.write_file(SHEET, "".join(f"{','.join(each)}\n" for each in rows))
    else:
        clinics.write_file(BOOK, table_book(rows))
    result = clinics.run(ASKED, *LOUD, "--full-trace", *REPORTS)
    assert result.ret in (0, 1)
    assert all((clinics.pytester.path / f"r.{each}").exists() for each in KINDS)
    assert traces(clinics, result) == []


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_nothing_of_a_patient_gets_into_a_report(clinics: Clinics, sheet: str | bytes) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, sheet)
    result = clinics.run(ASKED, *LOUD, "--full-trace", *REPORTS)
    assert traces(clinics, result) == []


def _in_another_sheet(sheet: Any) -> None:
    sheet.parent.create_sheet(NAME)["A1"] = MOBILE


BOOKS: dict[str, tuple[bytes, Document]] = {
    "no workbook": (NAME.encode(), {}),
    "no such sheet": (table_book([[NAME]], title=NAME), {"sheet": "Tuesday"}),
    "a sheet whose name is nearly that": (
        table_book([[NAME]], title="Nora Tues"),
        {"sheet": "Tues"},
    ),
    "no header": (table_book([[NAME, MOBILE]]), {}),
    "columns alike": (table_book([[*COLUMNS.values(), "start"], [NAME] * 7]), {}),
    "formulas": (table_book([[*COLUMNS.values()], [f'="{NAME}"'] * 6]), {}),
    "merged cells": (
        table_book(
            [[*COLUMNS.values(), "x"], [NAME] * 7], lambda sheet: sheet.merge_cells("A2:B2")
        ),
        {},
    ),
    "errors and numbers": (
        table_book(
            [[*COLUMNS.values()], [NAME, "#N/A", 4e18, NAME, MOBILE, True], [4915700.06] * 6]
        ),
        {},
    ),
    "another sheet": (table_book([[*COLUMNS.values()]], _in_another_sheet), {}),
    "too wide": (
        table_book([[*COLUMNS.values()]], lambda sheet: sheet.cell(3, 2_001, value=NAME)),
        {},
    ),
    "a patient's id": (
        table_book([["Patient ID"], [NAME]]),
        {"columns": {**COLUMNS, "id": "Patient ID"}},
    ),
}


@pytest.mark.parametrize(("book", "keys"), BOOKS.values(), ids=BOOKS)
def test_nothing_of_a_patient_gets_out_of_a_workbook(
    clinics: Clinics, book: bytes, keys: Document
) -> None:
    table = {"xlsx": BOOK, "columns": COLUMNS, **keys}
    clinics.write(edited(right_clinic(), {"appointments": table}))
    clinics.write_file(BOOK, book)
    result = clinics.run(ASKED, *LOUD, "--full-trace", *REPORTS)
    assert result.ret in (0, 1)
    assert traces(clinics, result) == []


def test_a_crash_over_a_workbook_shows_nothing_of_a_patient(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics.write(edited(right_clinic(), {"appointments": {"xlsx": BOOK, "columns": COLUMNS}}))
    clinics.write_file(BOOK, table_book([[*COLUMNS.values()], [NAME] * 6]))
    monkeypatch.setattr(sheet_rows, "_text", crash)
    result = clinics.run(ASKED, *LOUD, "--full-trace", *REPORTS)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([READER_FAILS])
    assert traces(clinics, result) == []


def test_the_search_for_traces_finds_them(clinics: Clinics) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, SHEETS["no link"])
    clinics.write_file("notes.txt", NAME)
    assert traces(clinics, clinics.run(ASKED)) == ["planted", "nora"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--collect-only",),
        ("--collect-only", "-vv"),
        ("--videolink-appointment=88213", "-vv", "--showlocals"),
        ("--videolink-appointment=88214",),
        ("-W", "error::pytest_videolink.ConfigurationWarning", "-vv", "-l"),
        ("--setup-show", "--durations=0", "-vv"),
        ("--lf", "-rA"),
    ],
    ids=" ".join,
)
def test_nothing_of_a_patient_gets_out_by_an_option(
    clinics: Clinics, arguments: tuple[str, ...]
) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, SHEETS["short notice"])
    first = clinics.run(ASKED)
    assert traces(clinics, first, clinics.run(ASKED, *arguments)) == []


def crash(*_: object, **__: object) -> Any:
    raise RuntimeError("something nobody thought of")


@pytest.mark.parametrize(
    ("where", "name"),
    [(diagnosis, "mapped_types"), (Run, "text"), (Judge, "judgements")],
    ids=["in a check", "in a failure's text", "in the closing section"],
)
def test_a_crash_shows_nothing_of_a_patient(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, SHEETS["no link"])
    monkeypatch.setattr(where, name, crash)
    result = clinics.run(ASKED, *LOUD)
    assert result.ret != 0
    assert "something nobody thought of" in str(result.stdout) + str(result.stderr)
    assert traces(clinics, result) == []


class BrokenReader:
    """Rows of a sheet, up to a crash; it keeps none of them."""

    def __init__(self, rows: Iterator[list[str]], left: int) -> None:
        self.rows, self.left = rows, left

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self.left -= 1
        return crash() if self.left < 0 else next(self.rows)


QUIET = ("-q",)

READER_FAILS = "  the reader itself fails on it (RuntimeError); please report this"


@pytest.mark.parametrize(
    "arguments",
    [QUIET, LOUD, (*LOUD, "--full-trace"), (*LOUD, "--videolink-appointment=88213")],
    ids=["quiet", "loud", "in full", "one appointment"],
)
@pytest.mark.parametrize("after", [0, 2])
def test_a_crash_while_the_sheet_is_read_shows_nothing_of_a_patient(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, after: int, arguments: tuple[str, ...]
) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, SHEETS["an id twice"])
    right = csv.reader
    monkeypatch.setattr(csv, "reader", lambda *a, **o: BrokenReader(right(*a, **o), after))
    result = clinics.run(ASKED, *arguments)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([READER_FAILS])
    assert "something nobody thought of" not in str(result.stdout) + str(result.stderr)
    assert traces(clinics, result) == []


@pytest.mark.parametrize("appointment", [(), ("--videolink-appointment=88213",)], ids=["", "one"])
def test_a_crash_over_a_row_shows_nothing_of_a_patient(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, appointment: tuple[str, ...]
) -> None:
    clinics.write(edited(clinic(), {"as_of": REMOVED, "dashboard.last_synced": REMOVED}))
    clinics.write_file(SHEET, SHEETS["no link"])
    monkeypatch.setattr(times, "in_zone", crash)
    result = clinics.run(ASKED, *LOUD, *appointment)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([READER_FAILS])
    assert "something nobody thought of" not in str(result.stdout) + str(result.stderr)
    assert traces(clinics, result) == []


# The example

EXAMPLES = Path(__file__).parents[1] / "examples" / "clinics"


def test_the_names_in_the_example_are_never_read(clinics: Clinics) -> None:
    sheet = EXAMPLES / "exports" / "wattle-street-day-sheet.csv"
    assert sheet.read_text(encoding="utf-8").count(",Invented ") == 7
    source = f"--videolink-source={EXAMPLES}"
    result = clinics.run(source, "--videolink-clinic=wattle-street", *LOUD)
    outcomes = result.parseoutcomes()
    assert {word: outcomes[word] for word in outcomes if word != "passed"} == {
        "failed": 6,
        "skipped": 2,
    }
    assert "Invented" not in str(result.stdout)
