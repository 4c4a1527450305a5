"""What a run says of the appointments that it is asked about by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from pytest_videolink.judging.judge import Judge, Judgement, State
from pytest_videolink.record.clinic import Appointment, Clinic
from pytest_videolink.record.text import clean
from pytest_videolink.reports.explained import bookings
from pytest_videolink.reports.report import AnswerReport, Explained
from pytest_videolink.session.run import TABLES_READABLE, lacks_rows


class Asked:
    """The appointments that are asked for; where there are none, a run is about everything."""

    def __init__(self, ids: Set[str]) -> None:
        self._ids = ids

    def __bool__(self) -> bool:
        return bool(self._ids)

    def has(self, appointment: Appointment) -> bool:
        """Whether a run is about an appointment."""
        return not self._ids or appointment.id in self._ids

    def told_of(self, judgement: Judgement, clinic: Clinic, clinics: Iterable[Clinic]) -> list[str]:
        """The ids of which a judgement says something: its own, or all that nobody has.

        These may stand in a row that cannot be read, of a clinic that has such rows.
        """
        subject = judgement.subject
        if isinstance(subject, Appointment):
            return [subject.id] if subject.id in self._ids else []
        if judgement.check.id != TABLES_READABLE or not lacks_rows(clinic):
            return []
        return sorted(self._ids - {each.id for one in clinics for each in one.appointments})

    def bear_on(self, judged: Iterable[tuple[Judge | None, Judgement]]) -> bool:
        """Whether judgements, each with its clinic's judge, have to do with what is asked for."""
        return not self._ids or any(
            judgement.subject is appointment
            or (judgement.check.id, judgement.subject) in judge.causes(appointment)
            for judge, judgement in judged
            if judge is not None
            for appointment in judge.clinic.appointments
            if appointment.id in self._ids
        )


def answers(
    clinic: Clinic, judgement: Judgement, ids: Iterable[str], explained: Explained | None
) -> Iterator[AnswerReport]:
    """What is said of appointments by their ids; explained where there is something to do."""
    starts, said = "", f"{_NOT_FOUND}: {judgement.reason}"
    if isinstance(judgement.subject, Appointment):
        (booking,) = bookings([judgement.subject], clinic.timezone)
        starts, said = booking.starts, judgement.reason
    for id in ids:
        yield AnswerReport(
            clinic=clinic.id,
            check=judgement.check.id,
            id=clean(id, 30),
            starts=starts,
            outcome=judgement.state.value,
            said=said,
            who=judgement.who,
            steps=explained.steps if explained else (),
        )


_NOT_FOUND = "it is in no row that can be read, and may be in one that cannot"


def is_explained(judgement: Judgement) -> bool:
    """Whether there is something to do."""
    return judgement.state in (State.FAILED, State.WARNED, State.WAIVED)
