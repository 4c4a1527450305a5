"""Time zones, by the names that IANA gives to places.

``EST`` is a name of IANA's too, and so is ``Etc/GMT+10``. But the one means other hours in America
than in Australia, and the other is ten hours *behind* UTC: a start that has passed would count as
to come. No such name is taken. What IANA says of a name is read from its own tables, those of the
package tzdata, and only where the name is not plainly one of a place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pytest_videolink.record.text import clean, did_you_mean, listing

UTC = ("UTC", "Etc/UTC")
EXPECTED = "expected an IANA time zone such as Australia/Sydney"

_OF_UNIX = frozenset(
    ("CET", "EET", "MET", "WET", "EST", "MST", "HST", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT")
)
"""Names that are there for old systems alone (IANA's news of 2024b), in some of its releases as
zones of their own and in others as links to a place abroad."""

_WEEKS = [datetime(2037, 1, 1) + timedelta(weeks=week) for week in range(52)]
"""A year in which every zone keeps the rules that it has now."""

HOUR = timedelta(hours=1)

_OFFSET = re.compile(r"(?:Etc/)?(?:GMT|UTC?)? ?[+-](\d{1,2})(?::?([0-5]\d))?", re.ASCII | re.I)


class NotAZone(ValueError):
    """A text that is no name of a place's time zone; says what to write."""


def zone_of(text: str) -> tzinfo:
    """The time zone of a place by its IANA name, or UTC. Raises :class:`NotAZone`."""
    if text in UTC or _is_place(text):
        return ZoneInfo(text)
    raise NotAZone(f"{EXPECTED}{_hint(text[:100])}")


def _is_place(name: str) -> bool:
    if name not in _names():
        return False
    area, slash, _ = name.partition("/")
    if slash:
        return area != "Etc"
    # A country's name from before there were areas, such as NZ, is a link to a place.
    return name not in _OF_UNIX and _is_place(_links().get(name, ""))


def _table(name: str) -> list[str]:
    return files("tzdata").joinpath(name).read_text("utf-8").splitlines()


@cache
def _names() -> frozenset[str]:
    """The names of all time zones; a machine's own folder of them may hold others besides."""
    return frozenset(_table("zones"))


@cache
def _links() -> Mapping[str, str]:
    """The other names of zones, and what each of them stands for."""
    lines = map(str.split, _table("zoneinfo/tzdata.zi"))
    return {words[2]: words[1] for words in lines if words[0] == "L"}


# What to write instead


@cache
def _hint(text: str) -> str:
    """What is known of a name that is not taken, as the rest of a sentence."""
    if text.upper() in UTC or _links().get(text) in UTC:
        return "; did you mean UTC?"
    near = _cities_in(text)
    if not near and (hours := _hours(text)):
        return f"; {clean(text, 40)} is no place{hours}"
    near = near or _alike(text)
    return f"; did you mean {listing(near, 'or')}?" if near else ""


def _cities_in(text: str) -> list[str]:
    """The zones of cities that a text names, as Windows does: ``Canberra, Melbourne, Sydney``."""
    cities = [*_zones("zone.tab"), *filter(_is_australian, sorted(_names()))]
    words = f" {_words(text)} "
    return sorted({zone for zone in cities if f" {_words(zone.rpartition('/')[2])} " in words})


def _alike(text: str) -> list[str]:
    """The zone of nearly this name; of an area that is right, the one of nearly this city."""
    places = sorted(filter(_is_place, _names()))
    area, slash, city = text.rpartition("/")
    of_area = [zone[len(area) + 1 :] for zone in places if slash and zone.startswith(f"{area}/")]
    if of_area:
        return [f"{area}/{near}" for near in did_you_mean(city, of_area, count=1)]
    return did_you_mean(text, places, count=1)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]+", text.casefold()))


def _hours(text: str) -> str:
    """The hours that an abbreviation or an offset stands for, and the places that keep them."""
    kept = _year(text).offsets if text in _names() else ()
    word = "" if _OFFSET.fullmatch(text) else _abbreviation(text)
    keeping = [
        zone
        for zone in _zones("zonenow.tab")
        if (_year(zone).offsets == kept if kept else word in _year(zone).abbreviations)
    ]
    abroad = [zone for zone in keeping if not _is_australian(zone)]
    australian = sorted(filter(_is_australian, _zones("zone.tab")))
    meant = [zone for zone in australian if _may_be_meant(zone, text)]
    said = [f"UTC{kept[0] // HOUR:+d}"] if len(set(kept)) == 1 else []
    said += [f"the hours of {listing(abroad)}"] if abroad else []
    but = f" but {', '.join(said)}" if said else ""
    there = listing(meant or australian, "or") if meant or kept else ""
    return f"{but}; in Australia: {there}" if there else but


def _abbreviation(text: str) -> str:
    """What stands first in a text, or the first letters of its words where there are several."""
    words = _words(text).split()
    first = "".join(word[0] for word in words) if len(words) > 2 else "".join(words[:1])
    return first.upper()


def _may_be_meant(zone: str, text: str) -> bool:
    """Whether an Australian may mean a zone there by an abbreviation, or by an offset that is
    written with either sign.
    """
    if offset := _OFFSET.fullmatch(text):
        hours = timedelta(hours=int(offset[1]), minutes=int(offset[2] or 0))
        return hours in _year(zone).offsets
    word = _abbreviation(text)
    return not _year(zone).abbreviations.isdisjoint((word, f"A{word}"))


def _is_australian(zone: str) -> bool:
    return zone.startswith("Australia/")


@cache
def _zones(table: str) -> tuple[str, ...]:
    """The zones in a table of IANA's."""
    rows = [line.split("\t") for line in _table(f"zoneinfo/{table}") if line[:1] != "#"]
    return tuple(row[2] for row in rows)


class _Year(NamedTuple):
    """The offsets from UTC of a zone, week by week, and what they are called."""

    offsets: tuple[timedelta, ...]
    abbreviations: frozenset[str]


@cache
def _year(zone: str) -> _Year:
    weeks = [week.replace(tzinfo=ZoneInfo(zone)) for week in _WEEKS]
    offsets = tuple(week.utcoffset() or timedelta(0) for week in weeks)
    return _Year(offsets, frozenset(str(week.tzname()) for week in weeks))
