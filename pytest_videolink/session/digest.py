"""What a run has come to, and all that was found, as one plain value for reports.

Imported where a report is to be written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from pytest_videolink.checks import catalogue
from pytest_videolink.checks.builtin import VALID_DOCUMENT
from pytest_videolink.judging.judge import Judge, Judgement, State
from pytest_videolink.judging.verdict import (
    LINK,
    UNCERTAIN,
    ClinicVerdict,
    Reconciliation,
    Task,
    cause,
    is_unrecorded,
    places,
)
from pytest_videolink.record.clinic import Appointment, Pair, Waiver
from pytest_videolink.record.text import clean
from pytest_videolink.reports.explained import Explained, bookings
from pytest_videolink.reports.report import (
    FINDINGS,
    CellReport,
    CheckReport,
    ClinicReport,
    Duty,
    ItemReport,
    JobReport,
    Outcome,
    Report,
    RowReport,
    TallyReport,
    TypeReport,
    UnrecordedReport,
    WaiverReport,
)
from pytest_videolink.session.outcomes import Outcomes
from pytest_videolink.session.run import item_names

DIAGNOSIS = "VL501"
UNREAD = ("practice manager", "the record")
"""Who puts a record right that cannot be read, and where."""

DUTIES: dict[Duty, str] = {
    "recreate": "Recreate appointment {id} ({starts})",
    "telephone": "Telephone the patient of, or rebook, appointment {id} ({starts})",
}


class Digest:
    """All that there is to report of what a run has come to."""

    def __init__(self, outcomes: Outcomes) -> None:
        self._outcomes = outcomes
        self._run = outcomes.run
        self._ran = outcomes.ran
        self._told: dict[str, tuple[Explained, tuple[int, int]]] = {}

    def report(self, partial: str) -> Report:
        """All of it as one plain value; ``partial`` says why the run is not whole."""
        return Report(
            version=version("pytest-videolink"),
            checked_as_of=self._run.terms.now.isoformat(timespec="seconds"),
            partial=partial,
            checks=tuple(
                CheckReport(
                    id=check.id,
                    name=check.name,
                    title=check.title,
                    why=check.why,
                    severity=check.severity,
                    scope=check.scope,
                    help=catalogue.page(check, self._run.checks),
                )
                for check in self._run.checks
            ),
            clinics=tuple(self._clinic(file, verdict) for file, verdict in self._outcomes.by_file),
            work=tuple(self._work()),
        )

    def _clinic(self, file: Path, verdict: ClinicVerdict) -> ClinicReport:
        run, judge = self._run, self._run.judge(file)
        common: dict[str, Any] = {
            "id": verdict.id,
            "name": verdict.name,
            "file": run.shown(file),
            "node": run.node_id(file),
            "verdict": verdict.readiness.value,
            "why": verdict.why,
        }
        if judge is None:
            return ClinicReport(**common, items=tuple(self._unreadable(file)))
        report = ClinicReport(
            **common,
            types=tuple(TypeReport(type.id, type.name) for type in verdict.types),
            matrix=tuple(self._matrix(file, verdict)),
            tally=_tally(verdict.reconciliation) if verdict.reconciliation else None,
            items=tuple(self._items(file, judge)),
        )
        run.record(file).forget_positions()
        return report

    def _unreadable(self, file: Path) -> Iterator[ItemReport]:
        check, run = VALID_DOCUMENT, self._run
        id = f"{run.node_id(file)}::{check.name}"
        if id in self._ran:
            explained = run.explained_unreadable(file, [check.name])
            position = run.record(file).problems[0].position
            clinic = clean(run.record(file).id)
            yield ItemReport(
                id=id,
                check=check.id,
                scope=check.scope,
                severity=check.severity,
                who=check.who,
                subject=clinic,
                name=clinic,
                outcome="failed",
                summary=explained.summary,
                line=position.line,
                column=position.column,
                explained=explained,
            )

    def _items(self, file: Path, judge: Judge) -> Iterator[ItemReport]:
        for judgement in judge.judgements():
            id = self._outcomes.item_id(file, judgement)
            if id in self._ran:
                yield self._item(file, id, judgement)

    def _item(self, file: Path, id: str, judgement: Judgement) -> ItemReport:
        check, subject, waiver = judgement.check, judgement.subject, judgement.waiver
        outcome: Outcome = judgement.state.value
        found: dict[str, Any] = {}
        if outcome in FINDINGS:
            explained, (line, column) = self._explained(file, judgement)
            found = {"line": line, "column": column, "explained": explained}
        return ItemReport(
            id=id,
            check=check.id,
            scope=check.scope,
            severity=check.severity,
            who=check.who,
            subject=clean(subject.id),
            name=clean(subject.name),
            outcome=outcome,
            summary=judgement.reason,
            waiver=_waiver(waiver) if waiver else None,
            **found,
        )

    def _explained(self, file: Path, judgement: Judgement) -> tuple[Explained, tuple[int, int]]:
        """All there is to say about a judgement, and the line and column that it is about."""
        id = self._outcomes.item_id(file, judgement)
        if id not in self._told:
            explained = self._run.explained(file, judgement, item_names(judgement))
            if explained.evidence:
                place = explained.evidence[0].places[0]
                position = place.line, place.column
            else:  # the check itself could not answer
                position = self._run.record(file).document.find(judgement.subject.path).position
            self._told[id] = explained, position
        return self._told[id]

    def _matrix(self, file: Path, verdict: ClinicVerdict) -> Iterator[RowReport]:
        cells = {
            (pair.practitioner, pair.type): self._cell(file, link)
            for link in verdict.judgements
            if link.check.id == LINK and isinstance(pair := link.subject, Pair)
        }
        for who in verdict.matrix:
            row = tuple(cells.get((who, type)) for type in verdict.types)
            yield RowReport(who.id, who.name, row)

    def _cell(self, file: Path, link: Judgement) -> CellReport:
        if self._outcomes.item_id(file, link) not in self._ran:
            return CellReport(state="unknown", why="was not checked in this run")
        first = cause(link)
        if first is None:
            return CellReport(state="link")
        item = self._outcomes.item_id(file, first)
        open_ = is_unrecorded(first) or first.check.id in UNCERTAIN
        return CellReport(
            state="waived" if link.excused else "unknown" if open_ else "no link",
            check=first.check.id,
            item=item if item in self._ran else "",
            why=first.reason,
        )

    # The work list, in the order of the terminal's: fixes group by group, then appointments

    def _work(self) -> Iterator[JobReport]:
        groups: dict[tuple[str, str, str], list[JobReport]] = defaultdict(list)
        for job in (*self._records(), *map(self._fix, self._outcomes.tasks)):
            groups[job.severity, job.who, job.where].append(job)
        jobs = (job for group in groups.values() for job in group)
        for number, job in enumerate((*jobs, *self._duties()), 1):
            yield replace(job, number=number)

    def _records(self) -> Iterator[JobReport]:
        """A job for each record that cannot be read; it settles all that waits for the record."""
        check = VALID_DOCUMENT
        for file, verdict in self._outcomes.by_file:
            if verdict.reconciliation is None:
                own = f"{self._run.node_id(file)}::{check.name}"
                explained = self._run.explained_unreadable(file, [check.name])
                yield JobReport(
                    kind="fix",
                    severity="error",
                    clinic=verdict.id,
                    check=check.id,
                    subject=verdict.id,
                    name=verdict.name,
                    who=UNREAD[0],
                    where=UNREAD[1],
                    what=verdict.why,
                    steps=explained.steps,
                    file=self._run.shown(file),
                    line=self._run.record(file).problems[0].position.line,
                    items=tuple(id for id in (own, *self._waiting_for(verdict)) if id in self._ran),
                )

    def _waiting_for(self, unread: ClinicVerdict) -> Iterator[str]:
        """The ids of failing items that only wait for records to be read, this one among them."""
        unreadable = {each.id for each in self._outcomes.verdicts if each.reconciliation is None}
        for file, verdict in self._outcomes.by_file:
            for judgement in verdict.judgements:
                if judgement.state is State.FAILED:
                    clinics = {place.clinic for place in places(verdict.id, judgement)}
                    if unread.id in clinics <= unreadable:
                        yield self._outcomes.item_id(file, judgement)

    def _fix(self, task: Task) -> JobReport:
        judgement, file = task.judgement, self._outcomes.files[task.clinic.id]
        subject = judgement.subject
        explained, (line, _) = self._explained(file, judgement)
        settled = (
            self._outcomes.item_id(self._outcomes.files[clinic], each)
            for clinic, each in task.settles
        )
        return JobReport(
            kind="fix",
            severity="warning" if judgement.state is State.WARNED else "error",
            clinic=task.clinic.id,
            check=judgement.check.id,
            subject=clean(subject.id),
            name=clean(subject.name),
            who=task.who,
            where=task.screen,
            what=task.what,
            decide=task.is_decision,
            unblocks=task.unblocks,
            steps=explained.steps,
            file=self._run.shown(file),
            line=line,
            items=tuple(id for id in settled if id in self._ran),
        )

    def _duties(self) -> Iterator[JobReport]:
        """A job for each appointment that no fix repairs."""
        for file, verdict in self._outcomes.by_file:
            booked = {
                each.subject: each for each in verdict.judgements if each.check.id == DIAGNOSIS
            }
            for duty, appointments in verdict.duties.items():
                for appointment in appointments:
                    yield self._duty(file, verdict, cast(Duty, duty), booked[appointment])

    def _duty(
        self, file: Path, verdict: ClinicVerdict, duty: Duty, judgement: Judgement
    ) -> JobReport:
        appointment = judgement.subject
        assert isinstance(appointment, Appointment)
        (booking,) = bookings([appointment], verdict.timezone)
        explained, (line, _) = self._explained(file, judgement)
        id = self._outcomes.item_id(file, judgement)
        return JobReport(
            kind=duty,
            severity="error",
            clinic=verdict.id,
            check=judgement.check.id,
            subject=clean(appointment.id),
            name=clean(appointment.name),
            who=judgement.check.who,
            where="Appointment book",
            what=DUTIES[duty].format(id=booking.id, starts=booking.starts),
            steps=explained.steps,
            file=self._run.shown(file),
            line=line,
            items=(id,) if id in self._ran else (),
        )


def _waiver(waiver: Waiver) -> WaiverReport:
    return WaiverReport(
        until=waiver.until.isoformat(), owner=clean(waiver.owner), reason=clean(waiver.reason)
    )


def _tally(tally: Reconciliation) -> TallyReport:
    return TallyReport(
        pairs=tally.pairs,
        link_expected=tally.expected,
        blocked=tally.blocked,
        failed=tally.failed,
        unrecorded=tuple(UnrecordedReport(*each) for each in tally.unrecorded.items()),
        pending=tally.pending,
    )
