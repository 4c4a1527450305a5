"""The run as a whole: its exit code, and the section that closes it."""

from __future__ import annotations

import textwrap
from collections.abc import Generator, Iterator, Sequence
from functools import cached_property
from typing import Any

import pytest

from pytest_videolink.digest import Digest
from pytest_videolink.nodes import CheckItem
from pytest_videolink.reports.closing import Closing, unanswered
from pytest_videolink.reports.files import ReportFile
from pytest_videolink.reports.text import WIDTH
from pytest_videolink.run import Run
from pytest_videolink.text import printable

WORKER_FAULT = "videolink_fault"


class Reporting:
    """The reporting hooks; registered only in a run that asks for clinics."""

    def __init__(self, run: Run, shard: str | None, files: Sequence[ReportFile]) -> None:
        self._run = run
        self._shard = shard
        self._files = files
        self._written: list[str] = []
        self._failed: list[str] = []
        self._fault = ("", 0)
        self._stopped = False
        self._items: dict[str, dict[str, Any]] = {}
        self._tested = False
        """Whether an ordinary test was given a clinic."""

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
        elif report.when == "call" and "clinic" in properties:
            self._tested = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(
        self, report: pytest.CollectReport | pytest.TestReport
    ) -> tuple[None, str, str] | None:
        """An item's set-up and tear-down that passed are filed apart from those of other tests.

        Under pytest's own name for them, its summary would search all of them for output once for
        each failure: minutes in a run of a large fleet. What did print something stays there.
        """
        if not isinstance(report, pytest.TestReport):  # of a collector that failed
            return None
        silent = report.when in ("setup", "teardown") and report.passed and not report.sections
        is_ours = any(name == "documentation" for name, _ in report.user_properties)
        return (None, "", "") if silent and is_ours else None

    @property
    def _blocked(self) -> list[dict[str, Any]]:
        return [item for item in self._items.values() if item["outcome"] == "blocked"]

    @cached_property
    def _digest(self) -> Digest:
        """What the run has come to; asked for at its end."""
        return Digest(self._run, self._items.keys())

    @property
    def _idle(self) -> bool:
        """Whether nothing was checked of any clinic."""
        return not (self._items or self._tested)

    @property
    def _empty_part(self) -> bool:
        return self._shard is not None and not self._run.files

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist has ended, and may have found why the run cannot be trusted."""
        self._fault = getattr(node, "workeroutput", {}).get(WORKER_FAULT, self._fault)

    def pytest_keyboard_interrupt(self) -> None:
        """Somebody has stopped the run: by the keyboard, or by pytest.exit() with any exit code."""
        self._stopped = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and self._blocked:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        collect_only = session.config.option.collectonly
        # Ordinary tests may have passed, or items have been set up only.
        if session.exitstatus == pytest.ExitCode.OK and self._idle and not collect_only:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self._empty_part:
            session.exitstatus = pytest.ExitCode.OK
        fault, code = self._fault
        if fault:
            session.exitstatus = code
        if self._files and not session.config.option.collectonly:
            self._write(fault or self._partial(session))
        if session.exitstatus == pytest.ExitCode.OK and self._failed:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR

    def _partial(self, session: pytest.Session) -> str:
        """Why not all of the selected items were run, or nothing."""
        if session.exitstatus == pytest.ExitCode.INTERNAL_ERROR:
            return "pytest itself failed before the run was over."
        stopped = self._stopped or session.shouldfail or session.shouldstop
        if stopped or session.exitstatus == pytest.ExitCode.INTERRUPTED:
            return "The run was stopped before all of it was checked."
        return ""

    def _write(self, partial: str) -> None:
        report = self._digest.report(partial)
        for file in self._files:
            try:
                file.write(report)
                self._written.append(f"Report: {printable(file.given)}")
            except OSError as error:
                why = error.strerror or type(error).__name__
                self._failed.append(f"{printable(file.given)} could not be written: {why}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        config = terminalreporter.config
        verbosity = config.get_verbosity()
        if config.option.collectonly:
            return
        told = (*self._closing(brief=verbosity < 0), *self._written)
        lines = [*told] if verbosity >= -1 else []
        lines += self._unexpected()
        if lines:
            terminalreporter.write_sep("=", "videolink")
            for line in lines:
                terminalreporter.write_line(line)

    def _closing(self, *, brief: bool) -> Iterator[str]:
        if self._items:
            yield from Closing(self._digest.verdicts, self._digest.tasks).lines(brief=brief)
        elif self._empty_part:
            yield f"Part {self._shard} holds no clinic: there is nothing to check in it."

    def _unexpected(self) -> Iterator[str]:
        """Why the run fails though no check that was run has failed."""
        for fault in (self._fault[0], *self._failed):
            if fault:
                yield from textwrap.wrap(f"ERROR: {fault}", WIDTH)
        if self._idle and not self._empty_part:
            yield "Nothing was checked: no check of the selected clinics was run."
        if self._blocked and not any(each["outcome"] == "failed" for each in self._items.values()):
            yield from unanswered(self._blocked)
