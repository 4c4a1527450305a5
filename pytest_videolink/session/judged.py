"""What was judged in a run, clinic by clinic, and how its items and files are named.

Whoever tells of a run stands on it: what is said of the clinics, and the work list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from pathlib import Path
from typing import Any

from pytest_videolink.checks.rule import Check
from pytest_videolink.judging.judge import Judgement
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.text import clean
from pytest_videolink.reports.explained import placed_at
from pytest_videolink.reports.report import Explained
from pytest_videolink.session.run import Run, item_names


class Judged:
    """The clinics of a run in which the items of these node ids were run.

    ``of`` has the judgements on each clinic whose record can be read, ``file_of`` its file;
    ``unread`` are the files of the others.
    """

    def __init__(self, run: Run, ran: Set[str]) -> None:
        self.run = run
        self.ran = ran
        self.files = sorted(run.files, key=self.id)
        self.unread = [file for file in self.files if run.judge(file) is None]
        self.file_of: dict[Clinic, Path] = {}
        self.of: dict[Clinic, Sequence[Judgement]] = {}
        for file in self.files:
            judge = run.judge(file)
            if judge is not None:
                self.file_of[judge.clinic] = file
                self.of[judge.clinic] = tuple(judge.judgements())
        self._explained: dict[str, tuple[Explained, dict[str, Any]]] = {}

    def id(self, file: Path) -> str:
        """What a file's clinic is called, also where its record cannot be read."""
        judge = self.run.judge(file)
        return judge.clinic.id if judge else clean(self.run.record(file).id)

    def item_id(self, clinic: Clinic, judgement: Judgement) -> str:
        """The node id of the item of a judgement on a clinic."""
        return "::".join((self.run.node_id(self.file_of[clinic]), *item_names(judgement)))

    def has_run(self, clinic: Clinic, judgement: Judgement) -> bool:
        return self.item_id(clinic, judgement) in self.ran

    def that_ran(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(id for id in ids if id in self.ran)

    def explained(self, clinic: Clinic, judgement: Judgement) -> tuple[Explained, dict[str, Any]]:
        """All there is to say about a judgement, and the place that it is about."""
        id = self.item_id(clinic, judgement)
        if id not in self._explained:
            file = self.file_of[clinic]
            explained = self.run.explained(file, judgement, item_names(judgement))
            document = self.run.record(file).document
            if explained.evidence:
                placed = placed_at(explained.evidence[0].places[0], document)
            else:  # the check itself could not answer
                placed = placed_at(document.find(judgement.subject.path).position, document)
            self._explained[id] = explained, placed
        return self._explained[id]


def about(check: Check, subject: str, name: str) -> dict[str, Any]:
    """What items and jobs tell of a check and its subject, by id and by name."""
    return {"check": check.id, "who": check.who, "subject": clean(subject), "name": clean(name)}
