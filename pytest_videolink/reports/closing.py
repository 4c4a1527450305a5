"""The section that closes a run: verdicts, matrix, reconciliation, and the one work list."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, groupby
from typing import Any

from pytest_videolink.record.text import clean, listing, plural
from pytest_videolink.reports.report import (
    NOT_RUN,
    AnswerReport,
    Booking,
    CellReport,
    ClinicReport,
    Report,
    TallyReport,
)
from pytest_videolink.reports.tables import TableReport, sentences
from pytest_videolink.reports.text import WIDTH, appointments

NOT_CHECKED = (
    "Not checked: whether a link reaches the patient (reminders, contact data), and whether the"
    " record is still what the Dashboard says."
)
LINK = "VL501"
MAX_ROWS = 15
MAX_TASKS = 40
MAX_CLINICS = 10
MAX_NAMES = 100
MAX_BLOCKED = 10
_DUTIES = {"recreate": "recreate", "telephone": "telephone the patients of, or rebook,"}
_NAME = 26
_CELL = 8
_COLUMNS = (WIDTH - _NAME - 2) // _CELL


def section(report: Report, *, brief: bool) -> Iterator[str]:
    """The section's lines; ``brief`` leaves it at the verdicts."""
    yield from _verdicts(report.clinics)
    yield from _answers(report.answers)
    if brief:
        return
    clinics = report.clinics
    shown = clinics if len(clinics) == 1 else [each for each in clinics if _has_more(each)]
    for clinic in shown[:MAX_CLINICS]:
        if clinic.tally is not None:
            yield ""
            yield from _wrap(f"{clinic.name} ({clinic.id})", "", "  ")
            yield from _matrix(clinic)
            yield from _reconciliation(clinic.tally)
            yield from _tables(clinic.tables)
    legend = _legend(shown[:MAX_CLINICS])
    if legend:
        yield ""
        yield legend
    if len(shown) > MAX_CLINICS:
        yield ""
        yield f"{plural(len(shown) - MAX_CLINICS, 'clinic')} more left out here"
    yield ""
    yield from _wrap(NOT_CHECKED)
    yield from _work(report)


def _has_more(clinic: ClinicReport) -> bool:
    """Whether there is more to tell of a clinic than its verdict, among others."""
    return clinic.is_unready and not clinic.why.startswith(NOT_RUN)


def unanswered(blocked: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Why a run fails in which checks were blocked by others that were not run."""
    yield from _wrap(
        f"The run fails: {plural(len(blocked), 'check')} could not be answered, because another"
        " check, which was not run, fails:"
    )
    for each in blocked[:MAX_BLOCKED]:
        subject = clean(str(each["subject"]), 60)
        yield from _wrap(f"{each['check']} {each['clinic']}, {subject}:", "  ", "    ")
        yield from _wrap(str(each["finding"]), "    ", "    ")
    if len(blocked) > MAX_BLOCKED:
        yield f"  and {len(blocked) - MAX_BLOCKED:,} more"


def _wrap(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def _verdicts(clinics: Sequence[ClinicReport]) -> Iterator[str]:
    several = len(clinics) > MAX_CLINICS
    ready = sum(clinic.verdict == "READY" and not clinic.why for clinic in clinics)
    left = [clinic.id for clinic in clinics if several and clinic.why == NOT_RUN]
    for clinic in clinics:
        if several and (clinic.why == NOT_RUN or (clinic.verdict == "READY" and not clinic.why)):
            continue
        said = f"{clinic.id}: {clinic.verdict}"
        if clinic.verdict == "READY WITH WAIVERS":
            yield said
            yield from _wrap(clinic.why, "    ", "    ")
        else:
            link = ", but" if clinic.verdict == "READY" else ":"
            yield from _wrap(f"{said}{link} {clinic.why}" if clinic.why else said, "", "    ")
    if several and ready:
        yield f"{plural(ready, 'clinic')} more: READY"
    if left:
        more = [f"{len(left) - MAX_NAMES:,} more"] if len(left) > MAX_NAMES else []
        names = listing([*left[:MAX_NAMES], *more])
        yield from _wrap(f"UNKNOWN, as none of their checks was run: {names}", "", "    ")


# The appointments that are asked for


def _answers(answers: Iterable[AnswerReport]) -> Iterator[str]:
    for (clinic, id, starts), some in groupby(
        answers, lambda each: (each.clinic, each.id, each.starts)
    ):
        yield ""
        yield f"Appointment {id} ({clinic}), {starts}:"
        for answer in some:
            if answer.outcome == "passed":
                yield from ["  the link is there"] if answer.check == LINK else ()
                continue
            yield from _wrap(answer.said, "  ", "  ")
            for number, step in enumerate(answer.steps, 1):
                yield from _wrap(step, f"    {number}. ", "       ")


# The matrix, and the reconciliation


def _matrix(clinic: ClinicReport) -> Iterator[str]:
    """Practitioners by video types: ``link``, the first cause, or a dot where it is not offered."""
    rows = clinic.matrix
    troubled = [row for row in rows if any(cell and cell.cause for cell in row.cells)]
    shown = rows if len(rows) <= MAX_ROWS else troubled[:MAX_ROWS]
    names = [row.name for row in rows]
    if not shown:
        return
    for start in range(0, len(clinic.types), _COLUMNS):
        end = start + _COLUMNS
        types = list(enumerate(clinic.types, 1))[start:end]
        for number, type in types:
            yield f"  T{number} = {clean(type.name, WIDTH - 12)}"
        yield _row("", (f"T{number}" for number, _ in types))
        for row in shown:
            label = row.name if names.count(row.name) == 1 else row.practitioner
            yield _row(clean(label, _NAME - 1), map(_cell, row.cells[start:end]))
    left = len(rows) - len(shown)
    if left:
        rest = "who get their links" if len(shown) == len(troubled) else "left out here"
        yield f"  and {plural(left, 'practitioner')} more, {rest}"


def _row(name: str, cells: Iterable[str]) -> str:
    return f"  {name:<{_NAME}}{''.join(cell.ljust(_CELL) for cell in cells)}".rstrip()


def _cell(cell: CellReport | None) -> str:
    if cell is None:
        return "."
    return f"({cell.cause})" if cell.waived else cell.cause or "link"


def _legend(clinics: Iterable[ClinicReport]) -> str:
    """What stands in the matrices, as far as it does not speak for itself."""
    cells = [cell for clinic in clinics for row in clinic.matrix for cell in row.cells]
    causes = [cell for cell in cells if cell is not None and cell.cause]
    meanings = {
        "VLnnn = first cause why no link is expected": any(not cell.waived for cell in causes),
        "(VLnnn) = waived": any(cell.waived for cell in causes),
        ". = not on offer": None in cells,
    }
    return ", ".join(meaning for meaning, is_there in meanings.items() if is_there)


def _reconciliation(tally: TallyReport) -> Iterator[str]:
    yield (
        f"  {plural(tally.pairs, 'pair')} on offer = {tally.link_expected} link expected"
        f" + {tally.blocked} blocked + {tally.failed} failed"
    )
    if tally.unrecorded:
        names = ", ".join(f"{each.check} ({each.items})" for each in tally.unrecorded)
        yield from _wrap(f"not recorded: {names}", "  ", "    ")
    if tally.pending:
        yield f"  {plural(tally.pending, 'appointment')} pending: look again later"


def _tables(tables: Iterable[TableReport]) -> Iterator[str]:
    """How many rows of the clinic's tables became what."""
    for table in tables:
        first, *others = sentences(table)
        yield from _wrap(first, "  ", "    ")
        for each in others:
            yield from _wrap(each, "    ", "      ")


# The work list


def _work(report: Report) -> Iterator[str]:
    if not report.work:
        return
    yield ""
    yield "What to do, what unblocks most first:"
    shown = [job for job in report.fixes if job.urgency <= MAX_TASKS]
    numbers = count(1)
    for (_, who, where), jobs in groupby(shown, lambda job: job.group):
        yield f"  {who}, {where}"
        for job in jobs:
            text = f"{job.what} ({', '.join(job.notes)})"
            yield from _wrap(text, f"  {next(numbers):>3}. ", "       ")
    left = len(report.fixes) - len(shown)
    if left:
        yield f"  and {plural(left, 'task')} more"
    begin = "Then, at" if shown else "At"
    clinics = groupby(report.duties, lambda job: (job.kind, job.clinic, job.file))
    for (kind, clinic, _), jobs in clinics:
        booked = appointments([Booking(clean(job.subject, 30), job.starts) for job in jobs])
        yield from _wrap(f"{begin} {clinic}, {_DUTIES[kind]} {booked}", "  ", "  ")
