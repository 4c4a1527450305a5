"""What a cell of a table says: an id, a name, a flag, whether there is a link.

What people and their software ordinarily write is read for what it means. What has no safe meaning
is refused: nothing is guessed, and no message holds anything of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pytest_videolink.record.characters import INVISIBLE


class Complaint(NamedTuple):
    """What is wrong with a cell.

    ``one`` follows "row 2, column Start:", and ``many`` "24 rows such as row 2". ``remedies`` are
    the declarations under which the cell would read, such as ``dates: dmy``.
    """

    one: str
    many: str
    remedies: frozenset[str] = frozenset()


class BadCell(ValueError):
    """A cell that cannot be read. ``column`` says which, where a value stands in several."""

    def __init__(self, complaint: Complaint, column: int | None = None) -> None:
        super().__init__(complaint.one)
        self.complaint = complaint
        self.column = column


def of_cell(cell: str, complaint: Complaint) -> Complaint:
    """What is wrong with a cell, and whether it may be for a character that nobody sees."""
    if cell.isascii() or not re.search(f"[{INVISIBLE}]", cell):
        return complaint
    unseen = "a character that cannot be seen: type it anew"
    one, many, remedies = complaint
    return Complaint(f"{one}; it holds {unseen}", f"{many}; they hold {unseen}", remedies)


EMPTY = Complaint("is empty", "are empty")

FORMULA, MERGED = "\0=", "\0:"
"""What stands for a cell of a workbook of which it cannot be told what it says, as no text can."""

_UNTOLD = {
    FORMULA: Complaint(
        "is a formula, and what it gives may change; paste its value alone, or export again",
        "are formulas, and what they give may change; paste their values alone, or export again",
    ),
    MERGED: Complaint(
        "is merged with a cell beside it; unmerge them, and fill each of them in",
        "are merged with a cell beside them; unmerge them, and fill each of them in",
    ),
}


def untold(text: str) -> Complaint | None:
    """Why it cannot be told what a cell says, or one of several that are joined."""
    return next((why for mark, why in _UNTOLD.items() if mark in text), None)


MEMORY = 1_000
"""How many texts of a column are remembered with what they say: most columns hold fewer."""


# Ids and names

_FAILED = re.compile(r"#[^\W\d_][\w/]*[!?]|#N/A|#+|Err:[0-9]+", re.IGNORECASE)
_ROUNDED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?E[+-][0-9]+", re.IGNORECASE)
_DIGIT = re.compile("[0-9]")
_DECIMAL = re.compile(r"[0-9]+\.0+")

_IS_FAILED = Complaint(
    "holds what a spreadsheet shows for a cell that it could not work out, such as #N/A",
    "hold what a spreadsheet shows for a cell that it could not work out, such as #N/A",
)
_IS_ROUNDED = Complaint(
    "is a number that a spreadsheet has rounded, such as 5.14811E+17; export again, and open it"
    " with the column as text",
    "are numbers that a spreadsheet has rounded, such as 5.14811E+17; export again, and open it"
    " with the column as text",
)
_IS_DECIMAL = Complaint(
    "is a number such as 12.0, which a program has made of an id; export again, and keep the"
    " column as text",
    "are numbers such as 12.0, which a program has made of ids; export again, and keep the column"
    " as text",
)
_HAS_NO_DIGIT = Complaint(
    "expected the id of an appointment, which holds a digit", "hold no digit, as ids do"
)


def text_of(cell: str) -> str:
    """A name as it stands; what a spreadsheet shows for an error is none.

    Raises :class:`BadCell`.
    """
    if cell[:1] in "#eE" and _FAILED.fullmatch(cell):
        raise BadCell(_IS_FAILED)
    if "\0" in cell and (why := untold(cell)):
        raise BadCell(why)
    return cell


def joined(parts: Iterable[str]) -> str:
    """What stands in several cells as one text; one that shows an error stands for all of them."""
    filled = [part for part in parts if part]
    return next(filter(_is_failed, filled), " ".join(filled))


def _is_failed(cell: str) -> bool:
    # A number sign alone is a text where other cells stand beside it, as in "Room", "#", "3".
    return cell[:1] in "#eE" and cell != "#" and _FAILED.fullmatch(cell) is not None


def id_of(cell: str) -> str:
    """An id as it stands, unless a program has rounded it. Raises :class:`BadCell`."""
    if cell[-1:].isdigit():  # as what is refused here ends with one
        if _ROUNDED.fullmatch(cell):
            raise BadCell(_IS_ROUNDED)
        if _DECIMAL.fullmatch(cell):
            raise BadCell(_IS_DECIMAL)
    return text_of(cell)


def appointment_id_of(cell: str) -> str:
    """An appointment's id. What holds no digit may be a name. Raises :class:`BadCell`."""
    id = id_of(cell)
    if not _DIGIT.search(id):
        raise BadCell(_HAS_NO_DIGIT)
    return id


# Words

YES = frozenset(("yes", "y", "true", "1", "on", "active", "ticked", "x"))
NO = frozenset(("no", "n", "false", "0", "off", "inactive"))
NO_LINK = NO | {"none", "n/a", "na", "nil", "-", "\N{EN DASH}", "\N{EM DASH}"}

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MODALITIES = {"video": "video", "phone": "phone", "inperson": "in-person"}

_IS_NO_FLAG = Complaint(
    "expected yes or no (or true, false, on, off, 1, 0, active, inactive, ticked)",
    "say neither yes nor no",
)
_IS_NO_LINK = Complaint(
    "expected an address, yes, no, or nothing", "hold neither an address nor yes or no"
)
_IS_NO_MODALITY = Complaint(
    "expected video, phone or in-person", "are neither video nor phone nor in-person"
)


def flag_of(cell: str) -> bool:
    """Whether a cell says yes. Raises :class:`BadCell`."""
    word = cell.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadCell(of_cell(cell, _IS_NO_FLAG))


def link_of(cell: str) -> bool:
    """Whether a cell says that there is a link: by its address, or in a word.

    Raises :class:`BadCell`.
    """
    word = cell.casefold()
    if word in YES or _ADDRESS.fullmatch(cell):
        return True
    if word in NO_LINK:
        return False
    raise BadCell(of_cell(cell, _IS_NO_LINK))


def modality_of(cell: str) -> str:
    """``video``, ``phone`` or ``in-person``. Raises :class:`BadCell`."""
    try:
        return _MODALITIES[re.sub(r"[\s-]+", "", cell.casefold())]
    except KeyError:
        raise BadCell(of_cell(cell, _IS_NO_MODALITY)) from None


_GONE = {
    "".join(status.split()).casefold(): status
    for status in (
        *("Cancelled", "Canceled", "Cancelled by patient", "Cancelled by practice", "Deleted"),
        *("Did not attend", "Didn't attend", "Did not arrive", "Failed to attend"),
        *("Not attended", "No show", "No-show", "DNA", "FTA"),
    )
}


def gone_of(cell: str) -> str | None:
    """The usual word for an appointment that was cancelled or not attended, if a status is one."""
    return _GONE.get("".join(cell.split()).casefold())
