"""The work list as a workbook: a row for each thing to do, the first first, to be ticked off.

A CSV, opened without asking, is read by some programs in an encoding of theirs; this is not. Every
cell is text, whatever the record says.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

from pytest_videolink.record.book import NoLibrary, Sheet, library, write
from pytest_videolink.reports.report import JobReport, Report

TITLE = "Work list of pytest-videolink"
BEGINS = "PK"

COLUMNS = {
    "no": 6,
    "done": 8,
    "by whom": 16,
    "when": 14,
    "clinic": 18,
    "who": 18,
    "where": 34,
    "what to do": 48,
    "how": 60,
    "severity": 10,
    "check": 9,
    "subject": 28,
    "holds up pairs": 10,
    "decide": 9,
    "file": 28,
    "place": 22,
    "items": 40,
    "partial": 24,
}
"""The columns with their widths in characters."""


def render(report: Report) -> bytes:
    rows = [list(COLUMNS), *(_cells(job, report.partial) for job in report.work)]
    sheet = Sheet(
        name="Work list",
        rows=rows,
        widths=list(COLUMNS.values()),
        frozen_columns=4,
        has_filter=True,
    )
    return write([sheet], {}, TITLE)


def is_one(content: bytes) -> bool:
    """Whether a file is such a work list, and may be written over."""
    with suppress(zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError):
        archive = zipfile.ZipFile(io.BytesIO(content))
        return TITLE.encode() in archive.open("docProps/core.xml").read(10_000)
    return False


def fault() -> str:
    """Why none can be written; empty where it can."""
    try:
        library()
    except NoLibrary as missing:
        return str(missing)
    return ""


def _cells(job: JobReport, partial: str) -> list[str]:
    return [
        str(job.number),
        *("", "", ""),
        job.clinic,
        job.who,
        job.where,
        job.what,
        "\n".join(f"{number}. {step}" for number, step in enumerate(job.steps, 1)),
        job.severity,
        job.check,
        job.subject,
        str(job.unblocks),
        "yes" if job.decide else "",
        job.file,
        job.cell or f"line {job.line}",
        "\n".join(job.items),
        partial,
    ]
