"""What may be wrong with a value as it was typed, or with an entry that has no key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pytest_videolink.record.characters import BREAKS, INVISIBLE, QUOTES, SPACES, called
from pytest_videolink.record.mistyped.outline import KEYS, LISTS, opened
from pytest_videolink.record.mistyped.pieces import QUOTED, Piece, Slip, quoted
from pytest_videolink.record.not_ids import is_no_id, is_not_linked

FREE = frozenset({"name", "reason", "owner"})
"""Keys with a text of which nothing depends on a single character."""

ANY_TEXT = FREE | {"id", "linked_to", "database", "system", "provider_number", "check", "on"}
"""Keys that may have any text, also one that needs quotes."""

_CUT = re.compile(r"(?<=\s)#+(?=[^\s#])")
_BLOCK_TEXT = re.compile(r"[|>][-+]?[0-9]+[-+]?")
_BETWEEN = re.compile("[,;]")
_PMS_ID = re.compile(r"\"?[\w.-]*\d[\w.-]*\"?")
_NEXT_KEY = re.compile(rf"\b(?:{'|'.join(sorted(KEYS))}): ")
_NO_COMMA = "a comma is missing behind the value"
_MORE_KEYS = re.compile(rf",\s*(?:{'|'.join(sorted(KEYS))}):\s")


class Value(NamedTuple):
    """A value as it was typed, or an entry that has no key."""

    piece: Piece
    key: str | None
    at: int

    @property
    def text(self) -> str:
        return self.piece.line[self.at : self.piece.end]

    @property
    def takes_any(self) -> bool:
        """Whether any text may stand here, also one that needs quotes."""
        return self.key is None or self.key in ANY_TEXT

    @property
    def lead(self) -> str:
        return f"{self.key}: " if self.key else "" if self.piece.flow else "- "

    def slip(self, said: str, new: str, right: str | None = "", **more: Any) -> Slip:
        """A mistake; ``new`` is what mends it, ``right`` how it should read where that differs."""
        if right is not None:
            more["right"] = f"{self.lead}{right or new}"
        put, text = (self.at, self.piece.end, new), self.text
        more = {"value": text, "at": self.at, "holds": text, **more}
        return self.piece.slip(said, put, key=self.key, **more)


def suspects_of_value(value: Value) -> Iterator[Slip]:
    kinds = (_cut_off, _edges, _typographic, _alone, _begins, _brackets, _quotes, _several, _inside)
    slip = next(filter(None, (kind(value) for kind in kinds)), None)
    if slip:
        yield slip


def _cut_off(value: Value) -> Slip | None:
    """A number sign that takes the rest of a text away."""
    piece, text = value.piece, value.text
    if text[:1] in ("[", "{", '"', "'"):
        return None
    start, end = (value.at, piece.end) if piece.flow else (value.at + len(text), len(piece.line))
    found = _CUT.search(piece.line, start, end)
    if found is None or (not piece.flow and piece.line[start : found.start()].strip()):
        return None
    kept = piece.line[value.at : found.start()].rstrip()
    said = "what stands behind the # is not read"
    if not value.takes_any:
        right = f"{value.lead}{kept} # ..." if kept else None
    elif piece.shown:
        whole = f'"{kept} #..."' if kept else '"#..."'
        right = f"{value.lead}{whole}, or a space behind the # if a comment begins there"
    else:
        said, right = f"{said}: the text needs quotes, or the # a space behind it", None
    return piece.slip(
        said,
        (value.at + len(kept), end, ""),
        key=value.key,
        value=kept,
        right=right,
        silent=True,
        at=value.at if kept else piece.start,
        holds=kept,
    )


def _is_word(value: Value, text: str) -> bool:
    """Whether a link's value is a word of which more is to be said than how it was typed."""
    return value.key == "linked_to" and (is_not_linked(text) or is_no_id(text))


_OUTER = re.compile(rf"^[ \t{SPACES}{INVISIBLE}]+|[ \t{SPACES}{INVISIBLE}]+\Z")


def _edges(value: Value) -> Slip | None:
    """A character at an end of a value that cannot be seen, or only looks like a space."""
    text = value.text
    bare = _OUTER.sub("", text)
    before, _, behind = text.partition(bare) if bare else (text, "", "")
    odd = [each for each in before + behind if each != " "]
    if value.key in FREE:
        odd = [each for each in odd if each.isspace()]
    if not odd:
        return None
    if _is_word(value, bare):
        return value.slip("", bare, silent=True)
    where = "before" if odd[0] in before else "behind"
    return value.slip(f"{called(odd[0])} stands {where} the value", bare, silent=True)


def _typographic(value: Value) -> Slip | None:
    text = value.text
    core = text.strip(f"{QUOTES}\"'")
    first, last = (bool(each) and each in QUOTES for each in (text[:1], text[-1:]))
    both = (first and (last or text[-1] in "\"'")) or (last and text[0] in "\"'")
    if not (both or (value.key not in FREE and (first or last))):
        return None
    if _is_word(value, core):
        return value.slip("", quoted(core), silent=True)
    if not core or any(
        each in core for each in QUOTES if each != "\N{RIGHT SINGLE QUOTATION MARK}"
    ):
        return None
    return value.slip("typographic quotes stand round the value", quoted(core), silent=True)


def _alone(value: Value) -> Slip | None:
    """A sign where a value belongs."""
    if value.text.startswith(("-", "?")) and _is_word(value, value.text):
        return value.slip("", quoted(value.text))
    if value.key and value.text in tuple("-?*&!%@`," if value.key in LISTS else "-?*&!%@`,[{"):
        said = f"nothing but {value.text} stands there: write the value, or leave it blank"
        return value.slip(said, "", None)
    return None


def _begins(value: Value) -> Slip | None:
    """A sign before a value with which no text can begin outside of quotes."""
    text, first = value.text, value.text[:1]
    bracket = first in ("[", "{") and value.piece.flow and value.key not in LISTS
    if not first or not (bracket or first in "?%@`*&!|>,]}-") or text.startswith(("!!", "!<")):
        return None
    if first == "-" and not text.startswith("- "):
        return None
    rest = text[1:].lstrip()
    is_block = bool(_BLOCK_TEXT.fullmatch(text))  # with nothing in it
    is_entry = value.key is not None or value.piece.row.dashes != "" or value.piece.flow
    is_sign = first in "&!" or (first == "?" and text[1:2].strip() != "")
    more: Any = {"silent": is_block or (is_sign and is_entry), "holds": "" if is_block else None}
    if first == "," and value.piece.flow:
        more = {"silent": True, "holds": "", "at": value.piece.start}
    if value.takes_any and rest[:1] not in tuple("\"'"):
        said = f"a text that begins with {first} must stand in quotes"
        return value.slip(said, rest, f"{quoted(text)}, or leave the {first} out", **more)
    return value.slip(f"{first} stands before the value", rest, **more)


def _brackets(value: Value) -> Slip | None:
    """Brackets of which one is missing, or behind which something stands."""
    text, piece = value.text, value.piece
    if piece.flow or not text:
        return None
    more = opened(text)
    if text[0] in "[{":
        return _after_bracket(value, more)
    several = piece.row.dashes and (_MORE_KEYS.search(text) or (more < 0 and text[-1] == "}"))
    if several:
        said = "several keys in one line must stand in brackets, { before them and } behind"
        whole = piece.text.rstrip("}")
        return piece.slip(said, (piece.start, piece.end, f"{{{whole}}}"), key=value.key)
    if more < 0 and text[-1] in "]}":
        said = f"the bracket {text[-1]} was not opened"
        if value.key in LISTS:
            return value.slip(said, f"[{text}", silent=True)
        return value.slip(said, text[:-1])
    return None


def _after_bracket(value: Value, more: int) -> Slip | None:
    text = value.text
    if value.key and value.key not in LISTS and (more or text[-1] not in "]}"):
        if not value.takes_any:
            return value.slip(f"{text[0]} stands before the value", text.strip("[{ }]"))
        said = f"a text that begins with {text[0]} must stand in quotes"
        if value.key in FREE:
            return value.slip(said, quoted(text))
        return value.slip(said, text.strip("[{ }]"), quoted(text))
    if more > 0:
        closing = {"[": "]", "{": "}"}[text[0]]
        said = f"the bracket {text[0]} is not closed: a {closing} is missing at its end"
        return value.slip(said, f"{text}{closing}", "" if value.key else None)
    if text[-1] not in "]}":
        kept = text[: max(text.rfind("]"), text.rfind("}")) + 1]
        return value.slip("something stands behind the closing bracket", kept, value=kept)
    return None


def _quotes(value: Value) -> Slip | None:
    text = value.text
    if text[:1] in ("'", '"'):
        closed = QUOTED.match(text)
        if closed is None:
            core = text[1:].rstrip(f"{QUOTES}\"' ").lstrip()
            return value.slip("the quote before the value is not closed", quoted(core))
        behind = text[closed.end() :].strip()
        broken = re.search(f"[{BREAKS}]", closed[0])
        if not behind and broken and value.key not in FREE:
            said, bare = (
                f"{called(broken[0])} stands in the quotes",
                re.sub(f"[{BREAKS}]", "", text),
            )
            read = re.sub(f"[{BREAKS}]", " ", text[1:-1])
            return value.slip(said, bare, silent=True, holds=read)
        if not behind:
            return None
        if value.piece.flow and _NEXT_KEY.match(behind):
            new = f"{closed[0]}, {behind}"
            return value.slip(_NO_COMMA, new, f"{closed[0]},", value=closed[0])
        said, kept = "something stands behind the closing quote", closed[0]
        if value.key in FREE:
            return value.slip(said, kept, quoted(text))
        return value.slip(said, kept, value=kept)
    for quote in "\"'":
        lone = text.endswith(quote) and text.count(quote) == 1
        if lone and (quote == '"' or value.key not in FREE or not text.endswith("s'")):
            said = "the quote behind the value was not opened"
            return value.slip(said, quoted(text[:-1]), silent=True)
    return None


def _several(value: Value) -> Slip | None:
    """Several values, without the brackets of a list."""
    parts = [each.strip() for each in _BETWEEN.split(value.text)]
    if value.key not in LISTS or value.piece.flow or len(parts) < 2 or value.text[0] in "\"'[{":
        return None
    if value.key == "linked_to":
        if not all(_PMS_ID.fullmatch(part) for part in parts):
            return None  # "Nwosu, Amara" may be a name
        parts = [quoted(part.strip("\"'")) for part in parts]
    new = f"[{', '.join(parts)}]"
    return value.slip("several values must stand in brackets", new, silent=True)


def _inside(value: Value) -> Slip | None:
    """What stands in the middle of a text and must not stand there outside of quotes."""
    text = value.text
    if not text or text[0] in "\"'[{":
        return None
    if "\t" in text:
        said = "a tab stands in the value, where a space belongs"
        return value.slip(said, text.replace("\t", " "))
    hidden = re.search(f"[{INVISIBLE}{BREAKS}]", text)
    if hidden and value.key not in FREE:
        bare = re.sub(f"[{INVISIBLE}{BREAKS}]", "", text)
        said = f"{called(hidden[0])}, which cannot be seen, stands in the value"
        return value.slip(said, bare, silent=True, holds=re.sub(f"[{BREAKS}]", " ", text))
    next_key = _NEXT_KEY.search(text) if value.piece.flow else None
    if next_key and next_key.start():
        kept = text[: next_key.start()].rstrip()
        return value.slip(
            _NO_COMMA, f"{kept}, {next_key[0]}{text[next_key.end() :]}", f"{kept},", value=kept
        )
    colon = re.search(r":(?:\s|$)", text)
    if colon and value.takes_any:
        what = "ends with a colon" if colon.end() == len(text) else "holds a colon and a space"
        new = quoted(text) if value.key in FREE else text[: colon.start()]
        return value.slip(f"a text that {what} must stand in quotes", new, quoted(text))
    if colon:
        kept = text[: colon.start()]
        return value.slip("a colon stands behind the value", kept, value=f"{kept}:")
    return None
