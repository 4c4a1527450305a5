"""A clinic's document in another form: a workbook as YAML, and YAML or JSON as a workbook.

Nothing is lost on the way but comments: what has no place in the other form is refused by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pytest_videolink.record import reader, sheets, workbook
from pytest_videolink.record.clinic import AppointmentType, Clinic
from pytest_videolink.record.document import Document, Plain, Unreadable, parse
from pytest_videolink.record.keys import Key, keys_of
from pytest_videolink.record.labels import label_of
from pytest_videolink.record.slugs import SLUG_EXPECTED, is_slug, slug_meant
from pytest_videolink.record.text import clean
from pytest_videolink.record.values import FLAG, TO_BE_REPLACED
from pytest_videolink.sources.directory import Directory, read
from pytest_videolink.sources.fill_in import render
from pytest_videolink.sources.new import keep_day_sheets_out, no_table
from pytest_videolink.sources.search import workbook_is_clinic
from pytest_videolink.sources.source import SourceError

BOOK = sheets.SUFFIX
_DOCUMENTS = (".yaml", ".yml", ".json")


Listed: TypeAlias = Callable[[str], tuple[Mapping[str, Any], Sequence[str]]]
"""What exports of the PMS say of the clinic with an id, and what was taken over of each."""


class NotConverted(Exception):
    """Why there is no such document in another form."""


def is_asked_for(name: str, given: Iterable[Path]) -> bool:
    """Whether a workbook is asked for, or what is given is a document to be taken over whole."""
    return name.lower().endswith(BOOK) or any(map(is_document, given))


def is_document(path: Path) -> bool:
    """Whether a file is a clinic's document, and not a table of what a PMS lists."""
    suffix = path.suffix.lower()
    if suffix in _DOCUMENTS:
        return True
    try:
        return suffix == BOOK and workbook_is_clinic(read(path))
    except OSError:
        return False


def write(
    folder: Path, name: str, given: Sequence[Path], lists: Listed, command: str
) -> tuple[Path, str]:
    """Write a clinic's document in another form, or a workbook to fill in.

    ``name`` is the new document's id, with ``.xlsx`` behind it for a workbook, ``given`` what it is
    made of, and ``lists`` reads what a PMS lists, where those are exports. Returns the file, and
    what there is to say of it. Raises :class:`NotConverted`.
    """
    id = name[: -len(BOOK)] if name.lower().endswith(BOOK) else name
    if not is_slug(id):
        other = "other than all and appointment-..."
        raise NotConverted(f"{SLUG_EXPECTED}, {other}{slug_meant(id)}")
    documents = [path for path in given if is_document(path)]
    if documents and len(given) > 1:
        raise NotConverted(f"{documents[0].name} is a whole document: name no other file beside it")
    twin = _refuse_known(folder, id, documents)
    is_book = id != name
    if documents:
        plain, clinic = recorded(documents[0], id)
        is_same = is_book == (documents[0].suffix.lower() == BOOK)
        if is_same:
            raise NotConverted(f"{documents[0].name} is of that form already: copy the file")
        raw = to_workbook(id, plain, clinic, command) if is_book else to_yaml(id, plain, clinic)
        said = f"It records the same as {clean(documents[0].name)}."
        if twin:
            said += " Keep one of the two: a clinic has one file."
    else:
        values, taken_over = lists(id)
        raw = render(id, {"clinic": id, **values}, command)
        taken = "".join(f"Taken over from {each}.\n" for each in taken_over)
        said = "Fill it in with a spreadsheet program, and save it as an Excel workbook (.xlsx)."
        said = f"{taken}{said}"
    file = folder / f"{id}{BOOK if is_book else '.yaml'}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as new:
            new.write(raw)
        if not documents:
            keep_day_sheets_out(folder)
    except OSError as error:
        raise NotConverted(f"{file} cannot be written: {error.strerror}") from None
    return file, said


def _refuse_known(folder: Path, id: str, documents: Iterable[Path]) -> bool:
    """Whether the folder has the clinic in the form that it is converted from, and in no other."""
    if not folder.exists():
        return False
    given = {path.resolve() for path in documents}
    try:
        known = [entry.file for entry in Directory(folder).entries() if entry.id == id]
    except SourceError as error:
        raise NotConverted(str(error)) from None
    other = next((file for file in known if file.resolve() not in given), None)
    if other is not None:
        raise NotConverted(f"there is such a clinic already, {other}; no file is written over")
    return bool(known)


def recorded(path: Path, id: str) -> tuple[dict[str, Plain], Clinic]:
    """What a document records, with the id of its file in another form; and as a clinic.

    Raises :class:`NotConverted`.
    """
    try:
        document, clinic = _read(path, id)
    except OSError as error:
        raise NotConverted(f"{path.name} cannot be read: {error.strerror}") from None
    _refuse_open(document, clinic)
    plain = document.root.plain()
    assert isinstance(plain, dict)
    return {**plain, "clinic": id}, clinic


def _read(path: Path, id: str) -> tuple[Document, Clinic]:
    raw = read(path)
    try:
        if path.suffix.lower() == BOOK:
            document = workbook.parse(raw, id)
        else:
            document = parse(raw, as_json=path.suffix.lower() == ".json")
        _refuse_tables(document)
        old = document.root.plain()
        own = str(old.get("clinic", "")) if isinstance(old, dict) else ""
        clinic, problems = reader.read(document, own, no_table)
    except Unreadable as error:
        raise NotConverted(f"{path.name} cannot be read: {error.problem.message}") from None
    if problems or clinic is None:
        place, more = problems[0].position, len(problems) - 1
        also = f" (and {more} more)" if more else ""
        raise NotConverted(
            f"{path.name} cannot be read: {place}: {clean(problems[0].message, 300)}{also}"
        )
    return document, clinic


def _refuse_tables(document: Document) -> None:
    """Refuse what stands in another file, which the new form would not name."""
    for path in (("appointments",), ("pms", "practitioners"), ("pms", "appointment_types")):
        found = document.find(path)
        if found.exact and isinstance(found.node.value, dict):
            raise NotConverted(
                f"{'.'.join(path)} is a table in another file, for which a workbook has no cell;"
                " write its entries into the document, or leave them out"
            )


_STANDS_IN = ("name", "timezone", "system", "database", "check", "reason", "owner")
"""The keys of which a text says that it is still to be replaced."""


def _refuse_open(document: Document, clinic: Clinic) -> None:
    """Refuse cells that are blank, and that nothing can stand in for."""
    for path, _ in clinic.blank:
        at = document.find(path)
        if at.key not in _STANDS_IN:
            label = label_of(document, path)
            raise NotConverted(f"{at.position} is still blank ({label}): fill it in first")


# To a workbook


def to_workbook(id: str, plain: Mapping[str, Plain], clinic: Clinic, command: str) -> bytes:
    """A document as a workbook that records the same. Raises :class:`NotConverted`."""
    raw = render(id, plain, command)
    try:
        document = workbook.parse(raw, id)
    except Unreadable as error:
        raise NotConverted(f"it makes no workbook: {error.problem.message}") from None
    again, problems = reader.read(document, id, no_table)
    if again is None or problems:
        where = problems[0] if problems else None
        said = f"{where.position}: {where.message}" if where else "it cannot be read again"
        raise NotConverted(f"what it holds has no cell that says the same: {clean(said, 300)}")
    _refuse_lost(clinic, again, "a workbook has no cell that says the same")
    return raw


def _refuse_lost(before: Clinic, after: Clinic, why: str) -> None:
    lost = next(_differing(before, after, ""), None)
    if lost is not None:
        raise NotConverted(f"{lost}: {why}")


_UNCOMPARED = {"path", "id", "unanswered", "blank"}


def _differing(one: Any, other: Any, name: str) -> Iterator[str]:
    """What differs between two values of the domain, by the names that lead there."""
    if is_dataclass(one) and type(one) is type(other):
        yield from _differing_fields(one, other, name)
    elif isinstance(one, dict) and isinstance(other, dict):
        if list(one) != list(other):
            yield name
        for key in one.keys() & other.keys():
            yield from _differing(one[key], other[key], name)
    elif isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for place, (here, there) in enumerate(zip(one, other, strict=True), 1):
            yield from _differing(here, there, f"{name}, entry {place}" if name else str(place))
    elif one != other:
        yield name


def _differing_fields(one: Any, other: Any, name: str) -> Iterator[str]:
    skipped = {"path"}
    if isinstance(one, Clinic):  # which goes by its id, where it has no name yet
        has_name = one.name != one.id or other.name != other.id
        skipped = _UNCOMPARED if has_name else {*_UNCOMPARED, "name"}
    for each in fields(one):
        if each.name not in skipped:
            here, there = getattr(one, each.name), getattr(other, each.name)
            if isinstance(one, AppointmentType) and each.name == "practitioners":
                here, there = _by_id(here), _by_id(there)
            yield from _differing(here, there, f"{name}.{each.name}".lstrip("."))


def _by_id(listed: Any) -> Any:
    """Who offers a type, in an order that does not count."""
    return (
        tuple(sorted(listed, key=lambda each: str(each.practitioner)))
        if isinstance(listed, tuple)
        else listed
    )


# To YAML


def to_yaml(id: str, plain: Mapping[str, Plain], clinic: Clinic) -> bytes:
    """A document as YAML that records the same. Raises :class:`NotConverted`."""
    text = "\n".join(_mapping(keys_of(Clinic).values(), plain, 0)) + "\n"
    raw = text.encode()
    again, problems = reader.read(parse(raw), id, no_table)
    if again is None or problems:
        said = clean(problems[0].message, 300) if problems else "it cannot be read again"
        raise NotConverted(f"what it holds cannot be said in YAML: {said}")
    _refuse_lost(clinic, again, "it cannot be said so in YAML")
    return raw


def _mapping(keys: Iterable[Key], values: Mapping[str, Any], indent: int) -> Iterator[str]:
    """The lines of some keys, as far as they are recorded."""
    space = " " * indent
    for key in keys:
        value = values.get(key.name)
        if value is None and key.required:
            value = TO_BE_REPLACED
        if value is None or value == {}:
            continue
        if isinstance(value, dict):
            below = list(_mapping(key.keys, value, indent + 2))
            yield from (f"{space}{key.name}:", *below) if below else ()
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            yield f"{space}{key.name}:"
            for entry in value:
                yield from _entry(key.keys, entry, indent + 2)
        elif not (isinstance(value, list) and not value and key.name in _NONE_IS_LEFT_OUT):
            yield f"{space}{key.name}: {_flow(key, value)}"


_NONE_IS_LEFT_OUT = ("waivers", "appointments")


def _entry(keys: Iterable[Key], entry: Mapping[str, Any], indent: int) -> Iterator[str]:
    lines = list(_mapping(keys, entry, indent + 2))
    yield f"{' ' * indent}- {lines[0].strip()}"
    yield from lines[1:]


_PLAIN = re.compile(r"[A-Za-z][\w.()/+-]*( [\w.()/+-]+)*", re.ASCII)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.+Z-]+)?")
_NULL = ("null", "~")


def _flow(key: Key | None, value: Any) -> str:
    """A value as it stands behind its key."""
    if isinstance(value, list):
        return f"[{', '.join(_flow(None, each) for each in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_flow(None, each)}' for name, each in value.items())}}}"
    text = str(value)
    if key is not None and key.shape == FLAG and text.lower() in ("yes", "no", "on", "off"):
        return "true" if text.lower() in ("yes", "on") else "false"
    is_plain = _PLAIN.fullmatch(text) or (key is not None and _TIME.fullmatch(text))
    return text if is_plain and text.lower() not in _NULL else json.dumps(text, ensure_ascii=False)
