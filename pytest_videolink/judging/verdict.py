"""Can a clinic go live with video, and if not, what is to be done first?

Worked out from all judgements of a clinic, whichever items a run has selected; whether all of them
were run decides only if there is a verdict at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timezone, tzinfo
from enum import Enum

from pytest_videolink.checks.rule import Check, Place
from pytest_videolink.judging.judge import Judge, Judgement, State
from pytest_videolink.record.clinic import Appointment, AppointmentType, Clinic, Pair, Practitioner
from pytest_videolink.record.text import listing

LINK = "VL500"
UNCERTAIN = ("VL001", "VL002")
MAX_ACCEPTED = 3


class Readiness(Enum):
    """The answer for a clinic."""

    READY = "READY"
    WITH_WAIVERS = "READY WITH WAIVERS"
    NOT_READY = "NOT READY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a practitioner's patients get of a video type: their link, or the first cause why not.

    ``waived`` says that the cause, with all others, is accepted.
    """

    cause: str | None
    waived: bool = False


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The pairs on offer, each in one of three; and what was left open."""

    expected: int
    blocked: int
    failed: int
    unrecorded: dict[str, int]
    pending: int

    @property
    def pairs(self) -> int:
        return self.expected + self.blocked + self.failed


@dataclass(frozen=True, slots=True)
class ClinicVerdict:
    """What there is to say about one clinic. ``name`` is its id where it cannot be read."""

    id: str
    name: str
    readiness: Readiness
    why: str = ""
    types: tuple[AppointmentType, ...] = ()
    matrix: dict[Practitioner, dict[AppointmentType, Cell]] = field(default_factory=dict)
    reconciliation: Reconciliation | None = None
    judgements: tuple[Judgement, ...] = ()
    duties: dict[str, tuple[Appointment, ...]] = field(default_factory=dict)
    timezone: tzinfo = timezone.utc


@dataclass(frozen=True, slots=True)
class Task:
    """One fix: what is wrong, who puts it right, where, and how many pairs wait for it.

    It ``settles`` its own judgement and those of the same fault, each with its clinic's id.
    """

    judgement: Judgement
    clinic: Clinic
    unblocks: int
    settles: tuple[tuple[str, Judgement], ...] = ()

    @property
    def who(self) -> str:
        return self.judgement.check.who

    @property
    def what(self) -> str:
        """What is wrong, in one sentence, and how much more of the kind."""
        more = len(self.judgement.findings) - 1
        return self.judgement.reason + (f" (and {more} more)" if more > 0 else "")

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

    @property
    def screen(self) -> str:
        return screen(self.judgement.check)


def unreadable(id: str, why: str) -> ClinicVerdict:
    """The verdict on a clinic whose record cannot be read."""
    return ClinicVerdict(id, id, Readiness.UNKNOWN, why)


def judge_clinic(judge: Judge, *, complete: bool) -> ClinicVerdict:
    """The verdict on a clinic; ``complete`` says whether all of its items were run."""
    clinic, judgements = judge.clinic, tuple(judge.judgements())
    links = {each.subject: each for each in judgements if each.check.id == LINK}
    readiness, why = _readiness(judgements, complete)
    return ClinicVerdict(
        clinic.id,
        clinic.name,
        readiness,
        why,
        clinic.video_types,
        _matrix(links.values()),
        _reconciliation(judgements, links.values()),
        judgements,
        _duties(judgements),
        clinic.timezone,
    )


def _readiness(judgements: Iterable[Judgement], complete: bool) -> tuple[Readiness, str]:
    failed = [each for each in judgements if each.state is State.FAILED]
    uncertain = next((each for each in failed if each.check.id in UNCERTAIN), None)
    if uncertain is not None:
        return Readiness.UNKNOWN, uncertain.reason
    if not complete:
        return Readiness.UNKNOWN, "only a part of its checks was run"
    blocked = any(each.state is State.BLOCKED and not each.excused for each in judgements)
    if failed or blocked:
        return Readiness.NOT_READY, ""
    waived = [each for each in judgements if each.state is State.WAIVED]
    return (Readiness.WITH_WAIVERS, _accepted(waived)) if waived else (Readiness.READY, "")


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


def _matrix(links: Iterable[Judgement]) -> dict[Practitioner, dict[AppointmentType, Cell]]:
    matrix: dict[Practitioner, dict[AppointmentType, Cell]] = {}
    for link in links:
        pair = link.subject
        assert isinstance(pair, Pair)
        first = cause(link)
        cell = Cell(first.check.id if first else None, link.excused)
        matrix.setdefault(pair.practitioner, {})[pair.type] = cell
    return matrix


def cause(link: Judgement) -> Judgement | None:
    """The first cause that keeps a pair from its link, one that is certain before others."""
    if link.state is State.PASSED:
        return None
    certain = (root for root in link.roots if root.check.id not in UNCERTAIN)
    return next(certain, link.roots[0] if link.roots else link)


def _reconciliation(judgements: Iterable[Judgement], links: Iterable[Judgement]) -> Reconciliation:
    states = Counter(link.state for link in links)
    unrecorded = Counter(
        each.check.name
        for each in judgements
        if each.state is State.UNRECORDED or (each.state is State.FAILED and is_unrecorded(each))
    )
    pending = sum(each.state is State.PENDING for each in judgements)
    return Reconciliation(
        states[State.PASSED],
        states[State.BLOCKED],
        states[State.FAILED],
        dict(sorted(unrecorded.items())),
        pending,
    )


def is_unrecorded(judgement: Judgement) -> bool:
    return any(finding.answer == "unrecorded" for finding in judgement.findings)


def _duties(judgements: Iterable[Judgement]) -> dict[str, tuple[Appointment, ...]]:
    """Booked appointments that no fix repairs, soonest first, by what is owed to their patients."""
    duties: dict[str, list[Appointment]] = {}
    for judgement in judgements:
        appointment, duty = judgement.subject, _duty(judgement)
        if duty and isinstance(appointment, Appointment):
            duties.setdefault(duty, []).append(appointment)
    return {
        duty: tuple(sorted(some, key=lambda each: (each.starts, each.id)))
        for duty, some in sorted(duties.items())
    }


def _duty(judgement: Judgement) -> str:
    failed = judgement.state is State.FAILED and judgement.findings
    return judgement.findings[0].duty if failed else ""


def tasks(verdicts: Iterable[ClinicVerdict], clinics: dict[str, Clinic]) -> list[Task]:
    """The distinct fixes over all clinics, the one that unblocks most first.

    A conflict between two clinics is one fix, however many of them it fails in. An appointment to
    recreate is none: that comes after the fixes; nor is what only waits for a record to be read.
    """
    verdicts = list(verdicts)
    unread = {verdict.id for verdict in verdicts if verdict.reconciliation is None}
    distinct: dict[tuple[str, frozenset[Place]], Task] = {}
    for verdict in verdicts:
        waiting = Counter(
            (root.check.id, root.subject)
            for each in verdict.judgements
            if each.check.id == LINK
            for root in each.roots
        )
        for judgement in verdict.judgements:
            if judgement.state not in (State.FAILED, State.WARNED) or _duty(judgement):
                continue
            unblocks = waiting[judgement.check.id, judgement.subject]
            at = places(verdict.id, judgement)
            if all(place.clinic in unread for place in at):
                continue  # it is settled with them
            key = (judgement.check.id, at)
            task = Task(judgement, clinics[verdict.id], unblocks, ((verdict.id, judgement),))
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
        f"{task.clinic.id} {judgement.subject.id}",
    )


_SCREEN = re.compile(r"Dashboard > [\w -]+?(?: > [\w -]+?)?(?= >|:|$)")


def screen(check: Check) -> str:
    """The screen on which a check is put right."""
    for step in check.fix:
        found = _SCREEN.search(step)
        if found:
            return found[0]
    return "PMS" if check.who == "PMS administrator" else "the record"
