"""What is right today and lapses soon: records that become too old, and waivers that end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import get_args

from pytest_videolink.checks.rule import Check, Owner
from pytest_videolink.judging.judge import Terms
from pytest_videolink.record.clinic import Appointment, Clinic, Waiver
from pytest_videolink.record.text import clean
from pytest_videolink.reports.nights import LapseReport

OWNER = "practice manager"
"""Who reads a record off the Dashboard again."""
_OWNERS: dict[str, str] = {owner.casefold(): owner for owner in get_args(Owner)}


def lapses(
    clinics: Iterable[Clinic], terms: Terms, soon: timedelta, checks: Iterable[Check]
) -> tuple[LapseReport, ...]:
    """What lapses within that time, by owner, the first first."""
    of_appointments = {id for check in checks if check.subject is Appointment for id in check.ids}
    found = [each for one in clinics for each in _of(one, terms, soon, of_appointments)]
    return tuple(sorted(found, key=lambda one: (one.owner, one.until, one.clinic, one.what)))


def _of(
    clinic: Clinic, terms: Terms, soon: timedelta, of_appointments: set[str]
) -> Iterator[LapseReport]:
    today, last = (
        time.astimezone(clinic.timezone).date() for time in (terms.now, terms.now + soon)
    )
    ends = clinic.as_of and clinic.as_of + terms.max_age
    if ends and terms.now <= ends <= terms.now + soon:
        there = ends.astimezone(clinic.timezone)
        what = f"the record of {clinic.name} becomes too old"
        until, at = there.date().isoformat(), there.isoformat(timespec="seconds")
        yield LapseReport(OWNER, until, clinic.id, what, at)
    for waiver in clinic.waivers if terms.honour_waivers else ():
        if today <= waiver.until <= last:
            what = f"the waiver of {_named(waiver, of_appointments)} ends"
            yield LapseReport(_owner(waiver), waiver.until.isoformat(), clinic.id, what)


def _owner(waiver: Waiver) -> str:
    """Who is to act; one of those who do fixes by the same name, however it is written."""
    owner = " ".join(clean(waiver.owner).split())
    return _OWNERS.get(owner.casefold(), owner)


def _named(waiver: Waiver, of_appointments: set[str]) -> str:
    """A waiver by its check and subject. An appointment is not named: this travels far."""
    if waiver.on is None:
        return clean(waiver.check)
    on = "an appointment" if waiver.check in of_appointments else clean(waiver.on)
    return f"{clean(waiver.check)} on {on}"
