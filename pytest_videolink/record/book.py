"""A workbook as it is written: sheets of texts that are good to fill in, to sort and to print.

Every cell is text, whatever it begins with. There are no formulas in cells, no macros, no merged
cells and no protection; what is suggested and marked refers to ranges.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytest_videolink.record.text import column_letters

EXTRA = (
    "writing a workbook takes the extra `excel` (openpyxl is not installed):"
    " pip install 'pytest-videolink[excel]'"
)
ROWS = 1_000
"""As far down as a cell is marked and has its choices; rows that are inserted add to it."""

MAX_TEXT = 32_767
"""How many characters a cell can hold."""

_HEAD, _LINE, _HINT, _NEEDED = "1F4E79", "BFBFBF", "595959", "FFF2CC"
_LETTERS = "Calibri"
_UNFIT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff\\ud800-\\udfff]")


class NoLibrary(Exception):
    """The library that writes workbooks is not installed; says what to install."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet: its rows of texts, the first of which are headings.

    ``hints`` are rows below the heading that only explain. ``widths`` count in characters.
    ``choices`` are ranges of texts, by the column that they are suggested in, and ``needed`` are
    the columns that are marked while they are blank in a row that holds anything. Where each row
    asks for something else, the ``answers`` are in a column, and ``row_choices`` and ``row_needed``
    say so of rows.
    """

    name: str
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    hints: int = 0
    choices: Mapping[int, str] = field(default_factory=dict)
    needed: Iterable[int] = ()
    row_choices: Mapping[int, str] = field(default_factory=dict)
    row_needed: Iterable[int] = ()
    answers: int = 0
    frozen_columns: int = 1
    has_filter: bool = False
    has_head: bool = True


def library() -> None:
    """Have the library at hand. Raises :class:`NoLibrary`."""
    try:
        import openpyxl  # noqa: F401 - that it is missing is said here
    except ImportError:
        raise NoLibrary(EXTRA) from None


def write(sheets: Iterable[Sheet], ranges: Mapping[str, str], title: str) -> bytes:
    """The bytes of a workbook; ``ranges`` have the names that choices are known by.

    Raises :class:`NoLibrary`.
    """
    library()
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title
    book.properties.creator = "pytest-videolink"
    for name, range in ranges.items():
        book.defined_names[name] = DefinedName(name, attr_text=range)
    for sheet in sheets:
        _Writer(book.create_sheet(sheet.name), sheet).write()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class _Writer:
    """Writes a sheet."""

    def __init__(self, made: Any, sheet: Sheet) -> None:
        self._made = made
        self._sheet = sheet
        self._top = sheet.hints + sheet.has_head

    def write(self) -> None:
        self._columns()
        self._cells()
        self._suggest()
        self._mark()
        self._view()

    def _columns(self) -> None:
        """Whole columns are text, so that what is typed into a row to come is text, too."""
        from openpyxl.styles import Alignment

        for number, width in enumerate(self._sheet.widths, 1):
            column = self._made.column_dimensions[column_letters(number)]
            column.width = width
            column.number_format = "@"
            column.alignment = Alignment(vertical="top", wrap_text=True)

    def _cells(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        line = Side(style="thin", color=_LINE)
        styles: dict[str, dict[str, Any]] = {
            "head": {
                "font": Font(name=_LETTERS, bold=True, color="FFFFFF"),
                "fill": PatternFill("solid", start_color=_HEAD, end_color=_HEAD),
            },
            "hint": {"font": Font(name=_LETTERS, italic=True, size=9, color=_HINT)},
            "cell": {"border": Border(bottom=line)},
        }
        wrapped = Alignment(vertical="top", wrap_text=True)
        for number, row in enumerate(self._sheet.rows, 1):
            is_head = number == 1 and self._sheet.has_head
            style = styles["head" if is_head else "hint" if number <= self._top else "cell"]
            for column, text in enumerate(row, 1):
                if text or is_head or column == self._sheet.answers:
                    cell = self._made.cell(number, column)
                    if text:
                        cell.value = _UNFIT.sub("", text)[:MAX_TEXT]
                        cell.data_type = "s"  # also of what looks like a formula
                    cell.number_format = "@"
                    cell.alignment = wrapped
                    for name, value in style.items():
                        setattr(cell, name, value)
            self._made.row_dimensions[number].height = self._height(row, style is styles["hint"])

    def _height(self, row: Sequence[str], is_small: bool) -> float:
        """The height at which all of a row's lines are seen, in points."""
        lines = [
            sum(len(part) // max(width - 1, 1) + 1 for part in text.split("\n"))
            for text, width in zip(row, self._sheet.widths, strict=False)
            if text
        ]
        return min(max(lines, default=1) * (12.5 if is_small else 15.5) + 2, 400)

    def _suggest(self) -> None:
        """Offer choices; what else is typed is taken."""
        from openpyxl.worksheet.datavalidation import DataValidation

        ranges: dict[str, list[str]] = {}
        for column, choice in self._sheet.choices.items():
            letters = column_letters(column)
            ranges.setdefault(choice, []).append(f"{letters}2:{letters}{ROWS}")
        for row, choice in self._sheet.row_choices.items():
            place = f"{column_letters(self._sheet.answers)}{row}"
            ranges.setdefault(choice, []).append(place)
        for choice, places in ranges.items():
            rule = DataValidation(type="list", formula1=choice, allow_blank=True)
            rule.showErrorMessage = False
            self._made.add_data_validation(rule)
            for place in places:
                rule.add(place)

    def _mark(self) -> None:
        """Mark what has to be filled in for as long as it is blank."""
        from openpyxl.formatting.rule import Rule
        from openpyxl.styles import PatternFill
        from openpyxl.styles.differential import DifferentialStyle

        fill = PatternFill("solid", start_color=_NEEDED, end_color=_NEEDED)
        last = column_letters(len(self._sheet.widths))
        for column in self._sheet.needed:
            letters = column_letters(column)
            filled = f"COUNTA($A2:${last}2)>0"
            formula = f"AND({filled},LEN(TRIM({letters}2))=0)"
            rule = Rule(type="expression", formula=[formula], dxf=DifferentialStyle(fill=fill))
            self._made.conditional_formatting.add(f"{letters}2:{letters}{ROWS}", rule)
        for row in self._sheet.row_needed:
            place = f"{column_letters(self._sheet.answers)}{row}"
            formula = f"LEN(TRIM({place}))=0"
            rule = Rule(type="expression", formula=[formula], dxf=DifferentialStyle(fill=fill))
            self._made.conditional_formatting.add(place, rule)

    def _view(self) -> None:
        """What stays in sight, and how it is printed."""
        made, sheet = self._made, self._sheet
        if sheet.has_head:
            made.freeze_panes = f"{column_letters(sheet.frozen_columns + 1)}{self._top + 1}"
            made.print_title_rows = f"1:{self._top}"
        if sheet.has_filter:
            last = column_letters(len(sheet.widths))
            made.auto_filter.ref = f"A1:{last}{max(len(sheet.rows), 2)}"
        made.page_setup.orientation = "landscape"
        made.page_setup.paperSize = made.PAPERSIZE_A4
        made.page_setup.fitToHeight = 0
        made.sheet_properties.pageSetUpPr.fitToPage = True
        made.oddFooter.center.text = "&A, &P of &N"
        made.sheet_view.showGridLines = True
