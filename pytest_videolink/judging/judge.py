"""The judgement on a subject by a check: a function of the record and the clock alone.

Each is worked out once, whoever asks for it first: the item, another judgement or the report. Which
items a run selects, and in which order, changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from hashlib import sha256

from pytest_videolink.checks import answer
from pytest_videolink.checks.diagnosis import causes
from pytest_videolink.checks.rule import (
    ChangedBetween,
    Check,
    Context,
    Finding,
    Neighbours,
    Owner,
    unknown,
    wrong,
)
from pytest_videolink.record.clinic import (
    Appointment,
    Clinic,
    Pair,
    Path,
    Subject,
    Waiver,
)
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import as_typed, clean, did_you_mean

UNANSWERED = ("VL006", "VL007")
"""The checks without which others do not know what to look at."""


class State(Enum):
    """What a judgement comes down to."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warning"
    UNRECORDED = "not recorded"
    PENDING = "pending"
    BLOCKED = "blocked"
    WAIVED = "waived"

    @property
    def is_skip(self) -> bool:
        """Whether it says neither that something is right nor that it is wrong."""
        return self in (State.UNRECORDED, State.PENDING, State.BLOCKED)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A check, what it looked at and what came of it.

    ``roots`` are the failing or waived judgements that block this one, followed to where they
    begin; a blocked judgement is ``excused`` where all of them are waived. ``raised`` is what kept
    the check from answering, which counts as a failure. ``partly`` says that some of what it takes
    is not recorded, so that it may not have found all.
    """

    check: Check
    subject: Subject
    state: State
    findings: tuple[Finding, ...] = ()
    roots: tuple[Judgement, ...] = ()
    waiver: Waiver | None = None
    raised: BaseException | None = None
    partly: bool = False

    @property
    def blocks(self) -> bool:
        return self.state in (State.FAILED, State.WAIVED, State.BLOCKED)

    @property
    def excused(self) -> bool:
        return self.state is State.BLOCKED and all(
            root.state is State.WAIVED for root in self.roots
        )

    @property
    def who(self) -> Owner:
        """Who puts it right."""
        return (self.findings[0].who if self.findings else "") or self.check.who

    @property
    def reason(self) -> str:
        """Why there was nothing to say, or what was found, in one line."""
        if self.state is State.BLOCKED:
            names = (f"{root.check.id} ({root.subject.id})" for root in self.roots)
            return f"blocked by {', '.join(names)}"
        if self.raised is not None:
            why = type(self.raised).__name__
            return f"{self.check.id} could not be answered for {self.subject.name} ({why})"
        return self.findings[0].summary if self.findings else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a run measures records against; the same for every clinic of a run."""

    now: datetime
    sync_window: timedelta
    max_age: timedelta
    honour_waivers: bool = True
    leeway: timedelta = timedelta(0)
    """How far behind the clock may be: nothing, where somebody says what time it is."""


def _path(finding: Finding, check: Check, subject: Subject) -> Path:
    """Where a finding stands, from the top of the record."""
    at = finding.at or check.at
    if isinstance(at, str):
        return subject.at(*at.split(".")) if at else subject.path
    return at


def _called(check: Check) -> tuple[str, ...]:
    """What people call a check besides its id: its item's name, or the words in that."""
    return check.id, check.name, check.slug


def _unanswered(check: Check, findings: Iterable[Finding]) -> State:
    if check.must:
        return State.FAILED
    is_pending = any(finding.answer == "pending" for finding in findings)
    return State.PENDING if is_pending else State.UNRECORDED


class Judge:
    """Judges one clinic."""

    def __init__(
        self,
        clinic: Clinic,
        neighbours: Neighbours,
        checks: Sequence[Check],
        terms: Terms,
        changed_between: ChangedBetween = unknown,
    ) -> None:
        self.clinic = clinic
        self._checks = {check.id: check for check in checks}
        self._by_any_id = {id: check for check in checks for id in check.ids}
        self._terms = terms
        self._applicable: dict[Subject, tuple[Check, ...]] = {}
        self._judgements: dict[Subject, dict[str, Judgement]] = defaultdict(dict)
        self._undecided: dict[tuple[str, Subject], BaseException] = {}
        self._causes: dict[Appointment, frozenset[tuple[str, Subject]]] = {}
        self._today = terms.now.astimezone(clinic.timezone).date()
        self._context = Context(
            clinic=clinic,
            neighbours=neighbours,
            now=terms.now,
            sync_window=terms.sync_window,
            max_age=terms.max_age,
            leeway=terms.leeway,
            waiver_fault=self._waiver_fault,
            renamed=self._renamed,
            faults=self._faults,
            changed_between=changed_between,
        )

    def applies(self, check: Check, subject: Subject) -> bool:
        """Whether a check has something to say of a subject; it does where it cannot tell."""
        if check.subject is not type(subject):
            return False
        try:
            return bool(check.when(subject, self._context))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self._undecided[check.id, subject] = error
            return True

    def checks_of(self, subject: Subject) -> tuple[Check, ...]:
        """The checks that apply to a subject, in the catalogue's order."""
        if subject not in self._applicable:
            self._applicable[subject] = tuple(
                check for check in self._checks.values() if self.applies(check, subject)
            )
        return self._applicable[subject]

    def subjects(self) -> Iterator[Subject]:
        """The clinic and everything in it, in the order of its items."""
        yield self.clinic
        for practitioner in self.clinic.practitioners:
            yield practitioner
            yield from self.clinic.pairs[practitioner]
        yield from self.clinic.appointment_types
        yield from self.clinic.appointments

    def judgements(self) -> Iterator[Judgement]:
        """Every judgement there is of the clinic, in the order of its items."""
        for subject in self.subjects():
            for check in self.checks_of(subject):
                yield self.judge(check, subject)

    def outline(self) -> str:
        """A hash of which checks apply to what; whoever has the same one has the same items."""
        digest = sha256()
        for subject in self.subjects():
            for check in self.checks_of(subject):
                digest.update(f"{check.name} {subject.path}\n".encode())
        return digest.hexdigest()

    def judge(self, check: Check, subject: Subject) -> Judgement:
        """The judgement of a check that applies to a subject."""
        known = self._judgements[subject]
        if check.id not in known:
            known[check.id] = self._judge(check, subject)
        return known[check.id]

    def _judged(self, id: str, subject: Subject) -> Judgement | None:
        """The judgement of a check by its id; nothing where it does not apply."""
        known = self._judgements[subject].get(id)
        if known is None and self.applies(self._checks[id], subject):
            known = self.judge(self._checks[id], subject)
        return known

    def to_recreate(self, judgement: Judgement) -> list[Appointment]:
        """The appointments that a fix of this judgement does not repair, soonest first."""
        cause = judgement.check.id, judgement.subject
        return [each for each in self._without_link if cause in self.causes(each)]

    @cached_property
    def _without_link(self) -> list[Appointment]:
        """The future appointments that have no link and should, soonest first."""
        found = [
            each
            for each in self.clinic.appointments
            if each.is_video and each.link is False and each.starts >= self._terms.now
        ]
        return sorted(found, key=lambda appointment: appointment.starts)

    def causes(self, appointment: Appointment) -> frozenset[tuple[str, Subject]]:
        """The checks, each with its subject, that keep an appointment from its link."""
        if appointment not in self._causes:
            found = causes(appointment, self._context)
            self._causes[appointment] = frozenset((each.check, each.subject) for each in found)
        return self._causes[appointment]

    def _judge(self, check: Check, subject: Subject) -> Judgement:
        undecided = self._undecided.get((check.id, subject))
        if undecided is not None:
            return Judgement(check, subject, State.FAILED, raised=undecided)
        try:
            roots = self._roots(check, subject)
            if roots:
                return Judgement(check, subject, State.BLOCKED, roots=roots)
            findings = tuple(
                replace(finding, at=_path(finding, check, subject))
                for finding in answer.findings(check, subject, self._context)
            )
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # pytest's own way out of a test, skip() above all, is no answer either.
            return Judgement(check, subject, State.FAILED, raised=error)
        if not findings:
            return Judgement(check, subject, State.PASSED)
        held = tuple(each for each in findings if each.answer in ("wrong", "outdated"))
        if not held:
            return Judgement(check, subject, _unanswered(check, findings), findings)
        waiver, partly = self._waiver_for(check, subject), len(held) < len(findings)
        if waiver is not None:
            return Judgement(check, subject, State.WAIVED, held, waiver=waiver, partly=partly)
        is_wrong = any(finding.answer == "wrong" for finding in held)
        fails = check.severity == "error" and is_wrong
        state = State.FAILED if fails else State.WARNED
        return Judgement(check, subject, state, held, partly=partly)

    # What blocks

    def _roots(self, check: Check, subject: Subject) -> tuple[Judgement, ...]:
        roots: dict[tuple[str, Subject], Judgement] = {}
        further = check.blockers(subject, self._context) if check.blockers else ()
        owners = ((id, self._owner(subject, self._checks[id].subject)) for id in check.blocked_by)
        for id, owner in (*owners, *further):
            judgement = self._judged(id, owner) if owner is not None else None
            if judgement is not None and judgement.blocks:
                for root in judgement.roots or (judgement,):
                    roots[root.check.id, root.subject] = root
        return tuple(roots[key] for key in sorted(roots, key=lambda key: key[0]))

    def _owner(self, subject: Subject, kind: type) -> Subject | None:
        """The subject of that kind that this one is, or is a part of."""
        owners: list[Subject] = [subject, self.clinic]
        if isinstance(subject, Pair):
            owners += [subject.practitioner, subject.type]
        return next((owner for owner in owners if isinstance(owner, kind)), None)

    def _faults(self, id: str, subject: Subject) -> tuple[Finding, ...]:
        judgement = self._judged(id, subject)
        if judgement is None:
            return ()
        if judgement.raised is not None:
            return (wrong(f"{id} could not be answered", at=subject.path),)
        if judgement.state is State.BLOCKED:
            unknown = (root for root in judgement.roots if root.check.id in UNANSWERED)
            return tuple(wrong(f"not known: {root.reason}", at=subject.path) for root in unknown)
        return judgement.findings if judgement.state in (State.FAILED, State.WAIVED) else ()

    # Waivers

    def _matches(self, waiver: Waiver, check: Check, subject: Subject) -> bool:
        return waiver.check in check.ids and waiver.on in (None, subject.id)

    def _in_force(self, waiver: Waiver) -> bool:
        return self._today <= waiver.until

    def _waiver_for(self, check: Check, subject: Subject) -> Waiver | None:
        if not (self._terms.honour_waivers and check.waivable):
            return None
        return next(
            (
                waiver
                for waiver in self.clinic.waivers
                if self._matches(waiver, check, subject) and self._in_force(waiver)
            ),
            None,
        )

    def _renamed(self, waiver: Waiver) -> str | None:
        """The id that the check of a waiver has now, where the waiver names a former one."""
        check = self._by_any_id.get(waiver.check)
        return None if check is None or check.id == waiver.check else check.id

    def _waiver_fault(self, waiver: Waiver) -> str | None:
        """What is wrong with a waiver, or ``None``."""
        name = clean(waiver.check)
        check = self._by_any_id.get(waiver.check)
        if check is None:
            called = {each: id for id, check in self._checks.items() for each in _called(check)}
            near = did_you_mean(waiver.check, called)
            hint = f"; did you mean {called[near[0]]}?" if near else ""
            return f"there is no check {as_typed(waiver.check)}{hint}"
        if not check.waivable:
            return f"{name} cannot be waived"
        matched = [
            self.judge(check, subject)
            for subject in self.subjects()
            if self._matches(waiver, check, subject) and self.applies(check, subject)
        ]
        if not matched:
            # An appointment's id is in no message that leaves the clinic.
            name_of = (
                "an appointment" if check.subject is Appointment else as_typed(waiver.on or "")
            )
            on = f" on {name_of}" if waiver.on else ""
            hint = self._meant_by(waiver.on, check) if waiver.on else ""
            return f"the waiver of {name}{on} matches nothing in this clinic{hint}"
        if not self._in_force(waiver):
            return f"the waiver of {name} is over: its last day was {waiver.until}"
        if all(judgement.state is State.PASSED for judgement in matched):
            return f"the waiver of {name} is no longer needed: what it accepts is right now"
        return None

    def _meant_by(self, on: str, check: Check) -> str:
        """A hint at the subject that a waiver may mean by a name, or by half of an id."""
        if check.subject is Appointment:
            return ""
        there = [each for each in self.subjects() if self.applies(check, each)]
        named = {each.name.casefold(): each.id for each in there}
        half = [each.id for each in there if on in each.id.split("::")]
        near = half or did_you_mean(on, [*(each.id for each in there), *named])
        return f"; did you mean {named.get(near[0], near[0])}?" if near else ""
