"""A clinic's workbook to fill in, with what is recorded of it already; made of the keys alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pytest_videolink.record import layout
from pytest_videolink.record.book import ROWS, Sheet, write
from pytest_videolink.record.grid import folded
from pytest_videolink.record.keys import Key, Many
from pytest_videolink.record.known import Names
from pytest_videolink.record.layout import Table
from pytest_videolink.record.node import Plain
from pytest_videolink.record.not_ids import NOT_LINKED, is_not_linked, word
from pytest_videolink.record.offers import may_be_id
from pytest_videolink.record.typed import parts
from pytest_videolink.record.values import FLAG, VERSION, Kind, is_open

STEPS = (
    "Fill in Clinic, Practitioners, Appointment types and Offers from what the Dashboard and the"
    " practice management system (PMS) show. Under each heading stands where to look.",
    "Type ids as the PMS shows them, with the zeros in front. Write yes or no; none where there is"
    " no link; a semicolon between several. Lists to choose from only suggest.",
    "Leave blank what you cannot find out: it counts as not recorded. What is marked has to be"
    " filled in.",
    "Sort, filter, hide and insert rows as you like. Do not rename headings or sheets, merge cells"
    " or write formulas.",
    "Write nothing of a patient anywhere, not even a name.",
    "At last fill in when the record was read (Clinic), save the file as an Excel workbook (.xlsx),"
    " and send it back. It is checked with: {command}",
)

_CHOICES = {
    "yes_no": ("yes", "no"),
    "modalities": ("video", "phone", "in-person"),
    "approvals": ("automatic", "manual"),
    "date_orders": ("year first", "day first", "month first"),
    "offers": ("yes", "no", "none"),
}
_WIDE = {
    "name": 30,
    "id": 24,
    "reason": 40,
    "linked_to": 34,
    "on": 34,
    **dict.fromkeys(("changed_at", "created", "starts", "seen_at"), 27),
}

_Row = list[str]


def render(id: str, recorded: Mapping[str, Any], command: str) -> bytes:
    """The workbook of a clinic, by what is recorded of it, as a document's plain values.

    Raises :class:`~pytest_videolink.record.book.NoLibrary`.
    """
    filled = _Filled(recorded)
    sheets = [_start(command), filled.clinic()]
    tables = {table.sheet: table for table in layout.tables()}
    for name in layout.SHEETS[2:]:
        sheets.append(filled.offers() if name == layout.OFFERS else filled.table(tables[name]))
    return write(sheets, dict(_ranges()), id)


def _start(command: str) -> Sheet:
    steps = [[f"{number}.", step.format(command=command)] for number, step in enumerate(STEPS, 1)]
    rows: list[_Row] = [
        ["", "A clinic's settings for video appointments"],
        *steps,
        [],
        ["", layout.VERSION_OF, VERSION],
        [],
        ["", "Words to choose from", *(name.replace("_", " ") for name in _CHOICES)],
    ]
    for place in range(max(map(len, _CHOICES.values()))):
        rows.append(
            ["", "", *(words[place] if place < len(words) else "" for words in _CHOICES.values())]
        )
    return Sheet(name=layout.START, rows=rows, widths=(4, 90, 14, 14, 14, 14, 14), frozen_columns=0)


def _ranges() -> Iterator[tuple[str, str]]:
    """Where the texts of each list of choices stand."""
    first = 1 + len(STEPS) + 4
    for column, (name, words) in enumerate(_CHOICES.items()):
        letter = chr(ord("C") + column)
        yield name, f"'{layout.START}'!${letter}${first + 1}:${letter}${first + len(words)}"
    for name, sheet in (
        ("our_practitioners", "Practitioners"),
        ("our_types", "Appointment types"),
        ("pms_practitioners", "PMS practitioners"),
        ("pms_types", "PMS types"),
    ):
        table = next(table for table in layout.tables() if table.sheet == sheet)
        column = next(at for at, key in enumerate(table.columns) if key.name == "name")
        letter = chr(ord("A") + column)
        yield name, f"'{sheet}'!${letter}$3:${letter}${ROWS}"


def _choice(table: Sequence[str], key: Key) -> str:
    """The choices for a value, where there are such."""
    if key.shape == FLAG:
        return "yes_no"
    enum = key.shape.seen.get("enum") if isinstance(key.shape, Kind) else None
    named = next((name for name, words in _CHOICES.items() if list(words) == enum), "")
    linked = {
        ("practitioners", "linked_to"): "pms_practitioners",
        ("appointment_types", "linked_to"): "pms_types",
        ("appointments", "practitioner"): "our_practitioners",
        ("appointments", "pms_type"): "pms_types",
    }
    return named or linked.get((table[0], key.name), "")


class _Filled:
    """The sheets of a clinic, with what is recorded."""

    def __init__(self, recorded: Mapping[str, Any]) -> None:
        self._recorded = recorded
        pms = recorded.get("pms") or {}
        self._listed = {
            "practitioners": _named(pms.get("practitioners")),
            "appointment_types": _named(pms.get("appointment_types")),
        }
        self._profiles = _named(recorded.get("practitioners"))
        self._types = _named(recorded.get("appointment_types"))

    def clinic(self) -> Sheet:
        rows = [[layout.SETTING, layout.ANSWER, layout.WHERE]]
        choices, needed = {}, []
        for setting in layout.settings():
            value: Any = self._recorded
            for step in setting.path:
                value = value.get(step) if isinstance(value, dict) else None
            rows.append(
                [setting.heading, self._cell(setting.key, value), layout.hint_of(setting.key)]
            )
            choice = _choice(setting.path, setting.key)
            if choice:
                choices[len(rows)] = choice
            if setting.key.required:
                needed.append(len(rows))
        rows.append([layout.DATE_ORDER, "", layout.DATE_ORDER_IS])
        choices[len(rows)] = "date_orders"
        return Sheet(
            name=layout.CLINIC,
            rows=rows,
            widths=(34, 40, 80),
            answers=2,
            row_choices=choices,
            row_needed=needed,
        )

    def table(self, table: Table) -> Sheet:
        rows = [
            [key.heading for key in table.columns],
            [layout.hint_of(key) for key in table.columns],
        ]
        entries: Any = self._recorded
        for step in table.path:
            entries = entries.get(step) if isinstance(entries, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            rows.append([self._cell(key, entry.get(key.name), table) for key in table.columns])
        choices = {
            at: choice
            for at, key in enumerate(table.columns, 1)
            if (choice := _choice(table.path, key))
        }
        is_made = ["id"] if table.has_made_ids else []
        return Sheet(
            name=table.sheet,
            rows=rows,
            widths=[
                _WIDE.get(key.name, max(18, len(key.heading) // 2 + 4)) for key in table.columns
            ],
            hints=1,
            choices=choices,
            needed=[
                at
                for at, key in enumerate(table.columns, 1)
                if key.required and key.name not in is_made
            ],
        )

    def _cell(self, key: Key, value: Plain, table: Table | None = None) -> str:
        """A value as it is typed into a cell."""
        if value is None:
            return ""
        if key.name == "linked_to" and table is not None:
            return self._link(value, self._listed[table.path[-1]])
        if isinstance(key.shape, Many):
            return ("; ".join(map(str, value)) or "none") if isinstance(value, list) else str(value)
        text = str(value)
        if key.shape == FLAG and text.lower() in ("true", "on", "false", "off"):
            return "yes" if text.lower() in ("true", "on") else "no"
        return text

    def _link(self, value: Plain, listed: Names) -> str:
        if isinstance(value, list):
            return "; ".join(self._one(str(each), listed, alone=False) for each in value) or "none"
        return (
            "none" if is_not_linked(str(value)) and value != "NA" else self._one(str(value), listed)
        )

    def _one(self, text: str, listed: Names, *, alone: bool = True) -> str:
        """An id with the name that it has, so that people see whom it means."""
        if listed.ids.get(text):
            return f"{listed.ids[text]} [{text}]"
        return f"[{text}]" if not alone and word(text) in NOT_LINKED else text

    def offers(self) -> Sheet:
        """Who offers what: a column for each type, a row for each practitioner."""
        types = self._entries("appointment_types")
        rows: list[_Row] = [[layout.OFFERED_BY], [layout.OFFERED_IS], [layout.EVERYONE]]
        rows += [[_called(id, self._profiles)] for id in self._profiles.ids]
        for each in types:
            answers = self._answers(each.get("practitioners"))
            cells = [_called(str(each.get("id")), self._types), layout.OFFERS_IS]
            cells += [answers.get(id, "") for id in ("", *self._profiles.ids)]
            for row, cell in zip(rows, cells, strict=True):
                row.append(cell)
        spare = max(6 - len(types), 1)
        return Sheet(
            name=layout.OFFERS,
            rows=rows,
            widths=(34, *(26 for _ in range(len(types) + spare))),
            hints=1,
            choices={1: "our_practitioners"}
            | dict.fromkeys(range(2, 2 + len(types) + spare), "offers"),
        )

    def _answers(self, offered: Any) -> dict[str, str]:
        """What stands in a type's column, by practitioner; under nobody's id for the others."""
        if offered is None:
            return {}
        if isinstance(offered, str):
            return {"": "yes"}
        answers = {"": "no"}
        for each in offered:
            id, own = (
                (each.get("id"), each.get("linked_to")) if isinstance(each, dict) else (each, None)
            )
            meant = self._profiles.meant(str(id))
            who = meant[0] if len(meant) == 1 else str(id)
            answers[who] = "yes" if own is None else self._own(own)
        return answers

    def _own(self, link: Plain) -> str:
        """A link of one's own, which nobody takes for an answer to whether they offer it."""
        listed = self._listed["appointment_types"]
        said = self._link(link, listed)
        if listed.ids or said == "none":
            return said
        return "; ".join(each if may_be_id(each) else f"[{each}]" for each in parts(said))

    def _entries(self, key: str) -> list[dict[str, Any]]:
        entries = self._recorded.get(key)
        return entries if isinstance(entries, list) else []


def _called(id: str, known: Names) -> str:
    """How the head of a row or column names somebody or something."""
    name = known.ids.get(id, "")
    if is_open(name):
        return id  # which stays, when the name is replaced
    is_clear = name and known.meant(name) == [id] and folded(name) != folded(layout.EVERYONE)
    return name if is_clear else f"{name} [{id}]" if name else id


def _named(entries: Any) -> Names:
    return Names(_ids_and_names(entries if isinstance(entries, list) else ()))


def _ids_and_names(entries: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if isinstance(entry, dict) and entry.get("id"):
            yield str(entry["id"]), str(entry.get("name") or "")
