"""What a run has come to: a verdict for each clinic, and the work list.

Worked out from judgements alone; of pytest's reports it takes only which items were run. So it is
the same with and without workers, and in whatever order the items were run.
"""

from __future__ import annotations

from collections.abc import Set
from functools import cached_property
from pathlib import Path

from pytest_videolink.judging.judge import Judgement
from pytest_videolink.judging.verdict import ClinicVerdict, Task, judge_clinic, tasks, unreadable
from pytest_videolink.record.text import clean
from pytest_videolink.session.run import Run, item_names


class Outcomes:
    """Verdicts and work list of a run in which the items of these node ids were run."""

    def __init__(self, run: Run, ran: Set[str]) -> None:
        self.run = run
        self.ran = ran

    @cached_property
    def by_file(self) -> list[tuple[Path, ClinicVerdict]]:
        """A verdict for every selected clinic, by id, with its file."""
        verdicts = [(file, self._verdict(file)) for file in self.run.files]
        return sorted(verdicts, key=lambda each: each[1].id)

    def _verdict(self, file: Path) -> ClinicVerdict:
        judge = self.run.judge(file)
        if judge is None:
            id = clean(self.run.record(file).id)
            return unreadable(id, self.run.unreadable_reason(file))
        ids = (self.item_id(file, judgement) for judgement in judge.judgements())
        return judge_clinic(judge, complete=all(id in self.ran for id in ids))

    @property
    def verdicts(self) -> list[ClinicVerdict]:
        """A verdict for every selected clinic, by id."""
        return [verdict for _, verdict in self.by_file]

    @cached_property
    def files(self) -> dict[str, Path]:
        """The selected clinics' files by id."""
        return {verdict.id: file for file, verdict in self.by_file}

    @cached_property
    def tasks(self) -> list[Task]:
        """The distinct fixes, the one that unblocks most first."""
        judges = {file: self.run.judge(file) for file, _ in self.by_file}
        clinics = {judge.clinic.id: judge.clinic for judge in judges.values() if judge}
        return tasks(self.verdicts, clinics)

    def item_id(self, file: Path, judgement: Judgement) -> str:
        """The node id of a judgement's item."""
        return "::".join((self.run.node_id(file), *item_names(judgement)))
