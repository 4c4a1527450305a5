"""What is mistyped in a text that YAML refuses, or takes for something else than was meant.

Nothing is guessed: a suspect counts as the mistake only where the document can be read, or can be
read further, once it is put right. The text as it was meant shows what else is wrong; a document
with a mistake is refused all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice, pairwise
from typing import Any, TypeAlias

from pytest_videolink.record.mistyped.outline import LISTS, Row, outline
from pytest_videolink.record.mistyped.pieces import Slip
from pytest_videolink.record.mistyped.placed import misplaced
from pytest_videolink.record.mistyped.slips import suspects
from pytest_videolink.record.node import Document, Node, Position, Problem, Refusal

MAX_SLIPS = 100
MAX_READ = 1_500_000
"""How many characters are read in all to find out what is mistyped; more take seconds."""

MAX_PAIRED = 12
"""Of how many suspects near to where a text cannot be read two are tried together."""

MAX_MOVED = 20
"""Of how many lines' places at most it is looked which settles most."""

Found: TypeAlias = "Document | Problem"
Reader: TypeAlias = "Callable[[str], Found]"
"""Reads a text, or says why it cannot."""

_BREAK = re.compile("(\r\n|[\n\r])")


def look(text: str, found: Found, read: Reader, *, closely: bool) -> tuple[Found, list[Problem]]:
    """What a text is read as once it is put right, and each of its mistakes.

    ``found`` is what it is read as now. What stands at another place than was meant is looked for
    only ``closely``, as where something else is wrong with the document.
    """
    page = _Page(text, found, read)
    for _ in range(MAX_SLIPS):
        if isinstance(page.found, Problem):
            if not isinstance(page.found, Refusal) or not _explain(page, page.found.position):
                break
        elif not (
            _look_for_silent(page, page.found)
            or ((closely or page.slips) and _move(page, page.found))
        ):
            break
    return page.as_typed(), page.problems()


class _Page:
    """A text by its lines, while it is put right."""

    def __init__(self, text: str, found: Found, read: Reader) -> None:
        parts = _BREAK.split(text)
        self.lines, self._breaks = parts[::2], [*parts[1::2], ""]
        self._typed = list(self.lines)
        self._slips: list[Slip] = []
        self.told: set[tuple[int, str]] = set()
        self._read, self._left = read, MAX_READ
        self._size = len(text)
        self.found, self.rows = found, outline(self.lines)

    @property
    def slips(self) -> bool:
        return bool(self._slips)

    def with_(self, *slips: Slip) -> list[str]:
        lines = list(self.lines)
        for slip in slips:
            for number, line in slip.lines.items():
                lines[number] = line
        return lines

    def tried(self, *slips: Slip) -> Found | None:
        """What would be read were something put right; ``None`` where too much was tried."""
        if self._left <= 0:
            return None
        self._left -= self._size
        return self._read("".join(map("".join, zip(self.with_(*slips), self._breaks, strict=True))))

    def astray(self, *slips: Slip) -> int | None:
        """How many keys would not belong where they stand, which takes half as long to tell."""
        if self._left <= 0:
            return None
        self._left -= self._size // 2
        return _strangers(outline(self.with_(*slips)))

    def mend(self, found: Found, *slips: Slip) -> None:
        self.lines, self.found = self.with_(*slips), found
        self.rows = outline(self.lines)
        self.tell(*slips)

    def tell(self, *slips: Slip) -> None:
        self.told |= {(slip.line, slip.message) for slip in slips}
        self._slips += (slip for slip in slips if slip.message)

    def problems(self) -> list[Problem]:
        return [
            Problem(
                slip.message,
                Position(slip.line + 1, min(slip.column, len(self._typed[slip.line])) + 1),
                slip.key,
                slip.value,
                slip.between,
            )
            for slip in self._slips
        ]

    def as_typed(self) -> Found:
        """What is read now, with the places that it has in the text as it was typed."""
        found = self.found
        if isinstance(found, Problem):
            return replace(found, position=self._place(found.position))
        if self.lines != self._typed:
            self._settle(found.root, set())
        problems = (replace(each, position=self._place(each.position)) for each in found.problems)
        return replace(found, problems=tuple(problems))

    def _settle(self, node: Node, settled: set[int]) -> None:
        if id(node) in settled:  # an alias stands for it elsewhere
            return
        settled.add(id(node))
        node.position = self._place(node.position)
        if isinstance(node.value, dict):
            for key, (position, each) in list(node.value.items()):
                node.value[key] = self._place(position), each
                self._settle(each, settled)
        elif isinstance(node.value, list):
            for each in node.value:
                self._settle(each, settled)

    def _place(self, position: Position) -> Position:
        old, new = (lines[position.line - 1] for lines in (self._typed, self.lines))
        column, same = position.column - 1, _alike(old, new)
        if column > same:
            column = min(max(same, column - len(new) + len(old)), len(old))
        return Position(position.line, column + 1)


def _alike(old: str, new: str) -> int:
    """How many characters two lines begin with alike; all where they are the same."""
    if old == new:
        return len(old)
    return next(
        (place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )


# What YAML refuses


def _explain(page: _Page, stop: Position) -> bool:
    """Put right the mistake because of which the text cannot be read; false where it is unknown."""
    above = [index for index, row in enumerate(page.rows) if row.number < stop.line][::-1]
    depth = len(page.rows[above[0]].indent) if above else 0
    outer = next((each for each in above[1:] if len(page.rows[each].indent) <= depth), -1)
    near = [each for each in above if each in (*above[:2], outer, outer + 1)]
    slips = [
        slip
        for index in near
        for slip in (
            *suspects(page.lines[page.rows[index].number], page.rows[index]),
            *misplaced(page.lines, page.rows, index),
        )
    ]
    if _mend_best(page, stop, [(slip,) for slip in slips]):
        return True
    if len(slips) <= MAX_PAIRED and _mend_best(page, stop, list(combinations(slips, 2))):
        return True
    return any(
        _mend_best(page, stop, [(slip,) for slip in suspects(page.lines[row.number], row)])
        for row in (page.rows[index] for index in above if index not in near)
    )


def _mend_best(page: _Page, stop: Position, choices: Sequence[tuple[Slip, ...]]) -> bool:
    """Put right what explains best that the text cannot be read, if anything of it does."""
    best: tuple[Any, Found, tuple[Slip, ...]] | None = None
    for slips in choices:
        found = page.tried(*slips)
        if found is None:
            return False
        if isinstance(found, Document) or _is_further(page, found.position, stop, slips):
            rank = _rank(page, slips, found)
            if best is None or rank > best[0]:
                best = rank, found, slips
    if best is not None:
        page.mend(best[1], *best[2])
    return best is not None


def _is_further(page: _Page, found: Position, stop: Position, slips: Sequence[Slip]) -> bool:
    """Whether a text is read beyond where it could not be, and beyond what was put right."""
    if found.line != stop.line:
        return found.line > min(stop.line, max(slip.line for slip in slips) + 1)
    grown = len(page.with_(*slips)[stop.line - 1]) - len(page.lines[stop.line - 1])
    return found.column - grown > stop.column


def _rank(page: _Page, slips: Sequence[Slip], found: Found) -> Any:
    """How well mistakes explain that a text cannot be read.

    The further it can be read the better, then the fewer keys stand where they do not belong, then
    what the lines tell by themselves, then what leaves the lines indented alike.
    """
    read = isinstance(found, Document)
    progress: Any = -len(found.problems) if isinstance(found, Document) else found.position
    rows = outline(page.with_(*slips))
    steps = Counter(len(row.indent) for above, row in pairwise(rows) if not above.indent)
    alike = max(steps.values(), default=0)
    doubt, lines = (
        sum(each) for each in zip(*((s.doubt, len(s.lines)) for s in slips), strict=True)
    )
    return read, progress, -_strangers(rows), -doubt, -lines, alike


def _strangers(rows: Sequence[Row]) -> int:
    return sum(row.adrift for row in rows)


# What YAML takes for something else


def _look_for_silent(page: _Page, document: Document) -> bool:
    """Put right what was taken for something else without a word; false where there is nothing."""
    taken = _Taken(document, page.lines)
    found: list[Slip] = []
    for row in page.rows:
        for slip in suspects(page.lines[row.number], row):
            told = (slip.line, slip.message) in page.told
            if slip.silent and not told and taken.has(slip, row):
                found.append(slip)
                break
    for slips in (found, *([slip] for slip in found)) if found else ():
        read = page.tried(*slips)
        if isinstance(read, Document):
            page.mend(read, *slips)
            return True
        if read is None:  # too much to try, but what was taken is plain
            page.tell(*found)
            break
    return False


class _Taken:
    """What YAML took of some lines, by where it begins."""

    def __init__(self, document: Document, lines: Sequence[str]) -> None:
        self._lines = lines
        self._starts = dict(_starts(document.root))
        for each in document.problems:  # of what is no key at all
            place = each.position.line - 1, each.position.column - 1
            self._starts[place] = Node(each.position, None)
        self._begun = {line for line, _ in self._starts}

    def has(self, slip: Slip, row: Row) -> bool:
        """Whether a suspect was taken for a key or a value, and is no part of a longer text."""
        node = self._starts.get((slip.line, slip.at))
        if node is None:
            goes_on = slip.line not in self._begun
            return bool(row.dashes) and goes_on and row.of in LISTS and not row.adrift
        if slip.holds is not None:
            return (node.value or "") == slip.holds
        text = self._lines[slip.line][slip.at :]
        if text[0] in "&!" and not isinstance(node.value, str | None):
            return False  # what may be said of brackets or lines is not cut off from them
        anchor = _ANCHOR.match(text)
        repeats = anchor and any(f"*{anchor[1]}" in line for line in self._lines)
        return not (anchor and (anchor[2] or repeats))


_ANCHOR = re.compile(r"&([\w-]+)( +[\"'])?")


def _starts(node: Node) -> Iterator[tuple[tuple[int, int], Node]]:
    """The values of a document by the lines and columns, from 0, of them and of their keys."""
    yield (node.position.line - 1, node.position.column - 1), node
    if isinstance(node.value, dict):
        for position, each in node.value.values():
            yield from _starts(each)
            yield (position.line - 1, position.column - 1), each
    elif isinstance(node.value, list):
        for each in node.value:
            yield from _starts(each)


def _move(page: _Page, document: Document) -> bool:
    """Put what stands at a wrong place where it belongs; false where there is nothing."""
    twice = {(row.key, row.start) for row in page.rows if row.adrift}
    suspected = (
        slip
        for index, row in enumerate(page.rows)
        if (row.key, row.start) in twice
        for slip in misplaced(page.lines, page.rows, index)
    )
    slips = list(islice(suspected, MAX_MOVED))
    ranked = sorted(
        ((left, slip.doubt, len(slip.lines)), place)
        for place, slip in enumerate(slips)
        if (left := page.astray(slip)) is not None
    )
    for (left, *_), place in ranked:
        if left >= _strangers(page.rows):
            return False
        found = page.tried(slips[place])
        if found is None:
            return False
        if isinstance(found, Document) and len(found.problems) <= len(document.problems):
            page.mend(found, slips[place])
            return True
    return False
