"""What one pytest run checks, and what its nodes ask for: records, judges, texts, ids."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from pytest_videolink.checks import CATALOGUE, VALID_DOCUMENT
from pytest_videolink.fleet import Fleet, Record
from pytest_videolink.judge import Judge, Judgement, Terms
from pytest_videolink.reports.text import Failure, unreadable, unreadable_summary
from pytest_videolink.sources import Entry
from pytest_videolink.text import duration

# Options that change what an item says, and so belong into the command that checks it again.
_KEPT = {
    "--videolink-source": "videolink_source",
    "--videolink-now": "videolink_now",
    "--videolink-sync-window": "videolink_sync_window",
    "--videolink-max-age": "videolink_max_age",
    "--rootdir": "rootdir",
    "-c": "inifilename",
}


class Run:
    """The selected clinics of a run, and the appointments where only those are asked for."""

    def __init__(
        self,
        config: pytest.Config,
        terms: Terms,
        files: dict[Path, tuple[Fleet, Entry]],
        *,
        total: int,
        appointments: frozenset[str] = frozenset(),
    ) -> None:
        self.terms = terms
        self.total = total
        self.appointments = appointments
        self._config = config
        self.files = files
        self._judges: dict[Path, Judge | None] = {}
        ids: dict[str, Path] = {}
        for file in files:
            other = ids.setdefault(self.node_id(file), file)
            if other != file:
                raise pytest.UsageError(
                    f"{other} and {file} would be one item ({self.node_id(file)}): check them in"
                    " two runs, or with a --rootdir that holds both"
                )

    def record(self, file: Path) -> Record:
        fleet, entry = self.files[file]
        return fleet.record(entry)

    def judge(self, file: Path) -> Judge | None:
        """Who judges a selected clinic; nobody where its record cannot be read."""
        if file not in self._judges:
            fleet, entry = self.files[file]
            clinic = fleet.record(entry).clinic
            self._judges[file] = (
                Judge(clinic, fleet.neighbours(clinic), CATALOGUE, self.terms) if clinic else None
            )
        return self._judges[file]

    def node_id(self, file: Path) -> str:
        """A clinic file's id: its path from rootdir, or else from above its source's folder."""
        root = self._config.rootpath
        if not file.is_relative_to(root):
            root = self.files[file][0].source.root.parent
        return file.relative_to(root).as_posix()

    def shown(self, file: Path) -> str:
        """A file as it is named from the folder that pytest was called in."""
        try:
            return os.path.relpath(file, self._config.invocation_params.dir)
        except ValueError:  # another drive
            return str(file)

    def text(self, file: Path, judgement: Judgement, names: list[str]) -> str:
        """What a failure says. ``names`` lead from the clinic file to the item."""
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
            command=self._command(file, names),
            sync_window=duration(self.terms.sync_window),
        ).text()

    def unreadable_text(self, file: Path, names: list[str]) -> str:
        """What VL001 says of a record that cannot be read."""
        command = self._command(file, names)
        return unreadable(self.record(file), self.shown(file), VALID_DOCUMENT, command)

    def unreadable_reason(self, file: Path) -> str:
        """The first line of that."""
        return unreadable_summary(self.record(file))

    def _command(self, file: Path, names: list[str]) -> str:
        """The command that checks one item again, from the folder that pytest was called in."""
        given = self._config.invocation_params.args
        words = ["pytest"]
        for flag, name in _KEPT.items():
            value = self._config.getoption(name, None)
            if value is not None and any(str(word).startswith(flag) for word in given):
                words += [flag, str(value)] if flag == "-c" else [f"{flag}={value}"]
        if self._config.getoption("videolink_no_waivers"):
            words.append("--videolink-no-waivers")
        path = self.shown(file)
        if "[" in path or "::" in path:
            words += [f"--videolink-clinic={self.record(file).id}", "-k", " and ".join(names)]
        else:
            words.append("::".join((path, *names)))
        return shlex.join(words)
