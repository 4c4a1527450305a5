"""VL6xx: what stands between a link and the patient."""

from __future__ import annotations

from typing import Any

import pytest
from support import REMOVED, edited, judged, right_clinic

from pytest_videolink.judging.judge import State

NEW, EXISTING = "dashboard.new_patient_approval", "dashboard.existing_patient_approval"

NEW_BY_HAND = "Harbourside Medical Centre approves bookings of new patients by hand"
EXISTING_BY_HAND = "Harbourside Medical Centre approves bookings of existing patients by hand"
NEW_UNRECORDED = (
    "How bookings of new patients are approved is not recorded for Harbourside Medical Centre"
)
EXISTING_UNRECORDED = (
    "How bookings of existing patients are approved is not recorded for Harbourside Medical Centre"
)


@pytest.mark.parametrize(
    ("edits", "state", "lines"),
    [
        pytest.param({}, State.PASSED, [], id="both automatic"),
        pytest.param({NEW: "manual"}, State.WARNED, [NEW_BY_HAND], id="new by hand"),
        pytest.param({EXISTING: "manual"}, State.WARNED, [EXISTING_BY_HAND], id="existing by hand"),
        pytest.param(
            {NEW: "manual", EXISTING: "manual"},
            State.WARNED,
            [NEW_BY_HAND, EXISTING_BY_HAND],
            id="both by hand",
        ),
        pytest.param({NEW: REMOVED}, State.UNRECORDED, [NEW_UNRECORDED], id="new not recorded"),
        pytest.param(
            {EXISTING: None}, State.UNRECORDED, [EXISTING_UNRECORDED], id="existing left blank"
        ),
        pytest.param(
            {"dashboard": REMOVED},
            State.UNRECORDED,
            [NEW_UNRECORDED, EXISTING_UNRECORDED],
            id="no settings recorded",
        ),
        pytest.param(
            {NEW: REMOVED, EXISTING: "manual"},
            State.WARNED,
            [EXISTING_BY_HAND],
            id="one by hand, the other not recorded",
        ),
    ],
)
def test_approval_automatic(edits: dict[str, Any], state: State, lines: list[str]) -> None:
    judgement = judged(edited(right_clinic(), edits))["VL601"]
    assert judgement.state is state
    assert [finding.summary for finding in judgement.findings] == lines


def test_manual_approval_is_waived() -> None:
    accepted = {
        "check": "VL601",
        "reason": "Reception approves within minutes",
        "owner": "practice manager",
        "until": "2026-12-31",
    }
    items = judged(edited(right_clinic(), {NEW: "manual", "waivers": [accepted]}))
    assert (items["VL601"].state, items["VL601"].reason) == (State.WAIVED, NEW_BY_HAND)


def test_manual_approval_blocks_no_link() -> None:
    items = judged(edited(right_clinic(), {NEW: "manual", EXISTING: "manual"}))
    assert [key for key, item in items.items() if item.state is not State.PASSED] == ["VL601"]


def test_what_is_found_and_expected() -> None:
    finding = judged(edited(right_clinic(), {EXISTING: "manual"}))["VL601"].findings[0]
    assert finding.at == ("dashboard", "existing_patient_approval")
    assert (finding.found, finding.expected) == ("manual", "automatic")
