"""What the report tells of a check of the catalogue, and how it counts pairs and rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import repeat
from typing import TYPE_CHECKING

from pytest_videolink.checks.rule import Check
from pytest_videolink.judging import verdict
from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.record.text import clean
from pytest_videolink.reports.explained import rests_on
from pytest_videolink.reports.report import CheckReport, TallyReport, UnrecordedReport
from pytest_videolink.reports.tables import LeftOutReport, SkippedReport, TableReport

if TYPE_CHECKING:
    from pytest_videolink.record.named_table import NamedTable


def check_report(check: Check, help: str) -> CheckReport:
    """A check, with its page."""
    return CheckReport(
        id=check.id,
        was=check.was,
        name=check.name,
        title=check.title,
        why=check.why,
        severity=check.severity,
        scope=check.scope,
        help=help,
        **rests_on(check),
    )


def tally(judgements: Collection[Judgement], ran: Iterable[bool] = repeat(True)) -> TallyReport:
    """The pairs on offer of a clinic, each in one of four, and what was left open.

    ``ran`` says of each judgement whether its item was run.
    """
    found = zip(judgements, ran, strict=False)  # by default of all of them
    links = [(each.state, has_run) for each, has_run in found if each.check.id == verdict.LINK]
    states = Counter(state for state, _ in links)
    expected = links.count((State.PASSED, True))
    rest = [each for each in judgements if each.state is not State.PASSED]
    return TallyReport(
        pairs=len(links),
        link_expected=expected,
        blocked=states[State.BLOCKED],
        failed=states[State.FAILED],
        unchecked=states[State.PASSED] - expected,
        unrecorded=tuple(UnrecordedReport(*each) for each in verdict.unrecorded(rest).items()),
        pending=sum(each.state is State.PENDING for each in rest),
    )


def table_report(table: NamedTable) -> TableReport:
    """What came of a table that a clinic's document names."""
    if table.why is not None:
        return TableReport(file=table.file, sheet=table.sheet, of=table.of, why=str(table.why))
    skipped = table.table.skipped.items()
    return TableReport(
        file=table.file,
        sheet=table.sheet,
        of=table.of,
        rows=table.count,
        read=table.read,
        none=table.table.none,
        repeated=table.table.repeated,
        skipped=tuple(SkippedReport(key, clean(text), rows) for (key, text), rows in skipped),
        left_out=tuple(
            LeftOutReport(clean(each.name), each.linked, each.rows) for each in table.left_out
        ),
        unread=table.table.unread,
    )
