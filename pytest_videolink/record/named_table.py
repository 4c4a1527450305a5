"""A table that a document names, and what came of it: each of its rows is in one of these."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_videolink.record.grid import BadTable
from pytest_videolink.record.handed import Handed
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.table import Declaration, Kind, Table
from pytest_videolink.record.text import clean, table_called


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A table that a document names, and how it is to be read.

    ``of`` is the key that it stands for, such as ``pms.practitioners``; ``key`` is the one below it
    with the table's ``path``.
    """

    of: str
    key: str
    path: str
    sheet: str | None
    kind: Kind
    declaration: Declaration
    handed: Handed | None = None
    """What came of it where its file is, of a document that was handed over without it."""

    @property
    def at(self) -> tuple[str, ...]:
        """Where the document names it."""
        return (*self.of.split("."), self.key)


@dataclass(frozen=True)
class LeftOut:
    """Appointments of a type that is not meant as video, by their rows.

    ``name`` is the type's in the PMS's list, or that of the type of the Dashboard; nothing may be
    ``linked`` to it.
    """

    name: str
    linked: bool
    rows: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class NamedTable:
    """What came of a table. ``table`` has no rows where it cannot be read, and ``why`` says so."""

    reference: Reference
    table: Table
    why: BadTable | None = None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def of(self) -> str:
        return self.reference.of

    @property
    def file(self) -> str:
        """The file, as the document names it."""
        return clean(self.reference.path)

    @property
    def sheet(self) -> str:
        """The sheet of the file, where the document names one."""
        return clean(self.reference.sheet or "", 60)

    @property
    def called(self) -> str:
        """The file, and the sheet in it."""
        return table_called(self.file, self.sheet)

    @property
    def is_whole(self) -> bool:
        """Whether all of it could be read."""
        return self.why is None and not self.table.faults

    @property
    def is_day_sheet(self) -> bool:
        return self.of == "appointments"

    @property
    def count(self) -> int:
        """How many rows there are, of one that can be read."""
        return self.table.count

    @property
    def read(self) -> int:
        """How many rows are entries of a list, or appointments that are judged."""
        return len(self.table.rows) - sum(len(each.rows) for each in self.left_out)

    def faults(self) -> Iterator[str]:
        """What cannot be read, each in a sentence, without anything of a cell."""
        if self.why is not None:
            at = f", row {self.why.row}" if self.why.row else ""
            yield f"{self.called}{at} cannot be read: {self.why}"
        for fault in self.table.faults:
            yield f"{self.called}, {fault}" if fault.place else f"{self.called}: {fault}"

    def entry_row(self, index: int) -> int:
        """The row of an entry of the list, by its place in it."""
        return self.table.rows[index].number
