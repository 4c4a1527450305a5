"""The clinics of a source, and which of them share a PMS database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pytest_videolink import schema
from pytest_videolink.clinic import Clinic, name_key
from pytest_videolink.document import Document, Node, Problem, Unreadable, parse
from pytest_videolink.rule import Neighbours
from pytest_videolink.sources import Entry, Source
from pytest_videolink.text import clean, printable


@dataclass(frozen=True, eq=False)
class Record:
    """What a clinic's file holds: a clinic, or the problems that keep it from being read.

    Of the text only the bytes are kept, which are small: its positions are wanted by failures
    alone, and found again then.
    """

    entry: Entry
    raw: bytes | None
    clinic: Clinic | None
    problems: tuple[Problem, ...] = ()
    system: str | None = None
    database: str | None = None

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def file(self) -> Path:
        return self.entry.file

    @cached_property
    def document(self) -> Document:
        """The text with its positions. Raises :class:`Unreadable` where it has none."""
        return _parse(self.entry, self.raw or b"")

    def forget_positions(self) -> None:
        self.__dict__.pop("document", None)

    def may_share_database(self, clinic: Clinic) -> bool:
        """Whether what can be read here leaves it open that the PMS database is the same."""
        return all(
            text is None or name_key(text) == name_key(other)
            for text, other in (
                (self.system, clinic.pms.system),
                (self.database, clinic.pms.database),
            )
        )


def _parse(entry: Entry, raw: bytes) -> Document:
    return parse(raw, as_json=entry.file.suffix.lower() == ".json")


def _scalar(node: Node, *keys: str) -> str | None:
    """The text at some keys of a document, or ``None`` where there is none."""
    for key in keys:
        if not isinstance(node.value, dict) or key not in node.value:
            return None
        node = node.value[key][1]
    return node.value if isinstance(node.value, str) and node.value.strip() else None


class Fleet:
    """The clinics of a source, of which some are selected; each file is read once."""

    def __init__(self, source: Source, selected: Iterable[Entry]) -> None:
        self.source = source
        self.selected = tuple(selected)
        self.ids = frozenset(entry.id for entry in source.entries())
        self._records: dict[Entry, Record] = {}
        self._files: dict[str, list[Path]] = defaultdict(list)
        for entry in source.entries():
            self._files[entry.id].append(entry.file)

    def record(self, entry: Entry) -> Record:
        """What a clinic's file holds."""
        if entry not in self._records:
            self._records[entry] = self._read(entry)
        return self._records[entry]

    def record_of(self, id: str) -> Record:
        """The record of a clinic of the source, by its id."""
        return next(self.record(entry) for entry in self.source.entries() if entry.id == id)

    def neighbours(self, clinic: Clinic) -> Neighbours:
        """What the rest of the source means to a selected clinic."""
        around = self._surroundings
        others = (record for record in around.unreadable if record.id != clinic.id)
        return Neighbours(
            ids=self.ids,
            sharing=tuple(
                other for other in around.by_database[_database_key(clinic)] if other is not clinic
            ),
            naming=tuple(other for other in around.by_named[clinic.id] if other is not clinic),
            unreadable=tuple(
                (record.id, printable(record.file.relative_to(self.source.root).as_posix()))
                for record in others
                if record.may_share_database(clinic)
                and (record.raw is None or _Text(record.raw).may_name(_names(clinic)))
            ),
        )

    @cached_property
    def _surroundings(self) -> _Surroundings:
        """The selected clinics and all that may be neighbours of one of them."""
        around = _Surroundings()
        chosen = set(self.selected)
        names = []
        for entry in self.selected:
            record = self.record(entry)
            around.add(record)
            if record.clinic is not None:
                names.append(_names(record.clinic))
        for entry in self.source.entries():
            if entry not in chosen and names:
                raw = self._raw(entry)
                if raw is None or any(map(_Text(raw).may_name, names)):
                    self._records[entry] = self._read(entry, raw)
                    around.add(self._records[entry])
        return around

    def _raw(self, entry: Entry) -> bytes | None:
        try:
            return self.source.read(entry)
        except OSError:
            return None

    def _read(self, entry: Entry, raw: bytes | None = None) -> Record:
        try:
            raw = self.source.read(entry) if raw is None else raw
        except OSError as error:
            why = error.strerror or type(error).__name__
            return Record(entry, None, None, (Problem(f"the file cannot be read: {why}"),))
        try:
            document = _parse(entry, raw)
            clinic, problems = schema.read(
                document, entry.id, lambda path: self.source.read_beside(entry, path)
            )
        except Unreadable as error:
            return Record(entry, raw, None, (error.problem, *self._same_id(entry)))
        except Exception as error:
            # Its traceback would show what the file holds, which may be private.
            fault = f"the reader itself fails on it ({type(error).__name__}); please report this"
            return Record(entry, None, None, (Problem(fault),))
        problems = [*problems, *self._same_id(entry)]
        # What stands twice is not to be relied on.
        stands = not any(each.key in ("pms", "system", "database") for each in document.problems)
        return Record(
            entry,
            raw,
            None if problems else clinic,
            tuple(problems),
            _scalar(document.root, "pms", "system") if stands else None,
            _scalar(document.root, "pms", "database") if stands else None,
        )

    def _same_id(self, entry: Entry) -> list[Problem]:
        root = self.source.root
        twins = [file for file in self._files[entry.id] if file != entry.file]
        return [
            Problem(
                f"{twin.relative_to(root).as_posix()} is a file for clinic {clean(entry.id)} too:"
                " keep one of them"
            )
            for twin in twins
        ]


@dataclass(slots=True)
class _Surroundings:
    """Records by what their clinics say of PMS databases."""

    by_database: dict[tuple[str, str], list[Clinic]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_named: dict[str, list[Clinic]] = field(default_factory=lambda: defaultdict(list))
    unreadable: list[Record] = field(default_factory=list)

    def add(self, record: Record) -> None:
        if record.clinic is None:
            self.unreadable.append(record)
            return
        self.by_database[_database_key(record.clinic)].append(record.clinic)
        for id in record.clinic.pms.shares_database_with or ():
            self.by_named[id].append(record.clinic)


def _database_key(clinic: Clinic) -> tuple[str, str]:
    return name_key(clinic.pms.system), name_key(clinic.pms.database)


# Looking for neighbours without parsing


def _names(clinic: Clinic) -> tuple[tuple[str, ...], str]:
    """What the text of a neighbour must hold: the words of the database's name, or the id.

    A name may be folded over lines, and a quote in it doubled, so its words are looked for.
    """
    return tuple(re.split(r"[\s'\"]+", name_key(clinic.pms.database))), clinic.id


_STATED = re.compile(
    r"""database(?:["'][^\S\n]*:[^\S\n]*|[^\S\n]*:[^\S\n]+)(?!null\b|~)["']?[^\s"'#\[{&*!|>]"""
)


def _states_database(text: str) -> bool:
    """Whether a text names its database in so many words, at the start of a line or in braces.

    Then it need not be parsed to know which database it is not.
    """
    place = text.find("database")
    while place >= 0:
        before = text[text.rfind("\n", 0, place) + 1 : place].rstrip(" \t\"'")
        in_braces = before.endswith(("{", ",")) and "{" in before and "#" not in before
        if (not before or in_braces) and _STATED.match(text, place):
            return True
        place = text.find("database", place + 1)
    return False


class _Text:
    """The text of a document, searched rather than parsed. Finding too much is harmless."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._text = raw.decode().casefold()
        except UnicodeDecodeError:
            self._text = ""
        escapes = "\\" in self._text and '"' in self._text
        self._opaque = escapes or "\0" in self._text or not _states_database(self._text)

    def may_name(self, names: tuple[tuple[str, ...], str]) -> bool:
        words, id = names
        return self._opaque or id in self._text or all(word in self._text for word in words)
