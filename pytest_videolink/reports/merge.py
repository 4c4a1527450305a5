"""The parts of a run on several machines as one report: that of a run on one.

What joins clinics is joined anew: a fix that settles findings of two clinics is one again, and what
only waits for a record of another part to be read is settled with that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import fields, replace
from itertools import chain
from typing import Any, TypeVar

from pytest_videolink.record.text import clean, listing, plural
from pytest_videolink.reports.changes import with_jobs
from pytest_videolink.reports.exit import ExitReport
from pytest_videolink.reports.nights import ChangesReport, Uncompared, earliest
from pytest_videolink.reports.report import ClinicReport, JobReport, PlaceReport, Report
from pytest_videolink.reports.shards import part_of
from pytest_videolink.reports.work import listed

T = TypeVar("T")

_SAME: tuple[tuple[str, Callable[[Report], Any]], ...] = (
    ("the number of parts", lambda report: report.part.partition("/")[2]),
    ("the version of pytest-videolink", lambda report: report.version),
    (
        "the time checked against (give all parts one --videolink-now)",
        lambda report: report.checked_as_of,
    ),
    ("--videolink-sync-window", lambda report: report.terms and report.terms.sync_window),
    ("--videolink-max-age", lambda report: report.terms and report.terms.max_age),
    ("--videolink-soon", lambda report: report.terms and report.terms.soon),
    ("--videolink-no-waivers", lambda report: report.terms and report.terms.waivers),
    ("the clinics of the source", lambda report: report.ids),
    ("the clinics that are asked for", lambda report: (report.asked, report.selected)),
    ("the checks", lambda report: [check.id for check in report.checks]),
    ("whether booked appointments are told of", lambda report: report.appointments),
    (
        "the earlier report that is compared with",
        lambda report: report.changes and (report.changes.since,),
    ),
    (
        "whether new findings alone fail (--videolink-fail-on)",
        lambda report: report.exit.only_new,
    ),
)
"""What is the same in all parts of one run; what is a number or a text is told where it differs."""


class NotMerged(Exception):
    """Reports are not the parts of one run; says why, in one sentence."""


def merged(parts: Mapping[str, Report]) -> Report:
    """The one report of these parts, by the names of their files.

    The clinics of a part that is missing are UNKNOWN. Raises :class:`NotMerged`.
    """
    missing = _refuse_others(parts)
    reports = [*parts.values()]
    first = reports[0]
    count = int(first.part.partition("/")[2])
    lost = [id for id in first.selected if part_of(id, count) in missing]
    clinics = [clinic for report in reports for clinic in report.clinics]
    clinics += [_lost(id, f"{part_of(id, count)}/{count}") for id in lost]
    clinics.sort(key=lambda clinic: clinic.id)
    exit = _exit([report.exit for report in reports])
    partial = [*dict.fromkeys(report.partial for report in reports if report.partial)]
    if missing:
        names = listing(f"{number}/{count}" for number in sorted(missing))
        which, be = ("part", "is") if len(missing) == 1 else ("parts", "are")
        fault = f"{which} {names} of the run {be} missing: nothing is known of {_count(lost)}."
        exit = replace(exit, fault=fault, code=exit.code or 1)
        partial.append(f"{fault[0].upper()}{fault[1:]}")
    report = replace(
        first,
        partial=" ".join(partial),
        part="",
        exit=exit,
        clinics=tuple(clinics),
        answers=_sorted((each.answers for each in reports), lambda one: one.clinic),
        lapses=_sorted(
            (each.lapses for each in reports),
            lambda one: (one.owner, one.until, one.clinic, one.what),
        ),
        changes=_changes([each.changes for each in reports if each.changes], lost),
    )
    return with_jobs(replace(report, work=tuple(_work(report, reports))))


def _count(lost: Sequence[str]) -> str:
    return f"its {plural(len(lost), 'clinic')}" if lost else "the clinics in it"


def _refuse_others(parts: Mapping[str, Report]) -> Set[int]:
    """The numbers of the parts that are missing. Raises :class:`NotMerged`."""
    numbers: dict[str, str] = {}
    for name, report in parts.items():
        if report.portion:
            raise NotMerged(f"{name} holds {report.portion} alone, and is no part of a run")
        if not report.part:
            raise NotMerged(f"{name} is no part of a run (--videolink-shard=K/N)")
        other = numbers.setdefault(report.part, name)
        if other != name:
            raise NotMerged(f"{other} and {name} are both part {report.part}")
    first, *others = parts.items()
    for name, report in others:
        for what, of in _SAME:
            values = of(first[1]), of(report)
            if values[0] != values[1]:
                raise NotMerged(
                    f"{first[0]} and {name} are parts of different runs: they differ in {what}"
                    f"{_told(values)}"
                )
    count = int(first[1].part.partition("/")[2])
    return {*range(1, count + 1)} - {int(part.partition("/")[0]) for part in numbers}


def _told(values: tuple[Any, Any]) -> str:
    if not all(type(each) in (int, str) for each in values):  # and not bool, which is an int
        return ""
    one, other = (clean(str(each)) for each in values)
    return f", {one} and {other}"


def _lost(id: str, part: str) -> ClinicReport:
    why = f"part {part} of the run is missing"
    return ClinicReport(id=id, name=id, file="", node="", verdict="UNKNOWN", why=why)


def _exit(exits: Sequence[ExitReport]) -> ExitReport:
    codes = {each.code for each in exits} - {0}
    # What was interrupted or broke is told before what failed.
    worst = next((code for code in (3, 2, 1) if code in codes), max(codes, default=0))
    return ExitReport(
        code=worst,
        fault=" ".join(dict.fromkeys(each.fault for each in exits if each.fault)),
        unanswered=_sorted((each.unanswered for each in exits), lambda one: one.id),
        strict=sum(each.strict for each in exits),
        not_run=_sorted((each.not_run for each in exits), str),
        hidden=_sorted((each.hidden for each in exits), str),
        taken=_sorted((each.taken for each in exits), lambda one: (one.who, one.clinic)),
        ran=any(each.ran for each in exits),
        failed=any(each.failed for each in exits),
        tested=any(each.tested for each in exits),
        only_new=any(each.only_new for each in exits),
    )


def _sorted(some: Iterable[Iterable[T]], key: Callable[[T], Any]) -> tuple[T, ...]:
    return tuple(sorted(chain.from_iterable(some), key=key))


def _changes(some: Sequence[ChangesReport], lost: Iterable[str]) -> ChangesReport | None:
    if not some:
        return None
    not_checked = [Uncompared(id, "not checked now") for id in lost]
    found: dict[str, Any] = {}
    for each in fields(ChangesReport):
        values = [getattr(changes, each.name) for changes in some]
        if each.name in ("answered", "held", "open"):
            found[each.name] = sum(values)
        elif each.name == "oldest":
            found[each.name] = earliest(filter(None, values))
        elif each.name == "gone":
            found[each.name] = _sorted(values, str)
        elif each.name == "uncompared":
            ordered = _sorted((*values, not_checked), lambda one: one.clinic)
            found[each.name] = tuple(_once(ordered))
        elif each.name == "since" or each.name.startswith("checks_"):
            found[each.name] = values[0]
        else:
            found[each.name] = _sorted(values, lambda one: one.clinic)
    return ChangesReport(**found)


def _once(some: Iterable[Uncompared]) -> Iterable[Uncompared]:
    """What is said of all clinics is said once."""
    return dict.fromkeys(some)


# The work list


def _work(report: Report, parts: Sequence[Report]) -> Iterable[JobReport]:
    items = (item.id for clinic in report.clinics for item in clinic.items)
    order = {id: number for number, id in enumerate(items)}
    jobs = sorted((job for part in parts for job in part.work), key=lambda job: job.clinic)
    records = [job for job in jobs if job.kind == "fix" and not job.urgency]
    unread = {job.clinic for job in records}
    waiting: dict[str, list[str]] = defaultdict(list)
    distinct: dict[tuple[str, tuple[PlaceReport, ...], int], list[JobReport]] = defaultdict(list)
    of_appointments = {check.id for check in report.checks if check.scope == "appointment"}
    for job in jobs:
        if job.kind != "fix" or not job.urgency:
            continue
        if all(place.clinic in unread for place in job.places):
            for id in {place.clinic for place in job.places}:
                waiting[id] += job.items
        else:
            # Those of a day sheet have one place, and no two of them are one.
            alone = job.number if job.check in of_appointments else 0
            distinct[job.check, job.places, alone].append(job)

    def settled(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(ids, key=order.__getitem__))

    records = [
        replace(job, items=(*job.items[:1], *settled((*job.items[1:], *waiting[job.clinic]))))
        for job in records
    ]
    fixes = sorted((_one(some, settled) for some in distinct.values()), key=_urgency)
    fixes = [replace(job, urgency=urgency) for urgency, job in enumerate(fixes, 1)]
    return listed((*records, *fixes), [job for job in jobs if job.kind != "fix"])


def _one(
    some: Sequence[JobReport], settled: Callable[[Iterable[str]], tuple[str, ...]]
) -> JobReport:
    """One finding as the parts tell it; told as it is where there is one right value."""
    first = next((job for job in some if not job.is_open), some[0])
    return replace(
        first,
        unblocks=sum(job.unblocks for job in some),
        items=settled(id for job in some for id in job.items),
    )


def _urgency(job: JobReport) -> tuple[bool, int, str, str]:
    return job.severity == "warning", -job.unblocks, job.check, f"{job.clinic} {job.subject}"
