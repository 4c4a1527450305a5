"""What a run has come to, told once, as one plain :class:`Report`.

Worked out from judgements alone; of pytest's reports it takes only which items were run. So it is
the same with and without workers, and in whatever order the items were run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from datetime import timedelta
from enum import Flag, auto
from importlib.metadata import version
from itertools import compress
from pathlib import Path
from typing import Any

from pytest_videolink.checks import catalogue
from pytest_videolink.checks.builtin import VALID_DOCUMENT
from pytest_videolink.judging import verdict
from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.record.clinic import (
    AppointmentType,
    Clinic,
    Pair,
    Practitioner,
)
from pytest_videolink.record.text import clean
from pytest_videolink.reports.exit import ExitReport, TermsReport
from pytest_videolink.reports.explained import placed_at
from pytest_videolink.reports.nights import PartReport
from pytest_videolink.reports.report import (
    AnswerReport,
    CellReport,
    CheckReport,
    ClinicReport,
    ItemReport,
    Report,
    RowReport,
    TypeReport,
    WaiverReport,
)
from pytest_videolink.reports.words import FINDINGS, NOT_RUN, Outcome
from pytest_videolink.session.asked import Asked, answers, is_explained
from pytest_videolink.session.before import parts, reason
from pytest_videolink.session.counted import check_report, table_report, tally
from pytest_videolink.session.jobs import Jobs
from pytest_videolink.session.judged import Judged, about
from pytest_videolink.session.lapses import lapses
from pytest_videolink.session.run import Run, item_names

NEW_TO_LF = "--lf knows nothing of this file, which is new or has another name than before"


class Depth(Flag):
    """How much of a run is told, besides what came of each clinic."""

    VERDICTS = 0
    CLOSING = auto()
    """What the closing section is made of: matrices, tables, the work list."""
    ITEMS = auto()
    """What two runs are compared by: the catalogue, and the items that were run."""
    TEXTS = auto()
    """What is long: steps, texts and places."""
    WHOLE = CLOSING | ITEMS | TEXTS


class Telling:
    """Tells of a run in which the items of these node ids were run.

    ``new_to_lf`` are the clinic files, by id, that ``--lf`` knows nothing of and so passes over;
    ``known`` are the items that fail and were known to the earlier report.
    """

    def __init__(
        self,
        run: Run,
        ran: Set[str],
        depth: Depth,
        new_to_lf: Set[str] = frozenset(),
        known: Set[str] = frozenset(),
    ) -> None:
        self._known = known
        self._run = run
        self._new_to_lf = new_to_lf
        self._asked = Asked(run.appointments)
        self._is_whole = Depth.WHOLE in depth
        self._has_items = Depth.ITEMS in depth
        self._has_work = Depth.CLOSING in depth
        self._judged = Judged(run, ran)
        self._jobs = Jobs(self._judged, self._asked, is_whole=self._is_whole)

    def report(self, partial: str, exit: ExitReport, **asked: Any) -> Report:
        """All that is asked for; ``partial`` says why the run is not whole.

        ``asked`` is what was asked of it: source, ids and part.
        """
        run, terms = self._run, self._run.terms
        return Report(
            version=version("pytest-videolink") if self._has_items else "",
            checked_as_of=terms.now.isoformat(timespec="seconds"),
            partial=partial,
            terms=TermsReport(
                sync_window=int(terms.sync_window / timedelta(minutes=1)),
                max_age=terms.max_age.days,
                waivers=terms.honour_waivers,
                soon=run.soon.days,
            ),
            **asked,
            exit=exit,
            checks=tuple(self._catalogue()),
            clinics=tuple(map(self._clinic, self._judged.files)),
            answers=tuple(self._answers()),
            work=tuple(self._jobs.listed()) if self._has_work else (),
            lapses=lapses(self._judged.of, terms, run.soon, run.checks),
        )

    def _catalogue(self) -> Iterator[CheckReport]:
        checks = self._run.checks
        for check in checks if self._has_items else ():
            yield check_report(check, catalogue.page(check, checks) if self._is_whole else "")

    # A clinic

    def _clinic(self, file: Path) -> ClinicReport:
        judge = self._run.judge(file)
        place: dict[str, Any] = self._run.named(file, is_whole=self._is_whole)
        if judge is None:
            id = self._judged.id(file)
            return ClinicReport(
                id=id,
                name=id,
                **place,
                verdict=verdict.Readiness.UNKNOWN.value,
                why=self._run.unreadable_reason(file),
                items=tuple(self._unreadable(file)) if self._has_items else (),
            )
        clinic, judgements = judge.clinic, self._judged.of[judge.clinic]
        names = ["::".join(item_names(each)) for each in judgements]
        above = f"{place['node']}::"
        ran = [above + name in self._judged.ran for name in names]
        readiness, why = verdict.readiness(judgements, complete=all(ran))
        if not any(ran) and why == verdict.ONLY_A_PART:
            why = f"{NOT_RUN}: {NEW_TO_LF}" if place["node"] in self._new_to_lf else NOT_RUN
        said: dict[str, Any] = {}
        if self._has_work:
            said["matrix"] = tuple(self._matrix(clinic, judgements))
        if self._has_items:
            found = compress(zip(names, judgements, strict=True), ran)
            said |= self._all_of(clinic, above, found)
        if said:
            said["tally"] = tally(judgements, ran)
            said["tables"] = tuple(map(table_report, clinic.tables))
        self._run.record(file).forget_positions()
        return ClinicReport(
            id=clinic.id,
            name=clinic.name,
            **place,
            verdict=readiness.value,
            why=why,
            types=tuple(TypeReport(type.id, type.name) for type in clinic.video_types),
            **said,
            is_complete=all(ran),
        )

    def _all_of(
        self, clinic: Clinic, above: str, ran: Iterable[tuple[str, Judgement]]
    ) -> dict[str, Any]:
        """A clinic's items that were run, by their names, and what its subjects are set to."""
        items: list[ItemReport] = []
        passed: list[str] = []
        for name, judgement in ran:
            if judgement.state is State.PASSED:
                passed.append(name)
            else:
                items.append(self._item(clinic, above + name, judgement))
        return {
            "items": tuple(items),
            "passed": tuple(passed),
            "zone": str(clinic.timezone),
            "as_of": clinic.as_of.isoformat() if clinic.as_of else "",
            "subjects": self._run.before.subjects(clinic),
        }

    def _matrix(self, clinic: Clinic, judgements: Iterable[Judgement]) -> Iterator[RowReport]:
        rows: dict[Practitioner, dict[AppointmentType, CellReport]] = defaultdict(dict)
        for link in verdict.links(judgements):
            pair = link.subject
            assert isinstance(pair, Pair)
            rows[pair.practitioner][pair.type] = self._cell(clinic, link)
        for who, cells in rows.items():
            yield RowReport(who.id, who.name, tuple(map(cells.get, clinic.video_types)))

    def _cell(self, clinic: Clinic, link: Judgement) -> CellReport:
        first = verdict.cause(link)
        recorded: dict[str, Any] = {
            "cause": first.check.id if first else "",
            "waived": link.excused,
        }
        if not self._judged.has_run(clinic, link):
            return CellReport(state="unknown", why="was not checked in this run", **recorded)
        if first is None:
            return CellReport(state="link")
        is_open = verdict.is_unrecorded(first) or first.check.id in verdict.UNCERTAIN
        return CellReport(
            state="waived" if link.excused else "unknown" if is_open else "no link",
            check=first.check.id,
            item="".join(self._judged.that_ran([self._judged.item_id(clinic, first)])),
            why=first.reason,
            **recorded,
        )

    def _unreadable(self, file: Path) -> Iterator[ItemReport]:
        check, run = VALID_DOCUMENT, self._run
        for id in self._judged.that_ran([f"{run.node_id(file)}::{check.name}"]):
            said: dict[str, Any] = {}
            if self._is_whole:
                position = run.record(file).problems[0].position
                explained = run.explained_unreadable(file, [check.name])
                said = {**placed_at(position), "explained": explained}
            clinic = clean(run.record(file).id)
            yield ItemReport(
                id=id,
                **about(check, clinic, clinic),
                scope=check.scope,
                severity=check.severity,
                outcome="failed",
                summary=run.unreadable_reason(file),
                reason="wrong",
                **said,
            )

    def _item(self, clinic: Clinic, id: str, judgement: Judgement) -> ItemReport:
        check, subject, waiver = judgement.check, judgement.subject, judgement.waiver
        outcome: Outcome = judgement.state.value
        found: dict[str, Any] = {}
        if outcome in FINDINGS:
            found = {
                "reason": reason(judgement),
                "parts": tuple(PartReport(*part) for part in parts(judgement).items()),
                "partly": judgement.partly,
                "known": id in self._known,
            }
            if self._is_whole:
                explained, placed = self._judged.explained(clinic, judgement)
                found |= {**placed, "explained": explained}
        if waiver:
            found["waiver"] = WaiverReport(
                until=waiver.until.isoformat(),
                owner=clean(waiver.owner),
                reason=clean(waiver.reason),
            )
        return ItemReport(
            id=id,
            **about(check, subject.id, subject.name) | {"who": judgement.who},
            scope=check.scope,
            severity=check.severity,
            outcome=outcome,
            summary=judgement.reason,
            **found,
        )

    # The appointments that are asked for

    def _answers(self) -> Iterator[AnswerReport]:
        for clinic, judgements in self._judged.of.items() if self._asked else ():
            for judgement in judgements:
                ids = self._asked.told_of(judgement, clinic, self._judged.of)
                if ids and self._judged.has_run(clinic, judgement):
                    has_more = is_explained(judgement)
                    explained = self._judged.explained(clinic, judgement)[0] if has_more else None
                    yield from answers(clinic, judgement, ids, explained)
