"""Looking for the neighbours of a clinic without parsing every document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.pms import name_key


def may_concern(raw: bytes, clinics: Iterable[Clinic]) -> bool:
    """Whether a document may name the PMS database, or the id, of one of some clinics."""
    text = _Text(raw)
    return any(text.may_name(clinic) for clinic in clinics)


def workbook_may_concern(raw: bytes, clinics: Iterable[Clinic]) -> bool:
    """Whether a workbook may; its texts are searched, and not read."""
    from pytest_videolink.record.archive import BadBook
    from pytest_videolink.record.layout import CLINIC
    from pytest_videolink.record.sheets import says

    try:
        text = says(raw, CLINIC).casefold()
    except BadBook:
        return True
    states = _A_DATABASE in text
    return any(
        not states or clinic.id in text or all(word in text for word in _words(clinic.pms.database))
        for clinic in clinics
    )


def workbook_is_clinic(raw: bytes) -> bool:
    """Whether a workbook is that of a clinic, by its sheets."""
    from pytest_videolink.record.layout import SHEETS
    from pytest_videolink.record.sheets import sheet_names

    return len(set(SHEETS[:5]).intersection(sheet_names(raw))) > 1


_A_DATABASE = "pms database"
"""What is asked in the sheet of a workbook that says which database it is."""


@cache
def _words(database: str) -> tuple[str, ...]:
    """What stands in a text that names a database.

    A name may be folded over lines, and a quote in it doubled, so its words are looked for.
    """
    return tuple(re.split(r"[\s'\"]+", name_key(database)))


_STATED = re.compile(
    r"""database(?:["'][^\S\n]*:[^\S\n]*|[^\S\n]*:[^\S\n]+)(?!null\b|~)["']?[^\s"'#\[{&*!|>]"""
)


def _states_database(text: str) -> bool:
    """Whether a text names its database in so many words, once, below another key or in braces.

    Then it need not be parsed to know which database it is not.
    """
    stated = 0
    place = text.find("database")
    while place >= 0:
        line = text[text.rfind("\n", 0, place) + 1 : place]
        before = line.rstrip(" \t\"'")
        is_below = not before and line[:1].isspace()
        in_braces = before.endswith(("{", ",")) and "{" in before and "#" not in before
        if (is_below or in_braces) and _STATED.match(text, place):
            stated += 1
        place = text.find("database", place + 1)
    return stated == 1


class _Text:
    """The text of a document, searched rather than parsed. Finding too much is harmless."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._text = raw.decode().casefold()
        except UnicodeDecodeError:
            self._text = ""
        escapes = "\\" in self._text and '"' in self._text
        self._opaque = escapes or "\0" in self._text or not _states_database(self._text)

    def may_name(self, clinic: Clinic) -> bool:
        words = _words(clinic.pms.database)
        return self._opaque or clinic.id in self._text or all(word in self._text for word in words)
