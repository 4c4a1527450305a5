"""The appointments of a day sheet: what its rows stand for, and which are not meant as video."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache

from pytest_videolink.record.clinic import Appointment, AppointmentType, Clinic
from pytest_videolink.record.faults import Fault
from pytest_videolink.record.lookup import People, Types, links_of
from pytest_videolink.record.made_ids import Slot, made_ids
from pytest_videolink.record.named_table import LeftOut, NamedTable
from pytest_videolink.record.names import may_be_video
from pytest_videolink.record.table import Row, Table
from pytest_videolink.record.text import listing, plural, rows_in_words

_NOBODYS = re.compile("[0-9]{1,3}")
"""A number that is nobody's: what stands under a type may be a patient's, who is named by none."""


def without_unknown_types(table: Table, types: Types) -> Table:
    """The table with one fault for all rows of which it cannot be told what their types mean."""
    rows = tuple(row for row in table.rows if not types.knows(row.values["pms_type"]))
    if not rows:
        return table
    kinds = {row.values["pms_type"] for row in rows}
    shown = sorted(filter(_NOBODYS.fullmatch, kinds), key=int)
    called = f" ({', '.join(shown)}{', ...' if len(shown) < len(kinds) else ''})" if shown else ""
    numbers = tuple(row.number for row in rows)
    wait = "waits" if len(rows) == 1 else "wait"
    named = "" if all(map(str.isdigit, kinds)) else "; names of types are looked up in that list"
    message = (
        f"{plural(len(rows), 'appointment')} {wait} for {plural(len(kinds), 'PMS type')} that"
        f" nothing is linked to{called}, in {'row' if len(rows) == 1 else 'rows'}"
        f" {rows_in_words(numbers)}: record the PMS's list (pms: appointment_types), whose names"
        f" say which are for video, or link those that are{named}"
    )
    faults = sorted(
        (*table.faults, Fault("", message, numbers)), key=lambda fault: (fault.rows[0], fault.rows)
    )
    left = tuple(row for row in table.rows if types.knows(row.values["pms_type"]))
    return replace(table, rows=left, faults=tuple(faults))


def with_appointments(clinic: Clinic, sheet: NamedTable, asked: Collection[str]) -> Clinic:
    """The clinic with the appointments of its day sheet that are meant as video, or asked for."""
    meaning = _Meaning(clinic)
    rows = sheet.table.rows
    meant = [meaning.is_meant(row) for row in rows]
    ids = _ids(rows, meant, clinic)
    counts = [is_meant or id in asked for id, is_meant in zip(ids, meant, strict=True)]
    path = sheet.reference.at
    booked = tuple(
        _appointment(row, id, path)
        for row, id, is_judged in zip(rows, ids, counts, strict=True)
        if is_judged
    )
    left: dict[str, list[int]] = {}
    for row, is_judged in zip(rows, counts, strict=True):
        if not is_judged:
            left.setdefault(row.values["pms_type"], []).append(row.number)
    left_out = tuple(meaning.left_out(id, tuple(numbers)) for id, numbers in left.items())
    sheet = replace(sheet, left_out=left_out)
    return replace(clinic, appointments=booked, tables=(*clinic.tables, sheet))


def looked_up(clinic: Clinic) -> Clinic:
    """The clinic with whoever and whatever its own appointments name, as a day sheet's are."""
    people, types = People(clinic), Types(clinic)
    return replace(
        clinic,
        appointments=tuple(_looked_up(each, people, types) for each in clinic.appointments),
    )


def _looked_up(appointment: Appointment, people: People, types: Types) -> Appointment:
    who = people.found(appointment.practitioner) or (appointment.practitioner,)
    return replace(
        appointment,
        practitioner=who[1] if len(who) > 1 else who[0],
        profiles=who[1:],
        pms_type=types.found(appointment.pms_type) or appointment.pms_type,
    )


def _appointment(row: Row, id: str, path: tuple[str, ...]) -> Appointment:
    values = {**row.values, "id": id}
    pms_id, *profiles = values["practitioner"]
    values["practitioner"] = profiles[0] if profiles else pms_id
    values.setdefault("created", None)
    values.setdefault("link", None)
    return Appointment(path=path, row=row.number, profiles=tuple(profiles), **values)


def _ids(rows: Sequence[Row], meant: Sequence[bool], clinic: Clinic) -> list[str]:
    """The ids of the rows; those that have none get one, first the ones that are meant as video."""
    ids = [row.values.get("id") or "" for row in rows]
    given = set(filter(None, ids))
    for judged in (True, False):
        lacking = [
            place
            for place, (row, is_meant) in enumerate(zip(rows, meant, strict=True))
            if is_meant is judged and not row.values.get("id")
        ]
        slots = [_slot(rows[place], clinic) for place in lacking]
        for place, id in zip(lacking, made_ids(slots, given), strict=True):
            ids[place] = id
            given.add(id)
    return ids


def _slot(row: Row, clinic: Clinic) -> Slot:
    values = row.values
    rest = ("pms_type", "created", "link", "seen_at", "modality")
    return Slot(
        starts=values["starts"].astimezone(clinic.timezone),
        practitioner=values["practitioner"][0],
        rest=tuple(str(values.get(key)) for key in rest),
    )


class _Meaning:
    """What the types that appointments are booked as mean at a clinic."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._profiles = {who.id: who for who in clinic.practitioners}
        self._is_video = cache(self._means_video)

    def is_meant(self, row: Row) -> bool:
        """Whether an appointment is meant as video."""
        modality = row.values.get("modality")
        if modality is not None:
            return bool(modality == "video")
        return self._is_video(row.values["pms_type"], row.values["practitioner"][1:])

    def left_out(self, id: str, rows: tuple[int, ...]) -> LeftOut:
        linked = self._linked(id)
        listed = (self._clinic.pms.appointment_types or {}).get(id)
        name = listed.name if listed else listing(type.name for type in linked)
        return LeftOut(name, bool(linked), rows)

    def _means_video(self, id: str, profiles: tuple[str, ...]) -> bool:
        own = [
            type
            for type in self._clinic.appointment_types
            if any(id in (type.links_for(self._profiles[who]) or ()) for who in profiles)
        ]
        types = own or self._linked(id)
        if types:
            return any(type.is_video or type.modality is None for type in types)
        listed = (self._clinic.pms.appointment_types or {})[id]
        return may_be_video(listed.full_name)

    def _linked(self, id: str) -> list[AppointmentType]:
        return [type for type in self._clinic.appointment_types if id in links_of(type)]
