"""What a check is, and what it finds."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import field
from datetime import datetime, timedelta
from pathlib import PurePath
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
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean

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
class Article:
    """Where a rule can be read: an address, and the day on which it was read (ISO 8601)."""

    address: str
    read: str


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
    who: Owner | Literal[""]
    about: str
    parts: tuple[str, ...]
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or not recorded, at one place of the record.

    ``at`` is a path from the top of the record, or keys below the subject with dots between; left
    out, the place that the check is about. ``found`` and ``expected`` are in the words of the
    screen. ``edit`` is the value to write at the place once it is put right, where there is only
    one right value; without it, somebody has to decide, and ``record`` says in words what to write.
    ``also`` are the other places that it takes to see the fault; ``steps`` stand for those of the
    check where the case asks for others; ``duty`` is what is owed to the patient of an appointment;
    ``detail`` are further lines of evidence. ``who`` takes the steps, where it is somebody else
    than with the check, and ``about`` is what they need to know in the work list. ``parts`` are
    what is at fault besides the subject, by ids, where a check can find several: one more of them
    is a new finding. ``cause`` is what keeps any number of appointments from their links where no
    other check tells of it: it is put right once. What is "outdated" holds, but should be recorded
    in another way. An ``answer`` of the other two is not held against the subject: nobody recorded
    it, or it is too early to tell.
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
    who: Owner | Literal[""] = ""
    about: str = ""
    parts: tuple[str, ...] = ()
    cause: str = ""
    answer: Literal["wrong", "outdated", "unrecorded", "pending"] = "wrong"


def wrong(summary: str, at: Path | str = (), **details: Unpack[_Details]) -> Finding:
    """Something recorded that is not right; ``details`` are those of :class:`Finding`."""
    return Finding(summary=summary, at=at, **details)


def outdated(summary: str, at: Path | str = (), **details: Unpack[_Details]) -> Finding:
    """Something that holds but is recorded in a way that has changed: never more than a warning."""
    return Finding(summary=summary, at=at, answer="outdated", **details)


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
    def nearly_sharing(self) -> tuple[Clinic, ...]:
        """The clinics on a database of the same name, on a PMS of nearly the same name."""
        return ()

    @property
    def unreadable(self) -> tuple[tuple[str, str], ...]:
        """The files, by clinic id, that may belong to such a clinic but cannot be read."""
        return ()


ChangedBetween: TypeAlias = Callable[[Subject], tuple[datetime, datetime] | None]
"""Between which two records, by their times, a subject's video settings became what they are."""


def unknown(_: Subject) -> None:
    """No two runs tell of a subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a check may look at besides its subject."""

    clinic: Clinic
    neighbours: Neighbours
    now: datetime
    sync_window: timedelta
    max_age: timedelta
    leeway: timedelta
    waiver_fault: Callable[[Waiver], str | None]
    renamed: Callable[[Waiver], str | None]
    """The id that the check of a waiver has now, where it is named by one that it had before."""
    faults: Callable[[str, Subject], tuple[Finding, ...]]
    """What a check of that id finds wrong with a subject, waived or not."""
    changed_between: ChangedBetween = unknown

    def is_to_come(self, time: datetime) -> bool:
        """Whether a time has not come yet, also where this machine's clock is somewhat behind."""
        return time > self.now + self.leeway

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
    why: str
    detail: str
    fix: tuple[str, ...]
    when: Callable[[Any, Context], bool]
    severity: Severity = "error"
    who: Owner = "practice manager"
    basis: Basis = "own"
    source: Article | None = None
    since: str = ""
    was: tuple[str, ...] = ()
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
    function: str
    file: str
    line: int
    run: Callable[[Any, Context], Answer] = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.id}-{self.slug}"

    @property
    def ids(self) -> tuple[str, ...]:
        """Its id, and those that it had before, by which waivers may still name it."""
        return (self.id, *self.was)

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
    def origin(self) -> str:
        """The function that it is made of, and where that stands."""
        return f"{self.function} ({PurePath(self.file).name}:{self.line})"

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


def is_ours(id: str) -> bool:
    """Whether an id is one of the plugin's own, which nobody else's check may take."""
    return id.startswith("VL") and id[2:].isdecimal()


def _always(*_: object) -> bool:
    return True


class _Said(TypedDict, total=False):
    """What may be said of a check besides what it takes to be one; see :func:`check`."""

    title: str
    severity: Severity
    who: Owner
    basis: Basis
    source: tuple[str, str]
    since: str
    was: Iterable[str]
    at: str
    needs: str
    setting: str
    must: bool
    blocked_by: Iterable[str]
    blocked_besides: str
    waivable: bool
    article: int | None
    recreate: bool
    documentation: str
    right: str
    wrong: str


def check(
    id: str,
    slug: str,
    *,
    subject: type[S],
    fix: Iterable[str],
    when: When[S] = _always,
    blockers: Blockers[S] | None = None,
    **said: Unpack[_Said],
) -> Callable[[Rule[S]], Check]:
    """Make a check of a function that asserts what has to hold of a subject, or yields what is
    wrong with it: a :class:`Finding`, or just a sentence.

    The function takes the subject and, where it wants to, the :class:`Context`. The first
    paragraph of its docstring says what the fault costs the patient, the rest what the check can
    and cannot tell.

    ``id`` are capital letters and digits, such as ``ACME01``; ``VL`` and digits are the plugin's
    own. ``slug`` is a name for it in lower case, ``title`` what holds where it passes. ``severity``
    is an error, unless it is said to be a warning. ``fix`` are the steps that put it right, which
    may hold ``{practitioner.name}`` and the like (:data:`PLACEHOLDERS`), and ``who`` is who takes
    them. ``basis`` says what the rule rests on: the vendor's documents, what is inferred from
    them, or your own house; ``source`` is the address where that can be read, and the day on which
    it was. ``documentation`` is an address to read more at, of the check itself.

    ``since`` is the version of its package that it came with, ``was`` are the ids that it had
    before. ``when`` says to which subjects it applies. ``at`` is the key below the subject that it
    is about, where its item stands. ``needs`` is the value without which it cannot be answered;
    with ``must`` its absence is a failure. ``setting`` is that value's name on the screen, where it
    is not the title of the key.
    ``blocked_by`` are the ids of checks, of the same subject or of what it belongs to, without
    which this one has nothing to say; ``blockers`` gives further ones case by case, in words
    ``blocked_besides``. ``waivable`` says whether a clinic may waive it. ``article`` is the number
    of the help article's check it belongs to, and ``recreate`` whether appointments booked before
    its fix stay without a link. ``right`` and ``wrong`` are lines of a clinic document, as
    examples.
    """
    values = _completed(id, slug, subject, said) | {"fix": _several(fix)}
    return lambda rule: _made_of(rule, when=_with_context(when), blockers=blockers, **values)


def _completed(id: str, slug: str, subject: type, said: _Said) -> dict[str, Any]:
    """What is said of a check, and what follows from that where nothing else is said."""
    source = said.get("source")
    if source is not None and not (isinstance(source, tuple) and len(source) == 2):
        raise TypeError(f"{id}: source is an address and the day it was read, not {source!r}")
    return {
        **said,
        "id": id,
        "slug": slug,
        "subject": subject,
        "title": said.get("title") or slug.replace("-", " ").capitalize(),
        "source": Article(*source) if source else None,
        "was": _several(said.get("was", ())),
        "at": said.get("at") or said.get("needs", ""),
        "setting": said.get("setting") or title_of(subject, said.get("needs", "")),
        "blocked_by": _several(said.get("blocked_by", ())),
    }


def _several(texts: Iterable[str]) -> tuple[str, ...]:
    """Several texts; a single one is meant as such, and not as its letters."""
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _made_of(rule: Rule[Any], **values: Any) -> Check:
    if not inspect.isfunction(rule) or inspect.iscoroutinefunction(rule):
        raise TypeError(f"{values['id']}: a check is made of a plain function, not of {rule!r}")
    function = inspect.unwrap(rule)
    why, _, detail = inspect.cleandoc(_docstring(function) or "").partition("\n\n")
    return Check(
        why=" ".join(why.split()),
        detail=detail,
        function=function.__qualname__,
        file=function.__code__.co_filename,
        line=function.__code__.co_firstlineno,
        run=_with_context(rule),
        **values,
    )


def _docstring(function: Rule[Any]) -> str | None:
    """What a function says of itself, also where Python has dropped it (``python -OO``)."""
    if function.__doc__ is not None or sys.flags.optimize < 2:
        return function.__doc__
    try:
        text = textwrap.dedent(inspect.getsource(function))
        # Not ast.parse(), which drops docstrings as well from Python 3.14 on.
        tree: Any = compile(text, "", "exec", ast.PyCF_ONLY_AST, optimize=0)
    except (OSError, SyntaxError):  # there is no source, as of a function made at run time
        return None
    (source,) = tree.body
    return ast.get_docstring(source) if isinstance(source, ast.FunctionDef) else None


T = TypeVar("T")


def _with_context(function: Callable[..., T]) -> Callable[[Any, Context], T]:
    """A function of a subject and the context, of one that may do without the context."""
    if function is _always or len(inspect.signature(function).parameters) > 1:
        return function
    return lambda subject, _: function(subject)
