"""The report as Markdown, for a pull request or the summary of a CI step.

It travels far, so it says nothing of appointments.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, groupby

from pytest_videolink.record.text import plural
from pytest_videolink.reports.difference import blocks, heading, lapsing, lapsing_heading
from pytest_videolink.reports.report import CellReport, ClinicReport, ItemReport, JobReport, Report
from pytest_videolink.reports.tables import sentences
from pytest_videolink.reports.words import Verdict

BEGINS = "<!-- pytest-videolink report -->\n"
MAX_CLINICS = 50
MAX_JOBS = 200
MAX_VERDICTS = 200
MAX_FINDINGS = 300
"""What the summary of a job takes is bounded: 1 MiB at GitHub."""
MAX_CHANGES = 50

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
LEGEND = "\u274c stands with the first cause why there is no link, \u00b7 for what is not on offer."
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


def render(report: Report) -> str:
    return BEGINS + "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "## Telehealth video links\n"
    if report.partial:
        yield f"> [!WARNING]\n> **Partial report.** {escaped(report.partial)}\n"
    yield from _changes(report)
    yield from _verdicts(report)
    unready = [each for each in report.clinics if each.matrix and each.is_unready]
    shown = report.clinics if len(report.clinics) == 1 else unready
    for clinic in shown[:MAX_CLINICS]:
        yield from _clinic(clinic)
        yield from _tables(clinic)
    if any(clinic.matrix for clinic in shown[:MAX_CLINICS]):
        yield f"{LEGEND}\n"
    if len(shown) > MAX_CLINICS:
        yield f"The matrix of {plural(len(shown) - MAX_CLINICS, 'clinic')} more is left out here.\n"
    yield from _work([job for job in report.work if not _is_about_appointment(report, job)])
    yield from _findings(report)
    yield from _lapses(report)
    yield f"{APPOINTMENTS}\n"
    yield NOT_CHECKED


def _changes(report: Report) -> Iterator[str]:
    found = blocks(report, with_appointments=False)
    if found:
        yield f"### {escaped(heading(report))}\n"
    for block in found:
        yield f"**{escaped(block.title)}**\n"
        for line in block.lines[:MAX_CHANGES]:
            yield f"- {escaped(line.text)}"
        if len(block.lines) > MAX_CHANGES:
            yield f"- and {len(block.lines) - MAX_CHANGES:,} more"
        yield ""
    if report.known:
        known, verb = plural(report.known, "known finding"), "is" if report.known == 1 else "are"
        yield f"{known} {verb} open, and did not fail this run: new ones alone do.\n"


def _is_about_appointment(report: Report, job: JobReport) -> bool:
    return job.check in {check.id for check in report.checks if check.scope == "appointment"}


def _verdicts(report: Report) -> Iterator[str]:
    count = Counter(clinic.verdict for clinic in report.clinics)
    parts = [f"{MARKS[each]} {count[each]} {each}" for each in MARKS if count[each]]
    shown = list(report.clinics)
    if len(shown) > MAX_VERDICTS:  # what asks for attention first
        worst = ("UNKNOWN", "NOT READY", "READY WITH WAIVERS", "READY")
        shown = sorted(shown, key=lambda clinic: worst.index(clinic.verdict))[:MAX_VERDICTS]
    tally = ", ".join(parts) or "No clinic was checked"
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
    if len(report.clinics) > MAX_VERDICTS:
        left = plural(len(report.clinics) - MAX_VERDICTS, "clinic")
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


def _work(jobs: list[JobReport]) -> Iterator[str]:
    if not jobs:
        return
    yield "### What to do, what unblocks most first\n"
    numbers = count(1)
    for (_, who, where), group in groupby(jobs[:MAX_JOBS], lambda job: job.group):
        yield f"\n**{escaped(who[:1].upper() + who[1:])}, {escaped(where)}**\n"
        for job in group:
            notes = ", ".join(map(escaped, job.notes))
            yield f"{next(numbers)}. {escaped(job.what)} ({notes})"
    if len(jobs) > MAX_JOBS:
        yield f"\nand {plural(len(jobs) - MAX_JOBS, 'task')} more"
    yield ""


def _lapses(report: Report) -> Iterator[str]:
    if report.lapses:
        yield f"### {lapsing_heading(report)}\n"
    for owner, lines in lapsing(report).items():
        yield f"**{escaped(owner)}**\n"
        yield from (f"- {escaped(line)}" for line in lines[:MAX_CHANGES])
        if len(lines) > MAX_CHANGES:
            yield f"- and {len(lines) - MAX_CHANGES:,} more"
        yield ""


def _findings(report: Report) -> Iterator[str]:
    rows = [
        _finding(clinic, item)
        for clinic in report.clinics
        for item in clinic.findings
        if not item.is_appointment
    ]
    if rows:
        yield "<details><summary>All findings, with their places</summary>\n"
        yield from _table(("Outcome", "Check", "What", "Item", "Place"), rows[:MAX_FINDINGS])
        if len(rows) > MAX_FINDINGS:
            yield f"{plural(len(rows) - MAX_FINDINGS, 'finding')} more left out here.\n"
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
