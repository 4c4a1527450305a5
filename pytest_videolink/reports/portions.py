"""A report for one clinic or for one owner: what is theirs of the whole, and no more.

A path asks for them by ``{clinic}`` and ``{owner}``. Each gets a file, though nothing is in it, so
that yesterday's does not stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import PureWindowsPath
from typing import TypeAlias, TypeVar
from urllib.parse import quote

from pytest_videolink.record.text import clean
from pytest_videolink.reports.exit import ExitReport
from pytest_videolink.reports.nights import (
    ChangesReport,
    FindingChange,
    Renamed,
    Uncompared,
    VerdictChange,
    earliest,
)
from pytest_videolink.reports.past import below
from pytest_videolink.reports.report import ClinicReport, JobReport, Report
from pytest_videolink.reports.work import listed

Portion: TypeAlias = Callable[[Report], Report]
T = TypeVar("T", VerdictChange, Renamed, Uncompared)

CLINIC, OWNER = "{clinic}", "{owner}"
OWNERS = ("practice manager", "PMS administrator", "reception", "vendor support")
_RESERVED = {
    *("con", "prn", "aux", "nul"),
    *(f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)),
}
"""Names that Windows keeps for devices, with any ending."""


class UnfitName(Exception):
    """A clinic's id cannot be the name of a file; says why in one sentence."""


def portions(path: str, clinics: Sequence[str]) -> Iterator[tuple[str, Portion]]:
    """The paths that one stands for, each with what its report is of. Raises :class:`UnfitName`."""
    names = _names(path, clinics) if CLINIC in path else [("", _whole)]
    owners: list[tuple[str, Portion]] = [("", _whole)]
    if OWNER in path:
        owners = [(owner.lower().replace(" ", "-"), _of_owner(owner)) for owner in OWNERS]
    for (name, of_clinic), (slug, of_owner) in product(names, owners):
        yield path.replace(CLINIC, name).replace(OWNER, slug), _both(of_clinic, of_owner)


def _whole(report: Report) -> Report:
    return report


def _both(one: Portion, other: Portion) -> Portion:
    return lambda report: other(one(report))


def _names(path: str, clinics: Sequence[str]) -> list[tuple[str, Portion]]:
    folded: dict[str, str] = {}
    for id in clinics:
        other = folded.setdefault(id.casefold(), id)
        if other != id:
            raise UnfitName(f"{clean(other)} and {clean(id)} differ in case alone")
        _refuse_reserved(path, id)
    return [(_safe(id), _of_clinic(id)) for id in clinics]


def _safe(id: str) -> str:
    """An id as a part of a file's name; a name of dots alone would be that of a folder."""
    name = quote(id, safe="", errors="surrogatepass")
    return name if name.strip(".") else name.replace(".", "%2E")


def _refuse_reserved(path: str, id: str) -> None:
    """Refuse a path in which a clinic's id makes a name that a system keeps for devices."""
    for part in PureWindowsPath(path).parts:
        name = part.replace(CLINIC, id).partition(".")[0]
        if CLINIC in part and name.casefold() in _RESERVED:
            raise UnfitName(f"{clean(name)} is a name that Windows keeps for itself")


def _of_clinic(id: str) -> Portion:
    def portion(report: Report) -> Report:
        clinics = tuple(clinic for clinic in report.clinics if clinic.id == clean(id))
        nodes = tuple(f"{clinic.node}::" for clinic in clinics)
        work = (
            job
            for job in report.work
            if job.clinic == clean(id) or any(each.startswith(nodes) for each in job.items)
        )
        return replace(
            report,
            portion=_named(report, f"clinic {clean(id)}"),
            ids=(clean(id),),
            selected=(clean(id),),
            exit=ExitReport(code=report.exit.code, ran=report.exit.ran),
            clinics=clinics,
            work=_numbered(work),
            answers=tuple(each for each in report.answers if each.clinic == clean(id)),
            lapses=tuple(each for each in report.lapses if each.clinic == clean(id)),
            changes=report.changes and _changes_of(report.changes, clean(id), clinics),
        )

    return portion


def _of_owner(owner: str) -> Portion:
    def portion(report: Report) -> Report:
        work = [job for job in report.work if job.who == owner]
        named = {job.clinic for job in work}
        clinics = []
        theirs: set[tuple[str, str]] = set()
        for clinic in report.clinics:
            items = tuple(item for item in clinic.items if item.who == owner)
            theirs |= {(clinic.id, below(item, clinic)) for item in items}
            if clinic.id in named or any(item.is_finding for item in items):
                clinics.append(replace(clinic, items=items, passed=()))
        return replace(
            report,
            portion=_named(report, f"what is for {owner}"),
            exit=ExitReport(code=report.exit.code, ran=report.exit.ran),
            clinics=tuple(clinics),
            work=_numbered(work),
            answers=tuple(each for each in report.answers if each.who == owner),
            lapses=tuple(each for each in report.lapses if each.owner == owner),
            changes=report.changes
            and _with_open(
                _changes(report.changes, lambda one: (one.clinic, one.item) in theirs), clinics
            ),
        )

    return portion


def _named(report: Report, portion: str) -> str:
    return f"{report.portion}, {portion}" if report.portion else portion


def _numbered(jobs: Iterable[JobReport]) -> tuple[JobReport, ...]:
    every = [*jobs]
    fixes = [job for job in every if job.kind == "fix"]
    return tuple(listed(fixes, [job for job in every if job.kind != "fix"]))


def _changes_of(
    changes: ChangesReport, clinic: str, clinics: Iterable[ClinicReport]
) -> ChangesReport:
    """What changed at a clinic, with what is open of it and what it has no answer to."""

    def of(some: Iterable[T]) -> tuple[T, ...]:
        return tuple(each for each in some if each.clinic == clinic)

    uncompared = of(changes.uncompared)
    return replace(
        _with_open(_changes(changes, lambda one: one.clinic == clinic), clinics),
        held=0 if uncompared else sum(len(each.carried) for each in clinics),
        unready=of(changes.unready),
        ready=of(changes.ready),
        renamed=of(changes.renamed),
        uncompared=uncompared,
    )


def _with_open(changes: ChangesReport, clinics: Iterable[ClinicReport]) -> ChangesReport:
    """What changed, with how many findings of these clinics are open: those that are not new."""
    new = {(each.clinic, each.item, each.part) for each in changes.new}
    open = [
        part.first_seen
        for clinic in clinics
        for item in clinic.findings
        for part in item.found
        if item.change and (clinic.id, below(item, clinic), part.id) not in new
    ]
    return replace(changes, open=len(open), oldest=earliest(open))


def _changes(changes: ChangesReport, is_theirs: Callable[[FindingChange], bool]) -> ChangesReport:
    """What changed of the findings that are theirs, each of which is told."""
    found = changes.of(is_theirs)
    return ChangesReport(since=changes.since, checks_new=changes.checks_new, **found)
