"""The appointments of a day sheet that a document names: ``appointments`` as keys with values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from datetime import tzinfo
from typing import Any, TypeAlias

from pytest_videolink.record import tables
from pytest_videolink.record.clinic import Appointment, Clinic
from pytest_videolink.record.document import Node, Position, Problem
from pytest_videolink.record.keys import Part, key, keys_of, optional
from pytest_videolink.record.known import Known
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean
from pytest_videolink.record.tree import Reading, place, told
from pytest_videolink.record.values import TEXT, Kind, Wrong, is_blank

Sheet: TypeAlias = Callable[[str, Mapping[str, str]], Iterable[tables.Row]]
"""Gives the rows of a day sheet by its path and columns; raises :class:`OSError` with the reason
where it cannot, and :class:`~tables.BadSheet`."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column of the day sheet holds what; the others are never read."""

    id: str = field(metadata=key(TEXT, "The column with the appointment's id."))
    practitioner: str = field(
        metadata=key(
            TEXT,
            "The column with the practitioner: the id of a profile, or of the PMS practitioner that"
            " one is linked to.",
        )
    )
    pms_type: str = field(metadata=key(TEXT, "The column with the PMS appointment type's id."))
    created: str = field(metadata=key(TEXT, "The column with the time of booking."))
    starts: str = field(metadata=key(TEXT, "The column with the start."))
    link: str = field(
        metadata=key(
            TEXT, "The column with the video link: there is one where the cell is not empty."
        )
    )
    seen_at: str | None = optional(TEXT, "The column with when the link was looked for.")
    modality: str | None = optional(TEXT, "The column with video, phone or in-person.")


@dataclass(frozen=True, kw_only=True)
class DaySheet:
    """Appointments from a CSV export of the appointment book."""

    csv: str = field(
        metadata=key(
            TEXT,
            "PMS appointment book: an export as CSV. A path from this file, inside the folder of"
            " the clinic files.",
        )
    )
    columns: Columns = field(metadata=key(Part(Columns), "The names of the columns to read."))


PATH = ("appointments", "csv")


def appointments(
    node: Node, at: Position, zone: tzinfo | None, sheet: Sheet
) -> tuple[list[Appointment], list[Problem]]:
    """The appointments of a day sheet, and what is wrong with it, by row and column."""
    reading = Reading(Known(zone))
    named: DaySheet | None = reading.part(Part(DaySheet), node, at, PATH[:1])
    if named is None:
        return [], list(told(reading.faults))
    assert isinstance(node.value, dict)
    position, name = place("csv", *node.value["csv"]), clean(named.csv)
    columns = {cell: column for cell, column in vars(named.columns).items() if column is not None}
    booked: dict[str, Appointment] = {}
    known = Known(zone)
    problems: list[Problem] = []

    def wrong(said: str, key: str | None = "csv") -> None:
        problems.append(Problem(said, position, key))

    try:
        for row in sheet(named.csv, columns):
            where = f"{name}, row {row.number}"
            values, faults = _values(row, known)
            for cell, said in faults:
                wrong(f"{where}, column {clean(columns[cell])}: {said}")
            if faults:
                continue
            appointment = Appointment(path=PATH, row=row.number, **values)
            first = booked.setdefault(appointment.id, appointment)
            if first is not appointment:
                column = clean(columns["id"])
                wrong(f"{where}, column {column}: the same id as in row {first.row}", None)
    except OSError as error:
        why = error.strerror or type(error).__name__
        wrong(f"the day sheet {name} cannot be read: {why}")
    except tables.BadSheet as error:
        where = f"{name}, row {error.row}" if error.row else f"the day sheet {name} cannot be read"
        wrong(f"{where}: {error}")
    return list(booked.values()), problems


def _values(row: tables.Row, known: Known) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What the cells of a row say by field, and what is wrong with those that cannot be read."""
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for asked in keys_of(Appointment).values():
        cell = row.cells.get(asked.name)
        assert isinstance(asked.shape, Kind)
        if is_blank(cell):
            if asked.required:
                faults.append((asked.name, "is empty"))
            continue
        try:
            values[asked.attribute] = asked.shape.read(cell, known)
        except Wrong as wrong:
            faults.append((asked.name, str(wrong)))
    return values, faults


def with_appointments(clinic: Clinic, booked: Iterable[Appointment]) -> Clinic:
    """The clinic with the appointments of its day sheet, their practitioners looked up in it."""
    by_pms_id: dict[str, list[str]] = defaultdict(list)
    for who in clinic.practitioners:
        if who.pms_id is not None and not who.archived:
            by_pms_id[who.pms_id].append(who.id)
    profiles = {who.id for who in clinic.practitioners}

    def looked_up(each: Appointment) -> Appointment:
        linked = by_pms_id.get(each.practitioner, ())
        if each.practitioner in profiles or len(linked) != 1:
            return each
        return replace(each, practitioner=linked[0])

    return replace(clinic, appointments=tuple(map(looked_up, booked)))
