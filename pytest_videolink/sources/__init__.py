"""Where clinic documents come from: a source lists the clinics there are and hands over each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class SourceError(Exception):
    """A source that cannot be used at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A clinic of a source: its id and the file that holds its document."""

    id: str
    file: Path


class Source(Protocol):
    """A collection of clinic documents."""

    root: Path
    """The folder that all files of the source lie in."""

    def entries(self) -> tuple[Entry, ...]:
        """Every clinic of the source. Raises :class:`SourceError`."""
        ...

    def read(self, entry: Entry) -> bytes:
        """The document of a clinic. Raises :class:`OSError` where it cannot be had."""
        ...

    def read_beside(self, entry: Entry, path: str) -> bytes:
        """A file that a clinic's document names, by its path from there.

        Raises :class:`OSError` where it cannot be had, or lies outside the source.
        """
        ...
