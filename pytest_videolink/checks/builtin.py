"""Every built-in check, by number."""

from __future__ import annotations

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
            for check in vars(module).values()
            if isinstance(check, Check)
        ),
        key=lambda check: check.id,
    )
)

VALID_DOCUMENT: Check = record.valid_document
