"""The cells of a workbook, as a spreadsheet program has them.

openpyxl reads them, of an archive that has been looked at before. No link to another file is
followed, and nothing is worked out.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from html import unescape
from typing import Any, Literal, NamedTuple, TypeAlias

from pytest_videolink.record.archive import DAMAGED, Archive, BadBook, Cut
from pytest_videolink.record.text import WORKBOOKS

SUFFIX, *UNREAD = WORKBOOKS
EXTRA = (
    "reading a workbook takes the extra `excel` (openpyxl is not installed):"
    " pip install 'pytest-videolink[excel]'"
)

Value: TypeAlias = str | int | float | bool | datetime | date | time | timedelta
Type: TypeAlias = Literal["text", "number", "flag", "date", "formula", "error"]
_TYPES: dict[str, Type] = {"s": "text", "n": "number", "b": "flag", "d": "date", "e": "error"}
_FLAGS = {"=TRUE()": True, "=FALSE()": False}
"""What LibreOffice makes of a true or a false: a formula."""


class Cell(NamedTuple):
    """A cell that holds something. Rows and columns count from 1."""

    row: int
    column: int
    type: Type
    value: Value
    format: str = "General"
    """How a number or a date is shown, as the program writes it: ``yyyy-mm-dd hh:mm``."""


@dataclass
class Book:
    """An open workbook, whose sheets are read when they are asked for."""

    _cut: Cut

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its sheets, in their order, hidden ones among them."""
        return tuple(self._cut.merged)

    def merged(self, name: str) -> tuple[str, ...]:
        """The ranges of a sheet's cells that are merged, such as ``A4:B5``."""
        return self._cut.merged[name]

    def rows(self, name: str) -> list[list[Cell]]:
        """The rows of a sheet that hold anything, from the top, each with such cells alone.

        Raises :class:`BadBook`.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what is left out, or is no date
                return list(self._filled(self._book[name]))
        except Exception:  # whatever the library makes of a file that is damaged
            raise BadBook(DAMAGED) from None

    @cached_property
    def _book(self) -> Any:
        from openpyxl import load_workbook

        return load_workbook(io.BytesIO(self._cut.raw), read_only=True, keep_links=False)

    def _filled(self, sheet: Any) -> Iterator[list[Cell]]:
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            cells = [_cell(each) for each in row if each.value not in (None, "")]
            if cells:
                yield cells


def open_book(raw: bytes) -> Book:
    """Open a workbook. Raises :class:`BadBook`."""
    cut = Archive(raw).cut()
    try:
        import openpyxl  # noqa: F401 - that it is missing is said once, and here
    except ImportError:
        raise BadBook(EXTRA) from None
    return Book(cut)


def says(raw: bytes, sheet: str) -> str:
    """All that the cells of a sheet say, as one text to search; too much is harmless.

    Where it holds formulas, which say something else by themselves, it is empty. Raises
    :class:`BadBook`.
    """
    archive = Archive(raw)
    part = archive.sheets.get(sheet)
    if part is None:
        return ""
    cells = archive.part(part).decode("utf-8", "replace")
    if re.search("<(?:[a-z]+:)?f[ >/]", cells):
        return ""
    shared = archive.part(archive.texts).decode("utf-8", "replace") if archive.texts else ""
    text = re.sub("</(?:[a-z]+:)?(?:si|c)>", "\n", f"{cells}\n{shared}")
    return unescape(re.sub(r"<[^>]*>", "", text))


def sheet_names(raw: bytes) -> tuple[str, ...]:
    """The names of a workbook's sheets; none where it cannot be opened."""
    try:
        return tuple(Archive(raw).sheets)
    except BadBook:
        return ()


def _cell(cell: Any) -> Cell:
    value, type = cell.value, _TYPES.get(cell.data_type, "formula")
    if type == "formula" and isinstance(value, str) and value.upper() in _FLAGS:
        return Cell(cell.row, cell.column, "flag", _FLAGS[value.upper()])
    if type == "formula":
        value = str(value)
    format = "General"
    with suppress(Exception):  # a style that is not there: the number counts
        format = cell.number_format
    return Cell(cell.row, cell.column, type, value, format)
