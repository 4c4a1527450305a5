"""What a run has come to, told once, as one plain :class:`Report`.

Worked out from judgements alone; of pytest's reports it takes only which items were run. So it is
the same with and without workers, and in whatever order the items were run.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import timedelta
from enum import Enum
from importlib.metadata import version
from itertools import compress
from pathlib import Path
from typing import Any

from pytest_videolink.checks.builtin import VALID_DOCUMENT
from pytest_videolink.checks.rule import Check
from pytest_videolink.judging import todo, verdict
from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.record.clinic import (
    Appointment,
    AppointmentType,
    Clinic,
    Pair,
    Practitioner,
    Subject,
)
from pytest_videolink.record.text import clean
from pytest_videolink.reports.exit import ExitReport, TermsReport
from pytest_videolink.reports.explained import bookings, placed_at
from pytest_videolink.reports.nights import PartReport
from pytest_videolink.reports.report import (
    AnswerReport,
    CellReport,
    ClinicReport,
    Explained,
    ItemReport,
    JobReport,
    PlaceReport,
    Report,
    RowReport,
    TypeReport,
    WaiverReport,
)
from pytest_videolink.reports.words import FINDINGS, NOT_RUN, Duty, Outcome
from pytest_videolink.reports.work import listed
from pytest_videolink.session.asked import Asked, answers, is_explained
from pytest_videolink.session.before import parts, reason, subjects_of
from pytest_videolink.session.counted import check_report, table_report, tally
from pytest_videolink.session.lapses import lapses
from pytest_videolink.session.run import Run, item_names

DUTIES: dict[Duty, str] = {
    "recreate": "Recreate appointment {id} ({starts})",
    "telephone": "Telephone the patient of, or rebook, appointment {id} ({starts})",
}

NEW_TO_LF = "--lf knows nothing of this file, which is new or has another name than before"


class Depth(Enum):
    """How much of a run is told, each with all that comes before it."""

    VERDICTS = 0
    CLOSING = 1
    """What the closing section is made of: matrix, tally, work list."""
    ITEMS = 2
    """What two runs are compared by: the catalogue, and the items that were run."""
    WHOLE = 3
    """What is long: steps, texts and places."""


class Telling:
    """Tells of a run in which the items of these node ids were run.

    ``new_to_lf`` are the clinic files, by id, that ``--lf`` knows nothing of and so passes over;
    ``known`` are the items that fail and were known to the earlier report.
    """

    def __init__(
        self,
        run: Run,
        ran: Set[str],
        depth: Depth,
        new_to_lf: Set[str] = frozenset(),
        known: Set[str] = frozenset(),
    ) -> None:
        self._known = known
        self._run = run
        self._ran = ran
        self._new_to_lf = new_to_lf
        self._asked = Asked(run.appointments)
        self._is_whole = depth is Depth.WHOLE
        self._has_items = depth in (Depth.ITEMS, Depth.WHOLE)
        self._has_work = depth is not Depth.VERDICTS
        self._files = sorted(run.files, key=self._id)
        self._unread = [file for file in self._files if run.judge(file) is None]
        self._names = {file: run.shown(file) for file in self._files}
        self._file_of: dict[Clinic, Path] = {}
        self._judged: dict[Clinic, Sequence[Judgement]] = {}
        for file in self._files:
            judge = run.judge(file)
            if judge is not None:
                self._file_of[judge.clinic] = file
                self._judged[judge.clinic] = tuple(judge.judgements())
        self._of_one_name: dict[Clinic, Set[Practitioner | AppointmentType]] = {}
        self._explanations: dict[str, tuple[Explained, dict[str, Any]]] = {}

    def report(self, partial: str, exit: ExitReport, **asked: Any) -> Report:
        """All that is asked for; ``partial`` says why the run is not whole.

        ``asked`` is what was asked of it: source, ids and part.
        """
        run, terms = self._run, self._run.terms
        checks = run.checks if self._has_items else ()
        return Report(
            version=version("pytest-videolink") if self._has_items else "",
            checked_as_of=terms.now.isoformat(timespec="seconds"),
            partial=partial,
            terms=TermsReport(
                sync_window=int(terms.sync_window / timedelta(minutes=1)),
                max_age=terms.max_age.days,
                waivers=terms.honour_waivers,
                soon=run.soon.days,
            ),
            **asked,
            exit=exit,
            checks=tuple(check_report(check, run.checks) for check in checks),
            clinics=tuple(map(self._clinic, self._files)),
            answers=tuple(self._answers()),
            work=tuple(self._work()) if self._has_work else (),
            lapses=lapses(self._judged, terms, run.soon, run.checks),
        )

    def _id(self, file: Path) -> str:
        judge = self._run.judge(file)
        return judge.clinic.id if judge else clean(self._run.record(file).id)

    def _item_id(self, file: Path, judgement: Judgement) -> str:
        return "::".join((self._run.node_id(file), *item_names(judgement)))

    def _has_run(self, file: Path, judgement: Judgement) -> bool:
        return self._item_id(file, judgement) in self._ran

    def _that_ran(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(id for id in ids if id in self._ran)

    # A clinic

    def _clinic(self, file: Path) -> ClinicReport:
        judge = self._run.judge(file)
        place: dict[str, Any] = self._run.named(file, is_whole=self._is_whole)
        if judge is None:
            id = self._id(file)
            return ClinicReport(
                id=id,
                name=id,
                **place,
                verdict=verdict.Readiness.UNKNOWN.value,
                why=self._run.unreadable_reason(file),
                items=tuple(self._unreadable(file)) if self._has_items else (),
            )
        clinic, judgements = judge.clinic, self._judged[judge.clinic]
        ids = [self._item_id(file, each) for each in judgements]
        ran, found = [id in self._ran for id in ids], zip(ids, judgements, strict=True)
        readiness, why = verdict.readiness(judgements, complete=all(ran))
        if not any(ran) and why == verdict.ONLY_A_PART:
            why = f"{NOT_RUN}: {NEW_TO_LF}" if place["node"] in self._new_to_lf else NOT_RUN
        report = ClinicReport(
            id=clinic.id,
            name=clinic.name,
            **place,
            verdict=readiness.value,
            why=why,
            types=tuple(TypeReport(type.id, type.name) for type in clinic.video_types),
            matrix=tuple(self._matrix(file, clinic, judgements)) if self._has_work else (),
            tally=tally(judgements, ran) if self._has_work else None,
            tables=tuple(map(table_report, clinic.tables)) if self._has_work else (),
            **(self._all_of(file, clinic, compress(found, ran)) if self._has_items else {}),
            is_complete=all(ran),
        )
        self._run.record(file).forget_positions()
        return report

    def _all_of(
        self, file: Path, clinic: Clinic, ran: Iterable[tuple[str, Judgement]]
    ) -> dict[str, Any]:
        """A clinic's items that were run, by id, and what its subjects are set to."""
        items: list[ItemReport] = []
        passed: list[str] = []
        above = f"{self._run.node_id(file)}::"
        for id, judgement in ran:
            if judgement.state is State.PASSED:
                passed.append(id.removeprefix(above))
            else:
                items.append(self._item(file, id, judgement))
        return {
            "items": tuple(items),
            "passed": tuple(passed),
            "zone": str(clinic.timezone),
            "as_of": clinic.as_of.isoformat() if clinic.as_of else "",
            "subjects": subjects_of(clinic),
        }

    def _matrix(
        self, file: Path, clinic: Clinic, judgements: Iterable[Judgement]
    ) -> Iterator[RowReport]:
        rows: dict[Practitioner, dict[AppointmentType, CellReport]] = defaultdict(dict)
        for link in verdict.links(judgements):
            pair = link.subject
            assert isinstance(pair, Pair)
            rows[pair.practitioner][pair.type] = self._cell(file, link)
        for who, cells in rows.items():
            yield RowReport(who.id, who.name, tuple(map(cells.get, clinic.video_types)))

    def _cell(self, file: Path, link: Judgement) -> CellReport:
        first = verdict.cause(link)
        recorded: dict[str, Any] = {
            "cause": first.check.id if first else "",
            "waived": link.excused,
        }
        if not self._has_run(file, link):
            return CellReport(state="unknown", why="was not checked in this run", **recorded)
        if first is None:
            return CellReport(state="link")
        is_open = verdict.is_unrecorded(first) or first.check.id in verdict.UNCERTAIN
        return CellReport(
            state="waived" if link.excused else "unknown" if is_open else "no link",
            check=first.check.id,
            item="".join(self._that_ran([self._item_id(file, first)])),
            why=first.reason,
            **recorded,
        )

    def _unreadable(self, file: Path) -> Iterator[ItemReport]:
        check, run = VALID_DOCUMENT, self._run
        for id in self._that_ran([f"{run.node_id(file)}::{check.name}"]):
            said: dict[str, Any] = {}
            if self._is_whole:
                position = run.record(file).problems[0].position
                explained = run.explained_unreadable(file, [check.name])
                said = {**placed_at(position), "explained": explained}
            clinic = clean(run.record(file).id)
            yield ItemReport(
                id=id,
                **_about(check, clinic, clinic),
                scope=check.scope,
                severity=check.severity,
                outcome="failed",
                summary=run.unreadable_reason(file),
                reason="wrong",
                **said,
            )

    def _item(self, file: Path, id: str, judgement: Judgement) -> ItemReport:
        check, subject, waiver = judgement.check, judgement.subject, judgement.waiver
        outcome: Outcome = judgement.state.value
        found: dict[str, Any] = {}
        if outcome in FINDINGS:
            found = {
                "reason": reason(judgement),
                "parts": tuple(PartReport(*part) for part in parts(judgement).items()),
                "partly": judgement.partly,
                "known": id in self._known,
            }
            if self._is_whole:
                explained, placed = self._explained(file, judgement)
                found |= {**placed, "explained": explained}
        if waiver:
            found["waiver"] = WaiverReport(
                until=waiver.until.isoformat(),
                owner=clean(waiver.owner),
                reason=clean(waiver.reason),
            )
        return ItemReport(
            id=id,
            **_about(check, subject.id, subject.name) | {"who": judgement.who},
            scope=check.scope,
            severity=check.severity,
            outcome=outcome,
            summary=judgement.reason,
            **found,
        )

    def _explained(self, file: Path, judgement: Judgement) -> tuple[Explained, dict[str, Any]]:
        """All there is to say about a judgement, and the place that it is about."""
        id = self._item_id(file, judgement)
        if id not in self._explanations:
            explained = self._run.explained(file, judgement, item_names(judgement))
            document = self._run.record(file).document
            if explained.evidence:
                placed = placed_at(explained.evidence[0].places[0], document)
            else:  # the check itself could not answer
                placed = placed_at(document.find(judgement.subject.path).position, document)
            self._explanations[id] = explained, placed
        return self._explanations[id]

    # The appointments that are asked for

    def _answers(self) -> Iterator[AnswerReport]:
        for clinic, judgements in self._judged.items() if self._asked else ():
            file = self._file_of[clinic]
            for judgement in judgements:
                ids = self._asked.told_of(judgement, clinic, self._judged)
                if ids and self._has_run(file, judgement):
                    has_more = is_explained(judgement)
                    explained = self._explained(file, judgement)[0] if has_more else None
                    yield from answers(clinic, judgement, ids, explained)

    # The work list: fixes group by group, then appointments

    def _work(self) -> Iterator[JobReport]:
        return listed((*self._records(), *self._fixes()), self._duties())

    def _records(self) -> Iterator[JobReport]:
        """A job for each record that cannot be read; it settles all that waits for the record."""
        check, run = VALID_DOCUMENT, self._run
        waiting = self._waiting() if self._is_whole else {}
        for file in self._unread:
            id = self._id(file)
            details: dict[str, Any] = {"line": 0, "items": ()}
            if self._is_whole:
                own = f"{run.node_id(file)}::{check.name}"
                details = {
                    "steps": run.explained_unreadable(file, [check.name]).steps,
                    "line": run.record(file).problems[0].position.line,
                    "cell": run.record(file).problems[0].position.cell,
                    "items": self._that_ran([own, *waiting.get(id, ())]),
                }
            yield JobReport(
                **_about(check, id, id),
                kind="fix",
                severity="error",
                clinic=id,
                where=todo.screen(check),
                what=run.unreadable_reason(file),
                file=self._names[file],
                **details,
            )

    def _waiting(self) -> dict[str, list[str]]:
        """The ids of failing items that only wait for records to be read, by each of those."""
        unread = {*map(self._id, self._unread)}
        waiting: dict[str, list[str]] = defaultdict(list)
        for clinic, judgements in self._judged.items():
            for judgement in judgements:
                if judgement.state is State.FAILED:
                    clinics = {place.clinic for place in todo.places(clinic.id, judgement)}
                    for id in clinics if clinics <= unread else ():
                        waiting[id].append(self._item_id(self._file_of[clinic], judgement))
        return waiting

    def _fixes(self) -> Iterator[JobReport]:
        tasks = todo.tasks(self._judged, {*map(self._id, self._unread)})
        for urgency, task in enumerate(filter(self._bears_on_what_is_asked, tasks), 1):
            yield self._job(
                task.clinic,
                task.judgement,
                task.settles,
                who=task.who,
                kind="fix",
                severity="warning" if task.judgement.state is State.WARNED else "error",
                where=task.where,
                what=self._told_apart(task.clinic, task.judgement.subject, task.what),
                decide=task.is_decision,
                unblocks=task.unblocks,
                urgency=urgency,
                places=tuple(self._places(task)),
                is_open=task.is_open,
            )

    def _bears_on_what_is_asked(self, task: todo.Task) -> bool:
        return self._asked.bear_on(
            (self._run.judge(self._file_of[clinic]), judgement)
            for clinic, judgement in task.settles
        )

    def _told_apart(self, clinic: Clinic, subject: Subject, said: str) -> str:
        """What is said, with the id behind a name that another one in the clinic has as well."""
        parts = (subject.practitioner, subject.type) if isinstance(subject, Pair) else (subject,)
        for each in parts:
            if isinstance(each, Practitioner | AppointmentType) and each in self._alike(clinic):
                said = said.replace(each.name, f"{each.name} ({each.id})", 1)
        return said

    def _alike(self, clinic: Clinic) -> Set[Practitioner | AppointmentType]:
        """The practitioners of one name, and the types of one name."""
        if clinic not in self._of_one_name:
            alike: set[Practitioner | AppointmentType] = set()
            for entries in (clinic.practitioners, clinic.appointment_types):
                count = Counter(each.name for each in entries)
                alike.update(each for each in entries if count[each.name] > 1)
            self._of_one_name[clinic] = alike
        return self._of_one_name[clinic]

    def _places(self, task: todo.Task) -> list[PlaceReport]:
        found = todo.places(task.clinic.id, task.judgement) if self._is_whole else ()
        places = (PlaceReport(each.clinic, ".".join(map(str, each.path))) for each in found)
        return sorted(places, key=lambda place: (place.clinic, place.path))

    def _duties(self) -> Iterator[JobReport]:
        """A job for each appointment that no fix repairs."""
        for clinic, judgements in self._judged.items():
            for duty, some in todo.duties(judgements).items():
                for judgement in some:
                    assert isinstance(judgement.subject, Appointment)
                    if not self._asked.has(judgement.subject):
                        continue
                    (booking,) = bookings([judgement.subject], clinic.timezone)
                    yield self._job(
                        clinic,
                        judgement,
                        [(clinic, judgement)],
                        who=judgement.who,
                        kind=duty,
                        severity="error",
                        where="Appointment book",
                        what=DUTIES[duty].format(id=booking.id, starts=booking.starts),
                        starts=booking.starts,
                    )

    def _job(
        self,
        clinic: Clinic,
        judgement: Judgement,
        settles: Iterable[tuple[Clinic, Judgement]],
        **said: Any,
    ) -> JobReport:
        file = self._file_of[clinic]
        details: dict[str, Any] = {"line": 0, "items": ()}
        if self._is_whole:
            explained, placed = self._explained(file, judgement)
            ids = (self._item_id(self._file_of[other], each) for other, each in settles)
            details = {"steps": explained.steps, "items": self._that_ran(ids)}
            details |= {"line": placed["line"], "cell": placed["cell"]}
        return JobReport(
            **_about(judgement.check, judgement.subject.id, judgement.subject.name) | said,
            clinic=clinic.id,
            file=self._names[file],
            **details,
        )


def _about(check: Check, subject: str, name: str) -> dict[str, Any]:
    """What items and jobs tell of a check and its subject, by id and by name."""
    return {"check": check.id, "who": check.who, "subject": clean(subject), "name": clean(name)}
