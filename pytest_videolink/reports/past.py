"""A clinic of an earlier report, in today's words: renamed subjects and checks by their new ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple, Protocol

from pytest_videolink.record.plain import dataclass
from pytest_videolink.reports.nights import (
    CarriedReport,
    PartReport,
    Renamed,
    SettingsReport,
    SpanReport,
)
from pytest_videolink.reports.report import CheckReport, ClinicReport, ItemReport, Report
from pytest_videolink.reports.words import Kind, Reason

SEVERAL = ("VL204", "VL304", "VL305", "VL311", "VL401", "VL402")
"""The checks that can find several parts of a subject at fault."""


class Key(NamedTuple):
    """What a finding is the same by, in its clinic: its item's name, why it is one, the part."""

    item: str
    reason: Reason
    part: str = ""


_OF_PMS = ("VL305", "VL311")
"""Those of them whose parts begin with an id of the PMS, and name a subject behind it."""
_OF_OTHERS = ("VL304", "VL401", "VL402")
"""Those whose parts name no subject of the same clinic."""
_OF_NEIGHBOURS = "VL401"
"""The one whose parts are another clinic and the id of a subject there."""


def same(known: Collection[Key], item: str, reason: Reason, parts: Iterable[str]) -> dict[Key, Key]:
    """The findings that an item comes to, each with the one of those that it is, if it is any.

    A subject of another clinic is the same under another id as well: there too the one is gone and
    the other new, and both are linked to the PMS entry that the finding is about.
    """
    now = [Key(item, reason, part) for part in parts] or [Key(item, reason)]
    found = {key: key for key in now if key in known}
    if len(found) < len(now) and item.rpartition("::")[2].startswith(f"{_OF_NEIGHBOURS}-"):
        gone = [key for key in known if key[:2] == (item, reason) and key not in found]
        then, new = _by_clinic(gone), _by_clinic(key for key in now if key not in found)
        for clinic, some in new.items():
            if len(some) == len(then.get(clinic, ())) == 1:
                found[some[0]] = then[clinic][0]
    return found


def _by_clinic(some: Iterable[Key]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = defaultdict(list)
    for key in some:
        found[key.part.partition(" ")[0]].append(key)
    return found


class Named(Protocol):
    """A check, as far as its names go."""

    @property
    def id(self) -> str: ...

    @property
    def was(self) -> tuple[str, ...]: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Checks:
    """The checks of two reports, the earlier ones by what they are called now."""

    then: Sequence[CheckReport]
    now: Sequence[Named]

    def name(self, id: str, name: str) -> str:
        """What an item of a check of that id is named by now."""
        check = self._of.get(id)
        return check.name if check else name

    def id(self, id: str) -> str:
        check = self._of.get(id)
        return check.id if check else id

    @cached_property
    def are_named_alike(self) -> bool:
        """Whether every earlier check is named now as it was then."""
        return all(self.name(each.id, each.name) == each.name for each in self.then)

    @cached_property
    def _of(self) -> dict[str, Named]:
        former = {id: check for check in self.now for id in check.was}
        return former | {check.id: check for check in self.now}


class Past:
    """What an earlier report has of a clinic that has these subjects now.

    What it has of findings and of what passed is worked out where it is asked for.
    """

    def __init__(
        self, then: Report, clinic: ClinicReport, checks: Checks, subjects: Sequence[SettingsReport]
    ) -> None:
        self.clinic = clinic
        self._then = then
        self._checks = checks
        self._names = _Names(clinic, subjects, checks)
        self.renamed: tuple[Renamed, ...] = tuple(self._names.renamed)

    def subject(self, kind: Kind, id: str) -> SettingsReport | None:
        """What a subject of today was then."""
        return self._subjects.get((kind, self._former.get(id, id)))

    @cached_property
    def _subjects(self) -> dict[tuple[Kind, str], SettingsReport]:
        return {(each.kind, each.id): each for each in self.clinic.subjects}

    @cached_property
    def _former(self) -> dict[str, str]:
        return {each.now: each.then for each in self.renamed}

    @cached_property
    def findings(self) -> dict[Key, CarriedReport]:
        """The findings, also those that it carried."""
        names, findings = self._names, {}
        for each in (*self.clinic.carried, *_carried(self._then, self.clinic)):
            item = names.item(each.item, each.check)
            check = self._checks.id(each.check)
            part = names.part(each.part, check)
            is_same = (item, check, part) == (each.item, each.check, each.part)
            today = each if is_same else replace(each, item=item, check=check, part=part)
            findings[Key(item, each.reason, part)] = today
        return findings

    @cached_property
    def answered(self) -> frozenset[str]:
        """The names of the items that passed or were findings."""
        passed = (
            self._names.item(name, name.rpartition("::")[2].partition("-")[0])
            for name in self.clinic.passed
        )
        return frozenset((*passed, *(key.item for key in self.findings)))

    @cached_property
    def _unrecorded(self) -> frozenset[str]:
        return frozenset(key.item for key in self.findings if key.reason == "not recorded")

    def was_unrecorded(self, item: str, reason: Reason) -> bool:
        """Whether what is found of an item, for that reason, could not be told before."""
        return reason == "wrong" and item in self._unrecorded

    @cached_property
    def is_vague(self) -> frozenset[str]:
        """The items whose parts are not known, as the format before did not tell them."""
        if self._then.terms:
            return frozenset()
        return frozenset(
            key.item
            for key, each in self.findings.items()
            if each.check in SEVERAL and not key.part
        )

    def same(self, item: str, reason: Reason, parts: Iterable[str]) -> dict[Key, Key]:
        """The findings that an item comes to now, each with the one that it was, if any."""
        if item in self.is_vague:
            vague = Key(item, reason)
            now = [Key(item, reason, part) for part in parts] or [vague]
            return dict.fromkeys(now, vague) if vague in self.findings else {}
        return same(self.findings, item, reason, parts)


def _carried(then: Report, clinic: ClinicReport) -> Iterator[CarriedReport]:
    """The findings of a report, as what is carried on of them."""
    for item in clinic.findings:
        first_seen = item.first_seen or then.checked_as_of
        for part in item.found:
            yield carried(item, clinic, part, part.first_seen or first_seen)


def carried(
    item: ItemReport, clinic: ClinicReport, part: PartReport, first_seen: str
) -> CarriedReport:
    return CarriedReport(
        item=below(item, clinic),
        check=item.check,
        scope=item.scope,
        subject=item.subject,
        name=item.name,
        outcome=item.outcome,
        summary=part.summary,
        reason=item.reason,
        part=part.id,
        first_seen=first_seen,
    )


def below(item: ItemReport, clinic: ClinicReport) -> str:
    """The name of an item below that of its clinic."""
    return item.id.removeprefix(f"{clinic.node}::")


class _Names:
    """What the subjects and checks of an earlier report are called now."""

    def __init__(
        self, clinic: ClinicReport, subjects: Sequence[SettingsReport], checks: Checks
    ) -> None:
        self._checks = checks
        self._ids: dict[str, str] = {}
        self.renamed: list[Renamed] = []
        if _links(clinic.subjects) == _links(subjects):
            return  # as in most nights
        kinds: tuple[Kind, ...] = ("practitioner", "appointment type")
        for kind in kinds:
            then, now = _by_link(clinic.subjects, kind), _by_link(subjects, kind)
            for link, id in _alone(then, {each for _, each in now}).items():
                new = _alone(now, {each for _, each in then}).get(link)
                if new is not None:
                    self._ids[id] = new
                    self.renamed.append(Renamed(clinic.id, id, new))

    def item(self, name: str, check: str) -> str:
        if not self._ids and self._checks.are_named_alike:
            return name
        *above, last = name.split("::")
        return "::".join(
            (*(self._ids.get(each, each) for each in above), self._checks.name(check, last))
        )

    def part(self, part: str, check: str) -> str:
        if not self._ids or check in _OF_OTHERS:
            return part
        first, *rest = part.split(" ")
        first = first if check in _OF_PMS else self._ids.get(first, first)
        return " ".join((first, *(self._ids.get(each, each) for each in rest)))


def _links(subjects: Iterable[SettingsReport]) -> list[tuple[str, str, str]]:
    return [(each.kind, each.link, each.id) for each in subjects]


def _by_link(subjects: Iterable[SettingsReport], kind: Kind) -> list[tuple[str, str]]:
    return [(each.link, each.id) for each in subjects if each.kind == kind]


def _alone(links: Sequence[tuple[str, str]], others: set[str]) -> dict[str, str]:
    """The ids that the others lack, by their links, where a link has only one such id."""
    count = Counter(link for link, id in links if id not in others)
    return {link: id for link, id in links if link and id not in others and count[link] == 1}


def since(subject: SettingsReport, as_of: str, past: Past | None) -> SpanReport | None:
    """Between which records the settings of a subject became what they are in a record of today."""
    if past is None or not subject.settings:
        return None
    then = past.subject(subject.kind, subject.id)
    if then is None or not then.settings:
        return None
    if then.settings == subject.settings:
        return then.settings_since
    before = past.clinic.as_of
    if not (before and as_of and datetime.fromisoformat(before) < datetime.fromisoformat(as_of)):
        return None
    return SpanReport(before, as_of)
