"""VL4xx: one practitioner on several Dashboards of one shared PMS database (check 4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_videolink.checks.articles import NO_LINK
from pytest_videolink.checks.practitioner import LINK, UNLISTED, does_video, unlisted
from pytest_videolink.checks.rule import Context, Finding, Place, check, wrong
from pytest_videolink.record.clinic import Clinic, Practitioner
from pytest_videolink.record.text import clean, did_you_mean, listing


def unanswered(clinic: Clinic) -> list[tuple[str, Clinic]]:
    """What blocks where it is not known which database this is."""
    return [] if clinic.pms.is_answered else [("VL006", clinic)]


@check(
    "VL401",
    "one-dashboard",
    since="0.1.0",
    title="The PMS practitioner is linked on one Dashboard only",
    subject=Practitioner,
    at="linked_to",
    when=does_video,
    article=4,
    blocked_by=["VL002", "VL202"],
    blockers=lambda practitioner, context: [
        *unanswered(context.clinic),
        *unlisted(practitioner, context.clinic),
    ],
    blocked_besides=f"VL006 where PMS or database are still to be named; {UNLISTED}",
    setting=LINK,
    basis="documented",
    source=NO_LINK,
    fix=[
        "Ask the booking platform's support how to solve it for you: the article names the"
        " conflict, the ways below are inferred",
        "Either give {practitioner.name} a PMS entry of their own for each location, and link each"
        " Dashboard to its own: Dashboard > Bookings > Practitioner Setup > Link to",
        "Or decide with the other clinic which Dashboard the video appointments belong to, and"
        " unlink the profile on the other",
    ],
)
def one_dashboard(practitioner: Practitioner, context: Context) -> Iterator[Finding]:
    """The platform may be unable to tell which clinic should generate the video room, and then
    the patient gets no link.

    PMS ids mean nothing across databases: only clinics with the same PMS system and database
    count, and there only profiles that are not archived, whether or not they do video.
    """
    for clinic in context.neighbours.sharing:
        for other in clinic.practitioners:
            if other.linked_to and not other.archived and other.linked_to == practitioner.linked_to:
                yield wrong(
                    f"{practitioner.name} is also linked on the Dashboard of {clinic.id}",
                    found=f"PMS practitioner {clean(other.linked_to[0])} is linked here and to"
                    f" {other.name} ({other.id}) on the Dashboard of {clinic.name} ({clinic.id})",
                    expected="linked on one Dashboard of the shared PMS database",
                    record="the link after the change, or none",
                    also=(Place(clinic.id, other.at("linked_to")),),
                    parts=(f"{clinic.id} {other.id}",),
                )


@check(
    "VL402",
    "database-agreed",
    since="0.1.0",
    title="The clinics agree on who shares the PMS database",
    subject=Clinic,
    basis="inferred",
    source=NO_LINK,
    article=4,
    blocked_by=["VL002"],
    blockers=lambda clinic, _: unanswered(clinic),
    blocked_besides="VL006 where PMS or database are still to be named",
    needs="pms.shares_database_with",
    setting="Which clinics share the PMS database",
    must=True,
    who="PMS administrator",
    fix=[
        "Ask whoever runs the PMS servers which clinics work on this PMS database",
        "Correct database and shares_database_with in the records of the clinics named above, so"
        " that they say the same",
    ],
)
def database_agreed(clinic: Clinic, context: Context) -> Iterator[Finding]:
    """Whether a practitioner stands on several Dashboards can be told only where it is certain
    which clinics share a database; a wrong name hides the conflict that costs patients their link.
    """
    sharing = sorted(other.id for other in context.neighbours.sharing)
    database = clean(clinic.pms.database)
    for id, summary, found, details in _disagreements(clinic, context):
        yield wrong(
            summary,
            parts=(clean(id),),
            found=f"{id} {found}",
            expected=f"the other clinics on {database}: {listing(sharing) if sharing else 'none'}",
            **{"at": "pms.shares_database_with", "edit": tuple(sharing), **details},
        )


def _not_written(ids: list[str]) -> dict[str, Any]:
    """What to do about clinics without a record, which may be there and work on the database."""
    return {
        "steps": (
            "Ask whoever runs the PMS servers which clinics work on this PMS database",
            f"Where {listing(ids, 'or')} is one of them, write its record: pytest"
            f" --videolink-new={ids[0]}",
            "Take off the list who is none of them",
        ),
        "edit": None,
        "record": "the other clinics that work on it",
    }


def _disagreements(
    clinic: Clinic, context: Context
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Each clinic that is told of in two ways: its id, what is wrong, what it does, and details."""
    said = set(clinic.pms.shares_database_with or ())
    sharing = {other.id for other in context.neighbours.sharing}

    def database_of(id: str) -> dict[str, Any]:
        return {"also": (Place(id, ("pms", "database")),)}

    others = context.neighbours.ids - {clinic.id}
    near = {id: next(iter(did_you_mean(id, others, 1)), "") for id in said - context.neighbours.ids}
    unwritten = sorted(id for id in near if near[id] not in sharing)
    for id in sorted(near):
        summary = f"{clinic.name} shares its PMS database with {id}, which is not in the source"
        details: dict[str, Any] = {"hint": f"Did you mean {near[id]}?" if near[id] else ""}
        if near[id] not in sharing:
            details |= _not_written(unwritten)
        yield id, summary, "is listed", details
    if clinic.id in said:
        summary = f"{clinic.name} lists itself among the clinics that share its PMS database"
        yield clinic.id, summary, "is listed", {}
    for id in sorted((said & context.neighbours.ids) - {clinic.id, *sharing}):
        summary = f"{clinic.name} says that it shares a PMS database with {id}, which does not"
        yield id, summary, "is listed", database_of(id)
    for id in sorted(sharing - said):
        summary = f"{clinic.name} does not say that it shares its PMS database with {id}"
        yield id, summary, "is not listed", database_of(id)
    for other in context.neighbours.naming:
        if other.id not in {*sharing, *said}:
            summary = (
                f"{other.id} says that it shares a PMS database with {clinic.name}, which does not"
            )
            also = (Place(other.id, ("pms", "shares_database_with")),)
            details = {"also": also, "at": "pms.database", "edit": None}
            yield other.id, summary, f"lists {clinic.id}", details
