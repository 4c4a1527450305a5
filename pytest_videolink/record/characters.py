"""Characters that look like another, or like none."""

from __future__ import annotations


def _characters(*ranges: str) -> str:
    """Characters by their numbers, each from the first to the last."""
    numbers = ([int(each, 16) for each in one.split("-")] for one in ranges)
    return "".join(chr(each) for ends in numbers for each in range(ends[0], ends[-1] + 1))


SPACES = _characters("A0", "1680", "2000-200A", "202F", "205F", "3000")
"""Characters that look like a space and are none in YAML."""

INVISIBLE = _characters("AD", "61C", "180E", "200B-200F", "202A-202E", "2060-2064", "2066-206F")
INVISIBLE += "\ufeff"
BREAKS = "\x85\u2028\u2029"
"""What ends a line in old YAML, and in no editor."""

QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\xab\xbb\u2039\u203a"
"""Quotes of word processors."""

DASHES = _characters("2010-2015", "2212", "2022", "B7", "2023", "2043") + "*"
"""What word processors make of a dash before an entry."""
