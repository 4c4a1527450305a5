"""One clinic file, read: what it is, or what is wrong with it and where."""

from __future__ import annotations

from pathlib import Path

from support import MemorySource

from pytest_videolink.record.clinic import Clinic
from pytest_videolink.sources.fleet import Fleet, Record
from pytest_videolink.sources.source import Entry

CLINIC = """\
videolink: 1
clinic: harbourside
name: Harbourside
timezone: Australia/Sydney
pms:
  system: zedmed
  database: SQL01
"""
"""The least that a clinic file must hold."""


class OneFile(MemorySource):
    """A source of one file."""

    def __init__(self, name: str, raw: str | bytes) -> None:
        super().__init__({Path(name).stem: raw})
        self._name = name

    def entries(self) -> tuple[Entry, ...]:
        return (Entry(Path(self._name).stem, self.root / self._name),)


def record(raw: str | bytes, name: str = "harbourside.yaml") -> Record:
    source = OneFile(name, raw)
    (entry,) = source.entries()
    found = Fleet(source, [entry]).record(entry)
    assert (found.clinic is None) == bool(found.problems)
    return found


def problems(raw: str | bytes, name: str = "harbourside.yaml") -> list[str]:
    """Every problem of a file as ``line:column message``."""
    return [
        f"{each.position[0]}:{each.position[1]} {each.message}"
        for each in record(raw, name).problems
    ]


def clinic_of(raw: str | bytes, name: str = "harbourside.yaml") -> Clinic:
    """The clinic of a file without problems."""
    found = record(raw, name)
    assert found.clinic is not None, found.problems
    return found.clinic
