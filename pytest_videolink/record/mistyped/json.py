"""What is mistyped in a text that is no JSON, told by what stands where a parser stopped."""

from __future__ import annotations

import re

from pytest_videolink.record.characters import INVISIBLE, QUOTES, SPACES, called

_ODD = re.compile(f"[{SPACES}{INVISIBLE}]")
_WORD = re.compile(r"[^\W\d]\w*")


def mistake(text: str, at: int, said: str) -> tuple[str, int]:
    """What is wrong in a text that a JSON parser cannot read beyond a character, and where.

    Nothing of the text is shown. Where the mistake is none that is known, it is what the parser
    ``said``.
    """
    here, before = text[at : at + 1], text[:at].rstrip()
    last = before[-1:]
    if here == "," and text[at + 1 :].lstrip()[:1] in ("]", "}"):
        return _COMMA, at
    if here in ("]", "}") and last == ",":
        return _COMMA, len(before) - 1
    if "control character" in said:
        if here in "\r\n":
            return "the quote before this text is not closed in its line", at
        return f"{called(here)} stands in a text: write a space", at
    if said.startswith("Unterminated string"):
        return "the quote that stands here is not closed", at
    if "escape" in said:
        return "a backslash in a text must be written twice, \\\\", at
    return _of_character(text, at, said, len(before)) or (f"this is not valid JSON: {said}", at)


_COMMA = "a comma stands behind the last entry: remove it"


def _of_character(text: str, at: int, said: str, end: int) -> tuple[str, int] | None:
    here = text[at : at + 1]
    if not text.strip():
        return "the file is empty", 0
    if not here:
        at = end if "\n" in text[end:] else at
        return "the file ends too soon: a bracket is not closed", at
    if here == "'":
        return "single quotes stand round a text, where double quotes must stand", at
    if here in QUOTES:
        return "typographic quotes stand round a text, where double quotes must stand", at
    if text.startswith(("//", "/*", "#"), at):
        return "a comment stands here, and JSON has none: remove it", at
    if _ODD.match(here):
        return f"{called(here)} stands between the values: remove it", at
    if end == 0:
        return "this is no JSON, which begins with {", at
    return _of_value(text, at, said, end)


def _of_value(text: str, at: int, said: str, end: int) -> tuple[str, int] | None:
    """What is wrong where a value, a key, a comma or a colon was expected."""
    here, last = text[at], text[end - 1]
    if "Extra data" in said:
        several = "the file holds several documents: one clinic a file"
        return (several if here in "{[" else "a bracket too many stands here", at)
    if "':'" in said:
        if here in "=;":
            return f"{here} stands where a colon belongs", at
        return "a colon is missing behind the key", end
    if "','" in said:
        if here.isdigit() and last == "0" and end == at:
            return "a number cannot begin with 0: put it in double quotes", at - 1
        if here in ";.=":
            return f"{here} stands where a comma belongs", at
        return "a comma is missing behind this value", end
    if here == ",":
        return "a comma stands where a value belongs", at
    word = _WORD.match(text, at)
    if word and word[0].lower() in ("true", "false", "null"):
        return "true, false and null must be written in lower-case letters", at
    if word:
        return "a text must stand in double quotes", at
    return None
