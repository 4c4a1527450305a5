"""A workbook as a clinic's document: its cells, as the tree of values that YAML gives.

All that is known of workbooks ends here. What is wrong with a cell is a problem of the document,
and the cell then counts as not recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pytest_videolink.record import layout
from pytest_videolink.record.archive import BadBook
from pytest_videolink.record.grid import folded
from pytest_videolink.record.keys import Key
from pytest_videolink.record.known import Names
from pytest_videolink.record.layout import CLINIC, OFFERS, START, Table
from pytest_videolink.record.node import Document, Node, Position, Problem, Unreadable
from pytest_videolink.record.offers import Offers
from pytest_videolink.record.sheets import UNREAD, Book, Cell, open_book
from pytest_videolink.record.slugs import MAX_SLUG, is_slug
from pytest_videolink.record.text import (
    clean,
    column_number,
    did_you_mean,
    hint_or_all,
    listing,
    slug_of,
)
from pytest_videolink.record.typed import Unfit, node_of, number_shown

Entries = dict[str, tuple[Position, Node]]

MAX_CONCERN = 50
"""How many cells of a row beyond its headings are told."""

_LISTS = {
    **dict.fromkeys((("practitioners", "linked_to"), ("appointments", "practitioner")), 0),
    **dict.fromkeys((("appointment_types", "linked_to"), ("appointments", "pms_type")), 1),
}
"""Which of the PMS's lists the cells of a column may be looked up in."""


def parse(raw: bytes, id: str) -> Document:
    """Read the bytes of a clinic's workbook, whose file gives it its id.

    Raises :class:`Unreadable` for what is no workbook, or none of a clinic.
    """
    try:
        book = open_book(raw)
        missing = [name for name in layout.SHEETS if name not in book.names]
        if missing:
            raise Unreadable(*(Problem(_gone(name, book.names)) for name in missing))
        return _Reader(book, id).document()
    except BadBook as bad:
        raise Unreadable(Problem(str(bad))) from None


def refusal(suffix: str) -> Unreadable:
    """Why a file with this ending is not read."""
    assert suffix in UNREAD
    return Unreadable(
        Problem(
            f"a workbook that ends in {suffix} is not read: open it, save it as an Excel workbook"
            f" (.xlsx), and take the {suffix} file away"
        )
    )


def _gone(name: str, there: tuple[str, ...]) -> str:
    others = [each for each in there if each not in layout.SHEETS]
    near = did_you_mean(name, others, count=1)
    if near:
        return f'there is no sheet {name}: give "{clean(near[0], 40)}" that name again'
    return (
        f"there is no sheet {name}: copy it from a new workbook, which pytest"
        " --videolink-new=new-clinic.xlsx writes"
    )


class _Reader:
    """Reads the sheets of a workbook one after the other, and collects what is wrong."""

    def __init__(self, book: Book, id: str) -> None:
        self._book = book
        self._id = id
        self._problems: list[Problem] = []
        self._order = "iso"
        self._unknown: set[tuple[str, int]] = set()
        """Columns under a heading that is none, which has been told."""
        self._unnamed: set[str] = set()
        """Sheets in which a name is blank or cannot be read, which is told there."""

    def document(self) -> Document:
        for name in layout.SHEETS[1:]:
            self._refuse_merged(name)
        root: Entries = {"videolink": self._version(), "clinic": self._clinic_id()}
        self._settings(root)
        nodes: dict[tuple[str, ...], Node] = {}
        listed: list[Names | None] = [None, None]
        tables = {table.path: table for table in layout.tables()}
        for place, kind in enumerate(("practitioners", "appointment_types")):
            table = tables.pop(("pms", kind))
            nodes[table.path] = self._table(table, listed)
            listed[place] = _names(nodes[table.path])
        for path, table in tables.items():
            nodes[path] = self._table(table, listed)
        for path, node in nodes.items():
            below = root
            for step in path[:-1]:
                below = _entries(below[step][1])
            below[path[-1]] = node.position, node
        offers = Offers(
            _names(nodes["practitioners",], made=True),
            _names(nodes["appointment_types",], made=True),
            listed[1],
            self._unnamed,
        )
        offers.read(self._rows(OFFERS))
        for node in _list(nodes["appointment_types",]):
            id = _entries(node)["id"][1].value
            _entries(node)["practitioners"] = offers.of(str(id))
        self._problems += offers.problems
        return Document(
            Node(Position(1, 1, CLINIC), root),
            tuple(self._problems),
            sheets=layout.SHEETS,
            open=offers.open,
        )

    def _rows(self, sheet: str) -> list[list[Cell]]:
        """The rows of a sheet that hold more than spaces."""
        rows = ([cell for cell in row if str(cell.value).strip()] for row in self._book.rows(sheet))
        return [row for row in rows if row]

    def _tell(self, said: str, sheet: str, cell: Cell | tuple[int, int]) -> None:
        row, column = cell[:2]
        self._problems.append(Problem(said, Position(row, column, sheet)))

    def _refuse_merged(self, sheet: str) -> None:
        for merged in self._book.merged(sheet):
            first = merged.partition(":")[0]
            letters = first.rstrip("0123456789")
            self._tell(
                f"the cells {merged} are merged, and whose value it is cannot be told; unmerge"
                " them, and fill each of them in",
                sheet,
                (int(first[len(letters) :] or 1), column_number(letters) or 1),
            )

    # Start here, Clinic

    def _version(self) -> tuple[Position, Node]:
        for row in self._rows(START):
            for place, cell in enumerate(row):
                if folded(str(cell.value)) == folded(layout.VERSION_OF):
                    position = Position(cell.row, cell.column + 1, START)
                    if row[place + 1 :]:
                        found = row[place + 1]
                        return position, Node(position, number_shown(found))
        position = Position(1, 1, START)
        said = f'"{layout.VERSION_OF}" and the number beside it are gone; write 1 beside it'
        self._problems.append(Problem(said, position))
        return position, Node(position, "1")

    def _clinic_id(self) -> tuple[Position, Node]:
        position = Position(1, 1, CLINIC)
        if not is_slug(self._id):
            meant = slug_of(self._id)
            called = meant if is_slug(meant) else "bayside-north"
            self._problems.append(
                Problem(
                    f'the file is named "{clean(self._id, 60)}", and its name is the clinic\'s id:'
                    " rename it to lower-case letters, digits and single hyphens, at most"
                    f" {MAX_SLUG} characters, such as {called}.xlsx",
                    position,
                )
            )
            return position, Node(position, None)
        return position, Node(position, self._id)

    def _settings(self, root: Entries) -> None:
        """The settings of the clinic, each in a row, where they are found by their names."""
        top = Position(1, 1, CLINIC)
        for group in ("dashboard", "pms"):
            root[group] = top, Node(top, {})
        rows = self._rows(CLINIC)
        heads = (layout.SETTING, layout.ANSWER, layout.WHERE)
        columns = self._headings(CLINIC, rows, heads)
        gone = [head for head in heads[:2] if head not in columns]
        if gone:
            self._tell(_gone_headings(gone), CLINIC, (1, 1))
            return
        setting, answer = columns[layout.SETTING], columns[layout.ANSWER]
        found = self._answers(rows[1:], setting, answer, set(columns.values()))
        self._order = self._date_order(found.get(folded(layout.DATE_ORDER)))
        for each in layout.settings():
            row, cell = found.get(folded(each.heading), (1, None))
            position = Position(row, answer, CLINIC)
            node = self._node(cell, each.key, position, None, private=False)
            below = root
            for step in each.path[:-1]:
                below = _entries(below[step][1])
            below[each.path[-1]] = position, node

    def _answers(
        self, rows: list[list[Cell]], setting: int, answer: int, columns: set[int]
    ) -> dict[str, tuple[int, Cell | None]]:
        """The row of each setting, by its name folded, and the cell that answers it."""
        names = [*(each.heading for each in layout.settings()), layout.DATE_ORDER]
        missing = {folded(name): name for name in names}
        found: dict[str, tuple[int, Cell | None]] = {}
        near: set[str] = set()
        for row in rows:
            cells = {cell.column: cell for cell in row}
            name = cells.get(setting)
            said = folded(str(name.value)) if name else ""
            if name is None:
                self._tell("stands beside no setting; clear it", CLINIC, row[0])
            elif said in found:
                self._tell("stands twice in this column; keep one of them", CLINIC, name)
            elif said not in missing:
                text = clean(str(name.value), 60)
                near.update(did_you_mean(text, names, count=1))
                self._tell(f'"{text}" is no setting here; {hint_or_all(text, names)}', CLINIC, name)
            else:
                found[said] = name.row, cells.get(answer)
                self._beyond(CLINIC, row, columns)
        for folded_name, missed in missing.items():
            if folded_name not in found and missed not in near:
                self._tell(f'the row "{missed}" is gone; add it again', CLINIC, (1, setting))
        return found

    def _date_order(self, found: tuple[int, Cell | None] | None) -> str:
        if found is None or found[1] is None:
            return "iso"
        cell = found[1]
        said = folded(str(cell.value).partition("(")[0].replace("/", ""))
        if said not in layout.DATE_ORDERS:
            self._tell(
                f"{layout.DATE_ORDER}: expected year first, day first or month first", CLINIC, cell
            )
        return layout.DATE_ORDERS.get(said, "iso")

    # Sheets of one row a thing

    def _table(self, table: Table, listed: list[Names | None]) -> Node:
        top = Position(1, 1, table.sheet)
        rows = self._rows(table.sheet)
        columns = self._headings(
            table.sheet, rows, [key.heading for key in table.columns], private=table.is_private
        )
        needed = [
            key.heading
            for key in table.columns
            if key.required and not (key.name == "id" and table.has_made_ids)
        ]
        gone = [heading for heading in needed if heading not in columns]
        if gone:
            at = rows[0][0].row if rows else 1
            self._tell(_gone_headings(gone), table.sheet, (at, 1))
            self._unnamed.add(table.sheet)
            return Node(top, [])
        entries = []
        for row in rows[1:]:
            if not _is_hint_row(row, table, columns):
                self._beyond(table.sheet, row, columns.values())
                entries.append(self._entry(table, row, columns, listed))
        if table.has_made_ids:
            self._make_ids(entries)
        recorded = bool(entries) or table.path[0] != "pms"
        return Node(top, list(entries) if recorded else None)

    def _headings(
        self,
        sheet: str,
        rows: list[list[Cell]],
        known: tuple[str, ...] | list[str],
        *,
        private: bool = False,
    ) -> dict[str, int]:
        """The columns by their headings, which are those of the first row that holds anything."""
        by_folded = {folded(heading): heading for heading in known}
        columns: dict[str, int] = {}
        for cell in rows[0] if rows else ():
            text = clean(str(cell.value), 60)
            heading = by_folded.get(folded(str(cell.value)))
            if heading is None:
                said = "" if private else f'"{text}" '
                others = hint_or_all("" if private else text, known)
                self._tell(f"{said}is no heading of this sheet; {others}", sheet, cell)
                self._unknown.add((sheet, cell.column))
            elif heading in columns:
                said = f"the heading {heading} stands twice; take one of them away"
                self._tell(said, sheet, cell)
                self._unknown.add((sheet, cell.column))
            else:
                columns[heading] = cell.column
        return columns

    def _beyond(self, sheet: str, row: list[Cell], columns: Iterable[int]) -> None:
        """Tell of what stands under no heading."""
        known = {*columns, *(column for name, column in self._unknown if name == sheet)}
        said = "stands under no heading; clear it, or move it to a sheet of its own"
        for cell in [cell for cell in row if cell.column not in known][:MAX_CONCERN]:
            self._tell(said, sheet, cell)

    def _entry(
        self,
        table: Table,
        row: list[Cell],
        columns: Mapping[str, int],
        listed: list[Names | None],
    ) -> Node:
        cells = {cell.column: cell for cell in row}
        number = row[0].row
        entries: Entries = {}
        for key in table.columns:
            if key.heading in columns:
                column = columns[key.heading]
                position = Position(number, column, table.sheet)
                place = _LISTS.get((table.path[0], key.name))
                names = None if place is None else listed[place]
                node = self._node(cells.get(column), key, position, names, private=table.is_private)
                entries[key.name] = position, node
                if key.name == "name" and node.value is None:
                    self._unnamed.add(table.sheet)
        return Node(Position(number, 1, table.sheet), entries)

    def _node(
        self, cell: Cell | None, key: Key, position: Position, names: Names | None, *, private: bool
    ) -> Node:
        if cell is None or not str(cell.value).strip():
            return Node(position, None)
        try:
            return node_of(cell, key.shape, position, self._order, names)
        except Unfit as unfit:
            is_shown = cell.type in ("text", "number") and not private
            value = number_shown(cell) if is_shown else None
            said = f"{key.heading} {unfit}"
            self._problems.append(Problem(said, position, key.heading, value))
            return Node(position, None)

    def _make_ids(self, entries: list[Node]) -> None:
        """Give those an id that have none, of their names."""
        first: dict[str, Position] = {}
        made = []
        for entry in entries:
            keys = _entries(entry)
            there = keys.get("id", (entry.position, Node(entry.position, None)))[1]
            if isinstance(there.value, str):
                first.setdefault(there.value, there.position)
            else:
                made.append((keys, there))
        for keys, there in made:
            name = keys["name"][1].value
            told = {problem.position for problem in self._problems}
            in_row = f"row-{there.position.line}"
            id = slug_of(name) if isinstance(name, str) else in_row
            if there.position not in told and (not is_slug(id) or id in first):
                other = (
                    f"which {first[id]} has too" if id in first else "of which there can be none"
                )
                self._problems.append(
                    Problem(
                        f'the id is made of the name, "{clean(id, 60)}", {other}; type another one'
                        " here, of lower-case letters, digits and single hyphens",
                        there.position,
                        "Id",
                        "",
                    )
                )
                id = in_row
            first.setdefault(id, there.position)
            keys["id"] = there.position, Node(there.position, id)


def _gone_headings(gone: list[str]) -> str:
    if len(gone) == 1:
        return f"the heading {gone[0]} is gone from the first row; write it there again"
    return f"the headings {listing(gone)} are gone from the first row; write them there again"


def _is_hint_row(row: list[Cell], table: Table, columns: Mapping[str, int]) -> bool:
    """Whether a row says where to look, wherever it was sorted to."""
    hints = {columns[key.heading]: key for key in table.columns if key.heading in columns}
    same = sum(
        cell.column in hints and layout.is_hint(str(cell.value), layout.hint_of(hints[cell.column]))
        for cell in row
    )
    return 2 * same > len(row)


def _entries(node: Node) -> Entries:
    assert isinstance(node.value, dict)
    return node.value


def _list(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else []


def _rows_of(node: Node) -> Iterator[tuple[str, str]]:
    for entry in _list(node):
        keys = _entries(entry)
        id, name = (keys[key][1].value if key in keys else None for key in ("id", "name"))
        if isinstance(id, str):
            yield id, name if isinstance(name, str) else ""


def _names(node: Node, *, made: bool = False) -> Names | None:
    """The ids and names of a list, where it is recorded."""
    return Names(_rows_of(node)) if made or _list(node) else None
