"""What a failure says: an explanation as text, for a terminal of 80 columns."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pytest_videolink.record.text import plural
from pytest_videolink.reports.report import Booking, Entry, Evidence, Explained

WIDTH = 80
"""The columns of a failure, and of the section that closes a run where nothing else is known."""

MAX_APPOINTMENTS = 10


def text(explained: Explained) -> str:
    """The full text. Its first line says what is wrong, in one sentence."""
    return _join(
        [explained.summary],
        _facts(explained.facts),
        *map(_evidence, explained.evidence),
        [explained.more] if explained.more else [],
        _steps(explained),
        _after(explained),
        _closing(explained),
    )


def text_by_reference(explained: Explained, whole: Explained, id: str) -> str:
    """The text of a failure of the same conflict as another one that is told in ``whole``.

    What both would say stands there; ``id`` is its item. Left are who it is about and what is to
    be done for this one besides.
    """
    steps = tuple(step for step in explained.steps if step not in whole.steps)
    rest = replace(explained, steps=steps, source="")
    return _join(
        [explained.summary],
        _facts(fact for fact in explained.facts if fact.label not in _SAID_OF_THE_CHECK),
        ["The same conflict as in this item, which says where it is and how to fix it:", f"  {id}"],
        _steps(rest),
        _after(rest),
        _closing(rest),
    )


_SAID_OF_THE_CHECK = ("For patients", "Basis")


def appointments(some: Sequence[Booking]) -> str:
    """Appointments with their starts; shortened past ten."""
    shown = [f"{each.id} ({each.starts})" for each in some[:MAX_APPOINTMENTS]]
    more = f", and {len(some) - len(shown)} more" if len(some) > len(shown) else ""
    return f"{plural(len(some), 'appointment')}: {', '.join(shown)}{more}"


def _facts(facts: Iterable[Entry]) -> Iterator[str]:
    for fact in facts:
        yield from _wrap(fact.text, f"  {fact.label:<18}")


def _evidence(evidence: Evidence) -> Iterator[str]:
    if evidence.title:
        yield from _wrap(evidence.title, "  ")
    yield from _facts(evidence.facts)
    for place in evidence.places:
        yield place.place
        yield from place.shown
    if evidence.hint:
        yield from wrapped(evidence.hint)


def _steps(explained: Explained) -> Iterator[str]:
    if explained.steps:
        yield f"How to fix it ({explained.who}):"
    for number, step in enumerate(explained.steps, 1):
        yield from _wrap(step, f"  {number}. ")


def _after(explained: Explained) -> Iterator[str]:
    if explained.after:
        yield "After the fix:"
        yield from _wrap(explained.after, "  ")
    if explained.recreate:
        yield from _wrap(f"Recreate {appointments(explained.recreate)}", "  ")


def _closing(explained: Explained) -> Iterator[str]:
    yield "Check again:"
    yield f"  {explained.command}"
    page = f"{explained.page}, or " if explained.page else ""
    yield f"Read more: {page}pytest --videolink-explain={explained.check}"
    if explained.source:
        yield f"What it rests on, as read on {explained.source_read}:"
        yield f"  {explained.source}"


def _wrap(text: str, prefix: str) -> list[str]:
    return wrapped(text, prefix, " " * len(prefix), break_long_words=False)


_ORDER = re.compile(r"^\s*(?::(?=:)|##(?=\[))")


def wrapped(
    text: str,
    first: str = "",
    rest: str = "",
    *,
    width: int = WIDTH,
    break_long_words: bool = True,
) -> list[str]:
    """Lines of a text, none of which is an order to a continuous integration service."""
    if _is_one_line(text) and len(first) + len(text) <= width:
        lines = [f"{first}{text}"]
    else:
        lines = textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=break_long_words,
            break_on_hyphens=False,
        )
    return [
        f"{order[0]} {line[order.end() :]}" if (order := _ORDER.match(line)) else line
        for line in lines
    ]


def _is_one_line(text: str) -> bool:
    """Whether nothing but its length may break a text, as is true of most."""
    return text.isprintable() and text[:1] not in ("", " ") and text[-1] != " "


def _join(*blocks: Iterable[str]) -> str:
    """Blocks of lines with an empty line between them."""
    return "\n\n".join(text for block in blocks if (text := "\n".join(block)))
