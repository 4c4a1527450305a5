"""The rules of the ACME group, for all of its clinics."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_videolink import AppointmentType, Check, Clinic, Finding, check, wrong


@check(
    "ACME10",
    "type-name",
    title="The video type has the group's name",
    subject=AppointmentType,
    when=lambda type: type.is_video,
    at="name",
    setting="Name of the appointment type",
    fix=[
        "Dashboard > Bookings > Appointment Types > {type.name} > Edit",
        "Let the name begin with Telehealth Video and save",
    ],
    documentation="https://intranet.example.org/telehealth#names",
    right="appointment_types:\n  - id: video-consult\n    name: Telehealth Video Consult",
    wrong="appointment_types:\n  - id: video-consult\n    name: Video Consult",
)
def type_name(type: AppointmentType) -> None:
    """Patients who move between the group's clinics do not find video under its usual name."""
    known = type.name.startswith("Telehealth Video")
    assert known, f"{type.name} is not named as the group names its video appointments"


@check(
    "ACME11",
    "two-do-video",
    title="At least two practitioners do video",
    subject=Clinic,
    at="practitioners",
    blocked_by=["VL005"],
    fix=["Decide who stands in, and have them set up: see VL201, VL202 and VL310"],
)
def two_do_video(clinic: Clinic) -> Iterator[Finding]:
    """Patients have no video appointment when the only practitioner who does video is away."""
    able = [who for who in clinic.practitioners if clinic.does_video(who)]
    if len(able) < 2:
        yield wrong(
            f"{clinic.name} has {len(able)} practitioner for video",
            found=", ".join(who.name for who in able) or "nobody",
            expected="two or more",
        )


def pytest_videolink_checks() -> list[Check]:
    return [type_name, two_do_video]
