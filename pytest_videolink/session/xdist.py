"""What xdist's controller hands to its workers, so that all of them check the same.

A worker, which may run on another machine, reads no source and fetches nothing: it gets the
documents that bear on the selected clinics and, of the tables that they name, what came of them.
All of it is plain values, as xdist sends no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import Position, Problem
from pytest_videolink.record.faults import Fault
from pytest_videolink.record.grid import BadTable
from pytest_videolink.record.named_table import Reference
from pytest_videolink.record.table import Row, Table
from pytest_videolink.sources.fleet import Fleet, Record
from pytest_videolink.sources.source import Entry, Unusable


def hand_over(fleet: Fleet) -> dict[str, Any]:
    """A fleet as plain values; its documents, and what they mean to the selected clinics."""
    chosen = [fleet.record(entry).clinic for entry in fleet.selected]
    clinics = [clinic for clinic in chosen if clinic is not None]
    return {
        "root": str(fleet.folder.root),
        "entries": [(entry.id, str(entry.file), entry.origin) for entry in fleet.folder.entries()],
        "selected": [str(entry.file) for entry in fleet.selected],
        "asked": sorted(fleet.asked),
        "records": {
            str(record.file): _read(record)
            if record.clinic is not None
            else _unusable(record, [each.id for each in clinics if fleet.may_concern(record, each)])
            for record in fleet.records()
        },
    }


def _read(record: Record) -> dict[str, Any]:
    record.forget_positions()  # only workers have items that ask for them
    tables = {of: _of_table(table) for of, table in record.tables.items()}
    return {"raw": record.raw, "tables": tables}


def _of_table(table: Table | Exception) -> dict[str, Any]:
    if isinstance(table, OSError):
        return {"why": table.strerror or type(table).__name__}
    if not isinstance(table, Table):
        return {"why": str(table), "row": getattr(table, "row", None)}
    return {
        "rows": [
            (row.number, {key: _plain(value) for key, value in row.values.items()})
            for row in table.rows
        ],
        "none": table.none,
        "repeated": table.repeated,
        "skipped": list(table.skipped.items()),
        "faults": [tuple(fault) for fault in table.faults],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _table_of(handed: dict[str, Any], times: frozenset[str]) -> Table:
    if "why" in handed:
        raise BadTable(handed["why"], handed.get("row"))
    rows = tuple(
        Row(
            number,
            {
                key: datetime.fromisoformat(value) if value and key in times else value
                for key, value in values.items()
            },
        )
        for number, values in handed["rows"]
    )
    faults = tuple(Fault(*fault) for fault in handed["faults"])
    return Table(rows, handed["none"], handed["repeated"], dict(handed["skipped"]), faults)


def _unusable(record: Record, concerned: list[str]) -> dict[str, Any]:
    return {
        "problems": [
            (each.message, *each.position, each.key, each.value, each.between)
            for each in record.problems
        ],
        "system": record.system,
        "database": record.database,
        "concerns": concerned,
    }


def take_over(handed: dict[str, Any]) -> Fleet:
    """The fleet that was handed over."""
    folder = HandedFolder(handed)
    selected = set(handed["selected"])
    chosen = [entry for entry in folder.entries() if str(entry.file) in selected]
    return Fleet(folder, chosen, handed["asked"])


class HandedFolder:
    """The documents that a worker was handed. Of the other clinics it knows only that they are."""

    def __init__(self, handed: dict[str, Any]) -> None:
        self.root = Path(handed["root"])
        self._entries = [Entry(id, Path(file), origin) for id, file, origin in handed["entries"]]
        self._records: dict[str, dict[str, Any]] = handed["records"]

    def entries(self) -> Sequence[Entry]:
        return self._entries

    def fetch(self, entries: Iterable[Entry]) -> Sequence[Entry]:
        return tuple(entries)

    def may_concern(self, entry: Entry, clinics: Iterable[Clinic]) -> bool:
        record = self._records.get(str(entry.file))
        if record is None:
            return False
        return "raw" in record or any(clinic.id in record["concerns"] for clinic in clinics)

    def read(self, entry: Entry) -> bytes:
        record = self._records[str(entry.file)]
        if "raw" in record:
            raw: bytes = record["raw"]
            return raw
        problems = tuple(
            Problem(message, Position(line, column, sheet), key, value, between)
            for message, line, column, sheet, key, value, between in record["problems"]
        )
        raise Unusable(problems, record["system"], record["database"])

    def table(self, entry: Entry, named: Reference, read: Callable[[bytes], Table]) -> Table:
        return _table_of(self._records[str(entry.file)]["tables"][named.of], named.kind.times)
