"""Clinics as workbooks: made of documents, and changed cell by cell as people change them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import openpyxl
import openpyxl.formatting.rule  # once, and not anew for every run in this process
import openpyxl.workbook.defined_name
import openpyxl.worksheet.datavalidation
from support import Document, right_clinic, to_yaml

from pytest_videolink.record import reader, workbook
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import Document as Read
from pytest_videolink.record.document import Unreadable, parse
from pytest_videolink.sources.fill_in import render


def book_of(document: Document | None = None) -> bytes:
    """A clinic's document (the right clinic's) as a workbook."""
    document = right_clinic() if document is None else document
    plain = parse(to_yaml(document).encode()).root.plain()
    assert isinstance(plain, dict)
    return render(str(document["clinic"]), plain, "pytest")


def table_book(
    rows: Sequence[Sequence[Any]],
    change: Callable[[Any], None] = lambda _: None,
    title: str = "Day",
) -> bytes:
    """The bytes of a workbook with a sheet of these rows."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def changed(raw: bytes, change: Callable[[Any], None]) -> bytes:
    """A workbook that is opened, changed and saved again."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def typed(raw: bytes, cells: Mapping[str, Any]) -> bytes:
    """A workbook with values in cells such as ``Practitioners!B3``; a function changes the cell."""

    def change(book: Any) -> None:
        for place, value in cells.items():
            sheet, _, name = place.rpartition("!")
            cell = book[sheet][name]
            if callable(value):
                value(cell)
            else:
                cell.value = value

    return changed(raw, change)


def read_book(raw: bytes, id: str = "harbourside") -> tuple[Clinic | None, list[str], Read | None]:
    """The clinic of a workbook, what is wrong with it by its places, and its document."""
    try:
        document = workbook.parse(raw, id)
    except Unreadable as error:
        return None, [each.message for each in error.problems], None
    clinic, problems = reader.read(document, id, lambda *_: ())
    return clinic, [f"{each.position}: {each.message}" for each in problems], document


def facts(value: Any) -> Any:
    """All that is recorded of a clinic, without where it stands."""
    if is_dataclass(value):
        return {
            each.name: facts(getattr(value, each.name))
            for each in fields(value)
            if each.name != "path"
        }
    if isinstance(value, dict):
        return {key: facts(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [facts(each) for each in value]
    return value
