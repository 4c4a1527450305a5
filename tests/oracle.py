"""What the article and the contract say of a fleet, worked out without the plugin.

The question is the article's: would this appointment get a video link? It is answered by going
the way of one appointment, from the PMS it is booked in to the Dashboard that makes its link, and
not check by check, so that a mistake of the plugin is not repeated here.

A fleet is a dict of clinic id to clinic document, as section 5 of the contract shows one: plain
dicts, lists, texts, booleans and None; times are ISO texts with an offset. What is written there
for links, systems and people is looked up first (``meaning``), so the way goes by ids alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from meaning import Reading, is_near_miss, read

Record = Mapping[str, Any]
Fleet = Mapping[str, Record]

__all__ = ["exit_code", "link_expected", "pairs"]


def link_expected(
    fleet: Fleet,
    clinic_id: str,
    practitioner_id: str,
    type_id: str,
    now: datetime,
    window_minutes: int = 15,
) -> bool:
    """Whether a new appointment of this practitioner and type would get a video link."""
    readings = read_all(fleet)
    if readings[clinic_id].refused or not neighbours_readable(readings, clinic_id):
        return False
    return reaches_link(
        understood(readings),
        clinic_id,
        (practitioner_id, type_id),
        now,
        timedelta(minutes=window_minutes),
    )


def pairs(fleet: Fleet, clinic_id: str) -> list[tuple[str, str]]:
    """Each practitioner with each video type they offer, in document order; none where the
    document cannot be understood.
    """
    reading = read(fleet[clinic_id])
    return [] if reading.refused else on_offer_in(reading.meant)


def on_offer_in(clinic: Record) -> list[tuple[str, str]]:
    """The pairs of a clinic whose document is understood."""
    return [
        (profile["id"], appointment_type["id"])
        for profile in profiles(clinic)
        for appointment_type in types(clinic)
        if is_video(appointment_type) and offers(profile, appointment_type)
    ]


def exit_code(
    fleet: Fleet,
    clinic_id: str,
    now: datetime,
    window_minutes: int = 15,
    max_age_days: int = 30,
) -> int:
    """The exit code of a run for this clinic: 0, or 1 where an error-severity check fails.

    For documents without waivers and appointments that are valid but for the words of section 14.
    """
    readings = read_all(fleet)
    reading = readings[clinic_id]
    if reading.refused or reading.unanswered or not neighbours_readable(readings, clinic_id):
        return 1
    fleet = understood(readings)
    clinic = fleet[clinic_id]
    window = timedelta(minutes=window_minutes)
    on_offer = on_offer_in(clinic)
    practitioners_on_offer = {practitioner_id for practitioner_id, _ in on_offer}
    types_on_offer = {type_id for _, type_id in on_offer}
    video_types = [each for each in types(clinic) if is_video(each)]

    def does_video(profile: Record) -> bool:
        if profile.get("archived") is True:
            return False
        expected = profile.get("expects_video") is True
        seems_so = profile.get("expects_video") is None and accepts_video(profile)
        return expected or seems_so or profile["id"] in practitioners_on_offer

    def intended(profile: Record) -> bool:
        return profile.get("expects_video") is True and profile.get("archived") is not True

    ready = (
        is_fresh(clinic, now, timedelta(days=max_age_days))
        and video_types
        and syncs(clinic, now, window)
        and database_agreed(fleet, clinic_id)
        and all(reaches_link(fleet, clinic_id, pair, now, window) for pair in on_offer)
        # Whom and what nobody can book yet has to be right as well.
        and all(
            reaches_video_profile(fleet, clinic_id, profile)
            for profile in profiles(clinic)
            if does_video(profile)
        )
        and all(maps_to_video(clinic, each) for each in video_types)
        and all(each["id"] in types_on_offer for each in video_types)
        and all(
            profile["id"] in practitioners_on_offer
            for profile in profiles(clinic)
            if intended(profile)
        )
    )
    return 0 if ready else 1


def reaches_link(
    fleet: Fleet, clinic_id: str, pair: tuple[str, str], now: datetime, window: timedelta
) -> bool:
    """Whether an appointment of this pair goes the whole way, where the fleet is understood."""
    clinic = fleet[clinic_id]
    practitioner_id, type_id = pair
    return (
        pair in on_offer_in(clinic)
        and syncs(clinic, now, window)
        and database_agreed(fleet, clinic_id)
        and reaches_video_profile(fleet, clinic_id, with_id(profiles(clinic), practitioner_id))
        and maps_to_video(clinic, with_id(types(clinic), type_id), practitioner_id)
    )


# The records are understood.


def read_all(fleet: Fleet) -> dict[str, Reading]:
    """What each clinic's document means."""
    return {clinic_id: read(document) for clinic_id, document in fleet.items()}


def understood(readings: Mapping[str, Reading]) -> Fleet:
    """The documents that are understood; one that is not and is no neighbour counts for nothing."""
    return {
        clinic_id: reading.meant for clinic_id, reading in readings.items() if not reading.refused
    }


def neighbours_readable(readings: Mapping[str, Reading], clinic_id: str) -> bool:
    """Whether it is known who shares this clinic's database, and what they link."""
    clinic = readings[clinic_id].meant
    others = [other for other_id, other in readings.items() if other_id != clinic_id]
    return not any(
        may_share(clinic, other.meant) or (other.refused and same_database(clinic, other.meant))
        for other in others
    )


def may_share(clinic: Record, other: Record) -> bool:
    """Whether two clinics share a database if one of their systems is mistyped."""
    return (
        clinic["pms"]["database"] is not None
        and clinic["pms"]["database"] == other["pms"]["database"]
        and is_near_miss(clinic["pms"]["system"], other["pms"]["system"])
    )


# The appointment leaves the PMS.


def syncs(clinic: Record, now: datetime, window: timedelta) -> bool:
    """Whether what is booked in the PMS arrives at HotDoc."""
    if clinic["pms"].get("connected") is not True:
        return False
    last_synced = time((clinic.get("dashboard") or {}).get("last_synced"))
    if last_synced is None:
        return True
    as_of = time(clinic.get("as_of"))
    looked_up = now if as_of is None or as_of > now else as_of
    return timedelta(0) <= looked_up - last_synced <= window


def is_fresh(clinic: Record, now: datetime, max_age: timedelta) -> bool:
    """Whether the record was read off lately, and not in the future."""
    as_of = time(clinic.get("as_of"))
    return as_of is not None and timedelta(0) <= now - as_of <= max_age


# HotDoc finds the Dashboard.


def database_agreed(fleet: Fleet, clinic_id: str) -> bool:
    """Whether all agree on which clinics share this one's database."""
    clinic = fleet[clinic_id]
    others = {other_id: other for other_id, other in fleet.items() if other_id != clinic_id}
    sharing = {other_id for other_id, other in others.items() if same_database(clinic, other)}
    listed = clinic["pms"].get("shares_database_with")
    if None in (clinic["pms"]["system"], clinic["pms"]["database"]):
        return False  # Nobody knows yet.
    claimed_by = {
        other_id
        for other_id, other in others.items()
        if clinic_id in (other["pms"].get("shares_database_with") or [])
    }
    return listed is not None and set(listed) == sharing and claimed_by <= sharing


def same_database(clinic: Record, other: Record) -> bool:
    """Whether two clinics work on one PMS database; what is still to be replaced is nobody's."""
    return all(
        clinic["pms"][key] is not None and clinic["pms"][key] == other["pms"][key]
        for key in ("system", "database")
    )


# The Dashboard finds the practitioner's profile.


def reaches_video_profile(fleet: Fleet, clinic_id: str, profile: Record) -> bool:
    """Whether the PMS practitioner leads to this profile alone, and it accepts video."""
    clinic = fleet[clinic_id]
    links = linked(profile)
    elsewhere = {
        link
        for other_id, other in fleet.items()
        if other_id != clinic_id and same_database(clinic, other)
        for other_profile in profiles(other)
        if other_profile.get("archived") is not True
        for link in linked(other_profile)
    }
    return (
        accepts_video(profile)
        and bool(links)
        and in_pms(clinic, "practitioners", links)
        and links.isdisjoint(elsewhere)
    )


def accepts_video(profile: Record) -> bool:
    """Whether the profile is recorded as accepting video appointments."""
    return profile.get("accepts_video_appointments") is True


# The Dashboard finds the appointment type, and makes the link.


def maps_to_video(
    clinic: Record, appointment_type: Record, practitioner_id: str | None = None
) -> bool:
    """Whether all PMS types of this type lead to video: for one practitioner, or in general."""
    links = linked_for(appointment_type, practitioner_id)
    if not links or not in_pms(clinic, "appointment_types", links):
        return False
    if not override(appointment_type, practitioner_id):
        in_general = [each for each in types(clinic) if links & linked(each)]
        if not all(is_video(each) for each in in_general):
            return False
    if practitioner_id is None:
        return makes_link(appointment_type)
    meant = [each for each in types(clinic) if links & linked_for(each, practitioner_id)]
    return all(is_video(each) and makes_link(each) for each in meant)


def is_video(appointment_type: Record) -> bool:
    """Whether the type is meant for video."""
    if appointment_type.get("modality") is not None:
        return bool(appointment_type["modality"] == "video")
    words = re.findall(r"[^\W_]+", appointment_type["name"].casefold())
    return appointment_type.get("telehealth_video") is True or any(
        word.startswith("video") for word in words
    )


def makes_link(appointment_type: Record) -> bool:
    """Whether the type is recorded as telehealth, with video on."""
    return (
        appointment_type.get("telehealth") is True
        and appointment_type.get("telehealth_video") is True
    )


def offers(profile: Record, appointment_type: Record) -> bool:
    """Whether the practitioner offers the type."""
    if profile.get("archived") is True:
        return False
    listed = appointment_type.get("practitioners") or []
    return listed == "all" or any(entry["id"] == profile["id"] for entry in listed)


def linked_for(appointment_type: Record, practitioner_id: str | None) -> set[str]:
    """The PMS types that lead to this type, for one practitioner or in general."""
    return linked(override(appointment_type, practitioner_id) or appointment_type)


def override(appointment_type: Record, practitioner_id: str | None) -> Record | None:
    """The practitioner's entry in the type's list, where it has a link of its own."""
    listed = appointment_type.get("practitioners") or []
    for entry in [] if listed == "all" else listed:
        if entry["id"] == practitioner_id:
            return entry if entry["linked_to"] is not None else None
    return None


# Reading a document.


def profiles(clinic: Record) -> list[Record]:
    """The practitioners on the Dashboard."""
    return clinic.get("practitioners") or []


def types(clinic: Record) -> list[Record]:
    """The appointment types on the Dashboard."""
    return clinic.get("appointment_types") or []


def with_id(records: Iterable[Record], wanted: str) -> Record:
    """The record with this id."""
    return next(record for record in records if record["id"] == wanted)


def linked(record: Record) -> set[str]:
    """The PMS ids a record is linked to; none where it is not linked or that is not recorded."""
    return set(record.get("linked_to") or [])


def in_pms(clinic: Record, section: str, ids: set[str]) -> bool:
    """Whether all these ids are active in the PMS, as far as its list is recorded."""
    recorded = clinic["pms"].get(section)
    return recorded is None or ids <= {
        entry["id"] for entry in recorded if entry.get("active") is not False
    }


def time(text: str | None) -> datetime | None:
    """The time a text says, if any."""
    return None if text is None else datetime.fromisoformat(text)
