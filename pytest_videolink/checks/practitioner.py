"""VL2xx: practitioners, as the Dashboard and the PMS know them (check 2)."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_videolink.checks.articles import ARCHIVING, NO_LINK, PROFILES
from pytest_videolink.checks.rule import Context, Finding, Place, check, unrecorded, wrong
from pytest_videolink.record.clinic import Clinic, Practitioner
from pytest_videolink.record.keys import title_of
from pytest_videolink.record.links import maybe_code
from pytest_videolink.record.text import clean, listing, near_miss

PROFILE = "Dashboard > Bookings > Practitioner Setup > {practitioner.name}"
"""The screen of a practitioner profile."""

LINK = title_of(Practitioner, "linked_to")
"""The Dashboard's name of a profile's link."""


def does_video(practitioner: Practitioner, context: Context) -> bool:
    return context.clinic.does_video(practitioner)


UNLISTED = "VL007 where the link is not found in a list that cannot be read whole"


def unlisted(practitioner: Practitioner, clinic: Clinic) -> list[tuple[str, Clinic]]:
    """What blocks where the PMS practitioner may be in a row that cannot be read."""
    lacks = clinic.lacks("pms.practitioners", practitioner.linked_to or ())
    return [("VL007", clinic)] if lacks else []


@check(
    "VL201",
    "accepts-video",
    since="0.1.0",
    title="The practitioner accepts video appointments",
    subject=Practitioner,
    when=does_video,
    article=2,
    needs="accepts_video_appointments",
    must=True,
    basis="documented",
    source=NO_LINK,
    fix=[
        PROFILE,
        "Turn on Accepts Video Appointments and save",
        "Or, where {practitioner.name} should do no video: take them off the video types, and"
        " record that they are not meant to (expects_video: false)",
    ],
)
def accepts_video(practitioner: Practitioner) -> Iterator[Finding]:
    """No link is generated for this practitioner's appointments, so their patients cannot join.

    Somebody does video who is meant to (``expects_video``), or, where that is not recorded, who
    accepts video appointments or offers a video type.
    """
    if not practitioner.accepts_video_appointments:
        yield wrong(
            f"{practitioner.name} does not accept video appointments",
            found="off",
            expected="on",
            edit="true",
        )


@check(
    "VL202",
    "linked-to-pms",
    since="0.1.0",
    title="The profile is linked to a PMS practitioner",
    subject=Practitioner,
    when=does_video,
    basis="inferred",
    source=PROFILES,
    article=2,
    needs="linked_to",
    must=True,
    fix=[PROFILE, "Choose the practitioner's PMS entry in Link to and save"],
)
def linked_to_pms(practitioner: Practitioner) -> Iterator[Finding]:
    """Appointments booked in the PMS cannot be told to be this practitioner's, so their patients
    get no link.

    The vendor documents that a profile without this link does not appear for booking; that it
    also gets no links is inferred.
    """
    if not practitioner.linked_to:
        yield wrong(
            f"{practitioner.name} is not linked to a PMS practitioner",
            found="not linked",
            expected="linked to a PMS practitioner",
            record="the id of the PMS practitioner",
            hint=maybe_code(practitioner.linked_to, "practitioners"),
        )


@check(
    "VL203",
    "pms-link-resolves",
    since="0.1.0",
    title="The linked PMS practitioner exists and is active",
    subject=Practitioner,
    at="linked_to",
    when=does_video,
    basis="inferred",
    source=PROFILES,
    article=2,
    blocked_by=["VL202"],
    blockers=lambda practitioner, context: unlisted(practitioner, context.clinic),
    blocked_besides=UNLISTED,
    setting=LINK,
    who="PMS administrator",
    fix=[
        "In the PMS, look the practitioner up (Best Practice: Setup > Users; Pracsoft: Appointment"
        " Book > Setup > Practitioners) and make the entry active where it should be",
        PROFILE,
        "Choose the practitioner's active PMS entry in Link to and save",
    ],
)
def pms_link_resolves(practitioner: Practitioner, context: Context) -> Iterator[Finding]:
    """The profile is linked to nobody who sees patients in the PMS, so bookings with this
    practitioner get no link.

    Answered from the PMS's own list, where that is recorded.
    """
    listed = context.clinic.pms.practitioners
    pms_id = practitioner.pms_id
    if listed is None:
        yield unrecorded("The PMS's list of practitioners is not recorded", at=("pms",))
    elif pms_id is not None and pms_id not in listed:
        yield wrong(
            f"{practitioner.name} is linked to PMS practitioner {clean(pms_id)}, which does not"
            " exist",
            found=f"linked to {clean(pms_id)}",
            expected="the id of an active PMS practitioner",
            record="the id of the PMS practitioner",
            hint=near_miss(pms_id, {id: each.name for id, each in listed.items()}),
        )
    elif pms_id is not None and listed[pms_id].active is False:
        yield wrong(
            f"{practitioner.name} is linked to PMS practitioner {clean(pms_id)}, which is inactive",
            found=f"{clean(pms_id)} ({listed[pms_id].name}) is inactive in the PMS",
            expected="an active PMS practitioner",
            record="the id of the active PMS practitioner",
            also=(
                Place(
                    context.clinic.id,
                    ("pms", "practitioners", list(listed).index(pms_id), "active"),
                ),
            ),
        )


@check(
    "VL204",
    "pms-link-unique",
    since="0.1.0",
    title="No other profile is linked to the same PMS practitioner",
    subject=Practitioner,
    at="linked_to",
    severity="warning",
    when=does_video,
    basis="inferred",
    source=PROFILES,
    article=2,
    blocked_by=["VL202"],
    setting=LINK,
    fix=[
        "Dashboard > Bookings > Practitioner Setup",
        "Decide which profile is the practitioner's, and unlink or archive the other",
    ],
)
def pms_link_unique(practitioner: Practitioner, context: Context) -> Iterator[Finding]:
    """Two profiles of this Dashboard stand for one person in the PMS, so a booking may be taken
    for the other profile's, which may not do video.
    """
    twins = [
        other
        for other in context.clinic.practitioners
        if other is not practitioner
        and not other.archived
        and other.linked_to
        and other.linked_to == practitioner.linked_to
    ]
    if twins and practitioner.pms_id:
        names = listing(f"{twin.name} ({twin.id})" for twin in twins)
        yield wrong(
            f"{practitioner.name} and {names} are linked to the same PMS practitioner"
            f" {clean(practitioner.pms_id)}",
            found=f"also linked to {clean(practitioner.pms_id)}: {names}",
            expected="one profile for each PMS practitioner",
            record="the link after the change, or none",
            also=tuple(Place(context.clinic.id, twin.at("linked_to")) for twin in twins),
            parts=tuple(twin.id for twin in twins),
        )


@check(
    "VL205",
    "not-archived",
    since="0.1.0",
    title="No video type lists an archived practitioner",
    subject=Practitioner,
    at="archived",
    severity="warning",
    when=lambda practitioner, context: (
        practitioner.archived
        and any(practitioner.id in type.listed for type in context.clinic.video_types)
    ),
    basis="inferred",
    source=ARCHIVING,
    article=2,
    fix=[
        "Dashboard > Bookings > Practitioner Setup > View archived practitioners",
        "Decide: restore {practitioner.name}, or take them off the video types that list them",
    ],
)
def not_archived(practitioner: Practitioner, context: Context) -> Iterator[Finding]:
    """Reception may believe that this practitioner does video; archived, they cannot be booked."""
    types = [type for type in context.clinic.video_types if practitioner.id in type.listed]
    names = listing(type.name for type in types)
    yield wrong(
        f"{practitioner.name} is archived but still listed by {names}",
        found="archived",
        expected="not archived, or not listed",
        record="false, where restored",
        also=tuple(Place(context.clinic.id, type.listed[practitioner.id].path) for type in types),
    )


_BOOK_STEPS = {
    "best-practice": "Best Practice: Setup > Users > {} > Edit: tick Has appointments",
    "pracsoft": "Pracsoft: Appointment Book > Setup > Practitioners > {}: tick Use",
}


@check(
    "VL206",
    "in-appointment-book",
    since="0.1.0",
    title="The PMS practitioner is in the appointment book",
    subject=Practitioner,
    at="linked_to",
    severity="warning",
    when=lambda practitioner, context: (
        does_video(practitioner, context) and context.clinic.has_pms("best-practice", "pracsoft")
    ),
    basis="inferred",
    article=2,
    blocked_by=["VL202", "VL203"],
    blockers=lambda practitioner, context: unlisted(practitioner, context.clinic),
    blocked_besides=UNLISTED,
    who="PMS administrator",
    fix=[step.format("{practitioner.name}") for step in _BOOK_STEPS.values()],
)
def in_appointment_book(practitioner: Practitioner, context: Context) -> Iterator[Finding]:
    """Reception cannot book this practitioner in the PMS, so no video appointment can come from
    there.
    """
    listed = context.clinic.pms.practitioners or {}
    entry = listed.get(practitioner.pms_id or "")
    if entry is None:
        yield unrecorded("The PMS's list of practitioners is not recorded", at=("pms",))
        return
    at = ("pms", "practitioners", list(listed).index(entry.id), "in_appointment_book")
    if entry.in_appointment_book is None:
        yield unrecorded(
            f"Whether {entry.name} is in the PMS's appointment book is not recorded", at=at
        )
    elif not entry.in_appointment_book:
        yield wrong(
            f"{practitioner.name} is not in the PMS's appointment book",
            at=at,
            found="not in the appointment book",
            expected="in the appointment book",
            edit="true",
            steps=(_BOOK_STEPS[context.clinic.pms.system_key].format(entry.name),),
        )
