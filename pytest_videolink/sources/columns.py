"""Which columns of an export hold what, for ``--videolink-new-from``: by their usual names.

Where two columns could be meant it asks, and guesses nothing. It says which columns it took, and
of others no more than where they stand.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from pytest_videolink.record import cells, grid
from pytest_videolink.record.cells import BadCell, Complaint
from pytest_videolink.record.grid import folded
from pytest_videolink.record.table import PMS_LIST, Declaration, Kind, Table, read, read_cells
from pytest_videolink.record.text import WORKBOOKS, clean, column_letters, hint_or_all, listing
from pytest_videolink.record.times import DATES, day_by

OPTION = "--videolink-new-from"
LISTS = ("practitioners", "appointment_types")
KEYS = ("id", "name", "active", "in_appointment_book")

Columns = Mapping[str, tuple[str, ...]]


class NotTold(ValueError):
    """What cannot be told of an export, and how to say it."""


class Asked(NamedTuple):
    """An export to read: its path, and what the command says of it."""

    path: str
    lists: str | None
    columns: Columns
    encoding: str | None = None


class Listed(NamedTuple):
    """What came of an export. ``said`` are the columns that it was read from, in words."""

    lists: str
    table: Table
    said: str


# The argument

_LISTS_FIRST = re.compile(r"(practitioners|(?:appointment[_-])?types)=(.+)", re.DOTALL)
_COLUMNS_LAST = re.compile(r"(.+?):(\w+=.*)", re.DOTALL)


def parse(text: str) -> Asked:
    """An argument such as ``practitioners=users.csv:id=UserID,name=Title+Surname``, or, of a file
    that is not Unicode, ``users.csv:encoding=cp1252``.

    Raises :class:`NotTold`.
    """
    lists, encoding = None, None
    columns: dict[str, tuple[str, ...]] = {}
    first = _LISTS_FIRST.fullmatch(text)
    if first:
        lists = "practitioners" if first[1] == "practitioners" else "appointment_types"
        text = first[2]
    last = _COLUMNS_LAST.fullmatch(text)
    if last:
        text = last[1]
        for part in re.split(r",(?=\w+=)", last[2]):
            key, _, names = part.partition("=")
            key = key.casefold()
            if key == "encoding":
                encoding = _encoding(names)
                continue
            if key not in KEYS:
                raise NotTold(
                    f"{clean(key)} is nothing that a column can hold; {hint_or_all(key, KEYS)}"
                )
            columns[key] = tuple(name.strip() for name in names.split("+") if name.strip())
        lacking = [key for key in ("id", "name") if columns and not columns.get(key)]
        if lacking:
            raise NotTold(
                f"say as well which column is {listing(['the ' + key for key in lacking])}"
            )
    return Asked(text, lists, columns, encoding)


def _encoding(name: str) -> str:
    known = grid.encoding_of(name)
    if known is None:
        raise NotTold(f"{clean(name)} is no encoding that is known here; on Windows write cp1252")
    return known


# Usual names, folded

_PEOPLE, _TYPES = LISTS
_IDS = {
    "id": None,
    "code": None,
    **dict.fromkeys(("userid", "practitionerid", "practitionercode", "providerid"), _PEOPLE),
    **dict.fromkeys(("usercode", "providercode", "doctorid", "doctorcode"), _PEOPLE),
    **dict.fromkeys(("typeid", "typecode", "appointmenttypeid", "appointmentcode"), _TYPES),
}
_NAMES = {
    "name": None,
    "fullname": None,
    **dict.fromkeys(("practitioner", "practitionername", "provider", "doctor"), _PEOPLE),
    **dict.fromkeys(("appointmenttype", "typename", "description"), _TYPES),
}
_TITLES = ("title", "usertitle")
_FIRST_NAMES = ("firstname", "givenname", "userfirstname")
_SURNAMES = ("surname", "lastname", "familyname", "usersurname")
_ACTIVE = {"active": None, "isactive": None, "status": None, "inactivedate": None}
_IN_BOOK = dict.fromkeys(("hasappointments", "use", "appointments", "inappointmentbook"), _PEOPLE)
_SIGNS = {
    **dict.fromkeys((*_FIRST_NAMES, *_SURNAMES, "providerno", "providernumber"), _PEOPLE),
    **dict.fromkeys(("duration", "length", "appointmentlength"), _TYPES),
}
_ONE_OF: Mapping[str, Mapping[str, str | None]] = {
    "id": _IDS,
    "name": _NAMES,
    "active": _ACTIVE,
    "in_appointment_book": _IN_BOOK,
}


class _Heading(NamedTuple):
    """A cell of a header, as it stands and folded, and its place."""

    text: str
    name: str
    place: int

    def __str__(self) -> str:
        return f"{clean(self.text)} ({column_letters(self.place + 1)})"


def listed(raw: bytes, asked: Asked) -> Listed:
    """What an export lists.

    Raises :class:`NotTold`, and :class:`~grid.BadTable` where the table cannot be read.
    """
    if asked.path.lower().endswith(WORKBOOKS[0]):
        from pytest_videolink.record.sheet_rows import rows_of  # which few need

        if asked.encoding:
            raise NotTold("a workbook has no encoding: leave it out")
        rows = list(rows_of(raw, None, DATES[0]))
        header = _header(lambda *_: rows[: grid.MAX_HEAD], asked)
        cut = partial(read_cells, rows)
    else:
        declared = _option(asked._replace(encoding="cp1252"), asked.columns)
        text = grid.text_of(raw, asked.encoding, f"say {declared} {grid.OTHERWISE}")
        header = _header(partial(grid.head_of, text), asked)
        cut = partial(read, raw)
    lists = asked.lists or _told_by(header, asked)
    columns = asked.columns or _usual(header, lists, asked)
    columns = {key: columns[key] for key in KEYS if columns.get(key)}
    if lists == _TYPES:
        columns.pop("in_appointment_book", None)
    table = cut(_kind(columns, asked), Declaration(columns, encoding=asked.encoding), None)
    return Listed(lists, table, _said(header, columns))


def _header(
    head: Callable[[Callable[[grid.Row], int], int], Iterable[grid.Row]], asked: Asked
) -> list[_Heading]:
    """The cells of the first row that may be the header, cut as most of it is known.

    ``head`` gives the first rows, by how much of a header a row is, up to the whole of one.
    """
    wanted = {folded(name) for names in asked.columns.values() for name in names}

    def known(row: grid.Row) -> int:
        names = set(map(folded, row))
        if wanted:
            return len(names & wanted)
        has_name = names & _NAMES.keys() or names.intersection(_SURNAMES)
        return bool(names & _IDS.keys()) + bool(has_name)

    full = len(wanted) or 2
    for row in head(known, full):
        if known(row) == full:
            return [_Heading(cell.strip(), folded(cell), place) for place, cell in enumerate(row)]
    if wanted:
        names = listing(f'"{clean(name)}"' for names in asked.columns.values() for name in names)
        raise NotTold(f"none of its first {grid.MAX_HEAD} rows is a header with {names}")
    raise NotTold(
        f"none of its first {grid.MAX_HEAD} rows has usual names for an id and a name; say which"
        f" columns they are: {_option(asked, {'id': ('ID',), 'name': ('Title', 'Surname')})}"
    )


def _told_by(header: Sequence[_Heading], asked: Asked) -> str:
    """What an export lists, by its columns, or else by the name of its file."""
    signs = {**_IDS, **_NAMES, **_IN_BOOK, **_SIGNS}
    told = {signs.get(heading.name) for heading in header} - {None}
    stem = re.split(r"[/\\]", asked.path)[-1].casefold()
    if len(told) != 1:
        told = {_PEOPLE} if re.search("practitioner|provider|doctor|user", stem) else set()
        told |= {_TYPES} if "type" in stem else set()
    if len(told) != 1:
        raise NotTold(
            "it cannot be told whether it lists practitioners or appointment types; say"
            f" {_option(asked._replace(lists=_PEOPLE), asked.columns)} or"
            f" {_option(asked._replace(lists=_TYPES), asked.columns)}"
        )
    [lists] = told
    return str(lists)


def _usual(header: Sequence[_Heading], lists: str, asked: Asked) -> Columns:
    """The columns by key. Raises :class:`NotTold` where two could be meant."""
    found: dict[str, list[list[_Heading]]] = {key: [] for key in KEYS}
    for key, usual in _ONE_OF.items():
        for heading in header:
            if usual.get(heading.name, "") in (None, lists):
                found[key].append([heading])
    if lists == _PEOPLE:
        found["name"] += _in_parts(header)
    columns = {
        key: tuple(heading.text for heading in several[0])
        for key, several in found.items()
        if several
    }
    for key, several in found.items():
        if len(several) > 1:
            meant = listing((" + ".join(map(str, each)) for each in several), "or")
            raise NotTold(
                f"its {key} could be {meant}; say which, such as {_option(asked, columns)}"
            )
    lacking = [key for key in ("id", "name") if key not in columns]
    if lacking:
        raise NotTold(
            f"no column of the {lists.replace('_', ' ')} has a usual name for the"
            f" {listing(lacking)}; say which it is:"
            f" {_option(asked, {'id': ('ID',), 'name': ('Name',), **columns})}"
        )
    return columns


def _in_parts(header: Sequence[_Heading]) -> Iterator[list[_Heading]]:
    """A name that stands in columns of title, first name and surname."""
    parts = [
        [heading for heading in header if heading.name in usual]
        for usual in (_TITLES, _FIRST_NAMES, _SURNAMES)
    ]
    if parts[2]:
        yield [heading for part in parts for heading in part]


def _option(asked: Asked, columns: Columns) -> str:
    """The option that says what is meant, as it is typed."""
    parts = [f"{key}={'+'.join(names)}" for key, names in columns.items()]
    given = ",".join([*parts, *([f"encoding={asked.encoding}"] if asked.encoding else [])])
    lists = f"{asked.lists}=" if asked.lists else ""
    return shlex.quote(f"{OPTION}={lists}{asked.path}{':' * bool(given)}{given}")


def _said(header: Sequence[_Heading], columns: Columns) -> str:
    by_name = {heading.name: heading for heading in reversed(header)}
    used = {key: [by_name[folded(name)] for name in names] for key, names in columns.items()}
    taken = [heading.place for headings in used.values() for heading in headings]
    left = [column_letters(heading.place + 1) for heading in header if heading.place not in taken]
    said = "; ".join(f"{key}: {' + '.join(map(str, each))}" for key, each in used.items())
    return f"{said}; not read: {listing(left)}" if left else said


# How an export says who is active


def _kind(columns: Columns, asked: Asked) -> Kind:
    active = folded(columns["active"][0]) if "active" in columns else ""
    if active == "inactivedate":
        readings = {**PMS_LIST.readings, "active": _has_no_date}
        return replace(PMS_LIST, readings=readings, empty={"active": True})
    if active == "status" and not asked.columns:
        return replace(PMS_LIST, readings={**PMS_LIST.readings, "active": _by_word})
    return PMS_LIST


def _by_word(cell: str) -> bool:
    if cell.isdigit():
        raise BadCell(_IS_NUMBERED)
    return cells.flag_of(cell)


def _has_no_date(cell: str) -> bool:
    days = [day for order in DATES if (day := day_by(order, cell)) is not None]
    if not days or min(day.date for day in days)[0] < 1970:
        raise BadCell(_IS_NO_DATE)
    return False


_WITHOUT = "name the columns yourself, and leave this one out"
_IS_NUMBERED = Complaint(
    f"is a number, and what it means is not known; {_WITHOUT}",
    f"are numbers, and what they mean is not known; {_WITHOUT}",
)
_IS_NO_DATE = Complaint(
    f"is no day since 1970 on which somebody left; {_WITHOUT}",
    f"are no days since 1970 on which somebody left; {_WITHOUT}",
)
