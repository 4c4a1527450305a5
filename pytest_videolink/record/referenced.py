"""The tables that a document names in place of lists, read as it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import partial
from typing import TypeAlias

from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.daysheet import without_unknown_types
from pytest_videolink.record.declared import (
    DaySheet,
    Named,
    PractitionerTable,
    TypeTable,
    reference,
)
from pytest_videolink.record.document import Node, Position, Problem
from pytest_videolink.record.grid import BadTable
from pytest_videolink.record.handed import KEY, handed_in, table_of
from pytest_videolink.record.keys import Part
from pytest_videolink.record.known import Known
from pytest_videolink.record.lookup import People, Types
from pytest_videolink.record.named_table import NamedTable, Reference
from pytest_videolink.record.pms import PmsAppointmentType, PmsPractitioner
from pytest_videolink.record.table import Reading as Read
from pytest_videolink.record.table import Table, read, read_cells
from pytest_videolink.record.text import named
from pytest_videolink.record.tree import Reading, told

Tables: TypeAlias = Callable[[Reference, Callable[[bytes], Table]], Table]
"""Gives a table that a document names, once its bytes are read; raises :class:`OSError` with the
reason where they cannot be had, and :class:`~grid.BadTable`."""

_NAMED: dict[str, type] = {
    "pms.practitioners": PractitionerTable,
    "pms.appointment_types": TypeTable,
    "appointments": DaySheet,
}


def referenced(
    of: str, there: tuple[Position, Node], zone: tzinfo | None
) -> tuple[Reference | None, list[Problem]]:
    """How a table is to be read that stands in place of a list, or what is wrong with its keys."""
    at, node = there
    handed = handed_in(node)
    if handed is not None and isinstance(node.value, dict):
        node = Node(node.position, {k: v for k, v in node.value.items() if k != KEY})
    reading = Reading(Known(zone))
    said: Named | None = reading.part(Part(_NAMED[of]), node, at, tuple(of.split(".")))
    if said is None:
        return None, list(told(reading.untold))
    if isinstance(handed, Problem):
        return None, [handed]
    return reference(of, said, node, at, handed)


def listed(named: Reference, tables: Tables) -> NamedTable:
    """What the PMS lists, by a table."""
    return _come(named, tables, None, None, lambda found: found)


def booked(named: Reference, tables: Tables, clinic: Clinic) -> NamedTable:
    """The rows of a day sheet, with whoever and whatever they name looked up."""
    people, types = People(clinic), Types(clinic)
    look_up = {"practitioner": people.find, "pms_type": types.find}
    known = partial(without_unknown_types, types=types)
    return _come(named, tables, clinic.timezone, look_up, known)


def _come(
    named: Reference,
    tables: Tables,
    zone: tzinfo | None,
    look_up: Mapping[str, Read] | None,
    known: Callable[[Table], Table],
) -> NamedTable:
    """What comes of a table; ``known`` is what is left of it once it is read."""
    try:
        if named.handed is not None:
            columns = named.declaration.columns
            found = known(table_of(named.handed, named.kind, columns, zone, look_up))
        else:
            found = tables(named, lambda raw: known(_read(raw, named, zone, look_up)))
        return NamedTable(reference=named, table=found)
    except OSError as error:
        why = BadTable(error.strerror or type(error).__name__)
    except BadTable as error:
        why = error
    return NamedTable(reference=named, table=Table((), (), (), {}, ()), why=why)


def _read(
    raw: bytes, named: Reference, zone: tzinfo | None, look_up: Mapping[str, Read] | None
) -> Table:
    declared = named.declaration
    if named.key == "csv":
        return read(raw, named.kind, declared, zone, look_up)
    from pytest_videolink.record.sheet_rows import rows_of  # which few need

    rows = rows_of(raw, named.sheet, declared.dates)
    return read_cells(rows, named.kind, declared, zone, look_up)


def practitioners(table: NamedTable) -> dict[str, PmsPractitioner]:
    """The practitioners of a list, by id."""
    return {
        row.values["id"]: PmsPractitioner(**{**row.values, "name": named(row.values["name"])})
        for row in table.table.rows
    }


def appointment_types(table: NamedTable) -> dict[str, PmsAppointmentType]:
    """The appointment types of a list, by id."""
    return {
        row.values["id"]: PmsAppointmentType(
            id=row.values["id"],
            full_name=named(row.values["name"], limit=len(row.values["name"])),
            active=row.values.get("active"),
        )
        for row in table.table.rows
    }
