"""VL309 to VL312: who offers a video type, and what is each pair's own (check 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_videolink.checks.appointment_type import TYPE, clash, is_video, unlisted, unresolved
from pytest_videolink.checks.articles import PROFILES, TYPES
from pytest_videolink.checks.practitioner import UNLISTED
from pytest_videolink.checks.rule import Context, Finding, Place, check, unrecorded, wrong
from pytest_videolink.record.clinic import AppointmentType, Clinic, Pair, Practitioner
from pytest_videolink.record.keys import title_of
from pytest_videolink.record.links import maybe_code


@check(
    "VL309",
    "offered",
    since="0.1.0",
    title="Somebody offers the video type",
    subject=AppointmentType,
    at="practitioners",
    when=is_video,
    basis="inferred",
    source=TYPES,
    article=3,
    must=True,
    setting="Who offers it",
    recreate=False,
    fix=[
        TYPE,
        "Decide who should offer {type.name}, and add them under Templates for practitioners; or"
        " remove the type where nobody should",
    ],
)
def offered(type: AppointmentType, context: Context) -> Iterator[Finding]:
    """Patients cannot book this video type with anybody.

    Archived practitioners do not count. A list that is not recorded counts as nobody.
    """
    if type.practitioners is None:
        yield wrong(
            f"Nobody is recorded to offer {type.name}",
            found="not recorded",
            expected="at least one practitioner",
            record="the practitioners who offer it",
        )
    elif not any(type.offered_by(who) for who in context.clinic.practitioners):
        yield wrong(
            f"Nobody offers {type.name}",
            found="no practitioner, or archived ones only",
            expected="at least one practitioner",
            record="the practitioners who offer it",
        )


def _unrecorded_offers(
    practitioner: Practitioner, context: Context
) -> Iterable[tuple[str, AppointmentType]]:
    clinic = context.clinic
    if not clinic.pairs[practitioner]:
        return [("VL309", type) for type in clinic.video_types if type.practitioners is None]
    return []


@check(
    "VL310",
    "offers-video",
    since="0.1.0",
    title="A practitioner who is meant to do video offers a video type",
    subject=Practitioner,
    at="expects_video",
    when=lambda practitioner, _: not practitioner.archived and practitioner.expects_video is True,
    basis="inferred",
    source=PROFILES,
    article=3,
    blocked_by=["VL005"],
    blockers=_unrecorded_offers,
    blocked_besides="VL309 of a video type whose list is not recorded, where none is offered",
    recreate=False,
    fix=[
        "Decide which video type {practitioner.name} should offer",
        "Dashboard > Bookings > Practitioner Setup > {practitioner.name} > Appointment Types: add"
        " it and save",
    ],
)
def offers_video(practitioner: Practitioner, context: Context) -> Iterator[Finding]:
    """Patients cannot book video with this practitioner, who is meant to do it."""
    if not context.clinic.pairs[practitioner]:
        type = context.clinic.video_types[0]
        yield wrong(
            f"{practitioner.name} is meant to do video but offers no video type",
            at=type.at("practitioners"),
            found="offers no video type",
            expected="offers a video type",
            record=f"the list of {type.name}, or of the type you chose, with {practitioner.id}",
            also=(Place(context.clinic.id, practitioner.at("expects_video")),),
        )


def has_own_links(pair: Pair, context: Context) -> bool:
    """Whether an override bears on what a pair's links mean."""
    if pair.override is not None:
        return True
    entries = (type.listed.get(pair.practitioner.id) for type in context.clinic.other_types)
    return any(entry is not None and entry.override is not None for entry in entries)


def _blockers(pair: Pair, context: Context) -> list[tuple[str, AppointmentType | Clinic]]:
    """The checks of the type's own links, or what blocks the pair's where the list lacks them."""
    own = unlisted(pair.override, context.clinic)
    return [*type_link_checks(pair, context), *own]


def type_link_checks(pair: Pair, context: Context) -> Iterable[tuple[str, AppointmentType]]:
    """The checks of the type's own links, which count where the pair has no override."""
    if pair.override is not None:
        return []
    return [(id, pair.type) for id in ("VL303", "VL304", "VL305")]


@check(
    "VL311",
    "pair-linked",
    since="0.1.0",
    title="The practitioner's own link is right",
    subject=Pair,
    when=has_own_links,
    basis="inferred",
    source=PROFILES,
    article=3,
    blockers=_blockers,
    blocked_besides="VL303, VL304 and VL305 of the type where the pair has no own link;"
    f" {UNLISTED}",
    fix=[
        "Dashboard > Bookings > Practitioner Setup > {practitioner.name} > Appointment Types",
        "Edit {type.name} and link a PMS appointment type that exists, is active and stands for"
        " video only, then save",
    ],
)
def pair_linked(pair: Pair, context: Context) -> Iterator[Finding]:
    """Bookings of this type with this practitioner sync as standard appointments, so these
    patients get no video link while others do.

    A practitioner-level link replaces the type's own for this practitioner (inferred).
    """
    name, links = pair.name, pair.links or ()
    if not links:
        yield wrong(
            f"{name} is not linked to a PMS appointment type",
            at=pair.links_path,
            found="not linked",
            expected="linked to a PMS appointment type",
            record="the id of the PMS appointment type",
            hint=maybe_code(pair.links, "appointment_types"),
        )
    if links and pair.override is not None:
        yield from unresolved(name, links, context.clinic, pair.links_path)
    for other in context.clinic.other_types:
        yield from clash(name, links, other, context, pair)


@check(
    "VL312",
    "pair-bookable",
    since="0.1.0",
    title="The practitioner of an online video type can be booked online",
    subject=Pair,
    severity="warning",
    when=lambda pair, _: pair.type.online_bookings is True,
    article=3,
    setting=title_of(Practitioner, "visible_for_online_bookings"),
    basis="documented",
    source=PROFILES,
    fix=[
        "Decide whether patients should book {practitioner.name} online",
        "Dashboard > Bookings > Practitioner Setup > {practitioner.name}: tick Visible for Online"
        " Bookings and save",
    ],
)
def pair_bookable(pair: Pair, context: Context) -> Iterator[Finding]:
    """Patients cannot book this video appointment online; booked by reception it gets its link
    all the same.
    """
    practitioner = pair.practitioner
    at = practitioner.at("visible_for_online_bookings")
    if practitioner.visible_for_online_bookings is None:
        yield unrecorded(
            f"Visible for Online Bookings is not recorded for {practitioner.name}", at=at
        )
    elif not practitioner.visible_for_online_bookings:
        yield wrong(
            f"{practitioner.name} is not visible for online bookings, which {pair.type.name} is"
            " enabled for",
            at=at,
            found="off",
            expected="on",
            record="true, where you made them visible",
        )
