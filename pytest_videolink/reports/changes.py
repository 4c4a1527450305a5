"""What has changed since an earlier report, and since when each finding is known.

It works on the two reports alone. A finding is the same by its clinic, subject, check and reason,
and by the parts at fault; only a pass that was evaluated ends one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from pytest_videolink.reports.nights import (
    APPOINTMENT,
    CarriedReport,
    ChangesReport,
    FindingChange,
    GoneReport,
    PartReport,
    Renamed,
    SettingsReport,
    Uncompared,
    VerdictChange,
    earliest,
)
from pytest_videolink.reports.past import Checks, Key, Past, below, carried, since
from pytest_videolink.reports.report import ClinicReport, ItemReport, JobReport, Report
from pytest_videolink.reports.shards import is_in
from pytest_videolink.reports.words import Change


def dated(report: Report) -> Report:
    """A report that nothing earlier is known of: every finding is first seen by it."""
    clinics = tuple(_Night(report, None, clinic, None).clinic_now for clinic in report.clinics)
    return with_jobs(replace(report, clinics=clinics))


def compared(report: Report, then: Report) -> Report:
    """The report, with what has changed since an earlier one."""
    checks = Checks(then.checks, report.checks)
    clinics_then = {clinic.id: clinic for clinic in then.clinics}
    nights = []
    for clinic in report.clinics:
        before = clinics_then.get(clinic.id)
        past = None
        if before is not None:
            past = Past(then, before, checks, clinic.subjects or before.subjects)
        nights.append(_Night(report, then, clinic, past))
    changes = _changes(report, then, nights)
    clinics = tuple(night.clinic_now for night in nights)
    return with_jobs(replace(report, clinics=clinics, changes=changes))


def remembered(report: Report, then: Report) -> Report:
    """A report, compared already, in which what was known of clinics that are lost is kept."""
    clinics_then = {clinic.id: clinic for clinic in then.clinics}
    checks = Checks(then.checks, report.checks)

    def kept(clinic: ClinicReport) -> ClinicReport:
        before = clinics_then.get(clinic.id)
        if before is None or not clinic.is_lost:
            return clinic
        past = Past(then, before, checks, before.subjects)
        return _Night(report, then, clinic, past).clinic_now

    return replace(report, clinics=tuple(map(kept, report.clinics)))


def why_not(now: ClinicReport, then: ClinicReport | None) -> str:
    """What keeps a clinic from being compared, or nothing."""
    if then is None or then.is_lost:
        return "not checked then"
    if now.is_lost:
        return "not checked now"
    is_read = now.tally is not None
    if not then.is_complete and (is_read or then.tally):
        return "only a part of it checked then" if then.tally else "could not be read then"
    if is_read and not now.is_complete:
        return "only a part of it checked now"
    return ""


@dataclass
class _Night:
    """A clinic of the report, beside what is known of it."""

    report: Report
    then: Report | None
    clinic: ClinicReport
    past: Past | None
    new: list[FindingChange] = field(default_factory=list)
    fixed: list[FindingChange] = field(default_factory=list)
    dropped: list[FindingChange] = field(default_factory=list)
    answered: int = 0
    held: list[CarriedReport] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    """When each finding that was there then was first found."""
    same: set[Key] = field(default_factory=set)
    """Those that were there then, by what they were."""
    lost: list[FindingChange] = field(default_factory=list)
    waivers: list[FindingChange] = field(default_factory=list)
    waived: list[FindingChange] = field(default_factory=list)
    worse: list[FindingChange] = field(default_factory=list)
    why: str = ""

    def __post_init__(self) -> None:
        if self.then is not None:
            self.why = why_not(self.clinic, self.past.clinic if self.past else None)
        items = tuple(map(self._item, self.clinic.items))
        self._ended()
        known = self.past.clinic if self.past else None
        is_read = self.clinic.tally is not None
        as_of = self.clinic.as_of
        subjects = self.clinic.subjects
        if known is not None and not is_read:
            as_of, subjects = known.as_of, known.subjects
        else:
            subjects = tuple(self._set(each) for each in subjects)
        self.clinic_now = replace(
            self.clinic,
            items=items,
            carried=tuple(self.held),
            as_of=as_of,
            zone=self.clinic.zone or (known.zone if known else ""),
            subjects=subjects,
        )

    def _set(self, subject: SettingsReport) -> SettingsReport:
        """A subject, with since when it is set to what it is, as far as that is known."""
        span = since(subject, self.clinic.as_of, self.past)
        return subject if span is None else replace(subject, settings_since=span)

    def _is_compared(self, scope: str) -> bool:
        if self.then is None or self.why:
            return False
        return scope != "appointment" or self.then.appointments

    def _item(self, item: ItemReport) -> ItemReport:
        name = below(item, self.clinic)
        if not item.is_finding:
            if (
                item.outcome == "not recorded"
                and self._is_compared(item.scope)
                and self.past
                and name in self.past.answered
            ):
                self.lost.append(self._change(item, PartReport("", item.summary)))
            return item
        now = self.report.checked_as_of
        parts: list[PartReport] = []
        change: Change = "open"
        past = self.past
        known = past.same(name, item.reason, [part.id for part in item.parts]) if past else {}
        self.same |= {*known.values()}
        for part in item.found:
            key = known.get(Key(name, item.reason, part.id))
            first = past.findings[key].first_seen if past and key else now
            parts.append(PartReport(part.id, part.summary, first))
            if key:
                self._still(item, key, parts[-1])
            else:
                change = "new"
                if self._is_compared(item.scope):
                    unrecorded = past is not None and past.was_unrecorded(name, item.reason)
                    new = self._change(item, parts[-1])
                    self.new.append(replace(new, was_unrecorded=unrecorded))
        return replace(
            item,
            first_seen=earliest(part.first_seen for part in parts),
            parts=tuple(parts) if item.parts else (),
            change=change if self._is_compared(item.scope) else "",
        )

    @property
    def is_vague(self) -> bool:
        """Whether some of its findings may be of other parts than those of then."""
        past = self.past
        return past is not None and any(key.item in past.is_vague for key in self.same)

    def _still(self, item: ItemReport, key: Key, part: PartReport) -> None:
        """A finding that was there then."""
        if not self._is_compared(item.scope):
            return
        assert self.past is not None
        self.open.append(part.first_seen)
        was = self.past.findings[key]
        if (was.outcome, item.outcome) == ("warning", "failed"):
            self.worse.append(self._change(item, part))
        terms, then = self.report.terms, self.then.terms if self.then else None
        is_audit = bool(terms and not terms.waivers) or bool(then and not then.waivers)
        if is_audit or "waived" not in (was.outcome, item.outcome):
            return
        if was.outcome != item.outcome:
            told = self.waived if item.outcome == "waived" else self.waivers
            told.append(self._change(item, part))

    def _ended(self) -> None:
        """What became of the findings that are not in this report."""
        if self.past is None or not self.past.findings:
            return
        by_name = {below(item, self.clinic): item for item in self.clinic.items}
        passed = set(self.clinic.passed)
        for key, each in self.past.findings.items():
            item = by_name.get(key.item)
            if item is not None and item.is_finding and item.reason == key.reason:
                if key in self.same:
                    continue
                if item.partly:
                    self.held.append(each)
                    continue
                fate = self.fixed
            elif item is not None and item.is_finding and item.reason == "wrong":
                self.answered += self._is_compared(each.scope)
                continue
            elif key.item in passed:
                fate = self.fixed
            elif item is None and self.clinic.is_complete and not self._may_be_unread(each):
                fate = self.dropped
            else:
                self.held.append(each)
                continue
            if self._is_compared(each.scope):
                fate.append(self._past_change(each))

    def _may_be_unread(self, each: CarriedReport) -> bool:
        """Whether a finding that has no item may be about a row that cannot be read."""
        sheets = (table for table in self.clinic.tables if table.of == "appointments")
        return each.scope == "appointment" and any(not sheet.is_whole for sheet in sheets)

    def _change(self, item: ItemReport, part: PartReport) -> FindingChange:
        return self._past_change(carried(item, self.clinic, part, part.first_seen))

    def _past_change(self, each: CarriedReport) -> FindingChange:
        return FindingChange(
            clinic=self.clinic.id,
            item=each.item,
            check=each.check,
            subject=each.subject,
            name=each.name,
            summary=each.summary,
            outcome=each.outcome,
            reason=each.reason,
            part=each.part,
            first_seen=each.first_seen,
        )


def _changes(report: Report, then: Report, nights: Sequence[_Night]) -> ChangesReport:
    verdicts = [each for night in nights for each in _verdict(night, then)]
    whole = [night for night in nights if not night.why]
    opened = [first for night in whole for first in night.open]
    known_then = {check.id for check in then.checks}
    told = [check for check in report.checks if then.appointments or check.scope != "appointment"]
    renamed = [Renamed("", id, check.id) for check in told for id in check.was if id in known_then]
    moved = {each.then for each in renamed} | {each.now for each in renamed}
    known_now = {check.id for check in report.checks}
    gone = [*_gone(report, then)]
    return ChangesReport(
        since=then.checked_as_of,
        unready=tuple(each for each in verdicts if each.now in ("NOT READY", "UNKNOWN")),
        ready=tuple(each for each in verdicts if each.now not in ("NOT READY", "UNKNOWN")),
        new=tuple(each for night in nights for each in night.new),
        fixed=tuple(each for night in nights for each in night.fixed),
        dropped=tuple(each for night in nights for each in night.dropped),
        answered=sum(night.answered for night in nights),
        held=sum(_held(night, then) for night in whole),
        open=len(opened),
        oldest=earliest(opened),
        lost=tuple(each for night in nights for each in night.lost),
        waivers=tuple(each for night in nights for each in night.waivers),
        waived=tuple(each for night in nights for each in night.waived),
        worse=tuple(each for night in nights for each in night.worse),
        gone=tuple(each.clinic for each in gone),
        gone_then=tuple(gone),
        renamed=tuple(each for night in nights if night.past for each in night.past.renamed),
        checks_new=tuple(
            each.id for each in told if then.checks and each.id not in known_then | moved
        ),
        checks_gone=tuple(each.id for each in then.checks if each.id not in known_now | moved),
        checks_renamed=tuple(renamed),
        uncompared=tuple(_uncompared(report, then, nights)),
    )


def _held(night: _Night, then: Report) -> int:
    return sum(each.scope != "appointment" or then.appointments for each in night.held)


def _verdict(night: _Night, earlier: Report) -> Iterator[VerdictChange]:
    then, now = night.past.clinic if night.past else None, night.clinic
    was_partial = then is not None and then.tally is not None and not then.is_complete
    is_partial = now.tally is not None and not now.is_complete
    if then is None or was_partial or is_partial or then.is_unready is now.is_unready:
        return
    if then.is_lost or now.is_lost:
        return
    held = 0 if now.is_unready else _held(night, earlier)
    yield VerdictChange(clinic=now.id, name=now.name, then=then.verdict, now=now.verdict, held=held)


def _gone(report: Report, then: Report) -> Iterator[GoneReport]:
    """The clinics that this run's patterns match, in its part, and the source no longer has."""
    known = set(report.ids)
    were = {clinic.id: clinic for clinic in then.clinics}
    for id in sorted({*were} - known):
        is_asked = any(id == name or fnmatchcase(id, name) for name in report.asked)
        if is_asked and is_in(id, report.part):
            clinic = were[id]
            findings = sum(len(item.found) for item in clinic.findings)
            yield GoneReport(id, clinic.verdict, findings + len(clinic.carried))


def _uncompared(report: Report, then: Report, nights: Sequence[_Night]) -> Iterator[Uncompared]:
    if not then.appointments and report.appointments and _has_appointments(report):
        yield Uncompared("", "booked appointments: that report leaves them out")
    for night in nights:
        if night.why:
            yield Uncompared(night.clinic.id, night.why)
        elif night.is_vague and report.exit.only_new:  # for which they count as new
            yield Uncompared(
                night.clinic.id, "which parts were at fault, that report does not tell"
            )


def _has_appointments(report: Report) -> bool:
    return any(
        name.startswith(APPOINTMENT) for clinic in report.clinics for name in clinic.passed
    ) or any(item.is_appointment for clinic in report.clinics for item in clinic.items)


def with_jobs(report: Report) -> Report:
    """The report, with what is known of its findings told of the work list's lines too."""
    items = {item.id: item for clinic in report.clinics for item in clinic.findings}

    def job(each: JobReport) -> JobReport:
        found = [items[id] for id in each.items if id in items]
        seen = [item.first_seen for item in found]
        changes = {item.change for item in found} - {""}
        change: Change = "new" if "new" in changes else "open" if changes else ""
        return replace(each, first_seen=earliest(seen), change=change)

    return replace(report, work=tuple(map(job, report.work)))
