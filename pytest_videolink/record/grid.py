"""From the bytes of a table to its rows of cells, and where among them the header is.

What is written here of CSV: what a workbook has by itself. Whatever gives rows of cells, counted as
a spreadsheet shows them, can be read as a table.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import count, islice
from typing import NamedTuple

from pytest_videolink.record.characters import INVISIBLE
from pytest_videolink.record.decoding import MAX_BYTES, decode
from pytest_videolink.record.node import Unreadable
from pytest_videolink.record.text import as_typed, column_letters, listing

DELIMITERS = (",", ";", "\t", "|")
MAX_HEAD = 50
"""Among how many of a table's first rows its header is looked for."""

MAX_COLUMNS = 2_000

ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859-1", "iso8859-15"),
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp1258", "mac-roman", "cp437", "cp850"),
)
"""What a table may be declared to be written in, by the names that Python has for them."""

Row = Sequence[str]


class BadTable(ValueError):
    """A table that cannot be read; says why, without any of its cells, and in which row."""

    def __init__(self, why: str, row: int | None = None) -> None:
        super().__init__(why)
        self.row = row


def encoding_of(name: str) -> str | None:
    """An encoding in which a table may be written, by any of its names: ``windows-1252``."""
    try:
        known = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    return known if known in ENCODINGS else None


_OF_WORKBOOKS = (b"PK\3\4", b"\xd0\xcf\x11\xe0")
"""How the files of spreadsheet programs begin, new and old, and no text does."""


OTHERWISE = "(as on Windows), or export it as UTF-8"
_DECLARE = f"say encoding: cp1252 {OTHERWISE}"


def text_of(raw: bytes, encoding: str | None, remedy: str = _DECLARE) -> str:
    """The text of a table: Unicode, where no encoding is declared.

    Raises :class:`BadTable`, for other bytes with the remedy: how one is declared.
    """
    if len(raw) > MAX_BYTES:
        raise BadTable(f"it has {len(raw):,} bytes, more than {MAX_BYTES:,}")
    if raw.startswith(_OF_WORKBOOKS):
        raise BadTable("it is a workbook: save it as CSV, or name it as an Excel workbook (xlsx)")
    marked = raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if encoding is None or marked:
        try:
            text = decode(raw, remedy)
        except Unreadable as error:
            raise BadTable(error.problem.message) from None
    else:
        text = _declared(raw, encoding)
    if "\0" in text:
        raise BadTable("it is no text: it holds a character that is none (U+0000)")
    return text


def _declared(raw: bytes, encoding: str) -> str:
    if not encoding.startswith("utf") and not raw.isascii() and _is_utf8(raw):
        raise BadTable(f"it is UTF-8, and not {encoding}: take encoding out")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise BadTable(
            f"it is not {encoding}: byte 0x{byte:02X} at {error.start:,} does not belong there"
        ) from None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# Cells

_SEPARATOR = re.compile(r'"?sep=([^\w"\r\n ])"?(?:\r\n?|\n|$)', re.IGNORECASE)


def cut(text: str, known: Callable[[Row], int], full: int) -> Iterator[list[str]]:
    """The rows of a table, cut at the delimiter under which a row is most of a header.

    ``known`` says how much of a header a row is, up to ``full``. A line that says what the
    delimiter is (``sep=;``) is none of the rows. Raises :class:`BadTable` on the way.
    """
    text, delimiter = _delimited(text, known, full)
    return _rows(_reader(text, delimiter, strict=True))


def head_of(text: str, known: Callable[[Row], int], full: int) -> Iterator[list[str]]:
    """The first rows of a table, as :func:`cut` cuts them, as far as they can be cut."""
    return _head(*_delimited(text, known, full))


def _delimited(text: str, known: Callable[[Row], int], full: int) -> tuple[str, str]:
    declared = _SEPARATOR.match(text)
    if declared:
        return text[declared.end() :], declared[1]
    best, most = DELIMITERS[0], 0
    for delimiter in DELIMITERS:
        for row in _head(text, delimiter):
            found = known(row)
            if found > most:
                best, most = delimiter, found
            if found == full:
                return text, delimiter
    return text, best


def _head(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        for row in islice(_reader(text, delimiter, strict=False), MAX_HEAD):
            if len(row) <= MAX_COLUMNS:
                yield row
    except csv.Error:
        return  # Cut otherwise they may be right, and else the rows themselves are told of it.


def _rows(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    numbers = count(1)
    number = next(numbers)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise BadTable(f"it has more than {MAX_COLUMNS:,} columns", number)
            yield row
            number = next(numbers)
    except csv.Error as error:
        raise BadTable(_why(str(error)), number) from None


def _reader(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    # Cut by lines as files are; a StringIO would hold the text in four times its size.
    lines = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="")
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def _why(said: str) -> str:
    if "unexpected end" in said:
        return "a quote is opened here and never closed"
    if "expected after" in said:
        return "a cell goes on behind its closing quote; a quote within a cell is written twice"
    return "a cell is longer than a cell can be"


# The header


def folded(name: str) -> str:
    """The name of a column without what people and programs write differently in it."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", name).casefold())


_LOOSE = re.compile(rf"[\s_.\-{INVISIBLE}]+")


class Header(NamedTuple):
    """Where the header is, and which of its cells have which name, folded."""

    number: int
    cells: list[str]
    width: int
    places: dict[str, int]


def find_header(rows: Sequence[Row], names: Collection[str]) -> Header:
    """The first of some rows that has every one of the columns. Raises :class:`BadTable`."""
    wanted = {folded(name): name for name in names}
    best: tuple[int, int, list[str]] = (0, 0, list(wanted.values()))
    for number, row in enumerate(rows, 1):
        cells = [folded(cell) for cell in row]
        lacking = [name for fold, name in wanted.items() if not fold or fold not in cells]
        if not lacking:
            return _header(number, row, cells, wanted)
        best = max(best, (len(wanted) - len(lacking), -number, lacking))
    found, number, lacking = best
    called = listing(f'"{as_typed(name)}"' for name in lacking)
    columns = f"the column {called}" if len(lacking) == 1 else f"the columns {called}"
    if found:
        raise BadTable(f"its header lacks {columns}", -number)
    raise BadTable(f"none of its first {MAX_HEAD} rows is a header with {columns}")


def _header(number: int, row: Row, cells: list[str], wanted: Collection[str]) -> Header:
    places = {}
    for name in wanted:
        alike = [place for place, cell in enumerate(cells) if cell == name]
        places[name] = alike[0]
        if len(alike) > 1:
            some = alike[:3]
            called = listing(
                f'"{as_typed(row[place].strip())}" ({column_letters(place + 1)})' for place in some
            )
            raise BadTable(f"its columns {called} are alike: rename or remove one", number)
    width = max(place for place, cell in enumerate(cells, 1) if cell)
    return Header(number, list(row), width, places)
