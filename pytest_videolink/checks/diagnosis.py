"""VL501 and VL502: why a booked appointment has no link, in the order of the help article."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pytest_videolink.checks.articles import NO_LINK
from pytest_videolink.checks.offering import type_link_checks
from pytest_videolink.checks.rule import Context, Finding, Place, check, pending, wrong
from pytest_videolink.record.clinic import Appointment, AppointmentType, Pair, Practitioner, Subject
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean, day_and_time, duration, within


@dataclass(frozen=True, slots=True)
class Cause:
    """A fault of the configuration that keeps an appointment from getting its link."""

    check: str
    subject: Subject
    finding: Finding


def is_video(appointment: Appointment, context: Context) -> bool:
    return appointment.is_video


def _practitioner(appointment: Appointment, context: Context) -> Practitioner | None:
    everybody = context.clinic.practitioners
    return next((who for who in everybody if who.id == appointment.practitioner), None)


def _bad_facts(appointment: Appointment, context: Context) -> Iterator[Finding]:
    """Facts of an appointment that contradict each other. Their values are not repeated."""
    if _practitioner(appointment, context) is None:
        yield _fact(appointment, "practitioner", "names a practitioner who is not in the record")
    if appointment.created > context.now:
        yield _fact(appointment, "created", "is recorded as booked in the future")
    if appointment.created > appointment.starts:
        yield _fact(appointment, "created", "is recorded as booked after its own start")
    if appointment.seen_at is not None and appointment.seen_at > context.now:
        yield _fact(appointment, "seen_at", "is recorded as looked up in the future")
    if appointment.seen_at is not None and appointment.seen_at < appointment.created:
        yield _fact(appointment, "seen_at", "is recorded as looked up before it was booked")


def _fact(appointment: Appointment, key: str, fault: str) -> Finding:
    return wrong(
        f"Appointment {clean(appointment.id)} {fault}",
        at=key,
        found="facts that contradict each other",
        expected="the facts as the appointment book has them",
        record="as the appointment book has it",
        steps=("Look the appointment up in the PMS appointment book and correct the record",),
    )


def mapped_types(appointment: Appointment, context: Context) -> list[AppointmentType]:
    """The video types that the appointment's PMS type stands for, with this practitioner.

    Where the practitioner offers some of them, only those count.
    """
    practitioner = _practitioner(appointment, context)
    if practitioner is None:
        return []
    mapped = [
        type
        for type in context.clinic.video_types
        if appointment.pms_type in (type.links_for(practitioner) or ())
    ]
    return [type for type in mapped if type.offered_by(practitioner)] or mapped


def causes(appointment: Appointment, context: Context) -> Iterator[Cause]:
    """The failing checks, waived ones too, that keep the appointment from its link, in order."""
    practitioner = _practitioner(appointment, context)
    if practitioner is None or next(_bad_facts(appointment, context), None):
        return
    clinic = context.clinic
    types = mapped_types(appointment, context)
    pairs = [pair for pair in clinic.pairs[practitioner] if pair.type in types]
    concerned: list[tuple[str, Subject]] = [("VL102", clinic), ("VL103", clinic)]
    concerned += [(id, practitioner) for id in ("VL201", "VL202", "VL203")]
    for type in types:
        concerned += [("VL301", type), ("VL302", type)]
        pair = next((pair for pair in pairs if pair.type is type), None)
        concerned += _link_checks(type, pair, context)
    if not types:
        unlinked = [type for type in clinic.video_types if not type.links_for(practitioner)]
        concerned += [("VL303", type) for type in unlinked]
    concerned += [("VL401", practitioner), ("VL402", clinic), ("VL002", clinic)]
    for id, subject in concerned:
        for finding in context.faults(id, subject):
            yield Cause(id, subject, finding)


def _link_checks(
    type: AppointmentType, pair: Pair | None, context: Context
) -> list[tuple[str, Subject]]:
    if pair is None:
        return [(id, type) for id in ("VL303", "VL304", "VL305")]
    return [*type_link_checks(pair, context), ("VL311", pair)]


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
    is a fresh appointment given the sync window.
    """
    facts = list(_bad_facts(appointment, context))
    if facts:
        yield from facts
        return
    types = mapped_types(appointment, context)
    if appointment.link:
        yield from _not_mapped(appointment, types, context)
        return
    found = [
        *_not_mapped(appointment, types, context),
        *_configuration(appointment, types, context),
        *_start_passed(appointment, context),
    ]
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
    id = clean(appointment.id)
    unlinked = [cause for cause in causes(appointment, context) if cause.check == "VL303"]
    named = "".join(f"; VL303 ({cause.subject.id}) may explain it" for cause in unlinked)
    yield _fault(
        appointment,
        context,
        f"Appointment {id} has a link, but its PMS type is linked to no video type{named}"
        if appointment.link
        else f"Appointment {id} synced as a standard appointment: its PMS type is linked to no"
        f" video type{named}",
        "Book it as a PMS type that a video type is linked to, or link this PMS type: Dashboard >"
        " Bookings > Appointment Types > Edit > Templates for practitioners",
        at="pms_type",
        expected="a PMS type that is linked to a video type (check 3)",
    )


def _configuration(
    appointment: Appointment, types: list[AppointmentType], context: Context
) -> Iterator[Finding]:
    id = clean(appointment.id)
    practitioner = _practitioner(appointment, context)
    assert practitioner is not None
    offered = any(type.offered_by(practitioner) for type in types)
    behind = [] if offered else types
    for cause in causes(appointment, context):
        if cause.check == "VL303" and not types:
            continue  # named with the PMS type that is not mapped
        if behind and cause.check in ("VL401", "VL402", "VL002"):
            yield _not_offered(appointment, practitioner, behind, context)
            behind = []
        yield _fault(
            appointment,
            context,
            f"Appointment {id} has no link ({cause.check}): {cause.finding.summary}",
            f"Put right what {cause.check} says of {cause.subject.name} ({cause.subject.id})",
            expected=f"{cause.check} passes for {cause.subject.id}",
            also=_places(cause, context),
        )
    if behind:
        yield _not_offered(appointment, practitioner, behind, context)


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
    return _fault(
        appointment,
        context,
        f"Appointment {clean(appointment.id)} has no link: {practitioner.name} does not offer"
        f" {types[0].name}",
        f"Decide whether {practitioner.name} should offer {types[0].name}: Dashboard > Bookings >"
        f" Practitioner Setup > {practitioner.name} > Appointment Types",
        expected=f"{practitioner.name} offers {types[0].name} (check 3)",
        also=(Place(context.clinic.id, types[0].at("practitioners")),),
    )


def _start_passed(appointment: Appointment, context: Context) -> Iterator[Finding]:
    if appointment.starts < context.now:
        yield _fault(
            appointment,
            context,
            f"Appointment {clean(appointment.id)} has no link and its start has passed: none can"
            " appear any more",
            at="starts",
            expected="a start that is still to come",
        )


def _waiting(appointment: Appointment, context: Context) -> Iterator[Finding]:
    """Whether a link was looked for too early to tell."""
    looked = appointment.seen_at
    if looked is None:
        as_of = context.clinic.as_of
        looked = as_of if as_of is not None and as_of >= appointment.created else context.now
    if looked - appointment.created <= context.sync_window:
        again = appointment.created + context.sync_window
        whole = again.replace(second=0, microsecond=0)
        shown = context.local(whole if whole == again else whole + timedelta(minutes=1))
        when = "now" if again < context.now else f"at {shown:%H:%M}"
        booked = (
            f"it was booked {within(context.sync_window)} before the link was looked for"
            if context.sync_window
            else "the link was looked for as soon as it was booked"
        )
        yield pending(f"pending: {booked} (check 1); look again {when}")


def _booked_before_change(
    appointment: Appointment, types: list[AppointmentType], context: Context
) -> Iterator[Finding]:
    practitioner = _practitioner(appointment, context)
    assert practitioner is not None
    changes: list[Practitioner | AppointmentType] = [practitioner, *types]
    for changed in changes:
        if changed.changed_at is not None and changed.changed_at > appointment.created:
            yield _fault(
                appointment,
                context,
                f"Appointment {clean(appointment.id)} has no link: it was booked before the last"
                f" change of {changed.name}",
                at="created",
                expected="booked after the change; a fix never repairs an existing appointment",
                also=(Place(context.clinic.id, changed.at("changed_at")),),
            )


def _for_support(appointment: Appointment, context: Context) -> Finding:
    practitioner = _practitioner(appointment, context)
    assert practitioner is not None
    when = f"{day_and_time(context.local(appointment.starts))} ({context.clinic.timezone})"
    return wrong(
        f"Appointment {clean(appointment.id)} has no link though every setting is right",
        found="no link",
        expected="a link",
        record="true, once it is there",
        who="vendor support",
        about=f"{practitioner.name}, {when}",
        steps=(
            "Contact the booking platform's support with exactly this and nothing more:"
            f" practitioner name: {practitioner.name}; appointment date and time: {when}",
        ),
    )


def _fault(
    appointment: Appointment,
    context: Context,
    summary: str,
    *steps: str,
    expected: str,
    at: str = "link",
    also: tuple[Place, ...] = (),
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
        found="a link" if appointment.link else "no link",
        expected=expected,
        record="true, once it is there" if at == "link" else "as the new appointment has it",
        also=also,
        steps=(*steps, duty),
        duty="telephone" if near else "recreate",
    )


def to_recreate(check: str, subject: Subject, context: Context) -> list[Appointment]:
    """The future appointments without a link that stay so when this check is put right."""
    return [
        appointment
        for appointment in context.clinic.appointments
        if appointment.is_video
        and not appointment.link
        and appointment.starts >= context.now
        and any(
            (cause.check, cause.subject) == (check, subject)
            for cause in causes(appointment, context)
        )
    ]


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
        and not appointment.link
        and appointment.starts >= context.now
        and next(_bad_facts(appointment, context), None) is None
    ),
    who="reception",
    fix=["Telephone the patient, or rebook: a link may not appear before the start"],
)
def enough_notice(appointment: Appointment, context: Context) -> Iterator[Finding]:
    """The patient may start without a link, as links usually take up to the sync window."""
    notice = appointment.starts - appointment.created
    if notice < context.sync_window:
        yield wrong(
            f"Appointment {clean(appointment.id)} was booked less than"
            f" {duration(context.sync_window)} before its start",
            found="booked too late",
            expected=f"booked at least {duration(context.sync_window)} before its start",
        )
