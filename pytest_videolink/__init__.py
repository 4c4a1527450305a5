"""A clinic's telehealth configuration as pytest items: find out why there would be no video link.

The public names, for checks of one's own and for tests that ask for clinics. Each is imported when
it is first used, so that installing the plugin costs a run that does not use it nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_videolink.checks.rule import (
        Check,
        Context,
        Finding,
        Place,
        check,
        unrecorded,
        wrong,
    )
    from pytest_videolink.record.clinic import (
        Appointment,
        AppointmentType,
        Clinic,
        Pair,
        Practitioner,
    )
    from pytest_videolink.session.nodes import ConfigurationWarning
    from pytest_videolink.sources.source import Fetched, Listed, Source, SourceError

__all__ = [
    "Appointment",
    "AppointmentType",
    "Check",
    "Clinic",
    "ConfigurationWarning",
    "Context",
    "Fetched",
    "Finding",
    "Listed",
    "Pair",
    "Place",
    "Practitioner",
    "Source",
    "SourceError",
    "check",
    "unrecorded",
    "wrong",
]

_HOMES = {
    **dict.fromkeys(
        ("Appointment", "AppointmentType", "Clinic", "Pair", "Practitioner"),
        "pytest_videolink.record.clinic",
    ),
    **dict.fromkeys(
        ("Check", "Context", "Finding", "Place", "check", "unrecorded", "wrong"),
        "pytest_videolink.checks.rule",
    ),
    **dict.fromkeys(
        ("Fetched", "Listed", "Source", "SourceError"),
        "pytest_videolink.sources.source",
    ),
    "ConfigurationWarning": "pytest_videolink.session.nodes",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
