"""Which rows a table has: those to be read, those that are none, and those whose cells have moved.

Of a row no cell is kept but those of named columns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field
from operator import itemgetter
from typing import NamedTuple

from pytest_videolink.record.cells import Complaint
from pytest_videolink.record.grid import BadTable, Header
from pytest_videolink.record.grid import Row as Cells
from pytest_videolink.record.plain import dataclass

MAX_ROWS = 50_000
MAX_CELLS = 1_000_000
"""How large a table may be: far more than a clinic's, and little enough to be read in seconds."""

BLOCK = 16
"""Excel may leave out empty cells at the ends of sixteen rows that have none there, each sixteen
for itself."""

_QUOTES = "a cell that holds a delimiter or a line break needs quotes"
_BEYOND, _MORE, _FEWER = (
    Complaint(f"it has {cells}", f"have {cells}")
    for cells in (
        f"more cells than the header; {_QUOTES}, or in a workbook its column a heading",
        f"more cells than other rows; {_QUOTES}",
        f"fewer cells than other rows; {_QUOTES}",
    )
)


class Places:
    """Where the cells of each key are: in a row, and among those that are kept of it."""

    def __init__(self, header: Header, columns: Iterable[tuple[str, Sequence[str]]]) -> None:
        in_row: list[int] = []
        self.kept: dict[str, tuple[int, ...]] = {}
        for key, folded_names in columns:
            self.kept[key] = tuple(range(len(in_row), len(in_row) + len(folded_names)))
            in_row.extend(header.places[name] for name in folded_names)
        self._get = itemgetter(*in_row)  # a tuple, as no table has a single key

    def keep(self, row: Cells) -> tuple[str, ...]:
        """The cells of a row, as long as the header, that are named."""
        return tuple(map(str.strip, self._get(row)))

    def filled(self, kept: Sequence[str]) -> set[str]:
        """The keys that have a cell that is not empty."""
        return {key for key, places in self.kept.items() if any(kept[at] for at in places)}


class Kept(NamedTuple):
    """A row of which the named cells are kept. ``length`` is how many cells it has in all."""

    number: int
    cells: tuple[str, ...]
    length: int
    ends_empty: bool


@dataclass
class Sifted:
    """The rows below a header that are not empty, by what they are."""

    kept: list[Kept] = field(default_factory=list)
    none: list[int] = field(default_factory=list)
    moved: list[tuple[int, Complaint]] = field(default_factory=list)


def sift(
    rows: Iterable[Cells],
    header: Header,
    places: Places,
    required: Iterable[str],
    is_none: Callable[[Set[str], int], bool],
) -> Sifted:
    """Tell the rows below a header apart.

    ``is_none`` decides by the keys that a row has a cell for, and by how many cells it has at all;
    a row that has all that is ``required`` is one. Raises :class:`BadTable`.
    """
    sifted = Sifted()
    width, padding = header.width, [""] * header.width
    needed = itemgetter(*(places.kept[key][0] for key in required))
    heading = places.keep(header.cells)
    lengths: dict[int, set[int]] = defaultdict(set, {_block(header.number): {len(header.cells)}})
    cells_left = MAX_CELLS
    texts: dict[str, str] = {}  # Most come again and again, and each is kept once.
    for number, row in enumerate(rows, header.number + 1):
        length = len(row)
        cells_left -= length
        if number > MAX_ROWS or cells_left < 0:
            raise BadTable(f"it has more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells", number)
        if length > width and any(map(str.strip, row[width:])):
            sifted.moved.append((number, _BEYOND))
            continue
        kept = places.keep(row if length >= width else [*row, *padding[length:]])
        if kept == heading or not (any(kept) or any(map(str.strip, row))):
            continue
        lengths[_block(number)].add(length)
        if all(needed(kept)) or not is_none(
            places.filled(kept), sum(map(bool, map(str.strip, row)))
        ):
            kept = tuple(map(texts.setdefault, kept, kept))
            sifted.kept.append(Kept(number, kept, length, not row[-1].strip()))
        else:
            sifted.none.append(number)
    moved = dict(_moved(sifted.kept, header, lengths))
    sifted.moved += moved.items()
    sifted.kept = [row for row in sifted.kept if row.number not in moved]
    return sifted


def _block(number: int) -> int:
    return (number - 1) // BLOCK


def _moved(
    rows: Sequence[Kept], header: Header, lengths: Mapping[int, Set[int]]
) -> Iterator[tuple[int, Complaint]]:
    """Rows whose cells may have moved, so that a patient's name may stand under anything.

    They have more cells than the header, or another number of them than the rest of a table that
    leaves none out at the ends of its rows. ``lengths`` are those of the rows of each block.
    """
    if len({row.length for row in rows}) < 2:
        return
    counted = Counter(row.length for row in rows)
    ordinary = len(header.cells)
    usual = max(counted, key=lambda length: (counted[length], length == ordinary, length))
    short = sum(row.length < header.width for row in rows)
    leaves_out = (short > 1 or short == len(rows)) and not any(row.ends_empty for row in rows)
    in_block = Counter(_block(row.number) for row in rows)
    ending_filled = {_block(row.number) for row in rows if not row.ends_empty}
    if ordinary == header.width:
        ending_filled.add(_block(header.number))
    for row in rows:
        block = _block(row.number)
        as_excel_does = len(lengths[block]) == 1 and in_block[block] > 1 and block in ending_filled
        if row.length > max(ordinary, usual):
            yield row.number, _BEYOND
        elif row.length != usual and not leaves_out and not as_excel_does:
            yield row.number, _MORE if row.length > usual else _FEWER
