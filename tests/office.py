"""LibreOffice as people use it: opens a workbook, types, and saves. Run by the Python that has UNO.

Reads from its input what to do, as JSON: ``open``, then for each sheet what is typed into which
cell, and ``do`` and ``save``. Says ``done`` at the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}


def value(name: str, content: Any) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


def connected(office: str, profile: str) -> tuple[Any, Any]:
    """A new LibreOffice with a profile of its own, and its desktop."""
    pipe = f"videolink{time.time_ns()}"
    started = subprocess.Popen(
        [
            office,
            f"-env:UserInstallation={profile}",
            *("--headless", "--norestore", "--nologo", "--nodefault"),
            f"--accept=pipe,name={pipe};urp;",
        ]
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(600):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except NoConnectException:
            time.sleep(0.1)
    else:
        started.kill()
        raise TimeoutError("LibreOffice does not answer")
    manager = context.ServiceManager
    return started, manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


# What people do besides


def sort(book: Any) -> None:
    """Sort the sheet of practitioners by its first column, with what stands under the headings."""
    sheet = book.Sheets.getByName("Practitioners")
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    area = sheet.getCellRangeByPosition(
        0, 1, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow
    )
    field = uno.createUnoStruct("com.sun.star.table.TableSortField")
    field.Field, field.IsAscending = 0, False
    area.sort(
        (
            value("SortFields", uno.Any("[]com.sun.star.table.TableSortField", (field,))),
            value("ContainsHeader", False),
        )
    )


def insert(book: Any) -> None:
    for name in ("Practitioners", "Offers", "PMS types"):
        book.Sheets.getByName(name).Rows.insertByIndex(2, 2)


def hide(book: Any) -> None:
    book.Sheets.getByName("Practitioners").Columns.getByIndex(2).IsVisible = False
    book.Sheets.getByName("PMS types").Rows.getByIndex(3).IsVisible = False


def filter(book: Any) -> None:
    sheet = book.Sheets.getByName("Practitioners")
    descriptor = sheet.createFilterDescriptor(True)
    field = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
    field.Field, field.IsNumeric, field.StringValue = 2, False, "yes"
    descriptor.setFilterFields((field,))
    sheet.filter(descriptor)


def format_below(book: Any) -> None:
    for name in ("Practitioners", "Clinic"):
        sheet = book.Sheets.getByName(name)
        sheet.getCellRangeByPosition(0, 60, 20, 4000).CellBackColor = 0xFFEEEE
        sheet.Rows.getByIndex(5000).CharHeight = 14


DO = {each.__name__: each for each in (sort, insert, hide, filter, format_below)}


def main() -> None:
    asked = json.load(sys.stdin)
    started, desktop = connected(asked["office"], asked["profile"])
    try:
        for job in asked["jobs"]:
            url = Path(job["open"]).as_uri()
            book = desktop.loadComponentFromURL(url, "_blank", 0, (value("Hidden", True),))
            for sheet, cells in job.get("type", {}).items():
                for row, column, text in cells:
                    cell = book.Sheets.getByName(sheet).getCellByPosition(column - 1, row - 1)
                    cell.FormulaLocal = text
            for name in job.get("do", ()):
                DO[name](book)
            target = Path(job["save"])
            book.storeToURL(target.as_uri(), (value("FilterName", FILTERS[target.suffix]),))
            book.close(True)
    finally:
        try:
            desktop.terminate()
            started.wait(60)
        except Exception:  # noqa: BLE001 - it may be gone before it answers
            started.kill()
    print("done")


main()
