"""What an earlier report knows of the clinics of a run: what is known, and what was changed when.

It decides what a booked appointment is told (VL501) and, with ``--videolink-fail-on=new``, which
findings fail the run. Workers of xdist are handed it, and read no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_videolink.checks.rule import Check
from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.judging.verdict import is_unrecorded
from pytest_videolink.record.clinic import AppointmentType, Clinic, Practitioner, Subject
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean, day_and_time, printable
from pytest_videolink.reports.nights import SettingsReport, earliest
from pytest_videolink.reports.report import ClinicReport, Report
from pytest_videolink.reports.words import Kind, Reason
from pytest_videolink.session.arguments import expanded
from pytest_videolink.session.collector import at_rest, take_for_old

if TYPE_CHECKING:  # what reads and compares reports, for whoever asks
    from pytest_videolink.judging.settings import Settings
    from pytest_videolink.reports.past import Checks, Key

NEVER_KNOWN = ("VL001", "VL002", "VL003", "VL004", "VL006", "VL007")
"""What these find may hide anything else, so it is never taken for known."""


@dataclass
class _Known:
    """What is known of a clinic: times by finding, and spans by kind and id of the subject."""

    findings: dict[Key, tuple[str, str]] = field(default_factory=dict)
    """The outcome that it had then, and the time since which it is known, ISO 8601."""
    spans: dict[tuple[str, str], tuple[datetime, datetime]] = field(default_factory=dict)


@dataclass
class Before:
    """The nights before. ``only_new`` says that known findings do not fail the run."""

    then: Report | None = None
    only_new: bool = False
    checks: Sequence[Check] = ()
    partial: set[str] = field(default_factory=set)
    """The clinics of which only a part is run."""
    _clinics: dict[str, _Known] = field(default_factory=dict)
    _subjects: dict[Clinic, tuple[SettingsReport, ...]] = field(default_factory=dict)

    def subjects(self, clinic: Clinic) -> tuple[SettingsReport, ...]:
        """What a clinic's subjects are set to, as the report tells it."""
        if clinic not in self._subjects:
            from pytest_videolink.judging.settings import settings

            self._subjects[clinic] = tuple(map(_settings, settings(clinic)))
        return self._subjects[clinic]

    def changed_between(self, clinic: Clinic, subject: Subject) -> tuple[datetime, datetime] | None:
        """Between which records the settings of a clinic's subject became what they are."""
        if not isinstance(subject, Practitioner | AppointmentType):
            return None
        return self._of(clinic).spans.get((_kind(subject), subject.id))

    def known(self, clinic: Clinic, judgement: Judgement, names: Sequence[str]) -> str:
        """The day since which all of a finding is known, or nothing."""
        is_finding = judgement.state in (State.FAILED, State.WARNED) and judgement.findings
        if not self.only_new or not is_finding or clinic.id in self.partial:
            return ""
        if judgement.check.id in NEVER_KNOWN:
            return ""
        from pytest_videolink.reports.difference import first_seen
        from pytest_videolink.reports.past import same

        enough = ("failed",) if judgement.state is State.FAILED else ("failed", "warning")
        findings, now = self._of(clinic).findings, parts(judgement)
        were = same(findings, "::".join(names), reason(judgement), now).values()
        found = [findings[key] for key in were]
        if len(found) < max(len(now), 1) or any(outcome not in enough for outcome, _ in found):
            return ""
        return first_seen(earliest(seen for _, seen in found), str(clinic.timezone))

    def hand_over(self, clinics: Sequence[Clinic]) -> dict[str, Any]:
        """What :meth:`taken_over` takes over: plain values."""
        return {
            "only_new": self.only_new,
            "clinics": {
                clinic.id: {
                    "findings": [[*key, *value] for key, value in known.findings.items()],
                    "spans": [
                        [*key, *(each.isoformat() for each in span)]
                        for key, span in known.spans.items()
                    ],
                }
                for clinic in clinics
                if (known := self._of(clinic))
            },
        }

    @classmethod
    def taken_over(cls, handed: Mapping[str, Any]) -> Before:
        """What a worker of xdist is handed."""
        from pytest_videolink.reports.past import Key

        clinics = {}
        for id, given in handed["clinics"].items():
            known = clinics[id] = _Known()
            for item, why, part, outcome, seen in given["findings"]:
                known.findings[Key(item, why, part)] = outcome, seen
            for kind, subject, after, by in given["spans"]:
                span = datetime.fromisoformat(after), datetime.fromisoformat(by)
                known.spans[kind, subject] = span
        return cls(only_new=handed["only_new"], _clinics=clinics)

    def _of(self, clinic: Clinic) -> _Known:
        if clinic.id not in self._clinics:
            self._clinics[clinic.id] = self._known(clinic)
        return self._clinics[clinic.id]

    @cached_property
    def _then_of(self) -> dict[str, ClinicReport]:
        return {each.id: each for each in self.then.clinics} if self.then else {}

    @cached_property
    def _checks(self) -> Checks:
        from pytest_videolink.reports.past import Checks

        return Checks(self.then.checks if self.then else (), self.checks)

    def _known(self, clinic: Clinic) -> _Known:
        known = _Known()
        then, one = self.then, self._then_of.get(clinic.id)
        if then is None or one is None:
            return known
        from pytest_videolink.reports.past import Past, since

        subjects = self.subjects(clinic)
        past = Past(then, one, self._checks, subjects)
        if self.only_new and one.is_complete:
            for key, each in past.findings.items():
                known.findings[key] = each.outcome, each.first_seen
        as_of = clinic.as_of.isoformat() if clinic.as_of else ""
        for subject in subjects:
            span = since(subject, as_of, past)
            if span is not None:
                ends = datetime.fromisoformat(span.after), datetime.fromisoformat(span.by)
                known.spans[subject.kind, subject.id] = ends
        return known


def reason(judgement: Judgement) -> Reason:
    """Why a finding is one: not answered is what its check could not answer."""
    if judgement.raised is not None:
        return "not answered"
    return "not recorded" if is_unrecorded(judgement) else "wrong"


def parts(judgement: Judgement) -> dict[str, str]:
    """The parts that its check finds at fault, by their ids, each with what is wrong with it."""
    findings = judgement.findings
    found = {part: finding.summary for finding in findings for part in finding.parts}
    return dict(sorted(found.items()))


def _settings(found: Settings) -> SettingsReport:
    subject = found.subject
    return SettingsReport(
        kind=_kind(subject), id=subject.id, link=clean(found.link), settings=found.hash
    )


def _kind(subject: object) -> Kind:
    return "practitioner" if isinstance(subject, Practitioner) else "appointment type"


def before(
    config: pytest.Config, now: datetime, ids: Sequence[str], checks: Sequence[Check]
) -> Before:
    """What ``--videolink-since`` names. Raises :class:`pytest.UsageError`.

    ``ids`` are those of the clinics of the source.
    """
    option = config.option
    then = earlier(config, now, ids)
    if then is None:
        if option.videolink_fail_on:
            raise pytest.UsageError(
                "--videolink-fail-on=new needs the report that tells what is known:"
                " add --videolink-since=FILE.json"
            )
        return Before()
    only_new = bool(option.videolink_fail_on) and not config.getoption("runxfail", False)
    return Before(then, only_new, checks)


def earlier(config: pytest.Config, now: datetime, ids: Sequence[str]) -> Report | None:
    """The report that ``--videolink-since`` names. Raises :class:`pytest.UsageError`."""
    given = config.option.videolink_since
    if given is None:
        return None
    shown = f"--videolink-since={printable(given)}"
    then = report_at(config.invocation_params.dir / expanded(given), shown, as_told=False)
    if then.portion:
        raise pytest.UsageError(f"{shown} holds {then.portion} alone: name the report of all")
    known = {*then.ids, *(clinic.id for clinic in then.clinics)}
    if ids and known and known.isdisjoint(ids):
        raise pytest.UsageError(f"{shown} is of other clinics: none of them is in the source")
    time = datetime.fromisoformat(then.checked_as_of)
    if time > now:
        of, against = (day_and_time(each) for each in (time.astimezone(now.tzinfo), now))
        if of == against:
            of, against = f"{of}:{time:%S}", f"{against}:{now:%S}"
        raise pytest.UsageError(
            f"{shown} is of {of}, which is later than the time checked against, {against}"
        )
    return then


def report_at(path: Path, shown: str, *, as_told: bool = True) -> Report:
    """The report in a file. Raises :class:`pytest.UsageError`, which begins with what is shown."""
    from pytest_videolink.reports.earlier import NoReport, read

    try:
        text = path.read_text(encoding="utf-8-sig")  # as Windows may have written it anew
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise pytest.UsageError(f"{shown} cannot be read: {why}") from None
    except UnicodeDecodeError:
        raise pytest.UsageError(f"{shown} cannot be used: it is no text") from None
    try:
        with at_rest():
            report = read(text, as_told=as_told)
            take_for_old()
    except NoReport as error:
        raise pytest.UsageError(f"{shown} cannot be used: {error}") from None
    return report
