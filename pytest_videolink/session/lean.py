"""A shorter way through pytest's protocol, for items that need no more.

The items of a run have nothing to set up and print nothing. pytest's own protocol captures output,
handles logging and looks for fixtures three times for each of them, which takes most of the time of
a large run. Here the same three reports are made directly, where nobody could tell: of an item that
nobody has marked, neither waived nor known before, in a run that has no other tests and none but
the built-in checks, and where nobody but pytest itself takes part in how items are run. Every other
item goes pytest's way.

Left out on the short way: PYTEST_CURRENT_TEST is not set, and what other threads raise meanwhile is
told a little later.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Sequence
from contextlib import nullcontext
from typing import Any, Literal, cast

import pytest

from pytest_videolink.checks.rule import is_ours
from pytest_videolink.judging.judge import State
from pytest_videolink.session import collector
from pytest_videolink.session.nodes import CheckItem, JudgedItem
from pytest_videolink.session.run import Run

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
        "videolink-ending",
        "videolink-lean",
        "warnings",
    }
)
"""Plugins that take part in how items are run, but have nothing to do for ours."""

_OPTIONS = ("setupshow", "setuponly", "usepdb", "trace", "runxfail")


_IDLE = ("assertion", "faulthandler", "unittest", "warnings")
"""Those that wrap the whole of an item's protocol; the last has to do where an item warns."""

_WRONG = (State.FAILED, State.WARNED)

_BATCH = 500
"""After how many items what is left of them is set aside from garbage collection as well."""

_STOPS = (pytest.exit.Exception, KeyboardInterrupt)
"""What ends the run, and is no outcome of an item."""

_HEARD = (
    "pytest_runtest_logstart",
    "pytest_runtest_logreport",
    "pytest_runtest_logfinish",
    "pytest_runtestloop",
)
_HEARD_LAST = ("pytest_sessionfinish", "pytest_unconfigure")


class LeanLoop:
    """The running of items; registered only in a run that asks for clinics."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._is_open = None if all(is_ours(check.id) for check in run.checks) else False
        """Whether this run may take the short way; else known when its first item is run."""
        self._left: list[object] = []
        """What pytest has set up for an item that took its own way, and not yet taken down."""
        self._is_frozen = False
        """Whether the collector passes over what this run has collected."""
        self._known: pytest.Item | None = None
        """The item at hand, where it is known to take the short way."""
        self._stats: dict[str, list[Any]] = {}
        """Where the terminal keeps reports that nobody asks for any more, if it does."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> Generator[None, object, object]:
        """Have the garbage collector wait meanwhile, and then pass over all that was collected.

        What it finds is told when pytest itself looks for it, at the end.
        """
        waits = self._is_open is None and gc.isenabled() and collector.is_nobodys()
        with collector.at_rest() if waits else nullcontext():
            done = yield
            self._is_frozen = waits and collector.is_nobodys() and self._opens(session)
            if self._is_frozen:
                gc.freeze()
            return done

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Have the garbage collector as it was, with nothing left of ours that nobody looks at.

        Pytest and Python call it four times before the process ends, each time for all there is.
        """
        if self._is_frozen:
            self._is_frozen = False
            gc.unfreeze()
        # Whoever runs pytest within a program sees its items only through plugins.
        is_looked_at = config.invocation_params.plugins or not self._is_open
        if not is_looked_at and _is_heard_by_pytest_alone(config, _HEARD_LAST):
            session = config.pluginmanager.get_plugin("session")
            assert isinstance(session, pytest.Session)
            self._known = None
            self._stats.clear()
            for item in session.items:
                # Each refers to itself by way of its file and its subject.
                for node in (cast(CheckItem, item).file, item.parent, item):
                    vars(node).clear()
            session.items.clear()
            self._run.let_go()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """pytest's own loop, with a call of the hook that passes over who is idle.

        xdist has loops of its own, which come to the hook below as pytest's does.
        """
        if session.testsfailed or session.config.option.collectonly or not self._opens(session):
            return None
        if not _is_heard_by_pytest_alone(session.config, _HEARD):
            return None
        config = session.config
        whole = config.hook.pytest_runtest_protocol
        short, warning = _protocol(config, _IDLE), _protocol(config, _IDLE[:-1])
        for index, item in enumerate(session.items):
            following = session.items[index + 1 : index + 2]
            nextitem = following[0] if following else None
            protocol, self._known = whole, None
            if self._is_short(item, nextitem):
                state = cast(JudgedItem, item).judgement.state
                protocol, self._known = warning if state is State.WARNED else short, item
            protocol(item=item, nextitem=nextitem)
            if self._is_frozen and (index % _BATCH == 0 or nextitem is None):
                gc.collect(1)
                gc.freeze()
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        if item is self._known or (self._opens(item.session) and self._is_short(item, nextitem)):
            mine = cast(JudgedItem, item)
            _run(mine, self._stats.get("", []))
            if not isinstance(nextitem, CheckItem) or nextitem.file is not mine.file:
                mine.file.teardown()
            return True
        self._left = _shared(item.listchain(), nextitem)
        return None

    def _opens(self, session: pytest.Session) -> bool:
        if self._is_open is None:
            self._is_open = _may_be_short(session)
            terminal = session.config.pluginmanager.get_plugin("terminalreporter")
            if isinstance(terminal, pytest.TerminalReporter):
                is_asked = session.config.getoption("durations", None) is not None
                self._stats = {} if is_asked else cast(Any, terminal.stats)
        return self._is_open

    def _is_short(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        return (
            isinstance(item, JudgedItem)
            and _is_plain(item)
            # Else pytest has something to take down after this item, and does so in its own way.
            and (not self._left or _shared(self._left, nextitem) == self._left)
        )


def _is_heard_by_pytest_alone(config: pytest.Config, hooks: Iterable[str]) -> bool:
    """Whether nobody else takes part in some hooks, and may warn or look at what there is."""
    return all(
        _is_pytests(each.plugin)
        for hook in hooks
        for each in getattr(config.hook, hook).get_hookimpls()
    )


def _is_pytests(plugin: object) -> bool:
    """Whether a plugin is one of pytest's own or of ours."""
    module = getattr(plugin, "__name__", type(plugin).__module__)
    return str(module).partition(".")[0] in ("_pytest", "pytest_videolink")


def _protocol(config: pytest.Config, idle: Iterable[str]) -> Any:
    """The hook that runs an item, without those that have nothing to do for it."""
    manager = config.pluginmanager
    found = {name: manager.get_plugin(name) for name in idle}
    if found["faulthandler"] is not None and config.getini("faulthandler_timeout"):
        found["faulthandler"] = None  # it may have to tell where an item hangs
    left_out = [plugin for plugin in found.values() if plugin is not None]
    return manager.subset_hook_caller("pytest_runtest_protocol", left_out)


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


def _is_plain(item: JudgedItem) -> bool:
    """Whether nobody has marked an item or will, and its check could answer."""
    judgement = item.judgement
    return (
        judgement.waiver is None
        and judgement.raised is None
        and not (judgement.state in _WRONG and item.known)
        and all(mark.name == "videolink" for mark in item.iter_markers())
    )


def _run(item: JudgedItem, kept: list[Any]) -> None:
    """What pytest's own protocol comes down to for a plain item: three reports, of a skip two.

    Those of its set-up and its tear-down are taken back from what the terminal has ``kept``: they
    are most of what a large run keeps, and each failure would search all of them for output.
    """
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    done = pytest.CallInfo.from_call(item.prepare, when="setup", reraise=_STOPS)
    setup = pytest.TestReport.from_item_and_call(item, done)
    call, teardown = _next(setup, "call"), _next(setup, "teardown")
    judgement = item.judgement
    if judgement.state.is_skip:
        setup.outcome = "skipped"
        setup.longrepr = item.skip_of(f"Skipped: {judgement.reason}")
    hook.pytest_runtest_logreport(report=setup)
    if judgement.state in _WRONG:
        done = pytest.CallInfo.from_call(item.runtest, when="call", reraise=_STOPS)
        call = pytest.TestReport.from_item_and_call(item, done)
    if not judgement.state.is_skip:
        hook.pytest_runtest_logreport(report=call)
    if done.excinfo is not None:
        hook.pytest_exception_interact(node=item, call=done, report=call)
    hook.pytest_runtest_logreport(report=teardown)
    for report in (teardown, setup):
        if kept and kept[-1] is report:
            kept.pop()
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _next(setup: pytest.TestReport, when: Literal["call", "teardown"]) -> pytest.TestReport:
    """The report of a step in which nothing was left to do."""
    report = object.__new__(pytest.TestReport)
    vars(report).update(vars(setup))
    report.when, report.start, report.duration = when, setup.stop, 0.0
    report.sections, report.user_properties = [], [*setup.user_properties]
    return report
