"""Tables as workbooks: read as the CSV file of the same cells is, or refused by row and column."""

from __future__ import annotations

import io
import sys
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from books import table_book as book
from conftest import Clinics
from support import Document, edited, right_clinic

from pytest_videolink.record.grid import BadTable
from pytest_videolink.record.sheet_rows import rows_of
from pytest_videolink.record.table import DAY_SHEET, PMS_LIST, Declaration, Table, read_cells

SYDNEY = ZoneInfo("Australia/Sydney")
SHEET = "exports/day.xlsx"
ASKED = "--videolink-clinic=harbourside"
COLUMNS = {
    "id": "ApptID",
    "practitioner": "Provider",
    "pms_type": "Type",
    "created": "Booked",
    "starts": "Start",
    "link": "Video",
    "status": "Status",
}
BY_KEY = {key: (name,) for key, name in COLUMNS.items()}
BOOKED, STARTS = datetime(2026, 11, 20, 15, 40), datetime(2026, 11, 24, 9, 30)
ROW = {
    "ApptID": "88213",
    "Provider": "17",
    "Type": "29",
    "Booked": BOOKED,
    "Start": STARTS,
    "Video": "yes",
    "Status": "Booked",
}
HEADER = [*ROW]
RIGHT = [HEADER, [*ROW.values()]]


def sheet(raw: bytes, name: str | None = None, **more: Any) -> Table:
    declared = Declaration(BY_KEY, skip={"status": ("Cancelled",)}, **more)
    rows = rows_of(raw, name, declared.dates)
    return read_cells(rows, DAY_SHEET, declared, SYDNEY)


def one(**cells: Any) -> Table:
    """What comes of the right row with some other cells."""
    return sheet(book([HEADER, [*{**ROW, **cells}.values()]]))


def clinic(**more: Any) -> Document:
    table = {"xlsx": SHEET, "columns": COLUMNS, **more}
    return edited(right_clinic(), {"appointments": table})


# What cells hold


@pytest.mark.parametrize("dates", ["iso", "dmy", "mdy"])
def test_a_date_has_no_order_of_its_own(dates: str) -> None:
    [row] = sheet(book(RIGHT), dates=dates).rows
    assert row.number == 2
    assert row.values["starts"].astimezone(SYDNEY) == STARTS.replace(tzinfo=SYDNEY)
    assert row.values["created"].astimezone(SYDNEY) == BOOKED.replace(tzinfo=SYDNEY)


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        (datetime(2026, 11, 24), time(9, 30)),
        (date(2026, 11, 24), timedelta(hours=9, minutes=30)),
        (datetime(2026, 11, 24), "9:30 am"),
        ("24/11/2026", time(9, 30)),
        ("24/11/2026", datetime(2026, 11, 24, 9, 30).time()),
    ],
)
def test_a_day_and_its_time_in_two_columns(day: Any, clock: Any) -> None:
    raw = book([["Who", "Type", "Day", "Time"], [17, 29, day, clock]])
    columns = {
        "practitioner": ("Who",),
        "pms_type": ("Type",),
        "starts": ("Day", "Time"),
    }
    [row] = read_cells(
        rows_of(raw, None, "dmy"), DAY_SHEET, Declaration(columns, dates="dmy"), SYDNEY
    ).rows
    assert row.values["starts"].astimezone(SYDNEY) == STARTS.replace(tzinfo=SYDNEY)


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("Provider", 17, "17"),
        ("Provider", 17.0, "17"),
        ("Provider", "0017", "0017"),
        ("ApptID", 88213, "88213"),
        ("Video", True, True),
        ("Video", False, False),
        ("Video", "=TRUE()", True),  # as LibreOffice saves it
        ("Video", 1, True),
        ("Video", None, False),
        ("Video", "https://room.example/1", True),
    ],
)
def test_what_a_cell_says(key: str, cell: Any, value: Any) -> None:
    [row] = one(**{key: cell}).rows
    [name] = [each for each, column in COLUMNS.items() if column == key]
    assert row.values[name] == value


def test_a_number_is_read_with_the_zeros_that_its_format_shows() -> None:
    def padded(sheet: Any) -> None:
        sheet["B2"].number_format = "0000"

    raw = book([HEADER, [*{**ROW, "Provider": 17}.values()]], padded)
    assert [row.values["practitioner"] for row in sheet(raw).rows] == ["0017"]


PASTE = "is a formula, and what it gives may change; paste its value alone, or export again"
ROUNDED = (
    "is a number that a spreadsheet has rounded, such as 5.14811E+17; export again, and open it"
    " with the column as text"
)


@pytest.mark.parametrize(
    ("key", "cell", "said"),
    [
        ("ApptID", 514811000000000001, ROUNDED),
        ("ApptID", "=A1+1", PASTE),
        ("Provider", "=B1", PASTE),
        ("Booked", "=NOW()", PASTE),
        ("Start", "=E9", PASTE),
        ("Video", "=IF(A1,1,0)", PASTE),
        ("Status", "=G9", PASTE),
        (
            "Provider",
            "#N/A",
            "holds what a spreadsheet shows for a cell that it could not work out, such as #N/A",
        ),
        ("Start", 46350.4, "expected a day such as 2026-11-24"),
        (
            "Start",
            date(2026, 11, 24),
            "expected a time of day behind the day, such as 09:30 or 9:30 am",
        ),
        (
            "Start",
            datetime(2026, 11, 24, 0, 9, 30),
            "may be minutes and seconds; write such a time as 9:30 or 12:09 am",
        ),
        ("Start", time(9, 30), "expected a day such as 2026-11-24"),
        ("Video", "Nora Planted", "expected an address, yes, no, or nothing"),
    ],
)
def test_what_cannot_be_told_is_refused_by_row_and_column(key: str, cell: Any, said: str) -> None:
    table = one(**{key: cell})
    assert (table.rows, list(map(str, table.faults))) == ((), [f"row 2, column {key}: {said}"])


def test_merged_cells_are_not_empty_ones() -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A1:G1")  # a title
        sheet.merge_cells("F3:F4")
        sheet.merge_cells("A5:G5")  # a total

    rows = [["Tuesday"], HEADER, [*ROW.values()], [*{**ROW, "ApptID": "2"}.values()], ["2 in all"]]
    table = sheet(book(rows, merge))
    assert [row.number for row in table.rows] == [3]
    assert list(map(str, table.faults)) == [
        "row 4, column Video: is merged with a cell beside it; unmerge them, and fill each of them"
        " in"
    ]
    assert table.none == (1, 5)


def test_formulas_and_merged_cells_of_other_columns_do_not_count() -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("H2:I2")

    raw = book([[*HEADER, "Patient", "Notes"], [*ROW.values(), "=UPPER(A1)"]], merge)
    assert len(sheet(raw).rows) == 1


def test_a_formula_in_a_part_of_a_name() -> None:
    raw = book([["ID", "First", "Last"], ["17", "Amara", "=B2"]])
    declared = Declaration({"id": ("ID",), "name": ("First", "Last")})
    [fault] = read_cells(rows_of(raw, None, "iso"), PMS_LIST, declared, None).faults
    assert str(fault) == f"row 2, column First + Last: {PASTE}"


# Which rows there are


def test_rows_are_counted_as_the_spreadsheet_shows_them() -> None:
    def shift(sheet: Any) -> None:
        sheet.insert_rows(1, 3)
        sheet.insert_rows(5, 2)
        sheet["A2"] = "Exported on Tuesday"
        sheet.row_dimensions[7].hidden = True
        sheet.column_dimensions["B"].hidden = True

    cancelled = {**ROW, "ApptID": "2", "Status": "cancelled"}
    table = sheet(book([*RIGHT, [*cancelled.values()]], shift))
    assert [row.number for row in table.rows] == [7]
    assert (table.none, table.skipped) == ((2,), {("status", "Cancelled"): (8,)})


def test_what_is_filled_behind_the_last_column_cannot_be_read() -> None:
    [fault] = sheet(book([*RIGHT, [*{**ROW, "ApptID": "2"}.values(), "Nora"]])).faults
    assert str(fault) == (
        "row 3: it has more cells than the header; a cell that holds a delimiter or a line break"
        " needs quotes, or in a workbook its column a heading"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (None, None),
        ("Day", None),
        (" day ", None),
        ("Dya", 'it has no sheet "Dya"; name one as its tab shows it'),
        ("Users", 'it has no sheet "Users"; name one as its tab shows it'),
    ],
)
def test_which_sheet(name: str | None, said: str | None) -> None:
    raw = book(RIGHT)
    if said is None:
        assert len(sheet(raw, name).rows) == 1
    else:
        with pytest.raises(BadTable) as raised:
            sheet(raw, name)
        assert str(raised.value) == said


def _far(sheet: Any) -> None:
    sheet.cell(2, 2_001).value = "x"


def _deep(sheet: Any) -> None:
    sheet.cell(50_001, 1).value = "x"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"ApptID,Provider\n", "it is no whole workbook, or a damaged one"),
        (book([]), "none of its first 50 rows is a header with the columns"),
        (book(RIGHT, _far), "it has more than 2,000 columns"),
        (book(RIGHT, _deep), "it has more than 50,000 rows or 1,000,000 cells"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "it is a workbook of the old form .xls"),
    ],
)
def test_what_is_no_table(raw: bytes, said: str) -> None:
    with pytest.raises(BadTable, match=f"^{said}"):
        sheet(raw)


# In a clinic


def test_a_day_sheet_and_lists_in_a_workbook(clinics: Clinics) -> None:
    """All three tables are sheets of one workbook, which is no clinic of the source."""
    made = openpyxl.load_workbook(io.BytesIO(book(RIGHT)))
    for title, rows in (
        ("Users", [["ID", "Name"], ["17", "Dr Amara Nwosu"], ["18", "Dr Li Wei"], ["Two users"]]),
        ("Types", [["ID", "Name"], [29, "Telehealth Consult"], [31, "Long"], [40, "Standard"]]),
    ):
        made.create_sheet(title)
        for row in rows:
            made[title].append(row)
    made["Users"]["B3"] = "=B2"
    stream = io.BytesIO()
    made.save(stream)
    clinics.write_file(SHEET, stream.getvalue())
    columns = {"id": "ID", "name": "Name"}
    lists = {
        f"pms.{key}": {"xlsx": SHEET, "sheet": title, "columns": columns}
        for key, title in (("practitioners", "Users"), ("appointment_types", "Types"))
    }
    clinics.write(edited(clinic(sheet="Day"), lists))
    result = clinics.run("--videolink-clinic=*", "--videolink-report=r.json")
    text = " ".join(result.stdout.str().split())
    for part in (
        f"{SHEET}, sheet Users, row 3, column Name: {PASTE}",
        f"{SHEET}, sheet Day: 1 row = 1 judged",
        f"{SHEET}, sheet Types: 3 rows = 3 appointment types",
        f"{SHEET}, sheet Users: 3 rows = 1 practitioners + 1 no practitioners + 1 not read",
        "harbourside: NOT READY",
    ):
        assert part in text
    assert "videolink: 1 of 1 clinic," in text


def test_a_failure_names_sheet_row_and_column(clinics: Clinics) -> None:
    rows = [["ID", "Name", "Active"], ["17", "Dr Amara Nwosu", "no"], ["18", "Dr Li Wei", True]]
    clinics.write_file("exports/users.xlsx", book(rows, title="Users"))
    columns = {"id": "ID", "name": "Name", "active": "Active"}
    table = {"xlsx": "exports/users.xlsx", "sheet": "Users", "columns": columns}
    clinics.write(edited(right_clinic(), {"pms.practitioners": table}))
    text = " ".join(clinics.run(ASKED).stdout.str().split())
    assert "clinics/exports/users.xlsx, sheet Users, row 2, column Active" in text


def test_without_the_library(clinics: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    clinics.write(clinic())
    clinics.write_file(SHEET, book(RIGHT))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    result = clinics.run(ASKED)
    assert result.parseoutcomes()["failed"] == 1
    text = " ".join(result.stdout.str().split())
    assert (
        f"{SHEET} cannot be read: reading a workbook takes the extra `excel` (openpyxl is not"
        " installed): pip install 'pytest-videolink[excel]'"
    ) in text


def test_a_new_clinic_takes_workbooks(clinics: Clinics) -> None:
    def title(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "Users"

    rows = [["User ID", "Full name", "Status"], [17, "Dr Amara Nwosu", "Active"]]
    for name, raw in (("users.xlsx", book(rows, title)), ("types.xlsx", book(rows[:1]))):
        (clinics.pytester.path / name).write_bytes(raw)
    result = clinics.pytester.runpytest_inprocess(
        "-p", "videolink", "--videolink-new=bayside", "--videolink-new-from=users.xlsx"
    )
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["Taken over from users.xlsx: 1 practitioner; id: User ID (A); name: Full name (B);*"]
    )
    text = (clinics.folder / "bayside.yaml").read_text(encoding="utf-8")
    assert '- id: "17"' in text
    assert 'name: "Dr Amara Nwosu"' in text
