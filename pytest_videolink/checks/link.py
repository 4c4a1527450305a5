"""VL5xx: the link itself, as the chain of all settings lets one expect it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_videolink.checks.articles import NO_LINK
from pytest_videolink.checks.offering import type_link_checks
from pytest_videolink.checks.rule import Context, Finding, check, wrong
from pytest_videolink.record.clinic import Pair, Subject


def _chain(pair: Pair, context: Context) -> Iterable[tuple[str, Subject]]:
    """Checks that bear on a pair besides those of its practitioner, type and clinic."""
    links = set(pair.links or ())
    sharing = [
        type
        for type in context.clinic.video_types
        if type is not pair.type and links & set(type.links_for(pair.practitioner) or ())
    ]
    return [
        *type_link_checks(pair, context),
        *((id, type) for type in sharing for id in ("VL301", "VL302")),
    ]


@check(
    "VL500",
    "link-expected",
    since="0.1.0",
    title="A new appointment would get a link",
    subject=Pair,
    waivable=False,
    blocked_by=[
        *("VL102", "VL103", "VL201", "VL202", "VL203"),
        *("VL301", "VL302", "VL311", "VL401", "VL402"),
    ],
    blockers=_chain,
    blocked_besides="VL303, VL304 and VL305 of the type where the pair has no own link; VL301 and"
    " VL302 of a video type that shares one of its links",
    who="vendor support",
    basis="documented",
    source=NO_LINK,
    fix=[
        "No single setting explains this: report it together with the records of this clinic and"
        " its neighbours",
    ],
)
def link_expected(pair: Pair, context: Context) -> Iterator[Finding]:
    """A patient who books this appointment type with this practitioner would get no video link.

    The whole chain is followed once more, apart from the checks of its parts: it fails only where
    all of them pass and the chain is broken all the same.
    """
    practitioner, type, clinic = pair.practitioner, pair.type, context.clinic
    chain = {
        "the PMS is connected": clinic.pms.connected is True,
        "the practitioner accepts video": practitioner.accepts_video_appointments is True,
        "the practitioner is linked to the PMS": bool(practitioner.linked_to),
        "the practitioner offers the type": type.offered_by(practitioner),
        "the type is a telehealth appointment": type.telehealth is True,
        "the type has video enabled": type.telehealth_video is True,
        "the type is linked to the PMS": bool(pair.links),
        "its PMS types stand for video only": not any(
            set(pair.links or ()) & set(other.links_for(practitioner) or ())
            for other in clinic.other_types
        ),
        "the practitioner is on one Dashboard": not any(
            other.linked_to == practitioner.linked_to and not other.archived
            for neighbour in context.neighbours.sharing
            for other in neighbour.practitioners
        ),
    }
    broken = [link for link, holds in chain.items() if not holds]
    if broken:
        yield wrong(
            f"{pair.name} would get no link: it does not hold that {broken[0]}",
            found=f"it does not hold that {broken[0]}",
            expected="every link of the chain",
        )
