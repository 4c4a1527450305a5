"""Settings of a clinic's Dashboard that are about no practitioner and no appointment type."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from pytest_videolink.record.keys import optional
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.values import TIME, choice

Approval: TypeAlias = Literal["automatic", "manual"]

APPROVAL = choice("automatic", "manual")


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """Settings of the clinic's Dashboard as a whole."""

    last_synced: datetime | None = optional(
        TIME,
        "When the PMS last synced with the Dashboard. A service knows it; a person may not and"
        " leaves it out.",
        title="last sync",
    )
    new_patient_approval: Approval | None = optional(
        APPROVAL,
        "Dashboard > Bookings > Settings: how bookings of new patients are processed, automatic or"
        " manual.",
        title="approval of new patients' bookings",
    )
    existing_patient_approval: Approval | None = optional(
        APPROVAL,
        "Dashboard > Bookings > Settings: how bookings of existing patients are processed,"
        " automatic or manual.",
        title="approval of existing patients' bookings",
    )
