"""The rows of a page that is too large to hold them all: as data, from which a script makes them.

A line of HTML that several rows have stands once. The page's script reads a part of a list when its
rows come into view, so no row is made, and no part is read, before somebody looks at it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

PART = 40
"""How many rows of a list are read at once."""


class RowList:
    """The rows of one list on the page, each with what the filter goes by."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[list[str]] = []
        self.entries: list[Any] = []

    def add(self, row: str, entry: Sequence[Any]) -> str:
        """Take a row. Says nothing, so that a template can call it where the row would stand."""
        self.rows.append(row.strip().split("\n"))
        self.entries.append(entry)
        return ""


class Rows:
    """All lists of a page."""

    def __init__(self) -> None:
        self._lists: list[RowList] = []

    def list(self) -> RowList:
        """A new list, which is named by its number."""
        self._lists.append(RowList(str(len(self._lists))))
        return self._lists[-1]

    def data(self) -> Iterator[tuple[str, str]]:
        """The data by their names: lines that recur, the filter's entries, and parts of lists.

        In a part a line that recurs is a number.
        """
        count = Counter(line for some in self._lists for row in some.rows for line in row)
        numbers = {
            line: number for number, line in enumerate(each for each in count if count[each] > 1)
        }
        yield "lines", _json([*numbers])
        yield "entries", _json({each.name: each.entries for each in self._lists})
        for each in self._lists:
            for start in range(0, len(each.rows), PART):
                rows = each.rows[start : start + PART]
                part = [[numbers.get(line, line) for line in row] for row in rows]
                yield f"{each.name}-{start // PART}", _json(part)


def _json(value: object) -> str:
    """JSON that ends no script and begins no comment; what is in it is escaped as any other row."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!", "<\\u0021")
