"""A document for a new clinic: every question with where to look, and what the PMS lists already.

What it asks comes from the schema. What it cannot leave blank holds a stand-in that says so; the
rest is blank, and so not recorded, and fails until somebody has looked.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_videolink.record import reader, tables
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import parse
from pytest_videolink.record.keys import Key, keys_of
from pytest_videolink.record.table import Table
from pytest_videolink.record.text import clean, spelled_out
from pytest_videolink.record.values import SLUG_EXPECTED, TO_BE_REPLACED, VERSION, is_flag, is_slug
from pytest_videolink.sources.directory import Directory
from pytest_videolink.sources.source import SourceError

WIDTH = 80

HEAD = """\
# {name}: what its Dashboard and its PMS are set to. Read it off the screens, answer what is
# blank, replace what says so, and leave blank what you cannot find out: it counts as not recorded.
# as_of comes last: it says that all of this was read. What is still open, and where to look:
#
#   pytest --videolink-clinic={id}"""

COLUMNS = {
    "id": "id",
    "name": "name",
    "active": "active",
    "in_appointment_book": "in_appointment_book",
}
OPTIONAL = ("active", "in_appointment_book")

Entry = Mapping[str, str]


class NotWritten(Exception):
    """Why there is no new document; the message begins with the clinic's id."""


def write(folder: Path, id: str, exports: Iterable[Path]) -> tuple[Path, int]:
    """Write a new clinic's document into a folder, which is made where there is none.

    Returns the file, and how many questions it leaves open. Raises :class:`NotWritten`.
    """
    if not is_slug(id):
        raise NotWritten(f"{clean(id)}: {SLUG_EXPECTED}, other than all and appointment-...")
    _refuse_known(folder, id)
    lists: dict[str, list[Entry]] = {}
    for export in exports:
        kind = _kind(id, export)
        lists.setdefault(kind, []).extend(_listed(id, export, kind))
    text = document(id, lists)
    _, problems = reader.read(parse(text.encode()), id, _no_table)
    if problems:
        raise NotWritten(f"{id}: the exports make no valid document: {problems[0].message}")
    file = folder / f"{id}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except OSError as error:
        raise NotWritten(f"{id}: {file} cannot be written: {error.strerror}") from None
    return file, sum(line.endswith(":") or TO_BE_REPLACED in line for line in _values(text))


def _no_table(*_: object) -> Table:
    raise FileNotFoundError  # a new document names none


def _refuse_known(folder: Path, id: str) -> None:
    if not folder.exists():
        return
    try:
        entries = Directory(folder).entries()
    except SourceError as error:
        raise NotWritten(f"{id}: {error}") from None
    known = next((entry.file for entry in entries if entry.id == id), None)
    if known is not None:
        raise NotWritten(f"{id}: there is such a clinic already, {known}; no file is written over")


def _values(text: str) -> Iterator[str]:
    """The lines of a skeleton that are to be answered, or are answered; not those above others."""
    lines = [line for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if _indent(following) <= _indent(line):
            yield line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


# What the PMS lists


def _kind(id: str, export: Path) -> str:
    """Which of the PMS's lists an export holds, by its name."""
    name = export.stem.casefold()
    if "practitioner" in name:
        return "practitioners"
    if "type" in name:
        return "appointment_types"
    raise NotWritten(
        f"{id}: it cannot be told what {clean(export.name)} lists: name it practitioners.csv or"
        " appointment-types.csv"
    )


def _alike(column: str) -> str:
    return re.sub(r"[\s_-]+", "_", column.strip().casefold())


def _listed(id: str, export: Path, kind: str) -> Iterator[Entry]:
    """The entries of an export, by the columns that are known here; no other is looked at."""
    columns = {
        field: column
        for field, column in COLUMNS.items()
        if kind == "practitioners" or field != "in_appointment_book"
    }
    where = f"{id}: {clean(export.name)}"
    try:
        for row in tables.project(export.read_bytes(), columns, optional=OPTIONAL, alike=_alike):
            for field, cell in row.cells.items():
                if not cell and field not in OPTIONAL:
                    raise NotWritten(f"{where}, row {row.number}: its {field} is empty")
                if cell and field in OPTIONAL and not is_flag(cell):
                    raise NotWritten(
                        f"{where}, row {row.number}: {field} is not true or false (or yes, no)"
                    )
            yield row.cells
    except OSError as error:
        raise NotWritten(f"{where} cannot be read: {error.strerror}") from None
    except tables.BadSheet as error:
        place = f", row {error.row}" if error.row else ""
        also = ", in_appointment_book" if kind == "practitioners" else ""
        raise NotWritten(
            f"{where}{place}: {error} (expected the columns id and name, and where there are such"
            f" active{also})"
        ) from None


# The document


def document(id: str, lists: Mapping[str, list[Entry]]) -> str:
    """The text of a new clinic's document. ``lists`` are what the PMS lists, by key."""
    name = id.replace("-", " ").title()
    asked: dict[str, Any] = {
        "videolink": VERSION,
        "clinic": id,
        "name": f"{TO_BE_REPLACED} ({name})",
        "timezone": TO_BE_REPLACED,
        "pms": {
            "system": TO_BE_REPLACED,
            "database": TO_BE_REPLACED,
            **{kind: [_quoted(entry) for entry in entries] for kind, entries in lists.items()},
        },
        "practitioners": _profiles(lists.get("practitioners", [])),
        "appointment_types": [
            {
                "id": "video-consult",
                "name": f"{TO_BE_REPLACED} (Video Consult)",
                "modality": "video",
            }
        ],
    }
    sections = (
        "\n".join(_mapping((key,), asked, 0, told=True)) for key in keys_of(Clinic).values()
    )
    return "\n\n".join((HEAD.format(name=name, id=id), *sections)) + "\n"


def _quoted(entry: Entry) -> dict[str, str]:
    return {key: _flow(key, value) for key, value in entry.items() if value}


def _flow(key: str, value: str) -> str:
    return value if key in OPTIONAL else json.dumps(value, ensure_ascii=False)


def _profiles(listed: list[Entry]) -> list[dict[str, str]]:
    """A profile for everybody whom the PMS lists as active, or one to begin with."""
    profiles: dict[str, dict[str, str]] = {}
    for entry in listed:
        if entry.get("active", "").lower() in ("", "true", "yes", "on"):
            id = _slug_of(entry["name"], profiles)
            profiles[id] = {"id": id, "name": _flow("name", entry["name"])}
    if not profiles:
        first = {"id": "practitioner-1", "name": f"{TO_BE_REPLACED} (Practitioner 1)"}
        profiles["practitioner-1"] = first
    return [{**profile, "expects_video": "true"} for profile in profiles.values()]


def _slug_of(name: str, taken: Iterable[str]) -> str:
    slug = "-".join(re.findall("[a-z0-9]+", spelled_out(name)))[:40].strip("-")
    slug = slug if is_slug(slug) else "practitioner"
    numbered = (slug if number == 1 else f"{slug}-{number}" for number in range(1, 10_000))
    return next(each for each in numbered if each not in taken)


def _mapping(
    keys: Iterable[Key], asked: Mapping[str, Any], indent: int, *, told: bool
) -> Iterator[str]:
    """The lines of some keys; with their descriptions, where those are not told above already."""
    space = " " * indent
    for key in keys:
        if told:
            yield from textwrap.wrap(
                key.description,
                WIDTH,
                initial_indent=f"{space}# ",
                subsequent_indent=f"{space}# ",
                break_on_hyphens=False,
            )
        value = asked.get(key.name, {} if _always_there(key) else "")
        if isinstance(value, str):
            yield f"{space}{key.name}: {value}".rstrip()
            continue
        yield f"{space}{key.name}:"
        if isinstance(value, dict):
            yield from _mapping(key.keys, value, indent + 2, told=told)
        for number, entry in enumerate(value if isinstance(value, list) else ()):
            yield from _entry(key.keys, entry, indent + 2, told=told and number == 0)


def _always_there(key: Key) -> bool:
    return key.name == "dashboard"


def _entry(
    keys: Iterable[Key], asked: Mapping[str, Any], indent: int, *, told: bool
) -> Iterator[str]:
    """The lines of an entry in a list, a dash before its first key."""
    lines = list(_mapping(keys, asked, indent + 2, told=told))
    first = next(place for place, line in enumerate(lines) if line.strip()[0] != "#")
    yield from (line[2:] for line in lines[:first])
    yield f"{' ' * indent}- {lines[first].strip()}"
    yield from lines[first + 1 :]
