"""Text that is safe to show, and times as the document format writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from urllib.parse import quote

from pytest_videolink.record.characters import INVISIBLE, visible

_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2})(:\d{2})?(?:\.(\d{1,6}))?(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

MAX_NAME = 120

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""What workbooks are called: the first are read, and the others refused with what to do."""

TABLES = (".csv", ".tsv", ".tab", ".txt", *WORKBOOKS)
"""What tables that a clinic names are called, as far as a hook or the command line knows them."""


def table_called(file: str, sheet: str) -> str:
    """A table that a document names, as people are told of it."""
    return f"{file}, sheet {sheet}" if sheet else file


def clean(text: str, limit: int = 120) -> str:
    """Text from a file, fit to be printed: one line, no control or bidirectional characters."""
    shown = "".join(map(_shown, text)) if not (text.isascii() and text.isprintable()) else text
    return shown if len(shown) <= limit else f"{shown[: limit - 3]}..."


def as_typed(text: str) -> str:
    """A name that somebody typed and nothing has, with what cannot be seen in it by its number."""
    return clean(visible(text))


def named(text: str, limit: int = 120) -> str:
    """A name from a file, fit to begin a line: no order to a continuous integration service."""
    return clean(text, limit).replace("::", ": :").replace("##[", "## [")


def shortened(name: str) -> str:
    """A name as it is shown; the words of the whole of it count."""
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 3]}..."


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Zl", "Zp") or character in "\t\n\r\x85":
        return " "
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if category in ("Cc", "Cf") else character


def printable(path: str) -> str:
    """A path with what :func:`clean` would take away as ``%XX`` of its UTF-8."""
    if path.isascii() and path.isprintable():
        return path
    return "".join(
        character if _shown(character) == character else quote(character, errors="surrogatepass")
        for character in path
    )


# Latin letters that Unicode takes for letters of their own, and not for one with a mark.
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "ð": "d",
        "đ": "d",
        "ħ": "h",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ĸ": "k",
        "ł": "l",
        "ŋ": "ng",
        "œ": "oe",
        "ø": "o",
        "ß": "ss",
        "þ": "th",
        "ŧ": "t",
    }
)


def spelled_out(name: str) -> str:
    """A name in small letters from a to z, as far as it is written in Latin letters.

    What is neither a letter nor a mark on one stays or becomes a space.
    """
    plain = unicodedata.normalize("NFKD", name.lower()).translate(_LETTERS)
    return "".join(
        each if each.isascii() else "" if unicodedata.category(each)[0] in "LM" else " "
        for each in plain
    )


def slug_of(name: str) -> str:
    """What an id is made of a name: at most 40 of its letters and digits; it may be empty."""
    return "-".join(re.findall("[a-z0-9]+", spelled_out(name)))[:40].strip("-")


def did_you_mean(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known words that come nearest to one that is not known, the nearest first."""
    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold()[:100], by_folded, n=count, cutoff=0.6)
    return [by_folded[name] for name in near]


def hint(word: str, known: Iterable[str]) -> str:
    """What to say behind a word that is not known: the nearest one that is, or nothing."""
    near = did_you_mean(word, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def hint_or_all(word: str, known: Iterable[str]) -> str:
    """The same as a sentence, or all that are known."""
    words = list(known)
    return hint(word, words).removeprefix("; ") or f"known here: {', '.join(words)}"


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def combinations(count: int) -> str:
    """How many pairs, in words for those who know the Dashboard and no word of ours."""
    return f"{plural(count, 'combination')} of practitioner and appointment type"


def listing(names: Iterable[str], conjunction: str = "and") -> str:
    """Names as a sentence lists them: ``a, b and c``."""
    *most, last = list(names)
    return f"{', '.join(most)} {conjunction} {last}" if most else last


MAX_ROWS = 10
"""How many rows are named of those that a sentence is about."""


def rows_in_words(numbers: Sequence[int]) -> str:
    """Rows of a table as a sentence names them: ``1, 34``."""
    shown = ", ".join(map(str, numbers[:MAX_ROWS]))
    more = len(numbers) - MAX_ROWS
    return f"{shown} and {more:,} more" if more > 0 else shown


def near_miss(id: str, names: Mapping[str, str]) -> str:
    """A hint where one of the known ids, each with a name, differs from this one only by outer
    space, case or leading zeros, or where this is a name.
    """

    def core(text: str) -> str:
        return re.sub(f"[{INVISIBLE}]", "", text).strip().casefold().lstrip("0")

    for other in names:
        if core(other) == core(id):
            space = ""
            if other.strip() != other:
                space = " (mind the space at its edge)"
            elif id.strip() != id:
                space = " (without a space at its edge)"
            return f'"{as_typed(other)}" exists{space}: did you mean that one?'
    for other, name in names.items():
        if core(name) == core(id):
            return f'{clean(name)} has the id "{clean(other)}": did you mean that one?'
    return ""


def duration(span: timedelta) -> str:
    """A span of time in its two largest units: ``1 day 3 hours``, ``15 minutes 1 second``."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = [(days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second")]
    parts = [plural(count, unit) for count, unit in units if count]
    return " ".join(parts[:2]) or "0 seconds"


def within(span: timedelta) -> str:
    """How soon, in words."""
    return f"within {duration(span)}" if span else "at once"


_DAYS = "MonTueWedThuFriSatSun"
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def day_and_time(time: datetime) -> str:
    """A time in words that need no locale: ``Tue 24 Nov 2026 09:30``."""
    day, month = _DAYS[3 * time.weekday() :][:3], _MONTHS[3 * time.month - 3 :][:3]
    return f"{day} {time.day} {month} {time.year} {time:%H:%M}"


def day(time: datetime) -> str:
    """The day of a time, in words that need no locale: ``24 Nov 2026``."""
    return f"{time.day} {_MONTHS[3 * time.month - 3 :][:3]} {time.year}"


_WHOLE_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def days(start: datetime, end: datetime) -> str:
    """The days of two times, as people name them: ``24 and 25 November``."""
    months = [f" {_WHOLE_MONTHS[each.month - 1]}" for each in (start, end)]
    years = [f" {start.year}", f" {end.year}"] if start.year != end.year else ["", ""]
    if start.date() == end.date():
        return f"{start:%H:%M} and {end:%H:%M} on {end.day}{months[1]}"
    first = "" if months[0] == months[1] and not years[0] else f"{months[0]}{years[0]}"
    return f"{start.day}{first} and {end.day}{months[1]}{years[1]}"


def column_letters(number: int) -> str:
    """A column as a spreadsheet calls it: A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column that a spreadsheet calls so; 0 without letters."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


class BadTime(ValueError):
    """A text that is no time, or none that exists in the clinic's zone; says what to write."""


def parse_time(text: str, zone: tzinfo | None, *, such_as: str = "2026-11-23 08:30") -> datetime:
    """A time as the document format writes it, aware; without an offset it is in ``zone``.

    Where the zone itself is not known, a time without an offset is read as UTC.
    Raises :class:`BadTime`, with an example: one without an offset, which is right in every zone.
    """
    match = _TIME.fullmatch(text)
    if match is None or (match[4] and not match[3]):
        raise BadTime(f"expected a time such as {such_as}")
    day, minutes, seconds, fraction, offset = match.groups()
    try:
        year, month, number = map(int, day.split("-"))
        hour, minute = map(int, minutes.split(":"))
        naive = datetime(year, month, number, hour, minute, int(seconds[1:]) if seconds else 0)
    except ValueError:
        raise BadTime("there is no such time; check day, month, hour and minute") from None
    if not 1900 <= naive.year <= 2999:
        raise BadTime("expected a year from 1900 to 2999")
    naive = naive.replace(microsecond=int((fraction or "").ljust(6, "0")))
    return naive.replace(tzinfo=offset_of(offset)) if offset else in_zone(naive, zone)


def offset_of(text: str) -> timezone:
    """An offset from UTC: ``Z``, ``+HH:MM`` or ``+HHMM``. Raises :class:`BadTime`."""
    if text == "Z":
        return timezone.utc
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise BadTime("there is no such offset; expected one such as +11:00")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def in_zone(naive: datetime, zone: tzinfo | None) -> datetime:
    """A time by the clinic's clocks as UTC; where their zone is not known, it is UTC already.

    Raises :class:`BadTime` where the clocks change, and the time happens twice or never.
    """
    if zone is None:
        return naive.replace(tzinfo=timezone.utc)
    early = naive.replace(tzinfo=zone)
    offset = early.utcoffset()
    if offset is None or offset != early.replace(fold=1).utcoffset():
        there_and_back = early.astimezone(timezone.utc).astimezone(zone)
        is_twice = there_and_back.replace(tzinfo=None) == naive
        happens = "happens twice" if is_twice else "never happens"
        raise BadTime(
            f"the clocks change: this time {happens} in {zone}; add an offset such as +11:00"
        )
    # As UTC, so that differences of two times are real ones when the clocks change.
    return (naive - offset).replace(tzinfo=timezone.utc)


def parse_date(text: str) -> date:
    """A calendar day, ``YYYY-MM-DD``. Raises :class:`BadTime`."""
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        return date(*map(int, text.split("-")))
    except ValueError:
        raise BadTime("expected a day such as 2026-12-31") from None
