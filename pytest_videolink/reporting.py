"""The run as a whole: its exit code, and the section that closes it."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from pytest_videolink.nodes import CheckItem
from pytest_videolink.run import Run
from pytest_videolink.text import plural

NOT_CHECKED = (
    "Not checked: whether a link reaches the patient (reminders, contact data), and whether the"
    " record is still what the Dashboard says."
)


class Reporting:
    """The reporting hooks; registered only in a run that asks for clinics."""

    def __init__(self, run: Run, shard: str) -> None:
        self._run = run
        self._shard = shard
        self._items: dict[str, dict[str, object]] = {}

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

    @property
    def _blocked(self) -> list[dict[str, object]]:
        return [item for item in self._items.values() if item["outcome"] == "blocked"]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and self._blocked:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self._empty_part:
            session.exitstatus = pytest.ExitCode.OK

    @property
    def _empty_part(self) -> bool:
        return bool(self._shard) and not self._run.files

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        lines = list(self._closing())
        if lines and terminalreporter.config.get_verbosity() >= -1:
            terminalreporter.section("videolink")
            for line in lines:
                terminalreporter.write_line(line)

    def _closing(self) -> Iterator[str]:
        if self._empty_part:
            yield f"Part {self._shard} holds no clinic: there is nothing to check in it."
            return
        if not self._items:
            yield "Nothing was checked: no check of the selected clinics was run."
            return
        wrong = [item for item in self._items.values() if item["outcome"] in ("failed", "warning")]
        for item in wrong:
            yield f"{item['check']} {item['clinic']}: {item['finding']}"
        failed = any(item["outcome"] == "failed" for item in wrong)
        if self._blocked and not failed:
            yield (
                f"{plural(len(self._blocked), 'check')} could not be answered, so the run fails:"
                " another check, which was not selected, fails"
            )
            for item in self._blocked:
                yield f"{item['check']} {item['clinic']}, {item['subject']}: {item['finding']}"
        yield NOT_CHECKED
