"""Whom an appointment is booked with, and what is wrong with its own facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_videolink.checks.rule import Context, Finding, wrong
from pytest_videolink.record.clinic import Appointment, Practitioner
from pytest_videolink.record.lookup import Types
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


def _listed(context: Context) -> Mapping[str, PmsPractitioner]:
    return context.clinic.pms.practitioners or {}


def _is_unknownname_of(appointment: Appointment, context: Context) -> bool:
    """Whether its type is given by a name that nothing has, which no diagnosis may come of."""
    text = appointment.pms_type
    is_name = any(map(str.isspace, text)) or not any(map(str.isdigit, text))
    return is_name and not Types(context.clinic).knows(text)


def bad_facts(appointment: Appointment, context: Context) -> Iterator[Finding]:
    """Facts of an appointment that contradict each other. Their values are not repeated."""
    if not appointment.profiles and appointment.practitioner not in _listed(context):
        yield _fact(appointment, "practitioner", "names a practitioner who is not in the record")
    if _is_unknownname_of(appointment, context):
        yield _fact(appointment, "pms_type", "names a PMS type that is not in the record")
    created = appointment.created
    if created is not None and created > context.now:
        yield _fact(appointment, "created", "is recorded as booked in the future")
    if created is not None and created > appointment.starts:
        yield _fact(appointment, "created", "is recorded as booked after its own start")
    if appointment.seen_at is not None and appointment.seen_at > context.now:
        yield _fact(appointment, "seen_at", "is recorded as looked up in the future")
    if appointment.seen_at is not None and created is not None and appointment.seen_at < created:
        yield _fact(appointment, "seen_at", "is recorded as looked up before it was booked")


def _fact(appointment: Appointment, key: str, said: str) -> Finding:
    return wrong(
        f"Appointment {clean(appointment.id)} {said}",
        at=key,
        found="facts that contradict each other",
        expected="the facts as the appointment book has them",
        record="as the appointment book has it",
        steps=("Look the appointment up in the PMS appointment book and correct the record",),
    )
