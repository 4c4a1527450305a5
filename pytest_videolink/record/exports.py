"""Exports of practice software as far as they are known: what their columns hold.

None has been seen here with its real header: the names come from manuals and from programs that
read such a database, so every profile is inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pytest_videolink.record.grid import folded
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean, hint_or_all, listing

Columns = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Export:
    """A known export: what it lists, its columns by key, and how it writes dates and times."""

    title: str
    lists: Literal["appointments", "practitioners", "appointment_types"]
    columns: Columns
    dates: str = "iso"
    times: str = "clock"
    inferred: bool = True


EXPORTS: Mapping[str, Export] = {
    "bp-appointments": Export(
        title="Best Practice, the view BPS_Appointments: no link, no time of booking, and no id"
        " but the patient's",
        lists="appointments",
        columns={
            "practitioner": ("Provider",),
            "pms_type": ("AppointmentType",),
            "starts": ("AppointmentDate", "AppointmentTime"),
            "status": ("Status",),
        },
        times="seconds",
    ),
    "bp-appointments-table": Export(
        title="Best Practice, the table Appointments, as it was in 2020",
        lists="appointments",
        columns={
            "id": ("RecordID",),
            "practitioner": ("UserID",),
            "pms_type": ("AppointmentType",),
            "starts": ("AppointmentDate", "AppointmentTime"),
            "created": ("Created",),
            "link": ("VideoURL",),
        },
        times="seconds",
    ),
    "bp-users": Export(
        title="Best Practice, the view BPS_Users: whoever has left is listed like the others",
        lists="practitioners",
        columns={"id": ("UserID",), "name": ("Title", "Firstname", "Surname")},
    ),
    "bp-services": Export(
        title="Best Practice, the services file of Management > Export data",
        lists="practitioners",
        columns={"id": ("User ID",), "name": ("User Title", "User First Name", "User Surname")},
    ),
    "bp-appointment-types": Export(
        title="Best Practice, the table AppointmentTypes, as it was in 2020",
        lists="appointment_types",
        columns={"id": ("AppointmentCode",), "name": ("Description",)},
    ),
}
"""The profiles by name. Each is the work of a morning to correct, once a real header is seen."""

NOT_KNOWN: Mapping[str, str] = {
    "bp": "Best Practice has several exports",
    "best-practice": "Best Practice has several exports",
    "pracsoft": "of Pracsoft only a printed list is known",
    "medicaldirector": "of MedicalDirector only Pracsoft's printed list is known",
    "zedmed": "no export of Zedmed is known",
    "genie": "of Genie only printed lists are known",
    "gentu": "of Gentu only printed lists are known",
    "cliniko": "Cliniko is asked over HTTP, and has no export to be read here",
}
"""Why software that people may ask for has no profile."""


def no_such_export(name: str) -> str:
    """Why a name is none of a profile, and what to write instead."""
    why = NOT_KNOWN.get("-".join(name.casefold().split()))
    if why is not None:
        return f"{why}; name its columns under columns, or take one of {', '.join(EXPORTS)}"
    return f"{clean(name)} is no known export; {hint_or_all(name, EXPORTS)}"


def lacking(required: tuple[str, ...], columns: Columns) -> str:
    """Which keys must have columns and have none, as a sentence; nothing where none lacks."""
    keys = [key for key in required if not columns.get(key)]
    return f"columns must name {listing(keys)}" if keys else ""


# Columns of which no id may be taken

_PATIENTS = frozenset(
    (
        *("internalid", "internalno", "ptid", "ptno", "ptnumber", "pid"),
        *("ur", "urn", "urno", "urnumber", "mrn", "hrn", "ihi"),
        *("fileno", "filenumber", "chartno", "chartnumber"),
        *("medicare", "medicareno", "medicarenumber", "dva", "dvano", "dvanumber"),
        *("clientid", "clientno", "clientnumber", "clientcode"),
    )
)
_APPOINTMENTS = ("appointment", "appt", "booking")


def holds_patients_id(column: str) -> bool:
    """Whether a column of a day sheet holds the patient's id, and not the appointment's.

    In Best Practice's view of its appointments ``InternalID`` is the patient's.
    """
    name = folded(column)
    return name in _PATIENTS or (
        "patient" in name and not any(word in name for word in _APPOINTMENTS)
    )
