"""Lines of a document that do not begin where they should.

As in :mod:`~pytest_videolink.record.mistyped.slips` each is a suspect only, to be tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_videolink.record.characters import called, visible
from pytest_videolink.record.mistyped.outline import KEYS, KEYS_AT, LISTS, Row
from pytest_videolink.record.mistyped.pieces import Slip, pieces, written
from pytest_videolink.record.mistyped.values import FREE
from pytest_videolink.record.slugs import is_slug
from pytest_videolink.record.text import plural


def misplaced(lines: Sequence[str], rows: Sequence[Row], index: int) -> Iterator[Slip]:
    """Where a line may have been meant to begin."""
    if rows[index].flow:
        return
    yield from _without_dash(lines, rows, index)
    yield from _apart(lines, rows, index)
    yield from _indented(lines, rows, index)


def _indented(lines: Sequence[str], rows: Sequence[Row], index: int) -> Iterator[Slip]:
    row = rows[index]
    odd = next((each for each in row.indent if each != " "), None)
    has = called(odd) if odd else plural(len(row.indent), "space").replace("0", "no")
    who = "the dash" if row.dashes else row.key if row.key in KEYS else "the line"
    for column in dict.fromkeys(_columns(rows, index)):
        more = column - len(row.indent)
        if not odd and not more:
            continue
        wanted = plural(column, "space").replace("0", "no") if odd else str(column or "none")
        message = f"{who} has {has} before it; write {wanted}{_below(rows, index, column)}"
        run = [row, *_run(rows, index)]
        for moved in ([row], run) if len(run) > 1 else ([row],):
            also = len(moved) - 1
            likewise = f", and move {plural(also, 'line')} below it likewise" if also else ""
            yield Slip(
                row.number,
                0,
                f"{message}{likewise}",
                row.key if row.key in KEYS else None,
                ": ",
                None,
                {
                    each.number: " " * max(0, len(each.indent) + more)
                    + lines[each.number][len(each.indent) :]
                    for each in moved
                },
                doubt=1,
            )


def _columns(rows: Sequence[Row], index: int) -> Iterator[int]:
    """The columns at which a line may begin by the lines above it, and by the line below it."""
    row = rows[index]
    below = rows[index + 1].start - len(row.dashes) if index + 1 < len(rows) else 0
    for level in reversed(row.levels):
        inner = below if below > level.column else level.column + 2
        if row.dashes or row.key is None:
            if level.below("[]") or level.key in LISTS:
                yield inner if level.dash is None else level.dash
        elif level.takes(row.key):
            yield level.column
        elif row.key in KEYS_AT.get(level.below() or "-", ()):
            yield inner
        elif row.key not in KEYS:
            yield level.column
    if row.indent.strip(" "):
        yield len(row.indent)


def _run(rows: Sequence[Row], index: int) -> Iterator[Row]:
    """The lines below a line that belong to it, or stand as it does."""
    for row in rows[index + 1 :]:
        if len(row.indent) < len(rows[index].indent) or (
            rows[index].dashes and len(row.indent) == len(rows[index].indent)
        ):
            return
        yield row


def _below(rows: Sequence[Row], index: int, column: int) -> str:
    """What stands exactly above a place."""
    row = rows[index]
    for other in reversed(rows[:index]):
        if row.dashes:
            if other.dashes and len(other.indent) == column:
                return f", so that it stands exactly below the dash of line {other.number + 1}"
        elif other.key in KEYS and other.start == column:
            return f", so that it begins exactly below {other.key} of line {other.number + 1}"
        elif other.start < column:
            break
    return ""


def _apart(lines: Sequence[str], rows: Sequence[Row], index: int) -> Iterator[Slip]:
    """A value that stands in a line of its own."""
    row, above = rows[index], rows[index - 1]
    if index == 0 or row.key or row.dashes or above.key is None or above.flow:
        return
    piece = next(pieces(lines[above.number], above))
    if not piece.text.endswith(":"):
        return
    value = next(pieces(lines[row.number], row)).text
    head = f"{lines[above.number][: piece.end]} {value}"
    key = above.key if above.key in KEYS else None
    shown = key and above.shown and (key in FREE or " " not in value)
    right = written(f"{key}: {value}") if shown else ""
    yield Slip(
        row.number,
        row.start,
        f"{key or 'a key'}: the value stands in a line of its own{right}",
        None,
        ": ",
        visible(value) if shown else None,
        {above.number: head, row.number: ""},
        doubt=1,
    )


def _without_dash(lines: Sequence[str], rows: Sequence[Row], index: int) -> Iterator[Slip]:
    """An entry of a list that has no dash."""
    row = rows[index]
    if row.dashes or row.key not in (None, "id", "check"):
        return
    text = next(pieces(lines[row.number], row)).text
    rest = lines[row.number][row.start :]
    for level in reversed(row.levels) if row.key else row.levels[-1:]:
        place = level.below("[]")
        if not (row.key in KEYS_AT[place] if row.key and place else place or level.key in LISTS):
            continue
        columns = (level.dash, len(row.indent) - 2, len(row.indent), level.column + 2)
        for column in dict.fromkeys(each for each in columns if each is not None and each >= 0):
            key = row.key if row.key in KEYS else None
            shown = not row.private and level.place is not None and (key or is_slug(text))
            right = written(f"- {text}") if shown else ""
            yield Slip(
                row.number,
                row.start,
                f"{key + ': ' if key else ''}a dash is missing before it{right}",
                None,
                ": ",
                visible(text) if right else None,
                {row.number: f"{' ' * column}- {rest}"},
                doubt=2,
            )
        return
