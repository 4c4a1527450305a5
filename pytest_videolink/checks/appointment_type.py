"""VL301 to VL308: appointment types and their links to PMS types (check 3)."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_videolink.checks.articles import NO_LINK, START_VIDEO, TYPES
from pytest_videolink.checks.practitioner import UNLISTED
from pytest_videolink.checks.rule import Context, Finding, Place, check, unrecorded, wrong
from pytest_videolink.record.clinic import (
    AppointmentType,
    Clinic,
    Pair,
    Path,
)
from pytest_videolink.record.links import maybe_code
from pytest_videolink.record.names import says_video, words
from pytest_videolink.record.text import clean, listing, near_miss
from pytest_videolink.record.values import Links

TYPE = "Dashboard > Bookings > Appointment Types > {type.name} > Edit"
"""The screen of an appointment type."""

START_VIDEO_TYPE = "29"
"""The PMS type id with which Best Practice offers Start Video (domain notes, 2.2)."""


def is_video(type: AppointmentType, context: Context) -> bool:
    return type.is_video


def unlisted(links: Links | None, clinic: Clinic) -> list[tuple[str, Clinic]]:
    """What blocks where a PMS type may be in a row that cannot be read."""
    return [("VL007", clinic)] if clinic.lacks("pms.appointment_types", links or ()) else []


@check(
    "VL301",
    "telehealth-on",
    since="0.1.0",
    title="The video type is a telehealth appointment",
    subject=AppointmentType,
    when=is_video,
    article=3,
    needs="telehealth",
    must=True,
    basis="documented",
    source=TYPES,
    fix=[TYPE, "Under Telehealth Settings turn on This is a Telehealth Appointment and save"],
)
def telehealth_on(type: AppointmentType) -> Iterator[Finding]:
    """Appointments of this type sync as standard appointments, so patients get no video link."""
    if not type.telehealth:
        yield wrong(
            f"{type.name} is not set as a telehealth appointment",
            found="off",
            expected="on",
            edit="true",
        )


@check(
    "VL302",
    "video-on",
    since="0.1.0",
    title="The video type has Telehealth Video enabled",
    subject=AppointmentType,
    when=is_video,
    article=3,
    needs="telehealth_video",
    must=True,
    basis="documented",
    source=TYPES,
    fix=[TYPE, "Under Telehealth Settings turn on Enable Telehealth Video and save"],
)
def video_on(type: AppointmentType) -> Iterator[Finding]:
    """Appointments of this type are telehealth but without video, so patients get no video link."""
    if not type.telehealth_video:
        yield wrong(
            f"{type.name} does not have Telehealth Video enabled",
            found="off",
            expected="on",
            edit="true",
        )


@check(
    "VL303",
    "linked-to-pms-type",
    since="0.1.0",
    title="The video type is linked to a PMS appointment type",
    subject=AppointmentType,
    when=is_video,
    article=3,
    needs="linked_to",
    setting="The linked PMS appointment type",
    must=True,
    basis="documented",
    source=NO_LINK,
    fix=[
        TYPE,
        "Under Templates for practitioners link the PMS appointment type for video and save",
    ],
)
def linked_to_pms_type(type: AppointmentType) -> Iterator[Finding]:
    """What reception books in the PMS syncs as a standard appointment, so the patient gets no
    video link.
    """
    if not type.linked_to:
        yield wrong(
            f"{type.name} is not linked to a PMS appointment type",
            found="not linked",
            expected="linked to a PMS appointment type",
            record="the id of the PMS appointment type",
            hint=maybe_code(type.linked_to, "appointment_types"),
        )


@check(
    "VL304",
    "pms-type-resolves",
    since="0.1.0",
    title="The linked PMS appointment types exist and are active",
    subject=AppointmentType,
    at="linked_to",
    when=is_video,
    basis="inferred",
    source=TYPES,
    article=3,
    blocked_by=["VL303"],
    blockers=lambda type, context: unlisted(type.linked_to, context.clinic),
    blocked_besides=UNLISTED,
    fix=[
        "In the PMS, look the appointment type up (Best Practice: Setup > Configuration > Lists >"
        " Appointment type)",
        TYPE,
        "Under Templates for practitioners link the active PMS appointment type and save",
    ],
)
def pms_type_resolves(type: AppointmentType, context: Context) -> Iterator[Finding]:
    """The type is linked to a PMS type that nobody can book, so no booking maps to video and no
    patient gets a link.

    Answered from the PMS's own list, where that is recorded.
    """
    yield from unresolved(type.name, type.linked_to or (), context.clinic)


def unresolved(name: str, links: Links, clinic: Clinic, at: Path = ()) -> Iterator[Finding]:
    """Links to PMS types that the PMS does not list, or lists as inactive."""
    listed = clinic.pms.appointment_types
    if listed is None:
        yield unrecorded("The PMS's list of appointment types is not recorded", at=("pms",))
        return
    for link in links:
        if link not in listed:
            yield wrong(
                f"{name} is linked to PMS type {clean(link)}, which does not exist",
                at=at,
                found=f"linked to {clean(link)}",
                expected="the id of an active PMS appointment type",
                record="the id of the PMS appointment type",
                parts=(clean(link),),
                hint=near_miss(link, {id: each.full_name for id, each in listed.items()}),
            )
        elif listed[link].active is False:
            yield wrong(
                f"{name} is linked to PMS type {clean(link)}, which is inactive",
                at=at,
                found=f"{clean(link)} ({listed[link].name}) is inactive in the PMS",
                expected="an active PMS appointment type",
                record="the id of the active PMS appointment type",
                parts=(clean(link),),
                also=(
                    Place(
                        clinic.id, ("pms", "appointment_types", list(listed).index(link), "active")
                    ),
                ),
            )


@check(
    "VL305",
    "pms-type-unambiguous",
    since="0.1.0",
    title="The linked PMS appointment types mean video only",
    subject=AppointmentType,
    at="linked_to",
    when=is_video,
    basis="inferred",
    source=NO_LINK,
    article=3,
    blocked_by=["VL303"],
    fix=[
        "In the PMS, decide on an appointment type that is used for video only",
        TYPE,
        "Under Templates for practitioners link that PMS appointment type, and no other, and save",
    ],
)
def pms_type_unambiguous(type: AppointmentType, context: Context) -> Iterator[Finding]:
    """A booking of this PMS type may sync as the other, standard appointment type, and then the
    patient gets no video link.

    That a shared link is ambiguous is inferred from the article's rule that the PMS type decides.
    """
    for other in context.clinic.other_types:
        yield from clash(type.name, type.linked_to or (), other, context)


def clash(
    name: str,
    links: Links,
    other: AppointmentType,
    context: Context,
    pair: Pair | None = None,
) -> Iterator[Finding]:
    """Links that stand for another appointment type, of no video, as well.

    For a pair without a link of its own, the practitioner's link of the other type is at fault.
    """
    who = pair.practitioner if pair else None
    theirs = other.links_for(who) if who else other.linked_to
    entry = other.listed.get(who.id) if who else None
    own = entry is not None and entry.override is not None
    place = entry.at("linked_to") if entry is not None and own else other.at("linked_to")
    at: Path = pair.links_path if pair else ()
    meant = "video"
    steps: tuple[str, ...] = ()
    if pair is not None and pair.override is None:
        at, place, meant = place, at, other.name
        steps = (
            f"Dashboard > Bookings > Practitioner Setup > {pair.practitioner.name} > Appointment"
            " Types",
            f"Edit {other.name} and link a PMS appointment type that stands for it only, then save",
        )
    for link in links:
        if link in (theirs or ()):
            yield wrong(
                f"{name} shares PMS type {clean(link)} with {other.name} (not video)",
                at=at,
                found=f"{clean(link)} also stands for {other.name}",
                expected=f"a PMS appointment type that stands for {meant} only",
                record=f"the id of a PMS appointment type for {meant} only",
                also=(Place(context.clinic.id, place),),
                parts=(f"{clean(link)} {other.id}",),
                steps=steps,
            )


@check(
    "VL306",
    "pms-type-name-fits",
    since="0.1.0",
    title="The linked PMS appointment types are not named for phone or in person",
    subject=AppointmentType,
    at="linked_to",
    severity="warning",
    when=is_video,
    basis="inferred",
    source=NO_LINK,
    article=3,
    blocked_by=["VL303", "VL304"],
    blockers=lambda type, context: unlisted(type.linked_to, context.clinic),
    blocked_besides=UNLISTED,
    who="PMS administrator",
    fix=[
        "Decide whether the PMS type is really used for video",
        "If so, rename it in the PMS so that reception sees it; if not, link another one under"
        " Dashboard > Bookings > Appointment Types > {type.name} > Edit",
    ],
)
def pms_type_name_fits(type: AppointmentType, context: Context) -> Iterator[Finding]:
    """Reception books by the PMS type's name: video patients may be booked as phone or in person,
    and others get a video link that they do not expect.
    """
    listed = context.clinic.pms.appointment_types
    if listed is None:
        yield unrecorded("The PMS's list of appointment types is not recorded", at=("pms",))
        return
    for link in type.linked_to or ():
        entry = listed[link]
        other = _other_modality(entry.full_name)
        if other:
            place = ("pms", "appointment_types", list(listed).index(link), "name")
            yield wrong(
                f'{type.name} is linked to PMS appointment type "{entry.name}", which says {other}',
                at=place,
                found=entry.name,
                expected="a name that says video",
                record="the new name",
                also=(Place(context.clinic.id, type.at("linked_to")),),
            )


def _other_modality(name: str) -> str:
    """What a PMS type's name says instead of video, or nothing."""
    if says_video(name):
        return ""
    spoken = f" {' '.join(words(name))} "
    known = ("phone", "telephone", "face to face", "in person")
    return next((other for other in known if f" {other} " in spoken), "")


@check(
    "VL307",
    "phone-without-video",
    since="0.1.0",
    title="The phone type has Telehealth Video off",
    subject=AppointmentType,
    severity="warning",
    when=lambda type, _: type.is_phone,
    article=3,
    needs="telehealth_video",
    basis="documented",
    source=TYPES,
    fix=[TYPE, "Under Telehealth Settings turn off Enable Telehealth Video and save"],
)
def phone_without_video(type: AppointmentType) -> Iterator[Finding]:
    """Patients who booked a telephone call get a video link and wait in an empty room."""
    if type.telehealth_video:
        yield wrong(
            f"{type.name} is a phone type with Telehealth Video enabled",
            found="on",
            expected="off",
            edit="false",
        )


@check(
    "VL308",
    "start-video",
    since="0.1.0",
    title="Start Video works from the Best Practice appointment book",
    subject=AppointmentType,
    at="linked_to",
    severity="warning",
    when=lambda type, context: type.is_video and context.clinic.has_pms("best-practice"),
    article=3,
    blocked_by=["VL303"],
    basis="documented",
    source=START_VIDEO,
    fix=[
        TYPE,
        f"Under Templates for practitioners link PMS appointment type {START_VIDEO_TYPE}"
        " (Telehealth Consult) and save",
        "Or accept it: practitioners then open the link from the appointment's details",
    ],
)
def start_video(type: AppointmentType, context: Context) -> Iterator[Finding]:
    """Patients do get their link, but the practitioner cannot right-click the appointment and
    choose Start Video, and may keep them waiting.
    """
    offering = [who for who in context.clinic.practitioners if type.offered_by(who)]
    links = {link for who in offering for link in type.links_for(who) or ()}
    if START_VIDEO_TYPE not in links | set(type.linked_to or ()):
        yield wrong(
            f"{type.name} is not linked to PMS appointment type {START_VIDEO_TYPE}, so Start Video"
            " is missing",
            found=f"linked to {listing(map(clean, type.linked_to or ('nothing',)))}",
            expected=f"linked to {START_VIDEO_TYPE}",
            record=f'"{START_VIDEO_TYPE}"',
        )
