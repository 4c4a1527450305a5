"""What was fetched from a source, as files: to point at, to keep, and to check again later.

A snapshot is a folder of clinic documents with a table of contents, ``.snapshot.json``: where they
came from, when, at which time they were checked, which clinics the source has besides, and what was
wrong with those that could not be kept. It is written aside first, as a whole, and becomes the
snapshot in one step, when its table of contents takes the place of the old one; from then on its
files stand in the folder named there until they have been moved up. So whoever is interrupted
leaves the old snapshot or the new one.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import Position, Problem
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.slugs import is_slug
from pytest_videolink.record.text import clean, listing
from pytest_videolink.sources.source import (
    Entry,
    Fetched,
    Listed,
    Source,
    SourceError,
    Unusable,
)

if TYPE_CHECKING:
    from pytest_videolink.record.named_table import Reference
    from pytest_videolink.record.table import Table

CONTENTS = ".snapshot.json"
VERSION = 1
FORMATS = ("yaml", "json")
_STAGE = ".new-"
_STALE = 24 * 3600
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}


def is_snapshot(folder: Path) -> bool:
    """Whether a folder holds a snapshot."""
    return (folder / CONTENTS).is_file()


@dataclass(frozen=True, slots=True)
class _Had:
    """What was had of one clinic: its document, or what is wrong with it."""

    entry: Entry
    document: bytes | Unusable


class FetchedFolder:
    """The clinics of a source that is no folder: what was had of them stands in ``root``.

    Raises :class:`SourceError` for clinics whose ids cannot be the names of files.
    """

    def __init__(self, root: Path, location: str, listed: Iterable[Listed]) -> None:
        self.root = root
        self.location = location
        self._listed: dict[str, Listed] = {}
        self._had: dict[str, _Had] = {}
        for each in listed:
            if not is_slug(each.id) or each.id in _DEVICES:
                raise SourceError(
                    f"the list of clinics at {location} is refused: {each.id[:40]!a} is no id"
                    " of a clinic (lower-case letters, digits and single hyphens, at most 64; no"
                    " reserved name)"
                )
            if each.id in self._listed:
                raise SourceError(
                    f"the list of clinics at {location} is refused: it has {each.id} twice"
                )
            self._listed[each.id] = each

    def entries(self) -> Sequence[Entry]:
        return [self._entry(id) for id in self._listed]

    def _entry(self, id: str) -> Entry:
        had = self._had.get(id)
        return had.entry if had else Entry(id, self.root / f"{id}.yaml", self.location)

    def fetch(self, entries: Iterable[Entry]) -> Sequence[Entry]:
        return [self._entry(entry.id) for entry in entries]

    def may_concern(self, entry: Entry, clinics: Iterable[Clinic]) -> bool:
        listed = self._listed[entry.id]
        return any(listed.may_concern(clinic) for clinic in clinics)

    def read(self, entry: Entry) -> bytes:
        had = self._had.get(entry.id)
        document = had.document if had else self._fault(entry.id, "it was not fetched")
        if isinstance(document, Unusable):
            raise document
        return document

    def _fault(self, id: str, fault: str) -> Unusable:
        listed = self._listed[id]
        return Unusable((Problem(fault),), listed.system, listed.database)

    def table(self, entry: Entry, named: Reference, read: Callable[[bytes], Table]) -> Table:
        raise OSError(errno.EPERM, "a document that is fetched has to hold what it lists itself")


class LiveFolder(FetchedFolder):
    """Clinics that are fetched when they are wanted.

    ``progress`` is told how many of how many documents have arrived.
    """

    def __init__(
        self, root: Path, source: Source, progress: Callable[[int, int], None] | None = None
    ) -> None:
        super().__init__(root, source.location, source.clinics())
        self._source = source
        self._progress = progress

    def fetch(self, entries: Iterable[Entry]) -> Sequence[Entry]:
        entries = list(entries)
        wanted = [entry.id for entry in entries if entry.id not in self._had]
        before = len(self._had)
        for fetched in self._source.documents(wanted) if wanted else ():
            self._had[fetched.id] = self._have(fetched)
            if self._progress is not None:
                self._progress(len(self._had), before + len(wanted))
        for id in wanted:
            if id not in self._had:
                self._had[id] = self._have(Fetched(id, fault="its source handed nothing over"))
        return super().fetch(entries)

    def _have(self, fetched: Fetched) -> _Had:
        if fetched.id not in self._listed or fetched.format not in FORMATS:
            raise SourceError(
                f"{self.location} handed over {clean(fetched.id, 40)!r} as"
                f" {clean(fetched.format, 40)!r}, which was not asked for"
            )
        file = self.root / f"{fetched.id}.{fetched.format}"
        entry = Entry(fetched.id, file, fetched.origin or self.location)
        if fetched.fault:
            return _Had(entry, self._fault(fetched.id, f"it could not be fetched: {fetched.fault}"))
        return _Had(entry, fetched.content)

    def keep(
        self, selected: Iterable[str], unusable: Mapping[str, Unusable], now: datetime
    ) -> None:
        """Write the snapshot of what was fetched, in place of an older one.

        ``selected`` are the clinics that it was fetched for. A document that is ``unusable`` is not
        kept, as it may hold what it must not. Raises :class:`SourceError`.
        """
        chosen = set(selected)
        with _writing(self.root):
            stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=self.root))
            clinics = []
            for id, listed in self._listed.items():
                row: dict[str, Any] = {**asdict(listed), "selected": id in chosen}
                if id in self._had:
                    row["document"] = _kept(stage, self._had[id], unusable.get(id))
                clinics.append(row)
            contents = {
                "videolink_snapshot": VERSION,
                "source": self.location,
                "fetched": datetime.now(timezone.utc).isoformat(timespec="seconds"),
                "checked_as_of": now.isoformat(),
                "staged": stage.name,
                "clinics": clinics,
            }
            _write(stage / ".gitignore", b"*\n")
            _write(stage / CONTENTS, json.dumps(contents, indent=1).encode())
            # The step that counts: before it the old snapshot stands, after it the new one.
            os.replace(stage / CONTENTS, self.root / CONTENTS)
            self._move_up(stage)

    def _move_up(self, stage: Path) -> None:
        """Take the new documents to where they belong, and the old ones away."""
        new = {path.name for path in stage.iterdir()}
        for name in new:
            os.replace(stage / name, self.root / name)
        for path in self.root.iterdir():
            if path == stage or (_is_stage(path) and path.stat().st_mtime < time.time() - _STALE):
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix[1:] in FORMATS and path.name not in (CONTENTS, *new):
                path.unlink(missing_ok=True)


def prepare(root: Path) -> None:
    """Make sure that a folder can take a snapshot. Raises :class:`SourceError`."""
    with _writing(root):
        root.mkdir(parents=True, exist_ok=True)
        if not is_snapshot(root) and not all(map(_is_stage, root.iterdir())):
            raise SourceError(
                f"{root} holds other files, so what is fetched is not put there: name another"
                " folder with --videolink-snapshot=DIR"
            )
        root.chmod(0o700)
        os.rmdir(tempfile.mkdtemp(prefix=_STAGE, dir=root))


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SourceError(
            f"what is fetched cannot be kept in {root} ({error.strerror}): name another folder with"
            " --videolink-snapshot=DIR"
        ) from None


def _is_stage(path: Path) -> bool:
    return path.name.startswith(_STAGE) and path.is_dir()


def _kept(stage: Path, had: _Had, found: Unusable | None) -> dict[str, Any]:
    kept = {"origin": had.entry.origin, "format": had.entry.file.suffix[1:]}
    document = found or had.document
    if isinstance(document, bytes):
        _write(stage / had.entry.file.name, document)
        return {**kept, "sha256": hashlib.sha256(document).hexdigest()}
    return {
        **kept,
        "problems": [
            [each.message, each.position.line, each.position.column] for each in document.problems
        ],
        "system": document.system,
        "database": document.database,
    }


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, and have it on the disk."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


class Snapshot(FetchedFolder):
    """A snapshot that was kept, to be checked again as it was, without its source.

    ``now`` is the time that it was checked against, ``fetched`` when that was. Raises
    :class:`SourceError`.
    """

    def __init__(self, root: Path) -> None:
        try:
            contents = json.loads((root / CONTENTS).read_bytes())
            if contents["videolink_snapshot"] != VERSION:
                raise ValueError
            super().__init__(root, contents["source"], map(_listed, contents["clinics"]))
            self.fetched = datetime.fromisoformat(contents["fetched"])
            self.now = datetime.fromisoformat(contents["checked_as_of"])
            self._selected = {row["id"] for row in contents["clinics"] if row["selected"]}
            for row in contents["clinics"]:
                if "document" in row:
                    stage = root / Path(contents["staged"]).name
                    self._had[row["id"]] = self._have(row["id"], row["document"], stage)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise SourceError(
                f"the snapshot {root} cannot be read: its table of contents, {CONTENTS}, is damaged"
                " or of another version; fetch it again"
            ) from None

    def _have(self, id: str, row: dict[str, Any], stage: Path) -> _Had:
        name = f"{id}.{FORMATS[FORMATS.index(row['format'])]}"
        entry = Entry(id, self.root / name, row["origin"])
        if "problems" in row:
            problems = tuple(
                Problem(message, Position(line, column))
                for message, line, column in row["problems"]
            )
            return _Had(entry, Unusable(problems, row["system"], row["database"]))
        for file in (stage / name, entry.file):
            with suppress(OSError):
                content = file.read_bytes()
                if hashlib.sha256(content).hexdigest() == row["sha256"]:
                    return _Had(entry, content)
        return _Had(entry, self._fault(id, f"{name} is not what was fetched: fetch it again"))

    def require(self, ids: Iterable[str]) -> None:
        """Refuse to check clinics that the snapshot was not fetched for.

        It may lack their neighbours. Raises :class:`SourceError`.
        """
        missing = sorted(set(ids) - self._selected)
        if missing:
            more = [f"{len(missing) - 3} more"] if len(missing) > 4 else missing[3:]
            raise SourceError(
                f"the snapshot {self.root} was not fetched for"
                f" {listing([*missing[:3], *more])}: check {listing(sorted(self._selected)[:10])},"
                f" or fetch again with --videolink-source={self.location}"
            )


def _listed(row: dict[str, Any]) -> Listed:
    shares = row["shares_database_with"]
    return Listed(
        row["id"], row["system"], row["database"], None if shares is None else tuple(shares)
    )
