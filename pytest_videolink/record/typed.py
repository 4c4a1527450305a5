"""What a cell of a workbook says, by what is asked there: the text that a document would have.

People type into cells, and programs make something else of it: what has no safe meaning is refused.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from pytest_videolink.record import cells
from pytest_videolink.record.cells import BadCell, flag_of
from pytest_videolink.record.characters import BREAKS, INVISIBLE, called
from pytest_videolink.record.clinic import LINK, LINKS, OWN_LINKS
from pytest_videolink.record.keys import Many, Shape
from pytest_videolink.record.known import Names, folded
from pytest_videolink.record.node import Node, Position
from pytest_videolink.record.not_ids import NOT_LINKED, is_not_linked, word
from pytest_videolink.record.sheets import Cell
from pytest_videolink.record.text import clean
from pytest_videolink.record.times import Times, day_by
from pytest_videolink.record.values import DAY, FLAG, FULL_NAME, NAME, TIME, ZONE, Kind

_HIDDEN = re.compile(f"[{INVISIBLE}{BREAKS}]")
_ROUNDED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_WITH_ID = re.compile(r"(.*?)\s*\[\s*([^\[\]]*[^\[\]\s])\s*\]", re.DOTALL)
_ISO = re.compile("[0-9]{4}-")

AS_TEXT = "format the cell as text (Format Cells > Text), and type it again as it is shown there"


class Unfit(ValueError):
    """A cell that cannot be read; says why, and what to do. It follows the cell's heading."""


def node_of(cell: Cell, shape: Shape, position: Position, order: str, listed: Names | None) -> Node:
    """What a cell says, as the node that a document would have there.

    ``order`` is that of dates as text, ``listed`` what the PMS lists of what the cell is linked to.
    Raises :class:`Unfit`.
    """
    if shape in (LINK, LINKS, OWN_LINKS):
        return links_of(text_of(cell, listed), position, listed)
    if isinstance(shape, Many):
        return _several(text_of(cell), position)
    if shape == FLAG:
        return Node(position, _flag(cell))
    if shape in (TIME, DAY):
        return Node(position, _time(cell, shape == DAY, order))
    assert isinstance(shape, Kind)
    choices = shape.seen.get("enum") if shape.seen.get("type") == "string" else None
    if choices:
        said = text_of(cell, is_name=True)
        return Node(position, _CHOICES.get(re.sub(r"[\s-]+", "", said.casefold()), said))
    text = text_of(cell, listed, is_name=shape in (NAME, FULL_NAME, ZONE))
    with_id = _WITH_ID.fullmatch(text) if listed else None
    if with_id and with_id[2] in (listed.ids if listed else ()) and listed:
        return links_of(text, position, listed)
    return Node(position, text)


_CHOICES = {
    **{each: each for each in ("video", "phone", "automatic", "manual")},
    "inperson": "in-person",
}


# Texts


def text_of(cell: Cell, listed: Names | None = None, *, is_name: bool = False) -> str:
    """The text of a cell. A number counts where what is ``listed`` has it as an id.

    Raises :class:`Unfit`.
    """
    refuse_unsafe(cell)
    if cell.type == "number":
        shown = number_shown(cell)
        if listed is not None and shown in listed.ids:
            return shown
        if isinstance(cell.value, int | float) and abs(cell.value) >= 1e15:
            raise Unfit(f"is a number whose last digits a spreadsheet has lost; {AS_TEXT}")
        raise Unfit(
            f"is a number, which a spreadsheet keeps without the zeros in front of it; {AS_TEXT}"
        )
    if cell.type == "flag":
        raise Unfit(f"is TRUE or FALSE, and a text is expected; {AS_TEXT}")
    if cell.type == "date":
        raise Unfit(
            "is a date, which a spreadsheet makes of what looks like one (such as 3/4); " + AS_TEXT
        )
    return plain(str(cell.value), is_name=is_name)


def refuse_unsafe(cell: Cell) -> None:
    """Refuse a formula and an error. Raises :class:`Unfit`."""
    if cell.type == "formula":
        raise Unfit(
            "is a formula, and what it gives may change; copy the cell, and paste its value alone"
            " (Paste Special > Values)"
        )
    if cell.type == "error":
        raise Unfit(
            "is an error of the spreadsheet, such as #N/A; type what belongs there, or clear the"
            " cell"
        )


def number_shown(cell: Cell) -> str:
    """A number as it is typed: 18, though a program has made 18.0 of it, and 0018 where the cell
    shows it so.
    """
    value = cell.value
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    is_padded = text.isdigit() and re.fullmatch("0+", cell.format)
    return text.zfill(len(cell.format)) if is_padded else text


def plain(text: str, *, is_name: bool) -> str:
    """A text without outer space. Raises :class:`Unfit` for what only looks right."""
    bare = text.strip()
    hidden = _HIDDEN.search(bare)
    if hidden:
        raise Unfit(
            f"holds {called(hidden[0])}, which cannot be seen; clear the cell, type it anew"
        )
    try:
        cells.text_of(bare)
    except BadCell:
        raise Unfit(
            "is what a spreadsheet shows for an error, such as #N/A; type what belongs there"
        ) from None
    if is_name:
        return bare
    if _ROUNDED.fullmatch(bare) and re.search("[.,]|E[+-]", bare, re.IGNORECASE):
        raise Unfit(f"is a number that a spreadsheet has rounded; look it up again, and {AS_TEXT}")
    if re.fullmatch(r"[0-9]+\.0+", bare):
        raise Unfit(f"is a number such as 12.0, which a program has made of an id; {AS_TEXT}")
    if (bare != text and bare.isdigit()) or re.fullmatch(r"[0-9]+([^\S\n]+[0-9]+)+", bare):
        raise Unfit("is a number with spaces in it; type it without")
    return bare


def _several(text: str, position: Position) -> Node:
    if is_not_linked(text):
        return Node(position, [])
    return Node(position, [Node(position, each) for each in parts(text, ";,\n")])


def parts(text: str, between: str = ";") -> list[str]:
    return [part.strip() for part in re.split(f"[{between}]", text) if part.strip()]


# Links


def links_of(text: str, position: Position, listed: Names | None) -> Node:
    """A link: an id, a name, or a name with an id; several with semicolons between them.

    Raises :class:`Unfit`.
    """
    if listed is not None and listed.meant(text):
        return Node(position, text)
    several = parts(text)
    if len(several) > 1:
        return Node(position, [Node(position, _one(each, listed)) for each in several])
    split = parts(text, ",\n")
    if len(split) > 1 and all(_may_be_one(each, listed) for each in split):
        raise Unfit(f"holds several values; put semicolons between them: {'; '.join(split)}")
    one = _one(text, listed)
    if one != text and word(one) in NOT_LINKED:  # in brackets it is an id
        return Node(position, [Node(position, one)])
    return Node(position, one)


def _may_be_one(text: str, listed: Names | None) -> bool:
    if listed is None:
        return re.search("[0-9]", text) is not None
    match = _WITH_ID.fullmatch(text)
    return bool(listed.meant(text) or (match and match[2] in listed.ids))


def _one(text: str, listed: Names | None) -> str:
    """An id or a name as it stands, or the id of a name with an id."""
    match = _WITH_ID.fullmatch(text)
    if match is None or (listed is not None and listed.meant(text)):
        return text
    name, id = match.groups()
    if name and listed is not None and id in listed.ids:
        now = listed.ids[id]
        if now and folded(name) != folded(now):
            raise Unfit(
                f'names "{clean(name, 60)}", but {clean(id, 60)} is "{clean(now, 60)}" in the'
                " PMS's list; choose it again"
            )
    return id


# Flags and times


def _flag(cell: Cell) -> str:
    refuse_unsafe(cell)
    if cell.type == "flag":
        return "yes" if cell.value else "no"
    if cell.type == "date":
        raise Unfit("is a date, and yes or no is expected")
    text = number_shown(cell) if cell.type == "number" else str(cell.value).strip()
    try:
        return "yes" if flag_of(text) else "no"
    except BadCell:
        return text  # whoever reads it says what is wrong


def _time(cell: Cell, is_day: bool, order: str) -> str:
    refuse_unsafe(cell)
    expected = "a day such as 2026-12-31" if is_day else "a time such as 2026-11-23 08:30"
    if cell.type in ("number", "flag"):
        raise Unfit(f"is a number, and {expected} is expected; type it, or format the cell as one")
    if cell.type == "date":
        return _shown(cell, is_day, expected)
    text = str(cell.value).strip()
    if _ISO.match(text):
        return text
    orders = [each for each in ("dmy", "mdy") if day_by(each, text)]
    if order in orders:
        return _in_order(text, is_day, order)
    if orders and order == "iso":
        raise Unfit(
            f"is no date with its year first; write {expected}, or say in the sheet Clinic in which"
            " order dates are written"
        )
    return text


def _shown(cell: Cell, is_day: bool, expected: str) -> str:
    value = cell.value
    if not isinstance(value, date):
        raise Unfit(f"is a time of day without its day; write {expected}")
    if not isinstance(value, datetime):
        return value.isoformat()
    value = to_the_second(value)
    is_midnight = value.time() == time()
    if is_midnight and (is_day or "h" not in cell.format.lower()):
        return value.date().isoformat()
    return value.replace(tzinfo=None).isoformat(timespec="minutes" if not value.second else "auto")


def to_the_second(value: datetime) -> datetime:
    """A time without what counting in parts of a day has left of a second."""
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)


def _in_order(text: str, is_day: bool, order: str) -> str:
    day = day_by(order, text)
    assert day is not None
    if is_day:
        return f"{datetime(*day.date):%Y-%m-%d}{' ' if day.rest else ''}{day.rest}"
    try:
        found = Times(order, "clock", None).in_one(text)
    except BadCell as bad:
        raise Unfit(f"is no time: {bad.complaint.one}") from None
    has_offset = re.search(r"(Z|[+-][0-9]{2}:?[0-9]{2})$", text)
    return (found if has_offset else found.replace(tzinfo=None)).isoformat()
