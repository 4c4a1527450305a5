"""From options to nodes: which clinics are asked for, and what is wrong with the asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_videolink.judging.judge import Terms
from pytest_videolink.record.document import HAS_LIBYAML
from pytest_videolink.record.text import (
    as_typed,
    clean,
    did_you_mean,
    listing,
    plural,
)
from pytest_videolink.session.arguments import (
    WORKER_INPUT,
    expanded,
    refuse_unfit_paths,
    time_given,
)
from pytest_videolink.session.before import before
from pytest_videolink.session.ending import WORKER_FAULT, Ending
from pytest_videolink.session.fixtures import PLUGIN as FIXTURES
from pytest_videolink.session.fixtures import Rows
from pytest_videolink.session.lean import LeanLoop
from pytest_videolink.session.nodes import CheckItem, ClinicFile, ClinicFolder
from pytest_videolink.session.part import BY_OPTION, Part, who_ignores
from pytest_videolink.session.registry import checks_of, misplaced_hooks
from pytest_videolink.session.run import Run, lacks_rows, skipped_rows
from pytest_videolink.session.selection import Selection
from pytest_videolink.session.terminal import take_every_character
from pytest_videolink.sources.source import SourceError

if TYPE_CHECKING:
    from pytest_videolink.reports.files import ReportFile

MAX_MINUTES = 366 * 24 * 60
MAX_DAYS = 1000 * 366


def start(config: pytest.Config) -> None:
    """Take part in a run that asks for clinics. Raises :class:`pytest.UsageError`."""
    take_every_character(config)
    handed = getattr(config, "workerinput", {}).get(WORKER_INPUT)
    if handed is not None:
        selection = Selection.taken_over(config, handed["selection"])
        asked = frozenset(config.option.videolink_appointment)
        run = Run.taken_over(
            config, selection.files, asked, handed["run"], checks=checks_of(config)
        )
        _take_part(config, run, selection)
        return
    refuse_unfit_paths(config)
    try:
        selection = Selection.of(config)
        terms = _terms(config, selection.now)
        checks = checks_of(config)
        soon = timedelta(days=_number(config, "videolink_soon", MAX_DAYS))
        nights = before(config, terms.now, selection.asked["ids"], checks)
        selection.keep(terms.now)
    except SourceError as error:
        raise pytest.UsageError(str(error)) from None
    except KeyboardInterrupt:  # which pytest itself keeps to itself so early
        pytest.exit("interrupted before anything was checked", pytest.ExitCode.INTERRUPTED)
    asked = _appointments(config.option.videolink_appointment, selection)
    if selection.files or selection.ids or selection.shard is not None:
        run = Run(config, terms, selection.files, asked, checks=checks, before=nights, soon=soon)
        _take_part(config, run, selection)


def _take_part(config: pytest.Config, run: Run, selection: Selection) -> None:
    collection = Collection(config, run, selection)
    part = Part(run, collection.reached)
    parts: dict[str, object] = {
        "videolink-collection": collection,
        "videolink-part": part,
        "videolink-ending": Ending(run, selection.asked, _report_files(config, run), part),
        FIXTURES: Rows(run, selection.shard),
    }
    for name, each in parts.items():
        if config.pluginmanager.register(each, name) is None:
            raise pytest.UsageError(
                f"-p no:{name} takes away what the exit code rests on: to do without clinics, leave"
                " out --videolink-clinic"
            )
    config.pluginmanager.register(LeanLoop(run), "videolink-lean")


def _report_files(config: pytest.Config, run: Run) -> list[ReportFile]:
    """The files to write reports to; xdist's controller alone writes them."""
    if hasattr(config, "workerinput") or not config.option.videolink_report:
        return []
    from pytest_videolink.reports.files import UnfitReport, report_files

    run.repository.refuse_outside(run.files)
    roots = {fleet.folder.root for fleet, _ in run.files.values()}
    paths = map(expanded, config.option.videolink_report)
    try:
        ids = dict.fromkeys(entry.id for _, entry in run.files.values())
        return report_files(paths, config.invocation_params.dir, roots, [*ids])
    except UnfitReport as error:
        raise pytest.UsageError(str(error)) from None


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
    # It may stand in a record, or in a row of a table, that cannot be read.
    is_certain = all(each is not None and not lacks_rows(each) for each in clinics)
    if unknown is not None and is_certain and selection.shard is None:
        near = did_you_mean(unknown, sorted(known)) or sorted(known)[:3]
        nearest = f"; nearest: {listing(map(clean, near), 'or')}" if near else ""
        raise pytest.UsageError(
            f"--videolink-appointment={as_typed(unknown)} is no video appointment of the"
            f" selected clinics, which record {plural(len(known), 'video appointment')}{nearest}"
            f"{_or_skipped(sum(skipped_rows(each) for each in clinics if each is not None))}"
        )
    return frozenset(asked)


def _or_skipped(rows: int) -> str:
    """Where an appointment may be besides, that is in none of the rows that are judged."""
    if not rows:
        return ""
    those = "the row" if rows == 1 else f"one of the {rows:,} rows"
    return f"; or it is in {those} that skip leaves out, where no id is read"


def _terms(config: pytest.Config, now: datetime | None) -> Terms:
    option = config.option
    window = timedelta(minutes=_number(config, "videolink_sync_window", MAX_MINUTES))
    return Terms(
        now=_now(config, now),
        sync_window=window,
        max_age=timedelta(days=_number(config, "videolink_max_age", MAX_DAYS)),
        honour_waivers=not option.videolink_no_waivers,
        leeway=timedelta(0) if option.videolink_now else window,
    )


def _now(config: pytest.Config, now: datetime | None) -> datetime:
    """The one clock of the run: as asked, or else that of a snapshot, or else the real one."""
    return time_given(config) or now or datetime.now(timezone.utc)


def _number(config: pytest.Config, name: str, most: int) -> int:
    given = config.getoption(name)
    try:
        number = config.getini(name) if given is None else given
    except (TypeError, ValueError, pytest.UsageError) as error:
        _, told, value = str(error).rpartition(": ")
        raise pytest.UsageError(
            f"{name} in the configuration file: expected a whole number from 0 to {most}"
            f"{f', found {as_typed(value)}' if told else ''}"
        ) from None
    if 0 <= number <= most:
        return int(number)
    raise pytest.UsageError(f"{name} is {number}: expected a number from 0 to {most}")


def _reruns(config: pytest.Config) -> bool:
    """Whether pytest-rerunfailures is here, and asked to run again what fails."""
    option = config.option
    if not hasattr(option, "reruns"):
        return False
    return any((option.reruns, getattr(option, "force_reruns", None), config.getini("reruns")))


class Collection:
    """The collecting hooks; registered only in a run that asks for clinics."""

    def __init__(self, config: pytest.Config, run: Run, selection: Selection) -> None:
        self._config = config
        self._run = run
        self._selection = selection
        self.reached: set[Path] = set()
        """The clinic files that pytest has come to."""

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
        return self._file(file_path, parent) if file_path in self._selection.files else None

    def _file(self, path: Path, parent: pytest.Collector) -> ClinicFile:
        self.reached.add(path)
        file: ClinicFile = ClinicFile.from_parent(
            parent, path=path, nodeid=self._run.node_id(path), run=self._run
        )
        return file

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> pytest.CollectReport | None:
        nodes = None
        if isinstance(collector, pytest.Session) and self._selection.is_absent:
            # pytest has no path to files of another machine.
            nodes = [*collector.collect(), *self._files_by_name(collector)]
        elif (
            isinstance(collector, ClinicFile)
            and collector.config.rootpath / collector.nodeid != collector.path
        ):
            # Else --lf, which takes ids for paths below rootdir, would pass over the file.
            nodes = [*collector.collect()]
        if nodes is None:
            return None
        return pytest.CollectReport(collector.nodeid, "passed", None, nodes)

    def _files_by_name(self, parent: pytest.Collector) -> Iterator[ClinicFile]:
        for file, (_, entry) in self._selection.files.items():
            if entry.id in self._selection.ids:
                yield self._file(file, parent)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config) -> None:
        """No clinic asked for by name may be left out, and no check; no worker may differ."""
        missing = [
            entry.id
            for file, (_, entry) in self._selection.files.items()
            if entry.id in self._selection.ids
            and file not in self.reached
            and who_ignores(config, file, self._run.root(file)) in ("", BY_OPTION)
        ]
        fault = misplaced_hooks(config)  # of a conftest.py that was read on the way
        if missing:
            fault = (
                f"nothing was collected of clinic {listing(sorted(missing))}: an option or a"
                " conftest.py leaves the file out (--ignore, collect_ignore)"
            )
        if not hasattr(config, "workeroutput"):
            if fault:
                raise pytest.UsageError(fault)
            return
        # A worker of xdist, whose controller has the say.
        code = pytest.ExitCode.USAGE_ERROR
        other = next((file for file in self.reached if self._run.differs(file)), None)
        if other is not None:
            code = pytest.ExitCode.TESTS_FAILED
            fault = (
                f"a worker of xdist has other checks of {self._run.node_id(other)} than its"
                " controller: have the same version of pytest-videolink, and of what adds checks,"
                " on both"
            )
        if fault:
            config.workeroutput[WORKER_FAULT] = (fault, int(code))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """A check that failed is not run again: it would say the same.

        Said by the mark of pytest-rerunfailures, and only now: ``-m 'not flaky'`` has to find none.
        """
        self._run.before.partial = self._partial(session)
        if _reruns(session.config):
            for file in {item.file for item in session.items if isinstance(item, CheckItem)}:
                file.add_marker(pytest.mark.flaky(reruns=0, condition=False))

    def _partial(self, session: pytest.Session) -> set[str]:
        """The clinics of which only a part is run: nothing of them counts as known."""
        if not self._run.before.only_new:
            return set()
        ran = Counter(item.path for item in session.items if isinstance(item, CheckItem))
        return {
            entry.id
            for file, (_, entry) in self._run.files.items()
            if self._run.appointments or ran[file] < self._run.size(file)
        }

    def pytest_report_header(self) -> str:
        slow = "" if HAS_LIBYAML else "; PyYAML has no libyaml here, so reading is slow"
        selection = self._selection
        count = f"{len(selection.files)} of {plural(selection.total, 'clinic')}{selection.history}"
        now = self._run.terms.now.isoformat(timespec="minutes")
        return f"videolink: {count}, checked as of {now}{self._compared}{slow}"

    @property
    def _compared(self) -> str:
        option, then = self._config.option, self._run.before.then
        if then is None:
            return ""
        said = f", compared with the report of {then.checked_as_of}"
        if option.videolink_fail_on and not self._run.before.only_new:
            return f"{said}; known findings fail, too (--runxfail)"
        return f"{said}; new findings alone fail" if option.videolink_fail_on else said

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """What xdist's workers check is handed to them, the clock included."""
        node.workerinput[WORKER_INPUT] = self._handed

    @cached_property
    def _handed(self) -> dict[str, Any]:
        return {"selection": self._selection.hand_over(), "run": self._run.hand_over()}
