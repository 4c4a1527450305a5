"""What came of a table where its file is, as a document holds it that is handed over without it.

Of each row that can be read there are the values, of every other one its number, and of what cannot
be read what is told of it: nothing else of any cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from pytest_videolink.record.faults import Fault
from pytest_videolink.record.grid import BadTable, Row
from pytest_videolink.record.node import Node, Problem
from pytest_videolink.record.sift import MAX_ROWS
from pytest_videolink.record.table import Declaration, Kind, Reading, Table, read_cells
from pytest_videolink.record.text import clean

Numbers = tuple[int, ...]


class Handed(NamedTuple):
    """What came of a table: its rows as texts by key, or ``why`` it cannot be read.

    ``row`` is where that was found.
    """

    rows: tuple[tuple[int, Mapping[str, str]], ...] = ()
    none: Numbers = ()
    repeated: Numbers = ()
    skipped: tuple[tuple[str, str, Numbers], ...] = ()
    faults: tuple[Fault, ...] = ()
    why: str = ""
    row: int | None = None


def plain_of(table: Table, why: BadTable | None, zone: tzinfo) -> dict[str, Any]:
    """What came of a table, as a document has it. Times are in ``zone``."""
    if why is not None:
        return {"why": str(why), **({"row": str(why.row)} if why.row else {})}
    rows = [{"row": str(row.number), **dict(_texts(row.values, zone))} for row in table.rows]
    skipped = [
        {"key": key, "text": text, "rows": list(map(str, numbers))}
        for (key, text), numbers in table.skipped.items()
    ]
    faults = [
        {
            "place": fault.place,
            "message": fault.message,
            "rows": list(map(str, fault.rows)),
            **({"column": fault.column} if fault.column else {}),
        }
        for fault in table.faults
    ]
    return {
        "rows": rows,
        "none": list(map(str, table.none)),
        "repeated": list(map(str, table.repeated)),
        "skipped": skipped,
        "faults": faults,
    }


def _texts(values: Mapping[str, Any], zone: tzinfo) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, bool):
            yield key, "yes" if value else "no"
        elif isinstance(value, datetime):
            yield key, value.astimezone(zone).isoformat()
        elif isinstance(value, tuple):  # whoever the PMS or the Dashboard knows by that id
            yield key, str(value[0])
        elif value is not None:
            yield key, str(value)


# How it is read again


KEY = "read"
"""The key of a table that it stands under, which a service writes and nobody else."""

_EXPECTED = (
    f"{KEY}: expected what a service writes here that has the table: rows, none, repeated, skipped"
    " and faults, or why"
)


def handed_in(node: Node) -> Handed | Problem | None:
    """What a table's keys say that came of it; nothing where they are those of a file."""
    if not isinstance(node.value, dict) or KEY not in node.value:
        return None
    at, there = node.value[KEY]
    try:
        return _handed(there.plain())
    except (AttributeError, KeyError, TypeError, ValueError):
        return Problem(_EXPECTED, at, KEY)


def _handed(plain: Any) -> Handed:
    if "why" in plain:
        row = _number(plain["row"]) if "row" in plain else None
        return Handed(why=_said(plain["why"]), row=row)
    rows = []
    for entry in plain["rows"] or ():
        values = {key: text for key, text in entry.items() if key != "row" and text is not None}
        if not all(isinstance(text, str) for text in values.values()):
            raise ValueError
        rows.append((_number(entry["row"]), values))
    numbers = [number for number, _ in rows]
    if numbers != sorted(set(numbers)) or numbers[:1] == [1]:
        raise ValueError
    skipped = ((str(each["key"]), each["text"] or "", each) for each in plain["skipped"] or ())
    return Handed(
        tuple(rows),
        _numbers(plain["none"]),
        _numbers(plain["repeated"]),
        tuple((key, text, _numbers(each["rows"])) for key, text, each in skipped),
        tuple(map(_fault, plain["faults"] or ())),
    )


def _fault(plain: Any) -> Fault:
    rows, column = _numbers(plain["rows"]), plain.get("column")
    if not rows:
        raise ValueError
    place = clean(plain["place"] or "", 200)
    return Fault(place, _said(plain["message"]), rows, column and clean(column))


def _said(text: str) -> str:
    said = clean(text, 1_000)
    if not said:
        raise ValueError
    return said


def _numbers(plain: Any) -> Numbers:
    return tuple(map(_number, plain or ()))


def _number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MAX_ROWS:
        raise ValueError
    return number


def table_of(
    handed: Handed,
    kind: Kind,
    columns: Mapping[str, Any],
    zone: tzinfo | None,
    look_up: Mapping[str, Reading] | None,
) -> Table:
    """The table that it came to. Raises :class:`~grid.BadTable` where it could not be read."""
    if handed.why:
        raise BadTable(handed.why, handed.row)
    keys = [key for key in columns if key in kind.readings or key in kind.times]
    declared = Declaration({key: (key,) for key in keys})
    found = read_cells(_rows(handed, keys), kind, declared, zone, look_up)
    faults = (*handed.faults, *found.faults)
    return replace(
        found,
        none=(*handed.none, *found.none),
        repeated=(*handed.repeated, *found.repeated),
        skipped={(key, text): rows for key, text, rows in handed.skipped},
        faults=tuple(sorted(faults, key=lambda fault: (fault.rows[0], -len(fault.rows)))),
    )


def _rows(handed: Handed, keys: list[str]) -> Iterator[Row]:
    """The rows where they stood, below a header of the keys."""
    yield keys
    above = 1
    for number, values in handed.rows:
        for _ in range(above + 1, number):
            yield []
        yield [values.get(key, "") for key in keys]
        above = number
