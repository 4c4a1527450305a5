"""A clinic's workbook is read as its document in YAML is, and what is wrong is told by its cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from books import book_of, changed, facts, read_book, typed
from support import REMOVED, appointment, edited, right_clinic, waiver

from pytest_videolink.record import reader
from pytest_videolink.record.document import parse
from pytest_videolink.record.packed import pack, unpack
from pytest_videolink.sources.fill_in import render

EXAMPLES = Path(__file__).parents[1] / "examples" / "clinics"
DOCUMENTS = [
    file
    for file in sorted(EXAMPLES.rglob("*.*"))
    if file.suffix in (".yaml", ".json") and "csv:" not in file.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.stem)
def test_an_example_as_a_workbook_records_the_same(file: Path) -> None:
    document = parse(file.read_bytes(), as_json=file.suffix == ".json")
    clinic, _ = reader.read(document, file.stem, lambda *_: ())
    plain = document.root.plain()
    assert isinstance(plain, dict)
    in_cells, problems, read = read_book(render(file.stem, plain, "pytest"), file.stem)
    assert problems == []
    assert facts(in_cells) == facts(clinic)
    assert read is not None
    assert unpack(pack(read)) == read


# Cells that are read for what they mean


def of_practitioner(place: int, key: str) -> Callable[[Any], Any]:
    return lambda clinic: getattr(clinic.practitioners[place], key)


READ: dict[str, tuple[str, Any, Callable[[Any], Any], Any]] = {
    "yes": ("Practitioners!C4", "Yes", of_practitioner(1, "accepts_video_appointments"), True),
    "a tick": ("Practitioners!C4", "x", of_practitioner(1, "accepts_video_appointments"), True),
    "TRUE": ("Practitioners!D4", True, of_practitioner(1, "visible_for_online_bookings"), True),
    "TRUE()": (
        "Practitioners!D4",
        "=TRUE()",
        of_practitioner(1, "visible_for_online_bookings"),
        True,
    ),
    "FALSE()": (
        "Practitioners!C4",
        "=FALSE()",
        of_practitioner(1, "accepts_video_appointments"),
        False,
    ),
    "1": ("Practitioners!D4", 1, of_practitioner(1, "visible_for_online_bookings"), True),
    "0.0": ("Practitioners!C4", 0.0, of_practitioner(1, "accepts_video_appointments"), False),
    "a blank flag": (
        "Practitioners!C4",
        None,
        of_practitioner(1, "accepts_video_appointments"),
        None,
    ),
    "spaces alone": (
        "Practitioners!C4",
        "  ",
        of_practitioner(1, "accepts_video_appointments"),
        None,
    ),
    "an id": ("Practitioners!B3", "17", of_practitioner(0, "linked_to"), ("17",)),
    "a name": ("Practitioners!B3", "dr amara nwosu", of_practitioner(0, "linked_to"), ("17",)),
    "a name with an id": (
        "Practitioners!B3",
        "Dr Li Wei [18]",
        of_practitioner(0, "linked_to"),
        ("18",),
    ),
    "an id with spaces round it": (
        "Practitioners!B3",
        "Dr Li Wei [ 18 ]",
        of_practitioner(0, "linked_to"),
        ("18",),
    ),
    "an id in brackets": ("Practitioners!B3", "[18]", of_practitioner(0, "linked_to"), ("18",)),
    "an id that the PMS has as text": (
        "Practitioners!B3",
        18,
        of_practitioner(0, "linked_to"),
        ("18",),
    ),
    "such an id by way of ods": (
        "Practitioners!B3",
        18.0,
        of_practitioner(0, "linked_to"),
        ("18",),
    ),
    "none": ("Practitioners!B3", "None", of_practitioner(0, "linked_to"), ()),
    "a dash": ("Practitioners!B3", "-", of_practitioner(0, "linked_to"), ()),
    "outer space": (
        "Practitioners!A3",
        " Dr Amara Nwosu\N{NO-BREAK SPACE}",
        of_practitioner(0, "name"),
        "Dr Amara Nwosu",
    ),
    "several": (
        "Appointment types!F3",
        "Telehealth Consult [29]; 31",
        lambda clinic: clinic.appointment_types[0].linked_to,
        ("29", "31"),
    ),
    "Video": (
        "Appointment types!B3",
        "Video",
        lambda clinic: clinic.appointment_types[0].modality,
        "video",
    ),
    "In person": (
        "Appointment types!B3",
        "In person",
        lambda clinic: clinic.appointment_types[0].modality,
        "in-person",
    ),
    "a date cell": (
        "Clinic!B4",
        datetime(2026, 11, 23, 8, 30),
        lambda clinic: clinic.as_of.isoformat(),
        "2026-11-22T21:30:00+00:00",
    ),
    "a date in ISO text": (
        "Clinic!B4",
        "2026-11-23 08:30",
        lambda clinic: clinic.as_of.isoformat(),
        "2026-11-22T21:30:00+00:00",
    ),
    "nobody shares the database": (
        "Clinic!B10",
        "none",
        lambda clinic: clinic.pms.shares_database_with,
        (),
    ),
    "two share the database": (
        "Clinic!B10",
        "bayview; bayview-north",
        lambda clinic: clinic.pms.shares_database_with,
        ("bayview", "bayview-north"),
    ),
    "not said who shares it": (
        "Clinic!B10",
        None,
        lambda clinic: clinic.pms.shares_database_with,
        None,
    ),
    "a made id": ("Practitioners!I4", None, of_practitioner(1, "id"), "dr-li-wei"),
    "a name that begins with an equals sign": (
        "Practitioners!A4",
        lambda cell: setattr(cell, "value", "=Dr Li Wei") or setattr(cell, "data_type", "s"),
        of_practitioner(1, "name"),
        "=Dr Li Wei",
    ),
}


def padded(cell: Any) -> None:
    cell.value, cell.number_format = 17, "0000"


def test_a_number_is_what_its_cell_shows() -> None:
    """Where the PMS has 17 as well as 0017, 0017 is never taken for the other."""
    both = {"PMS practitioners!A4": "0017", "Practitioners!B3": "17", "Practitioners!B4": padded}
    clinic, problems, _ = read_book(typed(book_of(), both))
    assert problems == []
    assert clinic is not None
    assert [who.linked_to for who in clinic.practitioners] == [("17",), ("0017",)]
    _, problems, _ = read_book(typed(book_of(), {"Practitioners!B3": padded}))
    assert [each.partition(", which")[0] for each in problems] == [
        "Practitioners!B3: Link to is a number"
    ]


def same_offers(raw: bytes) -> bytes:
    """The workbook with the practitioners of Offers by their ids, so that names may change."""
    return typed(raw, {"Offers!A4": "dr-amara-nwosu", "Offers!A5": "dr-li-wei"})


@pytest.mark.parametrize("name", READ)
def test_a_cell_is_read_for_what_it_means(name: str) -> None:
    place, value, of, expected = READ[name]
    clinic, problems, _ = read_book(typed(same_offers(book_of()), {place: value}))
    assert problems == []
    assert of(clinic) == expected


@pytest.mark.parametrize("order", ["Day first", "day first (24/11/2026)", "DMY", "dd/mm/yyyy"])
def test_dates_in_an_order_that_is_said(order: str) -> None:
    right = edited(right_clinic(), waiver("VL201", "dr-li-wei"))
    raw = book_of(edited(right, {"appointments": [appointment()]}))
    cells = {
        "Clinic!B12": order,
        "Clinic!B4": "23/11/2026 8:30 am",
        "Waivers!E3": "31/12/2026",
        "Appointments!E3": "24-11-2026 09:30",
    }
    clinic, problems, _ = read_book(typed(raw, cells))
    assert problems == []
    assert clinic is not None
    assert clinic.as_of is not None
    assert clinic.as_of.isoformat() == "2026-11-22T21:30:00+00:00"
    assert clinic.waivers[0].until == date(2026, 12, 31)
    assert clinic.appointments[0].starts.isoformat() == "2026-11-23T22:30:00+00:00"


# What people do to a sheet that changes nothing


def sort(book: Any) -> None:
    """Sort a sheet by its first column, the row that explains among the others."""
    for name in ("Practitioners", "Appointment types", "PMS types"):
        sheet = book[name]
        rows = sorted(
            ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2)),
            key=lambda row: str(row[0]),
        )
        for number, row in enumerate(rows, 2):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value


def insert(book: Any) -> None:
    for sheet in book:
        if sheet.title not in ("Start here", "Clinic"):
            sheet.insert_rows(3, amount=2)
            sheet.insert_rows(sheet.max_row)


def hide(book: Any) -> None:
    book["Practitioners"].column_dimensions["C"].hidden = True
    book["Practitioners"].row_dimensions[4].hidden = True
    book["Appointment types"].auto_filter.ref = "A1:D4"
    book["PMS types"].sheet_state = "hidden"


def swap_columns(book: Any) -> None:
    sheet = book["Practitioners"]
    for row in sheet.iter_rows():
        row[1].value, row[3].value = row[3].value, row[1].value


def rearrange(book: Any) -> None:
    book.move_sheet("Offers", -2)
    book.create_sheet("My notes")["A1"].value = "=1+1"


def format_below(book: Any) -> None:
    from openpyxl.styles import Font

    for row in range(50, 90):
        for cell in book["Practitioners"][row]:
            cell.font = Font(bold=True)
        book["Practitioners"].cell(row, 1).value = " "


def without_hints(book: Any) -> None:
    for name in ("Practitioners", "Offers", "PMS practitioners"):
        book[name].delete_rows(2)


def lower_case(book: Any) -> None:
    for cell in book["Practitioners"][1]:
        cell.value = f" {cell.value.lower()} "


@pytest.mark.parametrize(
    "change",
    [sort, insert, hide, swap_columns, rearrange, format_below, without_hints, lower_case],
    ids=lambda change: change.__name__,
)
def test_what_people_do_to_a_sheet_changes_nothing(change: Callable[[Any], None]) -> None:
    clinic, problems, _ = read_book(changed(book_of(), change))
    assert problems == []
    before, _, _ = read_book(book_of())
    assert clinic is not None
    assert before is not None
    for key in ("practitioners", "appointment_types"):
        now, then = facts(getattr(clinic, key)), facts(getattr(before, key))
        assert sorted(now, key=lambda each: each["id"]) == sorted(then, key=lambda each: each["id"])


# What is refused, by its cell

KNOWN = (
    "Name, Link to, Accepts Video Appointments, Visible for Online Bookings, Archived, Meant to do"
    " video, Medicare provider number, Last change, Id"
)
AS_TEXT = "format the cell as text (Format Cells > Text), and type it again as it is shown there"


def merge(sheet: str, cells: str) -> Callable[[Any], None]:
    return lambda book: book[sheet].merge_cells(cells)


SLIPS: dict[str, tuple[dict[str, Any] | Callable[[Any], None], str]] = {
    "a heading renamed": (
        {"Practitioners!B1": "Linkt to"},
        'Practitioners!B1: "Linkt to" is no heading of this sheet; did you mean Link to?',
    ),
    "a heading that is unlike all": (
        {"Practitioners!J1": "Remarks"},
        f'Practitioners!J1: "Remarks" is no heading of this sheet; known here: {KNOWN}',
    ),
    "a heading twice": (
        {"Practitioners!J1": "Name"},
        "Practitioners!J1: the heading Name stands twice; take one of them away",
    ),
    "a value under no heading": (
        {"Practitioners!J4": "see note"},
        "Practitioners!J4: stands under no heading; clear it, or move it to a sheet of its own",
    ),
    "a heading wiped": (
        {"Practitioners!C1": None, "Practitioners!C2": None, "Practitioners!C4": None},
        "Practitioners!C3: stands under no heading; clear it, or move it to a sheet of its own",
    ),
    "a name's heading wiped": (
        {"PMS types!A1": None, "PMS types!B1": None},
        "PMS types!A1: the headings Id and Name are gone from the first row; write them there"
        " again",
    ),
    "a title above the headings": (
        lambda book: (
            book["Waivers"].insert_rows(1),
            setattr(book["Waivers"]["A1"], "value", "Waivers of 2026"),
        ),
        'Waivers!A1: "Waivers of 2026" is no heading of this sheet; known here: Check, Subject,'
        " Reason, Owner, Until",
    ),
    "a setting renamed": (
        {"Clinic!A8": "PMS sistem"},
        'Clinic!A8: "PMS sistem" is no setting here; did you mean PMS system?',
    ),
    "a number for an id": (
        {"PMS practitioners!A3": 17},
        "PMS practitioners!A3: Id is a number, which a spreadsheet keeps without the zeros in front"
        f" of it; {AS_TEXT}",
    ),
    "a number that the PMS's list does not have": (
        {"Practitioners!B3": 12},
        "Practitioners!B3: Link to is a number, which a spreadsheet keeps without the zeros in"
        f" front of it; {AS_TEXT}",
    ),
    "digits lost": (
        {"PMS types!A3": 514811000000000123},
        f"PMS types!A3: Id is a number whose last digits a spreadsheet has lost; {AS_TEXT}",
    ),
    "digits lost in text": (
        {"PMS types!A3": "5.14811E+17"},
        "PMS types!A3: Id is a number that a spreadsheet has rounded; look it up again, and"
        f" {AS_TEXT}",
    ),
    "a decimal in text": (
        {"PMS types!A3": "29.0"},
        f"PMS types!A3: Id is a number such as 12.0, which a program has made of an id; {AS_TEXT}",
    ),
    "a date for an id": (
        {"Practitioners!B3": datetime(2026, 4, 3)},
        "Practitioners!B3: Link to is a date, which a spreadsheet makes of what looks like one"
        f" (such as 3/4); {AS_TEXT}",
    ),
    "a date for a flag": (
        {"Practitioners!C3": date(2026, 4, 3)},
        "Practitioners!C3: Accepts Video Appointments is a date, and yes or no is expected",
    ),
    "TRUE for a name": (
        {"Practitioners!A3": True, "Offers!A4": "dr-amara-nwosu"},
        f"Practitioners!A3: Name is TRUE or FALSE, and a text is expected; {AS_TEXT}",
    ),
    "a formula": (
        {"Practitioners!B3": "='PMS practitioners'!A3"},
        "Practitioners!B3: Link to is a formula, and what it gives may change; copy the cell, and"
        " paste its value alone (Paste Special > Values)",
    ),
    "a formula for a flag": (
        {"Practitioners!C3": "=1=1"},
        "Practitioners!C3: Accepts Video Appointments is a formula, and what it gives may change;"
        " copy the cell, and paste its value alone (Paste Special > Values)",
    ),
    "an error": (
        {"Practitioners!B3": "#N/A"},
        "Practitioners!B3: Link to is an error of the spreadsheet, such as #N/A; type what belongs"
        " there, or clear the cell",
    ),
    "an error as text": (
        {
            "Practitioners!B3": lambda cell: (
                setattr(cell, "value", "#REF!") or setattr(cell, "data_type", "s")
            )
        },
        "Practitioners!B3: Link to is what a spreadsheet shows for an error, such as #N/A; type"
        " what belongs there",
    ),
    "merged cells": (
        merge("Practitioners", "C3:C4"),
        "Practitioners!C3: the cells C3:C4 are merged, and whose value it is cannot be told;"
        " unmerge them, and fill each of them in",
    ),
    "merged cells in Clinic": (
        merge("Clinic", "B5:B6"),
        "Clinic!B5: the cells B5:B6 are merged, and whose value it is cannot be told; unmerge them,"
        " and fill each of them in",
    ),
    "a number with spaces around it": (
        {"Practitioners!B3": " 17"},
        "Practitioners!B3: Link to is a number with spaces in it; type it without",
    ),
    "a number with spaces in it": (
        {"PMS practitioners!A3": "1 7"},
        "PMS practitioners!A3: Id is a number with spaces in it; type it without",
    ),
    "a character that cannot be seen": (
        {"Practitioners!B3": "1\N{ZERO WIDTH SPACE}7"},
        "Practitioners!B3: Link to holds a zero width space (U+200B), which cannot be seen; clear"
        " the cell, type it anew",
    ),
    "no flag": (
        {"Practitioners!C3": "maybe"},
        'Practitioners!C3: Accepts Video Appointments is "maybe": expected true or false (or yes,'
        " no, on, off)",
    ),
    "commas between links": (
        {"Appointment types!F3": "29, 31"},
        "Appointment types!F3: Linked PMS appointment type holds several values; put semicolons"
        " between them: 29; 31",
    ),
    "another's id behind a name": (
        {"Practitioners!B3": "Dr Amara Nwosu [18]"},
        'Practitioners!B3: Link to names "Dr Amara Nwosu", but 18 is "Dr Li Wei" in the PMS\'s'
        " list; choose it again",
    ),
    "a day first without its order": (
        {"Clinic!B4": "24/11/2026 8:30"},
        "Clinic!B4: When the record was read is no date with its year first; write a time such as"
        " 2026-11-23 08:30, or say in the sheet Clinic in which order dates are written",
    ),
    "a day without a time": (
        {"Clinic!B4": date(2026, 11, 23)},
        'Clinic!B4: When the record was read is "2026-11-23": expected a time such as'
        " 2026-11-23 08:30",
    ),
    "a time without its day": (
        {"Clinic!B4": time(8, 30)},
        "Clinic!B4: When the record was read is a time of day without its day; write a time such as"
        " 2026-11-23 08:30",
    ),
    "a number for a time": (
        {"Clinic!B4": 46349.35},
        "Clinic!B4: When the record was read is a number, and a time such as 2026-11-23 08:30 is"
        " expected; type it, or format the cell as one",
    ),
    "an order of dates that is none": (
        {"Clinic!B12": "Australian"},
        "Clinic!B12: Date order: expected year first, day first or month first",
    ),
    "the version gone": (
        {"Start here!B9": None},
        'Start here!A1: "Version of the format" and the number beside it are gone; write 1 beside'
        " it",
    ),
    "another version": (
        {"Start here!C9": "2"},
        'Start here!C9: Version of the format is "2": expected 1, the version of the format that'
        " this release reads",
    ),
    "two ids that come out alike": (
        {"Practitioners!A4": "Dr Amara-Nwosu", "Practitioners!I3": None, "Practitioners!I4": None},
        'Practitioners!I4: the id is made of the name, "dr-amara-nwosu", which Practitioners!I3 has'
        " too; type another one here, of lower-case letters, digits and single hyphens",
    ),
    "an id that comes out empty": (
        {"Practitioners!A4": "\u738b", "Practitioners!I4": None, "Offers!A5": "\u738b"},
        'Practitioners!I4: the id is made of the name, "", of which there can be none; type another'
        " one here, of lower-case letters, digits and single hyphens",
    ),
    "an id twice": (
        {"PMS practitioners!A4": "17"},
        "PMS practitioners!A4: the id 17 stands twice, first in PMS practitioners!A3",
    ),
    "several lines in a cell": (
        {"Appointment types!F3": "29\n31"},
        "Appointment types!F3: Linked PMS appointment type holds several values; put semicolons"
        " between them: 29; 31",
    ),
    "several names with ids": (
        {"Appointment types!F3": "Telehealth Consult [29], Telehealth Long [31]"},
        "Appointment types!F3: Linked PMS appointment type holds several values; put semicolons"
        " between them: Telehealth Consult [29]; Telehealth Long [31]",
    ),
    "an id that is none": (
        {"Practitioners!I3": "Dr Amara"},
        'Practitioners!I3: Id is "Dr Amara": expected an id of lower-case letters, digits and'
        " single hyphens, at most 64 characters; did you mean dr-amara?",
    ),
    "a name that cannot be read": (
        {"Practitioners!A3": "#REF!"},
        "Practitioners!A3: Name is an error of the spreadsheet, such as #N/A; type what belongs"
        " there, or clear the cell",
    ),
    "a type's name that cannot be read": (
        {"Appointment types!A3": 2026},
        "Appointment types!A3: Name is a number, which a spreadsheet keeps without the zeros in"
        " front of it; format the cell as text (Format Cells > Text), and type it again as it is"
        " shown there",
    ),
    "the heading of the names gone": (
        {"Practitioners!A1": None},
        "Practitioners!A1: the heading Name is gone from the first row; write it there again",
    ),
    "somebody unknown in Offers": (
        {"Offers!A4": "Dr Amara Nwoso"},
        'Offers!A4: "Dr Amara Nwoso" is not in the sheet Practitioners; did you mean Dr Amara'
        " Nwosu?",
    ),
    "everybody unknown in Offers": (
        {"Offers!A3": "Everybody else"},
        'Offers!A3: "Everybody else" is not in the sheet Practitioners; did you mean Everyone'
        " else?",
    ),
    "a type unknown in Offers": (
        {"Offers!B1": "Gone"},
        'Offers!B1: "Gone" is not in the sheet Appointment types; add it there, or clear it',
    ),
    "an answer above no type": (
        {"Offers!D4": "yes"},
        "Offers!D4: stands under no appointment type; clear it, or write its name above",
    ),
    "an answer of nobody": (
        {"Offers!B8": "yes"},
        "Offers!B8: stands beside no practitioner; clear it, or write the name in front",
    ),
    "an unclear answer": (
        {"Offers!B4": "n/a"},
        "Offers!B4: this may say that they do not offer it, or that there is no link; write no or"
        " none",
    ),
    "a link of everybody": (
        {"Offers!B3": "31"},
        "Offers!B3: this is neither yes nor no",
    ),
    "a formula in Offers": (
        {"Offers!B4": "=B3"},
        "Offers!B4: the cell is a formula, and what it gives may change; copy the cell, and paste"
        " its value alone (Paste Special > Values)",
    ),
    "a sheet gone": (
        lambda book: book.remove(book["Waivers"]),
        "there is no sheet Waivers: copy it from a new workbook, which pytest"
        " --videolink-new=new-clinic.xlsx writes",
    ),
    "a sheet renamed": (
        lambda book: setattr(book["PMS types"], "title", "PMS type"),
        'there is no sheet PMS types: give "PMS type" that name again',
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_named_at_its_cell(name: str) -> None:
    slip, said = SLIPS[name]
    raw = changed(book_of(), slip) if callable(slip) else typed(book_of(), slip)
    clinic, problems, _ = read_book(raw)
    assert clinic is None
    assert said in problems
    # These are two slips: the headings are gone as well, and Offers has the name of before.
    two = ("a title above the headings", "two ids that come out alike")
    assert len(problems) == 1 + (name in two)


@pytest.mark.parametrize("said", ["sometimes", "maybe", "Tuesdays", "31; soon"])
def test_a_word_that_may_be_an_answer_is_no_link(said: str) -> None:
    """Where nothing says what the PMS has: a code in letters stands in brackets."""
    document = edited(right_clinic(), {"pms.appointment_types": REMOVED})
    _, problems, _ = read_book(typed(book_of(document), {"Offers!B4": said}))
    assert problems == [
        "Offers!B4: this is neither yes, no nor none; write one of these, or the id of another PMS"
        f" appointment type, one without a digit in brackets: [{said.removeprefix('31; ')}]"
    ]
    _, problems, _ = read_book(typed(book_of(), {"Offers!B4": said}))
    assert problems == []  # the pair's check says that the PMS has no such type


@pytest.mark.parametrize("link", ["TC", ["TC", "31"], ["31"], "none"])
def test_a_link_in_letters_comes_back_from_offers(link: Any) -> None:
    edits = {
        "pms.appointment_types": REMOVED,
        "appointment_types.0.practitioners.1.linked_to": link,
    }
    clinic, problems, _ = read_book(book_of(edited(right_clinic(), edits)))
    assert problems == []
    assert clinic is not None
    (_, own) = clinic.appointment_types[0].practitioners
    assert own.override == (() if link == "none" else tuple([link] if link == "TC" else link))


@pytest.mark.parametrize(
    ("sheet", "path"),
    [
        ("Practitioners", ("practitioners", 0, "name")),
        ("Appointment types", ("appointment_types", 0, "name")),
    ],
)
def test_a_blank_name_is_open_though_offers_has_it(sheet: str, path: Any) -> None:
    """It is a question of VL006, and no problem of Offers, where somebody cannot be found."""
    clinic, problems, _ = read_book(typed(book_of(), {f"{sheet}!A3": None}))
    assert problems == []
    assert clinic is not None
    assert path in clinic.unanswered


@pytest.mark.parametrize(
    ("name", "meant"), [("Harbourside (1)", "harbourside-1"), ("(?)", "bayside-north")]
)
def test_a_name_that_is_no_id(name: str, meant: str) -> None:
    _, problems, _ = read_book(book_of(), name)
    assert problems == [
        f'Clinic!A1: the file is named "{name}", and its name is the clinic\'s id: rename'
        " it to lower-case letters, digits and single hyphens, at most 64 characters, such as"
        f" {meant}.xlsx"
    ]


def test_nothing_of_an_appointment_is_quoted() -> None:
    raw = book_of(edited(right_clinic(), {"appointments": [appointment()]}))
    cells = {
        "Appointments!A3": 4711,
        "Appointments!B3": "=Erika",
        "Appointments!D3": "Erika/Mustermann",
        "Appointments!F3": "https://video.example/Erika",
        "Appointments!I1": "Erika Mustermann",
        "Appointments!I3": "Erika Mustermann",
    }
    _, problems, document = read_book(typed(raw, cells))
    assert not any("Erika" in each or "4711" in each for each in problems)
    assert [each.partition(": ")[0] for each in problems] == [
        *("Appointments!I1", "Appointments!A3", "Appointments!B3"),
        *("Appointments!D3", "Appointments!F3"),
    ]
    assert document is not None
    assert all(each.value is None for each in document.problems)


# Blank cells


def test_blank_cells_that_must_be_filled_in_are_open() -> None:
    document = edited(right_clinic(), waiver("VL201", "dr-li-wei"))
    raw = book_of(edited(document, {"appointments": [appointment()]}))
    cells = dict.fromkeys(
        (
            *("Clinic!B3", "Clinic!B8", "Practitioners!A4", "PMS types!A5", "PMS types!B4"),
            *("Appointments!D3", "Waivers!E3", "Waivers!C3"),
        )
    )
    clinic, problems, _ = read_book(typed(raw, {**cells, "Offers!A5": "dr-li-wei"}))
    assert problems == []
    assert clinic is not None
    assert dict(clinic.blank) == dict.fromkeys(clinic.unanswered, 1)
    assert str(clinic.timezone) == "UTC"
    assert (clinic.pms.system, clinic.practitioners[1].name) == ("TO BE REPLACED", "dr-li-wei")
    assert list(clinic.pms.appointment_types or ()) == ["29", "31"]
    assert clinic.unanswered == (
        ("timezone",),
        ("pms", "system"),
        ("pms", "appointment_types", 1, "name"),
        ("pms", "appointment_types", 2, "id"),
        ("practitioners", 1, "name"),
        ("appointments", 0, "created"),
        ("waivers", 0, "reason"),
        ("waivers", 0, "until"),
    )
    assert clinic.appointments == ()
    assert clinic.waivers == ()


def test_an_entry_without_an_id_is_left_out_whatever_else_it_lacks() -> None:
    raw = typed(book_of(), {"PMS types!A4": None, "PMS types!B4": None})
    clinic, problems, _ = read_book(raw)
    assert problems == []
    assert clinic is not None
    assert list(clinic.pms.appointment_types or ()) == ["29", "40"]
    assert clinic.unanswered == tuple(
        ("pms", "appointment_types", 1, key) for key in ("id", "name")
    )


OFFERED: dict[str, tuple[dict[str, Any], Any, int]] = {
    "as it was": ({}, [("dr-amara-nwosu", None), ("dr-li-wei", ["31"])], 0),
    "not recorded": (dict.fromkeys(("B3", "B4", "B5")), None, 0),
    "everyone": ({"B3": "yes", "B4": None, "B5": None}, "all", 0),
    "everyone but one": ({"B3": True, "B4": None, "B5": "no"}, [("dr-amara-nwosu", None)], 0),
    "nobody": ({"B3": "no", "B4": None, "B5": None}, [], 0),
    "each for themselves": ({"B3": None, "B4": "no", "B5": "x"}, [("dr-li-wei", None)], 0),
    "own link, none": ({"B5": "none"}, [("dr-amara-nwosu", None), ("dr-li-wei", [])], 0),
    "own links": (
        {"B5": "31; Telehealth Consult [29]"},
        [("dr-amara-nwosu", None), ("dr-li-wei", ["31", "29"])],
        0,
    ),
    "open": ({"B3": None, "B5": None}, [("dr-amara-nwosu", None)], 1),
}


@pytest.mark.parametrize("name", OFFERED)
def test_who_offers_a_type(name: str) -> None:
    cells, expected, open = OFFERED[name]
    raw = typed(book_of(), {f"Offers!{place}": value for place, value in cells.items()})
    clinic, problems, _ = read_book(raw)
    assert problems == []
    assert clinic is not None
    offered = clinic.appointment_types[0].practitioners
    if isinstance(offered, tuple):
        links = [
            each.override if each.override is None else list(each.override) for each in offered
        ]
        ids = [each.practitioner for each in offered]
        assert list(zip(ids, links, strict=True)) == expected
    else:
        assert offered == expected
    path = ("appointment_types", 0, "practitioners")
    assert dict(clinic.blank) == ({path: open} if open else {})
