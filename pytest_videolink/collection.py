"""From options to nodes: which clinics are asked for, and what is wrong with the asking."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pytest_videolink.arguments import argument_paths, is_source_given, source_folder
from pytest_videolink.document import HAS_LIBYAML
from pytest_videolink.fixtures import PLUGIN as FIXTURES
from pytest_videolink.fixtures import Rows
from pytest_videolink.fleet import Fleet
from pytest_videolink.judge import Terms
from pytest_videolink.nodes import ClinicFile, ClinicFolder
from pytest_videolink.registry import checks_of, misplaced_hooks
from pytest_videolink.reporting import LEFT_OUT, Reporting
from pytest_videolink.run import Run
from pytest_videolink.sources import Entry, Source, SourceError
from pytest_videolink.sources.directory import DirectorySource, is_named_clinic
from pytest_videolink.text import BadTime, clean, did_you_mean, listing, parse_time, plural

MAX_MINUTES = 366 * 24 * 60
MAX_DAYS = 1000 * 366
_PATTERN = set("*?[")


def start(config: pytest.Config) -> None:
    """Take part in a run that asks for clinics. Raises :class:`pytest.UsageError`."""
    try:
        selection = Selection.of(config)
    except SourceError as error:
        raise pytest.UsageError(str(error)) from None
    appointments = _appointments(config.option.videolink_appointment, selection)
    if selection.files or selection.ids or selection.shard is not None:
        run = Run(
            config,
            _terms(config),
            selection.files,
            checks=checks_of(config),
            total=selection.total,
            appointments=appointments,
        )
        config.pluginmanager.register(Collection(run, selection), "videolink-collection")
        config.pluginmanager.register(Reporting(run, selection.shard), "videolink-reporting")
        config.pluginmanager.register(Rows(run, selection.shard), FIXTURES)


def _appointments(asked: list[str], selection: Selection) -> frozenset[str]:
    """The appointments that are asked for; each has to be there, in a clinic that can be read."""
    if not asked:
        return frozenset()
    if not selection.files and selection.shard is None:
        raise pytest.UsageError(
            "--videolink-appointment goes with the clinic it is booked at: add"
            " --videolink-clinic=ID"
        )
    clinics = [fleet.record(entry).clinic for fleet, entry in selection.files.values()]
    known = {
        appointment.id
        for clinic in clinics
        if clinic is not None
        for appointment in clinic.appointments
        if appointment.is_video
    }
    unknown = next((id for id in asked if id not in known), None)
    if unknown is not None and None not in clinics and selection.shard is None:
        near = did_you_mean(unknown, sorted(known)) or sorted(known)[:3]
        nearest = f"; nearest: {listing(map(clean, near), 'or')}" if near else ""
        raise pytest.UsageError(
            f"--videolink-appointment={clean(unknown)} is no video appointment of the selected"
            f" clinics, which record {plural(len(known), 'video appointment')}{nearest}"
        )
    return frozenset(asked)


def _terms(config: pytest.Config) -> Terms:
    option = config.option
    return Terms(
        now=_now(config),
        sync_window=timedelta(minutes=_number(config, "videolink_sync_window", MAX_MINUTES)),
        max_age=timedelta(days=_number(config, "videolink_max_age", MAX_DAYS)),
        honour_waivers=not option.videolink_no_waivers,
    )


def _now(config: pytest.Config) -> datetime:
    """The one clock of the run; xdist's workers are told it by their controller."""
    told = getattr(config, "workerinput", {}).get("videolink_now")
    given = told or config.option.videolink_now
    if given is None:
        return datetime.now(timezone.utc)
    try:
        now = parse_time(given, None)
        if parse_time(given, timezone(timedelta(hours=1))) != now:
            raise BadTime("expected an offset, such as +11:00, at the end")
    except BadTime as error:
        raise pytest.UsageError(f"--videolink-now={given}: {error}") from None
    return now


def _number(config: pytest.Config, name: str, most: int) -> int:
    given = config.getoption(name)
    try:
        number = config.getini(name) if given is None else given
    except (TypeError, ValueError, pytest.UsageError):
        raise pytest.UsageError(
            f"{name} in the configuration file: expected a whole number from 0 to {most}"
        ) from None
    if 0 <= number <= most:
        return int(number)
    raise pytest.UsageError(f"{name} is {number}: expected a number from 0 to {most}")


@dataclass(slots=True)
class Selection:
    """The clinic files of a run, and the folders that lead to them.

    ``ids`` are the clinics asked for by name, ``total`` is how many the source has. Where nothing
    but clinics is asked for, no ordinary test is collected (``exclusive``); else those of the
    ``paths`` that pytest was given are.
    """

    files: dict[Path, tuple[Fleet, Entry]] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    total: int = 0
    shard: str | None = None
    exclusive: bool = False
    paths: list[Path] = field(default_factory=list)
    folders: dict[Path, set[Path]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, config: pytest.Config) -> Selection:
        """Work out what is selected, and hand pytest the paths for it."""
        selection = cls(shard=config.option.videolink_shard)
        by_path = config.args_source is config.ArgsSource.ARGS
        selection.exclusive = bool(config.option.videolink_clinic) and not by_path
        source = DirectorySource(source_folder(config))
        chosen: dict[Path, tuple[Source, Entry]] = {}
        if config.option.videolink_clinic:
            entries = source.entries()
            if not entries:
                raise _empty(source)
            selection.ids = _matching(
                config.option.videolink_clinic, {entry.id for entry in entries}, source.root
            )
            chosen = {entry.file: (source, entry) for entry in entries if entry.id in selection.ids}
        if not selection.exclusive:
            selection.paths = [path for _, path in argument_paths(config)]
            for path in selection.paths:
                chosen |= _entries_at(path, source)
                if path == source.root and is_source_given(config) and not source.entries():
                    raise _empty(source)
        selection._choose(chosen, config, source)
        return selection

    def has_others(self, folder: Path) -> bool:
        """Whether ordinary tests are asked for in a folder or below it."""
        return any(
            path.is_relative_to(folder) or folder.is_relative_to(path) for path in self.paths
        )

    def _choose(
        self, chosen: dict[Path, tuple[Source, Entry]], config: pytest.Config, main: Source
    ) -> None:
        everything = sorted(chosen.values(), key=lambda each: (each[1].id, each[1].file))
        mine = everything if self.shard is None else everything[_part(self.shard)]
        by_source: dict[Source, list[Entry]] = defaultdict(list)
        for source, entry in mine:
            by_source[source].append(entry)
        for source, entries in by_source.items():
            self.total += len(source.entries())
            fleet = Fleet(source, entries)
            self.files |= {entry.file: (fleet, entry) for entry in entries}
        not_mine = set(chosen) - set(self.files)
        if not_mine and not self.exclusive:
            config.args = [
                argument for argument, path in argument_paths(config) if path not in not_mine
            ]
        top = self._hand_over(config, main.root) if self.ids else main.root
        for source in by_source:
            self._lead_to(source, top if source is main else source.root)

    def _hand_over(self, config: pytest.Config, root: Path) -> Path:
        """Have pytest collect the source's folder. Returns the folder it is given.

        pytest takes a bracket in a path for a parameter, so it is given a folder above then.
        """
        here = config.invocation_params.dir
        top = root
        try:
            while "[" in os.path.relpath(top, here) or "::" in os.path.relpath(top, here):
                top = top.parent
            argument = os.path.relpath(top, here)
        except ValueError:  # another drive
            argument = str(root)
        if self.exclusive:
            config.args = [argument]
        elif any("::" in given for given in config.args):
            # The folder would take in a node id below it, so the files are named one by one.
            asked = [file for file, (_, entry) in self.files.items() if entry.id in self.ids]
            config.args = [*config.args, *(os.path.relpath(file, here) for file in asked)]
        elif top == root:
            config.args = [*config.args, argument]
        else:
            raise pytest.UsageError(
                f"pytest takes no path with a bracket, such as {root}: check the clinics in a run"
                " of their own, without other paths"
            )
        return top

    def _lead_to(self, source: Source, top: Path) -> None:
        for file, (fleet, _) in self.files.items():
            path = file
            while fleet.source is source and path != top:
                self.folders[path.parent].add(path)
                path = path.parent


def _empty(source: Source) -> SourceError:
    return SourceError(
        f"there is no clinic file (.yaml, .yml or .json) in {source.root}: put the clinics'"
        " documents there, or name their folder with --videolink-source=DIR"
    )


def _matching(asked: Iterable[str], known: set[str], root: Path) -> tuple[str, ...]:
    """The ids that are asked for by id or by pattern; each has to match something."""
    matched: set[str] = set()
    for name in asked:
        found = {id for id in known if id == name}
        if not found and _PATTERN & set(name):
            found = {id for id in known if fnmatchcase(id, name)}
        if not found:
            near = did_you_mean(name, sorted(known)) or sorted(known)[:3]
            kind = "matches no clinic" if _PATTERN & set(name) else "is no clinic"
            raise pytest.UsageError(
                f"--videolink-clinic={clean(name)} {kind} in {root}, which has"
                f" {plural(len(known), 'clinic')}; nearest: {listing(map(clean, near), 'or')}"
            )
        matched |= found
    return tuple(sorted(matched))


def _entries_at(path: Path, source: Source) -> dict[Path, tuple[Source, Entry]]:
    """The clinics that a path on the command line stands for."""
    if path.is_relative_to(source.root):
        return {
            entry.file: (source, entry)
            for entry in source.entries()
            if entry.file.is_relative_to(path)
        }
    if path.is_file() and is_named_clinic(path.name):
        alone = DirectorySource(path.parent, named_only=True)
        return {entry.file: (alone, entry) for entry in alone.entries() if entry.file == path}
    return {}


def _part(shard: str) -> slice:
    """The part of the sorted clinics that ``K/N`` stands for."""
    first, slash, count = shard.partition("/")
    if slash and first.isdecimal() and count.isdecimal() and 1 <= int(first) <= int(count):
        return slice(int(first) - 1, None, int(count))
    raise pytest.UsageError(
        f"--videolink-shard={shard}: expected K/N with K from 1 to N, such as 2/8"
    )


class Collection:
    """The collecting hooks; registered only in a run that asks for clinics."""

    def __init__(self, run: Run, selection: Selection) -> None:
        self._run = run
        self._selection = selection
        self._collected: set[Path] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(
        self, path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        wanted = self._selection.folders.get(path)
        if wanted is None:
            return None
        folder: ClinicFolder = ClinicFolder.from_parent(
            parent, path=path, wanted=wanted, others=self._selection.has_others(path)
        )
        return folder

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        if file_path not in self._selection.files:
            return None
        self._collected.add(file_path)
        file: ClinicFile = ClinicFile.from_parent(
            parent, path=file_path, nodeid=self._run.node_id(file_path), run=self._run
        )
        return file

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> pytest.CollectReport | None:
        """Keep --lf, which takes ids for paths below rootdir, from passing over other files."""
        if not isinstance(collector, ClinicFile):
            return None
        if collector.config.rootpath / collector.nodeid == collector.path:
            return None
        return pytest.CollectReport(collector.nodeid, "passed", None, list(collector.collect()))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config) -> None:
        """No clinic asked for by name may have been left out, and no check."""
        missing = [
            entry.id
            for file, (_, entry) in self._selection.files.items()
            if entry.id in self._selection.ids and file not in self._collected
        ]
        fault = misplaced_hooks(config)  # of a conftest.py that was read on the way
        if missing:
            fault = (
                f"nothing was collected of clinic {listing(sorted(missing))}: an option or a"
                " conftest.py leaves the file out (--ignore, collect_ignore)"
            )
        if not fault:
            return
        if hasattr(config, "workeroutput"):  # a worker of xdist, whose controller has the say
            config.workeroutput[LEFT_OUT] = fault
        else:
            raise pytest.UsageError(fault)

    def pytest_report_header(self) -> str:
        slow = "" if HAS_LIBYAML else "; PyYAML has no libyaml here, so reading is slow"
        count = len(self._selection.files)
        return (
            f"videolink: {count} of {plural(self._selection.total, 'clinic')}, checked as of"
            f" {self._run.terms.now.isoformat(timespec='minutes')}{slow}"
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: object) -> None:
        """One clock for all of xdist's workers."""
        node.workerinput["videolink_now"] = self._run.terms.now.isoformat()  # type: ignore[attr-defined]
