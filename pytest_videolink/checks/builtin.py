"""Every built-in check, by number."""

from __future__ import annotations

from types import ModuleType

from pytest_videolink.checks import (
    appointment_type,
    dashboards,
    delivery,
    diagnosis,
    identifiers,
    link,
    offering,
    practitioner,
    record,
    sync,
)
from pytest_videolink.checks.rule import Check


def _checks_in(module: ModuleType) -> list[Check]:
    return [value for value in vars(module).values() if isinstance(value, Check)]


CATALOGUE: tuple[Check, ...] = tuple(
    sorted(
        (
            check
            for module in (
                record,
                sync,
                practitioner,
                appointment_type,
                offering,
                dashboards,
                link,
                diagnosis,
                delivery,
                identifiers,
            )
            for check in _checks_in(module)
        ),
        key=lambda check: check.id,
    )
)

VALID_DOCUMENT: Check = record.valid_document
