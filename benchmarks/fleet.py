"""Fleets of made-up clinics to measure with: healthy ones, and ones where one item in ten fails.

Nothing is random: the same arguments write the same bytes, so two runs measure the same work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NOW = "2026-11-23T09:00:00+11:00"
"""The clock that the fleets are made for."""

_SYNCED = "2026-11-23T08:50:00+11:00"
_READ = "2026-11-23T08:55:00+11:00"
_BOOKED = "2026-11-20T15:40:00+11:00"
_PROVIDER_NUMBERS = ("2123451T", "2222221F")
_VIDEO = ("consult", "long", "review", "care-plan")
_OTHER = ("standard", "long-standard", "immunisation", "procedure")


@dataclass(frozen=True)
class Shape:
    """How much stands in one clinic's document. Every type is offered by everybody.

    ``sharing`` is how many clinics work in one PMS database.
    """

    practitioners: int
    video_types: int
    other_types: int
    appointments: int
    sharing: int = 10


CLINIC = Shape(practitioners=8, video_types=3, other_types=3, appointments=40)
"""The clinic of the start-up row: 8 practitioners, 6 appointment types, 40 appointments."""

MEMBER = Shape(practitioners=2, video_types=1, other_types=1, appointments=2)
"""A clinic of a large fleet, of which 3,000 make some 100,000 items."""


def write(folder: Path, clinics: int, shape: Shape = MEMBER, *, failing: float = 0) -> None:
    """Write that many clinic files; of the ``failing`` share about one item in ten fails."""
    folder.mkdir(parents=True)
    ids = [f"clinic-{number:04}" for number in range(clinics)]
    for number, id in enumerate(ids):
        first = number - number % shape.sharing
        shared = [other for other in ids[first : first + shape.sharing] if other != id]
        is_failing = number < failing * clinics
        text = "\n".join(_document(id, number, shared, shape, failing=is_failing))
        (folder / f"{id}.yaml").write_text(f"{text}\n", encoding="utf-8", newline="\n")


# What is wrong with a clinic of a failing fleet besides its missing links, in turn.
_FAULTS = (
    "accepts_video_appointments",
    "practitioner linked_to",
    "telehealth",
    "telehealth_video",
    "type linked_to",
    "connected",
)


def _document(
    id: str, number: int, shared: list[str], shape: Shape, *, failing: bool
) -> Iterator[str]:
    fault = _FAULTS[number % len(_FAULTS)] if failing else ""
    # PMS ids are those of the database, so that of two clinics on it none is the same.
    pms = [str(1000 * (number % shape.sharing) + index) for index in range(shape.practitioners)]
    types = [
        # Best Practice's own telehealth type, which video types may share.
        *(("video", name, "29") for name in _VIDEO[: shape.video_types]),
        *(
            ("in-person", name, str(60 + index))
            for index, name in enumerate(_OTHER[: shape.other_types])
        ),
    ]
    who = [f"dr-{id}-{index}" for index in range(shape.practitioners)]
    yield "videolink: 1"
    yield f"clinic: {id}"
    yield f"name: {id.title()} Medical Centre"
    yield "timezone: Australia/Sydney"
    yield "as_of:" if failing else f"as_of: {_READ}"
    yield "dashboard:"
    yield f"  last_synced: {_SYNCED}"
    yield "  new_patient_approval: automatic"
    yield "  existing_patient_approval: automatic"
    yield "pms:"
    yield "  system: best-practice"
    yield f"  database: GROUP-SQL{number // shape.sharing:04}"
    yield f"  shares_database_with: [{', '.join(shared)}]"
    yield f"  connected: {_word(fault != 'connected')}"
    yield "  practitioners:"
    for index, each in enumerate(pms):
        yield (
            f'    - {{id: "{each}", name: Dr {index} of {id}, active: true,'
            " in_appointment_book: true}"
        )
    yield "  appointment_types:"
    for each, name in {each: name for _, name, each in types}.items():
        yield f'    - {{id: "{each}", name: {name.title()}, active: true}}'
    yield "practitioners:"
    for index, each in enumerate(who):
        last = index == len(who) - 1
        linked = "none" if last and fault == "practitioner linked_to" else f'"{pms[index]}"'
        accepts = not (last and fault == "accepts_video_appointments")
        yield f"  - id: {each}"
        yield f"    name: Dr {index} of {id}"
        yield f"    linked_to: {linked}"
        yield f"    accepts_video_appointments: {_word(accepts)}"
        yield "    visible_for_online_bookings: true"
        yield "    expects_video: true"
        yield f"    provider_number: {_PROVIDER_NUMBERS[index % len(_PROVIDER_NUMBERS)]}"
    yield "appointment_types:"
    for index, (modality, name, each) in enumerate(types):
        video, first = modality == "video", index == 0
        switches = {
            key: _word(video and not (first and fault == key))
            for key in ("telehealth", "telehealth_video")
        }
        yield f"  - id: {modality}-{name}"
        yield f"    name: {modality.title()} {name.title()}"
        yield f"    modality: {modality}"
        yield "    online_bookings: true"
        yield f"    telehealth: {switches['telehealth']}"
        yield f"    telehealth_video: {switches['telehealth_video']}"
        yield (
            "    linked_to: none"
            if first and fault == "type linked_to"
            else (f'    linked_to: "{each}"')
        )
        yield "    practitioners: all"
    yield "appointments:"
    for index in range(shape.appointments):
        # Booked days ago, and no link has come.
        missing = failing and index < max(2, shape.appointments * 9 // 20)
        yield f'  - id: "{number * 100 + index}"'
        yield f"    practitioner: {who[index % len(who)]}"
        yield f'    pms_type: "{types[0][2]}"'
        yield f"    created: {_BOOKED}"
        yield f"    starts: 2026-11-24T{9 + index % 8:02}:{15 * (index // 8 % 4):02}:00+11:00"
        yield f"    link: {_word(not missing)}"


_LIST = re.compile(r"\n  (practitioners|appointment_types):\n((?:    - \{.*\}\n)+)")


def by_reference(folder: Path) -> None:
    """Have the PMS's lists of a fleet stand in tables, as practice software exports them."""
    (folder / "exports").mkdir()
    for file in folder.glob("*.yaml"):

        def table(match: re.Match[str], id: str = file.stem) -> str:
            key, entries = match.groups()
            rows = ["ID,Internal,Name,Active,Book"]
            for entry in entries.splitlines():
                values = dict(re.findall(r'(\w+): "?([^",}]*)', entry))
                book = values.get("in_appointment_book", "")
                rows.append(f"{values['id']},x,{values['name']},{values['active']},{book}")
            path = f"exports/{id}-{key}.csv"
            (folder / path).write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
            book = ", in_appointment_book: Book" if key == "practitioners" else ""
            columns = f"{{id: ID, name: Name, active: Active{book}}}"
            return f"\n  {key}:\n    csv: {path}\n    columns: {columns}\n"

        text = file.read_text(encoding="utf-8")
        text = _LIST.sub(table, text)  # two lists one after the other share a line break
        file.write_text(_LIST.sub(table, text), encoding="utf-8", newline="\n")


def write_day_sheet(file: Path, rows: int) -> None:
    """Write a day sheet as a PMS exports it, of twelve columns; no two are booked at one time."""
    columns = (
        "RecordID,InternalID,Patient,AppointmentDate,AppointmentTime,AppointmentLength,Provider,"
        "AppointmentType,Status,Created,Notes,VideoURL"
    )
    lines = [columns]
    for number in range(rows):
        day, slot, second = 1 + number % 28, number % 36, number % 60
        link = f"https://room.example/{number}" if number % 2 else ""
        lines.append(
            f'{88000 + number},{10000 + number},"Person {number}, Invented",{day:02}/11/2026,'
            f"{8 + slot // 4}:{15 * (slot % 4):02},15,Dr Number {number % 12},"
            f"Type {number % 9},{_STATES[number % 5]},"
            f"{1 + number % 27:02}/10/2026 {8 + number // 60 % 10:02}:{number // 60 % 60:02}"
            f":{second:02},a note of no interest,{link}"
        )
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


_STATES = ("Booked", "Booked", "Completed", "Waiting", "Cancelled")


def _word(value: bool) -> str:
    return str(value).lower()
