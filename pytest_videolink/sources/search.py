"""Looking for the neighbours of a clinic without parsing every document."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, cached_property

from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.pms import name_key


class Sought(tuple[Clinic, ...]):
    """Clinics that are looked for in the documents of others; many in about the time of a few."""

    @classmethod
    def of(cls, clinics: Iterable[Clinic]) -> Sought:
        """These clinics, as they are where they are sought already."""
        return clinics if isinstance(clinics, cls) else cls(clinics)

    def may_be_named_in(self, text: str) -> bool:
        """Whether a text holds the id of one, or the words of its PMS database."""
        if len(self) <= _FEW:
            return any(_stands_in(text, words) for clinic in self for words in _named_by(clinic))
        runs = self._by_run.keys() & {"", *_RUN.findall(text)}
        return any(_stands_in(text, words) for run in runs for words in self._by_run[run])

    @cached_property
    def _by_run(self) -> Mapping[str, list[tuple[str, ...]]]:
        """What names them, by the run of letters in it that the fewest of them have."""
        every = {words: _RUN.findall(" ".join(words)) for each in self for words in _named_by(each)}
        often = Counter(run for runs in every.values() for run in set(runs))
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for words, runs in every.items():
            found[min(runs, key=often.__getitem__, default="")].append(words)
        return found


_FEW = 20
"""For so many it takes less time to look for each than to take a text apart."""

_RUN = re.compile(r"\w+")


def _named_by(clinic: Clinic) -> tuple[tuple[str, ...], ...]:
    return (clinic.id,), _words(clinic.pms.database)


def _stands_in(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def may_concern(raw: bytes, clinics: Iterable[Clinic]) -> bool:
    """Whether a document may name the PMS database, or the id, of one of some clinics."""
    sought, text = Sought.of(clinics), _text(raw)
    return sought.may_be_named_in(text) if text else bool(sought)


def workbook_may_concern(raw: bytes, clinics: Iterable[Clinic]) -> bool:
    """Whether a workbook may; its texts are searched, and not read."""
    from pytest_videolink.record.archive import BadBook
    from pytest_videolink.record.layout import CLINIC
    from pytest_videolink.record.sheets import says

    try:
        text = says(raw, CLINIC).casefold()
    except BadBook:
        return True
    sought = Sought.of(clinics)
    return sought.may_be_named_in(text) if _A_DATABASE in text else bool(sought)


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


def _text(raw: bytes) -> str:
    """The text of a document, to be searched rather than parsed; empty where that cannot be."""
    try:
        text = raw.decode().casefold()
    except UnicodeDecodeError:
        return ""
    has_escapes = "\\" in text and '"' in text
    return "" if has_escapes or "\0" in text or not _states_database(text) else text
