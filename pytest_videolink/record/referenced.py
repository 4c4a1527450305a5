"""The tables that a document names in place of lists, read as it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
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
    reading = Reading(Known(zone))
    said: Named | None = reading.part(Part(_NAMED[of]), node, at, tuple(of.split(".")))
    if said is None:
        return None, list(told(reading.faults))
    return reference(of, said, node, at)


def listed(table: Reference, tables: Tables) -> NamedTable:
    """What the PMS lists, by a table."""
    return _come(table, tables, lambda raw: _read(raw, table, None))


def booked(table: Reference, tables: Tables, clinic: Clinic) -> NamedTable:
    """The rows of a day sheet, with whoever and whatever they name looked up."""
    people, types = People(clinic), Types(clinic)
    look_up = {"practitioner": people.find, "pms_type": types.find}

    def sheet(raw: bytes) -> Table:
        found = _read(raw, table, clinic.timezone, look_up)
        return without_unknown_types(found, types)

    return _come(table, tables, sheet)


def _read(
    raw: bytes,
    named: Reference,
    zone: tzinfo | None,
    look_up: Mapping[str, Read] | None = None,
) -> Table:
    declared = named.declaration
    if named.key == "csv":
        return read(raw, named.kind, declared, zone, look_up)
    from pytest_videolink.record.sheet_rows import rows_of  # which few need

    rows = rows_of(raw, named.sheet, declared.dates)
    return read_cells(rows, named.kind, declared, zone, look_up)


def _come(table: Reference, tables: Tables, read: Callable[[bytes], Table]) -> NamedTable:
    try:
        return NamedTable(reference=table, table=tables(table, read))
    except OSError as error:
        why = BadTable(error.strerror or type(error).__name__)
    except BadTable as error:
        why = error
    return NamedTable(reference=table, table=Table((), (), (), {}, ()), why=why)


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
