"""A whole run as one plain value, which all that people read of it is made from."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import WORKBOOKS, day_and_time, plural
from pytest_videolink.reports.exit import UNTOLD, ExitReport, TermsReport
from pytest_videolink.reports.nights import (
    CarriedReport,
    ChangesReport,
    LapseReport,
    PartReport,
    SettingsReport,
)
from pytest_videolink.reports.tables import TableReport
from pytest_videolink.reports.words import (
    FINDINGS,
    Change,
    Duty,
    Outcome,
    Reason,
    Severity,
    Verdict,
)

FORMAT = 2
"""The version of this value as JSON: a key taken away or given another meaning makes a new one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact with its label: ``Found``, ``off``."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A place in a record, and what may be shown of it: a key and its value, never the whole line.

    Line and column count from 1. In a table and in a workbook ``line`` is the row, and ``cell``
    names row and column of a table in words, and sheet and cell of a workbook:
    ``Practitioners!D5``. ``under`` is the line below ``code``, with carets under what is at fault;
    both are empty where nothing may be shown.
    """

    file: str
    line: int
    column: int
    code: str = ""
    under: str = ""
    cell: str = ""

    @property
    def place(self) -> str:
        """Where it is, in one text."""
        if self.cell:
            return f"{self.file}, {self.cell}"
        if self.file.lower().endswith(WORKBOOKS):  # it is about the workbook as a whole
            return self.file
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def shown(self) -> list[str]:
        """The excerpt's lines, with the number of the line, or the name of the cell, in front."""
        if not self.code:
            return []
        begins = self.cell.rpartition("!")[2] or self.line
        return [f"{begins:>5} | {self.code}", f"      | {self.under}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fault: what it is where the summary does not say it, its facts and its places."""

    title: str = ""
    facts: tuple[Entry, ...] = ()
    places: tuple[Excerpt, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """A booked appointment: its id, and its start in the clinic's zone, in words."""

    id: str
    starts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """All there is to say about an outcome. ``summary`` says what is wrong, in one sentence.

    ``after`` is what the fix does not repair by itself; ``recreate`` are the appointments that it
    is about. ``command`` checks just this again; ``page`` is the check's documentation.
    """

    summary: str
    facts: tuple[Entry, ...]
    evidence: tuple[Evidence, ...]
    more: str = ""
    who: str
    steps: tuple[str, ...]
    after: str = ""
    recreate: tuple[Booking, ...] = ()
    command: str
    check: str
    page: str
    source: str = ""
    """The address of the page that the check rests on."""
    source_read: str = ""
    """The day on which that was read, ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """A check of the catalogue. ``help`` is its page, in Markdown."""

    id: str
    was: tuple[str, ...] = ()
    """The ids that it had before."""
    name: str
    title: str
    why: str
    severity: Severity
    scope: str
    help: str
    source: str = ""
    """The address of the page that it rests on."""
    source_read: str = ""
    """The day on which that was read, ISO 8601."""


@dataclass(frozen=True, slots=True)
class TypeReport:
    """A video type: a column of the matrix."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReport:
    """What a practitioner's patients get of a video type.

    It is unknown where the first cause is not recorded or is that a neighbour cannot be read, or
    where the check of the link was not run.
    ``check`` is the first cause, ``item`` its item where that was run, ``why`` what is said of it.
    """

    state: Literal["link", "no link", "waived", "unknown"]
    check: str = ""
    item: str = ""
    why: str = ""
    cause: str = ""
    """The first cause by the record alone, also where the check of the link was not run."""
    waived: bool = False
    """Whether that cause, with all others, is accepted."""


@dataclass(frozen=True, slots=True)
class RowReport:
    """A practitioner's row of the matrix; no cell where the type is not on offer."""

    practitioner: str
    name: str
    cells: tuple[CellReport | None, ...]


@dataclass(frozen=True, slots=True)
class UnrecordedReport:
    """How many items of a check (``VL102-synced-recently``) found that nothing is recorded."""

    check: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyReport:
    """The pairs on offer, each in one of four; what is not recorded; appointments pending.

    ``unchecked`` are those that nothing is known against, and that were not checked in this run.
    """

    pairs: int
    link_expected: int
    blocked: int
    failed: int
    unrecorded: tuple[UnrecordedReport, ...]
    pending: int
    unchecked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverReport:
    """Who accepts a finding until when (inclusive, in the clinic's time zone), and why."""

    until: str
    owner: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """An item that was run and did not pass. ``id`` is its node id, ``summary`` what is found, or
    why it is skipped.

    What there is to say of a failed, a waived or a warning item stands in ``explained``, and its
    place in its clinic's file in ``line`` and ``column``, which count from 1, and in a workbook in
    ``cell``; those are 0, or empty, for all others.
    """

    id: str
    check: str
    scope: str
    severity: Severity
    who: str
    subject: str
    name: str
    outcome: Outcome
    summary: str
    line: int = 0
    column: int = 0
    waiver: WaiverReport | None = None
    explained: Explained | None = None
    reason: Reason = ""
    """Why it is a finding: it is wrong, or not recorded, or its check could not answer."""
    parts: tuple[PartReport, ...] = ()
    """The parts at fault, of a check that can find several."""
    partly: bool = False
    """Whether some of what it takes is not recorded, so that others may be at fault as well."""
    first_seen: str = ""
    """When a run first found it, ISO 8601; of a finding alone."""
    change: Change = ""
    """Whether it is new since the earlier report; empty where nothing is compared."""
    known: bool = False
    """Whether it was known to the report that this run may fail for new findings against."""
    cell: str = ""
    """Sheet and cell of its place, where its clinic's file is a workbook."""

    @property
    def is_finding(self) -> bool:
        return self.outcome in FINDINGS

    @property
    def found(self) -> tuple[PartReport, ...]:
        """What is found: the parts at fault, or all of it as one that has no name."""
        return self.parts or (PartReport("", self.summary, self.first_seen),)

    @property
    def is_appointment(self) -> bool:
        return self.scope == "appointment"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicReport:
    """One clinic. ``file`` is named from the folder that pytest was called in; ``node`` is the id
    of its node, mostly its path from rootdir; ``uri`` is its path from the root of the repository,
    empty where it lies outside. No matrix and tally where its record cannot be read.
    ``passed`` are the names below its own of the items that were run and passed, ``items`` all
    others that were run.
    """

    id: str
    name: str
    file: str
    node: str
    uri: str = ""
    verdict: Verdict
    why: str
    types: tuple[TypeReport, ...] = ()
    matrix: tuple[RowReport, ...] = ()
    tally: TallyReport | None = None
    tables: tuple[TableReport, ...] = ()
    """The tables that its document names, where it can be read."""
    items: tuple[ItemReport, ...] = ()
    passed: tuple[str, ...] = ()
    zone: str = ""
    """Its time zone, which times are shown in."""
    as_of: str = ""
    """When its record was read off, ISO 8601; where it cannot be read now, the last that could."""
    is_complete: bool = False
    """Whether its record can be read and all of its items were run."""
    subjects: tuple[SettingsReport, ...] = ()
    carried: tuple[CarriedReport, ...] = ()

    @property
    def is_lost(self) -> bool:
        """Whether nothing is known of it, as the part of the run that checked it is missing."""
        return not self.node

    @property
    def is_unready(self) -> bool:
        return self.verdict in ("NOT READY", "UNKNOWN")

    @property
    def findings(self) -> tuple[ItemReport, ...]:
        return tuple(item for item in self.items if item.is_finding)


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """A place in a clinic's record, as keys with dots between; empty for the whole record."""

    clinic: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReport:
    """A line of the work list: a fix, or, after the fixes, an appointment to see to.

    ``number`` counts from 1. ``items`` are the ids of the items that it settles, of those that were
    run; ``decide`` says that its steps leave a choice; ``unblocks`` is how many pairs wait.
    """

    number: int = 0
    kind: Literal["fix"] | Duty
    severity: Severity
    clinic: str
    check: str
    subject: str
    name: str
    who: str
    where: str
    what: str
    decide: bool = False
    unblocks: int = 0
    steps: tuple[str, ...] = ()
    file: str
    line: int
    items: tuple[str, ...]
    urgency: int = 0
    """The place of a fix among all, what unblocks most first, from 1; 0 for a record to be read."""
    starts: str = ""
    """When the appointment starts, on the clinic's clock."""
    places: tuple[PlaceReport, ...] = ()
    """The places that the fault is made of: what is wrong there in two clinics is one fix."""
    is_open: bool = False
    """Whether there is more than one way to put it right, or its value is still to be found."""
    change: Change = ""
    """Whether any of its findings is new since the earlier report."""
    first_seen: str = ""
    """When a run first found one of them."""
    cell: str = ""
    """Sheet and cell of its place, where its clinic's file is a workbook."""

    @property
    def group(self) -> tuple[Severity, str, str]:
        """What it is done together with: warnings apart, so that none comes before a failure."""
        return self.severity, self.who, self.where

    @property
    def notes(self) -> list[str]:
        """What stands in brackets behind what is wrong."""
        notes = [self.check, self.clinic]
        notes += ["warning"] if self.severity == "warning" else []
        notes += ["decide"] if self.decide else []
        return [*notes, f"holds up {plural(self.unblocks, 'pair')}"] if self.unblocks else notes


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReport:
    """What a check says of an appointment that is asked for by its id, with what to do."""

    clinic: str
    check: str
    id: str
    starts: str
    """Its start, on the clinic's clock."""
    outcome: Outcome
    said: str
    who: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The run. ``partial`` says why it is not whole, and is empty where it is.

    ``source`` is what the place of the documents is known by, ``ids`` are those of all its clinics.
    ``asked`` are the names and patterns that select, ``selected`` the ids of the clinics that they
    match, in all parts together; ``part`` is the part of them that this is, such as ``2/8``.
    ``appointments`` says whether booked appointments are told of.
    """

    videolink_report: int = FORMAT
    version: str
    checked_as_of: str
    partial: str
    terms: TermsReport | None = None
    source: str = ""
    ids: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()
    part: str = ""
    appointments: bool = True
    portion: str = ""
    """What it tells of alone, where it is written for one clinic or owner."""
    exit: ExitReport = UNTOLD
    checks: tuple[CheckReport, ...]
    clinics: tuple[ClinicReport, ...]
    answers: tuple[AnswerReport, ...] = ()
    work: tuple[JobReport, ...]
    lapses: tuple[LapseReport, ...] = ()
    """What lapses soon, by owner, the first first."""
    changes: ChangesReport | None = None
    """What has changed since an earlier report, where one was given."""

    @property
    def known(self) -> str:
        """How many findings were known, and did not fail the run; nothing where none was."""
        count = sum(item.known for clinic in self.clinics for item in clinic.items)
        are = f"{plural(count, 'known finding')} {'is' if count == 1 else 'are'}"
        return f"{are} open, and did not fail this run: new ones alone do." if count else ""

    @property
    def is_empty_part(self) -> bool:
        return bool(self.part) and not self.clinics

    @property
    def why_empty(self) -> str:
        """What is said in place of clinics, where there are none."""
        return f"Nothing to do of {self.portion}" if self.portion else "No clinic was checked"

    @property
    def fixes(self) -> list[JobReport]:
        return [job for job in self.work if job.kind == "fix"]

    @property
    def duties(self) -> list[JobReport]:
        """The appointments to see to after the fixes."""
        return [job for job in self.work if job.kind != "fix"]

    @property
    def as_of(self) -> str:
        """The time checked against, as people say it."""
        time = datetime.fromisoformat(self.checked_as_of)
        return f"{day_and_time(time)} (UTC{time.isoformat()[-6:]})"
