"""The files that reports are written to: looked at before the run, replaced whole at its end."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from itertools import chain, groupby
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import listing, plural, printable
from pytest_videolink.reports.portions import Portion, UnfitName, portions
from pytest_videolink.reports.report import Report

MAX_BYTES = 32 * 1024 * 1024
"""How much is read of a file to tell whether it is a report that may be written over."""

_ROOMS = {
    ".html": "html",
    ".md": "markdown",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".sarif": "sarif",
}
_NARROWER = {
    ".baseline.json": "baseline",
    ".comment.md": "comment",
    ".scanning.sarif": "scanning",
}
"""Endings of names that ask for less of a format, for where it is taken."""
_CLINICS = (".json", ".xlsx")
"""The endings of reports that a clinic's document may have."""


class UnfitReport(Exception):
    """A report cannot be written where it is asked for; says why in one sentence."""


class Format(Protocol):
    """A way to write a report down. Every file of it begins with the same text.

    Where that is not enough, ``is_one`` tells a file of it from others, and where it takes a
    library, ``fault`` says that it is missing.
    """

    BEGINS: str

    def render(self, report: Report) -> str | bytes: ...


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file that a report is written to: as it was named, where it is, and its format."""

    given: str
    path: Path
    format: Format
    portion: Portion

    def write(self, report: Report) -> None:
        """Put the report in place of the file in one step. Raises :class:`OSError`."""
        rendered = self.format.render(self.portion(report))
        content = rendered.encode("utf-8", "replace") if isinstance(rendered, str) else rendered
        with _beside(self.path) as (temporary, file):
            file.write(content)
            file.close()
            os.replace(temporary, self.path)


def write(files: Iterable[ReportFile], report: Report) -> Iterator[tuple[str, str]]:
    """Write a report to files: each by its name, and why it could not be written, or nothing.

    Several files of one name, one for each clinic or owner, are told as one.
    """
    for given, some in groupby(files, lambda file: file.given):
        every, name = [*some], printable(given)
        try:
            for file in every:
                file.write(report)
        except OSError as error:
            why = error.strerror or type(error).__name__
            yield name, f"{name} could not be written: {why}"
        else:
            is_one = printable(every[0].path.name) == Path(name).name
            yield (name if is_one else f"{name} ({plural(len(every), 'file')})"), ""


@contextmanager
def _beside(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in the folder of another, gone again in the end unless it has been moved."""
    temporary = path.with_name(f".videolink-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            yield temporary, file
    finally:
        temporary.unlink(missing_ok=True)


def report_files(
    given: Iterable[str], folder: Path, sources: Iterable[Path], clinics: Sequence[str] = ()
) -> list[ReportFile]:
    """The files of these names, seen from a folder, each fit to be written.

    Their folders are made where they are missing. ``sources`` are the folders of the clinics'
    documents. Raises :class:`UnfitReport`.
    """
    files: list[ReportFile] = []
    roots = [Path(os.path.realpath(source)) for source in sources]
    for file in chain.from_iterable(_report_files(name, folder, clinics) for name in given):
        name = file.given
        if any(_same(other.path, file.path) for other in files):
            raise UnfitReport(f"{_told(name)} is asked for twice")
        if file.path.suffix.lower() in _CLINICS and any(map(file.path.is_relative_to, roots)):
            raise UnfitReport(
                f"{_told(name)} lies in the folder of the clinics, where it would be taken for one"
            )
        files.append(file)
    for file in files:
        with _writing(file.given):
            file.path.parent.mkdir(parents=True, exist_ok=True)
            with _beside(file.path):
                pass
    return files


def _report_files(name: str, folder: Path, clinics: Sequence[str]) -> Iterator[ReportFile]:
    """The files that a name stands for: one, or one for each clinic or owner."""
    try:
        for path, portion in portions(name, clinics):
            yield replace(_report_file(path, folder, portion), given=name)
    except UnfitName as error:
        raise UnfitReport(f"{_told(name)}: {error}") from None


def _report_file(name: str, folder: Path, portion: Portion) -> ReportFile:
    room = _room(name)
    if room is None:
        raise UnfitReport(f"{_told(name)} has to end in {listing(_ROOMS, 'or')}")
    module = import_module(f"pytest_videolink.reports.{room}")
    fault = getattr(module, "fault", str)()
    if fault:
        raise UnfitReport(f"{_told(name)}: {fault}")
    format = cast(Format, module)
    with _writing(name):
        path = Path(os.path.realpath(folder / name))
        unfit = _unfit(path, format)
    if unfit:
        raise UnfitReport(f"{_told(name)} cannot be written: {unfit}")
    return ReportFile(name, path, format, portion)


def _room(name: str) -> str | None:
    """The module of a file's format, by the end of its name."""
    for ending, room in _NARROWER.items():
        if name.lower().endswith(ending):
            return room
    return _ROOMS.get(Path(name).suffix.lower())


@contextmanager
def _writing(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UnfitReport(f"{_told(name)} cannot be written: {why}") from None


def _unfit(path: Path, format: Format) -> str:
    """Why what is there must not be written over. Raises :class:`OSError`."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(path).st_mode):
            return "it is no ordinary file"
        begins = format.BEGINS.encode()
        with path.open("r+b") as file:
            start = file.read(len(begins))
            is_one = getattr(format, "is_one", None)
            if start == begins and is_one and not is_one(start + file.read(MAX_BYTES)):
                start += b"?"
        if start not in (b"", begins):
            return "it holds something else than such a report; remove it, or name another file"
    return ""


def _same(one: Path, other: Path) -> bool:
    return os.path.normcase(one) == os.path.normcase(other)


def _told(name: str) -> str:
    return f"--videolink-report={printable(name)}"
