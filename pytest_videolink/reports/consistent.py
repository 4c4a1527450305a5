"""What cannot be so in any report that a run has written: somebody has changed it by hand.

What a report says more than once is compared, and no more is known of it: it is not signed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import unquote

from pytest_videolink.record.text import clean
from pytest_videolink.reports.nights import APPOINTMENT, UNREADABLE
from pytest_videolink.reports.report import ClinicReport, ItemReport, Report

LINK = "VL500"
_OF_LINK = f"::{LINK}-"
_INTERRUPTED = (2, 3)
"""The exit codes of a run that was stopped, or broke."""


def contradiction(report: Report) -> str:
    """The first contradiction, as the end of a sentence, or nothing."""
    return next(_contradictions(report), "")


def _contradictions(report: Report) -> Iterator[str]:
    yield from _of_times(report)
    ids = [clinic.id for clinic in report.clinics if clinic.is_complete]
    if len(ids) != len(set(ids)):
        yield "a clinic stands in it twice"
    names = {check.id: check.name for check in report.checks}
    for clinic in report.clinics:
        yield from (f"{clean(clinic.id)} {what}" for what in _of_clinic(report, clinic))
        yield from (f"an item of {clean(clinic.id)} {what}" for what in _of_items(clinic, names))
    if report.terms and not report.portion:
        yield from _of_run(report)


def _of_times(report: Report) -> Iterator[str]:
    times = [report.checked_as_of]
    times += [item.first_seen for each in report.clinics for item in each.items]
    times += [part.first_seen for each in report.clinics for i in each.items for part in i.parts]
    times += [item.first_seen for each in report.clinics for item in each.carried]
    try:
        if any(datetime.fromisoformat(time).tzinfo is None for time in times if time):
            yield "a time has no offset"
    except ValueError:
        yield "a time is none"


def _of_clinic(report: Report, clinic: ClinicReport) -> Iterator[str]:
    outcomes = {item.outcome for item in clinic.items}
    if "passed" in outcomes:
        yield "has an item that passed, among those that did not"
    if not clinic.is_unready and "failed" in outcomes:
        yield f"is {clinic.verdict}, and a check of it fails"
    if clinic.verdict == "READY" and "waived" in outcomes:
        yield "is READY, and a finding of it is waived"
    if not clinic.is_complete:
        return
    if not (clinic.passed or clinic.items):
        yield "is told to be complete, and has no items"
    if report.terms and not report.portion:
        yield from _of_whole(report, clinic)


def _of_items(clinic: ClinicReport, names: Mapping[str, str]) -> Iterator[str]:
    if any(bool(item.reason) is not item.is_finding for item in clinic.items):
        yield "is a finding without a reason"
    there = [*(item.id.removeprefix(f"{clinic.node}::") for item in clinic.items), *clinic.passed]
    if len(there) != len(set(there)):
        yield "stands in it twice"
    if not all(_is_named_so(clinic, item, names) for item in clinic.items):
        yield "is named for another check or subject"


def _of_whole(report: Report, clinic: ClinicReport) -> Iterator[str]:
    """Of a clinic of which all items were run."""
    failed = {item.check for item in clinic.items if item.outcome == "failed"}
    is_waived = any(item.outcome == "waived" for item in clinic.items)
    expected = {
        "NOT READY": bool(failed),
        "UNKNOWN": not failed.isdisjoint(UNREADABLE),
        "READY WITH WAIVERS": is_waived,
    }
    # What fails, or is waived, may be an appointment that is left out.
    is_told = report.appointments or clinic.verdict == "UNKNOWN"
    if is_told and not expected.get(clinic.verdict, True):
        yield f"is {clinic.verdict}, and nothing in it says why"
    tally = clinic.tally
    if tally is None:
        return
    links = Counter(item.outcome for item in clinic.items if item.check == LINK)
    passed = sum(_OF_LINK in name for name in clinic.passed)
    counted = (passed, links["blocked"], links["failed"])
    if counted != (tally.link_expected, tally.blocked, tally.failed):
        yield "counts other pairs than it has"
    told = {check.name for check in report.checks}
    unrecorded = Counter(
        item.id.rpartition("::")[2]
        for item in clinic.items
        if item.outcome == "not recorded"
        or (item.outcome == "failed" and item.reason == "not recorded")
    )
    if unrecorded != {each.check: each.items for each in tally.unrecorded if each.check in told}:
        yield "counts other items that are not recorded than it has"


def _is_named_so(clinic: ClinicReport, item: ItemReport, names: Mapping[str, str]) -> bool:
    """Whether an item's name says which check of which subject it is."""
    node, *above, last = item.id.removeprefix(clinic.node).split("::")
    if node or last != names.get(item.check):
        return False
    subject = "::".join(above) or clinic.id
    if item.is_appointment:
        subject = unquote(subject.removeprefix(APPOINTMENT), errors="surrogatepass")
    return clean(subject) == item.subject


def _of_run(report: Report) -> Iterator[str]:
    items = {item.id: item for clinic in report.clinics for item in clinic.items}
    settled = {id for job in report.work for id in job.items}
    if not settled <= items.keys():
        yield "there is something to do about an item that is not in it"
    if not {each.id for each in report.exit.unanswered} <= items.keys():
        yield "an item that it has no answer to is not in it"
    open = {id for id, item in items.items() if item.outcome in ("failed", "warning")}
    if report.appointments and not open <= settled:
        yield "a finding is in it, and nothing to do about it"
    exit = report.exit
    failed = any(item.outcome == "failed" and not item.known for item in items.values())
    if failed and not (exit.failed and exit.code):
        yield "a check fails, and its run does not"
    if not report.partial and (exit.fault or exit.code in _INTERRUPTED):
        yield "its run was stopped, and it is told to be whole"
