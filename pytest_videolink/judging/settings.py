"""What a subject's video links depend on, so that two records of it can be compared.

A hash, and not the values: a report tells that something changed, and the records tell what.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from pytest_videolink.record.clinic import AppointmentType, Clinic, Practitioner
from pytest_videolink.record.plain import dataclass

LENGTH = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a practitioner or an appointment type: the PMS link, and a hash of all.

    There is no hash where any of them is not recorded.
    """

    subject: Practitioner | AppointmentType
    link: str
    hash: str


def settings(clinic: Clinic) -> Iterator[Settings]:
    """The settings of everybody and everything that has any, in the order of the record."""
    for who in clinic.practitioners:
        values: tuple[object, ...] = (who.linked_to, who.accepts_video_appointments, who.archived)
        yield Settings(who, _link(who.linked_to), _hash(*values))
    for type in clinic.appointment_types:
        values = (type.telehealth, type.telehealth_video, type.linked_to, _offered(type))
        yield Settings(type, _link(type.linked_to), _hash(*values))


def _offered(type: AppointmentType) -> object:
    """Who offers it, and by which link; in which order they are listed makes no difference."""
    if not isinstance(type.practitioners, tuple):
        return type.practitioners
    return sorted((each.practitioner, each.override or ()) for each in type.practitioners)


def _link(links: tuple[str, ...] | None) -> str:
    return " ".join(links or ())


def _hash(*values: object) -> str:
    if None in values:
        return ""
    return sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
