"""VL6xx: what stands between a link and the patient."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_videolink.checks.articles import PROCESSING
from pytest_videolink.checks.rule import Finding, check, unrecorded, wrong
from pytest_videolink.record.clinic import Clinic


@check(
    "VL601",
    "approval-automatic",
    since="0.1.0",
    title="Bookings are approved automatically",
    subject=Clinic,
    at="dashboard.new_patient_approval",
    severity="warning",
    basis="inferred",
    source=PROCESSING,
    setting="How bookings are processed",
    fix=[
        "Decide whether somebody approves bookings all day long",
        "If not: Dashboard > Bookings > Settings: process bookings automatically, and save",
    ],
)
def approval_automatic(clinic: Clinic) -> Iterator[Finding]:
    """Patients who book online get no link before somebody approves their booking.

    That the link waits for the approval follows from the vendor's statement that it is written
    once the booking is confirmed.
    """
    for who in ("new", "existing"):
        key = f"{who}_patient_approval"
        approval = getattr(clinic.dashboard, key)
        if approval is None:
            yield unrecorded(
                f"How bookings of {who} patients are approved is not recorded for {clinic.name}",
                at=f"dashboard.{key}",
            )
        elif approval == "manual":
            yield wrong(
                f"{clinic.name} approves bookings of {who} patients by hand",
                at=f"dashboard.{key}",
                found="manual",
                expected="automatic",
                edit="automatic",
            )
