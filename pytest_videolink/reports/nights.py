"""What two runs are compared by, and what has changed between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from pytest_videolink.record.plain import dataclass
from pytest_videolink.reports.words import Kind, Outcome, Reason, Verdict


@dataclass(frozen=True, slots=True)
class PartReport:
    """A part at fault, where a check can find several, and since when that is known."""

    id: str
    summary: str
    first_seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedReport:
    """A finding of an earlier run that this one has no answer to: blocked, not run, or unread.

    ``item`` is the name of its item below that of its clinic.
    """

    item: str
    check: str
    scope: str
    subject: str
    name: str
    outcome: Outcome
    summary: str
    reason: Reason
    part: str
    first_seen: str


@dataclass(frozen=True, slots=True)
class SpanReport:
    """Two records, by their times, ISO 8601: not so ``after`` one, and so ``by`` the other."""

    after: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsReport:
    """A practitioner or an appointment type, and a hash of all that its video links depend on.

    ``link`` is the PMS entry that it is linked to. Between which two records the settings became
    what they are is not known until two runs have seen them.
    """

    kind: Kind
    id: str
    link: str
    settings: str
    settings_since: SpanReport | None = None


@dataclass(frozen=True, slots=True)
class LapseReport:
    """What holds for now: a record that becomes too old, or a waiver that ends, and whose it is.

    ``until`` is the last day on which it holds, on the clinic's clock, ISO 8601. A record holds
    until a time of that day, which is ``at``; a waiver for all of it.
    """

    owner: str
    until: str
    clinic: str
    what: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """A clinic that is READY, with waivers or without, in one of the two reports alone.

    ``held`` is how many findings of then have no answer now, where it is READY now: what is wrong
    may still be, and only not be recorded any more.
    """

    clinic: str
    name: str
    then: Verdict
    now: Verdict
    held: int = 0


@dataclass(frozen=True, slots=True)
class GoneReport:
    """What a clinic was that the source no longer has, and how many findings it had."""

    clinic: str
    verdict: Verdict
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """A finding that is in one of the two reports, or in both and in another way.

    ``item`` is the name of its item below that of its clinic, ``part`` the part at fault where its
    check can find several. ``outcome`` is that of the later report where the finding is in it.
    ``was_unrecorded`` says of a new one that nothing was recorded for it then, and nothing right is
    now.
    """

    clinic: str
    item: str
    check: str
    subject: str
    name: str
    summary: str
    outcome: Outcome
    reason: Reason
    part: str = ""
    first_seen: str = ""
    was_unrecorded: bool = False

    @property
    def is_appointment(self) -> bool:
        """Whether it is about one: no other subject's id may begin so."""
        return self.item.startswith(APPOINTMENT)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A subject of a clinic, or a check, that bears another id now; of a check without a clinic."""

    clinic: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Uncompared:
    """A clinic that could not be compared, and why; without a clinic, what of all of them."""

    clinic: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesReport:
    """What has changed since an earlier report, of which ``since`` is the time, ISO 8601.

    ``new`` are findings of this report alone. Of those of the earlier alone ``fixed`` were found
    right, ``dropped`` are not asked about any more, ``answered`` is how many had no answer then, as
    it was not recorded, and have one now, which is wrong, and ``held`` how many this run has no
    answer to. ``open`` is how many are in both, the oldest of them found at ``oldest``: ``waivers``
    are those of which a waiver has ended, ``waived`` those that are waived since, ``worse`` those
    that were a warning and fail now. ``lost`` are items that were answered then, and now lack what
    has to be recorded for it; ``gone`` the ids of clinics that the source no longer has, and
    ``gone_then`` what is known of those.
    """

    since: str
    unready: tuple[VerdictChange, ...] = ()
    ready: tuple[VerdictChange, ...] = ()
    new: tuple[FindingChange, ...] = ()
    fixed: tuple[FindingChange, ...] = ()
    dropped: tuple[FindingChange, ...] = ()
    answered: int = 0
    held: int = 0
    open: int = 0
    oldest: str = ""
    lost: tuple[FindingChange, ...] = ()
    waivers: tuple[FindingChange, ...] = ()
    waived: tuple[FindingChange, ...] = ()
    worse: tuple[FindingChange, ...] = ()
    gone: tuple[str, ...] = ()
    gone_then: tuple[GoneReport, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    checks_new: tuple[str, ...] = ()
    checks_gone: tuple[str, ...] = ()
    checks_renamed: tuple[Renamed, ...] = ()
    uncompared: tuple[Uncompared, ...] = ()

    @property
    def unchecked(self) -> list[FindingChange]:
        """What could be checked then and cannot now, as far as that is a finding, and else."""
        return [*(each for each in self.new if _is_unchecked(each)), *self.lost]

    @property
    def wrong(self) -> list[FindingChange]:
        """The other new findings, by checks that were there then."""
        fresh = set(self.checks_new)
        return [each for each in self.new if not _is_unchecked(each) and each.check not in fresh]

    @property
    def by_new_checks(self) -> list[FindingChange]:
        fresh = set(self.checks_new)
        return [each for each in self.new if not _is_unchecked(each) and each.check in fresh]

    def of(self, is_theirs: Callable[[FindingChange], bool]) -> dict[str, Any]:
        """The findings among them for which that holds, by what became of them."""
        kinds = ("new", "fixed", "dropped", "lost", "waivers", "waived", "worse")
        return {kind: tuple(filter(is_theirs, getattr(self, kind))) for kind in kinds}

    @property
    def says_something(self) -> bool:
        """Whether anything has changed, or could not be compared."""
        return any(
            getattr(self, each.name)
            for each in fields(self)
            if each.name not in ("since", "open", "oldest", "held", "answered")
        )


APPOINTMENT = "appointment-"
"""How the name of an appointment's item begins, below its clinic's."""

UNREADABLE = ("VL001", "VL002")
"""The checks that find a record that cannot be read: the clinic's own, and a neighbour's."""

TABLES = "VL007"
"""The check that finds tables, or rows of them, that cannot be read."""


def earliest(times: Iterable[str]) -> str:
    """The first of some times, ISO 8601, whatever their offsets; nothing where there is none."""
    return min(times, key=datetime.fromisoformat, default="")


def _is_unchecked(finding: FindingChange) -> bool:
    return finding.reason != "wrong" or finding.check in (*UNREADABLE, TABLES)
