"""The cells of a workbook, opened within bounds, as a spreadsheet program has them.

What is looked for beforehand, by a parser that builds nothing: entities, nesting, and more than a
clinic can have. Only then openpyxl reads it. No link to another file is followed, and nothing is
worked out.
"""

from __future__ import annotations

import io
import posixpath
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias
from xml.parsers import expat

from pytest_videolink.record.document import MAX_BYTES

MAX_UNPACKED = 32 * 1024 * 1024
MAX_CELLS = 200_000
"""How many cells and rows a sheet's text may have, those that are only formatted included."""

MAX_SPREAD = 2_000_000
"""How many cells there may be from the first column to the last one of each row."""

MAX_OTHERS = 100_000
"""How many elements all that is not a sheet may have: styles, texts, names."""

MAX_DEPTH = 64
MAX_PARTS = 1_000

SUFFIX = ".xlsx"
UNREAD = (".xlsm", ".xlsb", ".xls", ".ods")
"""What other workbooks are called, none of which is read."""

EXTRA = (
    "reading a workbook takes the extra `excel` (openpyxl is not installed):"
    " pip install 'pytest-videolink[excel]'"
)
SAVE_AS = "open it in the spreadsheet program and save it as an Excel workbook (.xlsx)"

Value: TypeAlias = str | int | float | bool | datetime | date | time | timedelta
Type: TypeAlias = Literal["text", "number", "flag", "date", "formula", "error"]
_TYPES: dict[str, Type] = {"s": "text", "n": "number", "b": "flag", "d": "date", "e": "error"}
_FLAGS = {"=TRUE()": True, "=FALSE()": False}
"""What LibreOffice makes of a true or a false: a formula."""


class BadBook(ValueError):
    """A workbook that cannot be opened; says why, in a sentence without a capital."""


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

    _raw: bytes
    _parts: dict[str, str]
    _merged: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its sheets, in their order, hidden ones among them."""
        return tuple(self._parts)

    def merged(self, name: str) -> tuple[str, ...]:
        """The ranges of a sheet's cells that are merged, such as ``A4:B5``."""
        return self._merged.get(self._parts[name], ())

    def rows(self, name: str) -> list[list[Cell]]:
        """The rows of a sheet that hold anything, from the top, each with such cells alone.

        Raises :class:`BadBook`.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what is left out, or is no date
                return list(self._filled(self._book[name]))
        except Exception:  # whatever the library makes of a file that is damaged
            raise BadBook(_DAMAGED) from None

    @cached_property
    def _book(self) -> Any:
        from openpyxl import load_workbook

        return load_workbook(io.BytesIO(self._raw), read_only=True, keep_links=False)

    def _filled(self, sheet: Any) -> Iterator[list[Cell]]:
        sheet.reset_dimensions()  # which may be wrong, or those of a sheet of a million rows
        for row in sheet.iter_rows():
            cells = [_cell(each) for each in row if each.value not in (None, "")]
            if cells:
                yield cells


_DAMAGED = f"it is no whole workbook, or a damaged one: {SAVE_AS}"


def open_book(raw: bytes) -> Book:
    """Open a workbook. Raises :class:`BadBook`."""
    parts, merged = _looked_at(raw)
    try:
        import openpyxl  # noqa: F401 - that it is missing is said once, and here
    except ImportError:
        raise BadBook(EXTRA) from None
    return Book(raw, parts, merged)


def says(raw: bytes) -> str:
    """All that the cells of a workbook say, as one text to search; too much is harmless.

    Where it holds formulas, which say something else by themselves, it is empty. Raises
    :class:`BadBook`.
    """
    archive = _archive(raw)
    texts = []
    for info in archive.infolist():
        if info.filename.startswith(("xl/worksheets/sheet", "xl/sharedStrings")):
            texts.append(_part(archive, info.filename).decode("utf-8", "replace"))
    text = "\n".join(texts)
    if "<f" in text.replace("<fo", ""):
        return ""
    from html import unescape

    return unescape(re.sub(r"<[^>]*>", "", text.replace("</si>", "\n").replace("</c>", "\n")))


def sheet_names(raw: bytes) -> tuple[str, ...]:
    """The names of a workbook's sheets; none where it cannot be opened."""
    try:
        return tuple(_sheets_of(_archive(raw)))
    except BadBook:
        return ()


# What is looked at first


def _looked_at(raw: bytes) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The part of each sheet, and what is merged in each part, of an archive within bounds."""
    archive = _archive(raw)
    scan = _Scan()
    merged = {}
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            merged[name] = scan.of(_part(archive, name), is_sheet=name.startswith("xl/worksheets/"))
    return _sheets_of(archive), merged


def _archive(raw: bytes) -> zipfile.ZipFile:
    if len(raw) > MAX_BYTES:
        raise BadBook(f"it has {len(raw):,} bytes, more than {MAX_BYTES:,}")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise BadBook(
                "it is protected with a password: open it, take the password away (File > Info >"
                " Protect Workbook) and save it"
            )
        raise BadBook(f"it is a workbook of the old form .xls: {SAVE_AS}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise BadBook(_DAMAGED) from None
    names = {info.filename for info in infos}
    if "content.xml" in names:
        raise BadBook(f"it is an OpenDocument spreadsheet (.ods): {SAVE_AS}")
    if "xl/workbook.bin" in names:
        raise BadBook(f"it is a binary workbook (.xlsb): {SAVE_AS}")
    if "xl/vbaProject.bin" in names:
        raise BadBook(f"it holds macros, of which there is no need: {SAVE_AS}")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED or len(infos) > MAX_PARTS:
        raise BadBook(
            f"it unpacks to {unpacked:,} bytes in {len(infos):,} parts, more than the"
            f" {MAX_UNPACKED:,} in {MAX_PARTS:,} that a clinic's may have: delete the empty rows"
            " below the last filled one and the pictures, and save it"
        )
    is_plain = len(names) == len(infos) and not any(info.flag_bits & 1 for info in infos)
    if not is_plain or "[Content_Types].xml" not in names:
        raise BadBook(_DAMAGED)
    return archive


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (KeyError, OSError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError):
        raise BadBook(_DAMAGED) from None


class _Scan:
    """Goes through the XML of an archive, and counts what is in it."""

    def __init__(self) -> None:
        self._cells = self._rows = self._spread = self._others = self._column = 0

    def of(self, xml: bytes, *, is_sheet: bool) -> tuple[str, ...]:
        """The merged ranges of a part. Raises :class:`BadBook`."""
        merged: list[str] = []
        depth = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            name = name.rpartition(":")[2]
            if depth > MAX_DEPTH:
                raise BadBook(f"its XML is nested more than {MAX_DEPTH} deep: {SAVE_AS}")
            if is_sheet:
                self._count(name, attributes)
                if name == "mergeCell":
                    merged.append(attributes.get("ref", ""))
            else:
                self._others += 1
            if max(self._cells, self._rows) > MAX_CELLS or self._spread > MAX_SPREAD:
                raise BadBook(
                    f"it has more than {MAX_CELLS:,} cells or rows, those included that are only"
                    " formatted: delete the empty rows and columns behind the last filled ones, and"
                    " save it"
                )
            if self._others > MAX_OTHERS:
                raise BadBook(f"it has more than {MAX_OTHERS:,} texts and styles: {SAVE_AS}")

        def end(_: str) -> None:
            nonlocal depth
            depth -= 1

        def doctype(*_: object) -> None:
            raise BadBook(f"its XML declares entities, as no spreadsheet program does: {SAVE_AS}")

        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.StartDoctypeDeclHandler = doctype
        try:
            parser.Parse(xml, True)
        except expat.ExpatError:
            raise BadBook(_DAMAGED) from None
        return tuple(merged)

    def _count(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cells += 1
            column = 0
            for letter in attributes.get("r", "").rstrip("0123456789"):
                column = 26 * column + ord(letter) - 64
            self._spread += max(column - self._column, 1)
            self._column = column
        elif name == "row":
            self._rows += 1
            self._column = 0
        else:
            self._others += name not in ("f", "is", "t", "v")


_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def _sheets_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet of cells, by its name."""
    from xml.etree import ElementTree

    trees = {}
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        xml = _part(archive, name)
        _Scan().of(xml, is_sheet=False)
        trees[name] = ElementTree.fromstring(xml)  # noqa: S314 - it has been looked at
    book, relations = trees.values()
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    parts = {}
    for each in book.iter():
        if each.tag.endswith("}sheet"):
            target = targets.get(each.get(_RELATION) or each.get(_STRICT), "")
            part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                parts[each.get("name", "")] = part
    return parts


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
