"""Exports of a PMS as CSV, above all day sheets of its appointment book; little of them is read.

Only the columns that are named are looked at; every other cell, and the text of a link, is dropped
where the row is read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from pytest_videolink.record.document import MAX_BYTES, Unreadable, decode
from pytest_videolink.record.text import clean

DELIMITERS = (",", ";", "\t")


class BadSheet(ValueError):
    """An export that cannot be read; says why, without any of its cells, and in which row."""

    def __init__(self, why: str, row: int | None = None) -> None:
        super().__init__(why)
        self.row = row


class Row(NamedTuple):
    """The cells of one row by field. ``number`` counts from 1, the header being the first."""

    number: int
    cells: dict[str, str]


def read(raw: bytes, columns: Mapping[str, str]) -> Iterator[Row]:
    """The appointments of a day sheet, by some columns (field to column name).

    A link is "true" where its cell holds anything. Raises :class:`BadSheet`.
    """
    for row in project(raw, columns):
        row.cells["link"] = "true" if row.cells["link"] else "false"
        yield row


def project(
    raw: bytes,
    columns: Mapping[str, str],
    *,
    optional: Collection[str] = (),
    alike: Callable[[str], str] = str.strip,
) -> Iterator[Row]:
    """The rows of an export, projected on some columns (field to column name).

    The ``optional`` fields may have no column. Names of columns are the same where ``alike`` gives
    the same. Raises :class:`BadSheet`.
    """
    if len(raw) > MAX_BYTES:
        raise BadSheet(f"it has {len(raw):,} bytes, more than {MAX_BYTES:,}")
    try:
        text = decode(raw)
        rows = list(_rows(text, {alike(name) for name in columns.values()}, alike))
    except Unreadable as error:
        raise BadSheet(error.problem.message) from None
    except csv.Error:
        raise BadSheet(
            "it is not a CSV file: a quote is not closed, or a cell is too long"
        ) from None
    header = rows[0] if rows else []
    for number, row in enumerate(rows, 1):
        # Its cells may have moved, and a patient's name stand under the appointment's id.
        if any(row) and len(row) > len(header):
            raise BadSheet(
                "it has more cells than the header; a cell that holds a delimiter needs quotes",
                number,
            )
    names = [alike(cell) for cell in header]
    places = {
        field: _place(names, alike(name))
        for field, name in columns.items()
        if field not in optional or alike(name) in names
    }
    for number, row in enumerate(rows[1:], 2):
        if any(row):
            cells = {
                field: row[place].strip() if place < len(row) else ""
                for field, place in places.items()
            }
            yield Row(number, cells)


def _rows(text: str, columns: set[str], alike: Callable[[str], str]) -> Iterator[list[str]]:
    """The rows, cut at the delimiter under which the header has most of the columns."""

    def known(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return len(columns & {alike(cell) for cell in next(reader, [])})

    best = max(DELIMITERS, key=known)
    return csv.reader(io.StringIO(text, newline=""), delimiter=best, strict=True)


def _place(header: list[str], name: str) -> int:
    places = [place for place, cell in enumerate(header) if cell == name]
    if len(places) != 1:
        raise BadSheet(
            f'its header has {"no" if not places else "more than one"} column "{clean(name)}"'
        )
    return places[0]
