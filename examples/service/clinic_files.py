"""The clinics of a folder of clinic files, as a service hands them over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from pytest_videolink.record import reader
from pytest_videolink.record.clinic import Appointment, Clinic
from pytest_videolink.record.document import Document, Plain, Problem, Unreadable, parse
from pytest_videolink.record.handed import plain_of
from pytest_videolink.record.named_table import NamedTable
from pytest_videolink.record.slugs import is_slug
from pytest_videolink.record.text import WORKBOOKS
from pytest_videolink.sources.convert import NotConverted, recorded, to_yaml
from pytest_videolink.sources.directory import Directory
from pytest_videolink.sources.source import Entry, SourceError

JSON = "application/json"
YAML = "application/yaml"


class CannotServe(Exception):
    """Why something cannot be handed over; fit to be told to whoever asks for it."""


@dataclass(frozen=True)
class Served:
    """A clinic's document as it is handed over."""

    media_type: str
    body: bytes


class ClinicFiles:
    """The clinics of a folder, by their ids, as they are at this moment.

    A clinic is only ever looked up among the files that were found, so no id leads out of the
    folder. Raises :class:`CannotServe` where the folder cannot be listed as clinics.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = Directory(folder)
        self._files: dict[str, list[Entry]] = {}
        for entry in self._entries():
            if not is_slug(entry.id):
                raise CannotServe(
                    f"{self._name(entry)} is named like no clinic: rename it to the clinic's id,"
                    " lower-case letters, digits and single hyphens, or take it away"
                )
            self._files.setdefault(entry.id, []).append(entry)
        self.ids = sorted(self._files)

    def document(self, id: str) -> Served:
        """A clinic's document: its file, byte by byte, unless that names tables.

        A workbook is handed over as YAML.

        Raises :class:`KeyError` for an unknown clinic, :class:`CannotServe` for one whose document
        cannot be had.
        """
        entry, raw = self._read(id)
        try:
            document = _parse(entry, raw)
        except Unreadable:
            document = None  # whoever asks finds the same, and shows where
        if document is not None and _names_tables(document.root.plain()):
            return self._with_tables(entry, document)
        return Served(JSON if _is_json(entry) else YAML, raw)

    def pms(self, id: str) -> dict[str, Any] | None:
        """What the list says of a clinic's PMS; ``None`` where its file is no clinic document."""
        try:
            entry, raw = self._read(id)
            clinic, _ = self._clinic(entry, _parse(entry, raw))
        except (CannotServe, Unreadable):
            return None
        if clinic is None:
            return None
        shares = clinic.pms.shares_database_with
        return {
            "system": clinic.pms.system,
            "database": clinic.pms.database,
            "shares_database_with": None if shares is None else list(shares),
        }

    def _entries(self) -> tuple[Entry, ...]:
        try:
            return self._folder.entries()
        except SourceError as error:  # it names the folder, which is nobody else's business
            raise CannotServe("the folder of the clinic files cannot be searched") from error

    def _name(self, entry: Entry) -> str:
        return entry.file.relative_to(self._folder.root).as_posix()

    def _read(self, id: str) -> tuple[Entry, bytes]:
        entry, *twins = self._files[id]
        if twins:
            names = " and ".join(map(self._name, [entry, *twins]))
            raise CannotServe(f"{names} are files for one clinic: keep one of them")
        try:
            if entry.file.suffix.lower() in WORKBOOKS:
                return entry, to_yaml(entry.id, *recorded(entry.file, entry.id))
            return entry, self._folder.read(entry)
        except NotConverted as error:
            raise CannotServe(f"{self._name(entry)} is no clinic: {error}") from error
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise CannotServe(f"{self._name(entry)} cannot be read: {why}") from error

    def _clinic(self, entry: Entry, document: Document) -> tuple[Clinic | None, list[Problem]]:
        return reader.read(document, entry.id, partial(self._folder.table, entry))

    def _with_tables(self, entry: Entry, document: Document) -> Served:
        """The document with what its tables list written into it.

        The tables stay here, and with them all of their columns that are not named: what is handed
        over is read and checked as the plugin would do it. A table that cannot be read whole, or
        that lacks what an appointment must have, is handed over as it is named, with what came of
        it: whoever asks has no other way to read it, and fails VL007 for the same reasons.
        """
        clinic, problems = self._clinic(entry, document)
        if clinic is None:
            said = "; ".join(f"line {each.position.line}: {each.message}" for each in problems)
            raise CannotServe(f"{self._name(entry)} names tables and has problems: {said}")
        plain: Any = document.root.plain()
        for table in clinic.tables:
            *above, key = table.of.split(".")
            parent = plain[above[0]] if above else plain
            if _is_whole(table):
                parent[key] = _entries(table, clinic)
            else:
                parent[key]["read"] = plain_of(table.table, table.why, clinic.timezone)
        return Served(YAML, _to_yaml(plain))


def _is_json(entry: Entry) -> bool:
    return entry.file.suffix.lower() == ".json"


def _parse(entry: Entry, raw: bytes) -> Document:
    return parse(raw, as_json=_is_json(entry))


def _names_tables(plain: Plain) -> bool:
    if not isinstance(plain, dict):
        return False
    pms = plain.get("pms")
    lists = [pms.get(key) for key in reader.LISTS] if isinstance(pms, dict) else []
    return any(isinstance(each, dict) for each in (plain.get(reader.SHEET), *lists))


def _is_whole(table: NamedTable) -> bool:
    """Whether all that a table says can be written into a document."""
    columns = table.reference.declaration.columns
    needed = {"created", "link"} if table.is_day_sheet else set()
    rows = table.table.rows
    return table.is_whole and all(
        key in columns and all(row.values[key] is not None for row in rows) for key in needed
    )


def _entries(table: NamedTable, clinic: Clinic) -> list[dict[str, str]]:
    """The entries of a table as a clinic document records them."""
    if table.is_day_sheet:
        return [_written(each, clinic.timezone) for each in clinic.appointments]
    return [
        {key: _text(value) for key, value in row.values.items() if value is not None}
        for row in table.table.rows
    ]


def _text(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()


def _written(appointment: Appointment, zone: tzinfo) -> dict[str, str]:
    """An appointment as a clinic document records it."""
    assert appointment.created is not None
    written = {
        "id": appointment.id,
        "practitioner": appointment.practitioner,
        "pms_type": appointment.pms_type,
        "created": appointment.created.astimezone(zone).isoformat(),
        "starts": appointment.starts.astimezone(zone).isoformat(),
        "link": "true" if appointment.link else "false",
    }
    if appointment.seen_at is not None:
        written["seen_at"] = appointment.seen_at.astimezone(zone).isoformat()
    if appointment.modality is not None:
        written["modality"] = appointment.modality
    return written


class _AsRead(yaml.SafeDumper):
    """Writes plain words without quotes, also where they look like a number or a time.

    In a clinic document every scalar is the text that stands there, but for the plain null, and for
    what may be mistyped, such as a quote at one end: that is in quotes.
    """

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012


_AsRead.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("(~|null|)$"), ["~", "n", ""])


_PLAIN = re.compile(r"\w+([ :.+-]\w+)*")


def _scalar(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = None if _PLAIN.fullmatch(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_AsRead.add_representer(str, _scalar)


def _to_yaml(plain: Plain) -> bytes:
    text: str = yaml.dump(plain, Dumper=_AsRead, sort_keys=False, allow_unicode=True, width=1000)
    return text.encode()
