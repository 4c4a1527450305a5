"""The section that closes a run: verdicts, matrix, reconciliation, and the one work list."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from pytest_videolink.judging.judge import State
from pytest_videolink.judging.verdict import ClinicVerdict, Readiness, Task
from pytest_videolink.record.clinic import AppointmentType, Practitioner
from pytest_videolink.record.text import clean, plural
from pytest_videolink.reports.explained import bookings
from pytest_videolink.reports.text import WIDTH, appointments

NOT_CHECKED = (
    "Not checked: whether a link reaches the patient (reminders, contact data), and whether the"
    " record is still what the Dashboard says."
)
MAX_ROWS = 15
MAX_TASKS = 40
MAX_CLINICS = 10
MAX_BLOCKED = 10
_DUTIES = {"recreate": "recreate", "telephone": "telephone the patients of, or rebook,"}
_UNREAD = (False, "practice manager", "the record")
_NAME = 26
_CELL = 8
_COLUMNS = (WIDTH - _NAME - 2) // _CELL


@dataclass(frozen=True, slots=True)
class Closing:
    """What the section tells."""

    verdicts: Sequence[ClinicVerdict]
    tasks: Sequence[Task]

    def lines(self, *, brief: bool) -> Iterator[str]:
        """The section's lines; ``brief`` leaves it at the verdicts."""
        yield from self._verdicts()
        if brief:
            return
        unready = [
            each
            for each in self.verdicts
            if each.readiness in (Readiness.NOT_READY, Readiness.UNKNOWN)
        ]
        shown = self.verdicts if len(self.verdicts) == 1 else unready
        for verdict in shown[:MAX_CLINICS]:
            if verdict.reconciliation is not None:
                yield ""
                yield from _wrap(f"{verdict.name} ({verdict.id})", "", "  ")
                yield from _matrix(verdict)
                yield from _reconciliation(verdict)
        legend = _legend(shown[:MAX_CLINICS])
        if legend:
            yield ""
            yield legend
        if len(shown) > MAX_CLINICS:
            yield ""
            yield f"{plural(len(shown) - MAX_CLINICS, 'clinic')} more left out here"
        yield ""
        yield from _wrap(NOT_CHECKED)
        yield from self._work()

    def _verdicts(self) -> Iterator[str]:
        several = len(self.verdicts) > MAX_CLINICS
        ready = [each for each in self.verdicts if each.readiness is Readiness.READY]
        for verdict in self.verdicts:
            if several and verdict in ready:
                continue
            said = f"{verdict.id}: {verdict.readiness.value}"
            if verdict.readiness is Readiness.WITH_WAIVERS:
                yield said
                yield from _wrap(verdict.why, "    ", "    ")
            else:
                yield from _wrap(f"{said}: {verdict.why}" if verdict.why else said, "", "    ")
        if several and ready:
            yield f"{plural(len(ready), 'clinic')} more: READY"

    def _work(self) -> Iterator[str]:
        unread = [each for each in self.verdicts if each.reconciliation is None]
        if not (self.tasks or unread or any(each.duties for each in self.verdicts)):
            return
        yield ""
        yield "What to do, what unblocks most first:"
        # Warnings have groups of their own, so that none comes before a failure.
        groups: dict[tuple[bool, str, str], list[str]] = {}
        for verdict in unread:
            groups.setdefault(_UNREAD, []).append(f"{verdict.why} (VL001, {verdict.id})")
        for task in self.tasks[:MAX_TASKS]:
            warned = task.judgement.state is State.WARNED
            groups.setdefault((warned, task.who, task.screen), []).append(_task(task))
        numbers = count(1)
        for (_, who, screen), tasks in groups.items():
            yield f"  {who}, {screen}"
            for text in tasks:
                yield from _wrap(text, f"  {next(numbers):>3}. ", "       ")
        if len(self.tasks) > MAX_TASKS:
            yield f"  and {plural(len(self.tasks) - MAX_TASKS, 'task')} more"
        begin = "Then, at" if groups else "At"
        for verdict in self.verdicts:
            for duty, some in verdict.duties.items():
                booked = appointments(bookings(some, verdict.timezone))
                yield from _wrap(f"{begin} {verdict.id}, {_DUTIES[duty]} {booked}", "  ", "  ")


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


def _task(task: Task) -> str:
    judgement = task.judgement
    notes = [judgement.check.id, task.clinic.id]
    if judgement.state is State.WARNED:
        notes.append("warning")
    if task.is_decision:
        notes.append("decide")
    if task.unblocks:
        notes.append(f"holds up {plural(task.unblocks, 'pair')}")
    return f"{task.what} ({', '.join(notes)})"


def _matrix(verdict: ClinicVerdict) -> Iterator[str]:
    """Practitioners by video types: ``link``, the first cause, or a dot where it is not offered."""
    rows = list(verdict.matrix)
    troubled = [who for who in rows if any(cell.cause for cell in verdict.matrix[who].values())]
    shown = rows if len(rows) <= MAX_ROWS else troubled[:MAX_ROWS]
    if not shown:
        return
    for start in range(0, len(verdict.types), _COLUMNS):
        types = verdict.types[start : start + _COLUMNS]
        for number, type in enumerate(types, start + 1):
            yield f"  T{number} = {clean(type.name, WIDTH - 12)}"
        heads = (f"T{number}" for number in range(start + 1, start + len(types) + 1))
        yield _row("", heads)
        for who in shown:
            yield _row(clean(who.name, _NAME - 1), (_cell(verdict, who, type) for type in types))
    left = len(rows) - len(shown)
    if left:
        rest = "who get their links" if len(shown) == len(troubled) else "left out here"
        yield f"  and {plural(left, 'practitioner')} more, {rest}"


def _legend(verdicts: Iterable[ClinicVerdict]) -> str:
    """What stands in the matrices, as far as it does not speak for itself."""
    cells = [
        row.get(type) for each in verdicts for row in each.matrix.values() for type in each.types
    ]
    causes = [cell for cell in cells if cell is not None and cell.cause]
    meanings = {
        "VLnnn = first cause why no link is expected": any(not cell.waived for cell in causes),
        "(VLnnn) = waived": any(cell.waived for cell in causes),
        ". = not on offer": None in cells,
    }
    return ", ".join(meaning for meaning, is_there in meanings.items() if is_there)


def _row(name: str, cells: Iterator[str]) -> str:
    return f"  {name:<{_NAME}}{''.join(cell.ljust(_CELL) for cell in cells)}".rstrip()


def _cell(verdict: ClinicVerdict, who: Practitioner, type: AppointmentType) -> str:
    cell = verdict.matrix[who].get(type)
    if cell is None:
        return "."
    if cell.cause is None:
        return "link"
    return f"({cell.cause})" if cell.waived else cell.cause


def _reconciliation(verdict: ClinicVerdict) -> Iterator[str]:
    tally = verdict.reconciliation
    assert tally is not None
    yield (
        f"  {plural(tally.pairs, 'pair')} on offer = {tally.expected} link expected"
        f" + {tally.blocked} blocked + {tally.failed} failed"
    )
    if tally.unrecorded:
        names = ", ".join(f"{name} ({count})" for name, count in tally.unrecorded.items())
        yield from _wrap(f"not recorded: {names}", "  ", "    ")
    if tally.pending:
        yield f"  {plural(tally.pending, 'appointment')} pending: look again later"
