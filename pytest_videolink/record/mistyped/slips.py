"""The mistakes that people make within a line of YAML, each in words that need no YAML.

A suspect is told by its line alone, so it need not be a mistake: whoever asks tries whether the
document can be read where it is put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pytest_videolink.record.characters import INVISIBLE, QUOTES, SPACES, called, visible
from pytest_videolink.record.mistyped.outline import KEYS, Row
from pytest_videolink.record.mistyped.pieces import QUOTED, Piece, Slip, pieces
from pytest_videolink.record.mistyped.values import Value, suspects_of_value
from pytest_videolink.record.text import clean

MAX_LINE = 2_000
"""A longer line is typed by nobody."""

_UNSEEN_START = re.compile(rf"[\s{INVISIBLE}]+")

_WORD = re.compile(r"[A-Za-z_]\w*:(?=[^\s:/])")
_KEY = re.compile(
    rf"(?P<before>(?:[^\w\s{{\[]|[{INVISIBLE}])*\s*)(?P<key>[A-Za-z_]\w*)"
    rf"(?P<after>[\"'{QUOTES}{INVISIBLE}]*)"
    rf"(?P<gap>\s*)(?P<sign>:=|[:=;\N{{FULLWIDTH COLON}}]|[-=]>)?(?P<space>[\s{INVISIBLE}]*)"
)


def suspects(line: str, row: Row) -> Iterator[Slip]:
    """What may be a mistake in a line, by itself."""
    if len(line) > MAX_LINE:
        return
    yield from _of_start(line, row)
    for piece in pieces(line, row):
        if not piece.flow:
            yield from _of_dash(piece)
        found = _KEY.match(line, piece.start, piece.end)
        if found is None or not _is_key(found, piece):
            yield from _of_word(piece)
            yield from suspects_of_value(Value(piece, None, piece.start))
            continue
        slip = _of_key(piece, found) or _of_sign(piece, found)
        if slip:
            yield slip
        else:
            yield from suspects_of_value(Value(piece, found["key"], found.end()))


def _of_word(piece: Piece) -> Iterator[Slip]:
    """A word that no key is, before a colon."""
    word = _WORD.match(piece.line, piece.start, piece.end)
    if word and not piece.flow:
        put = (word.end(), word.end(), " ")
        yield piece.slip("a space is missing after the colon", put)


def _of_start(line: str, row: Row) -> Iterator[Slip]:
    """What cannot be seen at the beginning of a line, or only looks like a space."""
    start = _UNSEEN_START.match(line)
    odd = start and re.search(f"[{INVISIBLE}{SPACES}]", start[0])
    if start and odd:
        bare = re.sub(f"[{INVISIBLE}]", "", start[0])
        plain = re.sub(f"[{SPACES}]", " ", bare)
        if plain == " " and row.levels[0].takes(row.key):
            plain = ""
        at = len(start[0]) - len(start[0].lstrip(" "))
        what = "where a space belongs" if odd[0].isspace() and plain else "where it cannot be seen"
        said = f"{called(odd[0])} stands at the beginning of the line, {what}"
        piece = Piece(line, row, at, start.end(), flow=False, shown=False)
        yield piece.slip(said, (0, start.end(), plain), key=row.key, silent=True, at=at)


def _is_key(found: re.Match[str], piece: Piece) -> bool:
    """Whether it is a key of the format, or any word before a proper colon."""
    last = found.end() == piece.end
    if not found["sign"] and _is_text_of_list(piece):
        return False
    if found["key"] in KEYS:
        return bool(found["sign"] or found["gap"] or last)
    return found["sign"] == ":" and (found["space"] != "" or last)


def _is_text_of_list(piece: Piece) -> bool:
    """Whether it is a name that begins like a key: in a list of links, or in quotes as a whole."""
    of_links = piece.row.of == "linked_to" or (piece.flow and piece.row.key == "linked_to")
    return of_links or QUOTED.fullmatch(piece.text.lstrip("- ").rstrip()) is not None


def _of_key(piece: Piece, found: re.Match[str]) -> Slip | None:
    key, around = found["key"], found["before"] + found["after"]
    start, end = found.start("before"), found.end("after")
    value = piece.line[found.end() : piece.end]
    hidden = re.search(f"[{INVISIBLE}]", around)
    if hidden:
        said = f"the key holds {called(hidden[0])}, which cannot be seen"
        if key in KEYS:
            said += f": {clean(visible(piece.line[start:end]))}"
    elif re.search(f"[{QUOTES}]", around):
        said = "typographic quotes stand round the key"
    elif around.strip("\"' ") and not around.startswith(("!!", "!<")):
        said = f"{clean(found['before'].strip())} stands before the key"
    else:
        return None
    put, right = (start, end, key), f"{key}: {value}".rstrip()
    silent = key in KEYS and re.match(r"[?:]\s", around) is None
    return piece.slip(said, put, key=key, value=value, right=right, silent=silent, at=piece.start)


def _of_sign(piece: Piece, found: re.Match[str]) -> Slip | None:
    key, sign, value = found["key"], found["sign"], piece.line[found.end() : piece.end]
    gap, space = found["gap"].strip(" "), found["space"].strip(" ")
    if sign == ":" and not gap and not space and (found["space"] or not value):
        return None
    if sign == ":" and space:
        said = f"{called(space[0])} stands after the colon, where a space belongs"
    elif sign == ":" and gap:
        said = f"{called(gap[0])} stands before the colon"
    elif sign == ":":
        said = "a space is missing after the colon"
    elif sign:
        said = f"{sign} stands where a colon belongs"
    else:
        said = "a colon is missing after the key"
    if piece.flow and (found["after"] if sign == ":" else not value):
        return None  # "id":"17" and {id} are right in brackets
    return piece.slip(
        said,
        (found.start("gap"), found.end(), ": " if value else ":"),
        key=key,
        between=piece.line[found.start("gap") : found.end()],
        value=value,
        right=f"{key}: {value}".rstrip(),
        silent=True,
        at=piece.start,
    )


def _of_dash(piece: Piece) -> Iterator[Slip]:
    dashes, rest = piece.row.dashes, piece.text
    if not dashes or not rest or re.fullmatch("(?:- +)+", dashes):
        return
    after = dashes[1:].strip(" ")
    if dashes[0] != "-":
        said = f"{called(dashes[0])} stands where a dash and a space belong"
    elif after:
        said = f"{called(after[0])} stands after the dash, where a space belongs"
    else:
        said = "a space is missing after the dash"
    start = piece.start - len(dashes)
    silent = dashes[0] != "*" and not piece.row.adrift
    more: Any = {"value": f"{dashes}{rest}", "silent": silent, "at": start}
    yield piece.slip(said, (start, piece.start, "- "), right=f"- {rest}", **more)
    if piece.row.key and dashes[0] == "*":
        yield piece.slip("* stands before the key", (start, piece.start, ""), right=rest, **more)
