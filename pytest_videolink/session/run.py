"""What one pytest run checks, and what its nodes ask for: records, judges, texts, ids."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from pytest_videolink.checks.builtin import VALID_DOCUMENT
from pytest_videolink.checks.rule import Check
from pytest_videolink.judging.judge import Judge, Judgement, State, Terms
from pytest_videolink.record.clinic import Appointment, Clinic, Pair, Subject
from pytest_videolink.record.text import clean, printable, within
from pytest_videolink.reports.explained import Failure, unreadable, unreadable_reason
from pytest_videolink.reports.report import Explained
from pytest_videolink.reports.text import text
from pytest_videolink.session.arguments import (
    APPOINTMENT,
    clinic_folder,
    is_address,
    seen_from,
    source_location,
    words_given,
)
from pytest_videolink.session.before import Before
from pytest_videolink.sources.directory import is_named_clinic
from pytest_videolink.sources.fleet import Fleet, Record
from pytest_videolink.sources.source import Entry

if TYPE_CHECKING:
    from pytest_videolink.session.repository import Repository

# Options that decide whether an item is found and what it says, and so belong into the command that
# checks it again.
_KEPT = (
    "--videolink-source",
    "--videolink-snapshot",
    "--videolink-now",
    "--videolink-sync-window",
    "--videolink-max-age",
    "--videolink-since",
    "--videolink-fail-on",
    "--rootdir",
    "--config-file",
    "--override-ini",
    "--pythonwarnings",
    "--confcutdir",
    "--import-mode",
)
_KEPT_FLAGS = (
    "--videolink-no-waivers",
    "--noconftest",
    "--disable-plugin-autoload",
    "--runxfail",
)
_KEPT_SHORT = re.compile(r"-[lqsvx]*([coW])(.*)", re.DOTALL)
"""A short option with its value, perhaps behind some that have none: ``-vo xfail_strict=true``."""

_CLINIC = "--videolink-clinic"
_HOOKS = "addopts="
"""What our hook for pre-commit gives pytest, so that no project's settings stop it."""


def _kept(arguments: Iterable[str]) -> Iterator[str]:
    """Those of the arguments, with their values, that belong into the command."""
    words = iter(arguments)
    for word in words:
        option, equals, _ = word.partition("=")
        if word == "--":
            return
        if short := _KEPT_SHORT.fullmatch(word):
            yield f"-{short[1]}{short[2]}"
            if not short[2]:
                yield next(words, "")
        elif option in _KEPT:
            yield from (word,) if equals else (word, next(words, ""))
        elif word in _KEPT_FLAGS:
            yield word


def _plugins(arguments: Iterable[str]) -> Iterator[str]:
    """The plugins that are loaded or left out, each with its ``-p``.

    But for our own short way through a run, whose reports are the same without it.
    """
    words = iter(arguments)
    for word in words:
        if word.startswith("-p"):
            found = (word, next(words, "")) if word == "-p" else (word,)
            if not found[-1].endswith("no:videolink-lean"):
                yield from found


TABLES_READABLE = "VL007"


def lacks_rows(clinic: Clinic) -> bool:
    """Whether appointments of a clinic may stand in rows that cannot be read."""
    sheet = clinic.table("appointments")
    return sheet is not None and not sheet.is_whole


def skipped_rows(clinic: Clinic) -> int:
    """How many rows of a clinic's day sheet are skipped: which appointments is not read."""
    sheet = clinic.table("appointments")
    return 0 if sheet is None else sum(map(len, sheet.table.skipped.values()))


def node_name(subject: Subject) -> str:
    """The id of a subject; that of an appointment, which may be any text, made safe reversibly."""
    if isinstance(subject, Appointment):
        return (
            f"{APPOINTMENT}{quote(subject.id, safe='', errors='surrogatepass').replace('~', '%7E')}"
        )
    return subject.id


def item_names(judgement: Judgement) -> list[str]:
    """The names below its clinic file that lead to a judgement's item, its own last."""
    subject = judgement.subject
    if isinstance(subject, Clinic):
        return [judgement.check.name]
    if isinstance(subject, Pair):
        return [subject.practitioner.id, subject.type.id, judgement.check.name]
    return [node_name(subject), judgement.check.name]


class Run:
    """The selected clinics of a run, and the appointments where only those are asked for."""

    def __init__(
        self,
        config: pytest.Config,
        terms: Terms,
        files: dict[Path, tuple[Fleet, Entry]],
        appointments: frozenset[str] = frozenset(),
        *,
        checks: Sequence[Check],
        before: Before | None = None,
        soon: timedelta = timedelta(0),
    ) -> None:
        self.soon = soon
        self.terms = terms
        self.before = before or Before()
        self.checks = checks
        self.appointments = appointments
        self.files = files
        self._config = config
        self._judges: dict[Path, Judge | None] = {}
        self._node_ids: dict[Path, str] = {}
        self._shown: dict[Path, str] = {}
        self._outlines: dict[Path, str] = {}
        ids: dict[str, Path] = {}
        for file in files:
            other = ids.setdefault(self.node_id(file), file)
            if other != file:
                raise pytest.UsageError(
                    f"{other} and {file} would be one item ({self.node_id(file)}): check them in"
                    " two runs, or with a --rootdir that holds both"
                )

    def hand_over(self) -> dict[str, Any]:
        """What :meth:`taken_over` takes over: plain values.

        A worker may run in another folder, where it would name files in another way.
        """
        fleets = {fleet for fleet, _ in self.files.values()}
        records = (record for fleet in fleets for record in fleet.records())
        return {
            "terms": (
                self.terms.now.isoformat(),
                self.terms.sync_window.total_seconds(),
                self.terms.max_age.total_seconds(),
                self.terms.honour_waivers,
                self.terms.leeway.total_seconds(),
            ),
            "node_ids": {str(file): self.node_id(file) for file in self.files},
            "shown": {str(record.file): self.shown(record.file) for record in records},
            "outlines": {str(file): self._outline(file) for file in self.files},
            "before": self.before.hand_over([judge.clinic for judge in self._read()]),
        }

    @classmethod
    def taken_over(
        cls,
        config: pytest.Config,
        files: dict[Path, tuple[Fleet, Entry]],
        appointments: frozenset[str],
        handed: dict[str, Any],
        *,
        checks: Sequence[Check],
    ) -> Run:
        """A worker's part of the run that its controller hands over."""
        now, sync_window, max_age, honour_waivers, leeway = handed["terms"]
        terms = Terms(
            now=datetime.fromisoformat(now),
            sync_window=timedelta(seconds=sync_window),
            max_age=timedelta(seconds=max_age),
            honour_waivers=honour_waivers,
            leeway=timedelta(seconds=leeway),
        )
        before = Before.taken_over(handed["before"])
        run = cls(config, terms, {}, appointments, checks=checks, before=before)
        run.files = files
        run._node_ids = {Path(file): id for file, id in handed["node_ids"].items()}
        run._shown = {Path(file): name for file, name in handed["shown"].items()}
        run._outlines = {Path(file): outline for file, outline in handed["outlines"].items()}
        return run

    def differs(self, file: Path) -> bool:
        """Whether a worker would check a clinic in another way than its controller."""
        return self._outlines[file] != self._outline(file)

    def _outline(self, file: Path) -> str:
        judge = self.judge(file)
        return judge.outline() if judge else ""

    def record(self, file: Path) -> Record:
        fleet, entry = self.files[file]
        return fleet.record(entry)

    def judge(self, file: Path) -> Judge | None:
        """Who judges a selected clinic; nobody where its record cannot be read."""
        if file not in self._judges:
            fleet, entry = self.files[file]
            clinic = fleet.record(entry).clinic
            self._judges[file] = self._judge_of(fleet, clinic) if clinic else None
        return self._judges[file]

    def size(self, file: Path) -> int:
        """How many items a clinic has in this run."""
        judge = self.judge(file)
        if judge is None:
            return 1
        asked: Iterable[Subject] = judge.subjects()
        if self.appointments:
            asked = (each for each in judge.clinic.appointments if each.id in self.appointments)
        return sum(len(judge.checks_of(subject)) for subject in asked)

    def root(self, file: Path) -> Path:
        """The folder of the source that a clinic file is of."""
        return self.files[file][0].folder.root

    def _judge_of(self, fleet: Fleet, clinic: Clinic) -> Judge:
        changed_between = partial(self.before.changed_between, clinic)
        return Judge(clinic, fleet.neighbours(clinic), self.checks, self.terms, changed_between)

    def _read(self) -> list[Judge]:
        """Who judges the clinics whose records can be read."""
        return [judge for judge in map(self.judge, self.files) if judge is not None]

    def let_go(self) -> None:
        """Let go of all that was read and judged, at the end: nothing is asked of it any more."""
        for judge in self._read():
            vars(judge).clear()
        for fleet in {fleet for fleet, _ in self.files.values()}:
            vars(fleet).clear()
        vars(self).clear()

    def known(self, file: Path, judgement: Judgement) -> str:
        """The day since which a finding is known, where that keeps it from failing the run."""
        judge = self.judge(file)
        assert judge is not None
        return self.before.known(judge.clinic, judgement, item_names(judgement))

    def excuses(self, file: Path, judgement: Judgement) -> bool:
        """Whether all that blocks an item is waived or known."""
        return judgement.state is State.BLOCKED and all(
            root.state is State.WAIVED or self.known(file, root) for root in judgement.roots
        )

    def node_id(self, file: Path) -> str:
        """A clinic file's id: its path from rootdir, or else from above its source's folder."""
        if file not in self._node_ids:
            root = self._config.rootpath
            if not file.is_relative_to(root):
                root = self.root(file).parent
            self._node_ids[file] = printable(file.relative_to(root).as_posix())
        return self._node_ids[file]

    @cached_property
    def repository(self) -> Repository:
        """Where the clinic files lie for others; only reports that are written say so."""
        from pytest_videolink.session.repository import Repository

        return Repository(self._config)

    def named(self, file: Path, *, is_whole: bool) -> dict[str, str]:
        """A clinic file as reports name it, by the keys of a clinic."""
        uri = self.repository.uri(file) if is_whole else ""
        return {"file": self.shown(file), "node": self.node_id(file), "uri": uri}

    def shown(self, file: Path) -> str:
        """A file as it is named from the folder that pytest was called in."""
        if file not in self._shown:
            self._shown[file] = printable(seen_from(file, self._config.invocation_params.dir))
        return self._shown[file]

    def text(self, file: Path, judgement: Judgement, names: list[str]) -> str:
        """What a failure says. ``names`` lead from the clinic file to the item."""
        return text(self.explained(file, judgement, names))

    def crash_text(self, file: Path, judgement: Judgement, names: list[str], traceback: str) -> str:
        """What is said of a check that could not answer."""
        lines = "\n".join(clean(line, 200) for line in traceback.splitlines())
        return text(replace(self.explained(file, judgement, names), more=lines))

    def explained(self, file: Path, judgement: Judgement, names: list[str]) -> Explained:
        """All there is to say about a judgement; ``names`` lead from the file to its item."""
        fleet, entry = self.files[file]
        record, judge = fleet.record(entry), self.judge(file)
        assert record.clinic is not None
        assert judge is not None
        places = [place for finding in judgement.findings for place in finding.also]
        records = [record, *(fleet.record_of(place.clinic) for place in places)]
        return Failure(
            judgement=judgement,
            clinic=record.clinic,
            records={each.id: (self.shown(each.file), each) for each in records},
            recreate=tuple(judge.to_recreate(judgement)),
            command=self._command(file, names, judgement.subject),
            sync_window=within(self.terms.sync_window),
        ).explained()

    def unreadable_text(self, file: Path, names: list[str]) -> str:
        """What VL001 says of a record that cannot be read."""
        return text(self.explained_unreadable(file, names))

    def explained_unreadable(self, file: Path, names: list[str]) -> Explained:
        """All there is to say about a record that cannot be read."""
        record = self.record(file)
        place = record.entry.origin or self.shown(file)
        return unreadable(record, place, VALID_DOCUMENT, self._command(file, names))

    def unreadable_reason(self, file: Path) -> str:
        """The first line of that."""
        return unreadable_reason(self.record(file))

    def _command(self, file: Path, names: list[str], subject: Subject | None = None) -> str:
        """The command that checks one item again, from the folder that pytest was called in.

        From a commit that is the hook, whose pytest nobody can call: it checks the whole file.
        """
        words = ["pytest", *self._kept]
        path, record = self.shown(file), self.record(file)
        if _HOOKS in words and os.environ.get("PRE_COMMIT"):
            return shlex.join(("pre-commit", "run", "--files", path))
        if self._is_reached_by(path, file):
            prefix = "./" if path.startswith("-") else ""
            return shlex.join((*words, "::".join((f"{prefix}{path}", *names))))
        words.append(f"{_CLINIC}={clean(record.id)}")
        files: list[str] = []
        if self._ini_selects and _KEYWORD.fullmatch(
            file.name
        ):  # which selects other clinics in every run
            files = [each.name for each in self.files if file.name in each.name]
            names = [file.name, *names]
        if isinstance(subject, Appointment):
            words.append(f"--videolink-appointment={clean(subject.id)}")
            names = [name for name in names if name != node_name(subject)]
        return shlex.join((*words, "-k", _expression(names, record.clinic, files)))

    @cached_property
    def _kept(self) -> list[str]:
        # pytest looks for -p on the command line itself, and in no file that this names.
        plugins = _plugins(map(str, self._config.invocation_params.args))
        return [*plugins, *_kept(words_given(self._config))]

    @cached_property
    def _ini_selects(self) -> bool:
        given = [word.partition("=")[0] for word in words_given(self._config)]
        return len(self._config.option.videolink_clinic or ()) > given.count(_CLINIC)

    @cached_property
    def _clinic_folder(self) -> Path:
        return clinic_folder(self._config)

    def _is_reached_by(self, path: str, file: Path) -> bool:
        """Whether the path leads pytest to the same item, by the same ini and conftest.py."""
        record, config = self.record(file), self._config
        if record.clinic is None and record.entry.origin:  # it was not kept
            return False
        if "[" in path or "::" in path:  # which pytest would not take for a path
            return False
        if self.root(file) != self._clinic_folder:
            return is_named_clinic(file.name) or not is_address(source_location(config))
        return file.is_relative_to(config.rootpath)


_KEYWORD = re.compile(r"[\w.-]+")
"""A name that can stand in an expression of pytest's ``-k``."""


def _expression(names: list[str], clinic: Clinic | None, files: Iterable[str]) -> str:
    """What pytest's ``-k`` selects the names by, and none that only contain one of them."""
    every = [each for each in files if _KEYWORD.fullmatch(each)]
    if clinic is not None:
        every += [each.id for each in clinic.practitioners]
        every += [each.id for each in clinic.appointment_types]
    longer = [id for id in every if id not in names and any(name in id for name in names)]
    return " and ".join((*names, *(f"not {id}" for id in longer)))
