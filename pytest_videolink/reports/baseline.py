"""The report as JSON without booked appointments, to be kept where others may read it.

It serves as the earlier report of a later run as well as the whole one, but for appointments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pytest_videolink.reports import json
from pytest_videolink.reports.json import BEGINS
from pytest_videolink.reports.report import ClinicReport, ItemReport, Report

__all__ = ["BEGINS", "render"]


def render(report: Report) -> str:
    return json.render(without_appointments(report))


def without_appointments(report: Report) -> Report:
    """The report, with nothing of any appointment in it."""
    changes = report.changes
    theirs = {check.id for check in report.checks if check.scope == "appointment"}
    work = [job for job in report.work if job.kind == "fix" and job.check not in theirs]
    unanswered = [each for each in report.exit.unanswered if each.check not in theirs]

    def of_settings(ids: Iterable[str]) -> tuple[str, ...]:
        """Of items' ids, or names below their clinics', those of no appointment."""
        return tuple(id for id in ids if id.rpartition("::")[2].partition("-")[0] not in theirs)

    def clinic(each: ClinicReport) -> ClinicReport:
        items = [item for item in each.items if not item.is_appointment]
        return replace(
            each,
            tally=each.tally and replace(each.tally, pending=0),
            items=tuple(map(_without_bookings, items)),
            passed=of_settings(each.passed),
            carried=tuple(one for one in each.carried if one.scope != "appointment"),
        )

    return replace(
        report,
        appointments=False,
        checks=tuple(check for check in report.checks if check.id not in theirs),
        clinics=tuple(map(clinic, report.clinics)),
        answers=(),
        work=tuple(replace(job, items=of_settings(job.items)) for job in work),
        exit=replace(
            report.exit,
            unanswered=tuple(unanswered),
            not_run=of_settings(report.exit.not_run),
            hidden=of_settings(report.exit.hidden),
        ),
        changes=changes and replace(changes, **changes.of(lambda each: not each.is_appointment)),
    )


def _without_bookings(item: ItemReport) -> ItemReport:
    return replace(item, explained=item.explained and replace(item.explained, recreate=()))
