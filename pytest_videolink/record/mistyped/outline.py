"""The lines of a clinic document as somebody typed them, right or not.

A parser gives up at the first mistake. Here every line is read by itself: how far it is indented,
which key it begins with, where that key belongs by the lines above, and what may be shown of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pytest_videolink.record.characters import DASHES, INVISIBLE, QUOTES
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.keys import Key, Many, keys_of

# Of a table that stands for a list; their classes read documents, and so are above this.
_TABLE = "csv xlsx sheet columns dates times encoding skip export"
_TABLES = {
    "appointments": "id practitioner pms_type created starts link seen_at modality status",
    "pms.practitioners": "id name active in_appointment_book",
    "pms.appointment_types": "id name active",
}


def _places() -> Iterator[tuple[str, frozenset[str]]]:
    yield from _below("", tuple(keys_of(Clinic).values()))
    for place, columns in _TABLES.items():
        yield place, frozenset(_TABLE.split())
        yield f"{place}.columns", frozenset(columns.split())
        yield f"{place}.skip", frozenset(columns.split())


def _below(place: str, keys: Sequence[Key]) -> Iterator[tuple[str, frozenset[str]]]:
    yield place, frozenset(key.name for key in keys)
    for key in keys:
        if key.keys:
            entry = "[]" if isinstance(key.shape, Many) else ""
            yield from _below(f"{place}.{key.name}{entry}".strip("."), key.keys)


KEYS_AT = dict(_places())
"""The keys of each place of a document; ``[]`` is an entry of a list."""

KEYS = frozenset[str]().union(*KEYS_AT.values())

LISTS = frozenset({"practitioners", "shares_database_with", "linked_to"})
"""Keys that may have a list of ids."""


_HEAD = re.compile(
    rf"(?P<indent>\s*)(?P<dashes>(?:- +)+|[-{DASHES}](?!-)[\s{INVISIBLE}]*)?"
    rf"[^\w\s#{{\[]*(?P<key>[A-Za-z_]\w*)?[\"'{QUOTES}{INVISIBLE}]*"
    r"(?P<sign>\s*(?::(?P<colon>\s|$)|[:=;\N{FULLWIDTH COLON}])|\s|$)?"
)
_APPOINTMENTS = re.compile(r"(?:^|[{,:])[^\w#]{0,40}appointments\b", re.I)
_BRACKETS = re.compile(
    r"""(?<![^\s,:\[{])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?<!\S)#.*|[\[\]{}]"""
)


class Level(NamedTuple):
    """Keys that stand below each other at one column, and the last of them."""

    column: int
    place: str | None
    key: str | None = None
    seen: frozenset[str] = frozenset()
    dash: int | None = None  # the column of the dashes below its last key

    def below(self, suffix: str = "") -> str | None:
        """The place below its last key, or ``None`` where nothing can stand there."""
        if self.place is None or self.key is None:
            return None
        place = f"{self.place}.{self.key}".strip(".") + suffix
        return place if place in KEYS_AT else None

    def takes(self, key: str | None) -> bool:
        """Whether a key may stand here and does not yet."""
        return self.place is not None and key in KEYS_AT[self.place] and key not in self.seen

    def with_key(self, key: str) -> Level:
        return self._replace(key=key, seen=self.seen | {key}, dash=None)


class Row(NamedTuple):
    """A line that holds something."""

    number: int  # from 0
    indent: str
    dashes: str
    key: str | None  # the key that it begins with, known or not
    levels: tuple[Level, ...]  # that are open above it
    of: str | None  # the key whose list an entry is in
    flow: bool  # it goes on with brackets that were opened above
    adrift: bool  # its key does not belong where it stands
    private: bool  # it is in the appointments
    shown: bool  # its value may be shown

    @property
    def start(self) -> int:
        """Where its key, or its entry, begins."""
        return len(self.indent) + len(self.dashes)


def outline(lines: Sequence[str]) -> list[Row]:
    """The lines of a document that hold something."""
    rows: list[Row] = []
    levels: tuple[Level, ...] = (Level(0, ""),)
    depth = 0
    private: int | None = None  # the column of the appointments, while they last
    for number, line in enumerate(lines):
        if not line.strip() or line.lstrip()[0] == "#" or line.startswith(("---", "...")):
            continue
        head = _HEAD.match(line)
        assert head is not None
        indent, dashes, key = head["indent"], head["dashes"] or "", _key(head)
        after, of, adrift = _placed(levels, len(indent), dashes, key)
        key = None if of == "linked_to" else key  # a name may begin like one
        if private is not None and len(indent) <= private and _begins_section(key) and not adrift:
            private = None
        if private is None and _APPOINTMENTS.search(line):
            private = len(indent)
        if depth and not adrift and key in KEYS and head["colon"] is not None:
            depth = 0  # brackets that somebody forgot to close
        shown = private is None and not depth and not adrift and (key in KEYS or of is not None)
        hidden = private is not None
        rows.append(
            Row(number, indent, dashes, key, levels, of, bool(depth), adrift, hidden, shown)
        )
        if not depth and not (adrift and any(level.takes(key) for level in levels)):
            levels = after
        depth = max(0, depth + opened(line[head.end() if depth == 0 else 0 :]))
    return rows


def _key(head: re.Match[str]) -> str | None:
    known = head["key"] in KEYS and head["sign"] is not None
    return head["key"] if known or head["colon"] is not None else None


def _begins_section(key: str | None) -> bool:
    # A name may be a patient's, of an appointment that lost its indentation.
    return key in KEYS_AT[""] - {"name", "appointments"}


def opened(text: str) -> int:
    """How many more brackets are opened in a text than closed."""
    found = _BRACKETS.findall(text)
    return sum(map(found.count, "[{")) - sum(map(found.count, "]}"))


def _placed(
    levels: tuple[Level, ...], column: int, dashes: str, key: str | None
) -> tuple[tuple[Level, ...], str | None, bool]:
    """The levels below a line, the key whose list it is in, and whether it is astray."""
    while levels[-1].column > column and len(levels) > 1:
        levels = levels[:-1]
    *above, top = levels
    if dashes:
        key = None if top.key == "linked_to" else key
        place = top.below("[]")
        known = place is not None or (top.place is not None and top.key in LISTS)
        adrift = top.dash not in (None, column) or (not known and key is not None)
        after = (*above, top._replace(dash=column if top.dash is None else top.dash))
        if key is None:
            return after, top.key if known else None, adrift
        entry = Level(column + max(2, len(dashes)), place)
        return (*after, entry.with_key(key)), None, adrift or not entry.takes(key)
    if key is None:
        return levels, None, False
    if top.column == column:
        return (*above, top.with_key(key)), None, not top.takes(key)
    inner = Level(column, top.below())
    return (*levels, inner.with_key(key)), None, not inner.takes(key)
