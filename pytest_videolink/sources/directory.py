"""A folder of clinic files, sub-folders included."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_videolink.record.characters import visible
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import MAX_BYTES
from pytest_videolink.record.text import WORKBOOKS
from pytest_videolink.sources.search import may_concern, workbook_may_concern
from pytest_videolink.sources.source import Entry, SourceError

if TYPE_CHECKING:
    from pytest_videolink.record.named_table import Reference
    from pytest_videolink.record.table import Table

SUFFIXES = (".yaml", ".yml", ".json", *WORKBOOKS)


def is_document(name: str) -> bool:
    """Whether a file of this name in a source is a clinic document.

    What a program keeps beside an open file (``~$bayside.xlsx``) is none.
    """
    return name.lower().endswith(SUFFIXES) and not name.startswith((".", "~$"))


def is_named_clinic(name: str) -> bool:
    """Whether a file says by its name alone that it is a clinic document."""
    return is_document(name) and Path(name).stem.endswith(".clinic")


def clinic_id(name: str) -> str:
    """The id of the clinic that a file of this name holds."""
    return os.path.splitext(name)[0].removesuffix(".clinic")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself: read as a file, it says so
        return False


def read(file: Path) -> bytes:
    """The bytes of a regular file of a size that can be: a pipe would never end, nor a disk."""
    opened = os.open(file, _TO_READ)  # much of what a fleet of thousands costs is spent here
    try:
        found = os.fstat(opened)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        if found.st_size > MAX_BYTES:
            raise OSError(errno.EFBIG, f"it has {found.st_size:,} bytes, more than {MAX_BYTES:,}")
        raw = part = os.read(opened, found.st_size + 1)  # in one go, where the size is what it was
        while part and found.st_size != len(raw) <= MAX_BYTES:
            raw += (part := os.read(opened, MAX_BYTES))
        return raw
    finally:
        os.close(opened)


_TO_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""A pipe is opened without waiting for who writes to it."""


class Directory:
    """Every clinic document in a folder and its folders; what is hidden is left out."""

    def __init__(self, root: Path, *, named_only: bool = False) -> None:
        self.root = root
        self._accepts = is_named_clinic if named_only else is_document
        self._deep = not named_only
        self._entries: tuple[Entry, ...] | None = None

    def entries(self) -> tuple[Entry, ...]:
        if self._entries is None:
            if not self.root.is_dir():
                raise SourceError(
                    f"there is no folder {visible(str(self.root))}: name the folder of your clinic"
                    " files with --videolink-source=DIR or the ini option videolink_source"
                )
            files = sorted(self._files())
            books = {file for file in files if file.name.lower().endswith(WORKBOOKS)}
            if books:
                from pytest_videolink.sources.named import named_tables

                tables = named_tables(files, books, read)
                files = [file for file in files if file not in tables]
            self._entries = tuple(Entry(clinic_id(file.name), file) for file in files)
        return self._entries

    def _files(self) -> Iterator[Path]:
        """The files of all real folders, and then of those that only links lead to.

        A link may lead to a folder that is there anyway, and even back to its own: which path a
        file is known by must not depend on the order in which the disk has them.
        """
        seen: set[str] = set()
        folders = [self.root]
        while folders:
            links: list[Path] = []
            for folder in folders:
                yield from self._real_files(folder, seen, links)
            folders = sorted(links)

    def _real_files(self, folder: Path, seen: set[str], links: list[Path]) -> Iterator[Path]:
        real = os.path.realpath(folder)
        if real in seen:
            return
        seen.add(real)
        try:
            with os.scandir(folder) as scan:
                found = sorted((each.name, _is_folder(each), each.is_symlink()) for each in scan)
        except OSError as error:
            raise SourceError(
                f"the folder {folder} cannot be searched for clinic files: {error.strerror}"
            ) from None
        for name, is_folder, is_link in found:
            if name.startswith("."):
                continue
            if not is_folder:
                if self._accepts(name):
                    yield folder / name
            elif self._deep and is_link:
                links.append(folder / name)
            elif self._deep:
                yield from self._real_files(folder / name, seen, links)

    def fetch(self, entries: Iterable[Entry]) -> Sequence[Entry]:
        return tuple(entries)

    def may_concern(self, entry: Entry, clinics: Iterable[Clinic]) -> bool:
        try:
            raw = self.read(entry)
        except OSError:
            return True
        if entry.file.name.lower().endswith(WORKBOOKS):
            return workbook_may_concern(raw, clinics)
        return may_concern(raw, clinics)

    def read(self, entry: Entry) -> bytes:
        return read(entry.file)

    def table(self, entry: Entry, named: Reference, read: Callable[[bytes], Table]) -> Table:
        return read(self._beside(entry, named.path))

    def _beside(self, entry: Entry, path: str) -> bytes:
        # Links are followed before the question is asked whether the file lies inside.
        try:
            file = (entry.file.parent / path).resolve()
        except (ValueError, RuntimeError):
            raise OSError(errno.ENOENT, "there is no such file") from None
        if not file.is_relative_to(self.root.resolve()):
            raise OSError(errno.EPERM, f"it is not inside the folder {self.root.name}")
        return read(file)
