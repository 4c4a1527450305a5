"""A table, read as a clinic's document says: day sheets of a PMS, and its lists.

Only columns that are named are read. Every row below the header becomes something and is counted:
read, none (a title or a total), a repetition, skipped, or one that cannot be read. What is wrong
with a row is told by its number and its column, and never by what a cell holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field
from datetime import tzinfo
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple, TypeAlias

from pytest_videolink.record import cells, grid
from pytest_videolink.record.cells import EMPTY, MEMORY, BadCell, Complaint
from pytest_videolink.record.faults import Complaints, Fault
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.sift import Kept, Places, Sifted, sift
from pytest_videolink.record.text import clean
from pytest_videolink.record.times import Times

Reading: TypeAlias = Callable[[str], Any]
"""From the text of a cell that is not empty to its value; raises :class:`~cells.BadCell`."""


@dataclass(frozen=True)
class Kind:
    """What a table lists: how the cells of its keys are read, and which rows are none of it.

    Keys that are not read here are there for ``skip`` alone.
    """

    readings: Mapping[str, Reading]
    times: frozenset[str]
    required: tuple[str, ...]
    is_none: Callable[[Set[str], int], bool]
    """Whether a row that lacks what is required is none, by its keys that have a cell, and by how
    many cells it has at all."""

    repeats: bool
    """Whether a row that repeats another is none though it holds no id."""

    empty: Mapping[str, Any] = field(default_factory=dict)
    """What an empty cell says, where it says something."""


def _is_no_appointment(filled: Set[str], _count: int) -> bool:
    """A total, a footer or a title; a slot without a patient has a practitioner and a start."""
    if "pms_type" in filled:
        return False
    return "practitioner" not in filled or filled.isdisjoint(("starts", "link", "created"))


def _is_no_entry(filled: Set[str], count: int) -> bool:
    """A title or a total, which fill one cell alone, or a row of what is not named."""
    return filled.isdisjoint(("id", "name")) or count == 1


DAY_SHEET = Kind(
    readings={
        "id": cells.appointment_id_of,
        "practitioner": cells.id_of,
        "pms_type": cells.id_of,
        "link": cells.link_of,
        "modality": cells.modality_of,
        "status": cells.gone_of,
    },
    times=frozenset(("created", "starts", "seen_at")),
    required=("practitioner", "pms_type", "starts"),
    is_none=_is_no_appointment,
    repeats=False,
    empty={"link": False},
)
"""Appointments; ``link`` is whether there is one. Those without an id need one made."""

PMS_LIST = Kind(
    readings={
        "id": cells.id_of,
        "name": cells.text_of,
        "active": cells.flag_of,
        "in_appointment_book": cells.flag_of,
    },
    times=frozenset(),
    required=("id", "name"),
    is_none=_is_no_entry,
    repeats=True,
)
"""Practitioners or appointment types as the PMS lists them."""


@dataclass(frozen=True)
class Declaration:
    """How a table is to be read.

    ``columns`` are the names of columns by key; the cells of several are joined with a space, but
    for a time, of which the first of two holds the day. ``skip`` are texts by key: rows with one
    are left out, case and spaces aside; the empty text is an empty cell.
    """

    columns: Mapping[str, tuple[str, ...]]
    dates: str = "iso"
    times: str = "clock"
    encoding: str | None = None
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Row(NamedTuple):
    """The values of a row by key, ``None`` where a cell is empty and says nothing by that.

    A key without a column is not there, nor is a status that says nothing of a cancellation.
    ``number`` is as a spreadsheet shows it.
    """

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """What came of a table: each row that is not empty or a header is in one of these.

    ``skipped`` are by key and text of a ``skip``, and none where no row has that text.
    """

    rows: tuple[Row, ...]
    none: tuple[int, ...]
    repeated: tuple[int, ...]
    skipped: Mapping[tuple[str, str], tuple[int, ...]]
    faults: tuple[Fault, ...]

    @property
    def unread(self) -> tuple[int, ...]:
        """The rows that cannot be read."""
        return tuple(sorted({number for fault in self.faults for number in fault.rows}))

    @property
    def count(self) -> int:
        """How many rows there are."""
        skipped = sum(map(len, self.skipped.values()))
        return skipped + sum(map(len, (self.rows, self.none, self.repeated, self.unread)))


def read(
    raw: bytes,
    kind: Kind,
    declared: Declaration,
    zone: tzinfo | None,
    look_up: Mapping[str, Reading] | None = None,
) -> Table:
    """The rows of the bytes of a CSV table; all else is as in :func:`read_cells`."""
    names = {grid.folded(name) for name in chain.from_iterable(declared.columns.values())}

    def named_in(row: grid.Row) -> int:
        return len(names.intersection(map(grid.folded, row)))

    rows = grid.cut(grid.text_of(raw, declared.encoding), named_in, len(names))
    return read_cells(rows, kind, declared, zone, look_up)


def read_cells(
    rows: Iterable[grid.Row],
    kind: Kind,
    declared: Declaration,
    zone: tzinfo | None,
    look_up: Mapping[str, Reading] | None = None,
) -> Table:
    """A table of rows of cells, the first of which is row 1.

    A time without an offset is in ``zone``. ``look_up`` makes of an id or a name, by key, what it
    stands for, so that no row holds a text that stands for nothing. Raises
    :class:`~grid.BadTable` where the table as a whole cannot be read.
    """
    rows = iter(rows)
    first = list(islice(rows, grid.MAX_HEAD))
    header = grid.find_header(first, list(chain.from_iterable(declared.columns.values())))
    folded = {key: tuple(map(grid.folded, names)) for key, names in declared.columns.items()}
    places = Places(header, folded.items())
    sifted = sift(chain(first[header.number :], rows), header, places, kind.required, kind.is_none)
    above = [
        number
        for number, row in enumerate(first[: header.number - 1], 1)
        if any(map(str.strip, row))
    ]
    reader = _Reader(kind, declared, places, zone, look_up or {})
    return reader.table(sifted, above)


# From cells to values


class _Reader:
    """Reads the rows that are left, a column at a time."""

    def __init__(
        self,
        kind: Kind,
        declared: Declaration,
        places: Places,
        zone: tzinfo | None,
        look_up: Mapping[str, Reading],
    ) -> None:
        self._kind, self._declared, self._places = kind, declared, places
        self._times = Times(declared.dates, declared.times, zone)
        self._look_up = look_up
        self._complaints = Complaints()
        self._days_are_right = False

    def table(self, sifted: Sifted, above: Sequence[int]) -> Table:
        """The table of the rows below its header; ``above`` are those over it."""
        for number, complaint in sifted.moved:
            self._complaints.add(number, complaint)
        skipped, kept = self._skip(sifted.kept)
        repeated, kept = self._drop_repetitions(kept)
        rows = tuple(self._rows(kept))
        # To declare the order of one column's days otherwise is no advice where another's is right.
        hopeless = "dates" if self._days_are_right else None
        looked_at = [row.cells for row in kept]
        faults = self._complaints.faults(looked_at, len(sifted.moved), hopeless)
        return Table(rows, (*above, *sifted.none), repeated, skipped, faults)

    def _skip(self, rows: list[Kept]) -> tuple[dict[tuple[str, str], tuple[int, ...]], list[Kept]]:
        """The rows that are skipped, by what they are skipped for, and those that are left."""
        found: dict[tuple[str, str], list[int]] = {}
        for key, texts in self._declared.skip.items():
            numbers: dict[str, list[int]] = {}
            for text in texts:
                if _alike(text) not in numbers:
                    numbers[_alike(text)] = found[key, text] = []
            alike = lru_cache(MEMORY)(_alike)
            left = []
            for row, text in zip(rows, self._texts(key, rows), strict=True):
                untold = cells.untold(text) if "\0" in text else None
                if untold is not None:
                    self._complain(row.number, untold, key)
                elif alike(text) in numbers:
                    numbers[alike(text)].append(row.number)
                else:
                    left.append(row)
            rows = left
        return {by: tuple(numbers) for by, numbers in found.items()}, rows

    def _drop_repetitions(self, rows: list[Kept]) -> tuple[tuple[int, ...], list[Kept]]:
        """The rows that repeat another in every named cell, and those that are left."""
        if len({row.cells for row in rows}) == len(rows):
            return (), rows
        ids = self._places.kept.get("id", ())
        seen: set[tuple[str, ...]] = set()
        repeated, left = [], []
        for row in rows:
            if row.cells in seen and (self._kind.repeats or any(row.cells[at] for at in ids)):
                repeated.append(row.number)
            else:
                left.append(row)
            seen.add(row.cells)
        return tuple(repeated), left

    def _rows(self, kept: list[Kept]) -> Iterator[Row]:
        keys = [key for key in self._declared.columns if self._is_read(key)]
        wrong: set[int] = set()
        columns = [self._column(key, kept, wrong) for key in keys]
        if "id" in keys:
            self._refuse_ids_twice(kept, columns[keys.index("id")], wrong)
        for row, values in zip(kept, zip(*columns, strict=True), strict=True):
            if row.number not in wrong:
                told = dict(zip(keys, values, strict=True))
                if told.get("status") is None:
                    told.pop("status", None)
                yield Row(row.number, told)

    def _is_read(self, key: str) -> bool:
        return key in self._kind.times or key in self._kind.readings

    def _column(self, key: str, rows: list[Kept], wrong: set[int]) -> list[Any]:
        """The values of a key, row by row; rows of which one cannot be read are ``wrong``."""
        places = self._places.kept[key]
        reading = self._reading(key)
        if key in self._kind.times and len(places) == 2:
            day, clock = places
            texts: list[Any] = [(row.cells[day], row.cells[clock]) for row in rows]
        else:
            texts = self._texts(key, rows)
        try:
            values = list(map(reading, texts))
        except BadCell:
            values = self._values(key, reading, rows, texts, wrong)
        if key in self._kind.times:
            self._days_are_right |= any(value is not None for value in values)
        return values

    def _values(
        self,
        key: str,
        reading: Callable[[Any], Any],
        rows: list[Kept],
        texts: list[Any],
        wrong: set[int],
    ) -> list[Any]:
        """The values of a key of which some cannot be read, and are none."""
        values: dict[int, Any] = {}
        found: dict[int, BadCell] = {}
        for row, text in zip(rows, texts, strict=True):
            try:
                values[row.number] = reading(text)
            except BadCell as bad:
                found[row.number] = _untold(text) or bad
        if key in self._kind.times:
            found |= self._in_another_order(rows, texts, found)
        for number, refused in found.items():
            self._complain(number, refused.complaint, key, refused.column)
        wrong.update(found)
        return [None if row.number in found else values[row.number] for row in rows]

    def _in_another_order(
        self, rows: list[Kept], texts: list[Any], found: Mapping[int, BadCell]
    ) -> dict[int, BadCell]:
        """All days of a column of which some are not as declared, and all would be by one order.

        What reads as declared does so by chance then: 4 March for 3 April.
        """
        remedies = (remedy for bad in found.values() for remedy in bad.complaint.remedies)
        if not any(remedy.startswith("dates") for remedy in remedies):
            return {}
        column = 0 if isinstance(texts[0], tuple) else None
        days = {
            row.number: " ".join((text if column is None else text[0]).split())
            for row, text in zip(rows, texts, strict=True)
        }
        told = {number: self._times.in_another_order(day) for number, day in days.items() if day}
        if not frozenset.intersection(*(complaint.remedies for complaint in told.values())):
            return {}
        return {number: BadCell(complaint, column) for number, complaint in told.items()}

    def _texts(self, key: str, rows: list[Kept]) -> list[str]:
        places = self._places.kept[key]
        if len(places) == 1:
            return [row.cells[places[0]] for row in rows]
        return [cells.joined([row.cells[at] for at in places]) for row in rows]

    def _reading(self, key: str) -> Callable[[Any], Any]:
        """How the value of a key is read of the text of its cells, or of those of a time."""
        is_required, empty = key in self._kind.required, self._kind.empty.get(key)
        look_up = self._look_up.get(key)
        reading = self._kind.readings.get(key, self._times.in_one)
        in_two = self._times.in_two

        def read(text: str | tuple[str, str]) -> Any:
            if not any(text):
                if is_required:
                    raise BadCell(EMPTY)
                return empty
            if isinstance(text, tuple):
                return in_two(*text)
            value = reading(text)
            return value if look_up is None else look_up(value)

        return read if key in ("id", "created") else lru_cache(MEMORY)(read)

    def _refuse_ids_twice(self, rows: list[Kept], ids: list[Any], wrong: set[int]) -> None:
        first: dict[str, int] = {}
        for row, id in zip(rows, ids, strict=True):
            if id is not None and first.setdefault(id, row.number) != row.number:
                again = f"the same id as in row {first[id]}"
                wrong.add(row.number)
                self._complain(row.number, Complaint(again, "have the id of another row"), "id")

    def _complain(
        self, number: int, complaint: Complaint, key: str, column: int | None = None
    ) -> None:
        names, places = self._declared.columns[key], self._places.kept[key]
        if column is not None:
            names, places = names[column : column + 1], places[column : column + 1]
        self._complaints.add(number, complaint, clean(" + ".join(names)), places)


def _untold(text: str | tuple[str, ...]) -> BadCell | None:
    """What is to be said of a cell of which nothing can be told, in place of what it is not."""
    several = (text,) if isinstance(text, str) else text
    for column, each in enumerate(several):
        why = cells.untold(each)
        if why is not None:
            return BadCell(why, None if isinstance(text, str) else column)
    return None


def _alike(text: str) -> str:
    return "".join(text.split()).casefold()
