"""The run as a whole: its exit code, and the section that closes it."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from pytest_videolink.nodes import CheckItem
from pytest_videolink.reports.closing import Closing, unanswered
from pytest_videolink.reports.text import WIDTH
from pytest_videolink.run import Run
from pytest_videolink.text import clean
from pytest_videolink.verdict import ClinicVerdict, judge_clinic, tasks, unreadable

WORKER_FAULT = "videolink_fault"


class Reporting:
    """The reporting hooks; registered only in a run that asks for clinics."""

    def __init__(self, run: Run, shard: str | None) -> None:
        self._run = run
        self._shard = shard
        self._fault = ("", 0)
        self._items: dict[str, dict[str, Any]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A skip stands where its setting is recorded, not in our code."""
        report = yield
        if isinstance(item, CheckItem) and report.skipped and isinstance(report.longrepr, tuple):
            report.longrepr = (str(item.path), item.line, report.longrepr[2])
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # From reports, not from items: with xdist the items are in other processes.
        properties = dict(report.user_properties)
        if report.when == "call" and "outcome" in properties:
            self._items[report.nodeid] = properties

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[None, str, str] | None:
        """An item's set-up and tear-down that passed are filed apart from those of other tests.

        Under pytest's own name for them, its summary would search all of them for output once for
        each failure: minutes in a run of a large fleet. What did print something stays there.
        """
        silent = report.when in ("setup", "teardown") and report.passed and not report.sections
        is_ours = any(name == "documentation" for name, _ in report.user_properties)
        return (None, "", "") if silent and is_ours else None

    @property
    def _blocked(self) -> list[dict[str, Any]]:
        return [item for item in self._items.values() if item["outcome"] == "blocked"]

    @property
    def _empty_part(self) -> bool:
        return self._shard is not None and not self._run.files

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist has ended, and may have found why the run cannot be trusted."""
        self._fault = getattr(node, "workeroutput", {}).get(WORKER_FAULT, self._fault)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and self._blocked:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        # Ordinary tests may have passed, or items have been set up only.
        idle = not self._items and not session.config.option.collectonly
        if session.exitstatus == pytest.ExitCode.OK and idle:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self._empty_part:
            session.exitstatus = pytest.ExitCode.OK
        fault, code = self._fault
        if fault:
            session.exitstatus = code

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        config = terminalreporter.config
        verbosity = config.get_verbosity()
        if config.option.collectonly:
            return
        lines = [*self._closing(brief=verbosity < 0)] if verbosity >= -1 else []
        lines += self._unexpected()
        if lines:
            terminalreporter.write_sep("=", "videolink")
            for line in lines:
                terminalreporter.write_line(line)

    def _closing(self, *, brief: bool) -> Iterator[str]:
        if self._items:
            verdicts, clinics = self._verdicts()
            yield from Closing(verdicts, tasks(verdicts, clinics)).lines(brief=brief)
        elif self._empty_part:
            yield f"Part {self._shard} holds no clinic: there is nothing to check in it."

    def _unexpected(self) -> Iterator[str]:
        """Why the run fails though no check that was run has failed."""
        fault, _ = self._fault
        if fault:
            yield from textwrap.wrap(f"ERROR: {fault}", WIDTH)
        if not self._items and not self._empty_part:
            yield "Nothing was checked: no check of the selected clinics was run."
        if self._blocked and not any(each["outcome"] == "failed" for each in self._items.values()):
            yield from unanswered(self._blocked)

    def _verdicts(self) -> tuple[list[ClinicVerdict], dict[str, Any]]:
        """A verdict for every selected clinic, and the clinics that could be read by id."""
        run_of: dict[str, int] = defaultdict(int)
        for item in self._items.values():
            run_of[item["clinic"]] += 1
        verdicts, clinics = [], {}
        for file in self._run.files:
            judge, record = self._run.judge(file), self._run.record(file)
            if judge is None:
                verdicts.append(unreadable(clean(record.id), self._run.unreadable_reason(file)))
                continue
            expected = sum(1 for _ in judge.judgements())
            complete = run_of[record.id] == expected
            verdicts.append(judge_clinic(judge, complete=complete))
            clinics[record.id] = judge.clinic
        return sorted(verdicts, key=lambda verdict: verdict.id), clinics
