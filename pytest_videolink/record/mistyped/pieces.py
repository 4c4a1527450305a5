"""Lines in pieces, each of which begins with a key or an entry, and what is said of a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pytest_videolink.record.characters import visible
from pytest_videolink.record.mistyped.outline import KEYS, LISTS, Row
from pytest_videolink.record.text import clean


class Slip(NamedTuple):
    """A mistake in typing. Lines and columns count from 0; without a message it is none."""

    line: int
    column: int
    message: str
    key: str | None
    between: str
    value: str | None
    lines: Mapping[int, str]
    """What its lines have to be."""
    silent: bool = False
    """Whether YAML may take it for something else without a word, ..."""
    at: int = 0
    """... and then the column where what it takes begins, ..."""
    holds: str | None = None
    """... and the text that it takes, if that is known."""
    doubt: int = 0
    """How much less likely it is than what the line itself tells."""


class Piece(NamedTuple):
    """A stretch of a line at which a key or an entry of a list begins."""

    line: str
    row: Row
    start: int
    end: int  # before a comment, or before what ends it in brackets
    flow: bool
    shown: bool

    @property
    def text(self) -> str:
        return self.line[self.start : self.end]

    @property
    def is_plain(self) -> bool:
        """Whether there are no other keys in it than the one with which it may begin."""
        rest = self.text if self.row.key is None else self.text.partition(":")[2]
        return not re.search(r"[\[\]{}:]", rest)

    def slip(
        self,
        said: str,
        put: tuple[int, int, str],
        *,
        key: str | None = None,
        between: str = ": ",
        value: str | None = None,
        right: str | None = None,
        **more: Any,
    ) -> Slip:
        """A mistake; ``put`` is what has to stand from one column to another."""
        known = key if key in KEYS else None
        shown = self.shown and (known or (key is None and self.is_plain))
        lead = f"{known}: " if known and said else ""
        tail = written(right) if right and said and shown else ""
        start, end, new = put
        return Slip(
            self.row.number,
            start,
            f"{lead}{said}{tail}",
            known,
            visible(between) if shown else ": ",
            visible(value) if shown and value else None,
            {self.row.number: f"{self.line[:start]}{new}{self.line[end:]}"},
            **more,
        )


def written(right: str) -> str:
    """How a line should read, unless that could begin a line as an order to a service of CI."""
    shown = clean(right, 160)
    is_order = "##[" in shown or re.search(r"(?<!\S)::", shown)
    return "" if is_order or max(map(len, shown.split())) > 60 else f"; write {shown}"


def quoted(text: str) -> str:
    """A text in the quotes in which it stands for itself."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


# Where keys and entries begin

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|' r"'(?:[^']|'')*'")
_ENDS = re.compile(r"\s*(?:[,:\]}]|$|\s#)")
_TEXT_ENDS = re.compile("[,}]")
_STRAY = re.compile(r"[,\]}] *[\w\"'][^:,\]}]*[,\]}]")
_COMMENT = re.compile(r"(?<=\s)#")
_TO_VALUE = re.compile(r"(?:[^\w\s#{\[]*[A-Za-z_]\w*[^\w\s:]*\s*:\s*)?")


def pieces(line: str, row: Row) -> Iterator[Piece]:
    """The stretches of a line at which a key or an entry may begin, the whole line first."""
    start = row.start
    if not row.flow:
        value = _TO_VALUE.match(line, start).end()  # type: ignore[union-attr]
        whole = QUOTED.match(line, value)
        comment = _COMMENT.search(line, whole.end() if whole else max(value - 1, start))
        end = len(line) if comment is None else comment.start()
        end = start + len(line[start:end].rstrip(" "))
        yield Piece(line, row, start, end, False, row.shown)
        if line[value : value + 1] not in ("[", "{"):
            return
        start = value
    yield from _in_brackets(line, row, start)


def _in_brackets(line: str, row: Row, at: int) -> Iterator[Piece]:
    known = [row.shown]  # whether the brackets that are open stand below keys of the format
    start = at
    while at < len(line) and known:
        character, before = line[at], line[start:at].strip()
        past = _past(line, at, before)
        if past is None:
            break
        if past > at:
            at = past
            continue
        key = before.rstrip(": ")
        is_text = character in "[{" and key in KEYS - LISTS  # that begins with a bracket
        if before and (is_text or character not in "[{"):
            yield _piece(line, row, start, None if is_text else at, known[-1])
        if character in "[{":
            known.append(known[-1] and (not key or key in KEYS))
        elif character in "]}":
            known.pop()
        start = at = at + 1
    if known and line[start:at].strip():
        yield _piece(line, row, start, at, known[-1])


def _past(line: str, at: int, before: str) -> int | None:
    """Where to go on behind what ends no piece; ``None`` at a comment."""
    character = line[at]
    whole = QUOTED.match(line, at) if before == "" or before[-1] == ":" else None
    if whole and _ENDS.match(line, whole.end()):
        return whole.end()
    if character == "#" and line[at - 1] == " " and line[at + 1 : at + 2] in ("", " ", "#"):
        return None
    is_stray = character in ",]}" and before[-1:] == ":" and _STRAY.match(line, at)
    return at + 1 if is_stray or character not in ",[]{}" else at


def _piece(line: str, row: Row, start: int, end: int | None, shown: bool) -> Piece:
    if end is None:
        found = _TEXT_ENDS.search(line, start)
        end = found.start() if found else len(line)
    start += len(line[start:end]) - len(line[start:end].lstrip(" "))
    return Piece(line, row, start, start + len(line[start:end].rstrip(" ")), True, shown)
