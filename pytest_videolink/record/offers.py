"""The sheet of a workbook that says who offers which type: practitioners by types."""

from __future__ import annotations

import re
from collections.abc import Collection

from pytest_videolink.record.cells import NO, YES
from pytest_videolink.record.grid import folded
from pytest_videolink.record.known import Names
from pytest_videolink.record.layout import (
    EVERYONE,
    OFFERED_BY,
    OFFERED_IS,
    OFFERS,
    OFFERS_IS,
    is_hint,
)
from pytest_videolink.record.node import Node, Position, Problem
from pytest_videolink.record.not_ids import word
from pytest_videolink.record.sheets import Cell
from pytest_videolink.record.slugs import is_slug
from pytest_videolink.record.text import clean, did_you_mean, listing
from pytest_videolink.record.typed import (
    Unfit,
    links_of,
    number_shown,
    parts,
    refuse_unsafe,
    text_of,
)

_OWN_NONE = frozenset(("none", "not linked", "unlinked"))
_UNCLEAR = frozenset(("n/a", "na", "nil", "-", "--", "\N{EN DASH}", "\N{EM DASH}"))
_EVERYBODY = ""
"""Stands for the first row, where others have an id."""


class Offers:
    """Reads the sheet; ``practitioners`` and ``types`` are the workbook's own, ``pms_types`` the
    PMS's list of types, where it is recorded.

    ``unnamed`` are the sheets that somebody or something has no name in, or none that can be read.
    That is told there, and a head that is not found may be theirs.
    """

    def __init__(
        self,
        practitioners: Names | None,
        types: Names | None,
        pms_types: Names | None,
        unnamed: Collection[str] = (),
    ) -> None:
        assert practitioners is not None
        assert types is not None
        self._practitioners, self._types, self._pms_types = practitioners, types, pms_types
        self._unnamed = unnamed
        self.problems: list[Problem] = []
        self.open: dict[Position, int] = {}
        """How many cells are blank of a type of which somebody has to say who offers it."""
        self._top = self._width = 1
        self._rows: dict[str, int] = {}
        self._columns: dict[str, int] = {}
        self._cells: dict[tuple[str, str], Cell] = {}

    def _tell(self, said: str, cell: Cell, value: str = "") -> None:
        self.problems.append(
            Problem(said, Position(cell.row, cell.column, OFFERS), None, value or None)
        )

    def read(self, rows: list[list[Cell]]) -> None:
        """Find out who and what the rows and columns are of."""
        if not rows or folded(str(rows[0][0].value)) != folded(OFFERED_BY):
            said = f'the first cell of the first row that holds anything is not "{OFFERED_BY}"'
            position = Position(rows[0][0].row, rows[0][0].column, OFFERS) if rows else None
            place = position or Position(1, 1, OFFERS)
            self.problems.append(Problem(f"{said}; write that there", place))
            return
        corner, *heads = rows[0]
        self._top, self._width = corner.row, rows[0][-1].column
        columns: dict[int, str | None] = {}
        for cell in heads:
            id = self._meant(cell, self._types, "Appointment types", self._columns)
            columns[cell.column] = id
            if id is not None:
                self._columns[id] = cell.column
        for row in rows[1:]:
            if not _is_hint(row):
                self._row(row, corner.column, columns)

    def _row(self, row: list[Cell], first: int, columns: dict[int, str | None]) -> None:
        head = row[0]
        if head.column != first:
            self._tell("stands beside no practitioner; clear it, or write the name in front", head)
            return
        if folded(str(head.value)) == folded(EVERYONE) and _EVERYBODY not in self._rows:
            id: str | None = _EVERYBODY
        else:
            id = self._meant(head, self._practitioners, "Practitioners", self._rows)
        if id is None:
            return
        self._rows[id] = head.row
        for cell in row[1:]:
            if cell.column not in columns:
                self._tell(
                    "stands under no appointment type; clear it, or write its name above", cell
                )
            elif (type := columns[cell.column]) is not None:
                self._cells[id, type] = cell

    def _meant(self, cell: Cell, known: Names, sheet: str, taken: dict[str, int]) -> str | None:
        """The id of who or what a head stands for."""
        try:
            text = text_of(cell, known, is_name=True)
        except Unfit as unfit:
            self._tell(f"the name {unfit}", cell)
            return None
        ids = known.meant(text)
        if not ids and text.endswith("]"):
            name, _, id = text[:-1].rpartition("[")
            ids = [id] if id in known.ids and folded(known.ids[id]) == folded(name) else []
        shown = clean(text, 60)
        if len(ids) > 1:
            those = listing(f"{clean(known.ids[id], 40)} [{id}]" for id in ids)
            self._tell(f'"{shown}" may be {those}: write one of these', cell, text)
        elif not ids and sheet in self._unnamed:
            return None
        elif not ids:
            names = [
                *filter(None, known.ids.values()),
                *(() if taken is self._columns else [EVERYONE]),
            ]
            near = did_you_mean(text, names, count=1)
            hint = f"did you mean {clean(near[0], 60)}?" if near else "add it there, or clear it"
            self._tell(f'"{shown}" is not in the sheet {sheet}; {hint}', cell, text)
        elif ids[0] in taken:
            self._tell(f'"{shown}" stands twice; keep one of them', cell, text)
        else:
            return ids[0]
        return None

    def of(self, id: str) -> tuple[Position, Node]:
        """Who offers a type; nothing where that is not recorded."""
        position = Position(self._top, self._columns.get(id) or self._free(), OFFERS)
        if id not in self._columns:
            return position, Node(position, None)
        answers = {
            who: self._answer(who, id)
            for who in (_EVERYBODY, *self._practitioners.ids)
            if (who, id) in self._cells
        }
        rest = answers.pop(_EVERYBODY, None)
        if rest is None and not answers:
            return position, Node(position, None)
        everyone = self._cells.get((_EVERYBODY, id))
        blank = len(self._practitioners.ids) - len(answers)
        if everyone is None and blank:
            self.open[position] = blank
        is_rest = rest is not None and rest.value == "yes"
        if is_rest and not answers:
            assert rest is not None
            return position, Node(position, "all")
        entries = []
        for who in filter(is_slug, self._practitioners.ids):  # another id is told where it stands
            answer = answers.get(who)
            if answer is None and is_rest:
                assert rest is not None
                entries.append(Node(rest.position, who))
            elif answer is not None and answer.value == "yes":
                entries.append(Node(answer.position, who))
            elif answer is not None and answer.value != "no":
                at = answer.position
                own = Node(at, [] if answer.value == "none" else answer.value)
                entries.append(Node(at, {"id": (at, Node(at, who)), "linked_to": (at, own)}))
        return position, Node(position, entries)

    def _free(self) -> int:
        """The column that the next type gets which has none: each its own."""
        self._width += 1
        return self._width

    def _answer(self, who: str, type: str) -> Node:
        """What a cell says: yes, no, none, or a link."""
        cell = self._cells[who, type]
        position = Position(cell.row, cell.column, OFFERS)
        try:
            return self._said(cell, position, is_link=who != _EVERYBODY)
        except Unfit as unfit:
            said = "the cell" if cell.type in ("formula", "error", "date") else "this"
            self._tell(f"{said} {unfit}", cell, clean(number_shown(cell), 60))
            return Node(position, "no")

    def _said(self, cell: Cell, position: Position, *, is_link: bool) -> Node:
        refuse_unsafe(cell)
        if cell.type == "flag":
            return Node(position, "yes" if cell.value else "no")
        text = number_shown(cell).strip()
        said = word(text)
        listed = self._pms_types
        if said in YES or said in NO:
            if said not in ("yes", "no") and listed is not None and listed.meant(text):
                raise Unfit(
                    f"may be yes or no, or the PMS appointment type {clean(text, 40)}; write yes or"
                    f" no, or [{clean(text, 40)}]"
                )
            return Node(position, "yes" if said in YES else "no")
        if not is_link:
            raise Unfit("is neither yes nor no")
        if said in _OWN_NONE:
            return Node(position, "none")
        if said in _UNCLEAR:
            raise Unfit(
                "may say that they do not offer it, or that there is no link; write no or none"
            )
        unclear = [part for part in parts(text) if not may_be_id(part)]
        if listed is None and unclear:
            raise Unfit(
                "is neither yes, no nor none; write one of these, or the id of another PMS"
                f" appointment type, one without a digit in brackets: [{clean(unclear[0], 40)}]"
            )
        return links_of(text_of(cell, listed), position, listed)


def may_be_id(text: str) -> bool:
    """Whether a text may be a link where no list says so: words answer whether they offer it."""
    return re.search(r"[0-9]|\[.+\]", text) is not None


def _is_hint(row: list[Cell]) -> bool:
    """Whether a row says what to fill in, wherever it was sorted to."""
    same = sum(is_hint(str(cell.value), hint) for cell in row for hint in (OFFERED_IS, OFFERS_IS))
    return 2 * same > len(row)
