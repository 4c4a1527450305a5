"""What a run says of the appointments that it is asked about by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Set

from pytest_videolink.judging.judge import Judge, Judgement, State
from pytest_videolink.record.clinic import Appointment, Clinic
from pytest_videolink.reports.explained import bookings
from pytest_videolink.reports.report import AnswerReport, Explained


class Asked:
    """The appointments that are asked for; where there are none, a run is about everything."""

    def __init__(self, ids: Set[str]) -> None:
        self._ids = ids

    def __bool__(self) -> bool:
        return bool(self._ids)

    def has(self, appointment: Appointment) -> bool:
        """Whether a run is about an appointment."""
        return not self._ids or appointment.id in self._ids

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


def answer(clinic: Clinic, judgement: Judgement, explained: Explained | None) -> AnswerReport:
    """What is said of an appointment; explained where there is something to do."""
    assert isinstance(judgement.subject, Appointment)
    (booking,) = bookings([judgement.subject], clinic.timezone)
    return AnswerReport(
        clinic=clinic.id,
        check=judgement.check.id,
        id=booking.id,
        starts=booking.starts,
        outcome=judgement.state.value,
        said=judgement.reason,
        who=judgement.who,
        steps=explained.steps if explained else (),
    )


def is_explained(judgement: Judgement) -> bool:
    """Whether there is something to do."""
    return judgement.state in (State.FAILED, State.WARNED, State.WAIVED)
