"""A sheet of a workbook as rows of cells, for a table that a document names.

Every cell is the text that a CSV file of the same table would have: a date in the order that is
declared, since a cell that holds one has no order of its own, and a number as it is typed. What
cannot be told stands for itself, and is refused where it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice

from pytest_videolink.record.archive import BadBook
from pytest_videolink.record.cells import FORMULA, MERGED
from pytest_videolink.record.grid import MAX_COLUMNS, MAX_HEAD, BadTable, Row, folded
from pytest_videolink.record.sheets import Book, Cell, open_book
from pytest_videolink.record.text import clean, column_number
from pytest_videolink.record.typed import number_shown, to_the_second

_DAYS: Mapping[str, str] = {"iso": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}
_SURE = 10**15
"""Up to where a spreadsheet keeps every digit of a number."""


def rows_of(raw: bytes, sheet: str | None, dates: str) -> Iterator[Row]:
    """The rows of a sheet, or of the first one, from row 1; ``dates`` is the order that they take.

    Raises :class:`~grid.BadTable`, also on the way.
    """
    try:
        book = open_book(raw)
        name = _named(book, sheet)
        rows = book.rows(name)
        covered = _covered(book.merged(name), rows)
    except BadBook as bad:
        raise BadTable(str(bad)) from None
    width = max((row[-1].column for row in islice(rows, MAX_HEAD)), default=0)
    return _rows(rows, covered, width, dates)


def _rows(
    rows: list[list[Cell]], covered: dict[int, set[int]], width: int, dates: str
) -> Iterator[Row]:
    number = 1
    for row in rows:
        for _ in range(number, row[0].row):
            yield []
        number, last = row[0].row + 1, row[-1].column
        if last > MAX_COLUMNS:
            raise BadTable(f"it has more than {MAX_COLUMNS:,} columns", row[0].row)
        texts = [""] * max(width, last)
        for cell in row:
            texts[cell.column - 1] = _text(cell, dates)
        for column in covered.get(row[0].row, ()):
            if column <= len(texts) and not texts[column - 1]:
                texts[column - 1] = MERGED
        yield texts


def _named(book: Book, sheet: str | None) -> str:
    if not book.names:
        raise BadTable("it has no sheet with cells")
    if sheet is None:
        return book.names[0]
    if sheet in book.names:
        return sheet
    alike = [name for name in book.names if folded(name) == folded(sheet)]
    if len(alike) == 1:
        return alike[0]
    # A sheet may be named after a patient.
    raise BadTable(f'it has no sheet "{clean(sheet, 40)}"; name one as its tab shows it')


_RANGE = re.compile(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")


def _covered(ranges: tuple[str, ...], rows: list[list[Cell]]) -> dict[int, set[int]]:
    """The columns of each row that are merged into another cell, and so look empty.

    A merge that is alone in its row is a title or a total, and covers nothing.
    """
    filled = {row[0].row: {cell.column for cell in row} for row in rows} if ranges else {}
    covered: dict[int, set[int]] = {}
    for match in filter(None, map(_RANGE.fullmatch, ranges)):
        columns = range(column_number(match[1]), min(column_number(match[3]), MAX_COLUMNS) + 1)
        for number, there in filled.items():
            if int(match[2]) <= number <= int(match[4]) and there.difference(columns):
                covered.setdefault(number, set()).update(columns)
    return covered


# What a cell says


def _text(cell: Cell, dates: str) -> str:
    if cell.type == "formula":
        return FORMULA
    if cell.type == "flag":
        return "TRUE" if cell.value else "FALSE"
    if cell.type == "number":
        return _digits(cell)
    if cell.type == "date":
        return _moment(cell, dates)
    return str(cell.value)


def _digits(cell: Cell) -> str:
    """A number as a spreadsheet shows it: one that has lost digits as one that is rounded."""
    assert isinstance(cell.value, int | float)
    if abs(cell.value) >= _SURE:
        return f"{cell.value:.5E}"
    return number_shown(cell)


def _moment(cell: Cell, dates: str) -> str:
    value = cell.value
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return _clock(seconds // 3600, seconds // 60 % 60, seconds % 60)
    if isinstance(value, time):
        value = to_the_second(datetime.combine(date(2000, 1, 1), value))
        return _clock(value.hour, value.minute, value.second)
    assert isinstance(value, date)
    if not isinstance(value, datetime):
        return value.strftime(_DAYS[dates])
    value = to_the_second(value)
    day = value.strftime(_DAYS[dates])
    if value.time() == time() and "h" not in cell.format.lower():
        return day
    return f"{day} {_clock(value.hour, value.minute, value.second)}"


def _clock(hours: int, minutes: int, seconds: int) -> str:
    """A time of day without seconds where there are none: with them an hour of 0 may be none."""
    return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
