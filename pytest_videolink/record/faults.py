"""What cannot be read of a table, by row and column; told once where a whole column is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pytest_videolink.record.cells import EMPTY, Complaint
from pytest_videolink.record.text import listing, plural
from pytest_videolink.record.times import DATES, TIMES


class Fault(NamedTuple):
    """What cannot be read, in ``rows``. ``place`` is such as ``row 2, column Start``."""

    place: str
    message: str
    rows: tuple[int, ...]
    column: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class _Told(NamedTuple):
    rows: list[int]
    complaints: list[Complaint]
    places: tuple[int, ...]


class Complaints:
    """What is wrong with a table's cells, told once where it is wrong with a whole column."""

    def __init__(self) -> None:
        self._told: dict[tuple[str | None, str], _Told] = {}

    def add(
        self,
        number: int,
        complaint: Complaint,
        column: str | None = None,
        places: tuple[int, ...] = (),
    ) -> None:
        told = self._told.setdefault((column, complaint.many), _Told([], [], places))
        told.rows.append(number)
        told.complaints.append(complaint)

    def faults(
        self, rows: Sequence[Sequence[str]], moved: int, hopeless: str | None
    ) -> tuple[Fault, ...]:
        """The faults in the order of their rows.

        ``rows`` are all whose cells were looked at, and ``moved`` counts those of which none was;
        to declare otherwise what is ``hopeless`` is not advised.
        """
        faults: list[Fault] = []
        for (column, many), told in self._told.items():
            if column is None:
                among = len(rows) + moved
            elif many == EMPTY.many:
                among = len(rows)
            else:
                among = sum(any(row[at] for at in told.places) for row in rows)
            is_whole = len(told.rows) == among
            remedies = _remedies(told.complaints, hopeless) if is_whole else ""
            if is_whole and among > 1:
                message = f"{plural(among, 'row')} such as row {told.rows[0]} {many}{remedies}"
                place = f"column {column}" if column else ""
                faults.append(Fault(place, message, tuple(told.rows), column))
                continue
            for number, complaint in zip(told.rows, told.complaints, strict=True):
                place = f"row {number}, column {column}" if column else f"row {number}"
                faults.append(Fault(place, complaint.one + remedies, (number,), column))
        return tuple(sorted(faults, key=lambda fault: (fault.rows[0], -len(fault.rows))))


def _remedies(complaints: Iterable[Complaint], hopeless: str | None) -> str:
    """What to declare instead, as far as it helps them all."""
    common = frozenset.intersection(*(complaint.remedies for complaint in complaints))
    for key, known in (("dates", DATES), ("times", TIMES)):
        values = [value for value in known if f"{key}: {value}" in common]
        if values and key != hopeless:
            return f"; say {key}: {listing(values, 'or')}"
    return ""
