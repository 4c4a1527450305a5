"""The JSON Schema of a clinic document, by which an editor completes and checks it.

``python -m pytest_videolink.record.editor clinic.schema.json`` writes it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pytest_videolink.record.clinic import Appointment, Clinic
from pytest_videolink.record.declared import (
    DaySheet,
    PractitionerColumns,
    PractitionerTable,
    SheetColumns,
    TypeColumns,
    TypeTable,
)
from pytest_videolink.record.keys import Key, Part, Shape, keys_of
from pytest_videolink.record.pms import PmsAppointmentType, PmsPractitioner
from pytest_videolink.record.values import Kind

_BLANK = {"type": ["string", "null"], "pattern": r"^\s*$"}

_TABLES: dict[type, type] = {
    Appointment: DaySheet,
    PmsPractitioner: PractitionerTable,
    PmsAppointmentType: TypeTable,
}
"""What the entries of a list may come of instead."""

_COLUMNS = "Which column of {} holds what, or which columns together; others are not read."
_DESCRIBED: dict[type, str] = {  # not their docstrings, which python -OO drops
    Clinic: "A clinic document.",
    DaySheet: "Appointments from an export of the PMS's appointment book.",
    SheetColumns: _COLUMNS.format("the day sheet"),
    PractitionerTable: "What the PMS lists, from an export of its users.",
    PractitionerColumns: _COLUMNS.format("the list"),
    TypeTable: "What the PMS lists, from an export of its appointment types.",
    TypeColumns: _COLUMNS.format("the list"),
}

_NAMES: dict[type, str] = {PmsAppointmentType: "PmsTypeEntry"}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a clinic document as an editor sees it.

    It takes every document that can be read here, and not all that cannot: ids that stand twice,
    for instance, are beyond it.
    """
    parts: dict[str, Any] = {}
    tables = ([Part(table), *_parts(table)] for table in _TABLES.values())
    for found in (_parts(Clinic), *tables):
        parts |= sorted((_name(part.of), _entry(part)) for part in found)
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**dialect, **_keys(Clinic), "$defs": parts}


def schema_text() -> str:
    """The schema as a file has it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _parts(cls: type) -> Iterator[Part]:
    """The parts below a class."""
    for key in keys_of(cls).values():
        if key.part:
            yield key.part
            yield from _parts(key.part.of)


def _name(cls: type) -> str:
    return _NAMES.get(cls, f"{cls.__name__}Entry")


def _entry(part: Part) -> dict[str, Any]:
    keys = _keys(part.of)
    return {"anyOf": [*_choices(keys_of(part.of)[part.bare].shape), keys]} if part.bare else keys


def _keys(cls: type) -> dict[str, Any]:
    keys = keys_of(cls)
    required = [name for name, key in keys.items() if key.required]
    return _sorted(
        {
            "type": "object",
            **({"description": _DESCRIBED[cls]} if cls in _DESCRIBED else {}),
            "properties": {name: _property(key) for name, key in keys.items()},
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }
    )


def _property(key: Key) -> dict[str, Any]:
    described = {"title": key.title} if key.title else {}
    described["description"] = key.description
    choices = list(_choices(key.shape))
    if not key.required:
        return {**described, "anyOf": [*choices, _BLANK]}
    return _sorted({**described, **_any_of(choices)})


def _choices(shape: Shape) -> Iterator[dict[str, Any]]:
    """What a value may be."""
    if isinstance(shape, Kind):
        yield from shape.seen.get("anyOf", [shape.seen])
    elif isinstance(shape, Part):
        yield {"$ref": f"#/$defs/{_name(shape.of)}"}
    else:
        if shape.word:
            yield {"const": shape.word}
        yield {"items": _any_of(_choices(shape.each)), "type": "array"}
        table = _TABLES.get(shape.each.of) if isinstance(shape.each, Part) else None
        if table:
            yield from _choices(Part(table))


def _any_of(choices: Iterable[dict[str, Any]]) -> dict[str, Any]:
    only, *others = choices
    return {"anyOf": [only, *others]} if others else only


def _sorted(part: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(part.items()))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m pytest_videolink.record.editor FILE")
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8", newline="\n")
