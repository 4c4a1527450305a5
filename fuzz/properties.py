"""What must hold of any bytes that are read as a clinic document.

An input is a document, and behind a form feed, which stands in no YAML, the day sheet that it may
name. One that begins as a sheet of a workbook does is put into one.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any
from zlib import crc32

import workbooks

from pytest_videolink.record import characters, document, not_ids, reader
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import Document, Node, Problem, Unreadable
from pytest_videolink.record.mistyped import outline
from pytest_videolink.record.named_table import Reference
from pytest_videolink.record.table import Table

ID = "bayview"
CANARY = "Zq9canary"


def hold(data: bytes) -> None:
    """Raise where the reader breaks a promise on these bytes."""
    if data.startswith(workbooks.BEGINS):
        workbooks.hold(data)
        return
    raw, _, sheet = data.partition(b"\f")
    as_yaml = read(raw, sheet)
    _holds_of_positions(raw, as_yaml.problems)
    assert as_yaml == read(raw, sheet), "read again, it is another"
    if document.HAS_LIBYAML:
        assert _without_libyaml(raw, sheet) == as_yaml, "libyaml and PyYAML's own parser differ"
    if raw.lstrip()[:1] == b"{":
        as_json = read(raw, sheet, as_json=True)
        _holds_of_positions(raw, as_json.problems)
        assert as_json == read(raw, sheet, as_json=True), "read again, it is another"
    _holds_of_private_values(raw)
    _holds_of_what_is_mistyped(raw)
    if not as_yaml.problems:
        rewritten = json.dumps(document.parse(raw).root.plain()).encode()
        again = read(rewritten, sheet, as_json=True)
        assert again.clinic == as_yaml.clinic, "as JSON it is another clinic"


class _Reading:
    """What came of a text: a clinic or problems, and the values with their positions."""

    def __init__(
        self, clinic: Clinic | None, problems: Iterable[Problem], seen: object = None
    ) -> None:
        # Clinics are told apart by who they are, so here they are compared by what they say.
        self.clinic, self.problems, self.seen = clinic and asdict(clinic), list(problems), seen
        assert (clinic is None) == bool(self.problems), "neither a clinic nor a problem, or both"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reading) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


def read(raw: bytes, sheet: bytes, *, as_json: bool = False) -> _Reading:
    def table(named: Reference, read: Callable[[bytes], Table]) -> Table:
        if named.path != "day.csv":
            raise FileNotFoundError(2, "No such file or directory")
        return read(sheet)

    try:
        text = document.parse(raw, as_json=as_json)
        clinic, problems = reader.read(text, ID, table)
        if problems:
            text = document.parse(raw, as_json=as_json, closely=True)
            clinic, problems = reader.read(text, ID, table)
    except Unreadable as error:
        return _Reading(None, error.problems)
    return _Reading(clinic, text.besides(problems), _shape(text.root))


def _without_libyaml(raw: bytes, sheet: bytes) -> _Reading:
    document.HAS_LIBYAML = False
    try:
        return read(raw, sheet)
    finally:
        document.HAS_LIBYAML = True


def _shape(node: Node) -> Any:
    """A value with the positions that can be shown; a null is shown at its key."""
    if isinstance(node.value, dict):
        return node.position, [(key, at, _shape(each)) for key, (at, each) in node.value.items()]
    if isinstance(node.value, list):
        return node.position, [(each.position, _shape(each)) for each in node.value]
    return None if node.value is None else (node.position, node.value)


# Positions

_LINES = re.compile("\r\n|[\n\r]")


def _holds_of_positions(raw: bytes, problems: list[Problem]) -> None:
    try:
        lines = _LINES.split(document.decode(raw))
    except Unreadable:
        _holds_of_the_byte(raw, problems[0])
        return
    for each in problems:
        line, column = each.position[:2]
        assert 1 <= line <= len(lines), f"line {line} of {len(lines)}"
        assert 1 <= column <= len(lines[line - 1]) + 1, f"{each.position}: {each}"
        if each.message.startswith("character U+"):
            named = int(each.message.split()[1][2:], 16)
            assert ord(lines[line - 1][column - 1]) == named, "it stands elsewhere"


def _holds_of_the_byte(raw: bytes, problem: Problem) -> None:
    """A byte that is no text has its line as editors count them, in whichever encoding it is."""
    texts = [raw.decode(each, "replace") for each in ("utf-8", "utf-16-le", "utf-16-be")]
    assert 1 <= problem.position.line <= max(len(_LINES.split(text)) for text in texts)
    assert 1 <= problem.position.column <= len(raw)


# Nothing private in a message


def _holds_of_private_values(raw: bytes) -> None:
    """No value of an appointment is in a message, wherever it stands in the appointments."""
    try:
        text = document.parse(raw)
    except Unreadable:
        return
    top = text.root.value
    if not isinstance(top, dict) or "appointments" not in top:
        return
    position, booked = top["appointments"]
    by_sheet = isinstance(booked.value, dict)
    values = 0 if by_sheet else sum(1 for _ in _texts(booked))
    chosen = crc32(raw) % values if values else 0
    for which in (range(values), [chosen]):
        poisoned = booked if by_sheet else _poisoned(booked, iter(range(values)), which)
        root = Node(text.root.position, {**top, "appointments": (position, poisoned)})
        clinic, problems = reader.read(Document(root, text.problems), ID, _poisoned_table)
        said = [f"{each.message} {each.value if each.key != 'csv' else ''}" for each in problems]
        for table in clinic.tables if clinic else ():
            said += table.faults()
        for each in said:
            assert CANARY not in each, f"a value of an appointment gets out: {each}"


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node.value, dict):
        for _, each in node.value.values():
            yield from _texts(each)
    elif isinstance(node.value, list):
        for each in node.value:
            yield from _texts(each)
    elif node.value is not None:
        yield node.value


def _poisoned(node: Node, numbers: Iterator[int], which: Iterable[int]) -> Node:
    """The same with canaries for the texts of these numbers."""
    value = node.value
    if isinstance(value, dict):
        changed: Any = {
            key: (at, _poisoned(each, numbers, which)) for key, (at, each) in value.items()
        }
    elif isinstance(value, list):
        changed = [_poisoned(each, numbers, which) for each in value]
    elif value is not None and next(numbers) in which:
        changed = CANARY
    else:
        changed = value
    return Node(node.position, changed)


_SOUND = {
    "id": "1",
    "practitioner": "dr-x",
    "pms_type": "29",
    "created": "2026-11-20T15:40",
    "starts": "2026-11-24T09:30",
    "link": "true",
    "seen_at": "2026-11-20T15:40",
    "modality": "video",
}


def _poisoned_table(named: Reference, read: Callable[[bytes], Table]) -> Table:
    """A table with a canary in every cell, and with one in a cell of each column."""
    columns = {name: key for key, names in named.declaration.columns.items() for name in names}
    sound = {name: _SOUND.get(key, "x") for name, key in columns.items()}
    text = io.StringIO(newline="")
    write = csv.writer(text).writerow
    write(columns)
    write([CANARY] * len(columns))
    for each in columns:
        write({**sound, each: CANARY}.values())
    return read(text.getvalue().encode("utf-8", "replace"))


def _holds_of_what_is_mistyped(raw: bytes) -> None:
    """What is said of it shows nothing of comments, of appointments, or below an unknown key."""
    if b"\\" in raw or b"%" in raw:  # letters of escapes and directives are syntax
        return
    try:
        text = document.decode(raw)
    except Unreadable:
        return
    if re.search(rf"\w[{characters.INVISIBLE}]\w|[&*]\w", text):
        return  # nor are keys with such a character words, and anchors have their aliases
    # In UTF-16, whose mark leaves no doubt of the encoding, whatever the letters are.
    said = _said(text.encode("utf-16"))
    other = _said(_scrambled(text).encode("utf-16"))
    assert other == said, "what the text holds gets out"


def _said(raw: bytes) -> list[tuple[object, ...]]:
    try:
        text = document.parse(raw, closely=True)
        problems = [each for each in text.problems if each.position.line in text.mistyped]
    except Unreadable as error:
        problems = list(error.problems)
    return [
        (re.sub(r"'.'|0x..|U\+\w+", "", each.message), each.position, each.key, each.value)
        for each in problems
    ]


_SECTION = re.compile(rf"\W*(?:{'|'.join(outline.KEYS_AT[''] - {'name', 'appointments'})})\b")
_COMMENT = re.compile(r"(?<!\S)#(?:\s.*)?$")
_BEFORE_COLON = re.compile(r"[^\w#]*(\w+)[^\w#]*:(?:\s|$)")
_WORD = re.compile(r"[A-Za-z_]\w*")


def _scrambled(text: str) -> str:
    """The text with other letters where none of them may be shown."""
    lines, booked = [], False
    for line in re.split("(\r\n|[\n\r])", text):
        if re.match(r"[^#]*\bappointments\b", line, re.IGNORECASE):
            booked = True
        elif booked and _SECTION.match(line):
            booked = False
        key = _BEFORE_COLON.match(line)
        hidden = booked or (key is not None and key[1] not in outline.KEYS)
        comment = _COMMENT.search(line) if not re.search("[\"'\u201c\u2018]", line) else None
        at = 0 if hidden else comment.start() if comment else len(line)
        lines.append(line[:at] + _WORD.sub(_other_word, line[at:]))
    return "".join(lines)


def _other_word(found: re.Match[str]) -> str:
    special = outline.KEYS | not_ids.NOT_LINKED | {"null"}
    other = codecs.encode(found[0], "rot13")
    return found[0] if {found[0].lower(), other.lower()} & special else other
