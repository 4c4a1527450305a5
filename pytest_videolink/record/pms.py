"""The practice management system (PMS) behind a clinic, and what it lists itself.

Its identifiers are opaque text and mean something only within one PMS database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from functools import cached_property

from pytest_videolink.record.keys import Many, Part, key, optional
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import shortened
from pytest_videolink.record.values import FLAG, FULL_NAME, NAME, SLUG, TEXT, is_open


@dataclass(frozen=True, kw_only=True)
class PmsPractitioner:
    """A practitioner as the PMS itself lists them."""

    id: str = field(
        metadata=key(
            TEXT,
            "The practitioner's id in the PMS. Best Practice: Setup > Users; Pracsoft: Appointment"
            " Book > Setup > Practitioners.",
        )
    )
    name: str = field(metadata=key(NAME, "The practitioner's name on the same PMS screen."))
    active: bool | None = optional(
        FLAG, "Whether the PMS user is active, same screen.", title="active in the PMS"
    )
    in_appointment_book: bool | None = optional(
        FLAG,
        "Best Practice: Setup > Users > Edit > Has appointments. Pracsoft: Appointment Book > Setup"
        " > Practitioners > Use.",
        title="in the appointment book",
    )


@dataclass(frozen=True, kw_only=True)
class PmsAppointmentType:
    """An appointment type as the PMS itself lists it."""

    id: str = field(
        metadata=key(
            TEXT,
            "The appointment type's id in the PMS. Best Practice: Setup > Configuration > Lists >"
            " Appointment type.",
        )
    )
    full_name: str = field(
        metadata=key(FULL_NAME, "The appointment type's name on the same PMS screen.", name="name")
    )
    active: bool | None = optional(
        FLAG, "Whether the PMS still offers the type.", title="active in the PMS"
    )

    @property
    def name(self) -> str:
        return shortened(self.full_name)


@dataclass(frozen=True, kw_only=True)
class Pms:
    """The practice management system behind the clinic, and what it lists.

    ``practitioners`` and ``appointment_types`` are keyed by PMS id, in document order, and are
    ``None`` where the PMS's own list is not recorded.
    """

    system: str = field(
        metadata=key(
            TEXT,
            "The practice management system: best-practice, pracsoft, zedmed or any other name."
            " PMS: its title bar or Help > About.",
            title="PMS system",
        )
    )
    database: str = field(
        metadata=key(
            TEXT,
            "A name for the PMS database (your IT provider or the PMS's log-in screen knows it)."
            " The same text in two clinics says that they share the database.",
            title="PMS database",
        )
    )
    shares_database_with: tuple[str, ...] | None = optional(
        Many(SLUG),
        "Ids of the other clinics on this PMS database, [] where there are none: PMS, its list of"
        " practice locations; Dashboard, the clinics to switch between.",
        title="the clinics that share the PMS database",
    )
    connected: bool | None = optional(
        FLAG,
        "Dashboard Sidebar: false where it says No PMS or No Service PMS, or where the PMS shows an"
        " integration error; else true.",
        title="PMS connection",
    )
    practitioners: dict[str, PmsPractitioner] | None = optional(
        Many(Part(PmsPractitioner), by_id=True),
        "What the PMS itself lists (optional evidence). Best Practice: Setup > Users; Pracsoft:"
        " Appointment Book > Setup > Practitioners.",
        title="the PMS's list of practitioners",
    )
    appointment_types: dict[str, PmsAppointmentType] | None = optional(
        Many(Part(PmsAppointmentType), by_id=True),
        "What the PMS itself lists (optional evidence). Best Practice: Setup > Configuration >"
        " Lists > Appointment type.",
        title="the PMS's list of appointment types",
    )

    @cached_property
    def system_key(self) -> str:
        """What the system is compared by."""
        return system_key(self.system)

    @property
    def is_answered(self) -> bool:
        """Whether system and database are more than questions."""
        return not (is_open(self.system) or is_open(self.database))


_USUAL = {
    "best-practice": (
        *("bestpractice", "bppremier", "bestpracticepremier", "bestpracticesoftware", "bp", "bps"),
        *("bestpracticemanagement", "bestpracticeclinical", "bppremierlava", "bppremierindigo"),
        *("bppremierjade", "bppremiersaffron", "bppremierorchid", "bppremierspectra"),
    ),
    "pracsoft": (
        *("pracsoft", "medicaldirectorpracsoft", "medicaldirector(pracsoft)", "mdpracsoft"),
        *("pracsoft/medicaldirector", "medicaldirector/pracsoft", "pracsoft4"),
    ),
    "zedmed": ("zedmed", "zedmedoffice", "zedmedclinical", "zedmedcloud"),
}
"""The usual names of the systems that have checks of their own (docs/reference/pms-names.md)."""

_SYSTEMS = {name: system for system, names in _USUAL.items() for name in names}
_UNSAID = re.compile(r"[\s-]+")


def system_key(name: str) -> str:
    """What names of a PMS are compared by: its usual names are one; else as :func:`name_key`."""
    return _SYSTEMS.get(_UNSAID.sub("", name).casefold()) or name_key(name)


def are_nearly_one(one: str, other: str) -> bool:
    """Whether two names of different systems may be meant as one: either may be mistyped."""
    near = {near_system(one, [other]), near_system(other, [one])} - {""}
    return any(system_key(each) in (system_key(one), system_key(other)) for each in near)


def near_system(name: str, others: Iterable[str] = ()) -> str:
    """The system that a name nearly is, of the known ones and some others; else nothing.

    It differs from a usual name by two slips at the most (a letter left out, put in or put wrong,
    or two changed over), a name of four or five letters by one. Two that are known are never near.
    """
    said = _UNSAID.sub("", name).casefold()
    if said in _SYSTEMS or len(said) < 4:
        return ""
    usual = ((known, system) for known, system in _SYSTEMS.items() if len(known) >= 4)
    given = ((_UNSAID.sub("", other).casefold(), other) for other in others)
    for known, system in (*given, *usual):
        most = 2 if min(len(said), len(known)) >= 6 else 1
        if abs(len(said) - len(known)) <= most and _slips(said, known) <= most:
            return system
    return ""


def _slips(one: str, other: str) -> int:
    """How many slips lead from one text to another (the optimal string alignment distance)."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, before, row = before, row, [i]
        for j, there in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                least = min(least, above[j - 2] + 1)
            row.append(least)
    return row[-1]


def name_key(name: str) -> str:
    """What names of a database are compared by: case and outer space do not count."""
    return name.strip().casefold()


def may_be_one_database(system: str | None, database: str | None, pms: Pms) -> bool:
    """Whether a PMS of which only this is known, ``None`` for what is not, may share a database.

    What is still to be replaced is equal to nobody's.
    """
    if not pms.is_answered or any(is_open(text) for text in (system, database) if text):
        return False
    may_be = (
        system is None or system_key(system) == pms.system_key or are_nearly_one(system, pms.system)
    )
    return may_be and (database is None or name_key(database) == name_key(pms.database))
