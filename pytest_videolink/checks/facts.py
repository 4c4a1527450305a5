"""Whom with and as what an appointment is booked, and what is wrong with its own facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pytest_videolink.checks.rule import Context, Finding, wrong
from pytest_videolink.record.clinic import Appointment, Clinic, Practitioner
from pytest_videolink.record.lookup import Types, links_of
from pytest_videolink.record.pms import PmsPractitioner
from pytest_videolink.record.text import clean


def profiles_of(appointment: Appointment, context: Context) -> list[Practitioner]:
    """The profiles of whom it is booked with: mostly one, and none where the PMS alone has them."""
    return [who for who in context.clinic.practitioners if who.id in appointment.profiles]


def name_of(appointment: Appointment, context: Context) -> str:
    """The name of whom it is booked with."""
    for who in profiles_of(appointment, context):
        return who.name
    return _listed(context)[appointment.practitioner].name


def with_what_to_know(
    findings: Iterable[Finding], appointment: Appointment, context: Context
) -> Iterator[Finding]:
    """The findings of an appointment, the first of which says what else one has to know of it.

    By its status it may have been cancelled or not attended: then how such rows are left out. And
    whom it is with may be taken for somebody else.
    """
    found = list(findings)
    if found and found[0].answer == "wrong":
        status = None if appointment.link else appointment.status
        if status:
            step = (
                f"Look the appointment up: its status is {status}. Where nobody comes, no link is"
                f" missing: leave such rows out with {_skip_line(context.clinic)} below"
                " appointments"
            )
            summary, steps = f"{found[0].summary}; its status is {status}", (step, *found[0].steps)
            found[0] = replace(found[0], summary=summary, steps=steps)
        found[0] = replace(found[0], hint=found[0].hint or _namesake(appointment, context))
    yield from found


def _namesake(appointment: Appointment, context: Context) -> str:
    """That the PMS's id of whom it is with is the id of somebody else's profile as well."""
    profiles = profiles_of(appointment, context)
    id = profiles[0].pms_id if profiles else appointment.practitioner
    others = [who for who in context.clinic.practitioners if who.id == id and who not in profiles]
    if not others or (not profiles and id not in _listed(context)):
        return ""
    return (
        f"{id} is the PMS's id of {name_of(appointment, context)}, which comes first; the profile"
        f" with the id {id} is that of {others[0].name}."
    )


def _skip_line(clinic: Clinic) -> str:
    """What a day sheet is to skip: what it skips already, and all that was cancelled."""
    skip: dict[str, list[str]] = {"status": []}
    for table in clinic.tables:
        if table.is_day_sheet:
            skip |= {key: [*texts] for key, texts in table.reference.declaration.skip.items()}
            gone = {row.values.get("status"): None for row in table.table.rows}
            skip["status"] += filter(None, gone)
    lists = (f"{key}: [{', '.join(map(_written, texts))}]" for key, texts in skip.items())
    return f"skip: {{{', '.join(lists)}}}"


def _written(text: str) -> str:
    is_plain = re.fullmatch(r"[A-Za-z]+([ '-][A-Za-z]+)*", text)
    return text if is_plain else json.dumps(clean(text), ensure_ascii=False)


_BOOKED_AS = {
    ("phone",): "a phone appointment",
    ("in-person",): "an in-person appointment",
    ("in-person", "phone"): "a phone or in-person appointment",
}


def booked_as(appointment: Appointment, context: Context) -> str:
    """What one of no video type was booked as, where that is recorded; else nothing.

    Who writes one down in person means it as video, and calls it a standard appointment.
    """
    id, types = appointment.pms_type, context.clinic.appointment_types
    profiles = profiles_of(appointment, context)
    own = [type for type in types if any(id in (type.links_for(who) or ()) for who in profiles)]
    linked = own or [type for type in types if id in links_of(type)]
    modalities = tuple(sorted({str(type.modality) for type in linked}))
    is_written = appointment.row is None and "phone" not in modalities
    return "" if is_written else _BOOKED_AS.get(modalities, "")


LINK_IT = (
    "Book it as a PMS type that a video type is linked to, or link this PMS type: Dashboard >"
    " Bookings > Appointment Types > Edit > Templates for practitioners"
)


def either_way(booked: str, appointment: Appointment) -> tuple[str, ...]:
    """What to do about it, where that is right and where it is not."""
    todo = "tell the patient not to use it" if appointment.link else "nothing is to be done"
    return (
        f"Ask whoever booked it what it is meant to be: as {booked} it needs no link, and {todo}",
        "Where it is meant as video, book it as a PMS type that a video type is linked to",
    )


def _listed(context: Context) -> Mapping[str, PmsPractitioner]:
    return context.clinic.pms.practitioners or {}


def _is_unknown_name(appointment: Appointment, context: Context) -> bool:
    """Whether its type is given by a name that nothing has, which no diagnosis may come of."""
    text = appointment.pms_type
    is_name = any(map(str.isspace, text)) or not any(map(str.isdigit, text))
    return is_name and not Types(context.clinic).knows(text)


def bad_facts(appointment: Appointment, context: Context) -> Iterator[Finding]:
    """Facts of an appointment that contradict each other. Their values are not repeated."""
    if not appointment.profiles and appointment.practitioner not in _listed(context):
        said = "names a practitioner who is not in the record"
        yield _fact(appointment, "practitioner", said)
    if _is_unknown_name(appointment, context):
        lacking = context.clinic.pms.appointment_types is None
        hint = (
            "A type is found by its name where the PMS's list is recorded (pms: appointment_types),"
            f" {'which it is not' if lacking else 'which has no such name'}; by its id always."
        )
        yield _fact(appointment, "pms_type", "names a PMS type that is not in the record", hint)
    created = appointment.created
    if created is not None and context.is_to_come(created):
        yield _fact(appointment, "created", "is recorded as booked in the future")
    if created is not None and created > appointment.starts:
        yield _fact(appointment, "created", "is recorded as booked after its own start")
    if appointment.seen_at is not None and context.is_to_come(appointment.seen_at):
        yield _fact(appointment, "seen_at", "is recorded as looked up in the future")
    if appointment.seen_at is not None and created is not None and appointment.seen_at < created:
        yield _fact(appointment, "seen_at", "is recorded as looked up before it was booked")


def _fact(appointment: Appointment, key: str, said: str, hint: str = "") -> Finding:
    return wrong(
        f"Appointment {clean(appointment.id)} {said}",
        at=key,
        found="facts that contradict each other",
        expected="the facts as the appointment book has them",
        record="as the appointment book has it",
        hint=hint,
        steps=("Look the appointment up in the PMS appointment book and correct the record",),
    )
