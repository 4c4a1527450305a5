"""The ACME group: its rules for all of its clinics, and the export that holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_videolink import (
    AppointmentType,
    Check,
    Clinic,
    Fetched,
    Finding,
    Listed,
    Source,
    SourceError,
    check,
    wrong,
)


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


class Export:
    """All clinics in one file, as the group's intranet exports them: ``acme://export.json``."""

    def __init__(self, location: str, file: Path) -> None:
        self.location = location
        try:
            clinics: list[dict[str, Any]] = json.loads(file.read_bytes())["clinics"]
            self._documents = {clinic["clinic"]: clinic for clinic in clinics}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{location} is no export of the intranet: {error!r}") from None

    def clinics(self) -> Iterator[Listed]:
        for id, document in self._documents.items():
            pms = document.get("pms", {})
            shared = pms.get("shares_database_with")
            yield Listed(
                id,
                pms.get("system"),
                pms.get("database"),
                None if shared is None else tuple(shared),
            )

    def documents(self, ids: Sequence[str]) -> Iterator[Fetched]:
        for id in ids:
            text = json.dumps(self._documents[id], indent=2)
            yield Fetched(id, text.encode(), "json", origin=f"{self.location}#{id}")


def pytest_videolink_source(config: pytest.Config, location: str) -> Source | None:
    if not location.startswith("acme://"):
        return None
    return Export(location, config.rootpath / location.removeprefix("acme://"))
