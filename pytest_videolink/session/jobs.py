"""The work list of a run: its fixes, and the appointments that no fix repairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import Any

from pytest_videolink.checks.builtin import VALID_DOCUMENT
from pytest_videolink.judging import todo
from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.record.clinic import (
    Appointment,
    AppointmentType,
    Clinic,
    Pair,
    Practitioner,
    Subject,
)
from pytest_videolink.reports.explained import bookings
from pytest_videolink.reports.report import JobReport, PlaceReport
from pytest_videolink.reports.words import Duty
from pytest_videolink.reports.work import listed
from pytest_videolink.session.asked import Asked
from pytest_videolink.session.judged import Judged, about

DUTIES: dict[Duty, str] = {
    "recreate": "Recreate appointment {id} ({starts})",
    "telephone": "Telephone the patient of, or rebook, appointment {id} ({starts})",
}


class Jobs:
    """Tells what there is to do after a run; steps, items and places only where it is whole."""

    def __init__(self, judged: Judged, asked: Asked, *, is_whole: bool) -> None:
        self._judged = judged
        self._run = judged.run
        self._asked = asked
        self._is_whole = is_whole
        self._of_one_name: dict[Clinic, Set[Practitioner | AppointmentType]] = {}

    def listed(self) -> Iterator[JobReport]:
        """The list: fixes group by group, then appointments."""
        return listed((*self._records(), *self._fixes()), self._duties())

    def _records(self) -> Iterator[JobReport]:
        """A job for each record that cannot be read; it settles all that waits for the record."""
        check, run = VALID_DOCUMENT, self._run
        waiting = self._waiting() if self._is_whole and self._judged.unread else {}
        for file in self._judged.unread:
            id = self._judged.id(file)
            details: dict[str, Any] = {"line": 0, "items": ()}
            if self._is_whole:
                own = f"{run.node_id(file)}::{check.name}"
                details = {
                    "steps": run.explained_unreadable(file, [check.name]).steps,
                    "line": run.record(file).problems[0].position.line,
                    "cell": run.record(file).problems[0].position.cell,
                    "items": self._judged.that_ran([own, *waiting.get(id, ())]),
                }
            yield JobReport(
                **about(check, id, id),
                kind="fix",
                severity="error",
                clinic=id,
                where=todo.screen(check),
                what=run.unreadable_reason(file),
                file=self._run.shown(file),
                **details,
            )

    def _waiting(self) -> dict[str, list[str]]:
        """The ids of failing items that only wait for records to be read, by each of those."""
        unread = self._unread
        waiting: dict[str, list[str]] = defaultdict(list)
        for clinic, judgements in self._judged.of.items():
            for judgement in judgements:
                if judgement.state is State.FAILED:
                    clinics = {place.clinic for place in todo.places(clinic.id, judgement)}
                    for id in clinics if clinics <= unread else ():
                        waiting[id].append(self._judged.item_id(clinic, judgement))
        return waiting

    def _fixes(self) -> Iterator[JobReport]:
        tasks = todo.tasks(self._judged.of, self._unread)
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
            (self._run.judge(self._judged.file_of[clinic]), judgement)
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
        for clinic, judgements in self._judged.of.items():
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
        details: dict[str, Any] = {"line": 0, "items": ()}
        if self._is_whole:
            explained, placed = self._judged.explained(clinic, judgement)
            ids = (self._judged.item_id(other, each) for other, each in settles)
            details = {"steps": explained.steps, "items": self._judged.that_ran(ids)}
            details |= {"line": placed["line"], "cell": placed["cell"]}
        return JobReport(
            **about(judgement.check, judgement.subject.id, judgement.subject.name) | said,
            clinic=clinic.id,
            file=self._run.shown(self._judged.file_of[clinic]),
            **details,
        )

    @property
    def _unread(self) -> set[str]:
        """The clinics whose records cannot be read."""
        return {*map(self._judged.id, self._judged.unread)}
