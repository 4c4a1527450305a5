"""Workbooks are opened within bounds, and their cells are those that a spreadsheet program has."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime
from datetime import time as clock
from typing import Any

import pytest

from pytest_videolink.record import sheets
from pytest_videolink.record.archive import BadBook
from pytest_videolink.record.sheets import Cell, open_book

openpyxl = pytest.importorskip("openpyxl")


def book(fill: Callable[[Any], None] = lambda _: None) -> bytes:
    """A workbook with one sheet, ``A``."""
    made = openpyxl.Workbook()
    made.active.title = "A"
    fill(made.active)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def with_part(raw: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one of its parts put in or in another's place."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w") as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
XML = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}'
    "</sheetData></worksheet>"
)


def sheet_of(rows: str) -> bytes:
    return with_part(book(), SHEET, XML.format(rows).encode())


def test_what_cells_hold() -> None:
    def fill(sheet: Any) -> None:
        for row, value in enumerate(
            (
                *("0012", 18, 1.5, True, "=TRUE()", "=FALSE()", "=1+1", "#N/A"),
                *(datetime(2026, 11, 23, 8, 30), clock(8, 30), None, "", " "),
            ),
            1,
        ):
            sheet.cell(row, 2).value = value
        sheet.cell(20, 1).value = "=x"
        sheet.cell(20, 1).data_type = "s"

    cells = [cell for row in open_book(book(fill)).rows("A") for cell in row]
    assert cells == [
        Cell(1, 2, "text", "0012"),
        Cell(2, 2, "number", 18),
        Cell(3, 2, "number", 1.5),
        Cell(4, 2, "flag", True),
        Cell(5, 2, "flag", True),
        Cell(6, 2, "flag", False),
        Cell(7, 2, "formula", "=1+1"),
        Cell(8, 2, "error", "#N/A"),
        Cell(9, 2, "date", datetime(2026, 11, 23, 8, 30), "yyyy-mm-dd h:mm:ss"),
        Cell(10, 2, "date", clock(8, 30), "h:mm:ss"),
        Cell(13, 2, "text", " "),
        Cell(20, 1, "text", "=x"),
    ]


def test_hidden_sheets_are_there_and_merged_cells_are_told() -> None:
    def fill(sheet: Any) -> None:
        sheet["B2"].value = "x"
        sheet.merge_cells("B2:C3")
        sheet.parent.create_sheet("B").sheet_state = "veryHidden"

    opened = open_book(book(fill))
    assert opened.names == sheets.sheet_names(book(fill)) == ("A", "B")
    assert opened.merged("A") == ("B2:C3",)
    assert opened.merged("B") == ()


SAVE = "open it in the spreadsheet program and save it as an Excel workbook (.xlsx)"
DAMAGED = f"it is no whole workbook, or a damaged one: {SAVE}"
BOMB = b"<x>" + b" " * 40_000_000 + b"</x>"
ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
MANY = (
    "it has more than 200,000 cells or rows, those included that are only formatted: delete the"
    " empty rows and columns behind the last filled ones, and save it"
)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "no-zip": (lambda: b"videolink: 1", DAMAGED),
    "cut-off": (lambda: book()[:2000], DAMAGED),
    "empty": (lambda: b"", DAMAGED),
    "zip-of-something-else": (lambda: zipped({"a.txt": b""}), DAMAGED),
    "xls": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        f"it is a workbook of the old form .xls: {SAVE}",
    ),
    "password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "it is protected with a password: open it, take the password away (File > Info > Protect"
        " Workbook) and save it",
    ),
    "ods": (
        lambda: zipped({"mimetype": b"x", "content.xml": b"<x/>"}),
        f"it is an OpenDocument spreadsheet (.ods): {SAVE}",
    ),
    "xlsb": (
        lambda: zipped({"xl/workbook.bin": b""}),
        f"it is a binary workbook (.xlsb): {SAVE}",
    ),
    "macros": (
        lambda: with_part(book(), "xl/vbaProject.bin", b""),
        f"it holds macros, of which there is no need: {SAVE}",
    ),
    "zip-bomb": (
        lambda: with_part(book(), "xl/theme/theme2.xml", BOMB),
        "it unpacks to 40,",
    ),
    "many-parts": (
        lambda: zipped({f"{number}.xml": b"<x/>" for number in range(1_001)}),
        "it unpacks to 4,004 bytes in 1,001 parts, more than the 33,554,432 in 1,000 that",
    ),
    "deep": (
        lambda: with_part(book(), SHEET, b"<x>" * 100_000 + b"</x>" * 100_000),
        f"its XML is nested more than 64 deep: {SAVE}",
    ),
    "entities": (
        lambda: with_part(book(), SHEET, ENTITY.encode()),
        f"its XML declares entities, as no spreadsheet program does: {SAVE}",
    ),
    "entities-in-utf-16": (
        lambda: with_part(book(), SHEET, ENTITY.encode("utf-16")),
        f"its XML declares entities, as no spreadsheet program does: {SAVE}",
    ),
    "entities-in-the-list-of-sheets": (
        lambda: with_part(book(), "xl/workbook.xml", ENTITY.encode()),
        f"its XML declares entities, as no spreadsheet program does: {SAVE}",
    ),
    "rows-that-are-only-formatted": (
        lambda: sheet_of("".join(f'<row r="{row}" s="1"/>' for row in range(1, 900_000))),
        MANY,
    ),
    "cells-that-are-only-formatted": (
        lambda: sheet_of(
            "".join(f'<row r="{row}"><c r="A{row}"/></row>' for row in range(1, 700_000))
        ),
        MANY,
    ),
    "rows-to-the-last-column": (
        lambda: sheet_of(
            "".join(f'<row r="{row}"><c r="XFD{row}"/></row>' for row in range(1, 150_000))
        ),
        MANY,
    ),
    "texts": (
        lambda: with_part(book(), "xl/sharedStrings.xml", b"<x>" + b"<a/>" * 200_000 + b"</x>"),
        f"it has more than 100,000 texts and styles: {SAVE}",
    ),
}


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_refused_soon(name: str) -> None:
    make, said = REFUSED[name]
    raw = make()
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(BadBook) as refused:
            open_book(raw)
        took, most = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert str(refused.value).startswith(said)
    assert took < 5  # CPU time, with the tracing that slows it down
    assert most < 150_000_000


def test_an_external_link_is_not_followed() -> None:
    link = '<c r="A1"><f>[1]A!A1</f><v>7</v></c>'
    opened = open_book(sheet_of(f'<row r="1">{link}</row>'))
    assert opened.rows("A") == [[Cell(1, 1, "formula", "=[1]A!A1")]]


def test_a_sheet_that_is_said_to_be_huge_is_read_for_what_it_holds() -> None:
    xml = XML.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    xml = xml.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    opened = open_book(with_part(book(), SHEET, xml.encode()))
    assert opened.rows("A") == [[Cell(1_048_576, 16_384, "number", 1)]]


def test_a_date_that_is_none_is_an_error() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"].value = 1e12
        sheet["A1"].number_format = "yyyy-mm-dd"

    ((cell,),) = open_book(book(fill)).rows("A")
    assert cell.type == "error"


def test_what_a_workbook_says_as_one_text() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"].value = "Smith & Sons <SQL>"
        sheet["B1"].value = 4711

    said = sheets.says(book(fill), "A")
    assert "Smith & Sons <SQL>" in said
    assert "4711" in said
    assert sheets.says(book(lambda sheet: sheet.append(["=A1"])), "A") == ""
    assert sheets.says(book(), "B") == ""


def test_a_part_that_lies_about_its_size() -> None:
    raw = bytearray(with_part(book(), SHEET, BOMB[:30_000_000]))
    size = (30_000_000).to_bytes(4, "little")
    raw = bytearray(bytes(raw).replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(BadBook, match="no whole workbook"):
        open_book(bytes(raw))
