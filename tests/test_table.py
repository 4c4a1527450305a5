"""Tables: which rows there are, what cells say, and that nothing of a patient comes out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_videolink.record import cells, grid, sift
from pytest_videolink.record.cells import BadCell, Complaint
from pytest_videolink.record.grid import BadTable, encoding_of
from pytest_videolink.record.made_ids import Slot, made_ids
from pytest_videolink.record.table import (
    DAY_SHEET,
    PMS_LIST,
    Declaration,
    Reading,
    Table,
    read,
    read_cells,
)
from pytest_videolink.record.text import BadTime, column_letters, column_number, parse_time
from pytest_videolink.record.times import Times

SYDNEY = ZoneInfo("Australia/Sydney")
COLUMNS = {"practitioner": ("Provider",), "pms_type": ("Type",), "starts": ("Start",)}
LINKED = {**COLUMNS, "link": ("Video",)}
LIST = {"id": ("ID",), "name": ("Name",)}
STARTS = "2026-11-24 09:30"


def sheet(text: str, columns: dict[str, tuple[str, ...]] = COLUMNS, **more: Any) -> Table:
    return read(text.encode(), DAY_SHEET, Declaration(columns, **more), SYDNEY)


def pms_list(text: str, columns: dict[str, tuple[str, ...]] = LIST) -> Table:
    return read(text.encode(), PMS_LIST, Declaration(columns), SYDNEY)


def numbers(table: Table) -> list[int]:
    return [row.number for row in table.rows]


def faults(table: Table) -> list[str]:
    return list(map(str, table.faults))


# Where the header is


def test_the_header_is_among_the_first_fifty_rows() -> None:
    table = sheet("title\n" * 49 + f"Provider,Type,Start\n17,29,{STARTS}\n")
    assert numbers(table) == [51]
    assert table.none == tuple(range(1, 50))
    with pytest.raises(BadTable, match=r"^none of its first 50 rows is a header with the columns"):
        sheet("title\n" * 50 + f"Provider,Type,Start\n17,29,{STARTS}\n")


def test_the_first_row_that_has_every_column_is_the_header() -> None:
    table = sheet(f"Provider,Type\nStart,TYPE,provider\n{STARTS},29,17\nProvider,Type,Start\n")
    assert faults(table) == ["row 4, column Start: expected a day such as 2026-11-24"]
    assert [row.values["practitioner"] for row in table.rows] == ["17"]


@pytest.mark.parametrize(
    ("columns", "said", "row"),
    [
        ({"starts": ("Begin",)}, 'its header lacks the column "Begin"', 1),
        ({"starts": (".-_",)}, 'its header lacks the column ".-_"', 1),
        (
            {"starts": ("Day", "Time"), "pms_type": ("Kind",)},
            'its header lacks the columns "Kind", "Day" and "Time"',
            1,
        ),
        (
            {"practitioner": ("A\x1b[31m",), "pms_type": ("B\u202e",), "starts": ("C",)},
            'none of its first 50 rows is a header with the columns "A[31m", "B<U+202E>" and "C"',
            None,
        ),
    ],
)
def test_a_column_that_is_not_there(
    columns: dict[str, tuple[str, ...]], said: str, row: int | None
) -> None:
    with pytest.raises(BadTable) as raised:
        sheet(f"Provider,Type,Start\nNora Planted,29,{STARTS}\n", {**COLUMNS, **columns})
    assert (str(raised.value), raised.value.row) == (said, row)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "Start,Provider,Type,Start",
            'its columns "Start" (A) and "Start" (D) are alike: rename or remove one',
        ),
        (
            "Start,Provider,Type,start.,_START_",
            'its columns "Start" (A), "start." (D) and "_START_" (E) are alike: rename or remove'
            " one",
        ),
        (
            "Start,Start,Start,Start,Provider,Type",
            'its columns "Start" (A), "Start" (B) and "Start" (C) are alike: rename or remove one',
        ),
    ],
)
def test_columns_alike(header: str, said: str) -> None:
    with pytest.raises(BadTable) as raised:
        sheet(f"x\n{header}\n")
    assert (str(raised.value), raised.value.row) == (said, 2)


def test_one_column_for_two_keys() -> None:
    table = pms_list("Code\nAN\nLW\n", {"id": ("Code",), "name": ("code",)})
    assert [row.values for row in table.rows] == [
        {"id": "AN", "name": "AN"},
        {"id": "LW", "name": "LW"},
    ]


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_a_column_as_a_spreadsheet_calls_it(place: int, name: str) -> None:
    assert (column_letters(place + 1), column_number(name)) == (name, place + 1)


# The text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("above", ["", "a title; with | many, delimiters\t\n"])
def test_delimiters(delimiter: str, above: str) -> None:
    lines = [["Note; of, all", "Provider", "Type", "Start"], ["a|b\tc", "17", "29", STARTS]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    assert sheet(above + out.getvalue()).rows[0].values["pms_type"] == "29"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ID;x\n1;a\n", 'its header lacks the column "Name"'),
        ("ID,x\nx|Name\n", 'its header lacks the column "Name"'),
        ("x|ID\n", 'its header lacks the column "Name"'),
    ],
)
def test_the_delimiter_under_which_most_of_a_header_is_there(text: str, said: str) -> None:
    with pytest.raises(BadTable) as raised:
        pms_list(text)
    assert (str(raised.value), raised.value.row) == (said, 1)


def test_rows_are_cut_as_they_are_written() -> None:
    text = 'a,"x\r\ny",\u00e9\r\n"a"b\n'
    assert list(grid.head_of(text, len, 9)) == [["a", "x\r\ny", "\u00e9"], ["ab"]]
    rows = grid.cut(text, len, 9)
    assert next(rows) == ["a", "x\r\ny", "\u00e9"]
    with pytest.raises(BadTable, match="goes on behind its closing quote"):
        next(rows)


@pytest.mark.parametrize("first", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=;\r"])
def test_a_line_that_says_the_delimiter(first: str) -> None:
    table = sheet(f"{first}Provider;Type;Start\n17,5;29;{STARTS}\n")
    assert [(row.number, row.values["practitioner"]) for row in table.rows] == [(2, "17,5")]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("cp1252", "cp1252"),
        ("Windows-1252", "cp1252"),
        (" latin1 ", "iso8859-1"),
        ("UTF8", "utf-8"),
        ("utf-16", "utf-16"),
        ("macintosh", "mac-roman"),
        ("utf-7", None),
        ("rot13", None),
        ("zip", None),
        ("idna", None),
        ("unicode_escape", None),
        ("ANSI", None),
        ("", None),
        ("cp\0", None),
    ],
)
def test_encodings(name: str, encoding: str | None) -> None:
    assert encoding_of(name) == encoding


def test_every_encoding_reads_what_it_writes() -> None:
    for encoding in grid.ENCODINGS:
        assert encoding_of(encoding) == encoding
        raw = f"Provider,Type,Start\n17,29,{STARTS}\n".encode(encoding)
        declared = Declaration(COLUMNS, encoding=encoding)
        assert len(read(raw, DAY_SHEET, declared, SYDNEY).rows) == 1


@pytest.mark.parametrize(
    ("raw", "encoding", "said"),
    [
        (b"ID,Name\n1,\xeb", None, "the file is not Unicode text: byte 0xEB does not belong in"),
        (b"ID,Name\n1,\x81", "cp1252", "it is not cp1252: byte 0x81 at 10 does not belong there"),
        ("ID,Name\n1,ë".encode(), "cp1252", "it is UTF-8, and not cp1252: take encoding out"),
        (b"ID,Name\n1,\xeb", "utf-8", "it is not utf-8: byte 0xEB at 10 does not belong there"),
        (b"ID,Name\n1,a\0b", None, "it is no text: it holds a character that is none (U+0000)"),
        (b"PK\3\4\24\0\6\0", None, "it is a workbook: save it as CSV, or name it as an Excel"),
        (b"\xd0\xcf\x11\xe0\xa1", "cp1252", "it is a workbook: save it as CSV, or name it as an"),
        (b"ID,Name\n" + b"\n" * grid.MAX_BYTES, None, "it has 4,194,312 bytes, more than 4,194,"),
    ],
)
def test_what_is_no_text(raw: bytes, encoding: str | None, said: str) -> None:
    with pytest.raises(BadTable) as raised:
        read(raw, PMS_LIST, Declaration(LIST, encoding=encoding), SYDNEY)
    assert str(raised.value).startswith(said)


def test_utf_8_may_be_declared() -> None:
    raw = "ID,Name\n1,Zo\u00eb\n".encode()
    [row] = read(raw, PMS_LIST, Declaration(LIST, encoding="utf-8"), SYDNEY).rows
    assert row.values["name"] == "Zo\u00eb"


def test_a_mark_says_more_than_a_declaration() -> None:
    raw = "ID,Name\n1,Zoë\n".encode("utf-8-sig")
    [row] = read(raw, PMS_LIST, Declaration(LIST, encoding="cp1252"), SYDNEY).rows
    assert row.values == {"id": "1", "name": "Zoë"}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('"a', "a quote is opened here and never closed"),
        ('"a"b', "a cell goes on behind its closing quote; a quote within a cell is written twice"),
        ("a" * 140_000, "a cell is longer than a cell can be"),
    ],
)
def test_what_is_no_csv(cell: str, said: str) -> None:
    with pytest.raises(BadTable) as raised:
        pms_list(f'ID,Name\n1,"two\nlines"\n\n2,{cell}\n3,c\n')
    assert (str(raised.value), raised.value.row) == (said, 4)


def test_a_row_of_too_many_columns() -> None:
    wide = "," * (grid.MAX_COLUMNS - 2)
    assert numbers(pms_list(f"ID,Name{wide}\n1,a\n")) == [2]
    assert numbers(pms_list(f"ID,Name{wide}\n1,a\n".replace(",", ";"))) == [2]
    with pytest.raises(BadTable) as raised:
        pms_list(f"ID,Name\n1,a{wide},\n")
    assert (str(raised.value), raised.value.row) == ("it has more than 2,000 columns", 2)


BYTES = st.binary() | st.text('",;|\t\r\n\0 #0178:/.-aZ\u00e9', max_size=200).map(str.encode)


@settings(max_examples=500)
@given(raw=BYTES, encoding=st.sampled_from([None, *grid.ENCODINGS]), kind=st.booleans())
def test_whatever_the_bytes_are(raw: bytes, encoding: str | None, kind: bool) -> None:
    columns, header = (LINKED, b"Provider,Type,Start,Video\n") if kind else (LIST, b"ID,Name\n")
    for each in (raw, header + raw):
        try:
            declared = Declaration(columns, encoding=encoding)
            table = read(each, DAY_SHEET if kind else PMS_LIST, declared, SYDNEY)
        except BadTable:
            continue
        told = [*table.none, *table.repeated, *table.unread, *numbers(table)]
        assert len(told) == len(set(told)) == table.count


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sift, "MAX_ROWS", 3)
    assert numbers(pms_list("ID,Name\n1,a\n2,b\n")) == [2, 3]
    with pytest.raises(BadTable, match=r"^it has more than 3 rows or 1,000,000 cells$") as raised:
        pms_list("ID,Name\n1,a\n2,b\n\n")
    assert raised.value.row == 4
    monkeypatch.setattr(sift, "MAX_CELLS", 4)
    assert numbers(pms_list("ID,Name\n1,a\n2,b\n")) == [2, 3]
    monkeypatch.setattr(sift, "MAX_CELLS", 3)
    with pytest.raises(BadTable, match=r"^it has more than 3 rows or 3 cells$") as raised:
        pms_list("ID,Name\n1,a\n2,b\n")
    assert raised.value.row == 3
    assert len(grid.text_of(b" " * grid.MAX_BYTES, None)) == grid.MAX_BYTES


def test_cells_from_elsewhere() -> None:
    """As a workbook has them: rows of cells, the first of which is row 1."""
    rows = [
        (),
        ("Users",),
        ("ID", "Name", ""),
        ("17", "Dr Amara Nwosu", ""),
        ("18", " Dr Li Wei ", ""),
    ]
    table = read_cells(rows, PMS_LIST, Declaration(LIST), None)
    assert [(row.number, *row.values.values()) for row in table.rows] == [
        (4, "17", "Dr Amara Nwosu"),
        (5, "18", "Dr Li Wei"),
    ]
    assert (table.none, table.faults, table.count) == ((2,), (), 3)


# Rows whose cells may have moved

MORE = "a cell that holds a delimiter or a line break needs quotes"
BEYOND = f"it has more cells than the header; {MORE}, or in a workbook its column a heading"
LONGER = f"it has more cells than other rows; {MORE}"
FEWER = f"it has fewer cells than other rows; {MORE}"
FULL = f"17,29,{STARTS},,x"


@pytest.mark.parametrize(
    ("header", "rows", "moved"),
    [
        pytest.param("", [FULL, FULL, f"N,17,29,{STARTS},,x"], {4: BEYOND}, id="one cell more"),
        pytest.param("", [f"N,{FULL}"], {2: BEYOND}, id="one row, one cell more"),
        pytest.param("", [f"{FULL},"] * 2, {}, id="a delimiter at the end of rows"),
        pytest.param(
            "", [f"{FULL},", f"{FULL},", f"N,17,29,{STARTS},,,"], {4: BEYOND}, id="and one more"
        ),
        pytest.param("", [FULL, f"{FULL},"], {3: BEYOND}, id="a delimiter at the end of one row"),
        pytest.param(",", [FULL, FULL], {}, id="a delimiter at the end of the header"),
        pytest.param(",", [f"N,{FULL}", FULL], {2: BEYOND}, id="a cell where no column is"),
        pytest.param("", [f"17,29,{STARTS}", FULL, FULL], {2: FEWER}, id="a row is short"),
        pytest.param(
            "",
            [f"17,29,{STARTS}", f"17,29,{STARTS},", f"17,29,{STARTS},,"],
            {2: FEWER, 3: FEWER},
            id="two are short, and one ends in an empty cell",
        ),
        pytest.param(
            "", [f"17,29,{STARTS}", f"17,29,{STARTS}", FULL], {}, id="empty ends are left out"
        ),
        pytest.param("", [f"17,29,{STARTS}"], {}, id="the only row is short"),
        pytest.param("", [f"17,29,{STARTS},"] * 3, {}, id="all rows are short"),
        pytest.param(
            "",
            [f"17,29,{STARTS},"] * 3 + [f"N,17,29,{STARTS},"],
            {5: LONGER},
            id="all rows are short but one",
        ),
    ],
)
def test_rows_whose_cells_may_have_moved(
    header: str, rows: list[str], moved: dict[int, str]
) -> None:
    text = "\n".join([f"Provider,Type,Start,Video,Note{header}", *rows])
    table = sheet(text, LINKED)
    assert {fault.rows[0]: fault.message for fault in table.faults} == moved
    assert {fault.column for fault in table.faults} <= {None}
    assert table.count == len(rows)


def excel(rows: Sequence[str], blocks: Sequence[int]) -> str:
    """Rows of which the empty last cells are left out in some blocks of sixteen."""
    lines = ["Provider,Type,Start,Video", *rows]
    return "\n".join(
        line.rstrip(",") if place // 16 in blocks else line for place, line in enumerate(lines)
    )


def test_blocks_of_excel() -> None:
    rows = [f"17,29,{STARTS},"] * 40
    assert len(sheet(excel(rows, [1]), LINKED).rows) == 40
    assert len(sheet(excel(rows, [1, 2]), LINKED).rows) == 40
    rows[20] += "yes"  # then Excel leaves nothing out of its block
    table = sheet(excel(rows, [1]), LINKED)
    assert [fault.rows[0] for fault in table.faults] == [*range(17, 22), *range(23, 33)]


def test_a_block_of_two_rows() -> None:
    rows = [f"17,29,{STARTS},"] * 33
    assert len(sheet(excel(rows, [2]), LINKED).rows) == 33


def test_a_block_with_the_header_has_no_empty_ends_alone() -> None:
    rows = [f"17,29,{STARTS},"] * 40
    table = sheet(excel(rows, [0]), LINKED)
    assert [fault.rows[0] for fault in table.faults] == list(range(2, 17))


def test_a_block_that_excel_would_have_left_more_out_of() -> None:
    header = "Provider,Type,Start,Video,Note"
    rows = [f"17,29,{STARTS},,"] * 15 + [f"17,29,{STARTS},"] * 16 + [f"17,29,{STARTS},,"]
    table = sheet("\n".join([header, *rows]), LINKED)
    assert [fault.rows for fault in table.faults] == [(number,) for number in range(17, 33)]
    assert {fault.message for fault in table.faults} == {FEWER}


def test_a_file_that_was_cut_off() -> None:
    table = sheet(excel([f"17,29,{STARTS},"] * 32, [2]), LINKED)
    assert faults(table) == [f"row 33: {FEWER}"]


# A whole column

AS = {**COLUMNS, "starts": ("Day", "Time")}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ["24/11/2026,9:30", "3/04/2026,9:30"],
            ["column Day: 2 rows such as row 2 are not iso dates; say dates: dmy"],
        ),
        (
            ["4/11/2026,9:30", "3/04/2026,9:30"],
            ["column Day: 2 rows such as row 2 are not iso dates; say dates: dmy or mdy"],
        ),
        (
            ["24/11/2026,9:30", "11/24/2026,9:30"],
            ["column Day: 2 rows such as row 2 are not iso dates"],
        ),
        (
            ["24/11/2026,9:30"],
            ["row 2, column Day: expected a day such as 2026-11-24; say dates: dmy"],
        ),
        (
            ["24/11/2026,9:30", "2026-11-24,9:30"],
            ["row 2, column Day: expected a day such as 2026-11-24"],
        ),
        (
            [",", ","],
            ["column Day + Time: 2 rows such as row 2 are empty"],
        ),
        (
            [",9:30", "2026-11-24,"],
            ["row 2, column Day: is empty", "row 3, column Time: is empty"],
        ),
        (
            ["2026-11-24 09:30,9:30", "2026-11-24 0:00,930"],
            [
                "row 2, column Day: expected a day alone: the time of day stands in a column of"
                " its own",
                "row 3, column Time: expected a time of day such as 09:30 or 9:30 am",
            ],
        ),
        (
            ["2026-11-24,930", "2026-11-25,29700.0"],
            ["column Time: 2 rows such as row 2 are no times of day; say times: seconds"],
        ),
        (
            ["24/11/2026,9:30", ",9:30"],
            [
                "row 2, column Day: expected a day such as 2026-11-24; say dates: dmy",
                "row 3, column Day: is empty",
            ],
        ),
        (
            ["2026-11-24,86400", "2026-11-25,29700"],
            ["column Time: 2 rows such as row 2 are no times of day"],
        ),
        (
            ["1899-12-30,9:30", "3000-01-01,9:30"],
            ["column Day: 2 rows such as row 2 have a year before 1900 or after 2999"],
        ),
        (
            ["2026-10-04,2:30", "2027-04-04,2:30"],
            ["column Time: 2 rows such as row 2 are times when the clocks change"],
        ),
        (
            ["2026-11-24,9:30 +24:00", "2026-11-24,9:30 +11:60"],
            ["column Time: 2 rows such as row 2 have no such offset"],
        ),
        (
            ["2026-11-24 09:30,9:30"] * 2,
            [
                "column Day: 2 rows such as row 2 hold more than a day, and the time of day stands"
                " in a column of its own"
            ],
        ),
    ],
)
def test_a_whole_column_is_told_once(rows: list[str], said: list[str]) -> None:
    lines = [f"17,29,{row}" for row in rows]
    table = sheet("\n".join(["Provider,Type,Day,Time", *lines]), AS)
    assert faults(table) == said
    assert [fault.column for fault in table.faults] == [
        line.partition("column ")[2].partition(":")[0] for line in said
    ]
    assert table.count == len(rows)


def test_what_is_wrong_with_a_column_of_times() -> None:
    """Of day and time of day in one, as the row above has it for two."""
    rows = {
        "1899-12-30 9:30": "have a year before 1900 or after 2999",
        "2026-11-24": "have no time of day",
        "2026-11-24 9:30 +24:00": "have no such offset",
        "2026-10-04 2:30": "are times when the clocks change",
        "2026-11-24 0:09:30": "may be minutes and seconds, as some programs take hours for"
        " minutes; export again",
    }
    for cell, many in rows.items():
        table = sheet("\n".join(["Provider,Type,Start", *[f"17,29,{cell}"] * 2]))
        assert faults(table) == [f"column Start: 2 rows such as row 2 {many}"]
        assert {fault.column for fault in table.faults} == {"Start"}


def test_days_in_another_order_are_none_that_is_right_by_chance() -> None:
    text = "Provider,Type,Day,Time\n17,29,11/24/2026,9:30\n17,29,03/04/2026,9:30\n"
    table = sheet(text, AS, dates="dmy")
    assert faults(table) == ["column Day: 2 rows such as row 2 are not dmy dates; say dates: mdy"]
    table = sheet(text.replace("11/24/2026", "31/11/2026"), AS, dates="dmy")
    assert faults(table) == ["row 2, column Day: expected a day such as 24/11/2026"]
    assert numbers(table) == [3]


def test_a_time_that_is_wrong_does_not_make_days_wrong() -> None:
    text = "Provider,Type,Day,Time\n17,29,3/04/2026,930\n17,29,4/04/2026,9:30\n"
    table = sheet(text, AS, dates="dmy")
    assert faults(table) == ["row 2, column Time: expected a time of day such as 09:30 or 9:30 am"]


def test_no_advice_for_one_column_that_would_harm_another() -> None:
    columns = {**AS, "created": ("Created",)}
    text = (
        "Provider,Type,Day,Time,Created\n"
        "17,29,24/11/2026,9:30,2026-11-20 15:40\n17,29,24/11/2026,9:45,2026-11-20 15:41\n"
    )
    assert faults(sheet(text, columns, dates="dmy")) == [
        "column Created: 2 rows such as row 2 are not dmy dates"
    ]


# Times


@pytest.mark.parametrize(
    ("order", "unit", "cell", "utc"),
    [
        ("iso", "clock", "2026-11-24T09:30", "23 22:30"),
        ("iso", "clock", "2026-11-24T09:30:15.250+11:00", "23 22:30"),
        ("iso", "clock", "2026/11/24 9:30 PM", "24 10:30"),
        ("iso", "clock", "2026.11.24  09:30:00.0000000", "23 22:30"),
        ("iso", "clock", "2026-11-24T09:30:00Z", "24 09:30"),
        ("iso", "clock", "2026-11-24 09:30 +0800", "24 01:30"),
        ("dmy", "clock", "24-11-2026 9:30", "23 22:30"),
        ("dmy", "clock", "24-NOVEMBER-2026 9:30", "23 22:30"),
        ("dmy", "clock", "24 nov 2026, 9:30 p.m.", "24 10:30"),
        ("mdy", "clock", "November 24, 2026 9:30", "23 22:30"),
        ("mdy", "clock", "Nov-24-2026 9:30", "23 22:30"),
        ("dmy", "clock", "24/11/2026\u00a09:30\u202fam", "23 22:30"),
        ("dmy", "clock", "24/11/2026 12:01am", "23 13:01"),
        ("dmy", "clock", "24/11/2026 0:30", "23 13:30"),
        ("dmy", "seconds", "24/11/2026 29700", "23 21:15"),
        ("dmy", "seconds", "24/11/2026 9:30", "23 22:30"),
        ("dmy", "seconds", "24/11/2026 0", "23 13:00"),
        ("iso", "clock", "2026-11-24 9:30 pm", "24 10:30"),
        ("iso", "clock", "2026-11-24 23:59:59Z", "24 23:59"),
    ],
)
def test_a_time(order: str, unit: str, cell: str, utc: str) -> None:
    time = Times(order, unit, SYDNEY).in_one(cell)
    assert f"{time.astimezone(timezone.utc):%d %H:%M}" == utc


@pytest.mark.parametrize(
    ("clock", "meant"),
    [
        ("9:30:59", (9, 30, 59, 0)),
        ("9:59", (9, 59, 0, 0)),
        ("9:30:00.25", (9, 30, 0, 250_000)),
        ("9:30:00.1234567", (9, 30, 0, 123_456)),
        ("9:30:00.000001", (9, 30, 0, 1)),
        ("29700.0", (8, 15, 0, 0)),
        ("29759", (8, 15, 59, 0)),
    ],
)
def test_a_time_of_day(clock: str, meant: tuple[int, int, int, int]) -> None:
    times = Times("iso", "seconds", None)
    assert times.in_two("2026-11-24", clock) == datetime(2026, 11, 24, *meant, tzinfo=timezone.utc)


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month(month: int) -> None:
    name = datetime(2026, month, 1).strftime("%B")
    for spelt in (name, name[:3].upper(), str(month), f"{month:02}", *(["sept"] * (month == 9))):
        between = "/" if spelt.isdigit() else " "
        day = between.join(("1", spelt, "2026"))
        assert Times("dmy", "clock", None).in_two(day, "9:30").month == month
    for none in ("0", "00", "13", "010"):
        with pytest.raises(BadCell):
            Times("dmy", "clock", None).in_two(f"1/{none}/2026", "9:30")


def test_the_first_year_and_the_last() -> None:
    times = Times("iso", "clock", None)
    assert [times.in_one(f"{year}-12-31 9:30").year for year in (1900, 2999)] == [1900, 2999]
    for year in (1899, 3000):
        with pytest.raises(BadCell, match=r"^expected a year from 1900 to 2999$"):
            times.in_one(f"{year}-12-31 9:30")


@pytest.mark.parametrize(
    ("order", "unit", "cell", "expected"),
    [
        ("iso", "clock", "24/11/2026 09:30", "a day such as 2026-11-24"),
        ("iso", "clock", "2026-11/24 09:30", "a day such as 2026-11-24"),
        ("iso", "clock", "2026-11-2409:30", "a day such as 2026-11-24"),
        ("iso", "clock", "\u0662026-11-24 09:30", "a day such as 2026-11-24"),
        ("iso", "clock", "2026-02-30 09:30", "a day such as 2026-11-24"),
        ("iso", "clock", "0000-11-24 09:30", "a day such as 2026-11-24"),
        ("iso", "clock", "46350.39583", "a day such as 2026-11-24"),
        ("dmy", "clock", "24 11 2026 09:30", "a day such as 24/11/2026"),
        ("dmy", "clock", "24/11/2026", "a time of day behind the day, such as 09:30 or 9:30 am"),
        ("mdy", "clock", "24/11/2026 09:30", "a day such as 11/24/2026"),
        ("iso", "clock", "1899-12-30 09:30", "a year from 1900 to 2999"),
        ("iso", "clock", "2026-11-24 0:30 am", "a time of day such as 09:30 or 9:30 am"),
        ("iso", "clock", "2026-11-24 9.30", "a time of day such as 09:30 or 9:30 am"),
        ("iso", "clock", "2026-11-24 9:30:60", "a time of day such as 09:30 or 9:30 am"),
        ("iso", "clock", "2026-11-24 9:60", "a time of day such as 09:30 or 9:30 am"),
        ("iso", "clock", "2026-11-24 9:30 am +11:00", "a time of day such as 09:30 or 9:30 am"),
        ("iso", "clock", "2026-11-24T09:30z", "a time of day such as 09:30 or 9:30 am"),
        (
            "iso",
            "seconds",
            "2026-11-24 86400",
            "a time of day such as 29700 (seconds after midnight) or 08:15",
        ),
        ("iso", "seconds", "2026-11-24 29700.5", "a time of day such as 29700 (seconds"),
    ],
)
def test_no_time(order: str, unit: str, cell: str, expected: str) -> None:
    with pytest.raises(BadCell) as raised:
        Times(order, unit, SYDNEY).in_one(cell)
    assert raised.value.complaint.one.startswith(f"expected {expected}")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2026-11-24 0:09:30", "may be minutes and seconds; write such a time as 9:30 or 12:09 am"),
        (
            "2027-04-04 02:30",
            "the clocks change: this time happens twice in Australia/Sydney; add an offset such as"
            " +11:00",
        ),
        (
            "2026-10-04 02:30",
            "the clocks change: this time never happens in Australia/Sydney; add an offset such as"
            " +11:00",
        ),
        (
            "2026-11-24 09:30 +98:76",
            "there is no such offset; expected one such as +11:00",
        ),
    ],
)
def test_a_time_that_is_not_sure(cell: str, said: str) -> None:
    with pytest.raises(BadCell) as raised:
        Times("iso", "clock", SYDNEY).in_one(cell)
    assert raised.value.complaint.one == said


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("24/11/2026", "9:30"),
        ("24/11/2026 0:00:00", "09:30:00"),
        ("24/11/2026 00:00:00.000", "9:30 AM"),
        ("24/11/2026 12:00:00 AM", "9:30 am"),
        ("24/11/2026 12:00 a.m.", "09:30"),
    ],
)
def test_a_time_in_two_cells(day: str, clock: str) -> None:
    time = Times("dmy", "clock", SYDNEY).in_two(day, clock)
    assert time == datetime(2026, 11, 24, 9, 30, tzinfo=SYDNEY)


@given(
    moment=st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31)),
    order=st.sampled_from(["iso", "dmy", "mdy"]),
    between=st.sampled_from("-/."),
    is_padded=st.booleans(),
    half=st.booleans(),
)
def test_a_time_is_what_was_written(
    moment: datetime, order: str, between: str, is_padded: bool, half: bool
) -> None:
    moment = moment.replace(microsecond=0, tzinfo=timezone.utc)
    width = 2 if is_padded else 1
    parts = {"y": f"{moment.year}", "m": f"{moment.month:0{width}}", "d": f"{moment.day:0{width}}"}
    day = between.join(parts[each] for each in {"iso": "ymd"}.get(order, order))
    clock = f"{moment:%I:%M:%S %p}" if half else f"{moment:%H:%M:%S}"
    assert Times(order, "clock", None).in_one(f"{day} {clock}") == moment


ZONES = ("Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC")
CHANGES = [
    datetime(*moment)
    for moment in (
        (2027, 4, 4, 2),  # Sydney, Lord Howe
        (2026, 10, 4, 2),
        (2011, 12, 30, 12),  # a day that Apia never had
        (2026, 3, 22, 2),  # Casablanca
        (1971, 10, 31, 2),
    )
]


@given(
    zone=st.sampled_from(ZONES),
    change=st.sampled_from(CHANGES),
    minutes=st.integers(-61, 61) | st.integers(-1500, 1500),
)
@example(zone="Australia/Lord_Howe", change=CHANGES[0], minutes=-15)
def test_a_time_is_that_of_a_document(zone: str, change: datetime, minutes: int) -> None:
    text = f"{change + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"
    times = Times("iso", "clock", ZoneInfo(zone))
    expected = said(BadTime, lambda: parse_time(text, ZoneInfo(zone)))
    assert said(BadCell, lambda: times.in_one(text)) == expected
    assert said(BadCell, lambda: times.in_one(text)) == expected, "what is remembered is another"


@pytest.mark.parametrize("clock", ["00:00", "00:00:59", "00:26:08", "00:30", "00:59:59"])
def test_an_hour_within_which_the_clocks_changed(clock: str) -> None:
    """At 00:01 of that night Athens went from its own time to that of Eastern Europe."""
    text, zone = f"1916-07-28 {clock}", ZoneInfo("Europe/Athens")
    assert Times("iso", "clock", zone).in_one(text) == parse_time(text, zone)


def said(error: type[Exception], call: Callable[[], object]) -> object:
    """What comes of a call, or what its error says."""
    try:
        return call()
    except error as raised:
        return str(raised)


# Ids, links, what stands for something


@pytest.mark.parametrize(
    ("reading", "cell"),
    [
        (cells.id_of, "#VALUE!"),
        (cells.id_of, "#BEZUG!"),
        (cells.id_of, "#NAME?"),
        (cells.id_of, "#n/a"),
        (cells.id_of, "###"),
        (cells.id_of, "err:502"),
        (cells.text_of, "#DIV/0!"),
        (cells.id_of, "5,14811E+17"),
        (cells.id_of, "-5.1e+017"),
        (cells.id_of, "1e-05"),
        (cells.id_of, "17.0"),
        (cells.appointment_id_of, "Nora"),
        (cells.appointment_id_of, "#REF!"),
        (cells.flag_of, "no longer"),
        (cells.flag_of, "2"),
        (cells.link_of, "https://"),
        (cells.link_of, "see https://room.example/1"),
        (cells.link_of, "tbc"),
        (cells.modality_of, "videophone"),
    ],
)
def test_a_cell_that_cannot_be_read_is_not_shown(reading: Reading, cell: str) -> None:
    with pytest.raises(BadCell) as raised:
        reading(cell)
    assert cell not in (str(raised.value), raised.value.complaint.many)


FAILED = "what a spreadsheet shows for a cell that it could not work out, such as #N/A"
ROUNDED = (
    "that a spreadsheet has rounded, such as 5.14811E+17; export again, and open it with the column"
    " as text"
)
DECIMAL = "; export again, and keep the column as text"


@pytest.mark.parametrize(
    ("reading", "cell", "one", "many"),
    [
        (cells.text_of, "#N/A", f"holds {FAILED}", f"hold {FAILED}"),
        (cells.id_of, "Err:502", f"holds {FAILED}", f"hold {FAILED}"),
        (cells.id_of, "5.1E+17", f"is a number {ROUNDED}", f"are numbers {ROUNDED}"),
        (
            cells.id_of,
            "17.0",
            f"is a number such as 12.0, which a program has made of an id{DECIMAL}",
            f"are numbers such as 12.0, which a program has made of ids{DECIMAL}",
        ),
        (
            cells.appointment_id_of,
            "Nora",
            "expected the id of an appointment, which holds a digit",
            "hold no digit, as ids do",
        ),
        (
            cells.flag_of,
            "2",
            "expected yes or no (or true, false, on, off, 1, 0, active, inactive, ticked)",
            "say neither yes nor no",
        ),
        (
            cells.link_of,
            "tbc",
            "expected an address, yes, no, or nothing",
            "hold neither an address nor yes or no",
        ),
        (
            cells.modality_of,
            "home",
            "expected video, phone or in-person",
            "are neither video nor phone nor in-person",
        ),
    ],
)
def test_what_is_said_of_a_cell(reading: Reading, cell: str, one: str, many: str) -> None:
    with pytest.raises(BadCell) as raised:
        reading(cell)
    assert raised.value.complaint == Complaint(one, many)
    assert (str(raised.value), raised.value.column) == (one, None)


UNSEEN_CELLS: list[tuple[Reading, str, str, str]] = [
    (
        cells.flag_of,
        "y\u200bes",
        "expected yes or no (or true, false, on, off, 1, 0, active,",
        "say",
    ),
    (
        cells.link_of,
        "no\u3164",
        "expected an address, yes, no, or nothing",
        "hold neither an address",
    ),
    (cells.modality_of, "\ufeffvideo", "expected video, phone or in-person", "are neither video"),
    (Times("dmy", "clock", None).in_one, "\u200e24/11/2026 9:30", "expected a day such", "are not"),
    (Times("dmy", "clock", None).in_one, "24/11/2026 9\u200b:30", "expected a time of", "are no"),
]


@pytest.mark.parametrize(("reading", "cell", "one", "many"), UNSEEN_CELLS)
def test_a_cell_with_something_that_cannot_be_seen(
    reading: Reading, cell: str, one: str, many: str
) -> None:
    with pytest.raises(BadCell) as raised:
        reading(cell)
    complaint, unseen = raised.value.complaint, "a character that cannot be seen: type it anew"
    assert complaint.one.startswith(one)
    assert complaint.many.startswith(many)
    assert complaint.one.endswith(f"; it holds {unseen}")
    assert complaint.many.endswith(f"; they hold {unseen}")


@pytest.mark.parametrize("odd", ["\u200b", "\ufeff", "\ufe0f"])
def test_a_header_with_something_that_cannot_be_seen(odd: str) -> None:
    assert numbers(sheet(f"{odd}Provider,Ty{odd}pe,Start{odd}\n17,29,{STARTS}\n")) == [2]
    alike = rf'its columns "Type" \(B\) and "Ty<U\+{ord(odd):04X}>pe" \(C\) are alike'
    with pytest.raises(BadTable, match=alike):
        sheet(f"Provider,Type,Ty{odd}pe,Start\n17,29,29,{STARTS}\n")


@pytest.mark.parametrize(
    ("reading", "means"),
    [
        (cells.flag_of, {True: "yes Y true 1 on active ticked x", False: "No n false 0 off"}),
        (cells.flag_of, {False: "inactive"}),
        (cells.link_of, {True: "yes y TRUE 1 on ticked x https://a.example/1 HTTP://a www.a.b"}),
        (cells.link_of, {False: "no n false 0 off inactive none N/A na nil - \u2013 \u2014"}),
        (
            cells.modality_of,
            {"video": "Video", "phone": "PHONE", "in-person": "In-Person inperson"},
        ),
    ],
)
def test_a_word(reading: Reading, means: dict[object, str]) -> None:
    for meant, words in means.items():
        assert {word: reading(word) for word in words.split()} == dict.fromkeys(
            words.split(), meant
        )


@pytest.mark.parametrize(
    "id", ["0012", "1E5", "12.5", "1.0.0", "#31", "00:12", "A#1", "error:5", "TRUE", "NA", "١٢"]
)
def test_an_id_as_it_stands(id: str) -> None:
    assert cells.id_of(id) == id


def by_name(known: dict[str, str]) -> Reading:
    def look_up(name: str) -> str:
        if name not in known:
            raise BadCell(Complaint("is nobody of the PMS's list", "are nobody of the PMS's list"))
        return known[name]

    return look_up


def test_what_a_name_stands_for() -> None:
    look_up = {"practitioner": by_name({"Dr Li Wei": "18"})}
    text = f"Provider,Type,Start\nDr Li Wei,29,{STARTS}\nNora Planted,29,{STARTS}\n"
    declared = Declaration(COLUMNS)
    table = read(text.encode(), DAY_SHEET, declared, SYDNEY, look_up)
    assert [row.values["practitioner"] for row in table.rows] == ["18"]
    assert faults(table) == ["row 3, column Provider: is nobody of the PMS's list"]
    table = read(text.replace("Dr Li", "Dr Lo").encode(), DAY_SHEET, declared, SYDNEY, look_up)
    assert faults(table) == ["column Provider: 2 rows such as row 2 are nobody of the PMS's list"]


# Rows that are skipped or repeat others


def test_skip_asks_for_the_text_of_all_columns_of_a_key() -> None:
    columns = {**COLUMNS, "status": ("Status", "Reason")}
    text = (
        f"Provider,Type,Start,Status,Reason\n17,29,{STARTS},Did not,attend\n"
        f"17,29,{STARTS},,\n17,29,{STARTS},Booked,\n"
    )
    skip = {"status": ("did not attend", "", "DID NOT ATTEND")}
    table = sheet(text, columns, skip=skip)
    assert table.skipped == {("status", "did not attend"): (2,), ("status", ""): (3,)}
    assert (numbers(table), table.count) == ([4], 3)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("17,,,,", None),
        (",,,yes,x", None),
        (f",,{STARTS},yes,2026-11-20 15:40", None),
        ("17,,,yes,", "Type: is empty"),
        ("17,,,,2026-11-20 15:40", "Type: is empty"),
        (f"17,,{STARTS},,", "Type: is empty"),
        (",29,,,", "Provider: is empty"),
    ],
)
def test_what_is_an_appointment(row: str, said: str | None) -> None:
    text = f"Provider,Type,Start,Video,Created\n17,29,{STARTS},,2026-11-20 15:40\n{row}\n"
    table = sheet(text, {**LINKED, "created": ("Created",)})
    assert table.none == (() if said else (3,))
    assert faults(table)[:1] == ([f"row 3, column {said}"] if said else [])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",,yes,x", []),
        ("2 users,,,", []),
        (",Dr Li,,", []),
        (",Dr Li,yes,", ["row 3, column ID: is empty"]),
        ("18,,,x", ["row 3, column Name: is empty"]),
    ],
)
def test_what_is_an_entry(row: str, said: list[str]) -> None:
    columns = {**LIST, "active": ("Active",)}
    table = pms_list(f"ID,Name,Active,Note\n17,Dr Wu,yes,x\n{row}\n{row}\n", columns)
    assert (faults(table), numbers(table)) == (said, [2])
    assert (table.none, table.repeated) == (((), (4,)) if said else ((3, 4), ()))


def test_of_a_row_that_is_skipped_nothing_is_read() -> None:
    columns = {**COLUMNS, "id": ("ID",), "status": ("Status",)}
    text = (
        f"ID,Provider,Type,Start,Status\n1,17,29,soon,off\n1,17,29,{STARTS},on\n"
        f"1,17,29,{STARTS},off\n"
    )
    table = sheet(text, columns, skip={"status": ("off",)})
    assert (numbers(table), table.faults) == ([3], ())
    assert table.skipped == {("status", "off"): (2, 4)}


# Ids that are made

AT = datetime(2026, 11, 24, 9, 30, tzinfo=SYDNEY)


@given(st.data())
def test_made_ids_are_the_same_whatever_the_order(data: st.DataObject) -> None:
    slots = data.draw(
        st.lists(
            st.builds(
                Slot,
                starts=st.sampled_from([AT, AT + timedelta(minutes=15)]),
                practitioner=st.sampled_from(["17", "dr-li-wei"]),
                rest=st.tuples(st.sampled_from("ab"), st.sampled_from("12")),
            ),
            max_size=8,
        )
    )
    given_ids = data.draw(st.sets(st.sampled_from(["2026-11-24T0930-17", "88213"])))
    ids = made_ids(slots, given_ids)
    assert len(set(ids) | given_ids) == len(ids) + len(given_ids)
    order = data.draw(st.permutations(range(len(slots))))
    again = made_ids([slots[place] for place in order], given_ids)
    # What is alike in all can be told apart by nothing, and may change its number among itself.
    assert sorted(zip(slots, ids, strict=True)) == sorted(
        zip([slots[place] for place in order], again, strict=True)
    )


def test_a_made_id() -> None:
    slots = [Slot(AT, "17", ("left out",)), Slot(AT, "17", ("judged",)), Slot(AT, "18")]
    assert made_ids(slots, ["88213"]) == [
        "2026-11-24T0930-17-2",
        "2026-11-24T0930-17",
        "2026-11-24T0930-18",
    ]
    assert made_ids(slots[:1], ["2026-11-24T0930-17"]) == ["2026-11-24T0930-17-2"]


# Nothing of a patient comes out, whatever cells have moved

NAMES = ("Planted", "Nora-Planted", "PLANTED Nora", "von Planted", "Planted.")
NAMED = {
    "id": "ApptID",
    "practitioner": "Provider",
    "pms_type": "Type",
    "starts": "Start",
    "created": "Created",
    "link": "Video",
    "status": "Status",
}
RIGHT = {
    "id": "88213",
    "practitioner": "Dr Li Wei",
    "pms_type": "29",
    "starts": "2026-11-24 09:30",
    "created": "2026-11-20 15:40",
    "link": "yes",
    "status": "Booked",
}
LOOK_UP = {
    "practitioner": by_name({"Dr Li Wei": "18", "88213": "18"}),
    "pms_type": by_name({"29": "29", "31": "31"}),
}
PRIVATE_COLUMNS = ("Patient", "Family name", "Note", "Modified")


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, list[int], bool]:
    """A day sheet with patients' names, the rows whose cells have moved, and whether empty cells
    at the ends of rows are left out."""
    private = draw(st.lists(st.sampled_from(PRIVATE_COLUMNS), min_size=1, unique=True))
    optional = draw(st.sets(st.sampled_from(["created", "link", "status"])))
    keys = draw(st.permutations(["id", *DAY_SHEET.required, *sorted(optional), *private]))
    leaves_out = draw(st.booleans())
    name = st.sampled_from(NAMES)
    lines = [[NAMED.get(key, key) for key in keys]]
    moved = []
    for number in range(2, draw(st.integers(3, 6))):
        cells = {**RIGHT, "id": f"8821{number}", "link": draw(st.sampled_from(["", "yes"]))}
        cells |= {key: draw(name) for key in private}
        cells |= {"Note": draw(st.sampled_from(["", "Planted rings"]))}
        row = [cells[key] for key in keys]
        by = draw(st.integers(-3, 3)) if draw(st.booleans()) else 0
        # Where cells move, they most often do so beside a name.
        beside = [keys.index(key) for key in (*private, "id")]
        place = draw(st.sampled_from(beside) | st.integers(0, len(row) - 1))
        if by > 0:
            row[place:place] = draw(st.lists(name, min_size=by, max_size=by))
        else:
            del row[place : place - by]
        if by:
            moved.append(number)
        while leaves_out and row and not row[-1]:
            row.pop()
        lines.append(row)
    out = io.StringIO()
    csv.writer(out, delimiter=draw(st.sampled_from(",;\t|"))).writerows(lines)
    return out.getvalue(), moved, leaves_out


def all_of(text: str) -> tuple[str, Table | None]:
    """All that comes of a table."""
    columns = {key: (name,) for key, name in NAMED.items() if name in text.splitlines()[0]}
    skip = {"status": ("Cancelled",)} if "status" in columns else {}
    try:
        table = read(text.encode(), DAY_SHEET, Declaration(columns, skip=skip), SYDNEY, LOOK_UP)
    except BadTable as error:
        return str(error), None
    return repr(table) + "".join(map(str, table.faults)), table


@settings(max_examples=500)
@given(sheets())
def test_a_patients_name_never_comes_out(sheet: tuple[str, list[int], bool]) -> None:
    said, table = all_of(sheet[0])
    assert "planted" not in said.casefold()
    assert table is not None
    assert table.count == sum(any(row) for row in rows_of(sheet[0]))


@settings(max_examples=500)
@given(sheets())
def test_a_row_whose_cells_have_moved_is_not_read(sheet: tuple[str, list[int], bool]) -> None:
    text, moved, leaves_out = sheet
    count = len(rows_of(text))
    _, table = all_of(text)
    assert table is not None
    if not leaves_out and len(moved) == 1 and count > 2:
        assert set(numbers(table)) == set(range(2, count + 2)) - set(moved)
    if not moved:
        # A single row that is short may have been cut off, where the others leave nothing out.
        fewer = [fault for fault in table.faults if fault.message == FEWER]
        assert len(table.rows) == count - (len(fewer) if leaves_out and len(fewer) == 1 else 0)


def rows_of(text: str) -> list[list[str]]:
    """The rows below a header."""
    delimiter = next(each for each in ",;\t|" if each in text.splitlines()[0])
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))[1:]


def test_the_search_for_names_finds_them() -> None:
    said, _ = all_of(f"ApptID,Provider,Type,Start\nPlanted 1,Dr Li Wei,29,{STARTS}\n")
    assert "Planted 1" in said
