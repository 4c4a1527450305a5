"""What became of the rows of the tables that a clinic's document names, and how that is said.

Nothing here is of a cell of a day sheet: rows are told by their numbers, and types by their names
in the PMS's list or on the Dashboard.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import listing, plural, rows_in_words, table_called

_KINDS = {
    "appointments": "appointment",
    "pms.practitioners": "practitioner",
    "pms.appointment_types": "appointment type",
}


@dataclass(frozen=True, slots=True)
class SkippedReport:
    """The rows that were skipped for a text of the document, of a column's key."""

    key: str
    text: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeftOutReport:
    """The rows of appointments of a type that is not meant as video.

    ``linked`` says whether anything on the Dashboard is linked to it.
    """

    type: str
    linked: bool
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """A table: where it is named from the document, what it stands for, and its rows by what they
    are. ``sheet`` is that of a workbook, where one is named. ``why`` says why it cannot be read at
    all.

    Rows are counted as a spreadsheet shows them; ``rows`` is how many there are, of which ``read``
    are entries of a list or appointments that are judged, and each other one is named below.
    """

    file: str
    of: str
    sheet: str = ""
    why: str = ""
    rows: int = 0
    read: int = 0
    none: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    skipped: tuple[SkippedReport, ...] = ()
    left_out: tuple[LeftOutReport, ...] = ()
    unread: tuple[int, ...] = ()

    @property
    def called(self) -> str:
        """The file, and the sheet in it."""
        return table_called(self.file, self.sheet)

    @property
    def is_whole(self) -> bool:
        """Whether all of its rows can be read."""
        return not self.why and not self.unread


def sentences(table: TableReport) -> Iterator[str]:
    """How many rows became what, which the first sentence adds up, and what there is to say of
    those that nothing was made of.
    """
    if table.why:
        yield f"{table.called} cannot be read: {table.why}"
        return
    yield f"{table.called}: {plural(table.rows, 'row')} = {_sum(table)}"
    if table.none:
        are = "row of {} is no {}" if len(table.none) == 1 else "rows of {} are no {}s"
        said = are.format(table.called, _KINDS[table.of])
        yield f"{len(table.none):,} {said}: {rows_in_words(table.none)}"
    if table.repeated:
        repeat = "row repeats" if len(table.repeated) == 1 else "rows repeat"
        yield f"{len(table.repeated):,} {repeat} another: {rows_in_words(table.repeated)}"
    yield from _skipped(table)
    yield from _left_out(table)
    if table.unread:
        cannot = "row cannot" if len(table.unread) == 1 else "rows cannot"
        yield (f"{len(table.unread):,} {cannot} be read (VL007): {rows_in_words(table.unread)}")


def _sum(table: TableReport) -> str:
    is_sheet = table.of == "appointments"
    parts = (
        (table.read, "judged" if is_sheet else plural(2, _KINDS[table.of])[2:]),
        (sum(len(each.rows) for each in table.left_out), "left out"),
        (sum(len(each.rows) for each in table.skipped), "skipped"),
        (len(table.none), f"no {_KINDS[table.of]}s"),
        (len(table.repeated), "repeated"),
        (len(table.unread), "not read"),
    )
    first, *others = (f"{count:,} {what}" for count, what in parts if count or what == parts[0][1])
    return " + ".join((first, *others))


def _skipped(table: TableReport) -> Iterator[str]:
    found = [f"{len(each.rows):,} for {_text(each)}" for each in table.skipped if each.rows]
    if found:
        yield f"skipped: {', '.join(found)}"
    absent = [_text(each) for each in table.skipped if not each.rows]
    if absent:
        yield f"no row has {listing(absent, 'or')}, which skip names"


def _text(skipped: SkippedReport) -> str:
    return f"{skipped.key} {skipped.text}" if skipped.text else f"an empty {skipped.key}"


def _left_out(table: TableReport) -> Iterator[str]:
    linked = [each for each in table.left_out if each.linked]
    if linked:
        types = ", ".join(f"{each.type} ({len(each.rows):,})" for each in linked)
        yield f"left out, as their types are not for video: {types}"
    others = [each for each in table.left_out if not each.linked]
    if others:
        count = sum(len(each.rows) for each in others)
        yield (
            f"left out: {plural(count, 'appointment')} of {plural(len(others), 'type')} that"
            f" nothing is linked to, {', '.join(each.type for each in others)}; if one is for"
            " video, link it"
        )
