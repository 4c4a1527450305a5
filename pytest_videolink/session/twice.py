"""A conflict of two clinics fails in both: the terminal tells it once, and then refers to that.

Reports and other plugins take each failure as it comes, so each of theirs is whole.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.judging.todo import places
from pytest_videolink.record.clinic import Appointment, Clinic
from pytest_videolink.record.plain import dataclass
from pytest_videolink.reports.report import Explained
from pytest_videolink.reports.text import text_by_reference
from pytest_videolink.session.run import Run, item_names


@dataclass(frozen=True, slots=True)
class _Failure:
    """A failing item: its id, and what it says."""

    id: str
    file: Path
    judgement: Judgement

    def explained(self, run: Run) -> Explained:
        return run.explained(self.file, self.judgement, item_names(self.judgement))


def refer(config: pytest.Config, run: Run) -> None:
    """Shorten what the terminal keeps of failures that it tells in another clinic already."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if not isinstance(terminal, pytest.TerminalReporter):
        return
    reports: list[pytest.TestReport] = cast(Any, terminal.stats).get("failed", [])
    told = {
        report.nodeid: number
        for number, report in enumerate(reports)
        if report.when == "call" and isinstance(report.longrepr, str)
    }
    for first, *others in _conflicts(run, told):
        whole = first.explained(run)
        for other in others:
            short = copy.copy(reports[told[other.id]])
            short.longrepr = text_by_reference(other.explained(run), whole, first.id)
            reports[told[other.id]] = short


def _conflicts(run: Run, told: Mapping[str, int]) -> Iterator[Sequence[_Failure]]:
    """The failures of each conflict that are told, in the order in which they are."""
    nodes = {id.partition("::")[0] for id in told}
    found: dict[object, list[_Failure]] = defaultdict(list)
    for file in run.files:
        judge = run.judge(file) if run.node_id(file) in nodes else None
        for judgement in judge.judgements() if judge else ():
            if judge and _is_conflict(judge.clinic, judgement):
                id = "::".join((run.node_id(file), *item_names(judgement)))
                conflict = judgement.check.id, places(judge.clinic.id, judgement)
                if id in told:
                    found[conflict].append(_Failure(id, file, judgement))
    for some in found.values():
        yield sorted(some, key=lambda failure: told[failure.id])


def _is_conflict(clinic: Clinic, judgement: Judgement) -> bool:
    """Whether it fails by what stands in another clinic's record, and is no patient's own."""
    also = (place for finding in judgement.findings for place in finding.also)
    return (
        judgement.state is State.FAILED
        and not isinstance(judgement.subject, Appointment)
        and any(place.clinic != clinic.id for place in also)
    )
