"""What a check is, and what it finds."""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict, TypeVar

from pytest_videolink.record.clinic import (
    Appointment,
    AppointmentType,
    Clinic,
    Pair,
    Path,
    Practitioner,
    Subject,
    Waiver,
)
from pytest_videolink.record.keys import title_of
from pytest_videolink.record.text import clean, named

if TYPE_CHECKING:
    from typing_extensions import Unpack

Severity: TypeAlias = Literal["error", "warning"]
Basis: TypeAlias = Literal["documented", "inferred", "own"]
Owner: TypeAlias = Literal["practice manager", "PMS administrator", "reception", "vendor support"]

SCOPES: dict[type, str] = {
    Clinic: "clinic",
    Practitioner: "practitioner",
    Pair: "pair",
    AppointmentType: "appointment_type",
    Appointment: "appointment",
}

PLACEHOLDERS: dict[type, tuple[str, ...]] = {
    Clinic: ("clinic",),
    Practitioner: ("practitioner", "clinic"),
    Pair: ("pair", "practitioner", "type", "clinic"),
    AppointmentType: ("type", "clinic"),
    Appointment: ("appointment", "clinic"),
}
"""What a fix step may name, each with ``.name`` or ``.id``: ``{practitioner.name}``."""


@dataclass(frozen=True, slots=True)
class Place:
    """A path in a clinic's record."""

    clinic: str
    path: Path


class _Details(TypedDict, total=False):
    """What may be said of a finding besides what it is and where; see :class:`Finding`."""

    found: str
    expected: str
    edit: str | tuple[str, ...] | None
    record: str
    hint: str
    also: tuple[Place, ...]
    steps: tuple[str, ...]
    duty: Literal["", "recreate", "telephone"]
    detail: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or not recorded, at one place of the record.

    ``at`` is a path from the top of the record, or keys below the subject with dots between; left
    out, the place that the check is about. ``found`` and ``expected`` are in the words of the
    screen. ``edit`` is the value to write at the place once it is put right, where there is only
    one right value; without it, somebody has to decide, and ``record`` says in words what to write.
    ``also`` are the other places that it takes to see the fault; ``steps`` stand for those of the
    check where the case asks for others; ``duty`` is what is owed to the patient of an appointment;
    ``detail`` are further lines of evidence. An ``answer`` other than "wrong" is not held against
    the subject: nobody recorded it, or it is too early to tell.
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
    detail: tuple[str, ...] = ()
    answer: Literal["wrong", "unrecorded", "pending"] = "wrong"

    @property
    def to_write(self) -> str:
        """What to write at the place, in words."""
        if isinstance(self.edit, tuple):
            return f"[{', '.join(self.edit)}]"
        return self.record if self.edit is None else self.edit


def wrong(summary: str, at: Path | str = (), **details: Unpack[_Details]) -> Finding:
    """Something recorded that is not right; ``details`` are those of :class:`Finding`."""
    return Finding(summary=summary, at=at, **details)


def unrecorded(summary: str, at: Path | str = (), **details: Unpack[_Details]) -> Finding:
    """Something that would have to be recorded before one could say: the item is skipped."""
    return Finding(summary=summary, at=at, answer="unrecorded", **details)


def pending(summary: str, at: Path | str = (), **details: Unpack[_Details]) -> Finding:
    """Something that only time can tell: the item is skipped."""
    return Finding(summary=summary, at=at, answer="pending", **details)


class Neighbours:
    """What a clinic needs to know of the other clinics of its source; here it has none."""

    @property
    def ids(self) -> frozenset[str]:
        """All ids of the source."""
        return frozenset()

    @property
    def sharing(self) -> tuple[Clinic, ...]:
        """The clinics on the same PMS database."""
        return ()

    @property
    def naming(self) -> tuple[Clinic, ...]:
        """The clinics that say they share a database with this one, whether or not they do."""
        return ()

    @property
    def unreadable(self) -> tuple[tuple[str, str], ...]:
        """The files, by clinic id, that may belong to such a clinic but cannot be read."""
        return ()


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


Answer: TypeAlias = Finding | str | Iterable[Finding | str] | None
"""What a rule gives back: what is wrong, or nothing where everything is right."""

S = TypeVar("S", bound=Subject)
Rule: TypeAlias = Callable[[S], Answer] | Callable[[S, Context], Answer]
When: TypeAlias = Callable[[S], bool] | Callable[[S, Context], bool]
Blockers: TypeAlias = Callable[[S, Context], Iterable[tuple[str, Subject]]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Check:
    """A rule about one kind of subject, and all that there is to say about it.

    Made by :func:`check`, which says what its values mean. ``function`` is the name of the function
    that it was made of, which stands in ``file`` at ``line``.
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
    when: Callable[[Any, Context], bool]
    at: str = ""
    needs: str = ""
    setting: str = ""
    must: bool = False
    blocked_by: tuple[str, ...] = ()
    blockers: Blockers[Any] | None = None
    blocked_besides: str = ""
    waivable: bool = True
    article: int | None = None
    recreate: bool = True
    documentation: str = ""
    right: str = ""
    wrong: str = ""
    function: str = ""
    file: str = ""
    line: int = 0
    run: Callable[[Any, Context], Answer] = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.id}-{self.slug}"

    @property
    def scope(self) -> str:
        return SCOPES[self.subject]

    @property
    def page(self) -> str:
        """Where the check's documentation is: a path from the top of the project, an address of
        its owner's choice, or nothing but what ``--videolink-explain`` prints.
        """
        return self.documentation or (f"docs/checks/{self.id}.md" if is_ours(self.id) else "")

    @property
    def affects_links(self) -> bool:
        """Whether appointments that are booked already lack their link because of it."""
        return self.severity == "error" and self.article is not None and self.recreate

    def steps(self, subject: Subject, clinic: Clinic) -> list[str]:
        """The steps of its fix, for one subject."""
        parts = {
            name: clinic if name == "clinic" else getattr(subject, name, subject)
            for name in PLACEHOLDERS[self.subject]
        }
        return [clean(step.format(**parts), 1000) for step in self.fix]

    def findings(self, subject: Subject, context: Context) -> Iterator[Finding]:
        """What the check finds; first of all whether what it needs is recorded.

        What the rule asserts and does not hold is a finding like any other. Raises what else the
        rule raises, and :class:`TypeError` for an answer that is none.
        """
        if self.needs and _value(subject, self.needs) is None:
            setting = self.setting or self.needs.rpartition(".")[2].replace("_", " ")
            said = f"{setting[0].upper()}{setting[1:]} is not recorded for {subject.name}"
            yield unrecorded(said, at=self.needs)
            return
        try:
            for each in _each(self.run(subject, context)):
                finding = wrong(each) if isinstance(each, str) else each
                if not isinstance(finding, Finding):
                    raise TypeError(f"a check yields what is wrong, not {type(each).__name__}")
                if not finding.summary.strip():
                    raise ValueError(
                        "a check yields what is wrong in a sentence; this one is empty"
                    )
                for place in finding.also:
                    own = place.clinic == context.clinic.id
                    if not own and place.clinic not in context.neighbours.ids:
                        raise ValueError(
                            f"`also` names a clinic that the source does not have: {place.clinic!r}"
                        )
                yield finding if is_ours(self.id) else _printable(finding)
        except AssertionError as error:
            yield self._asserted(error, subject)

    def _asserted(self, error: AssertionError, subject: Subject) -> Finding:
        """What an assertion says that does not hold: its own message first, then the values."""
        source = traceback.extract_tb(error.__traceback__)[-1].line or ""
        # Addresses in memory are other ones in every run.
        text = re.sub(r" at 0x[0-9a-f]+", "", str(error))
        said = [clean(line, 200) for line in text.splitlines()] or [source]
        expression = next(
            (place for place, line in enumerate(said) if line.startswith("assert")), len(said)
        )
        message, values = " ".join(" ".join(said[:expression]).split()), said[expression:]
        if self.subject is Appointment:  # whose values are shown nowhere
            values = [source]
        summary = message or f"{clean(subject.name)} fails {self.id}: {self.title}"
        return _printable(wrong(summary, detail=tuple(values)))


def is_ours(id: str) -> bool:
    """Whether an id is one of the plugin's own, which nobody else's check may take."""
    return id.startswith("VL") and id[2:].isdecimal()


def _printable(finding: Finding) -> Finding:
    """A finding whose texts are fit to be printed, whatever of a record they quote."""
    return replace(
        finding,
        summary=named(finding.summary),
        found=clean(finding.found, 1000),
        expected=clean(finding.expected, 1000),
        record=clean(finding.record, 1000),
        hint=clean(finding.hint, 1000),
        steps=tuple(clean(step, 1000) for step in finding.steps),
        detail=tuple(clean(line, 1000) for line in finding.detail),
    )


def _each(answer: Answer) -> Iterable[Finding | str]:
    if answer is None:
        return ()
    if isinstance(answer, Finding | str):
        return (answer,)
    if isinstance(answer, Iterable) and not isinstance(answer, Mapping | bytes):
        return answer
    raise TypeError(
        f"a check asserts, or gives back what is wrong; this one gave {type(answer).__name__}"
    )


def _value(subject: Subject, keys: str) -> object:
    value: object = subject
    for key in keys.split("."):
        value = getattr(value, key)
    return value


def _always(*_: object) -> bool:
    return True


def check(
    id: str,
    slug: str,
    *,
    subject: type[S],
    fix: Iterable[str],
    title: str = "",
    severity: Severity = "error",
    who: Owner = "practice manager",
    basis: Basis = "own",
    when: When[S] = _always,
    at: str = "",
    needs: str = "",
    setting: str = "",
    must: bool = False,
    blocked_by: Iterable[str] = (),
    blockers: Blockers[S] | None = None,
    blocked_besides: str = "",
    waivable: bool = True,
    article: int | None = None,
    recreate: bool = True,
    documentation: str = "",
    right: str = "",
    wrong: str = "",
) -> Callable[[Rule[S]], Check]:
    """Make a check of a function that asserts what has to hold of a subject, or yields what is
    wrong with it: a :class:`Finding`, or just a sentence.

    The function takes the subject and, where it wants to, the :class:`Context`. The first
    paragraph of its docstring says what the fault costs the patient, the rest what the check can
    and cannot tell.

    ``id`` are capital letters and digits, such as ``ACME01``; ``VL`` and digits are the plugin's
    own. ``slug`` is a name for it in lower case, ``title`` what holds where it passes. ``fix`` are
    the steps that put it right, which may hold ``{practitioner.name}`` and the like
    (:data:`PLACEHOLDERS`), and ``who`` is who takes them. ``basis`` says what the rule rests on:
    the vendor's documents, what is inferred from them, or your own house.

    ``when`` says to which subjects it applies. ``at`` is the key below the subject that it is
    about, where its item stands. ``needs`` is the value without which it cannot be answered; with
    ``must`` its absence is a failure. ``setting`` is that value's name on the screen,
    where it is not the title of the key.
    ``blocked_by`` are the ids of checks, of the same subject or of what it belongs to, without
    which this one has nothing to say; ``blockers`` gives further ones case by case, in words
    ``blocked_besides``. ``waivable`` says whether a clinic may waive it. ``article`` is the number
    of the help article's check it belongs to, and ``recreate`` whether appointments booked before
    its fix stay without a link. ``documentation`` is an address to read more at; ``right`` and
    ``wrong`` are lines of a clinic document, as examples.
    """

    def make(rule: Rule[S]) -> Check:
        if not inspect.isfunction(rule) or inspect.iscoroutinefunction(rule):
            raise TypeError(f"{id}: a check is made of a plain function, not of {rule!r}")
        function = inspect.unwrap(rule)
        why, _, detail = inspect.cleandoc(rule.__doc__ or "").partition("\n\n")
        return Check(
            id=id,
            slug=slug,
            title=title or slug.replace("-", " ").capitalize(),
            subject=subject,
            severity=severity,
            why=" ".join(why.split()),
            detail=detail,
            fix=(fix,) if isinstance(fix, str) else tuple(fix),
            who=who,
            basis=basis,
            when=_with_context(when),
            at=at or needs,
            needs=needs,
            setting=setting or title_of(subject, needs),
            must=must,
            blocked_by=(blocked_by,) if isinstance(blocked_by, str) else tuple(blocked_by),
            blockers=blockers,
            blocked_besides=blocked_besides,
            waivable=waivable,
            article=article,
            recreate=recreate,
            documentation=documentation,
            right=right,
            wrong=wrong,
            function=function.__qualname__,
            file=function.__code__.co_filename,
            line=function.__code__.co_firstlineno,
            run=_with_context(rule),
        )

    return make


T = TypeVar("T")


def _with_context(function: Callable[..., T]) -> Callable[[Any, Context], T]:
    """A function of a subject and the context, of one that may do without the context."""
    if function is _always or len(inspect.signature(function).parameters) > 1:
        return function
    return lambda subject, _: function(subject)
