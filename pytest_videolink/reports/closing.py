"""The section that closes a run: verdicts, matrix, reconciliation, and the one work list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby
from typing import Literal, TypeAlias

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean, listing, plural
from pytest_videolink.reports.exit import ExitReport, TakenReport, UnansweredReport
from pytest_videolink.reports.report import (
    AnswerReport,
    Booking,
    CellReport,
    ClinicReport,
    Report,
    TallyReport,
)
from pytest_videolink.reports.tables import TableReport, sentences
from pytest_videolink.reports.text import WIDTH, appointments, wrapped
from pytest_videolink.reports.words import NOT_RUN, Verdict

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
MAX_CHANGES = 10
MAX_LAPSES = 10
_DUTIES = {"recreate": "recreate", "telephone": "telephone the patients of, or rebook,"}
_NAME = 26
_CELL = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the section, and the verdict in it, if it is one that says a verdict."""

    text: str
    verdict: Verdict | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """What takes as many lines as the width asks for; ``first`` and ``rest`` stand before them."""

    text: str
    first: str = ""
    rest: str = ""
    verdict: Verdict | Literal[""] = ""


_Lines: TypeAlias = Iterator["str | Line | _Said"]


def section(report: Report, *, brief: bool, width: int = WIDTH) -> Iterator[Line]:
    """The section's lines, of so many columns; ``brief`` tells no more than the verdicts, what has
    changed and what lapses soon.
    """
    return _filled(_section(report, width, brief=brief), width)


def _filled(lines: _Lines, width: int) -> Iterator[Line]:
    for each in lines:
        if isinstance(each, _Said):
            for number, text in enumerate(wrapped(each.text, each.first, each.rest, width=width)):
                yield Line(text, "" if number else each.verdict)
        else:
            yield Line(each) if isinstance(each, str) else each


def _section(report: Report, width: int, *, brief: bool) -> _Lines:
    if report.is_empty_part and report.exit.is_idle:
        yield f"Part {report.part} holds no clinic: there is nothing to check in it."
    if report.exit.is_idle:
        return
    yield from _changes(report)
    yield from _verdicts(report.clinics)
    yield from _answers(report.answers)
    if brief:
        yield from _lapses(report)
    if brief or not report.exit.ran:
        return
    clinics = report.clinics
    shown = clinics if len(clinics) == 1 else [each for each in clinics if _has_more(each)]
    for clinic in shown[:MAX_CLINICS]:
        if clinic.tally is not None:
            yield ""
            yield _Said(f"{clinic.name} ({clinic.id})", "", "  ")
            yield from _matrix(clinic, width)
            yield from _reconciliation(clinic.tally)
            yield from _tables(clinic.tables)
    legend = _legend(shown[:MAX_CLINICS])
    if legend:
        yield ""
        yield _Said(legend)
    if len(shown) > MAX_CLINICS:
        yield ""
        yield f"{plural(len(shown) - MAX_CLINICS, 'clinic')} more left out here"
    yield ""
    yield _Said(NOT_CHECKED)
    yield from _work(report)
    yield from _lapses(report)


def _has_more(clinic: ClinicReport) -> bool:
    """Whether there is more to tell of a clinic than its verdict, among others."""
    return clinic.is_unready and not clinic.why.startswith(NOT_RUN)


def _changes(report: Report) -> _Lines:
    """What changed since the earlier report, in short."""
    if report.changes is None:
        return
    from pytest_videolink.reports.difference import blocks, heading

    found = blocks(report)
    if found:
        yield _Said(f"{heading(report)}:", "", "  ")
    for block in found:
        yield f"  {block.title}:"
        for line in block.lines[:MAX_CHANGES]:
            yield _Said(line.text, "    ", "      ")
        if len(block.lines) > MAX_CHANGES:
            yield f"    and {len(block.lines) - MAX_CHANGES:,} more"
    if report.known:
        yield _Said(report.known)
    if found or report.known:
        yield ""


def unexpected(
    exit: ExitReport,
    *,
    is_empty_part: bool = False,
    unwritten: Iterable[str] = (),
    width: int = WIDTH,
) -> Iterator[Line]:
    """Why the run fails though no check that was run has failed.

    ``unwritten`` says which reports could not be written.
    """
    return _filled(_unexpected(exit, unwritten, is_empty_part=is_empty_part), width)


def _unexpected(exit: ExitReport, unwritten: Iterable[str], *, is_empty_part: bool) -> _Lines:
    for fault in filter(None, (exit.fault, *_taken(exit.taken), *_silencings(exit), *unwritten)):
        yield _Said(f"ERROR: {fault}")
    if exit.is_idle and not is_empty_part:
        yield "Nothing was checked: no check of the selected clinics was run."
    if exit.unanswered and not exit.failed:
        yield from _unanswered(exit.unanswered)
    if exit.strict:
        warned = plural(exit.strict, "warning")
        yield f"The run fails: -W or filterwarnings makes {warned} fail."


def _taken(taken: Iterable[TakenReport]) -> Iterator[str]:
    """What is left out of what was asked for, by whom and of which clinics."""
    for who, some in groupby(taken, lambda each: each.who):
        every = [*some]
        parts = [f"{plural(each.checks, 'check')} of {each.clinic}" for each in every[:MAX_CLINICS]]
        left = len(every) - MAX_CLINICS
        parts += [f"those of {plural(left, 'more clinic')}"] if left > 0 else []
        yield (
            f"{listing(parts)} left out by {who}: nothing is known of what is selected and not"
            " run. Who wants a part asks for it with -k, -m, --lf, --sw or a node id."
        )


def _silencings(exit: ExitReport) -> Iterator[str]:
    """What else than the record keeps a run from failing that is not known to be right."""
    if exit.not_run:
        yield (
            f"{_first(exit.not_run)} selected, and not answered: a mark, a hook or another plugin"
            " keeps it from running."
        )
    if exit.hidden:
        yield (
            f"{_first(exit.hidden)} failing, and not reported so: a mark, a hook or another plugin"
            " hides it. What is accepted for a while is waived in the clinic's record."
        )


def _first(ids: Sequence[str]) -> str:
    """The first of some items, and how many more there are, with the verb that goes with them."""
    more = len(ids) - 1
    return f"{ids[0]} and {more} more are" if more else f"{ids[0]} is"


def _unanswered(blocked: Sequence[UnansweredReport]) -> _Lines:
    """Why a run fails in which checks were blocked by others that were not run."""
    yield _Said(
        f"The run fails: {plural(len(blocked), 'check')} could not be answered, because another"
        " check, which was not run, fails:"
    )
    for each in blocked[:MAX_BLOCKED]:
        subject = clean(each.subject, 60)
        yield _Said(f"{each.check} {each.clinic}, {subject}:", "  ", "    ")
        yield _Said(each.finding, "    ", "    ")
    if len(blocked) > MAX_BLOCKED:
        yield f"  and {len(blocked) - MAX_BLOCKED:,} more"


def _verdicts(clinics: Sequence[ClinicReport]) -> _Lines:
    several = len(clinics) > MAX_CLINICS
    ready = sum(clinic.verdict == "READY" and not clinic.why for clinic in clinics)
    left = [clinic.id for clinic in clinics if several and clinic.why == NOT_RUN]
    for clinic in clinics:
        if several and (clinic.why == NOT_RUN or (clinic.verdict == "READY" and not clinic.why)):
            continue
        said = f"{clinic.id}: {clinic.verdict}"
        if clinic.verdict == "READY WITH WAIVERS":
            yield Line(said, clinic.verdict)
            yield _Said(clinic.why, "    ", "    ")
        else:
            link = ", but" if clinic.verdict == "READY" else ":"
            said = f"{said}{link} {clinic.why}" if clinic.why else said
            yield _Said(said, "", "    ", clinic.verdict)
    if several and ready:
        yield Line(f"{plural(ready, 'clinic')} more: READY", "READY")
    if left:
        more = [f"{len(left) - MAX_NAMES:,} more"] if len(left) > MAX_NAMES else []
        names = listing([*left[:MAX_NAMES], *more])
        yield _Said(f"UNKNOWN, as none of their checks was run: {names}", "", "    ", "UNKNOWN")


# The appointments that are asked for


def _answers(answers: Iterable[AnswerReport]) -> _Lines:
    for (clinic, id, starts), some in groupby(
        answers, lambda each: (each.clinic, each.id, each.starts)
    ):
        yield ""
        yield f"Appointment {id} ({clinic}){starts and ', '}{starts}:"
        said = list(some)
        if all(each.outcome == "passed" and each.check != LINK for each in said):
            yield "  whether its link is there was not checked in this run"
        for answer in said:
            if answer.outcome == "passed":
                yield from ["  the link is there"] if answer.check == LINK else ()
                continue
            yield _Said(answer.said, "  ", "  ")
            for number, step in enumerate(answer.steps, 1):
                yield _Said(step, f"    {number}. ", "       ")


# The matrix, and the reconciliation


def _matrix(clinic: ClinicReport, width: int) -> Iterator[str]:
    """Practitioners by video types: ``link``, the first cause, or a dot where it is not offered."""
    rows = clinic.matrix
    troubled = [row for row in rows if any(cell and cell.cause for cell in row.cells)]
    shown = rows if len(rows) <= MAX_ROWS else troubled[:MAX_ROWS]
    names = [row.name for row in rows]
    if not shown:
        return
    columns = max(1, (width - _NAME - 2) // _CELL)
    for start in range(0, len(clinic.types), columns):
        end = start + columns
        types = list(enumerate(clinic.types, 1))[start:end]
        for number, type in types:
            yield f"  T{number} = {clean(type.name, width - 12)}"
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
    if cell.waived:
        return f"({cell.cause})"
    return cell.cause or ("?" if cell.state == "unknown" else "link")


def _legend(clinics: Iterable[ClinicReport]) -> str:
    """What stands in the matrices, as far as it does not speak for itself."""
    cells = [cell for clinic in clinics for row in clinic.matrix for cell in row.cells]
    causes = [cell for cell in cells if cell is not None and cell.cause]
    meanings = {
        "VLnnn = first cause why no link is expected": any(not cell.waived for cell in causes),
        "(VLnnn) = waived": any(cell.waived for cell in causes),
        ". = not on offer": None in cells,
        "? = not checked in this run": "?" in map(_cell, cells),
        "pair = practitioner and appointment type": bool(cells),
    }
    return ", ".join(meaning for meaning, is_there in meanings.items() if is_there)


def _reconciliation(tally: TallyReport) -> _Lines:
    yield (
        f"  {plural(tally.pairs, 'pair')} on offer = {tally.link_expected} link expected"
        f" + {tally.blocked} blocked + {tally.failed} failed"
        f"{f' + {tally.unchecked} not checked in this run' if tally.unchecked else ''}"
    )
    if tally.unrecorded:
        names = ", ".join(f"{each.check} ({each.items})" for each in tally.unrecorded)
        yield _Said(f"not recorded: {names}", "  ", "    ")
    if tally.pending:
        yield f"  {plural(tally.pending, 'appointment')} pending: look again later"


def _tables(tables: Iterable[TableReport]) -> _Lines:
    """How many rows of the clinic's tables became what."""
    for table in tables:
        first, *others = sentences(table)
        yield _Said(first, "  ", "    ")
        for each in others:
            yield _Said(each, "    ", "      ")


# The work list


def _work(report: Report) -> _Lines:
    if not report.work:
        return
    yield ""
    yield "What to do, what unblocks most first:"
    shown = [job for job in report.fixes if job.urgency <= MAX_TASKS]
    numbers = count(1)
    for (_, who, where), jobs in groupby(shown, lambda job: job.group):
        yield _Said(f"{who}, {where}", "  ", "    ")
        for job in jobs:
            text = f"{job.what} ({', '.join(job.notes)})"
            yield _Said(text, f"  {next(numbers):>3}. ", "       ")
    left = len(report.fixes) - len(shown)
    if left:
        yield f"  and {plural(left, 'task')} more"
    begin = "Then, at" if shown else "At"
    clinics = groupby(report.duties, lambda job: (job.kind, job.clinic, job.file))
    for (kind, clinic, _), jobs in clinics:
        booked = appointments([Booking(clean(job.subject, 30), job.starts) for job in jobs])
        yield _Said(f"{begin} {clinic}, {_DUTIES[kind]} {booked}", "  ", "  ")


# What lapses


def _lapses(report: Report) -> _Lines:
    if not report.lapses:
        return
    from pytest_videolink.reports.difference import lapsing, lapsing_heading

    yield ""
    yield f"{lapsing_heading(report)}:"
    for owner, lines in lapsing(report).items():
        yield _Said(owner, "  ", "  ")
        for line in lines[:MAX_LAPSES]:
            yield _Said(line.text, "    ", "      ")
        if len(lines) > MAX_LAPSES:
            yield f"    and {len(lines) - MAX_LAPSES:,} more"
