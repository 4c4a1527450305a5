"""Characters that look like another, or like none."""

from __future__ import annotations

import re
import unicodedata


def _characters(*ranges: str) -> str:
    """Characters by their numbers, each from the first to the last."""
    numbers = ([int(each, 16) for each in one.split("-")] for one in ranges)
    return "".join(chr(each) for ends in numbers for each in range(ends[0], ends[-1] + 1))


def _ranges(*ranges: str) -> str:
    """Ranges of characters as a class of a regular expression has them."""
    return "".join("-".join(chr(int(end, 16)) for end in one.split("-")) for one in ranges)


SPACES = _characters("A0", "1680", "2000-200A", "202F", "205F", "3000")
"""Characters that look like a space and are none in YAML."""

INVISIBLE = _ranges(
    *("AD", "34F", "61C", "115F-1160", "17B4-17B5", "180B-180F", "200B-200F", "202A-202E"),
    *("2060-206F", "2800", "3164", "FE00-FE0F", "FEFF", "FFA0", "FFF0-FFFC", "1BCA0-1BCA3"),
    *("1D173-1D17A", "E0000-E0FFF"),
    *("E000-F8FF", "F0000-FFFFD", "100000-10FFFD"),
)
"""What Unicode has programs leave out (Default_Ignorable_Code_Point), blanks that are signs, and of
word processors what is left of notes and pictures (U+FFF9 to U+FFFC), and what their fonts alone
draw, such as bullets (the last three). As ranges for a class of a regular expression."""

BREAKS = "\x85\u2028\u2029"
"""What ends a line in old YAML, and in no editor."""

QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\xab\xbb\u2039\u203a"
"""Quotes of word processors."""

DASHES = _characters("2010-2015", "2212", "2022", "B7", "2023", "2043") + "*"
"""What word processors make of a dash before an entry."""


def visible(text: str) -> str:
    """A text with what cannot be seen in it by its number: ``bay<U+200B>side``."""
    if text.isascii() and "\t" not in text:
        return text
    unseen = f"[\t{SPACES}{INVISIBLE}{BREAKS}]"
    return re.sub(
        unseen, lambda found: "<tab>" if found[0] == "\t" else f"<{_code(found[0])}>", text
    )


def called(character: str) -> str:
    """What a character is called: ``a no-break space (U+00A0)``."""
    if character == "\t":
        return "a tab"
    name = _NAMES.get(character) or unicodedata.name(character, "character").lower()
    article = "an" if name[0] in "aeiou" else "a"
    return f"{article} {name} ({_code(character)})"


_NAMES = {"\ufeff": "byte-order mark", "\x85": "line separator"}


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
