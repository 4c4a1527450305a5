"""The report as one HTML page that needs nothing else: no network, no framework, no server.

Its content security policy lets nothing run or load but the style and the script in it, by their
hashes. It reads well without the script, which filters, ticks off, copies and opens what a link
leads to. Of a large fleet the script makes the rows as well, when they come into view.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter, defaultdict
from functools import cached_property
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import combinations, plural
from pytest_videolink.reports.difference import (
    Line,
    blocks,
    first_seen,
    heading,
    lapsing,
    lapsing_heading,
)
from pytest_videolink.reports.report import ClinicReport, Entry, ItemReport, JobReport, Report
from pytest_videolink.reports.rows import Rows
from pytest_videolink.reports.tables import sentences
from pytest_videolink.reports.words import Verdict

BEGINS = '<!doctype html>\n<html lang="en" data-generator="pytest-videolink">\n'

MAX_CLINICS = 300
"""How many clinics stand on the page as they are; of a larger fleet rows are made while read."""
LARGE = 24
"""Of more clinics than this those that are ready are folded at the top."""

VERDICTS: dict[Verdict, str] = {
    "NOT READY": "no",
    "UNKNOWN": "unknown",
    "READY WITH WAIVERS": "waived",
    "READY": "yes",
}
"""The verdicts, what asks for attention first, each with the kind of its mark."""

CELLS = {"link": "yes", "no link": "no", "waived": "waived", "unknown": "unknown"}


def render(report: Report) -> str:
    environment = Environment(
        loader=PackageLoader("pytest_videolink.reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    for told in (plural, combinations, sentences, blocks, heading, lapsing, lapsing_heading):
        environment.filters[told.__name__] = told
    style, script = (_asset(f"report.{suffix}") for suffix in ("css", "js"))
    page = environment.get_template("report.html").render(
        page=Page(report),
        report=report,
        rows=Rows(),
        style=Markup(style),  # noqa: S704 - our own files, not a record's text
        script=Markup(script),  # noqa: S704
        policy="; ".join(
            (
                "default-src 'none'",
                f"style-src {_source(style)}",
                f"script-src {_source(script)}",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        cells=CELLS,
        verdicts=VERDICTS,
    )
    return BEGINS + page + "\n"


def _asset(name: str) -> str:
    return (files("pytest_videolink.reports") / "templates" / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@dataclass(frozen=True)
class Group:
    """Jobs of one person at one place."""

    who: str
    where: str
    warning: bool
    jobs: list[JobReport]


class FilterEntry(NamedTuple):
    """What the filter goes by. A clinic's own has the entries of its findings as well."""

    clinic: str
    severity: str = ""
    who: str = ""
    change: str = ""
    words: str = ""
    """In small letters."""
    anchor: str = ""
    findings: tuple[Any, ...] = ()


PAIR = {"Pair": "Practitioner and appointment type"}
"""What a fact is called on the page where its usual name is no word of the Dashboard's."""


@dataclass(frozen=True)
class Page:
    """What the template asks for besides the report itself."""

    report: Report

    @property
    def is_fleet(self) -> bool:
        """Whether there are so many clinics that rows are made while they are read."""
        return len(self.report.clinics) > MAX_CLINICS

    @property
    def parts(self) -> int:
        """How many shards it takes to have all clinics on pages that hold their rows."""
        return -(-len(self.report.clinics) // MAX_CLINICS)

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        clinics = self.report.clinics
        if not clinics:
            return self.report.why_empty
        if len(clinics) == 1:
            words = {
                "READY": "is ready for video",
                "READY WITH WAIVERS": "is ready for video, with waivers",
                "NOT READY": "is not ready for video",
                "UNKNOWN": "cannot be called ready",
            }
            return f"{clinics[0].name} {words[clinics[0].verdict]}"
        count = Counter(clinic.verdict for clinic in clinics)
        bad, unknown = count["NOT READY"], count["UNKNOWN"]
        if not bad and not unknown:
            return f"All {len(clinics):,} clinics are ready for video"
        parts = [f"{bad:,} of {len(clinics):,} clinics {'is' if bad == 1 else 'are'} not ready"]
        if not bad:
            parts = [f"{unknown:,} of {len(clinics):,} clinics cannot be called ready"]
        elif unknown:
            parts.append(f"{unknown:,} cannot be told")
        return ", ".join(parts)

    @property
    def first(self) -> JobReport | None:
        """What is to be done first, where anything keeps a patient from a link."""
        first = next(iter(self.report.work), None)
        return first if first is not None and first.severity == "error" else None

    @property
    def first_at(self) -> str:
        """Where that is, among several clinics."""
        first = self.first
        if first is None or len(self.report.clinics) == 1:
            return ""
        return f" at {self._names.get(first.clinic, first.clinic)}"

    @cached_property
    def _names(self) -> dict[str, str]:
        return {clinic.id: clinic.name for clinic in self.report.clinics}

    @cached_property
    def by_verdict(self) -> list[tuple[Verdict, list[ClinicReport]]]:
        groups: dict[Verdict, list[ClinicReport]] = {verdict: [] for verdict in VERDICTS}
        for clinic in self.report.clinics:
            groups[clinic.verdict].append(clinic)
        return [(verdict, some) for verdict, some in groups.items() if some]

    @property
    def is_large(self) -> bool:
        return len(self.report.clinics) > LARGE

    def is_open(self, verdict: Verdict) -> bool:
        return verdict != "READY" or not self.is_large

    @cached_property
    def findings(self) -> list[tuple[ClinicReport, ItemReport]]:
        return [(clinic, item) for clinic in self.report.clinics for item in clinic.findings]

    @cached_property
    def owners(self) -> list[str]:
        return sorted({item.who for _, item in self.findings})

    @cached_property
    def checks(self) -> list[tuple[str, str, int]]:
        """The checks that fail or warn, with their titles and in how many clinics, most first."""
        clinics: dict[str, set[str]] = defaultdict(set)
        for clinic, item in self.findings:
            if item.outcome != "waived":
                clinics[item.check].add(clinic.id)
        titles = {check.id: check.title for check in self.report.checks}
        rows = [(id, titles[id], len(some)) for id, some in clinics.items()]
        return sorted(rows, key=lambda row: (-row[2], row[0]))

    @cached_property
    def fixes(self) -> list[Group]:
        groups = groupby(self.report.fixes, lambda job: job.group)
        return [
            Group(who, where, severity == "warning", [*jobs])
            for (severity, who, where), jobs in groups
        ]

    @cached_property
    def _anchors(self) -> dict[str, str]:
        """Where each clinic's node and each finding stands on the page."""
        anchors: dict[str, str] = {}
        taken: Counter[str] = Counter()
        for clinic in self.report.clinics:
            names = [(clinic.node, clinic.id)]
            names += [
                (item.id, f"{clinic.id}.{item.check}.{item.subject}") for item in clinic.findings
            ]
            for id, name in names:
                anchor = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
                taken[anchor] += 1
                anchors[id] = anchor if taken[anchor] == 1 else f"{anchor}~{taken[anchor]}"
        return anchors

    def anchor(self, id: str) -> str:
        """The anchor of a clinic's node or of an item; empty where the page does not tell of it."""
        return self._anchors.get(id, "")

    def cause(self, job: JobReport) -> str:
        """The anchor of the first of its findings that the page tells of."""
        return next((anchor for id in job.items if (anchor := self.anchor(id))), "")

    def first_seen(self, clinic: ClinicReport, item: ItemReport) -> str:
        """The day on which a finding was first seen, where nights are compared."""
        return first_seen(item.first_seen, clinic.zone) if self.report.changes else ""

    def leads_to(self, line: Line) -> str:
        """The anchor of what changed, where the page tells of it."""
        node = self._nodes.get(line.clinic, "")
        return self.anchor(f"{node}::{line.item}" if line.item else node)

    @cached_property
    def _nodes(self) -> dict[str, str]:
        return {clinic.id: clinic.node for clinic in self.report.clinics}

    def severity(self, item: ItemReport) -> str:
        """What the filter for severity goes by."""
        if item.outcome == "waived":
            return "waived"
        return "warning" if item.outcome == "warning" else "error"

    def sum(self, clinic: ClinicReport) -> str:
        """How many of its pairs get a link; the page says what is counted."""
        tally = clinic.tally
        if tally is None:
            return "cannot be read"
        if clinic.verdict == "UNKNOWN":
            return f"{tally.pairs:,} on offer, links unknown"
        return f"{tally.link_expected:,} of {tally.pairs:,} with a link"

    def label(self, fact: Entry) -> str:
        return PAIR.get(fact.label, fact.label)

    # What the filter goes by

    def entry(self, clinic: ClinicReport) -> FilterEntry:
        words = _words(clinic.id, clinic.name)
        return FilterEntry(clinic.id, words=words, anchor=self.anchor(clinic.node))

    def entry_with_findings(self, clinic: ClinicReport) -> FilterEntry:
        findings = (self.entry_of_finding(clinic, item) for item in clinic.findings)
        return self.entry(clinic)._replace(findings=tuple(findings))

    def entry_of_finding(self, clinic: ClinicReport, item: ItemReport) -> FilterEntry:
        return FilterEntry(
            clinic.id,
            self.severity(item),
            item.who,
            item.change,
            _words(item.summary, item.check, clinic.id, clinic.name, item.subject, item.name),
            self.anchor(item.id),
        )

    def entry_of_job(self, job: JobReport) -> FilterEntry:
        words = _words(job.what, job.check, job.clinic, job.subject, job.name)
        return FilterEntry(job.clinic, job.severity, job.who, job.change, words)

    def entry_of_change(self, line: Line) -> FilterEntry:
        """That of its finding, where the page tells of one."""
        found = self._findings_by_anchor.get(self.leads_to(line))
        words = _words(line.text, self._names.get(line.clinic, ""))
        if found is None:
            return FilterEntry(line.clinic, who=line.owner, words=words)
        return self.entry_of_finding(*found)._replace(words=words, anchor="")

    @cached_property
    def _findings_by_anchor(self) -> dict[str, tuple[ClinicReport, ItemReport]]:
        return {self.anchor(item.id): (clinic, item) for clinic, item in self.findings}


def _words(*texts: str) -> str:
    """What the filter for text looks in."""
    return " ".join(texts).casefold()
