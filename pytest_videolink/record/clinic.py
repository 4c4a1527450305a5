"""The domain: what is recorded of a clinic, as plain frozen values; each key of a document once.

What is said of a key is for whoever fills a document in: it names the screen and the control that
the value is copied from. A value that is not recorded is ``None``. Nothing here knows files, YAML
or pytest; every subject only carries its ``path``, the keys under which it stands in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from pytest_videolink.record.dashboard import Dashboard
from pytest_videolink.record.keys import Many, Part, key, optional
from pytest_videolink.record.links import link_to
from pytest_videolink.record.names import says_video
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.pms import Pms
from pytest_videolink.record.text import shortened
from pytest_videolink.record.values import (
    DAY,
    FLAG,
    FORMAT,
    FULL_NAME,
    NAME,
    PROFILE,
    SLUG,
    TEXT,
    TIME,
    VERSION,
    ZONE,
    Links,
    choice,
    name_or_id,
)

if TYPE_CHECKING:
    from pytest_videolink.record.named_table import NamedTable

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list indexes from the top of a record to a value."""


Modality: TypeAlias = Literal["video", "phone", "in-person"]

MODALITY = choice("video", "phone", "in-person")


_PROFILE = "Dashboard > Bookings > Practitioner Setup > (practitioner)"
_TYPE = "Dashboard > Bookings > Appointment Types > Edit"

LINK = link_to("practitioners", f"{_PROFILE} > Link to", several=False)
LINKS = link_to("appointment_types", f"{_TYPE} > Templates for practitioners", several=True)
OWN_LINKS = link_to("appointment_types", f"{_PROFILE} > Appointment Types > Edit", several=True)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Recorded:
    """What stands at a path of a record."""

    path: Path

    def at(self, *keys: str | int) -> Path:
        """The path of something below this subject."""
        return (*self.path, *keys)

    def __repr__(self) -> str:
        # Short, as assertions quote it, and without what is recorded beside the value in question.
        return f"{type(self).__name__}({getattr(self, 'id', '')!r})"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Practitioner(_Recorded):
    """A practitioner profile of the Dashboard (Bookings > Practitioner Setup)."""

    id: str = field(
        metadata=key(
            SLUG,
            "Your own short id for the profile, such as dr-amara-nwosu. Dashboard > Bookings >"
            " Practitioner Setup lists the profiles.",
        )
    )
    name: str = field(metadata=key(NAME, "Dashboard > Bookings > Practitioner Setup: the name."))
    linked_to: Links | None = optional(
        LINK,
        f"{_PROFILE} > Link to: the id of the PMS practitioner, or the word none where it is not"
        " linked.",
        title="Link to (practice management software)",
    )
    accepts_video_appointments: bool | None = optional(
        FLAG, f"{_PROFILE} > Accepts Video Appointments.", title="Accepts Video Appointments"
    )
    visible_for_online_bookings: bool | None = optional(
        FLAG, f"{_PROFILE} > Visible for Online Bookings.", title="Visible for Online Bookings"
    )
    archived: bool = optional(
        FLAG,
        "Dashboard > Bookings > Practitioner Setup > View archived practitioners: true where the"
        " profile stands there. Left out: false.",
        default=False,
    )
    expects_video: bool | None = optional(
        FLAG,
        "Your intent, not a setting: whether this practitioner should do video on go-live day.",
        title="meant to do video",
    )
    provider_number: str | None = optional(
        TEXT,
        "The practitioner's Medicare provider number at this location. Best Practice: Setup >"
        " Users; Pracsoft: Admin > User List.",
        title="Medicare provider number",
    )
    changed_at: datetime | None = optional(
        TIME,
        "When a setting that video depends on was last changed for this practitioner (your own"
        " note).",
        title="last change",
    )

    @property
    def pms_id(self) -> str | None:
        """The PMS practitioner this profile is linked to, or ``None``."""
        return self.linked_to[0] if self.linked_to else None


@dataclass(frozen=True, eq=False, kw_only=True)
class Listing(_Recorded):
    """A practitioner's entry in an appointment type's list of who offers it."""

    practitioner: str = field(
        metadata=key(
            PROFILE, "Id of a practitioner of this document who offers the type.", name="id"
        )
    )
    override: Links | None = optional(
        OWN_LINKS,
        f"{_PROFILE} > Appointment Types > Edit: a link that differs from the type's own.",
        title="the practitioner's own link",
        name="linked_to",
    )


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class AppointmentType(_Recorded):
    """An appointment type of the Dashboard (Bookings > Appointment Types).

    ``practitioners`` is ``None`` where it is not recorded and ``"all"`` for every practitioner.
    """

    id: str = field(
        metadata=key(
            SLUG,
            "Your own short id for the type, such as telehealth-video. Dashboard > Bookings >"
            " Appointment Types lists the types.",
        )
    )
    full_name: str = field(
        metadata=key(FULL_NAME, "Dashboard > Bookings > Appointment Types: the name.", name="name")
    )
    modality: Modality | None = optional(
        MODALITY, "Your intent, not a setting: video, phone or in-person.", title="modality"
    )
    online_bookings: bool | None = optional(
        FLAG, f"{_TYPE} > Enable for online bookings.", title="Enable for online bookings"
    )
    telehealth: bool | None = optional(
        FLAG,
        f"{_TYPE} > Telehealth Settings > This is a Telehealth Appointment.",
        title="This is a Telehealth Appointment",
    )
    telehealth_video: bool | None = optional(
        FLAG,
        f"{_TYPE} > Telehealth Settings > Enable Telehealth Video.",
        title="Enable Telehealth Video",
    )
    linked_to: Links | None = optional(
        LINKS,
        f"{_TYPE} > Templates for practitioners: the id of the linked PMS appointment type, a list"
        " where there are several, or the word none.",
        title="linked PMS appointment type",
    )
    practitioners: tuple[Listing, ...] | Literal["all"] | None = optional(
        Many(
            Part(Listing, bare="id"),
            word="all",
            expected="expected a list of practitioners, or the word all",
        ),
        f"{_TYPE} > Templates for practitioners: ids of the practitioners who offer the type, or"
        " the word all.",
        title="who offers it",
    )
    changed_at: datetime | None = optional(
        TIME,
        "When a setting that video depends on was last changed for this type (your own note).",
        title="last change",
    )

    @property
    def name(self) -> str:
        return shortened(name_or_id(self.full_name, self.id))

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

    ``row`` is its row where it comes from a day sheet, which its ``path`` names then; such a sheet
    may lack when it was booked and whether there is a link. ``profiles`` are those of whom it is
    booked with, whom the PMS may list without any.
    """

    id: str = field(
        metadata=key(TEXT, "PMS appointment book: an id of the appointment, never a name.")
    )
    practitioner: str = field(metadata=key(TEXT, "Id of the practitioner it is booked with."))
    pms_type: str = field(
        metadata=key(TEXT, "PMS appointment book: id of the PMS appointment type it was booked as.")
    )
    created: datetime | None = field(
        metadata=key(TIME, "PMS appointment book: when it was booked.")
    )
    starts: datetime = field(metadata=key(TIME, "PMS appointment book: when it starts."))
    link: bool | None = field(
        metadata=key(
            FLAG,
            "PMS appointment book, the appointment's details: whether a video link is there. Never"
            " the link itself.",
        )
    )
    seen_at: datetime | None = optional(
        TIME, "When somebody looked for the link.", title="when it was looked up"
    )
    modality: Modality | None = optional(
        MODALITY, "Your intent: video (or left out), phone or in-person.", title="modality"
    )
    row: int | None = None
    profiles: tuple[str, ...] = ()
    status: str | None = None
    """The usual word by which the day sheet says that it was cancelled or not attended."""

    @property
    def is_video(self) -> bool:
        """Whether it is meant as video, as every appointment is that does not say otherwise.

        Those of a day sheet that are here are, or are asked for.
        """
        return self.row is not None or self.modality in (None, "video")

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
    check: str = field(metadata=key(TEXT, "The check whose finding is accepted, such as VL312."))
    on: str | None = optional(
        TEXT,
        "Id of the subject, practitioner::type for a pair. Left out: every subject of the check.",
        title="subject",
    )
    reason: str = field(metadata=key(NAME, "Why the finding is accepted for now."))
    owner: str = field(metadata=key(NAME, "Who accepted it and will put it right."))
    until: date = field(
        metadata=key(DAY, "The last day on which it holds, in the clinic's time zone.")
    )


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Clinic(_Recorded):
    """One clinic: its Dashboard, its PMS and what is on offer."""

    videolink: str = field(
        metadata=key(
            FORMAT, f"The version of this format: {VERSION}.", title="version of the format"
        )
    )
    id: str = field(
        metadata=key(SLUG, "The clinic's id: this file's name without its ending.", name="clinic")
    )
    name: str = field(metadata=key(NAME, "Dashboard: the clinic's name."))
    timezone: tzinfo = field(
        metadata=key(
            ZONE,
            "The clinic's IANA time zone, such as Australia/Sydney (PMS: the server's regional"
            " settings).",
        )
    )
    as_of: datetime | None = optional(
        TIME,
        "When these values were read off the Dashboard and the PMS.",
        title="when the record was read",
    )
    dashboard: Dashboard = optional(
        Part(Dashboard), "Settings of the Dashboard as a whole.", default=Dashboard()
    )
    pms: Pms = field(metadata=key(Part(Pms), "The practice management system."))
    practitioners: tuple[Practitioner, ...] = optional(
        Many(Part(Practitioner)),
        "Dashboard > Bookings > Practitioner Setup: the profiles.",
        default=(),
    )
    appointment_types: tuple[AppointmentType, ...] = optional(
        Many(Part(AppointmentType)),
        "Dashboard > Bookings > Appointment Types: the types.",
        default=(),
    )
    appointments: tuple[Appointment, ...] = optional(
        Many(Part(Appointment)),
        "Booked appointments to diagnose. Never anything of a patient.",
        default=(),
    )
    waivers: tuple[Waiver, ...] = optional(
        Many(Part(Waiver)),
        "Findings that are accepted until a day, each with a reason and an owner.",
        default=(),
    )
    unanswered: tuple[Path, ...] = ()
    """Where a text that must be there is still to be replaced."""
    blank: tuple[tuple[Path, int], ...] = ()
    """Where of those cells are blank, in a workbook, and how many."""
    tables: tuple[NamedTable, ...] = ()
    """The tables that the document names, and what came of them."""

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

    def table(self, of: str) -> NamedTable | None:
        """The table that stands for a key such as ``pms.practitioners``, if one does."""
        return next((table for table in self.tables if table.of == of), None)

    def lacks(self, of: str, ids: Iterable[str]) -> bool:
        """Whether one of these ids may only be missing from a list that cannot be read whole."""
        table = self.table(of)
        if table is None or table.is_whole:
            return False
        there = {row.values["id"] for row in table.table.rows}
        return any(id not in there for id in ids)

    def has_pms(self, *systems: str) -> bool:
        return self.pms.system_key in systems


Subject: TypeAlias = Clinic | Practitioner | Pair | AppointmentType | Appointment
