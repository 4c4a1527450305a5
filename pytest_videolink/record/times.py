"""Times as tables write them, in an order of day, month and year that is declared, not guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from pytest_videolink.record.cells import EMPTY, MEMORY, BadCell, Complaint, of_cell
from pytest_videolink.record.text import BadTime, in_zone, offset_of

DATES = ("iso", "dmy", "mdy")
"""The orders in which a table may write its dates."""

TIMES = ("clock", "seconds")
"""How a table may write its times of day: by the clock, or in whole seconds after midnight."""


class Day(NamedTuple):
    """Year, month and day at the start of a text, and what follows them."""

    date: tuple[int, int, int]
    rest: str


class _Clock(NamedTuple):
    """Hour, minute, second and microsecond, and an offset where there is one."""

    time: tuple[int, int, int, int]
    offset: str | None = None


class Times:
    """Reads times as a table says that it writes them; what is naive is by the clinic's clocks.

    ``order`` is one of :data:`DATES`, ``unit`` one of :data:`TIMES`. What cannot be read raises
    :class:`~cells.BadCell`.
    """

    def __init__(self, order: str, unit: str, zone: tzinfo | None) -> None:
        self._order, self._unit, self._zone = order, unit, zone
        # The same days and times of day come again and again.
        self._day = lru_cache(MEMORY)(lambda text: day_by(order, text))
        self._clock = lru_cache(MEMORY)(self._clock_of)
        self._offset = lru_cache(MEMORY)(self._offset_in)

    def in_one(self, text: str) -> datetime:
        """The time of a cell that holds the day and the time of day."""
        text = " ".join(text.split())
        day, _, clock = text.partition(" ")
        found = self._day(day)
        if found is None:
            found = self._day_of(text, None)
            clock = found.rest
        elif found.rest:
            clock = f"{found.rest} {clock}".rstrip()
        if not clock:
            raise BadCell(_HAS_NO_TIME_OF_DAY)
        _check_year(found, None)
        return self._time(found, self._clock(clock))

    def in_two(self, day: str, clock: str) -> datetime:
        """The time of two cells, of which one holds the day and the other the time of day."""
        if not day or not clock:
            raise BadCell(EMPTY, 1 if day else 0)
        found = self._day_of(" ".join(day.split()), 0)
        if found.rest and not _MIDNIGHT.fullmatch(found.rest):
            raise BadCell(_HAS_TIME_OF_DAY, 0)
        _check_year(found, 0)
        try:
            return self._time(found, self._clock(" ".join(clock.split())))
        except BadCell as bad:
            raise BadCell(bad.complaint, 1) from None

    def _day_of(self, text: str, column: int | None) -> Day:
        found = self._day(text)
        if found is None:
            raise BadCell(self.in_another_order(text), column)
        return found

    def in_another_order(self, text: str) -> Complaint:
        """What is said of a day that is not in the order that is declared."""
        others = (f"dates: {order}" for order in DATES if day_by(order, text))
        expected = f"expected a day such as {_EXAMPLES[self._order]}"
        many = f"are not {self._order} dates"
        return of_cell(text, Complaint(expected, many, frozenset(others)))

    def _clock_of(self, text: str) -> _Clock:
        match = _CLOCK.fullmatch(text)
        found = _clock_in(*match.groups()) if match is not None else None
        if found is not None:
            return found
        seconds = _SECONDS.fullmatch(text)
        is_seconds = seconds is not None and int(seconds[1]) < _DAY_IN_SECONDS
        if seconds is not None and is_seconds and self._unit == "seconds":
            minutes, second = divmod(int(seconds[1]), 60)
            return _Clock((*divmod(minutes, 60), second, 0))
        example = "29700 (seconds after midnight) or 08:15"
        if self._unit == "clock":
            example = _CLOCK_EXAMPLE
        remedies = frozenset(["times: seconds"] if is_seconds else [])
        expected = f"expected a time of day such as {example}"
        raise BadCell(of_cell(text, Complaint(expected, "are no times of day", remedies)))

    def _offset_in(self, date: tuple[int, int, int], hour: int) -> timedelta | None:
        """The zone's offset from UTC in an hour, unless the clocks change in it."""
        first, last = datetime(*date, hour), datetime(*date, hour, 59, 59, 999_999)
        try:
            offsets = {
                each - in_zone(each, self._zone).replace(tzinfo=None) for each in (first, last)
            }
        except BadTime:
            return None
        return offsets.pop() if len(offsets) == 1 else None

    def _time(self, day: Day, clock: _Clock) -> datetime:
        if not clock.offset:
            offset = self._offset(day.date, clock.time[0])
            if offset is not None:
                return datetime(*day.date, *clock.time, tzinfo=timezone.utc) - offset
        naive = datetime(*day.date, *clock.time)
        try:
            if clock.offset:
                return naive.replace(tzinfo=offset_of(clock.offset))
            return in_zone(naive, self._zone)
        except BadTime as error:
            many = "have no such offset" if clock.offset else "are times when the clocks change"
            raise BadCell(Complaint(str(error), many)) from None


# Days

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_MONTH_OF = {
    **{str(number): number for number in range(1, 13)},
    **{f"0{number}": number for number in range(1, 10)},
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}

_DAY, _MONTH, _YEAR = "(?P<day>[0-9]{1,2})", "(?P<month>[0-9]{1,2})", "(?P<year>[0-9]{4})"
_NAME, _BETWEEN, _AGAIN = "(?P<month>[A-Za-z]{3,9})", "(?P<between>[-/.])", "(?P=between)"
_SPACED = "(?P<between>[-/. ])"
_PATTERNS = {
    "iso": (rf"{_YEAR}{_BETWEEN}{_MONTH}{_AGAIN}{_DAY}",),
    "dmy": (
        rf"{_DAY}{_BETWEEN}{_MONTH}{_AGAIN}{_YEAR}",
        rf"{_DAY}{_SPACED}{_NAME}{_AGAIN}{_YEAR}",
    ),
    "mdy": (
        rf"{_MONTH}{_BETWEEN}{_DAY}{_AGAIN}{_YEAR}",
        rf"{_NAME}{_SPACED}{_DAY},?{_AGAIN}{_YEAR}",
    ),
}
_DAYS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    order: tuple(re.compile(rf"{pattern}(?:$|[T ,]+)") for pattern in patterns)
    for order, patterns in _PATTERNS.items()
}
_EXAMPLES = {"iso": "2026-11-24", "dmy": "24/11/2026", "mdy": "11/24/2026"}


def day_by(order: str, text: str) -> Day | None:
    """The day at the start of a text, written in one of :data:`DATES`; nothing where none is."""
    for pattern in _DAYS[order]:
        match = pattern.match(text)
        month = _MONTH_OF.get(match["month"].casefold()) if match else None
        if match is None or month is None:
            continue
        year, day = int(match["year"]), int(match["day"])
        try:
            datetime(year, month, day)
        except ValueError:
            return None
        return Day((year, month, day), text[match.end() :])
    return None


def _check_year(day: Day, column: int | None) -> None:
    if not 1900 <= day.date[0] <= 2999:
        raise BadCell(_YEAR_OUTSIDE, column)


# Times of day

_CLOCK = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(?: ?([ap])\.?m\.?| ?((?-i:Z)|[+-][0-9]{2}:?[0-9]{2}))?",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"([0-9]{1,5})(?:\.0+)?")
_DAY_IN_SECONDS = 24 * 60 * 60
_MIDNIGHT = re.compile(r"0{1,2}:00(?::00(?:\.0+)?)?|12:00(?::00)? ?a\.?m\.?", re.IGNORECASE)
_CLOCK_EXAMPLE = "09:30 or 9:30 am"


def _clock_in(
    hours: str,
    minutes: str,
    seconds: str | None,
    fraction: str | None,
    half: str | None,
    offset: str | None,
) -> _Clock | None:
    if hours == "0" and seconds and not half:
        raise BadCell(_IS_DURATION)
    hour, minute, second = int(hours), int(minutes), int(seconds or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    micro = int(fraction.ljust(6, "0")[:6]) if fraction else 0
    return _Clock((hour, minute, second, micro), offset)


_HAS_TIME_OF_DAY = Complaint(
    "expected a day alone: the time of day stands in a column of its own",
    "hold more than a day, and the time of day stands in a column of its own",
)
_HAS_NO_TIME_OF_DAY = Complaint(
    f"expected a time of day behind the day, such as {_CLOCK_EXAMPLE}", "have no time of day"
)
_IS_DURATION = Complaint(
    "may be minutes and seconds; write such a time as 9:30 or 12:09 am",
    "may be minutes and seconds, as some programs take hours for minutes; export again",
)
_YEAR_OUTSIDE = Complaint(
    "expected a year from 1900 to 2999", "have a year before 1900 or after 2999"
)
