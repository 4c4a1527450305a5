"""What a check is, and what it finds."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from pytest_videolink.clinic import (
    Appointment,
    AppointmentType,
    Clinic,
    Pair,
    Path,
    Practitioner,
    Subject,
    Waiver,
)

Severity: TypeAlias = Literal["error", "warning"]
Basis: TypeAlias = Literal["documented", "inferred"]
Owner: TypeAlias = Literal["practice manager", "PMS administrator", "reception", "vendor support"]

SCOPES: dict[type, str] = {
    Clinic: "clinic",
    Practitioner: "practitioner",
    Pair: "pair",
    AppointmentType: "appointment_type",
    Appointment: "appointment",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A path in a clinic's record."""

    clinic: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or not recorded, at one place of the record.

    ``at`` is a path from the top of the record, or keys below the subject with dots between.
    ``found`` and ``expected`` are in the words of the screen. ``edit`` is the value to write at the
    place once it is put right, where there is only one right value; without it, somebody has to
    decide, and ``record`` says in words what to write. ``also`` are the other places that it takes
    to see the fault; ``steps`` stand for those of the check where the case asks for others;
    ``duty`` is what is owed to the patient of an appointment. An ``answer`` other than "wrong" is
    not held against the subject: nobody recorded it, or it is too early to tell.
    """

    summary: str
    at: Path | str = ()
    found: str = ""
    expected: str = ""
    edit: str | tuple[str, ...] | None = None
    record: str = ""
    hint: str = ""
    also: tuple[Place, ...] = ()
    steps: tuple[str, ...] = ()
    duty: Literal["", "recreate", "telephone"] = ""
    answer: Literal["wrong", "unrecorded", "pending"] = "wrong"

    @property
    def to_write(self) -> str:
        """What to write at the place, in words."""
        if isinstance(self.edit, tuple):
            return f"[{', '.join(self.edit)}]"
        return self.record if self.edit is None else self.edit


def wrong(summary: str, at: Path | str = (), **details: Any) -> Finding:
    """Something recorded that keeps a link from being generated, or a patient from using it."""
    return Finding(summary=summary, at=at, **details)


def unrecorded(summary: str, at: Path | str = (), **details: Any) -> Finding:
    """Something that would have to be recorded before one could say."""
    return Finding(summary=summary, at=at, answer="unrecorded", **details)


def pending(summary: str, at: Path | str = (), **details: Any) -> Finding:
    """Something that only time can tell."""
    return Finding(summary=summary, at=at, answer="pending", **details)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What a clinic needs to know of the other clinics of its source.

    ``ids`` are all ids of the source. ``sharing`` are the clinics on the same PMS database,
    ``naming`` those that say they share one with this clinic, whether or not they do, and
    ``unreadable`` the files, by clinic id, that may belong to such a clinic but cannot be read.
    """

    ids: frozenset[str] = frozenset()
    sharing: tuple[Clinic, ...] = ()
    naming: tuple[Clinic, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a check may look at besides its subject."""

    clinic: Clinic
    neighbours: Neighbours
    now: datetime
    sync_window: timedelta
    max_age: timedelta
    waiver_fault: Callable[[Waiver], str | None]
    faults: Callable[[str, Subject], tuple[Finding, ...]]
    """What a check of that id finds wrong with a subject, waived or not."""

    def local(self, time: datetime) -> datetime:
        """A time as the clinic's clock shows it."""
        return time.astimezone(self.clinic.timezone)


When: TypeAlias = Callable[[Any, Context], bool]
Blockers: TypeAlias = Callable[[Any, Context], Iterable[tuple[str, Subject]]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Check:
    """A rule about one kind of subject, and all that there is to say about it.

    ``article`` is the number of the help article's check it belongs to. ``blocked_by`` names the
    checks, of the same subject or of what it belongs to, without which this one has nothing to
    say; ``blockers`` gives further ones case by case, in words ``blocked_besides``. ``needs`` is
    the value without which it cannot be answered; with ``must`` its absence is a failure.
    ``at`` is the key that it is about, where its item stands. ``recreate`` says whether
    appointments booked before its fix stay without a link.
    """

    id: str
    slug: str
    title: str
    subject: type
    severity: Severity
    why: str
    detail: str
    fix: tuple[str, ...]
    who: Owner
    basis: Basis
    when: When
    at: str = ""
    needs: str = ""
    setting: str = ""
    must: bool = False
    blocked_by: tuple[str, ...] = ()
    blockers: Blockers | None = None
    blocked_besides: str = ""
    waivable: bool = True
    article: int | None = None
    recreate: bool = True
    run: Callable[[Any, Context], Iterable[Finding] | None] = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.id}-{self.slug}"

    @property
    def scope(self) -> str:
        return SCOPES[self.subject]

    @property
    def page(self) -> str:
        """The check's documentation page, from the top of the project."""
        return f"docs/checks/{self.id}.md"

    @property
    def affects_links(self) -> bool:
        """Whether appointments that are booked already lack their link because of it."""
        return self.severity == "error" and self.article is not None and self.recreate

    def findings(self, subject: Subject, context: Context) -> Iterator[Finding]:
        """What the check finds; first of all whether what it needs is recorded."""
        if self.needs and _value(subject, self.needs) is None:
            yield unrecorded(f"{self.setting} is not recorded for {subject.name}", at=self.needs)
        else:
            yield from self.run(subject, context) or ()


def _value(subject: Subject, keys: str) -> object:
    value: object = subject
    for key in keys.split("."):
        value = getattr(value, key)
    return value


def _always(*_: object) -> bool:
    return True


Rule: TypeAlias = Callable[..., Iterable[Finding] | None]


def check(
    id: str,
    slug: str,
    *,
    subject: type,
    fix: Iterable[str],
    title: str = "",
    severity: Severity = "error",
    who: Owner = "practice manager",
    basis: Basis = "documented",
    when: When = _always,
    at: str = "",
    needs: str = "",
    setting: str = "",
    must: bool = False,
    blocked_by: Iterable[str] = (),
    blockers: Blockers | None = None,
    blocked_besides: str = "",
    waivable: bool = True,
    article: int | None = None,
    recreate: bool = True,
) -> Callable[[Rule], Check]:
    """Make a check of a function that yields what is wrong with a subject.

    The function takes the subject and, where it wants to, the :class:`Context`. The first
    paragraph of its docstring says what the fault costs the patient, the rest what the check can
    and cannot tell.
    """

    def make(rule: Rule) -> Check:
        takes_context = len(inspect.signature(rule).parameters) > 1
        why, _, detail = inspect.cleandoc(rule.__doc__ or "").partition("\n\n")
        return Check(
            id=id,
            slug=slug,
            title=title or slug.replace("-", " ").capitalize(),
            subject=subject,
            severity=severity,
            why=" ".join(why.split()),
            detail=detail,
            fix=tuple(fix),
            who=who,
            basis=basis,
            when=when,
            at=at or needs,
            needs=needs,
            setting=setting,
            must=must,
            blocked_by=tuple(blocked_by),
            blockers=blockers,
            blocked_besides=blocked_besides,
            waivable=waivable,
            article=article,
            recreate=recreate,
            run=rule if takes_context else lambda subject, _: rule(subject),
        )

    return make
