"""The practice management system (PMS) behind a clinic, and what it lists itself.

Its identifiers are opaque text and mean something only within one PMS database.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_videolink.record.keys import Many, Part, key, optional
from pytest_videolink.record.text import shortened
from pytest_videolink.record.values import FLAG, FULL_NAME, NAME, SLUG, TEXT


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
        )
    )
    database: str = field(
        metadata=key(
            TEXT,
            "A name for the PMS database (your IT provider or the PMS's log-in screen knows it)."
            " The same text in two clinics says that they share the database.",
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


def name_key(name: str) -> str:
    """What names of a PMS or a database are compared by: case and outer space do not count."""
    return name.strip().casefold()


def may_be_one_database(system: str | None, database: str | None, pms: Pms) -> bool:
    """Whether a PMS of which only this is known, ``None`` for what is not, may share a database."""
    return all(
        text is None or name_key(text) == name_key(other)
        for text, other in ((system, pms.system), (database, pms.database))
    )
