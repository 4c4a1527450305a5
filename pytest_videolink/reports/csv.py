"""The work list as CSV, for a spreadsheet: a row for each thing to do, the first first.

UTF-8 with a byte order mark, without which Excel takes it for the system's own encoding. Whatever
the record says, no cell is a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from pytest_videolink.reports.difference import in_zone
from pytest_videolink.reports.report import ClinicReport, JobReport, Report
from pytest_videolink.reports.tables import TableReport, sentences

COLUMNS = (
    "no",
    "done",
    "clinic",
    "who",
    "where",
    "what to do",
    "how",
    "severity",
    "check",
    "subject",
    "holds up pairs",
    "decide",
    "file",
    "line",
    "items",
    "partial",
    "change",
    "first_seen",
)
BOM = "\ufeff"
BEGINS = BOM + ",".join(f'"{column}"' for column in COLUMNS[:6])
"""The first columns, as others come behind them from version to version."""

# A spreadsheet may cut a cell at another separator than the comma, so what follows one counts too.
_FORMULA = re.compile(r"(^|[,;\t\r\n\"|])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def render(report: Report) -> str:
    text = io.StringIO(newline="")
    write = csv.writer(text, quoting=csv.QUOTE_ALL).writerow
    write(COLUMNS)
    zones = {clinic.id: clinic.zone for clinic in report.clinics}
    for job in report.work:
        nights = (job.change, _day(job.first_seen, zones.get(job.clinic, "")))
        write([harmless(cell) for cell in (*_cells(job), report.partial, *nights)])
    for clinic in report.clinics:
        for table in clinic.tables:
            cells = (*_counts(clinic, table), report.partial, "", "")
            write([harmless(cell) for cell in cells])
    return BOM + text.getvalue()


def harmless(text: str) -> str:
    """Text with an apostrophe before whatever a spreadsheet would take for a formula."""
    return _FORMULA.sub(r"\1\2'", text)


def _counts(clinic: ClinicReport, table: TableReport) -> Iterator[str]:
    """How many rows of a table became what: nothing to do, and so without a number."""
    said = {"clinic": clinic.id, "what to do": "\n".join(sentences(table)), "file": table.file}
    yield from (said.get(column, "") for column in COLUMNS[:-3])


def _day(time: str, zone: str) -> str:
    """The day of a time, on the clinic's clock, as a spreadsheet reads it everywhere."""
    return in_zone(time, zone).date().isoformat() if time else ""


def _cells(job: JobReport) -> Iterator[str]:
    yield str(job.number)
    yield ""
    yield job.clinic
    yield job.who
    yield job.where
    yield job.what
    yield "\n".join(f"{number}. {step}" for number, step in enumerate(job.steps, 1))
    yield job.severity
    yield job.check
    yield job.subject
    yield str(job.unblocks)
    yield "yes" if job.decide else ""
    yield job.file
    yield job.cell or str(job.line)
    yield "\n".join(job.items)
