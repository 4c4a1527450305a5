"""What is done about what does not hold: the fixes, and what is owed to patients beside them.

A fix is a task of the work list, however many clinics and items it settles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias

from pytest_videolink.checks.rule import Check, Finding, Owner, Place
from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.judging.verdict import is_unrecorded, links
from pytest_videolink.record.clinic import Appointment, Clinic
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean, plural

Duty: TypeAlias = Literal["recreate", "telephone"]


@dataclass(frozen=True, slots=True)
class Task:
    """One fix: what is wrong, in which clinic, and how many pairs wait for it.

    It ``settles`` its own judgement and those of the same finding, each with its clinic. It is of
    one ``cause`` where that keeps appointments from their links and no other check tells of it.
    """

    judgement: Judgement
    clinic: Clinic
    unblocks: int
    settles: tuple[tuple[Clinic, Judgement], ...] = ()
    cause: Finding | None = None

    @property
    def what(self) -> str:
        """What is wrong, in one sentence, with what it takes to act, and how much more of it."""
        if self.cause is not None:
            return f"{self.cause.cause} ({plural(len(self.settles), 'appointment')})"
        findings = self.judgement.findings
        about = f": {findings[0].about}" if findings and findings[0].about else ""
        more = len(findings) - 1
        return f"{self.judgement.reason}{about}" + (f" (and {more} more)" if more > 0 else "")

    @property
    def is_decision(self) -> bool:
        """Whether its steps leave the owner a choice."""
        findings = (self.cause,) if self.cause else self.judgement.findings
        steps = (findings[0].steps if findings else ()) or self.judgement.check.fix
        return not is_unrecorded(self.judgement) and any("decide" in each.lower() for each in steps)

    @property
    def who(self) -> Owner:
        """Who does it; a cause of its own is mended on the Dashboard, and not where one books."""
        return "practice manager" if self.cause else self.judgement.who

    @property
    def where(self) -> str:
        """The screen on which it is done, or what else it is done by."""
        check = self.judgement.check
        return _screen_of(self.cause.steps) if self.cause else screen(check, self.who)

    @property
    def is_open(self) -> bool:
        """Whether there is more than one way to put it right, or its value is still to be found."""
        return any(finding.edit is None for finding in self.judgement.findings)


def tasks(judged: Mapping[Clinic, Collection[Judgement]], unread: Set[str]) -> list[Task]:
    """The distinct fixes over all clinics, the one that unblocks most first.

    ``unread`` are the ids of the clinics whose records cannot be read. A conflict between two
    clinics is one fix, however many of them it fails in. An appointment to recreate is none: that
    comes after the fixes; nor is what only waits for a record to be read. What keeps several
    appointments from their links is one fix.
    """
    distinct: dict[tuple[object, ...], Task] = {}
    for clinic, judgements in judged.items():
        waiting = Counter(
            (root.check.id, root.subject) for link in links(judgements) for root in link.roots
        )
        for judgement in judgements:
            if judgement.state not in (State.FAILED, State.WARNED):
                continue
            if _duty(judgement):
                for cause in filter(lambda finding: finding.cause, judgement.findings):
                    task = Task(judgement, clinic, 0, ((clinic, judgement),), cause)
                    _add(distinct, (clinic, cause.cause), task)
                continue
            at = places(clinic.id, judgement)
            if all(place.clinic in unread for place in at):
                continue  # it is settled with them
            unblocks = waiting[judgement.check.id, judgement.subject]
            task = Task(judgement, clinic, unblocks, ((clinic, judgement),))
            # Those of a day sheet have one place, but each patient's is one of its own.
            subject = judgement.subject if isinstance(judgement.subject, Appointment) else None
            _add(distinct, (judgement.check.id, subject, at), task)
    return sorted(distinct.values(), key=_urgency)


def _add(distinct: dict[tuple[object, ...], Task], key: tuple[object, ...], task: Task) -> None:
    known = distinct.get(key)
    distinct[key] = task if known is None else _merged(known, task)


def _merged(known: Task, other: Task) -> Task:
    """Two tasks of one finding as one; told as it is where there is one right value."""
    first = other if known.is_open and not other.is_open else known
    return replace(
        first,
        unblocks=known.unblocks + other.unblocks,
        settles=(*known.settles, *other.settles),
    )


def places(clinic: str, judgement: Judgement) -> frozenset[Place]:
    """The places that a judgement's finding is made of; whole records where these are wrong."""
    also = [place for finding in judgement.findings for place in finding.also]
    if any(not place.path for place in also):
        return frozenset(also)
    own = {
        Place(clinic, finding.at) for finding in judgement.findings if isinstance(finding.at, tuple)
    }
    return frozenset({*own, *also} or {Place(clinic, judgement.subject.path)})


def _urgency(task: Task) -> tuple[bool, int, str, str]:
    judgement = task.judgement
    return (
        judgement.state is State.WARNED,
        -task.unblocks,
        judgement.check.id,
        f"{task.clinic.id} {clean(judgement.subject.id)}",
    )


_SCREEN = re.compile(r"Dashboard > [\w -]+?(?: > [\w -]+?)?(?= >|:|$)")


def screen(check: Check, who: str = "") -> str:
    """The screen on which a check is put right, or what else ``who`` does it by."""
    if who == "vendor support":
        return "support request"
    return _screen_of(check.fix) or ("PMS" if check.who == "PMS administrator" else "the record")


def _screen_of(steps: Iterable[str]) -> str:
    """The first screen that some steps lead to, or nothing."""
    return next((found[0] for step in steps if (found := _SCREEN.search(step))), "")


def duties(judgements: Iterable[Judgement]) -> dict[Duty, list[Judgement]]:
    """The judgements on booked appointments that no fix repairs, by what is owed to their patients.

    The soonest appointment comes first.
    """
    found: dict[Duty, list[Judgement]] = {}
    for judgement in judgements:
        duty = _duty(judgement)
        if duty:
            found.setdefault(duty, []).append(judgement)
    return {duty: sorted(some, key=_start) for duty, some in sorted(found.items())}


def _duty(judgement: Judgement) -> Duty | None:
    about_appointment = isinstance(judgement.subject, Appointment)
    if judgement.state is not State.FAILED or not judgement.findings or not about_appointment:
        return None
    return judgement.findings[0].duty or None


def _start(judgement: Judgement) -> tuple[datetime, str]:
    appointment = judgement.subject
    assert isinstance(appointment, Appointment)
    return appointment.starts, appointment.id
