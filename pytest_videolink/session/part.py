"""Which part of the clinics' checks a run asks for, and what somebody else takes away from it.

Who asks for a part, by a node id, ``-k``, ``-m``, ``--lf`` or ``--sw``, gets the answer of that.
What ``--deselect``, ``--ignore`` or another plugin leaves out is asked for all the same: a run
without it says nothing of it, and so must not pass.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Sequence, Set
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_videolink.record.text import clean, listing, printable
from pytest_videolink.reports.exit import TakenReport
from pytest_videolink.session.arguments import argument_paths
from pytest_videolink.session.nodes import CheckItem
from pytest_videolink.session.run import Run

WORKER_TAKEN = "videolink_taken"
BY_OPTION = "an option or a conftest.py (--ignore, collect_ignore)"
_DESELECTED = "--deselect"
_KNOWN = ("_pytest.", "pytest_videolink.", "xdist.", "__channelexec__")
"""The modules of pytest's plugins, ours and xdist's, whose workers are sent theirs."""


class Part:
    """The part of its clinics that a run is about; ``reached`` are the files that are collected."""

    def __init__(self, run: Run, reached: Set[Path]) -> None:
        self._run = run
        self._reached = reached
        self._collected: list[pytest.Item] = []
        self._taken: dict[str, dict[str, int]] = {}
        """How many checks are taken away, by who takes them and by the clinic's id."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None]:
        self._collected = [*items]
        return (yield)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        config, taken = session.config, defaultdict[str, Counter[str]](Counter)
        for item in _taken_away(config, self._collected, session.items):
            taken[_who_deselects(config, item)][_clinic(item.file.path, self._run)] += 1
        for who, file, number in self._never_collected(config):
            taken[who][_clinic(file, self._run)] += number
        self._collected = []
        self._taken = {who: dict(clinics) for who, clinics in taken.items()}
        if hasattr(config, "workeroutput"):
            config.workeroutput[WORKER_TAKEN] = self._taken

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist, all of which collect the same, has ended."""
        self._taken = getattr(node, "workeroutput", {}).get(WORKER_TAKEN, self._taken)

    def _never_collected(self, config: pytest.Config) -> Iterator[tuple[str, Path, int]]:
        """The files of which less was collected than is in them, by whom, and how much less."""
        collected = Counter(
            each.file.path for each in self._collected if isinstance(each, CheckItem)
        )
        by_id = {path for argument, path in argument_paths(config) if "::" in argument}
        for file in self._run.files:
            if file in by_id or (file in self._reached and config.getoption("lf", False)):
                continue
            missing = self._run.size(file) - collected[file]
            if missing > 0:
                yield (
                    who_ignores(config, file, self._run.root(file)) or _others(config),
                    file,
                    missing,
                )

    def taken(self) -> Iterator[TakenReport]:
        """What is taken away, of which clinics and by whom."""
        for who, clinics in sorted(self._taken.items()):
            for id, number in sorted(clinics.items()):
                yield TakenReport(who, id, number)

    def new_to_last_failed(self, config: pytest.Config) -> frozenset[str]:
        """The clinic files, by id, that ``--lf`` has never seen, and so passes over."""
        if not config.getoption("lf", False) or getattr(config, "cache", None) is None:
            return frozenset()
        seen = {str(id).partition("::")[0] for id in config.cache.get("cache/nodeids", [])}
        return frozenset(map(self._run.node_id, self._run.files)) - seen


def _clinic(file: Path, run: Run) -> str:
    return clean(run.files[file][1].id)


def _taken_away(
    config: pytest.Config, before: Sequence[pytest.Item], after: Sequence[pytest.Item]
) -> list[CheckItem]:
    """The checks that are asked for, and not among those that are left."""
    kept = set(after)
    gone: list[pytest.Item] = [each for each in before if each not in kept]
    if not gone:
        return []
    # What -k and -m would take is not asked for: pytest says what, and counts it only once.
    pluginmanager = config.pluginmanager
    others = [plugin for name, plugin in pluginmanager.list_name_plugin() if name != "mark"]
    quiet = SimpleNamespace(pytest_deselected=lambda items: None)  # noqa: ARG005 - as pytest calls it
    pluginmanager.subset_hook_caller("pytest_collection_modifyitems", others)(
        session=None, config=_Quiet(config, quiet), items=gone
    )
    gone = _without_passed_over(config, before, after, gone)
    if pluginmanager.hasplugin("pytestsplitplugin") and config.getoption("group", None):
        # pytest-split is asked for a part as well, and does not say which.
        gone = [each for each in gone if _is_deselected(config, each)]
    return [each for each in gone if isinstance(each, CheckItem)]


class _Quiet:
    """A run's configuration, but for its hooks."""

    def __init__(self, config: pytest.Config, hook: object) -> None:
        self._config = config
        self.hook = hook

    def __getattr__(self, name: str) -> Any:
        return getattr(self._config, name)


def _without_passed_over(
    config: pytest.Config,
    before: Sequence[pytest.Item],
    after: Sequence[pytest.Item],
    gone: list[pytest.Item],
) -> list[pytest.Item]:
    """Those of the items that are gone that ``--lf`` and ``--sw`` would not pass over."""
    cache = getattr(config, "cache", None)  # absent under -p no:cacheprovider
    if cache is None:
        return gone
    if config.getoption("lf", False):
        failed = cache.get("cache/lastfailed", {})
        if any(each.nodeid in failed for each in (*after, *gone)):
            return [each for each in gone if each.nodeid in failed]
        return gone if failed or config.getoption("last_failed_no_failures") == "all" else []
    if config.getoption("stepwise", False) and after:
        stopped_at = (cache.get("cache/stepwise", None) or {}).get("last_failed")
        if after[0].nodeid == stopped_at:
            passed_over = set(before[: before.index(after[0])])
            return [each for each in gone if each not in passed_over]
    return gone


def _is_deselected(config: pytest.Config, item: pytest.Item) -> bool:
    return item.nodeid.startswith(tuple(config.getoption("deselect") or ("\0",)))


def _who_deselects(config: pytest.Config, item: pytest.Item) -> str:
    return _DESELECTED if _is_deselected(config, item) else _others(config)


def who_ignores(config: pytest.Config, file: Path, root: Path) -> str:
    """Who keeps pytest from collecting a file of a source, or nothing where nobody says so."""
    paths = [file, *(folder for folder in file.parents if folder.is_relative_to(root))]
    # In pytest 9.0 config.hook has something of its own in place of this hook, which wants a path.
    impls = config.pluginmanager.hook.pytest_ignore_collect.get_hookimpls()
    for impl in impls:
        others = [each.plugin for each in impls if each.plugin is not impl.plugin]
        ask = config.pluginmanager.subset_hook_caller("pytest_ignore_collect", others)
        if any(ask(collection_path=each, path=each, config=config) for each in paths):
            return BY_OPTION if _is_known(impl.plugin) else _named(config, impl)
    return ""


def _others(config: pytest.Config) -> str:
    """Who else may have left something out."""
    impls = config.hook.pytest_collection_modifyitems.get_hookimpls()
    names = {_named(config, impl) for impl in impls if not _is_known(impl.plugin)}
    return listing(sorted(names), "or") if names else "another plugin"


def _is_known(plugin: object) -> bool:
    """Whether it is a plugin that leaves nothing out but by an option that is known."""
    module = getattr(plugin, "__name__", type(plugin).__module__)
    return bool(module.startswith(_KNOWN))


def _named(config: pytest.Config, impl: Any) -> str:
    file = Path(getattr(impl.plugin, "__file__", None) or "")
    if file.name == "conftest.py":
        return printable(os.path.relpath(file, config.invocation_params.dir))
    name = impl.plugin_name
    return f"the plugin {type(impl.plugin).__qualname__ if name.isdecimal() else printable(name)}"
