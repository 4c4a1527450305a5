"""Which clinics a run is about: those that are asked for, in the folder or the service asked."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from pytest_videolink.record.characters import visible
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import as_typed, clean, did_you_mean, listing, plural, printable
from pytest_videolink.reports.shards import is_in
from pytest_videolink.session.arguments import (
    appointments_asked,
    argument_paths,
    is_source_given,
    once_for_each,
    snapshot_folder,
    source_location,
    still_quoted,
)
from pytest_videolink.session.strays import elsewhere, refuse_strays
from pytest_videolink.session.tables import lead_to_clinics
from pytest_videolink.sources.directory import Directory, clinic_id, is_named_clinic
from pytest_videolink.sources.fleet import Fleet
from pytest_videolink.sources.snapshot import (
    FetchedFolder,
    LiveFolder,
    Snapshot,
    is_snapshot,
    prepare,
)
from pytest_videolink.sources.source import Entry, Folder, SourceError, Unusable

_CLINIC = "--videolink-clinic"
_PATTERN = set("*?[")
_Chosen: TypeAlias = dict[Path, tuple[Folder, Entry]]


@dataclass
class Selection:
    """The clinic files of a run, and the folders that lead to them.

    ``ids`` are the clinics asked for by name, ``total`` is how many the source has, and
    ``asked`` is what the report tells of all this. Where nothing
    but clinics is asked for, no ordinary test is collected (``exclusive``); else those of the
    ``paths`` that pytest was given are. Where one of these stands for clinics, it is ``by_path``
    that pytest comes to them. ``left_out`` are files that another part of a sharded run checks.
    ``root`` is the folder of the clinic documents, ``source`` what people know it by. ``now`` is
    the time that a snapshot is to be checked against, ``history`` how files got here.
    """

    root: Path
    source: str
    shard: str | None
    exclusive: bool
    paths: list[Path]
    fleets: list[Fleet] = field(default_factory=list)
    ids: tuple[str, ...] = ()
    by_path: bool = False
    total: int = 0
    asked: dict[str, Any] = field(default_factory=dict)
    left_out: set[Path] = field(default_factory=set)
    folders: dict[Path, set[Path]] = field(default_factory=lambda: defaultdict(set))
    now: datetime | None = None
    history: str = ""

    @classmethod
    def of(cls, config: pytest.Config) -> Selection:
        """Work out what is selected, fetch it, and hand pytest the paths for it."""
        folder = _open(config)
        lead_to_clinics(config, folder)
        selection = cls._asked(config, folder.root, _known_by(folder))
        chosen = selection._named(config, folder)
        at_paths = selection._at_paths(config, folder)
        if at_paths:
            chosen, selection.by_path = at_paths, True
            there = {entry.id for _, entry in at_paths.values()}
            selection.ids = tuple(id for id in selection.ids if id in there)
        refuse_strays(config, folder, selection.paths, chosen)
        selection.asked = {
            "source": _told_as(config, folder),
            "asked": tuple(map(clean, config.option.videolink_clinic)),
        }
        selection._choose(chosen, appointments_asked(config))
        selection._lead(config)
        return selection

    def _named(self, config: pytest.Config, folder: Folder) -> _Chosen:
        """The clinics that are asked for by name."""
        asked = config.option.videolink_clinic
        if not asked:
            return {}
        entries = folder.entries()
        if not entries:
            raise _empty(folder)
        self.ids = _matching(asked, {entry.id for entry in entries}, self.source)
        return {entry.file: (folder, entry) for entry in entries if entry.id in self.ids}

    def _at_paths(self, config: pytest.Config, folder: Folder) -> _Chosen:
        """The clinics that paths stand for; of several that are asked for by name, these alone.

        An editor keeps ``--videolink-clinic`` in its settings, and adds the id of what is clicked.
        """
        asked = config.option.videolink_clinic
        chosen: _Chosen = {}
        named = {} if self.exclusive else {path: each for each, path in argument_paths(config)}
        for path, argument in named.items():
            there = _entries_at(path, folder)
            if path == folder.root and is_source_given(config) and not folder.entries():
                raise _empty(folder)
            wanted = {
                file: each for file, each in there.items() if not asked or _is_asked(each[1], asked)
            }
            if there and not wanted:
                raise pytest.UsageError(
                    f"{argument} has no clinic of --videolink-clinic={clean(' or '.join(asked))}:"
                    " leave out one of the two"
                )
            chosen |= wanted
        return chosen

    @classmethod
    def taken_over(cls, config: pytest.Config, handed: dict[str, Any]) -> Selection:
        """What the controller of xdist has selected, for one of its workers."""
        from pytest_videolink.session.xdist import take_over

        selection = cls._asked(config, Path(handed["root"]), handed["source"])
        selection.fleets = [take_over(each) for each in handed["fleets"]]
        selection.ids, selection.total = tuple(handed["ids"]), handed["total"]
        selection.by_path = handed["by_path"]
        selection.left_out = set(map(Path, handed["left_out"]))
        selection._lead(config)
        return selection

    def hand_over(self) -> dict[str, Any]:
        """What :meth:`taken_over` takes over: plain values."""
        from pytest_videolink.session.xdist import hand_over

        return {
            "root": str(self.root),
            "source": self.source,
            "fleets": [hand_over(fleet) for fleet in self.fleets],
            "ids": list(self.ids),
            "by_path": self.by_path,
            "total": self.total,
            "left_out": [str(file) for file in self.left_out],
        }

    @classmethod
    def _asked(cls, config: pytest.Config, root: Path, source: str) -> Selection:
        by_path = config.args_source is config.ArgsSource.ARGS
        exclusive = bool(config.option.videolink_clinic) and not by_path
        paths = [] if exclusive else list(dict.fromkeys(path for _, path in argument_paths(config)))
        return cls(root, source, config.option.videolink_shard, exclusive, paths)

    @cached_property
    def files(self) -> dict[Path, tuple[Fleet, Entry]]:
        return {entry.file: (fleet, entry) for fleet in self.fleets for entry in fleet.selected}

    @property
    def is_absent(self) -> bool:
        """Whether the files are on another machine, that of xdist's controller."""
        return bool(self.fleets) and not self.root.is_dir()

    def keep(self, now: datetime) -> None:
        """Keep what was fetched; the neighbours of the selected clinics are fetched by then.

        Raises :class:`SourceError`.
        """
        for fleet in self.fleets:
            if isinstance(fleet.folder, LiveFolder):
                unusable = {
                    record.id: Unusable(record.problems, record.system, record.database)
                    for record in fleet.records()
                    if record.problems
                }
                fleet.folder.keep([entry.id for entry in fleet.selected], unusable, now)

    def has_others(self, folder: Path) -> bool:
        """Whether ordinary tests are asked for in a folder or below it."""
        return any(
            path.is_relative_to(folder) or folder.is_relative_to(path) for path in self.paths
        )

    def _choose(self, chosen: _Chosen, asked: frozenset[str]) -> None:
        everything = sorted(chosen.values(), key=lambda each: (each[1].id, each[1].file))
        ids = sorted({entry.id for _, entry in everything})
        part = {id for id in ids if is_in(id, _part(self.shard))}
        mine = [each for each in everything if each[1].id in part]
        self.left_out = set(chosen) - {entry.file for _, entry in mine}
        known = {
            entry.id
            for folder in {each for each, _ in chosen.values()}
            for entry in folder.entries()
        }
        self.asked |= {
            "ids": tuple(map(clean, sorted(known))),
            "selected": tuple(map(clean, ids)),
            "part": _part(self.shard),
        }
        by_folder: dict[Folder, list[Entry]] = defaultdict(list)
        for folder, entry in mine:
            by_folder[folder].append(entry)
        for folder, entries in by_folder.items():
            if isinstance(folder, Snapshot):
                folder.require(entry.id for entry in entries)
                self.now = folder.now
                self.history = f" of {folder.location}, as fetched {folder.fetched.isoformat()}"
            elif isinstance(folder, LiveFolder):
                self.history = f" of {folder.location}"
            self.total += len(folder.entries())
            self.fleets.append(Fleet(folder, folder.fetch(entries), asked))

    def _lead(self, config: pytest.Config) -> None:
        """Have pytest come to the selected files, and to no others."""
        if self.left_out and not self.exclusive:
            config.args = [
                argument for argument, path in argument_paths(config) if path not in self.left_out
            ]
        top = self._hand_to_pytest(config) if self.ids and not self.by_path else self.root
        for fleet in self.fleets:
            end = top if fleet.folder.root == self.root else fleet.folder.root
            for entry in fleet.selected:
                path = entry.file
                while path != end:
                    self.folders[path.parent].add(path)
                    path = path.parent

    def _hand_to_pytest(self, config: pytest.Config) -> Path:
        """Have pytest collect the source's folder. Returns the folder it is given.

        pytest takes a bracket in a path for a parameter, so it is given a folder above then.
        """
        here = config.invocation_params.dir
        top = root = self.root
        if self.is_absent:
            config.args = [] if self.exclusive else config.args
            return top
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


def _open(config: pytest.Config) -> Folder:
    """The clinics that a run chooses from. Raises :class:`SourceError`."""
    location = source_location(config)
    source = config.hook.pytest_videolink_source(config=config, location=location)
    if source is None:
        scheme = location.partition("://")[0]
        raise SourceError(
            f"no plugin that is installed knows the source {clean(scheme)}://: expected a folder,"
            " or an address that begins with https:// or http://"
        )
    if isinstance(source, Path):
        folder = config.rootpath / source
        if not folder.is_dir() and config.option.videolink_source is None:
            _refuse_missing(config, folder)
        return Snapshot(folder) if is_snapshot(folder) else Directory(folder)
    if not hasattr(source, "clinics") or not hasattr(source, "documents"):
        raise SourceError(
            f"a plugin gave a {type(source).__name__} for the source {clean(location)}: expected a"
            " Path, or an object with clinics() and documents(ids) (pytest_videolink_source)"
        )
    root = snapshot_folder(config)
    prepare(root)
    return LiveFolder(root, source, _progress if sys.stderr.isatty() else None)


def _refuse_missing(config: pytest.Config, folder: Path) -> None:
    """Say where the clinics may be, if nobody named the folder; else it is said later."""
    hint = elsewhere(config, folder)
    if hint:
        raise SourceError(f"there is no folder {visible(str(folder))}{hint}")


def _progress(arrived: int, total: int) -> None:
    end = "\n" if arrived == total else ""
    sys.stderr.write(f"\rvideolink: {arrived:,} of {plural(total, 'document')} fetched{end}")
    sys.stderr.flush()


def _known_by(folder: Folder) -> str:
    """What people know the source of a folder by."""
    if isinstance(folder, Snapshot):
        return f"the snapshot {folder.root} of {folder.location}"
    return folder.location if isinstance(folder, FetchedFolder) else str(folder.root)


def _told_as(config: pytest.Config, folder: Folder) -> str:
    """The source as a report names it, which another machine has elsewhere."""
    if isinstance(folder, FetchedFolder):
        return clean(folder.location, 300)
    root = folder.root
    inside = root.is_relative_to(config.rootpath)
    return printable(root.relative_to(config.rootpath).as_posix() if inside else root.name)


def _empty(folder: Folder) -> SourceError:
    if isinstance(folder, FetchedFolder):
        return SourceError(f"there is no clinic in the list of {_known_by(folder)}")
    return SourceError(
        f"there is no clinic file (.yaml, .yml, .json or .xlsx) in {folder.root}: put the clinics'"
        " documents there, or name their folder with --videolink-source=DIR"
    )


def _matching(asked: Iterable[str], known: set[str], source: str) -> tuple[str, ...]:
    """The ids that are asked for by id or by pattern; each has to match something."""
    matched: set[str] = set()
    for name in asked:
        found = {id for id in known if id == name}
        if not found and _PATTERN & set(name):
            found = {id for id in known if fnmatchcase(id, name)}
        if not found:
            of_path = {clinic_id(os.path.basename(name))} & known
            near = [*of_path] or did_you_mean(name, sorted(known)) or sorted(known)[:3]
            nearest = f"nearest: {listing(map(clean, near), 'or')}"
            kind = "matches no clinic" if _PATTERN & set(name) else "is no clinic"
            raise pytest.UsageError(
                f"{_CLINIC}={as_typed(name)} {kind} in {source}, which has"
                f" {plural(len(known), 'clinic')};"
                f" {still_quoted(_CLINIC, name) or once_for_each(_CLINIC, name, known) or nearest}"
            )
        matched |= found
    return tuple(sorted(matched))


def _is_asked(entry: Entry, asked: Iterable[str]) -> bool:
    """Whether a clinic is among those that are asked for by id or by pattern."""
    return any(
        entry.id == name or (_PATTERN & set(name) and fnmatchcase(entry.id, name)) for name in asked
    )


def _entries_at(path: Path, folder: Folder) -> _Chosen:
    """The clinics that a path on the command line stands for."""
    if path.is_relative_to(folder.root):
        # Whether a document is YAML or JSON is known when it has been fetched.
        to_come = path.with_suffix("") if isinstance(folder, LiveFolder) else None
        return {
            entry.file: (folder, entry)
            for entry in folder.entries()
            if entry.file.is_relative_to(path) or entry.file.with_suffix("") == to_come
        }
    if path.is_file() and is_named_clinic(path.name):
        alone = Directory(path.parent, named_only=True)
        return {entry.file: (alone, entry) for entry in alone.entries() if entry.file == path}
    return {}


def _part(shard: str | None) -> str:
    """A part ``K/N`` as it is asked for; nothing where all is."""
    if shard is None:
        return ""
    first, slash, count = shard.partition("/")
    if slash and first.isdecimal() and count.isdecimal() and 1 <= int(first) <= int(count):
        return f"{int(first)}/{int(count)}"
    raise pytest.UsageError(
        f"--videolink-shard={as_typed(shard)}: expected K/N with K from 1 to N, such as 2/8"
    )
