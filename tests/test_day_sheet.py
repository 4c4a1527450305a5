"""Appointments from a day sheet: a CSV export of which only the named columns are ever read."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from datetime import timezone
from pathlib import Path
from typing import Any

import pytest
from conftest import Clinics
from support import REMOVED, Document, edited, right_clinic, to_yaml

from pytest_videolink.checks import diagnosis
from pytest_videolink.judging.judge import Judge
from pytest_videolink.record import values
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
UNREADABLE = f"the day sheet {SHEET} cannot be read: "
NO_CSV = f"{UNREADABLE}it is not a CSV file: a quote is not closed, or a cell is too long"


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


def booked(record: Record) -> list[str]:
    """The appointments of a record, one a line, with times in UTC."""
    assert record.clinic is not None, record.problems
    return [
        f"{each.id} {each.practitioner} {each.pms_type}"
        f" {each.created.astimezone(timezone.utc):%m-%dT%H:%M}"
        f" {each.starts.astimezone(timezone.utc):%m-%dT%H:%M} {'link' if each.link else 'no link'}"
        for each in record.clinic.appointments
    ]


def problems(record: Record) -> list[str]:
    return [problem.message for problem in record.problems]


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
        pytest.param(RIGHT.replace("\n", ",,\n"), id="empty columns at the end"),
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
        ("no", "link"),
        ("false", "link"),
        ("0", "link"),
    ],
)
def test_a_link_is_there_where_its_cell_is_not_empty(tmp_path: Path, cell: str, link: str) -> None:
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
    assert record.clinic is not None, record.problems
    assert [
        (each.id, f"{each.seen_at:%H:%M}" if each.seen_at else None, each.modality)
        for each in record.clinic.appointments
    ] == [("88213", "21:50", "video"), ("88215", None, None), ("88216", "21:51", "phone")]


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

EXPECTED_TIME = "expected a time such as 2026-11-23T08:30:00+11:00"
TWICE = (
    "the clocks change: this time happens twice in Australia/Sydney; add an offset such as +11:00"
)
NEVER = (
    "the clocks change: this time happens never in Australia/Sydney; add an offset such as +11:00"
)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", "is empty"),
        (" ", "is empty"),
        ("2027-04-04T02:30:00", TWICE),
        ("2026-10-04 02:30", NEVER),
        ("24/11/2026 9:30:00 AM", EXPECTED_TIME),
        ("24/11/2026", EXPECTED_TIME),
        ("2026-11-24", EXPECTED_TIME),
        ("46350.39583", EXPECTED_TIME),
        ("20261124", EXPECTED_TIME),
        ("2026-02-30T09:30:00", "there is no such time; check day, month, hour and minute"),
        ("0026-11-24T09:30:00", "expected a year from 1900 to 2999"),
    ],
)
def test_a_bad_time_has_its_row_and_column(tmp_path: Path, cell: str, said: str) -> None:
    sheet = RIGHT + row(id="88215", starts=cell)
    assert problems(read(tmp_path, sheet)) == [f"{SHEET}, row 4, column Start: {said}"]


def test_a_bad_offset_is_not_quoted(tmp_path: Path) -> None:
    [message] = problems(read(tmp_path, HEADER + row(starts="2026-11-24T09:30:00+98:76")))
    assert message.startswith(f"{SHEET}, row 2, column Start: ")
    assert "98" not in message


# Who it is booked with


@pytest.mark.parametrize(
    ("cell", "edits", "practitioner"),
    [
        ("dr-amara-nwosu", {}, "dr-amara-nwosu"),
        ("17", {}, "dr-amara-nwosu"),
        ("18", {}, "dr-li-wei"),
        (" 18 ", {}, "dr-li-wei"),
        ("18", {"practitioners.1.linked_to": "none"}, "18"),
        ("18", {"practitioners.0.linked_to": "18"}, "18"),
        ("18", {"practitioners.0.linked_to": "18", "practitioners.0.archived": True}, "dr-li-wei"),
        ("99", {}, "99"),
        ("017", {}, "017"),
    ],
)
def test_a_practitioner_by_their_pms_id(
    tmp_path: Path, cell: str, edits: dict[str, Any], practitioner: str
) -> None:
    record = read(tmp_path, HEADER + row(practitioner=cell), edited(clinic(), edits))
    assert record.clinic is not None, record.problems
    assert [each.practitioner for each in record.clinic.appointments] == [practitioner]


def test_a_practitioner_who_is_nobody_fails_that_appointment(clinics: Clinics) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, HEADER + row(practitioner="99", link="x") + SECOND)
    outcomes = clinics.outcomes(ASKED)
    assert [key for key, outcome in outcomes.items() if outcome != "passed"] == [
        "harbourside.yaml::appointment-88213::VL501-link-generated"
    ]


# What is wrong with a sheet


@pytest.mark.parametrize(
    ("sheet", "messages"),
    [
        pytest.param(
            HEADER + row(id="") + row(id="88215", pms_type=" ", practitioner=""),
            [
                f"{SHEET}, row 2, column ApptID: is empty",
                f"{SHEET}, row 3, column Provider: is empty",
                f"{SHEET}, row 3, column Type: is empty",
            ],
            id="empty cells",
        ),
        pytest.param(
            HEADER + "88213,17,29\n",
            [
                f"{SHEET}, row 2, column Booked: is empty",
                f"{SHEET}, row 2, column Start: is empty",
            ],
            id="a row that ends too soon",
        ),
        pytest.param(
            RIGHT + FIRST + row(id=" 88214 ") + FIRST,
            [
                f"{SHEET}, row 4, column ApptID: the same id as in row 2",
                f"{SHEET}, row 5, column ApptID: the same id as in row 3",
                f"{SHEET}, row 6, column ApptID: the same id as in row 2",
            ],
            id="an id twice",
        ),
        pytest.param(
            'Patient,"ApptID",Provider,Type,Booked,Start,VideoURL\n'
            f'"Nobody\nNora",{FIRST}\n"Nobody\n\nNora",{row(id="88214", starts="soon")}',
            [f"{SHEET}, row 4, column Start: {EXPECTED_TIME}"],
            id="rows as a spreadsheet counts them",
        ),
        pytest.param(
            HEADER.replace("Type", "Kind") + FIRST,
            [f'{UNREADABLE}its header has no column "Type"'],
            id="a missing column",
        ),
        pytest.param(
            HEADER.replace("Type", "type") + FIRST,
            [f'{UNREADABLE}its header has no column "Type"'],
            id="a column in other letters",
        ),
        pytest.param(
            HEADER.replace("Type", "Start") + FIRST,
            [f'{UNREADABLE}its header has no column "Type"'],
            id="a column in another's place",
        ),
        pytest.param(
            f"Start,{HEADER}x,{FIRST}",
            [f'{UNREADABLE}its header has more than one column "Start"'],
            id="a column twice",
        ),
        pytest.param(FIRST, [f'{UNREADABLE}its header has no column "ApptID"'], id="no header"),
        pytest.param("", [f'{UNREADABLE}its header has no column "ApptID"'], id="nothing"),
        pytest.param("\n\n", [f'{UNREADABLE}its header has no column "ApptID"'], id="no text"),
        pytest.param(
            HEADER + row(pms_type='"29') + SECOND, [NO_CSV], id="a quote that is not closed"
        ),
        pytest.param(HEADER + row(pms_type='"29"9'), [NO_CSV], id="text after a quote"),
        pytest.param(HEADER + row(pms_type="9" * 140_000), [NO_CSV], id="a cell too long"),
        pytest.param(
            b"\x89PNG\r\n\x1a\n\x00\x00",
            [
                f"{UNREADABLE}the file is not Unicode text: byte 0x89 does not belong in UTF-8;"
                " save it as UTF-8"
            ],
            id="an image",
        ),
        pytest.param(
            f"Patient,{HEADER}Zoë,{FIRST}".encode("latin-1"),
            [
                f"{UNREADABLE}the file is not Unicode text: byte 0xEB does not belong in UTF-8;"
                " save it as UTF-8"
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
    assert problems(record) == messages
    assert record.clinic is None


def test_a_cell_without_its_quotes_does_not_move_the_others(tmp_path: Path) -> None:
    sheet = (
        "Patient,ApptID,Provider,Type,Modified,Booked,Start,VideoURL\n"
        "Nobody,88213,17,29,2026-11-20 16:00,2026-11-20 15:40,2026-11-24 09:30,\n"
        "Nobody, Nora,88214,18,31,2026-11-20 16:00,2026-11-20 15:40,2026-11-24 09:30,\n"
    )
    messages = problems(read(tmp_path, sheet))
    assert messages
    assert all(message.startswith(f"{SHEET}, row 3") for message in messages)


def test_the_columns_name_is_printed_safely(tmp_path: Path) -> None:
    columns = {**COLUMNS, "id": "Appt\x1b[31m\u202eNo"}
    [message] = problems(read(tmp_path, RIGHT, clinic(columns)))
    assert message == f'{UNREADABLE}its header has no column "Appt[31mNo"'


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_outer_space_of_a_columns_name_does_not_count(tmp_path: Path, delimiter: str) -> None:
    columns = {field: f" {name} " for field, name in COLUMNS.items()}
    record = read(tmp_path, RIGHT.replace(",", delimiter), clinic(columns))
    assert booked(record) == BOOKED


CSV = (
    "PMS appointment book: an export as CSV. A path from this file, inside the folder of the"
    " clinic files."
)


@pytest.mark.parametrize(
    ("edits", "messages"),
    [
        pytest.param(
            {"colums": {}}, ["colums is no key of a clinic document; did you mean columns?"]
        ),
        pytest.param(
            {"patients": "x"}, ["patients is no key of a clinic document; known here: csv, columns"]
        ),
        pytest.param(
            {"columns.mobile": "Mobile"},
            [
                "mobile is no key of a clinic document; known here: id, practitioner, pms_type,"
                " created, starts, link, seen_at, modality"
            ],
        ),
        pytest.param(
            {"columns.start": "Start", "columns.starts": REMOVED},
            [
                "starts is missing and must be there: The column with the start.",
                "start is no key of a clinic document; did you mean starts?",
            ],
        ),
        pytest.param(
            {"columns.link": ""},
            [
                "link is left blank and must be there: The column with the video link: there is"
                " one where the cell is not empty."
            ],
        ),
        pytest.param({"columns.link": ["VideoURL"]}, ["link: expected text"]),
        pytest.param({"columns": ["VideoURL"]}, ["columns: expected keys with values"]),
        pytest.param(
            {"columns": REMOVED},
            ["columns is missing and must be there: The names of the columns to read."],
        ),
        pytest.param({"csv": REMOVED}, [f"csv is missing and must be there: {CSV}"]),
        pytest.param({"csv": ""}, [f"csv is left blank and must be there: {CSV}"]),
        pytest.param({"csv": {"a": "b"}}, ["csv: expected text"]),
    ],
    ids=[
        "unknown key",
        "unknown key, nothing near",
        "unknown column",
        "misspelt column",
        "blank column",
        "a list of columns",
        "columns as a list",
        "no columns",
        "no path",
        "blank path",
        "a path that is none",
    ],
)
def test_what_is_wrong_with_the_keys(
    tmp_path: Path, edits: dict[str, Any], messages: list[str]
) -> None:
    document = edited(clinic(), {f"appointments.{key}": value for key, value in edits.items()})
    assert problems(read(tmp_path, RIGHT, document)) == messages


def test_problems_of_the_sheet_and_of_the_document_are_told_at_once(tmp_path: Path) -> None:
    document = edited(clinic(), {"as_of": "soon", "waivers": [{"check": "VL312"}]})
    messages = problems(read(tmp_path, HEADER + row(starts="soon"), document))
    assert [message[:40] for message in messages] == [
        'as_of is "soon": expected a time such as',
        "exports/day-sheet.csv, row 2, column Sta",
        "reason is missing and must be there: Why",
        "owner is missing and must be there: Who ",
        "until is missing and must be there: The ",
    ]


def test_a_bad_sheet_fails_the_clinic_at_its_line(clinics: Clinics) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, HEADER + row(starts="soon"))
    result = clinics.run(ASKED)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"The record of harbourside cannot be read: {SHEET}, row 2, column Start: *",
            "*clinics/harbourside.yaml:*",
            "*| csv:",
        ]
    )


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
        ("harbourside.yaml", 'its header has no column "ApptID"'),
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
    [message] = problems(read(tmp_path, None, clinic(path=path)))
    shown = path.replace("\0", "")
    assert message.startswith(f"the day sheet {shown} cannot be read: {why or ''}")
    assert why is None or message.endswith(why)


def test_an_absolute_path_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(RIGHT, encoding="utf-8")
    [message] = problems(read(tmp_path, None, clinic(path=str(outside))))
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


def traces(clinics: Clinics, *outputs: pytest.RunResult) -> list[str]:
    """What is found of the patient in the output of some runs, or in a file that they left."""
    inputs = {clinics.folder / SHEET, clinics.folder / "harbourside.yaml"}
    texts = [str(part) for result in outputs for part in (result.stdout, result.stderr)]
    for folder, _, names in os.walk(clinics.pytester.path):
        files = [Path(folder, name) for name in names if Path(folder, name) not in inputs]
        texts += [file.read_text(encoding="utf-8", errors="replace") for file in files]
    planted = ("planted", "nora", "0491", "570 006", "room.example")
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
    monkeypatch.setattr(values, "parse_time", crash)
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
