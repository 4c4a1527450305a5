"""A document for a new clinic: every question with where to look, and what the PMS lists already.

What it asks comes from the schema. What it cannot leave blank holds a stand-in that says so; the
rest is blank, and so not recorded, and fails until somebody has looked.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_videolink.record import reader
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import parse
from pytest_videolink.record.grid import BadTable
from pytest_videolink.record.keys import Key, keys_of
from pytest_videolink.record.names import may_be_video
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.slugs import SLUG_EXPECTED, is_slug, slug_meant
from pytest_videolink.record.table import Row, Table
from pytest_videolink.record.text import as_typed, plural, rows_in_words, slug_of
from pytest_videolink.record.values import TO_BE_REPLACED, VERSION
from pytest_videolink.sources import columns
from pytest_videolink.sources.columns import Listed
from pytest_videolink.sources.directory import Directory, read
from pytest_videolink.sources.source import SourceError

WIDTH = 80

HEAD = """\
# {name}: what its Dashboard and its PMS are set to. Read it off the screens, answer what is
# blank, replace what says so, and leave blank what you cannot find out: it counts as not recorded.
# One more practitioner or type is an entry more: copy one, from its dash down, with another id.
# as_of comes last: it says that all of this was read. What is still open, and where to look:
#   pytest --videolink-clinic={id}"""

Entry = Mapping[str, str]
"""An entry of a list of the PMS, as the document has it: by key, without what is not recorded."""

DAY_SHEETS = "/day-sheets/"
"""The folder for day sheets, beside the clinics: they hold patients, and no commit may."""


@dataclass(frozen=True)
class Written:
    """A new document: its file, what is open in it by the screen that says it, and what was taken
    over from which columns of each export.
    """

    file: Path
    questions: Mapping[str, int]
    taken_over: tuple[str, ...]


class NotWritten(Exception):
    """Why there is no new document; the message begins with the clinic's id."""


def write(folder: Path, id: str, exports: Iterable[str], find: Callable[[str], Path]) -> Written:
    """Write a new clinic's document into a folder, which is made where there is none.

    ``exports`` are those of the PMS as the command names them, and ``find`` gives the file of a
    path in them. Raises :class:`NotWritten`.
    """
    if not is_slug(id):
        other = "other than all and appointment-..."
        raise NotWritten(f"{as_typed(id)}: {SLUG_EXPECTED}, {other}{slug_meant(id)}")
    _refuse_known(folder, id)
    lists, said = _lists(id, exports, find)
    asked = _asked(id, lists)
    text = document(id, asked)
    _, problems = reader.read(parse(text.encode()), id, no_table)
    if problems:
        raise NotWritten(f"{id}: the exports make no valid document: {problems[0].message}")
    file = folder / f"{id}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write(text)
        keep_day_sheets_out(folder)
    except OSError as error:
        raise NotWritten(f"{id}: {file} cannot be written: {error.strerror}") from None
    screens = Counter(map(_screen, _open(keys_of(Clinic).values(), asked)))
    return Written(file, dict(screens.most_common()), said)


def keep_day_sheets_out(folder: Path) -> None:
    """Keep the folder for day sheets out of commits. Raises :class:`OSError`."""
    ignored = folder / ".gitignore"
    there = ignored.read_text(encoding="utf-8") if ignored.exists() else ""
    if DAY_SHEETS not in there.split():
        between = "" if not there or there.endswith("\n") else "\n"
        ignored.write_text(f"{there}{between}{DAY_SHEETS}\n", encoding="utf-8", newline="\n")


def no_table(*_: object) -> Table:
    """Stands in for the tables of a document that names none."""
    raise FileNotFoundError


def listed(
    id: str, exports: Iterable[str], find: Callable[[str], Path]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What exports say of a new clinic, as a document's values, and what was taken over of each.

    ``exports`` and ``find`` are those of :func:`write`. Raises :class:`NotWritten`.
    """
    lists, said = _lists(id, exports, find)
    values = {
        "pms": {kind: [dict(entry) for entry in entries] for kind, entries in lists.items()},
        "practitioners": _profiles(lists.get("practitioners", [])),
        "appointment_types": _types(lists.get("appointment_types", [])),
    }
    return values, said


def _lists(
    id: str, exports: Iterable[str], find: Callable[[str], Path]
) -> tuple[dict[str, list[Entry]], tuple[str, ...]]:
    """The entries of exports, by the PMS's list that they are of, and what was taken over."""
    lists: dict[str, list[Entry]] = {}
    said = []
    for export in exports:
        listed = _listed(id, export, find)
        lists.setdefault(listed.lists, []).extend(map(_entry_of, listed.table.rows))
        said.append(_said(export, listed))
    return lists, tuple(said)


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


def _open(keys: Iterable[Key], asked: Mapping[str, Any]) -> Iterator[str]:
    """The descriptions of the keys that are left to be answered."""
    for key in keys:
        value = asked.get(key.name, {} if _always_there(key) else "")
        if isinstance(value, dict):
            yield from _open(key.keys, value)
        elif isinstance(value, list):
            for entry in value:
                yield from _open(key.keys, entry)
        elif not value or TO_BE_REPLACED in value:
            yield key.description


def _screen(description: str) -> str:
    """Where what a key asks is seen: a screen of the Dashboard, the PMS, or nowhere but here."""
    steps = re.split(r" > |[:.,]", description)
    if steps[0] == "Dashboard":
        return " > ".join(steps[:3]) if len(steps) > 2 and steps[1] == "Bookings" else "Dashboard"
    return "PMS" if re.search(r"\bPMS\b|Best Practice", description) else "your own answer"


# What the PMS lists


def _listed(id: str, export: str, find: Callable[[str], Path]) -> Listed:
    """What an export lists, by the columns that are known here; no other is looked at."""
    where = f"{id}: {as_typed(export)}"
    try:
        asked = columns.parse(export)
        where = f"{id}: {as_typed(find(asked.path).name)}"
        listed = columns.listed(read(find(asked.path)), asked)
    except columns.NotTold as error:
        raise NotWritten(f"{where}: {error}") from None
    except OSError as error:
        raise NotWritten(f"{where} cannot be read: {error.strerror}") from None
    except BadTable as error:
        place = f", row {error.row}" if error.row else ""
        raise NotWritten(f"{where}{place}: {error}") from None
    faults = listed.table.faults
    if faults:
        more = f" (and {plural(len(faults) - 1, 'more fault')})" if len(faults) > 1 else ""
        raise NotWritten(f"{where}, {faults[0]}{more}")
    return listed


def _said(export: str, listed: Listed) -> str:
    noun = listed.lists.replace("_", " ").removesuffix("s")
    none = (*listed.table.none, *listed.table.repeated)
    passed = f"; passed over: rows {rows_in_words(sorted(none))}" if none else ""
    return f"{as_typed(export)}: {plural(len(listed.table.rows), noun)}; {listed.said}{passed}"


def _entry_of(row: Row) -> Entry:
    flags = {True: "true", False: "false"}
    return {
        key: flags[value] if isinstance(value, bool) else value
        for key, value in row.values.items()
        if value is not None
    }


# The document


def document(id: str, asked: Mapping[str, Any]) -> str:
    """The text of a new clinic's document; ``asked`` are its values, as far as they are known."""
    name = id.replace("-", " ").title()
    sections = (
        "\n".join(_mapping((key,), asked, 0, told=True)) for key in keys_of(Clinic).values()
    )
    return "\n\n".join((HEAD.format(name=name, id=id), *sections)) + "\n"


def _asked(id: str, lists: Mapping[str, list[Entry]]) -> dict[str, Any]:
    """The values of a new document by key; ``lists`` are what the PMS lists."""
    return {
        "videolink": VERSION,
        "clinic": _written("id", id),
        "name": f"{TO_BE_REPLACED} ({id.replace('-', ' ').title()})",
        "timezone": TO_BE_REPLACED,
        "pms": {
            "system": TO_BE_REPLACED,
            "database": TO_BE_REPLACED,
            **{kind: [_quoted(entry) for entry in entries] for kind, entries in lists.items()},
        },
        "practitioners": _entries(_profiles(lists.get("practitioners", [])), PRACTITIONER),
        "appointment_types": _entries(_types(lists.get("appointment_types", [])), TYPE),
    }


PRACTITIONER = {"id": "practitioner-1", "name": f"{TO_BE_REPLACED} (Practitioner 1)"}
TYPE = {"id": "video-consult", "name": f"{TO_BE_REPLACED} (Video Consult)", "modality": "video"}
"""What a document begins with, where nobody and nothing is taken over."""


def _entries(taken: list[Entry], first: Entry) -> list[Entry]:
    return [{key: _written(key, value) for key, value in each.items()} for each in taken or [first]]


def _quoted(entry: Entry) -> dict[str, str]:
    return {key: _in_quotes(value) if key in _TEXTS else value for key, value in entry.items()}


_TEXTS = ("id", "name")
_STAND_IN = re.compile(rf"{TO_BE_REPLACED}[\w .()-]+")


def _written(key: str, value: str) -> str:
    """A value of a profile or a type as YAML has it; without quotes null would be nothing."""
    is_text = value == "null" if key == "id" else key == "name" and not _STAND_IN.fullmatch(value)
    return _in_quotes(value) if is_text else value


def _in_quotes(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _profiles(listed: list[Entry]) -> list[Entry]:
    """A profile for everybody who is active and has an appointment book."""
    profiles: dict[str, Entry] = {}
    for entry in listed:
        if "false" not in (entry.get("active"), entry.get("in_appointment_book")):
            id = _slug_of(entry["name"], profiles, "practitioner")
            profiles[id] = {"id": id, "name": entry["name"]}
    return [*profiles.values()]


def _types(listed: list[Entry]) -> list[Entry]:
    """A type for each of the PMS whose name says that it may be for video."""
    types: dict[str, Entry] = {}
    for entry in listed:
        if may_be_video(entry["name"]):
            id = _slug_of(entry["name"], types, "video")
            name = f"{TO_BE_REPLACED} ({entry['name']})"
            types[id] = {"id": id, "name": name, "modality": "video"}
    return [*types.values()]


def _slug_of(name: str, taken: Iterable[str], otherwise: str) -> str:
    slug = slug_of(name)
    slug = slug if is_slug(slug) else otherwise
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
