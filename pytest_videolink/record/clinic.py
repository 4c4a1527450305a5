"""The domain: what is recorded of a clinic, as plain frozen values.

A value that is not recorded is ``None``. Identifiers of the practice management system (PMS) are
opaque text and mean something only within one PMS database. Nothing here knows files, YAML or
pytest; every subject only carries its ``path``, the keys under which it stands in the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Literal, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list indexes from the top of a record to a value."""

Links: TypeAlias = tuple[str, ...]
"""PMS ids that something is linked to; empty where it is recorded as not linked."""

MAX_NAME = 120
MAX_SLUG = 64
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Modality: TypeAlias = Literal["video", "phone", "in-person"]
Approval: TypeAlias = Literal["automatic", "manual"]


def is_slug(text: str) -> bool:
    """Whether a text can be the id of a clinic, a practitioner or an appointment type."""
    reserved = text == "all" or text.startswith("appointment-")
    return len(text) <= MAX_SLUG and bool(_SLUG.fullmatch(text)) and not reserved


def name_key(name: str) -> str:
    """What names of a PMS or a database are compared by: case and outer space do not count."""
    return name.strip().casefold()


def may_be_one_database(system: str | None, database: str | None, pms: Pms) -> bool:
    """Whether a PMS of which only this is known, ``None`` for what is not, may share a database."""
    return all(
        text is None or name_key(text) == name_key(other)
        for text, other in ((system, pms.system), (database, pms.database))
    )


def words(name: str) -> list[str]:
    """The words of a name: its runs of letters and digits, case folded."""
    return re.findall(r"[^\W_]+", name.casefold())


def shortened(name: str) -> str:
    """A name as it is shown; the words of the whole of it count."""
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 3]}..."


def says_video(name: str) -> bool:
    """Whether a word of the name begins with "video"."""
    return any(word.startswith("video") for word in words(name))


@dataclass(frozen=True, eq=False, kw_only=True)
class _Recorded:
    path: Path

    def at(self, *keys: str | int) -> Path:
        """The path of something below this subject."""
        return (*self.path, *keys)

    def __repr__(self) -> str:
        # Short, as assertions quote it, and without what is recorded beside the value in question.
        return f"{type(self).__name__}({getattr(self, 'id', '')!r})"


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """Settings of the clinic's Dashboard as a whole."""

    last_synced: datetime | None = None
    new_patient_approval: Approval | None = None
    existing_patient_approval: Approval | None = None


@dataclass(frozen=True, kw_only=True)
class PmsPractitioner:
    """A practitioner as the PMS itself lists them."""

    id: str
    name: str
    active: bool | None = None
    in_appointment_book: bool | None = None


@dataclass(frozen=True, kw_only=True)
class PmsAppointmentType:
    """An appointment type as the PMS itself lists it."""

    id: str
    full_name: str
    active: bool | None = None

    @property
    def name(self) -> str:
        return shortened(self.full_name)


@dataclass(frozen=True, kw_only=True)
class Pms:
    """The practice management system behind the clinic, and what it lists.

    ``practitioners`` and ``appointment_types`` are keyed by PMS id, in document order, and are
    ``None`` where the PMS's own list is not recorded.
    """

    system: str
    database: str
    shares_database_with: tuple[str, ...] | None = None
    connected: bool | None = None
    practitioners: dict[str, PmsPractitioner] | None = None
    appointment_types: dict[str, PmsAppointmentType] | None = None


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Practitioner(_Recorded):
    """A practitioner profile of the Dashboard (Bookings > Practitioner Setup)."""

    id: str
    name: str
    linked_to: Links | None = None
    accepts_video_appointments: bool | None = None
    visible_for_online_bookings: bool | None = None
    archived: bool = False
    expects_video: bool | None = None
    provider_number: str | None = None
    changed_at: datetime | None = None

    @property
    def pms_id(self) -> str | None:
        """The PMS practitioner this profile is linked to, or ``None``."""
        return self.linked_to[0] if self.linked_to else None


@dataclass(frozen=True, eq=False, kw_only=True)
class Listing(_Recorded):
    """A practitioner's entry in an appointment type's list of who offers it."""

    practitioner: str
    override: Links | None = None


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class AppointmentType(_Recorded):
    """An appointment type of the Dashboard (Bookings > Appointment Types).

    ``practitioners`` is ``None`` where it is not recorded and ``"all"`` for every practitioner.
    """

    id: str
    full_name: str
    modality: Modality | None = None
    online_bookings: bool | None = None
    telehealth: bool | None = None
    telehealth_video: bool | None = None
    linked_to: Links | None = None
    practitioners: tuple[Listing, ...] | Literal["all"] | None = None
    changed_at: datetime | None = None

    @property
    def name(self) -> str:
        return shortened(self.full_name)

    @cached_property
    def is_video(self) -> bool:
        """Whether the type is meant for video, by its modality or, unrecorded, by its look."""
        if self.modality is not None:
            return self.modality == "video"
        return self.telehealth_video is True or says_video(self.full_name)

    @property
    def is_phone(self) -> bool:
        return self.modality == "phone"

    @cached_property
    def listed(self) -> dict[str, Listing]:
        """The entries of its list by practitioner id; none where the list says ``all``."""
        listings = self.practitioners if isinstance(self.practitioners, tuple) else ()
        return {listing.practitioner: listing for listing in listings}

    def offered_by(self, practitioner: Practitioner) -> bool:
        if practitioner.archived:
            return False
        return self.practitioners == "all" or practitioner.id in self.listed

    def links_for(self, practitioner: Practitioner) -> Links | None:
        """The links that count for this practitioner: their override, else the type's own."""
        listing = self.listed.get(practitioner.id) if self.offered_by(practitioner) else None
        if listing is not None and listing.override is not None:
            return listing.override
        return self.linked_to


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Pair(_Recorded):
    """A practitioner and a video type that they offer."""

    practitioner: Practitioner
    type: AppointmentType

    @property
    def id(self) -> str:
        return f"{self.practitioner.id}::{self.type.id}"

    @property
    def name(self) -> str:
        return f"{self.practitioner.name} with {self.type.name}"

    @property
    def override(self) -> Links | None:
        listing = self.type.listed.get(self.practitioner.id)
        return listing.override if listing else None

    @property
    def links(self) -> Links | None:
        """The pair's effective links."""
        return self.type.links_for(self.practitioner)

    @property
    def links_path(self) -> Path:
        """Where the effective links are recorded."""
        return self.at("linked_to") if self.override is not None else self.type.at("linked_to")


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Appointment(_Recorded):
    """A booked appointment to diagnose. Never holds anything of a patient, and
    shows none of its values where it is printed whole.

    ``row`` is its row where it comes from a day sheet, which its ``path`` names then.
    """

    id: str
    practitioner: str
    pms_type: str
    created: datetime
    starts: datetime
    link: bool
    seen_at: datetime | None = None
    modality: Modality | None = None
    row: int | None = None

    @property
    def is_video(self) -> bool:
        """Whether it is meant as video, as every appointment is that does not say otherwise."""
        return self.modality in (None, "video")

    @property
    def name(self) -> str:
        return self.id if self.row is None else f"{self.id}, row {self.row} of the day sheet"

    def at(self, *keys: str | int) -> Path:
        return super().at(*keys) if self.row is None else self.path

    def __repr__(self) -> str:
        return "Appointment(...)"


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """An accepted exception: what is wrong, who accepts it and until when (inclusive)."""

    path: Path
    check: str
    on: str | None
    reason: str
    owner: str
    until: date


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Clinic(_Recorded):
    """One clinic: its Dashboard, its PMS and what is on offer."""

    id: str
    name: str
    timezone: tzinfo
    as_of: datetime | None
    dashboard: Dashboard
    pms: Pms
    practitioners: tuple[Practitioner, ...] = ()
    appointment_types: tuple[AppointmentType, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def video_types(self) -> tuple[AppointmentType, ...]:
        return tuple(type for type in self.appointment_types if type.is_video)

    @cached_property
    def other_types(self) -> tuple[AppointmentType, ...]:
        """The appointment types that are not video types."""
        return tuple(type for type in self.appointment_types if not type.is_video)

    @cached_property
    def pairs(self) -> dict[Practitioner, tuple[Pair, ...]]:
        """The video types that each practitioner offers, both in document order."""
        return {who: tuple(self._pairs_of(who)) for who in self.practitioners}

    def _pairs_of(self, practitioner: Practitioner) -> Iterator[Pair]:
        for type in self.video_types:
            if type.offered_by(practitioner):
                listing = type.listed.get(practitioner.id)
                path = listing.path if listing else type.at("practitioners")
                yield Pair(path=path, practitioner=practitioner, type=type)

    def does_video(self, practitioner: Practitioner) -> bool:
        """Whether someone is a video practitioner: meant to, or else seen to, do video."""
        if practitioner.archived:
            return False
        if practitioner.expects_video:
            return True
        offers = bool(self.pairs[practitioner])
        if practitioner.expects_video is None:
            return offers or practitioner.accepts_video_appointments is True
        return offers

    def has_pms(self, *systems: str) -> bool:
        return name_key(self.pms.system) in systems


Subject: TypeAlias = Clinic | Practitioner | Pair | AppointmentType | Appointment
