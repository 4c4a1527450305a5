"""The clinics of a source, and which of them share a PMS database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_videolink.checks.rule import Neighbours
from pytest_videolink.record import reader
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import Document, Problem, Unreadable, parse
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.pms import are_nearly_one, may_be_one_database, name_key
from pytest_videolink.record.text import WORKBOOKS, clean, printable
from pytest_videolink.sources.search import Sought
from pytest_videolink.sources.source import Entry, Folder, Unusable

if TYPE_CHECKING:
    from pytest_videolink.record.named_table import Reference
    from pytest_videolink.record.table import Table


@dataclass(eq=False)
class Record:
    """What a clinic's file holds: a clinic, or the problems that keep it from being read.

    The positions of its values are many. They are there once it is read, for its items, and then
    forgotten; the bytes are kept, to find them again for a failure. ``tables`` are those that it
    names, by the keys that they stand for, or why they cannot be had.
    """

    entry: Entry
    raw: bytes | None
    clinic: Clinic | None
    problems: tuple[Problem, ...] = ()
    system: str | None = None
    database: str | None = None
    tables: Mapping[str, Table | Exception] = field(default_factory=dict)
    _document: Document | None = None

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def file(self) -> Path:
        return self.entry.file

    @property
    def document(self) -> Document:
        """The text with its positions. Raises :class:`Unreadable` where it has none."""
        if self._document is None:
            self._document = _parse(self.entry, self.raw or b"")
        return self._document

    def forget_positions(self) -> None:
        self._document = None

    def may_share_database(self, clinic: Clinic) -> bool:
        """Whether what can be read here leaves it open that the PMS database is the same."""
        return may_be_one_database(self.system, self.database, clinic.pms)


def _parse(entry: Entry, raw: bytes, *, closely: bool = False) -> Document:
    suffix = entry.file.suffix.lower()
    if suffix in WORKBOOKS:
        from pytest_videolink.record import packed, workbook  # which few need

        if raw.startswith(packed.BEGINS):
            return packed.unpack(raw)
        if suffix != WORKBOOKS[0]:
            raise workbook.refusal(suffix)
        return workbook.parse(raw, entry.id)
    return parse(raw, as_json=entry.file.suffix.lower() == ".json", closely=closely)


class Fleet:
    """The clinics of a folder, of which some are selected; each file is parsed once, if at all.

    ``asked`` are ids of appointments that count whether or not they are meant as video.
    """

    def __init__(
        self, folder: Folder, selected: Iterable[Entry], asked: Collection[str] = ()
    ) -> None:
        self.folder = folder
        self.asked = frozenset(asked)
        self.selected = tuple(selected)
        self.ids = frozenset(entry.id for entry in folder.entries())
        self._records: dict[Entry, Record] = {}
        self._files: dict[str, list[Path]] = defaultdict(list)
        for entry in folder.entries():
            self._files[entry.id].append(entry.file)

    def record(self, entry: Entry) -> Record:
        """What a clinic's file holds."""
        if entry not in self._records:
            self._records[entry] = self._read(entry)
        return self._records[entry]

    def record_of(self, id: str) -> Record:
        """The record of a clinic of the folder, by its id."""
        return next(self.record(entry) for entry in self.folder.entries() if entry.id == id)

    def records(self) -> tuple[Record, ...]:
        """The selected clinics' records, and those of all that may be neighbours of one of them."""
        return self.surroundings.records

    def neighbours(self, clinic: Clinic) -> Neighbours:
        """What the rest of the folder means to a selected clinic; read when it is asked for."""
        return _Around(self, clinic)

    def may_concern(self, record: Record, clinic: Clinic) -> bool:
        """Whether a record that cannot be read may be that of a clinic's neighbour."""
        return (
            record.id != clinic.id
            and record.may_share_database(clinic)
            and self.folder.may_concern(record.entry, [clinic])
        )

    @cached_property
    def surroundings(self) -> Surroundings:
        """The selected clinics, and all that may be neighbours of one of them."""
        chosen = [self.record(entry) for entry in self.selected]
        clinics = Sought(record.clinic for record in chosen if record.clinic is not None)
        rest = set(self.folder.entries()).difference(self.selected)
        others = [
            entry
            for entry in self.folder.entries()
            if entry in rest and self.folder.may_concern(entry, clinics)
        ]
        around = [self.record(entry) for entry in self.folder.fetch(others)]
        for record in around:
            record.forget_positions()
        # By id, so that what is said of neighbours does not depend on which of them are selected.
        every = sorted((*chosen, *around), key=lambda record: (record.id, record.file))
        return Surroundings.of(tuple(every))

    def _read(self, entry: Entry) -> Record:
        had: dict[str, Table | Exception] = {}

        def tables(named: Reference, read: Callable[[bytes], Table]) -> Table:
            had[named.of] = table = self._table(entry, named, read)
            if isinstance(table, Exception):
                raise table
            return table

        try:
            raw = self.folder.read(entry)
        except Unusable as known:
            return Record(entry, None, None, known.problems, known.system, known.database)
        except OSError as error:
            why = error.strerror or type(error).__name__
            return Record(entry, None, None, (Problem(f"the file cannot be read: {why}"),))
        try:
            document = _parse(entry, raw)
            clinic, problems = reader.read(document, entry.id, tables, self.asked)
            if document.sheets:
                from pytest_videolink.record import packed

                raw = packed.pack(document)
            elif problems:  # it may be mistyped where YAML takes it, and reads as something else
                document = _parse(entry, raw, closely=True)
                clinic, problems = reader.read(document, entry.id, tables, self.asked)
        except Unreadable as error:
            return Record(entry, raw, None, (*error.problems, *self._same_id(entry)))
        except Exception as error:
            # Its traceback would show what the file holds, which may be private.
            fault = f"the reader itself fails on it ({type(error).__name__}); please report this"
            return Record(entry, None, None, (Problem(fault),))
        problems = [*document.besides(problems), *self._same_id(entry)]
        # What stands twice is not to be relied on.
        stands = not any(each.key in ("pms", "system", "database") for each in document.problems)
        return Record(
            entry,
            raw,
            None if problems else clinic,
            tuple(problems),
            document.text(("pms", "system")) if stands else None,
            document.text(("pms", "database")) if stands else None,
            had,
            document,
        )

    def _table(
        self, entry: Entry, named: Reference, read: Callable[[bytes], Table]
    ) -> Table | Exception:
        from pytest_videolink.record.grid import BadTable  # which only those need who name a table

        try:
            return self.folder.table(entry, named, read)
        except (OSError, BadTable) as error:
            return error.with_traceback(None)

    def _same_id(self, entry: Entry) -> list[Problem]:
        root = self.folder.root
        files = self._files[entry.id]  # the one file of what is fetched may be named anew by then
        twins = [file for file in files if file != entry.file] if len(files) > 1 else []
        return [
            Problem(
                f"{twin.relative_to(root).as_posix()} is a file for clinic {clean(entry.id)} too:"
                " keep one of them"
            )
            for twin in twins
        ]


@dataclass(frozen=True)
class _Around(Neighbours):
    """The neighbours of a clinic in its fleet, read when they are asked for."""

    fleet: Fleet
    clinic: Clinic

    @property
    def ids(self) -> frozenset[str]:
        return self.fleet.ids

    @property
    def sharing(self) -> tuple[Clinic, ...]:
        same = self.fleet.surroundings.by_database[_database_key(self.clinic)]
        return tuple(other for other in same if other is not self.clinic)

    @property
    def naming(self) -> tuple[Clinic, ...]:
        those = self.fleet.surroundings.by_named[self.clinic.id]
        return tuple(other for other in those if other is not self.clinic)

    @cached_property
    def nearly_sharing(self) -> tuple[Clinic, ...]:
        pms = self.clinic.pms
        same = self.fleet.surroundings.by_name_of_database[name_key(pms.database)]
        return tuple(
            other
            for other in same
            if other.pms.system_key != pms.system_key
            and pms.is_answered
            and other.pms.is_answered
            and are_nearly_one(other.pms.system, pms.system)
        )

    @cached_property
    def unreadable(self) -> tuple[tuple[str, str], ...]:
        root = self.fleet.folder.root
        return tuple(
            (record.id, printable(record.file.relative_to(root).as_posix()))
            for record in self.fleet.surroundings.unreadable
            if self.fleet.may_concern(record, self.clinic)
        )


@dataclass(slots=True)
class Surroundings:
    """Records, also by what their clinics say of PMS databases."""

    records: tuple[Record, ...]
    by_database: dict[tuple[str, str], list[Clinic]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_name_of_database: dict[str, list[Clinic]] = field(default_factory=lambda: defaultdict(list))
    by_named: dict[str, list[Clinic]] = field(default_factory=lambda: defaultdict(list))
    unreadable: list[Record] = field(default_factory=list)

    @classmethod
    def of(cls, records: tuple[Record, ...]) -> Surroundings:
        around = cls(records)
        for record in records:
            if record.clinic is None:
                around.unreadable.append(record)
                continue
            around.by_database[_database_key(record.clinic)].append(record.clinic)
            around.by_name_of_database[name_key(record.clinic.pms.database)].append(record.clinic)
            for id in record.clinic.pms.shares_database_with or ():
                around.by_named[id].append(record.clinic)
        return around


def _database_key(clinic: Clinic) -> tuple[str, str]:
    pms = clinic.pms
    if not pms.is_answered:  # a question is equal to nobody's
        return clinic.id, ""
    return pms.system_key, name_key(pms.database)
