"""The report as Markdown, for a pull request or the summary of a CI step.

It travels far, so it says nothing of appointments.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import count, groupby, islice

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import plural
from pytest_videolink.reports.difference import Line, blocks, heading, lapsing, lapsing_heading
from pytest_videolink.reports.report import CellReport, ClinicReport, ItemReport, JobReport, Report
from pytest_videolink.reports.tables import sentences
from pytest_videolink.reports.words import Verdict

BEGINS = "<!-- pytest-videolink report -->\n"
SUMMARY = 1024 * 1024
"""How many bytes GitHub takes as the summary of a step."""

MARKS: dict[Verdict, str] = {
    "READY": "\u2705",
    "READY WITH WAIVERS": "\u2611\ufe0f",
    "NOT READY": "\u274c",
    "UNKNOWN": "\u2754",
}
CELLS = {
    "link": "\u2705 link",
    "no link": "\u274c",
    "waived": "\u2611\ufe0f waived",
    "unknown": "\u2754 unknown",
}
LEGEND = (
    "\u274c stands with the first cause why there is no link, \u00b7 for what is not on offer. A"
    " pair is a practitioner and an appointment type."
)
APPOINTMENTS = "Booked appointments are left out here; the HTML, CSV and JSON reports have them."
NOT_CHECKED = (
    "Not checked: whether a link reaches the patient, and whether the record is still what the"
    " Dashboard says."
)

_MARK = re.compile(r"[!-/:-@\[-`{-~](?<![.,;()'/%-])|^-|(?<=\d)[.)]")
_BECOMES = re.compile(r"([@#]|:(?=[\w/+-])|www(?=\.))", re.IGNORECASE)


def escaped(text: str) -> str:
    """Text that Markdown, its tables and GitHub's own marks leave as it is.

    A punctuation mark stands as a character reference, which is never a mark of Markdown, and what
    would become a link, an emoji or call somebody by name is broken by a space of no width.
    """
    return _escaped(_BECOMES.sub("\\1\u200b", " ".join(text.split())))


def code(text: str) -> str:
    """Text as code, in HTML, where neither backticks nor bars end it."""
    return f"<code>{_escaped(text)}</code>"


def _escaped(text: str) -> str:
    return _MARK.sub(lambda mark: f"&#{ord(mark[0])};", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many of a kind are told; of the others how many there are."""

    clinics: int = 50
    """Matrices."""
    jobs: int = 200
    verdicts: int = 200
    findings: int = 300
    changes: int = 50
    """Lines of a block of what changed, or of what lapses, and owners of that."""

    def halved(self) -> Bounds:
        return Bounds(**{each.name: getattr(self, each.name) // 2 for each in fields(self)})


NOTHING = Bounds(clinics=0, jobs=0, verdicts=0, findings=0, changes=0)


def render(report: Report) -> str:
    return within(report, lambda text: len(text.encode("utf-8", "replace")) <= SUMMARY)


def within(report: Report, fits: Callable[[str], bool]) -> str:
    """The report as a text that fits; the more it holds, the less is told of each kind."""
    most = Bounds()
    while True:
        text = BEGINS + "\n".join(_lines(report, most)) + "\n"
        if most == NOTHING or fits(text):
            return text
        most = most.halved()


def _lines(report: Report, most: Bounds) -> Iterator[str]:
    yield "## Telehealth video links\n"
    if report.partial:
        yield f"> [!WARNING]\n> **Partial report.** {escaped(report.partial)}\n"
    yield from _changes(report, most)
    yield from _verdicts(report, most)
    unready = [each for each in report.clinics if each.matrix and each.is_unready]
    shown = report.clinics if len(report.clinics) == 1 else unready
    for clinic in shown[: most.clinics]:
        yield from _clinic(clinic)
        yield from _tables(clinic)
    if any(clinic.matrix for clinic in shown[: most.clinics]):
        yield f"{LEGEND}\n"
    if len(shown) > most.clinics:
        left = plural(len(shown) - most.clinics, "clinic")
        yield f"The matrix of {left} more is left out here.\n"
    yield from _work([job for job in report.work if not _is_about_appointment(report, job)], most)
    yield from _findings(report, most)
    yield from _lapses(report, most)
    yield f"{APPOINTMENTS}\n"
    yield NOT_CHECKED


def _changes(report: Report, most: Bounds) -> Iterator[str]:
    found = blocks(report, with_appointments=False)
    if found:
        yield f"### {escaped(heading(report))}\n"
    for block in found:
        yield f"**{escaped(block.title)}**\n"
        yield from _bounded(block.lines, most)
        yield ""
    if report.known:
        yield f"{report.known}\n"


def _bounded(lines: Sequence[Line], most: Bounds) -> Iterator[str]:
    yield from (f"- {escaped(line.text)}" for line in lines[: most.changes])
    if len(lines) > most.changes:
        yield f"- and {len(lines) - most.changes:,} more"


def _is_about_appointment(report: Report, job: JobReport) -> bool:
    return job.check in {check.id for check in report.checks if check.scope == "appointment"}


def _verdicts(report: Report, most: Bounds) -> Iterator[str]:
    count = Counter(clinic.verdict for clinic in report.clinics)
    parts = [f"{MARKS[each]} {count[each]} {each}" for each in MARKS if count[each]]
    shown = list(report.clinics)
    if len(shown) > most.verdicts:  # what asks for attention first
        worst = ("UNKNOWN", "NOT READY", "READY WITH WAIVERS", "READY")
        shown = sorted(shown, key=lambda clinic: worst.index(clinic.verdict))[: most.verdicts]
    tally = ", ".join(parts) or report.why_empty
    yield f"**{tally}**, as of {report.as_of}\n"
    yield from _table(
        ("Clinic", "Verdict", "Video links", "Why"),
        (
            (
                f"{escaped(clinic.name)} ({code(clinic.id)})",
                f"{MARKS[clinic.verdict]} {clinic.verdict}",
                _links(clinic),
                escaped(_why(clinic)),
            )
            for clinic in shown
        ),
    )
    if len(report.clinics) > most.verdicts:
        left = plural(len(report.clinics) - most.verdicts, "clinic")
        yield f"{left} more, none of them worse, left out here.\n"


def _links(clinic: ClinicReport) -> str:
    if clinic.tally is None:
        return ""
    known = clinic.verdict != "UNKNOWN"
    return f"{clinic.tally.link_expected} of {clinic.tally.pairs}" if known else "unknown"


def _why(clinic: ClinicReport) -> str:
    """Why it is not ready, without a word of appointments."""
    if clinic.why:
        return clinic.why
    outcomes = Counter(item.outcome for item in clinic.findings if not item.is_appointment)
    if not outcomes["failed"] and clinic.verdict == "NOT READY":
        return "a check of booked appointments fails"
    counts = (
        (outcomes["failed"], "failed"),
        (outcomes["warning"], "with a warning"),
        (outcomes["waived"], "waived"),
    )
    return ", ".join(f"{number} {word}" for number, word in counts if number)


def _clinic(clinic: ClinicReport) -> Iterator[str]:
    if not clinic.matrix:
        return
    yield f"### {escaped(clinic.name)}\n"
    yield from _table(
        ("Practitioner", *(escaped(type.name) for type in clinic.types)),
        ((escaped(row.name), *map(_cell, row.cells)) for row in clinic.matrix),
    )


def _tables(clinic: ClinicReport) -> Iterator[str]:
    """How many rows of the tables that its document names became what."""
    for table in clinic.tables:
        first, *others = sentences(table)
        yield f"- {escaped(first)}"
        yield from (f"    - {escaped(each)}" for each in others)
    if clinic.tables:
        yield ""


def _cell(cell: CellReport | None) -> str:
    if cell is None:
        return "\u00b7"
    return f"{CELLS[cell.state]} {cell.check}".rstrip()


def _work(jobs: list[JobReport], most: Bounds) -> Iterator[str]:
    if not jobs:
        return
    yield "### What to do, what unblocks most first\n"
    numbers = count(1)
    for (_, who, where), group in groupby(jobs[: most.jobs], lambda job: job.group):
        yield f"\n**{escaped(who[:1].upper() + who[1:])}, {escaped(where)}**\n"
        for job in group:
            notes = ", ".join(map(escaped, job.notes))
            yield f"{next(numbers)}. {escaped(job.what)} ({notes})"
    if len(jobs) > most.jobs:
        yield f"\nand {plural(len(jobs) - most.jobs, 'task')} more"
    yield ""


def _lapses(report: Report, most: Bounds) -> Iterator[str]:
    if report.lapses:
        yield f"### {lapsing_heading(report)}\n"
    owners = lapsing(report)
    for owner, lines in islice(owners.items(), most.changes):
        yield f"**{escaped(owner)}**\n"
        yield from _bounded(lines, most)
        yield ""
    if len(owners) > most.changes:
        yield f"and what is of {plural(len(owners) - most.changes, 'owner')} more\n"


def _findings(report: Report, most: Bounds) -> Iterator[str]:
    rows = [
        _finding(clinic, item)
        for clinic in report.clinics
        for item in clinic.findings
        if not item.is_appointment
    ]
    if rows:
        yield "<details><summary>All findings, with their places</summary>\n"
        yield from _table(("Outcome", "Check", "What", "Item", "Place"), rows[: most.findings])
        if len(rows) > most.findings:
            yield f"{plural(len(rows) - most.findings, 'finding')} more left out here.\n"
        yield "</details>\n"


def _finding(clinic: ClinicReport, item: ItemReport) -> tuple[str, ...]:
    waived = item.waiver
    accepted = f" (until {waived.until} by {waived.owner}: {waived.reason})" if waived else ""
    return (
        item.outcome,
        item.check,
        escaped(f"{item.summary}{accepted}"),
        code(item.id),
        code(f"{clinic.file}, {item.cell}" if item.cell else f"{clinic.file}:{item.line}"),
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = list(head)
    yield _row(columns)
    yield _row("---" for _ in columns)
    for row in rows:
        yield _row(row)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
