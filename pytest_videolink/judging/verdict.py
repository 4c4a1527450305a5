"""Can a clinic go live with video, and if not, what is to be done first?

Worked out from all judgements of a clinic, whichever items a run has selected; whether all of them
were run decides only if there is a verdict at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Literal, TypeAlias

from pytest_videolink.checks.rule import Check, Place
from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.record.clinic import Appointment, Clinic, Subject
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean, listing

LINK = "VL500"
UNCERTAIN = ("VL001", "VL002")
UNNAMED_PMS = "VL101"
ONLY_A_PART = "only a part of its checks was run"
MAX_ACCEPTED = 3

Duty: TypeAlias = Literal["recreate", "telephone"]


class Readiness(Enum):
    """The answer for a clinic."""

    READY = "READY"
    WITH_WAIVERS = "READY WITH WAIVERS"
    NOT_READY = "NOT READY"
    UNKNOWN = "UNKNOWN"


def readiness(judgements: Collection[Judgement], *, complete: bool) -> tuple[Readiness, str]:
    """The verdict on a clinic, and what there is to add to it.

    ``complete`` says whether all of its items were run.
    """
    failed = [each for each in judgements if each.state is State.FAILED]
    uncertain = next((each for each in failed if each.check.id in UNCERTAIN), None)
    if uncertain is not None:
        return Readiness.UNKNOWN, uncertain.reason
    if not complete:
        return Readiness.UNKNOWN, ONLY_A_PART
    blocked = any(each.state is State.BLOCKED and not each.excused for each in judgements)
    if failed or blocked:
        return Readiness.NOT_READY, ""
    waived = [each for each in judgements if each.state is State.WAIVED]
    but = next((each for each in judgements if each.check.id == UNNAMED_PMS), None)
    said = _reservation(but) if but is not None and but.state is State.WARNED else ""
    if waived:
        return Readiness.WITH_WAIVERS, "; but ".join(filter(None, (_accepted(waived), said)))
    return Readiness.READY, said


def _reservation(judgement: Judgement) -> str:
    """What a clinic that is ready is told all the same: nobody says that its PMS makes links."""
    finding = judgement.findings[0]
    near = f" ({finding.hint[0].lower()}{finding.hint[1:]})" if finding.hint else ""
    return f"{finding.found} is not among the PMSs that the video articles name{near}"


def _accepted(waived: Iterable[Judgement]) -> str:
    """What is accepted, and until when. An appointment is not named: this travels far."""
    names = []
    for judgement in waived:
        assert judgement.waiver is not None
        subject = judgement.subject
        id = "an appointment" if isinstance(subject, Appointment) else subject.id
        names.append(f"{judgement.check.id} ({id}) until {judgement.waiver.until}")
    more = [f"{len(names) - MAX_ACCEPTED} more"] if len(names) > MAX_ACCEPTED else []
    return listing([*names[:MAX_ACCEPTED], *more])


def links(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgement on each pair on offer: its patients get their link, or not."""
    return [each for each in judgements if each.check.id == LINK]


def cause(link: Judgement) -> Judgement | None:
    """The first cause that keeps a pair from its link, one that is certain before others."""
    if link.state is State.PASSED:
        return None
    certain = (root for root in link.roots if root.check.id not in UNCERTAIN)
    return next(certain, link.roots[0] if link.roots else link)


def is_unrecorded(judgement: Judgement) -> bool:
    return any(finding.answer == "unrecorded" for finding in judgement.findings)


def unrecorded(judgements: Iterable[Judgement]) -> dict[str, int]:
    """How many judgements of a check, by its name, find that nothing is recorded."""
    names = Counter(
        each.check.name
        for each in judgements
        if each.state is State.UNRECORDED or (each.state is State.FAILED and is_unrecorded(each))
    )
    return dict(sorted(names.items()))


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


# The work list


@dataclass(frozen=True, slots=True)
class Task:
    """One fix: what is wrong, in which clinic, and how many pairs wait for it.

    It ``settles`` its own judgement and those of the same fault, each with its clinic.
    """

    judgement: Judgement
    clinic: Clinic
    unblocks: int
    settles: tuple[tuple[Clinic, Judgement], ...] = ()

    @property
    def what(self) -> str:
        """What is wrong, in one sentence, with what it takes to act, and how much more of it."""
        findings = self.judgement.findings
        about = f": {findings[0].about}" if findings and findings[0].about else ""
        more = len(findings) - 1
        return f"{self.judgement.reason}{about}" + (f" (and {more} more)" if more > 0 else "")

    @property
    def is_decision(self) -> bool:
        """Whether its steps leave the owner a choice."""
        findings = self.judgement.findings
        steps = (findings[0].steps if findings else ()) or self.judgement.check.fix
        return not is_unrecorded(self.judgement) and any("decide" in each.lower() for each in steps)

    @property
    def is_open(self) -> bool:
        """Whether there is more than one way to put it right, or its value is still to be found."""
        return any(finding.edit is None for finding in self.judgement.findings)


def tasks(judged: Mapping[Clinic, Collection[Judgement]], unread: Set[str]) -> list[Task]:
    """The distinct fixes over all clinics, the one that unblocks most first.

    ``unread`` are the ids of the clinics whose records cannot be read. A conflict between two
    clinics is one fix, however many of them it fails in. An appointment to recreate is none: that
    comes after the fixes; nor is what only waits for a record to be read.
    """
    distinct: dict[tuple[str, Subject | None, frozenset[Place]], Task] = {}
    for clinic, judgements in judged.items():
        waiting = Counter(
            (root.check.id, root.subject) for link in links(judgements) for root in link.roots
        )
        for judgement in judgements:
            if judgement.state not in (State.FAILED, State.WARNED) or _duty(judgement):
                continue
            at = places(clinic.id, judgement)
            if all(place.clinic in unread for place in at):
                continue  # it is settled with them
            unblocks = waiting[judgement.check.id, judgement.subject]
            task = Task(judgement, clinic, unblocks, ((clinic, judgement),))
            # Those of a day sheet have one place, but each patient's is a fault of its own.
            subject = judgement.subject if isinstance(judgement.subject, Appointment) else None
            key = (judgement.check.id, subject, at)
            known = distinct.get(key)
            distinct[key] = task if known is None else _merged(known, task)
    return sorted(distinct.values(), key=_urgency)


def _merged(known: Task, other: Task) -> Task:
    """Two tasks of one fault as one; told as it is where there is one right value."""
    first = other if known.is_open and not other.is_open else known
    return replace(
        first,
        unblocks=known.unblocks + other.unblocks,
        settles=(*known.settles, *other.settles),
    )


def places(clinic: str, judgement: Judgement) -> frozenset[Place]:
    """The places that a judgement's fault is made of; whole records where they are at fault."""
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
    for step in check.fix:
        found = _SCREEN.search(step)
        if found:
            return found[0]
    return "PMS" if check.who == "PMS administrator" else "the record"
