"""How a run ends: its exit code, the section that closes it, and its reports."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterator, Sequence, Set
from dataclasses import field
from typing import TYPE_CHECKING, Any, cast

import pytest

from pytest_videolink.judging.judge import State
from pytest_videolink.record.plain import dataclass
from pytest_videolink.reports.closing import Line, section, unexpected
from pytest_videolink.reports.exit import UNTOLD, ExitReport, TakenReport, UnansweredReport
from pytest_videolink.reports.report import Report
from pytest_videolink.session.collector import at_rest
from pytest_videolink.session.nodes import CheckItem, ConfigurationWarning
from pytest_videolink.session.part import Part
from pytest_videolink.session.run import Run
from pytest_videolink.session.telling import Depth, Telling
from pytest_videolink.session.terminal import width, write_section
from pytest_videolink.session.twice import refer

if TYPE_CHECKING:
    from pytest_videolink.reports.files import ReportFile

WORKER_FAULT = "videolink_fault"

_SKIPPED = {"excused", *(state.value for state in State if state.is_skip)}
"""The outcomes that an item comes to while it is set up."""


@dataclass(slots=True)
class _Ran:
    """What came of the items that were run, as they were reported, by node id."""

    ids: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    """Those that were known to the earlier report, and fail no run."""
    blocked: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the reports of blocked items say."""
    hidden: set[str] = field(default_factory=set)
    """Items that fail and were reported as something else."""
    any_failed: bool = False
    strict: int = 0
    """How many findings of warnings were made failures."""
    tested: bool = False
    """Whether an ordinary test was given a clinic."""

    def add(self, report: pytest.TestReport) -> None:
        properties: dict[str, Any] = dict(report.user_properties)
        outcome = properties.get("outcome")
        is_skip = report.when == "setup" and report.skipped and outcome in _SKIPPED
        if report.when != "call" and not is_skip:
            return
        if outcome is None:
            self.tested |= "clinic" in properties
            return
        self.ids.add(report.nodeid)
        self.any_failed |= outcome == "failed"
        self.strict += outcome == "warning" and report.failed
        if outcome == "known":
            self.known.add(report.nodeid)
        if outcome == "blocked":
            self.blocked[report.nodeid] = properties
        is_hidden = outcome == "failed" and not report.failed
        (self.hidden.add if is_hidden else self.hidden.discard)(report.nodeid)

    def unanswered(self) -> Iterator[UnansweredReport]:
        for id, said in sorted(self.blocked.items()):
            subject, finding = str(said["subject"]), str(said["finding"])
            yield UnansweredReport(
                id=id, check=said["check"], clinic=said["clinic"], subject=subject, finding=finding
            )


class Ending:
    """The hooks that follow a run to its end; registered only in one that asks for clinics."""

    def __init__(
        self, run: Run, asked: dict[str, Any], files: Sequence[ReportFile], part: Part
    ) -> None:
        self._run = run
        self._part = part
        self._asked = asked
        """What was asked of the run, as the report has it."""
        self._files = files
        self._selected: Sequence[str] = ()
        self._ran = _Ran()
        self._fault = ("", 0)
        self._stopped = False
        self._exit = UNTOLD
        self._partial = ""
        """Why not all of the selected items were run."""
        self._new_to_lf: Set[str] = frozenset()
        """The clinic files, by id, that ``--lf`` knows nothing of."""
        self._report: Report | None = None
        """The whole of the run, where it is written to files."""
        self._written: Sequence[tuple[str, str]] = ()
        """The files, each with why it could not be written, or nothing."""

    @pytest.hookimpl(wrapper=True, trylast=True)  # so that other plugins' wrappers see it, too
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if isinstance(item, CheckItem) and report.skipped and isinstance(report.longrepr, tuple):
            report.longrepr = item.skip_of(report.longrepr[2])
        return report

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if not hasattr(session.config, "workerinput"):
            self._selected = [each.nodeid for each in session.items if isinstance(each, CheckItem)]

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """With xdist its workers collect, all of them the same."""
        nodes = {self._run.node_id(file) for file in self._run.files}
        self._selected = [id for id in ids if id.partition("::")[0] in nodes]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # From reports, not from items: with xdist the items are in other processes.
        self._ran.add(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """A finding's warning is shown at its place in the record, and no line of that with it."""
        if warning_message.category is ConfigurationWarning:
            warning_message.filename = warning_message.filename.removeprefix("<").removesuffix(">")
            warning_message.line = ""

    @property
    def _empty_part(self) -> bool:
        # A worker is told nothing of what was asked, and may be given nothing to run.
        return bool(self._asked.get("part")) and not self._run.files

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist has ended, and may have found why the run cannot be trusted."""
        self._fault = getattr(node, "workeroutput", {}).get(WORKER_FAULT, self._fault)

    def pytest_keyboard_interrupt(self) -> None:
        """Somebody has stopped the run: by the keyboard, or by pytest.exit() with any exit code."""
        self._stopped = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Settle the exit code, which no other plugin may turn into 0 afterwards."""
        self._finish(session)
        code = session.exitstatus
        try:
            return (yield)
        finally:
            if session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = code

    def _finish(self, session: pytest.Session) -> None:
        ran, collect_only = self._ran, session.config.option.collectonly
        if session.exitstatus == pytest.ExitCode.OK and ran.blocked:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        # Ordinary tests may have passed, or items have been set up only.
        is_idle = not (ran.ids or ran.tested or collect_only)
        if session.exitstatus == pytest.ExitCode.OK and is_idle:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self._empty_part:
            session.exitstatus = pytest.ExitCode.OK
        taken: tuple[TakenReport, ...] = ()
        not_run: list[str] = []
        hidden: list[str] = []
        if not collect_only and session.exitstatus != pytest.ExitCode.USAGE_ERROR:
            taken = tuple(self._part.taken())
        if session.exitstatus == pytest.ExitCode.OK and not collect_only:
            not_run = sorted(id for id in self._selected if id not in ran.ids)
            hidden = sorted(ran.hidden)
            if not_run or hidden or taken:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        fault, code = self._fault
        if fault:
            session.exitstatus = code
        self._exit = ExitReport(
            code=int(session.exitstatus),
            fault=fault,
            unanswered=tuple(ran.unanswered()),
            strict=ran.strict,
            not_run=tuple(not_run),
            hidden=tuple(hidden),
            taken=taken,
            ran=bool(ran.ids),
            failed=ran.any_failed,
            tested=ran.tested,
            only_new=self._run.before.only_new,
        )
        self._partial = fault or _stopped(session, by_hand=self._stopped)
        self._new_to_lf = self._part.new_to_last_failed(session.config)
        if self._files and not collect_only:
            with at_rest():
                self._report = self._told(Depth.WHOLE)
                self._write(self._report)
        if session.exitstatus == pytest.ExitCode.OK and any(why for _, why in self._written):
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
        _set_apart(session.config)
        refer(session.config, self._run)

    def _told(self, depth: Depth) -> Report:
        then = self._run.before.then
        depth |= Depth.ITEMS if then else Depth.VERDICTS
        telling = Telling(self._run, self._ran.ids, depth, self._new_to_lf, self._ran.known)
        report = telling.report(self._partial, self._exit, **self._asked)
        if then is None and depth is not Depth.WHOLE:
            return report
        from pytest_videolink.reports.changes import compared, dated

        return dated(report) if then is None else compared(report, then)

    def _write(self, report: Report) -> None:
        from pytest_videolink.reports.files import write

        self._written = [*write(self._files, report)]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        config = terminalreporter.config
        if not config.option.collectonly:
            with at_rest():
                lines = self._section(config)
            write_section(terminalreporter, lines)

    def _section(self, config: pytest.Config) -> list[Line]:
        """The lines that close the run."""
        columns, brief = width(), config.get_verbosity() < 0
        lines: list[Line] = []
        if config.get_verbosity() >= -1:
            if not self._exit.is_idle or self._empty_part:
                is_short = brief or not self._ran.ids
                report = self._report or self._told(Depth.VERDICTS if is_short else Depth.CLOSING)
                lines += section(report, brief=brief, width=columns)
            lines += (Line(f"Report: {name}") for name, why in self._written if not why)
        lines += unexpected(
            self._exit,
            is_empty_part=self._empty_part,
            unwritten=[why for _, why in self._written if why],
            width=columns,
        )
        return lines


def _stopped(session: pytest.Session, *, by_hand: bool) -> str:
    """Why not all of the selected items were run, or nothing."""
    if session.exitstatus == pytest.ExitCode.INTERNAL_ERROR:
        return "pytest itself failed before the run was over."
    stopped = by_hand or session.shouldfail or session.shouldstop
    if stopped or session.exitstatus == pytest.ExitCode.INTERRUPTED:
        return "The run was stopped before all of it was checked."
    return ""


def _set_apart(config: pytest.Config) -> None:
    """Set the set-ups and tear-downs of items that passed in silence apart from those of others.

    pytest's summary would search all of them for output once for each failure: minutes in a run of
    a large fleet. Nothing else asks for them any more but ``--durations``, which still finds them.
    """
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if isinstance(terminal, pytest.TerminalReporter):
        stats: dict[Any, list[Any]] = cast(Any, terminal.stats)
        searched: list[pytest.TestReport] = []
        silent: list[pytest.TestReport] = []
        for report in stats.pop("", ()):
            is_ours = any(name == "documentation" for name, _ in report.user_properties)
            (silent if is_ours and not report.sections else searched).append(report)
        if searched:
            stats[""] = searched
        if silent and config.getoption("durations", None) is not None:
            stats[None] = silent  # under a name that no summary counts
