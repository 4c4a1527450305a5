"""What has changed since an earlier report, in words: the block that every report begins with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import day, day_and_time, duration, listing, plural
from pytest_videolink.reports.nights import (
    TABLES,
    UNREADABLE,
    ChangesReport,
    FindingChange,
    GoneReport,
    Renamed,
    Uncompared,
    VerdictChange,
)
from pytest_videolink.reports.report import Report

MAX_NAMED = 10


@dataclass(frozen=True, slots=True)
class Line:
    """Something that changed or lapses. ``item`` is its item's name, at a clinic, if it has one.

    ``owner`` is whose it is, as far as it is said.
    """

    text: str
    clinic: str = ""
    item: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Changes of one kind; loud where they are as bad as a failure.

    A block is counted where each of its lines tells of one.
    """

    title: str
    lines: Sequence[Line]
    is_loud: bool = False
    is_counted: bool = True


def heading(report: Report) -> str:
    """How far apart the two reports are."""
    changes = report.changes
    assert changes is not None
    then, now = (datetime.fromisoformat(each) for each in (changes.since, report.checked_as_of))
    apart = f"{duration(now - then)} before" if now > then else "at the same time"
    return f"What changed since {day_and_time(then.astimezone(now.tzinfo))}, {apart}"


def blocks(report: Report, *, with_appointments: bool = True) -> list[Block]:
    """What changed, the worst first; nothing where nothing did."""
    changes = report.changes
    if changes is None or not changes.says_something:
        return []
    found = _blocks(report, changes, with_appointments=with_appointments)
    return [block for block in found if block.lines]


def _blocks(report: Report, changes: ChangesReport, *, with_appointments: bool) -> Iterator[Block]:
    def told(some: Iterable[FindingChange], *, is_waived: bool = False) -> list[Line]:
        # Several parts, and several checks, may be told in one sentence.
        alike: dict[Line, dict[tuple[str, str], FindingChange]] = defaultdict(dict)
        for each in some:
            if with_appointments or not each.is_appointment:
                same = _finding(each, is_waived=is_waived)
                alike[replace(same, item="")].setdefault((each.clinic, each.item), each)
        return [
            _finding(next(iter(each.values())), is_waived=is_waived, checks=len(each))
            for each in alike.values()
        ]

    yield Block("No longer READY", [*map(_verdict, changes.unready)], is_loud=True)
    own, others, shared = _apart(changes.unchecked)
    unchecked = [*told(own), *told(others), *(told(shared) if len(shared) == 1 else _near(shared))]
    yield Block("Not checkable any more", unchecked, is_loud=True)
    yield Block("Gone from the source", [*map(_gone, changes.gone_then)], is_loud=True)
    yield Block("New", told(changes.wrong), is_loud=True)
    yield Block("New, by checks that are new", told(changes.by_new_checks), is_loud=True)
    yield Block("Failing, which was a warning then", told(changes.worse), is_loud=True)
    yield Block("Waivers that ended", told(changes.waivers), is_loud=True)
    unsure = any(each.held for each in changes.ready)
    yield Block("Newly READY", [*map(_verdict, changes.ready)], is_loud=unsure)
    yield Block("Fixed", told(changes.fixed))
    yield Block("Now waived", told(changes.waived, is_waived=True))
    yield Block("Not asked about any more", told(changes.dropped))
    yield Block("Still open", [*_open(report, changes)], is_counted=False)
    yield Block("Renamed", [*map(_renamed, changes.renamed)])
    yield Block("The checks", [*_checks(changes)], is_counted=False)
    yield Block("No comparison", [*_uncompared(changes.uncompared)], is_counted=False)


def _apart(some: Iterable[FindingChange]) -> tuple[list[FindingChange], ...]:
    """What cannot be read, what is not recorded, and who only shares a database with the first."""
    own: list[FindingChange] = []
    others: list[FindingChange] = []
    shared: list[FindingChange] = []
    for each in some:
        is_own = each.check in (UNREADABLE[0], TABLES)
        (own if is_own else shared if each.check == UNREADABLE[1] else others).append(each)
    return own, others, shared


def _near(shared: Sequence[FindingChange]) -> Iterator[Line]:
    """One record that cannot be read may concern all clinics of a group."""
    if shared:
        ids = [*dict.fromkeys(each.clinic for each in shared)]
        yield Line(
            f"{plural(len(ids), 'clinic')} may share a PMS database with a record that cannot be"
            f" read ({UNREADABLE[1]}): {_some(ids)}"
        )


def _some(ids: Sequence[str]) -> str:
    more = [f"{len(ids) - MAX_NAMED:,} more"] if len(ids) > MAX_NAMED else []
    return listing([*ids[:MAX_NAMED], *more])


def _verdict(change: VerdictChange) -> Line:
    text = f"{change.clinic}: {change.then} then, {change.now} now"
    if change.held:
        verb = "has" if change.held == 1 else "have"
        text += f", but {plural(change.held, 'finding')} of then {verb} no answer"
    return Line(text, change.clinic)


def _gone(each: GoneReport) -> Line:
    """By its id alone where nothing was wrong with it."""
    parts = [] if each.verdict == "READY" else [f"{each.verdict} then"]
    parts += [plural(each.findings, "finding")] if each.findings else []
    return Line(f"{each.clinic}: {', '.join(parts)}" if parts else each.clinic, each.clinic)


def _finding(change: FindingChange, *, is_waived: bool, checks: int = 1) -> Line:
    """A finding of so many checks. ``is_waived`` says that the title tells of its waiver."""
    notes = [change.check]
    notes += ["waived"] if change.outcome == "waived" and not is_waived else []
    notes += [plural(checks, "check")] if checks > 1 else []
    notes += ["not recorded then"] if change.was_unrecorded else []
    text = f"{change.clinic}: {change.summary} ({', '.join(notes)})"
    return Line(text, change.clinic, change.item)


def _open(report: Report, changes: ChangesReport) -> Iterator[Line]:
    if changes.open:
        verb = "is" if changes.open == 1 else "are"
        which = "" if changes.open == 1 else ", the oldest"
        since = _oldest(report, changes.oldest)
        yield Line(f"{plural(changes.open, 'finding')} {verb} open{which} since {since}")
    if changes.held:
        verb = "has" if changes.held == 1 else "have"
        yield Line(f"{plural(changes.held, 'finding')} {verb} no answer this time")


def _oldest(report: Report, time: str) -> str:
    """The day since which the oldest finding is open, on the clock of its clinic."""
    zones = {
        clinic.zone
        for clinic in report.clinics
        if any(
            time == part.first_seen
            for item in clinic.findings
            if item.change
            for part in item.found
        )
    }
    here = datetime.fromisoformat(time).astimezone(
        datetime.fromisoformat(report.checked_as_of).tzinfo
    )
    return day(min((in_zone(time, zone).replace(tzinfo=None) for zone in zones), default=here))


def _renamed(change: Renamed) -> Line:
    return Line(f"{change.clinic}: {change.then} is {change.now} now", change.clinic)


def _checks(changes: ChangesReport) -> Iterator[Line]:
    for ids, verb in ((changes.checks_new, "new"), (changes.checks_gone, "gone")):
        if ids:
            yield Line(f"{listing(ids)} {'is' if len(ids) == 1 else 'are'} {verb}")
    for each in changes.checks_renamed:
        yield Line(f"{each.then} is called {each.now} now")


def _uncompared(some: Iterable[Uncompared]) -> Iterator[Line]:
    clinics: dict[str, list[str]] = defaultdict(list)
    for each in some:
        clinics[each.why].append(each.clinic)
    for why, ids in clinics.items():
        yield Line(f"{why}: {_some(ids)}" if any(ids) else why)


def lapsing(report: Report) -> dict[str, list[Line]]:
    """What lapses soon, in words, by owner."""
    found: dict[str, list[Line]] = defaultdict(list)
    for each in report.lapses:
        until = day(datetime.fromisoformat(each.until))
        when = f"after {each.at[11:16]} on {until}" if each.at else f"after {until}"
        text = f"{when} {each.what} ({each.clinic})"
        found[each.owner].append(Line(text, each.clinic, owner=each.owner))
    return dict(found)


def lapsing_heading(report: Report) -> str:
    soon = report.terms.soon if report.terms else 0
    return f"What lapses within {plural(soon, 'day')}" if soon else "What lapses today"


def in_zone(time: str, zone: str) -> datetime:
    """A time of the report on the clock of a clinic, as far as its zone is known."""
    place: tzinfo = timezone.utc
    moment = datetime.fromisoformat(time)
    try:
        place = ZoneInfo(zone)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        place = moment.tzinfo or place
    return moment.astimezone(place)


def first_seen(time: str, zone: str) -> str:
    """The day on which a finding was first seen, on the clinic's clock."""
    return day(in_zone(time, zone)) if time else ""
