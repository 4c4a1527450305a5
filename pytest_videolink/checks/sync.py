"""VL1xx: timing and sync. Links are generated when appointments sync from the PMS (check 1)."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_videolink.checks.articles import NO_LINK, NO_PMS
from pytest_videolink.checks.rule import Context, Finding, check, wrong
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.pms import near_system
from pytest_videolink.record.text import clean, duration
from pytest_videolink.record.values import is_open

NAMED_SYSTEMS = ("best-practice", "pracsoft", "zedmed")
"""The systems that the video articles name (domain notes, 2.1)."""


@check(
    "VL101",
    "pms-supported",
    since="0.1.0",
    title="The PMS is one that the video articles name",
    subject=Clinic,
    at="pms.system",
    severity="warning",
    basis="inferred",
    source=NO_LINK,
    article=1,
    blockers=lambda clinic, _: [("VL006", clinic)] if is_open(clinic.pms.system) else [],
    blocked_besides="VL006 where the PMS is still to be named",
    who="vendor support",
    fix=[
        "Ask the booking platform's support whether video links are generated with your PMS"
        " before you offer video",
    ],
)
def pms_supported(clinic: Clinic) -> Iterator[Finding]:
    """Patients may never get a link where the PMS does not work with Telehealth Video.

    The video articles name Best Practice, Pracsoft and Zedmed. That others do not work is
    inferred from their absence there.
    """
    if not clinic.has_pms(*NAMED_SYSTEMS):
        system, near = clean(clinic.pms.system), near_system(clinic.pms.system)
        said = f"{clinic.name} uses {system}, a PMS that the video articles do not name"
        expected = ", ".join(NAMED_SYSTEMS)
        if not near:
            yield wrong(said, found=system, expected=expected)
            return
        yield wrong(
            said,
            found=system,
            expected=expected,
            hint=f"Did you mean {near}?",
            about=f"did you mean {near}?",
            who="practice manager",
            record=f"{near}, where that is what it is",
            steps=("Look at the title bar of the PMS, or Help > About",),
        )


@check(
    "VL102",
    "synced-recently",
    since="0.1.0",
    title="The PMS has synced recently",
    subject=Clinic,
    basis="inferred",
    source=NO_LINK,
    article=1,
    needs="dashboard.last_synced",
    setting="The last sync",
    who="PMS administrator",
    fix=[
        "Check the connection between the PMS and the Dashboard: the Sidebar says No PMS or No"
        " Service PMS where it is down",
        "Best Practice: Setup > Configuration > Database > Setup third-party integrations; others:"
        " the connector service on the PMS server",
        "Wait for the next sync and note its time",
    ],
)
def synced_recently(clinic: Clinic, context: Context) -> Iterator[Finding]:
    """A booked appointment gets its link only after it has synced from the PMS; while nothing
    syncs, no patient gets one.

    Measured from the time the record was read (``as_of``), or from now where that is not recorded
    or lies in the future.
    """
    synced = clinic.dashboard.last_synced
    if synced is None:
        return
    known = clinic.as_of is not None and not context.is_to_come(clinic.as_of)
    reference = clinic.as_of if known and clinic.as_of else context.now
    when = "the record was read" if known else "now"
    window = duration(context.sync_window)
    expected = (
        f"a sync in the {window} before {when}" if context.sync_window else "a sync just then"
    )
    if synced > reference and (known or context.is_to_come(synced)):
        yield wrong(
            f"The last sync of {clinic.name} is dated after {when}",
            found=f"a sync after {when}",
            expected=expected,
            record="the time of the last sync",
            steps=(
                "Look up again when the last sync was, and when it was read off: one of the two is"
                " written down wrong",
            ),
        )
    elif reference - synced > context.sync_window:
        before = f"{duration(reference - synced)} before {when}"
        spoken = (
            f"{duration(reference - synced)} {'before its record was read' if known else 'ago'}"
        )
        yield wrong(
            f"{clinic.name} last synced with its PMS {spoken}",
            found=before,
            expected=expected,
            record="the time of the new sync",
        )


@check(
    "VL103",
    "pms-connected",
    since="0.1.0",
    title="The PMS is connected",
    subject=Clinic,
    basis="inferred",
    source=NO_PMS,
    article=1,
    needs="pms.connected",
    setting="The PMS connection",
    must=True,
    who="PMS administrator",
    fix=[
        "Best Practice: Setup > Configuration > Database > Setup third-party integrations: tick"
        " the booking platform's entry",
        "Others: start the connector service on the PMS server",
        "Check that the Sidebar no longer says No PMS or No Service PMS",
    ],
)
def pms_connected(clinic: Clinic) -> Iterator[Finding]:
    """While the PMS is not connected no appointment syncs, so no patient gets a link.

    That a lost connection stops links follows from the article's sync, it does not say so itself.
    """
    if clinic.pms.connected is False:
        yield wrong(
            f"{clinic.name} is not connected to its PMS",
            found="not connected",
            expected="connected",
            edit="true",
        )
