"""The sheets of a clinic's workbook and the headings of their cells, made of the keys alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.grid import folded
from pytest_videolink.record.keys import Key, Many, keys_of
from pytest_videolink.record.values import Kind

START, CLINIC, OFFERS = "Start here", "Clinic", "Offers"
VERSION_OF = "Version of the format"
SETTING, ANSWER, WHERE = "Setting", "Answer", "Where to look"
"""The headings of the sheet of the clinic itself, where each setting has a row."""

DATE_ORDER = "Date order"
DATE_ORDERS: Mapping[str, str] = {
    **dict.fromkeys(("iso", "yearfirst", "ymd", "yyyymmdd"), "iso"),
    **dict.fromkeys(("dmy", "dayfirst", "ddmmyyyy"), "dmy"),
    **dict.fromkeys(("mdy", "monthfirst", "mmddyyyy"), "mdy"),
}
"""What may be answered where the date order is asked, folded."""

DATE_ORDER_IS = (
    "How dates that stand as text are written: year first (2026-11-24), day first (24/11/2026) or"
    " month first. Blank: year first. Cells that hold a date need no order."
)

OFFERED_BY = "Offered by"
EVERYONE = "Everyone else"
OFFERED_IS = (
    "Down here, a row for each practitioner: the name in the sheet Practitioners. To the right, in"
    " the first row, a column for each type: the name in the sheet Appointment types."
)
OFFERS_IS = (
    "yes or no; none or another PMS appointment type, where this practitioner has a link of their"
    " own."
)


class Setting(NamedTuple):
    """A value of the clinic itself: its path, and its heading."""

    path: tuple[str, ...]
    key: Key
    heading: str


class Table(NamedTuple):
    """A sheet in which each row is an entry of a list."""

    sheet: str
    path: tuple[str, ...]
    columns: tuple[Key, ...]

    @property
    def is_private(self) -> bool:
        """Whether none of its values may be shown."""
        return self.path == ("appointments",)

    @property
    def has_made_ids(self) -> bool:
        """Whether the ids of its entries are made of their names, where they are blank."""
        return self.path in (("practitioners",), ("appointment_types",))


_TITLES = {
    "Practitioners": ("practitioners",),
    "Appointment types": ("appointment_types",),
    "PMS practitioners": ("pms", "practitioners"),
    "PMS types": ("pms", "appointment_types"),
    "Waivers": ("waivers",),
    "Appointments": ("appointments",),
}
SHEETS = (
    *(START, CLINIC, "Practitioners", "Appointment types", OFFERS),
    *("PMS practitioners", "PMS types", "Waivers", "Appointments"),
)
"""The sheets of a workbook, in their order."""


@cache
def settings() -> tuple[Setting, ...]:
    """What is asked of the clinic itself."""
    return tuple(_settings(keys_of(Clinic), ()))


def _settings(keys: Mapping[str, Key], above: tuple[str, ...]) -> Iterator[Setting]:
    for key in keys.values():
        path = (*above, key.name)
        if _is_cell(key) and path not in (("videolink",), ("clinic",)):
            yield Setting(path, key, key.heading)
        elif key.part and not isinstance(key.shape, Many):
            yield from _settings(keys_of(key.part.of), path)


def _is_cell(key: Key) -> bool:
    """Whether a value fits into a cell."""
    shape: Any = key.shape.each if isinstance(key.shape, Many) else key.shape
    return isinstance(shape, Kind)


@cache
def tables() -> tuple[Table, ...]:
    """The sheets in which each row is an entry of a list. Ids that are made come last."""
    found = []
    for sheet, path in _TITLES.items():
        keys: Mapping[str, Key] = keys_of(Clinic)
        for name in path:
            keys = {key.name: key for key in keys[name].keys}
        table = Table(sheet, path, tuple(filter(_is_cell, keys.values())))
        if table.has_made_ids:
            ids = [key for key in table.columns if key.name == "id"]
            rest = [key for key in table.columns if key.name != "id"]
            table = table._replace(columns=(*rest, *ids))
        found.append(table)
    return tuple(found)


def hint_of(key: Key) -> str:
    """What stands under, or beside, a heading: where to look."""
    return key.description.replace("[]", "none")


def is_hint(said: str, hint: str) -> bool:
    """Whether a cell holds what stands under its heading."""
    return folded(said) == folded(hint)
