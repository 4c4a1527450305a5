"""What a document says of a table that it names: where it is, and what its columns hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from pytest_videolink.record import exports
from pytest_videolink.record.document import Node, Position, Problem
from pytest_videolink.record.exports import EXPORTS, Export
from pytest_videolink.record.grid import ENCODINGS, encoding_of
from pytest_videolink.record.handed import Handed
from pytest_videolink.record.keys import Part, optional
from pytest_videolink.record.named_table import Reference
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.table import DAY_SHEET, PMS_LIST, Declaration, Kind
from pytest_videolink.record.text import clean, hint_or_all
from pytest_videolink.record.times import DATES, TIMES
from pytest_videolink.record.tree import place
from pytest_videolink.record.values import SEEN_AS_TEXT, TEXT, Wrong, choice
from pytest_videolink.record.values import Kind as Value

Columns: TypeAlias = tuple[str, ...]
"""The names of the columns that hold a value together."""

MAX_JOINED = 10


# How what is said of a table is read


def _texts(value: object, expected: str) -> tuple[str, ...]:
    """A text, or the texts of a list, none of them blank."""
    several = [node.value for node in value] if isinstance(value, list) else [value]
    texts = tuple(text for text in several if isinstance(text, str) and text.strip())
    if not texts or len(texts) < len(several):
        raise Wrong(expected)
    return texts


def _columns(most: int, expected: str) -> Value:
    def read(value: object, _: object) -> Columns:
        names = _texts(value, expected)
        if len(names) > most:
            raise Wrong(expected)
        return names

    several = {"items": SEEN_AS_TEXT, "minItems": 1, "maxItems": most, "type": "array"}
    return Value(read, {"anyOf": [SEEN_AS_TEXT, several]})


COLUMN = _columns(MAX_JOINED, "expected the name of a column, or a list of names to be joined")
TIME_COLUMN = _columns(2, "expected a column, or two: that of the day, and that of the time of day")


def _skip(value: object, _: object) -> Mapping[str, tuple[str, ...]]:
    expected = "expected keys of columns, each with the texts of the rows to be left out"
    if not isinstance(value, dict):
        raise Wrong(expected)
    skipped = {}
    for name, (_at, node) in value.items():
        nodes = node.value if isinstance(node.value, list) else [node]
        texts = tuple(each.value for each in nodes if isinstance(each.value, str))
        if not texts or len(texts) < len(nodes):
            raise Wrong(expected)
        skipped[name] = texts
    return skipped


_SKIPPED = {"type": ["string", "number", "boolean"]}
SKIP = Value(
    _skip,
    {
        "additionalProperties": {
            "anyOf": [_SKIPPED, {"items": _SKIPPED, "minItems": 1, "type": "array"}]
        },
        "type": "object",
    },
)


def _encoding(value: object, _: object) -> str:
    known = encoding_of(value) if isinstance(value, str) else None
    if known is None:
        raise Wrong(f"expected one of {', '.join(ENCODINGS)}")
    return known


ENCODING = Value(_encoding, {"type": "string"})


def _export(lists: str) -> Value:
    profiles = {name: each for name, each in EXPORTS.items() if each.lists == lists}

    def read(value: object, _: object) -> Export:
        if not isinstance(value, str):
            raise Wrong("expected the name of an export")
        name = value.strip().casefold()
        if name in profiles:
            return profiles[name]
        if name in EXPORTS:
            raise Wrong(
                f"that export lists {EXPORTS[name].lists.replace('_', ' ')}; known here:"
                f" {', '.join(profiles)}"
            )
        raise Wrong(exports.no_such_export(value))

    return Value(read, {"enum": list(profiles), "type": "string"})


# Tables


@dataclass(frozen=True, kw_only=True)
class SheetColumns:
    """Which column of the day sheet holds what, or which columns together; others are not read."""

    id: Columns | None = optional(
        COLUMN,
        "The column with the appointment's id, never that of the patient's. Left out: one is made"
        " of start and practitioner.",
    )
    practitioner: Columns | None = optional(
        COLUMN, "The column with the practitioner: an id of the PMS, that of a profile, or a name."
    )
    pms_type: Columns | None = optional(
        COLUMN, "The column with the PMS appointment type: its id, or its name in the PMS's list."
    )
    created: Columns | None = optional(TIME_COLUMN, "The column with the time of booking.")
    starts: Columns | None = optional(
        TIME_COLUMN, "The column with the start, or those with its day and its time of day."
    )
    link: Columns | None = optional(
        COLUMN, "The column that says whether there is a video link: an address, yes, no or empty."
    )
    seen_at: Columns | None = optional(TIME_COLUMN, "The column with when the link was looked for.")
    modality: Columns | None = optional(COLUMN, "The column with video, phone or in-person.")
    status: Columns | None = optional(
        COLUMN, "A column that is there for skip alone, such as that of what was cancelled."
    )


@dataclass(frozen=True, kw_only=True)
class PractitionerColumns:
    """Which column of the list holds what, or which columns together; others are not read."""

    id: Columns | None = optional(COLUMN, "The column with the practitioner's id in the PMS.")
    name: Columns | None = optional(
        COLUMN, "The column with the name, or those that make it: [Title, Firstname, Surname]."
    )
    active: Columns | None = optional(COLUMN, "The column with whether the PMS user is active.")
    in_appointment_book: Columns | None = optional(
        COLUMN, "The column with Has appointments (Best Practice) or Use (Pracsoft)."
    )


@dataclass(frozen=True, kw_only=True)
class TypeColumns:
    """Which column of the list holds what, or which columns together; others are not read."""

    id: Columns | None = optional(COLUMN, "The column with the appointment type's id in the PMS.")
    name: Columns | None = optional(COLUMN, "The column with its name.")
    active: Columns | None = optional(COLUMN, "The column with whether the PMS still offers it.")


@dataclass(frozen=True, kw_only=True)
class _Named:
    csv: str | None = optional(
        TEXT,
        "An export as CSV: a path from this file, inside the folder of the clinic files.",
    )
    xlsx: str | None = optional(TEXT, "The same as a workbook of Excel, in place of csv.")
    sheet: str | None = optional(TEXT, "Which sheet of the workbook. Left out: the first.")
    encoding: str | None = optional(
        ENCODING, "How a CSV file is written that is not Unicode, such as cp1252."
    )
    skip: Mapping[str, tuple[str, ...]] | None = optional(
        SKIP, "Rows to be left out, by the text of a column: {status: [Cancelled]}."
    )


@dataclass(frozen=True, kw_only=True)
class DaySheet(_Named):
    """Appointments from an export of the PMS's appointment book."""

    export: Export | None = optional(
        _export("appointments"), "A known export, which gives columns, dates and times."
    )
    columns: SheetColumns | None = optional(Part(SheetColumns), "The names of the columns to read.")
    dates: str | None = optional(
        choice(*DATES), "The order in which days are written: iso (2026-11-24), dmy or mdy."
    )
    times: str | None = optional(
        choice(*TIMES), "How times of day are written: clock, or seconds after midnight."
    )


@dataclass(frozen=True, kw_only=True)
class PractitionerTable(_Named):
    """What the PMS lists, from an export of its users."""

    export: Export | None = optional(
        _export("practitioners"), "A known export, which gives the columns."
    )
    columns: PractitionerColumns | None = optional(
        Part(PractitionerColumns), "The names of the columns to read."
    )


@dataclass(frozen=True, kw_only=True)
class TypeTable(_Named):
    """What the PMS lists, from an export of its appointment types."""

    export: Export | None = optional(
        _export("appointment_types"), "A known export, which gives the columns."
    )
    columns: TypeColumns | None = optional(Part(TypeColumns), "The names of the columns to read.")


Named: TypeAlias = DaySheet | PractitionerTable | TypeTable


_KINDS: Mapping[type, Kind] = {
    DaySheet: DAY_SHEET,
    PractitionerTable: PMS_LIST,
    TypeTable: PMS_LIST,
}


def reference(
    of: str, named: Named, node: Node, at: Position, handed: Handed | None
) -> tuple[Reference | None, list[Problem]]:
    """How a table is to be read, or what keeps one from knowing that."""
    kind = _KINDS[type(named)]
    assert isinstance(node.value, dict)
    positions = {name: place(name, *there) for name, there in node.value.items()}
    columns: dict[str, Columns] = {**(named.export.columns if named.export else {})}
    columns |= {
        each.name: names
        for each in (fields(named.columns) if named.columns else ())
        if (names := getattr(named.columns, each.name)) is not None
    }
    problems = [
        Problem(said, positions.get(key, at), key) for key, said in _faults(named, kind, columns)
    ]
    if problems:
        return None, problems
    file = "xlsx" if named.csv is None else "csv"
    options: dict[str, Any] = {"encoding": named.encoding, "skip": named.skip or {}}
    for name in ("dates", "times"):
        known = getattr(named.export, name) if named.export else None
        if getattr(named, name, None) or known:
            options[name] = getattr(named, name, None) or known
    return Reference(
        of=of,
        key=file,
        path=getattr(named, file),
        sheet=named.sheet,
        kind=kind,
        declaration=Declaration(columns, **options),
        handed=handed,
    ), []


def _faults(named: Named, kind: Kind, columns: Mapping[str, Columns]) -> Iterator[tuple[str, str]]:
    """What is wrong with what is said of a table, by the key below it that is at fault."""
    if (named.csv is None) == (named.xlsx is None):
        are = "is missing" if named.csv is None else "and xlsx exclude each other"
        yield "csv", f"csv {are}: name one file, with csv or with xlsx"
    for key, given in (("sheet", named.sheet), ("encoding", named.encoding)):
        if given is not None and (named.csv is None) == (key == "encoding"):
            other = "xlsx" if key == "sheet" else "csv"
            yield key, f"{key} says something of a table that is named with {other}"
    lacking = exports.lacking(kind.required, columns)
    if lacking:
        yield "columns", lacking
    if isinstance(named, DaySheet) and any(map(exports.holds_patients_id, columns.get("id", ()))):
        name = clean(" + ".join(columns["id"]))
        yield (
            "columns",
            (f"id is {name}, which is the patient's: name the appointment's own, or leave id out"),
        )
    for name in named.skip or ():
        if name not in columns:
            how = f"name its column there, as {clean(name)}: HEADER OF THE COLUMN"
            said = f"skip names {clean(name)}, which is no key of columns: {how}"
            yield "skip", f"{said}; {hint_or_all(name, columns)}"
