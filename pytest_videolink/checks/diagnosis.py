"""VL501 and VL502: why a booked appointment has no link, in the order of the help article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from pytest_videolink.checks.articles import NO_LINK
from pytest_videolink.checks.facts import (
    LINK_IT,
    bad_facts,
    booked_as,
    either_way,
    name_of,
    profiles_of,
    with_what_to_know,
)
from pytest_videolink.checks.offering import type_link_checks
from pytest_videolink.checks.rule import (
    Context,
    Finding,
    Place,
    check,
    pending,
    unrecorded,
    wrong,
)
from pytest_videolink.record.clinic import Appointment, AppointmentType, Pair, Practitioner, Subject
from pytest_videolink.record.lookup import links_of
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean, day_and_time, days, duration, listing, within


@dataclass(frozen=True, slots=True)
class Cause:
    """What of the configuration keeps an appointment from getting its link."""

    check: str
    subject: Subject
    finding: Finding


def is_video(appointment: Appointment, context: Context) -> bool:
    return appointment.is_video


def mapped_types(appointment: Appointment, context: Context) -> list[AppointmentType]:
    """The video types that the appointment's PMS type stands for, with this practitioner.

    Where the practitioner offers some of them, only those count; with somebody who has no profile
    here it may stand for any that it is linked to.
    """
    profiles, id = profiles_of(appointment, context), appointment.pms_type
    if not profiles:
        return [type for type in context.clinic.video_types if id in links_of(type)]
    mapped = [
        type
        for type in context.clinic.video_types
        if any(id in (type.links_for(who) or ()) for who in profiles)
    ]
    return [type for type in mapped if any(map(type.offered_by, profiles))] or mapped


def causes(appointment: Appointment, context: Context) -> Iterator[Cause]:
    """The failing checks, waived ones too, that keep the appointment from its link, in order."""
    if next(bad_facts(appointment, context), None):
        return
    clinic = context.clinic
    profiles, types = profiles_of(appointment, context), mapped_types(appointment, context)
    concerned: list[tuple[str, Subject]] = [("VL102", clinic), ("VL103", clinic)]
    concerned += [(id, who) for who in profiles for id in ("VL201", "VL202", "VL203")]
    for type in types:
        concerned += [("VL301", type), ("VL302", type)]
        pairs = [pair for who in profiles for pair in clinic.pairs[who] if pair.type is type]
        concerned += _link_checks(type, pairs, context)
    if not types:
        concerned += [
            ("VL303", type) for type in clinic.video_types if _is_unlinked(type, profiles)
        ]
    concerned += [("VL401", who) for who in profiles]
    concerned += [("VL402", clinic), ("VL002", clinic)]
    for id, subject in dict.fromkeys(concerned):
        for finding in context.faults(id, subject):
            yield Cause(id, subject, finding)


def _is_unlinked(type: AppointmentType, profiles: Sequence[Practitioner]) -> bool:
    links = [type.links_for(who) for who in profiles] or [type.linked_to]
    return not all(links)


def _link_checks(
    type: AppointmentType, pairs: Sequence[Pair], context: Context
) -> list[tuple[str, Subject]]:
    if not pairs:
        return [(id, type) for id in ("VL303", "VL304", "VL305")]
    own: list[tuple[str, Subject]] = [("VL311", pair) for pair in pairs]
    return [*(each for pair in pairs for each in type_link_checks(pair, context)), *own]


@check(
    "VL501",
    "link-generated",
    since="0.1.0",
    title="The appointment has its link, or the cause is known",
    subject=Appointment,
    at="link",
    when=is_video,
    waivable=False,
    who="reception",
    basis="documented",
    source=NO_LINK,
    fix=[
        "Put right what is named above",
        "Recreate the appointment, or telephone the patient where its start is near",
    ],
)
def link_generated(appointment: Appointment, context: Context) -> Iterator[Finding]:
    """The patient has no link to join with, or one that nobody expects.

    The causes are looked for in the order of the help article; the first that holds decides, and
    the others stand below it. What waiting cannot cure is said at once; only where nothing is wrong
    is a fresh appointment given the sync window. A day sheet may not say whether there is a link:
    then only what keeps any appointment from its link is told.
    """
    yield from with_what_to_know(_found(appointment, context), appointment, context)


def _found(appointment: Appointment, context: Context) -> Iterator[Finding]:
    facts = list(bad_facts(appointment, context))
    if facts:
        yield from facts
        return
    types = mapped_types(appointment, context)
    if appointment.link:
        if appointment.profiles:
            yield from _not_mapped(appointment, types, context)
        return
    found = [
        *_not_mapped(appointment, types, context),
        *_without_profile(appointment, types, context),
        *_configuration(appointment, types, context),
    ]
    if appointment.link is None:
        id = clean(appointment.id)
        yield from found or [unrecorded(f"Whether appointment {id} has a link is not recorded")]
        return
    found += _start_passed(appointment, context)
    if appointment.created is None:
        yield from found or [_booked_at_some_time(appointment, types, context)]
        return
    waiting = [] if found else list(_waiting(appointment, context))
    yield from found or waiting
    if not waiting:
        later = list(_booked_before_change(appointment, types, context))
        yield from later
        if not found and not later:
            yield _for_support(appointment, context)


def _not_mapped(
    appointment: Appointment, types: list[AppointmentType], context: Context
) -> Iterator[Finding]:
    if types:
        return
    unlinked = [cause for cause in causes(appointment, context) if cause.check == "VL303"]
    named = "".join(f"; VL303 ({cause.subject.id}) may explain it" for cause in unlinked)
    other = booked_as(appointment, context)
    yield _finding(
        appointment,
        context,
        f"Appointment {clean(appointment.id)} {f'was booked as {other} and ' if other else ''}"
        f"{'has a link, but' if appointment.link else 'synced as a standard appointment:'}"
        f" its PMS type is linked to no video type{named}",
        *(either_way(other, appointment) if other else [LINK_IT]),
        at="pms_type",
        expected="a PMS type that is linked to a video type (check 3)",
        cause=""
        if other or named
        else f"{_pms_type(appointment, context)} is linked to no video type",
    )


def _pms_type(appointment: Appointment, context: Context) -> str:
    """Its PMS type as the PMS lists it; else nothing of it is said, as nothing of a booking is."""
    listed = (context.clinic.pms.appointment_types or {}).get(appointment.pms_type)
    return f"{listed.name} ({listed.id})" if listed else "The PMS type that it was booked as"


def _without_profile(
    appointment: Appointment, types: list[AppointmentType], context: Context
) -> Iterator[Finding]:
    if appointment.profiles or not types:
        return
    name = name_of(appointment, context)
    cause = f"{name}, whom the PMS lists, has no profile here"
    yield _finding(
        appointment,
        context,
        f"Appointment {clean(appointment.id)} {_lacks(appointment)}: {cause}",
        f"Decide whether {name} should do video: Dashboard > Bookings > Practitioner Setup, with"
        f" Link to set to PMS practitioner {clean(appointment.practitioner)}; and add the profile"
        " to the record",
        at="practitioner",
        expected="a practitioner with a profile on the Dashboard (check 2)",
        cause=cause,
    )


def _lacks(appointment: Appointment) -> str:
    return "has no link" if appointment.link is False else "gets no link"


def _configuration(
    appointment: Appointment, types: list[AppointmentType], context: Context
) -> Iterator[Finding]:
    id = clean(appointment.id)
    profiles = profiles_of(appointment, context)
    offered = not profiles or any(type.offered_by(who) for type in types for who in profiles)
    behind = [] if offered else types
    for cause in causes(appointment, context):
        if cause.check == "VL303" and not types:
            continue  # named with the PMS type that is not mapped
        if behind and cause.check in ("VL401", "VL402", "VL002"):
            yield _not_offered(appointment, profiles[0], behind, context)
            behind = []
        yield _finding(
            appointment,
            context,
            f"Appointment {id} {_lacks(appointment)} ({cause.check}): {cause.finding.summary}",
            f"Put right what {cause.check} says of {cause.subject.name} ({cause.subject.id})",
            expected=f"{cause.check} passes for {cause.subject.id}",
            also=_places(cause, context),
        )
    if behind:
        yield _not_offered(appointment, profiles[0], behind, context)


def _places(cause: Cause, context: Context) -> tuple[Place, ...]:
    at = cause.finding.at
    assert isinstance(at, tuple)
    return (Place(context.clinic.id, at),)


def _not_offered(
    appointment: Appointment,
    practitioner: Practitioner,
    types: list[AppointmentType],
    context: Context,
) -> Finding:
    cause = f"{practitioner.name} does not offer {types[0].name}"
    return _finding(
        appointment,
        context,
        f"Appointment {clean(appointment.id)} {_lacks(appointment)}: {cause}",
        f"Decide whether {practitioner.name} should offer {types[0].name}: Dashboard > Bookings >"
        f" Practitioner Setup > {practitioner.name} > Appointment Types",
        expected=f"{practitioner.name} offers {types[0].name} (check 3)",
        also=(Place(context.clinic.id, types[0].at("practitioners")),),
        cause=cause,
    )


def _start_passed(appointment: Appointment, context: Context) -> Iterator[Finding]:
    if appointment.starts < context.now:
        yield _finding(
            appointment,
            context,
            f"Appointment {clean(appointment.id)} has no link and its start has passed: none can"
            " appear any more",
            at="starts",
            expected="a start that is still to come",
        )


def _waiting(appointment: Appointment, context: Context) -> Iterator[Finding]:
    """Whether a link was looked for too early to tell."""
    looked, created = appointment.seen_at, appointment.created
    assert created is not None
    if looked is None:
        as_of = context.clinic.as_of
        looked = as_of if as_of is not None and as_of >= created else context.now
    if looked - created <= context.sync_window:
        again = created + context.sync_window
        whole = again.replace(second=0, microsecond=0)
        shown = context.local(whole if whole == again else whole + timedelta(minutes=1))
        when = "now" if again < context.now else f"at {shown:%H:%M}"
        booked = (
            f"it was booked {within(context.sync_window)} before the link was looked for"
            if context.sync_window
            else "the link was looked for as soon as it was booked"
        )
        yield pending(f"pending: {booked} (check 1); look again {when}")


def _changing(
    appointment: Appointment, types: list[AppointmentType], context: Context
) -> list[Practitioner | AppointmentType]:
    return [*profiles_of(appointment, context), *types]


def _booked_before_change(
    appointment: Appointment, types: list[AppointmentType], context: Context
) -> Iterator[Finding]:
    assert appointment.created is not None
    for changed in _changing(appointment, types, context):
        change = _change(changed, context)
        if change is not None and change[0] > appointment.created:
            yield _finding(
                appointment,
                context,
                f"Appointment {clean(appointment.id)} has no link: it was booked before the last"
                f" change of {changed.name}{change[1]}",
                at="created",
                expected="booked after the change; a fix never repairs an existing appointment",
                also=(Place(context.clinic.id, changed.at("changed_at")),),
            )


def _change(
    changed: Practitioner | AppointmentType, context: Context
) -> tuple[datetime, str] | None:
    """The earliest time of a subject's last change, and what is added where that is derived.

    What somebody noted counts. Else it lies between two records, of which two runs tell.
    """
    if changed.changed_at is not None:
        return changed.changed_at, ""
    span = context.changed_between(changed)
    if span is None:
        return None
    return span[0], f", between the records of {days(*map(context.local, span))}"


def _for_support(appointment: Appointment, context: Context) -> Finding:
    return wrong(
        f"Appointment {clean(appointment.id)} has no link though every setting is right",
        found="no link",
        expected="a link",
        record="true, once it is there",
        who="vendor support",
        about=f"{name_of(appointment, context)}, {_when(appointment, context)}",
        steps=(f"Contact {_support(appointment, context)}",),
    )


def _when(appointment: Appointment, context: Context) -> str:
    return f"{day_and_time(context.local(appointment.starts))} ({context.clinic.timezone})"


def _support(appointment: Appointment, context: Context) -> str:
    return (
        "the booking platform's support with exactly this and nothing more: practitioner name:"
        f" {name_of(appointment, context)}; appointment date and time:"
        f" {_when(appointment, context)}"
    )


def _booked_at_some_time(
    appointment: Appointment, types: list[AppointmentType], context: Context
) -> Finding:
    """Why it has no link depends on when it was booked, which a day sheet need not say."""
    changing = _changing(appointment, types, context)
    changes = [each.name for each in changing if each.changed_at is not None]
    change = f"the last change of {listing(changes)}" if changes else "a setting was put right"
    window = within(context.sync_window)
    return wrong(
        f"Appointment {clean(appointment.id)} has no link, and when it was booked is not recorded",
        at="created",
        found="no link, though every setting is right",
        expected="when it was booked, which decides what is the matter",
        steps=(
            "Look up in the appointment book when it was booked",
            f"Booked {window} before the link was looked for: look again, it may be on its way"
            " (check 1)",
            f"Booked before {change}: recreate the appointment; a fix never repairs one that is"
            " booked already",
            f"Booked otherwise: contact {_support(appointment, context)}",
        ),
    )


def _finding(
    appointment: Appointment,
    context: Context,
    summary: str,
    *steps: str,
    expected: str,
    at: str = "link",
    also: tuple[Place, ...] = (),
    cause: str = "",
) -> Finding:
    """A cause, with what to do about it and about the appointment."""
    near = appointment.starts - context.now < context.sync_window
    duty = (
        "Telephone the patient, or rebook: it is too late for a link"
        if near
        else "Recreate the appointment in the appointment book; its link usually appears"
        f" {within(context.sync_window)}"
    )
    return wrong(
        summary,
        at=at,
        found={True: "a link", False: "no link", None: "not recorded whether there is a link"}[
            appointment.link
        ],
        expected=expected,
        record="true, once it is there" if at == "link" else "as the new appointment has it",
        also=also,
        steps=(*steps, duty),
        duty="telephone" if near else "recreate",
        cause=cause,
    )


@check(
    "VL502",
    "enough-notice",
    since="0.1.0",
    title="The appointment was booked early enough for a link",
    subject=Appointment,
    at="created",
    severity="warning",
    basis="inferred",
    source=NO_LINK,
    when=lambda appointment, context: (
        appointment.is_video
        and appointment.link is False
        and appointment.created is not None
        and appointment.starts >= context.now
        and next(bad_facts(appointment, context), None) is None
    ),
    who="reception",
    fix=["Telephone the patient, or rebook: a link may not appear before the start"],
)
def enough_notice(appointment: Appointment, context: Context) -> Iterator[Finding]:
    """The patient may start without a link, as links usually take up to the sync window."""
    assert appointment.created is not None
    if appointment.starts - appointment.created < context.sync_window:
        yield wrong(
            f"Appointment {clean(appointment.id)} was booked less than"
            f" {duration(context.sync_window)} before its start",
            found="booked too late",
            expected=f"booked at least {duration(context.sync_window)} before its start",
        )
