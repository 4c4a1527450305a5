"""A shorter way through pytest's protocol, for items that need no more.

Most items of a run have nothing to set up, print nothing and pass. pytest's own protocol captures
output, handles logging and looks for fixtures three times for each of them, which takes most of the
time of a large run. Here the same three reports are made directly, where nobody could tell: of an
item that passes or is skipped, in a run that has no other tests and none but the built-in checks
(which print nothing), and where nobody but pytest itself takes part in how items are run. Every
other item goes pytest's way.

Left out on the short way: PYTEST_CURRENT_TEST is not set, and what other threads raise meanwhile is
told a little later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Literal

import pytest

from pytest_videolink.checks.rule import Check, is_ours
from pytest_videolink.judging.judge import State
from pytest_videolink.session.nodes import CheckItem, JudgedItem

_HOOKS = (
    "pytest_runtest_protocol",
    "pytest_runtest_setup",
    "pytest_runtest_call",
    "pytest_runtest_teardown",
    "pytest_runtest_makereport",
)

_KNOWN = frozenset(
    {
        "assertion",
        "capturemanager",
        "faulthandler",
        "logging-plugin",
        "runner",
        "skipping",
        "threadexception",
        "tmpdir",
        "unittest",
        "unraisableexception",
        "videolink-lean",
        "videolink-reporting",
        "warnings",
    }
)
"""Plugins that take part in how items are run, but have nothing to do for one that is quiet."""

_OPTIONS = ("setupshow", "setuponly", "usepdb", "trace", "runxfail")

_SKIPPED = (State.BLOCKED, State.UNRECORDED, State.PENDING)


class LeanLoop:
    """The running of items; registered only in a run that asks for clinics."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self._is_open = None if all(is_ours(check.id) for check in checks) else False
        """Whether this run may take the short way; else known when its first item is run."""
        self._left: list[object] = []
        """What pytest has set up for an item that took its own way, and not yet taken down."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        if self._is_open is None:
            self._is_open = _may_be_short(item.session)
        if (
            self._is_open
            and isinstance(item, JudgedItem)
            and _is_quiet(item)
            # Else pytest has something to take down after this item, and does so in its own way.
            and _shared(self._left, nextitem) == self._left
        ):
            _run(item)
            return True
        self._left = _shared(item.listchain(), nextitem)
        return None


def _shared(nodes: Sequence[object], nextitem: pytest.Item | None) -> list[object]:
    chain = nextitem.listchain() if nodes and nextitem is not None else ()
    return [node for node in nodes if node in chain]


def _may_be_short(session: pytest.Session) -> bool:
    """Whether all items are clinics' and nobody expects all of pytest's own way for them."""
    if not all(isinstance(item, CheckItem) for item in session.items):
        return False
    config = session.config
    if any(config.getoption(option, False) for option in _OPTIONS):
        return False
    return all(
        implementation.plugin_name in _KNOWN
        for hook in _HOOKS
        for implementation in getattr(config.hook, hook).get_hookimpls()
    )


def _is_quiet(item: JudgedItem) -> bool:
    """Whether an item passes or is skipped, and nobody has marked it."""
    judgement = item.judgement
    return (judgement.state is State.PASSED or judgement.state in _SKIPPED) and all(
        mark.name == "videolink" for mark in item.iter_markers()
    )


def _run(item: JudgedItem) -> None:
    """What pytest's own protocol comes down to for a quiet item: three reports."""
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    done = pytest.CallInfo.from_call(item.setup, when="setup")
    setup = pytest.TestReport.from_item_and_call(item, done)
    call, teardown = _next(setup, "call"), _next(setup, "teardown")
    if item.judgement.state is not State.PASSED:
        call.outcome = "skipped"
        call.longrepr = item.skip_of(f"Skipped: {item.judgement.reason}")
    for report in (setup, call, teardown):
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _next(setup: pytest.TestReport, when: Literal["call", "teardown"]) -> pytest.TestReport:
    """The report of a step in which nothing was left to do."""
    report = copy(setup)
    report.when, report.start, report.duration = when, setup.stop, 0.0
    report.sections, report.user_properties = [], [*setup.user_properties]
    return report
