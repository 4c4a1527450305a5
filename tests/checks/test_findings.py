"""All that a finding says: what is wrong and where, what is there, what should be, what to do.

A row for each way in which a check finds something wrong, or cannot tell; what it says stands under
the same name in ``golden/findings.txt``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import REMOVED, Document, appointment, edited, judged, right_clinic

from pytest_videolink.checks.builtin import CATALOGUE, VALID_DOCUMENT
from pytest_videolink.checks.rule import Finding

AMARA, TYPE, STANDARD = "practitioners.0", "appointment_types.0", "appointment_types.1"
BAYSIDE = edited(right_clinic("bayside"), {"pms.shares_database_with": ["harbourside"]})
PHONE: Document = {
    "id": "phone",
    "name": "Phone Consult",
    "modality": "phone",
    "telehealth_video": True,
}


def waiver(check: str, until: str = "2026-12-31") -> Document:
    return {"check": check, "reason": "Known", "owner": "Kim", "until": until}


def booked(**facts: Any) -> Document:
    """One appointment of Dr Nwosu's, for tomorrow."""
    return {"appointments": [appointment(**facts)]}


def lines(finding: Finding) -> Iterator[str]:
    """A finding line by line, without what it leaves out; keys of a path with dots between."""
    yield finding.summary
    yield f"  at {'.'.join(map(str, finding.at)) or 'the top'}"
    for place in finding.also:
        yield f"  and {place.clinic}: {'.'.join(map(str, place.path)) or 'the top'}"
    for key in ("found", "expected", "edit", "record", "hint", "duty"):
        value = getattr(finding, key)
        if value not in ("", None):
            yield f"  {key}: {value}"
    yield from (f"  step: {step}" for step in finding.steps)
    yield from (f"  detail: {line}" for line in finding.detail)
    if finding.answer != "wrong":
        yield f"  ({finding.answer})"


FINDINGS = [
    pytest.param(
        "VL002",
        {},
        [edited(BAYSIDE, {"timezone": "Nowhere"})],
        id="VL002 a neighbour that breaks the format",
    ),
    pytest.param("VL003", {"as_of": "2026-09-01T08:30:00+10:00"}, [], id="VL003 old"),
    pytest.param("VL003", {"as_of": "2026-11-24T08:30:00+11:00"}, [], id="VL003 from the future"),
    pytest.param("VL003", {"as_of": None}, [], id="VL003 not recorded"),
    pytest.param(
        "VL004",
        {
            "waivers": [
                waiver("VL312", until="2026-11-22"),
                waiver("VL999"),
                waiver("VL500"),
                waiver("VL103"),
            ]
        },
        [],
        id="VL004 four faults",
    ),
    pytest.param(
        "VL004",
        {
            "waivers": [
                {**waiver("VL502"), "on": "88213"},
                {**waiver("VL201"), "on": "dr-nobody"},
                waiver("VL307"),
            ]
        },
        [],
        id="VL004 nothing to match",
    ),
    pytest.param("VL005", {"appointment_types.0": REMOVED}, [], id="VL005 no video type"),
    pytest.param("VL101", {"pms.system": "Other"}, [], id="VL101 another PMS"),
    pytest.param(
        "VL102",
        {"dashboard.last_synced": "2026-11-23T08:00:00+11:00"},
        [],
        id="VL102 before the record",
    ),
    pytest.param(
        "VL102",
        {"dashboard.last_synced": "2026-11-23T08:00:00+11:00", "as_of": None},
        [],
        id="VL102 before now",
    ),
    pytest.param(
        "VL102",
        {"dashboard.last_synced": "2026-11-23T08:50:00+11:00"},
        [],
        id="VL102 after the record",
    ),
    pytest.param(
        "VL102",
        {"dashboard.last_synced": "2026-11-23T09:50:00+11:00", "as_of": None},
        [],
        id="VL102 after now",
    ),
    pytest.param("VL102", {"dashboard.last_synced": None}, [], id="VL102 not recorded"),
    pytest.param("VL103", {"pms.connected": False}, [], id="VL103 no connection"),
    pytest.param("VL103", {"pms.connected": None}, [], id="VL103 not recorded"),
    pytest.param(
        "VL201 dr-amara-nwosu", {f"{AMARA}.accepts_video_appointments": False}, [], id="VL201 off"
    ),
    pytest.param(
        "VL201 dr-amara-nwosu",
        {f"{AMARA}.accepts_video_appointments": None},
        [],
        id="VL201 not recorded",
    ),
    pytest.param("VL202 dr-amara-nwosu", {f"{AMARA}.linked_to": "none"}, [], id="VL202 not linked"),
    pytest.param("VL202 dr-amara-nwosu", {f"{AMARA}.linked_to": None}, [], id="VL202 not recorded"),
    pytest.param("VL203 dr-amara-nwosu", {f"{AMARA}.linked_to": "017"}, [], id="VL203 a near miss"),
    pytest.param(
        "VL203 dr-amara-nwosu",
        {f"{AMARA}.linked_to": "18", "pms.practitioners.1.active": False},
        [],
        id="VL203 inactive",
    ),
    pytest.param("VL203 dr-amara-nwosu", {"pms.practitioners": None}, [], id="VL203 no list"),
    pytest.param(
        "VL204 dr-amara-nwosu", {"practitioners.1.linked_to": "17"}, [], id="VL204 a twin"
    ),
    pytest.param("VL205 dr-amara-nwosu", {f"{AMARA}.archived": True}, [], id="VL205 archived"),
    pytest.param(
        "VL206 dr-amara-nwosu",
        {"pms.practitioners.0.in_appointment_book": False},
        [],
        id="VL206 not in the book",
    ),
    pytest.param(
        "VL206 dr-li-wei",
        {"pms.practitioners.1.in_appointment_book": False, "pms.system": "PracSoft"},
        [],
        id="VL206 not in Pracsoft's book",
    ),
    pytest.param("VL206 dr-amara-nwosu", {"pms.practitioners": None}, [], id="VL206 no list"),
    pytest.param(
        "VL206 dr-li-wei",
        {"pms.practitioners.1.in_appointment_book": None},
        [],
        id="VL206 not recorded",
    ),
    pytest.param("VL301 telehealth-video", {f"{TYPE}.telehealth": False}, [], id="VL301 off"),
    pytest.param(
        "VL301 telehealth-video", {f"{TYPE}.telehealth": None}, [], id="VL301 not recorded"
    ),
    pytest.param("VL302 telehealth-video", {f"{TYPE}.telehealth_video": False}, [], id="VL302 off"),
    pytest.param(
        "VL302 telehealth-video", {f"{TYPE}.telehealth_video": None}, [], id="VL302 not recorded"
    ),
    pytest.param(
        "VL303 telehealth-video", {f"{TYPE}.linked_to": "none"}, [], id="VL303 not linked"
    ),
    pytest.param(
        "VL303 telehealth-video", {f"{TYPE}.linked_to": None}, [], id="VL303 not recorded"
    ),
    pytest.param(
        "VL304 telehealth-video", {f"{TYPE}.linked_to": ["29", "031"]}, [], id="VL304 a near miss"
    ),
    pytest.param(
        "VL304 telehealth-video",
        {f"{TYPE}.linked_to": "31", "pms.appointment_types.1.active": False},
        [],
        id="VL304 inactive",
    ),
    pytest.param("VL304 telehealth-video", {"pms.appointment_types": None}, [], id="VL304 no list"),
    pytest.param(
        "VL305 telehealth-video",
        {f"{TYPE}.linked_to": ["29", "40"]},
        [],
        id="VL305 also for the standard type",
    ),
    pytest.param(
        "VL306 telehealth-video",
        {"pms.appointment_types.1.name": "Telephone call", f"{TYPE}.linked_to": ["29", "31"]},
        [],
        id="VL306 named for the telephone",
    ),
    pytest.param("VL306 telehealth-video", {"pms.appointment_types": None}, [], id="VL306 no list"),
    pytest.param("VL307 phone", {"appointment_types.2": PHONE}, [], id="VL307 on"),
    pytest.param(
        "VL308 telehealth-video", {f"{TYPE}.linked_to": "31"}, [], id="VL308 another type"
    ),
    pytest.param(
        "VL309 telehealth-video", {f"{TYPE}.practitioners": None}, [], id="VL309 not recorded"
    ),
    pytest.param("VL309 telehealth-video", {f"{TYPE}.practitioners": []}, [], id="VL309 nobody"),
    pytest.param(
        "VL310 dr-amara-nwosu",
        {f"{TYPE}.practitioners": ["dr-li-wei"]},
        [],
        id="VL310 offers nothing",
    ),
    pytest.param(
        "VL311 dr-li-wei::telehealth-video",
        {f"{TYPE}.practitioners.1.linked_to": "none"},
        [],
        id="VL311 not linked",
    ),
    pytest.param(
        "VL311 dr-li-wei::telehealth-video",
        {f"{TYPE}.practitioners.1.linked_to": "031"},
        [],
        id="VL311 a near miss",
    ),
    pytest.param(
        "VL311 dr-li-wei::telehealth-video",
        {"pms.appointment_types.1.active": False},
        [],
        id="VL311 inactive",
    ),
    pytest.param(
        "VL311 dr-li-wei::telehealth-video", {"pms.appointment_types": None}, [], id="VL311 no list"
    ),
    pytest.param(
        "VL311 dr-li-wei::telehealth-video",
        {f"{TYPE}.practitioners.1.linked_to": "40"},
        [],
        id="VL311 also for the standard type",
    ),
    pytest.param(
        "VL311 dr-li-wei::telehealth-video",
        {f"{STANDARD}.practitioners": [{"id": "dr-li-wei", "linked_to": "31"}]},
        [],
        id="VL311 also for their own standard type",
    ),
    pytest.param(
        "VL311 dr-li-wei::telehealth-video",
        {
            f"{TYPE}.practitioners": ["dr-li-wei"],
            f"{STANDARD}.practitioners": [{"id": "dr-li-wei", "linked_to": "29"}],
        },
        [],
        id="VL311 the other type's own link is at fault",
    ),
    pytest.param(
        "VL311 dr-li-wei::telehealth-video",
        {f"{TYPE}.practitioners.1.linked_to": "40", f"{STANDARD}.practitioners": ["dr-li-wei"]},
        [],
        id="VL311 also for a standard type that lists them",
    ),
    pytest.param(
        "VL312 dr-amara-nwosu::telehealth-video",
        {f"{AMARA}.visible_for_online_bookings": False},
        [],
        id="VL312 not visible",
    ),
    pytest.param(
        "VL312 dr-amara-nwosu::telehealth-video",
        {f"{AMARA}.visible_for_online_bookings": None},
        [],
        id="VL312 not recorded",
    ),
    pytest.param(
        "VL401 dr-amara-nwosu",
        {"pms.shares_database_with": ["bayside"]},
        [BAYSIDE],
        id="VL401 on two Dashboards",
    ),
    pytest.param(
        "VL402", {"pms.shares_database_with": ["baysyde"]}, [BAYSIDE], id="VL402 misspelt"
    ),
    pytest.param(
        "VL402",
        {"pms.shares_database_with": ["nobody-near", "harbourside"]},
        [],
        id="VL402 itself, and nobody",
    ),
    pytest.param(
        "VL402",
        {"pms.shares_database_with": ["harbourside-north"]},
        [],
        id="VL402 not written yet",
    ),
    pytest.param(
        "VL402",
        {"pms.shares_database_with": ["manly", "harbourside-north"]},
        [],
        id="VL402 two not written yet",
    ),
    pytest.param(
        "VL402",
        {"pms.shares_database_with": ["baysyde"]},
        [edited(BAYSIDE, {"pms.database": "BAY", "pms.shares_database_with": []})],
        id="VL402 near another",
    ),
    pytest.param(
        "VL402",
        {"pms.shares_database_with": ["bayside"]},
        [edited(BAYSIDE, {"pms.database": "BAY"})],
        id="VL402 another database",
    ),
    pytest.param(
        "VL402",
        {},
        [BAYSIDE, edited(right_clinic("albury"), {"pms.shares_database_with": ["harbourside"]})],
        id="VL402 left out twice",
    ),
    pytest.param(
        "VL402", {}, [edited(BAYSIDE, {"pms.database": "BAY"})], id="VL402 named by another"
    ),
    pytest.param("VL402", {"pms.shares_database_with": None}, [], id="VL402 not recorded"),
    pytest.param(
        "VL501 88213",
        booked(
            practitioner="dr-nobody",
            created="2026-11-25T09:00:00+11:00",
            seen_at="2026-11-24T08:00:00+11:00",
        ),
        [],
        id="VL501 facts that contradict each other",
    ),
    pytest.param(
        "VL501 88213", booked(link=True, pms_type="40"), [], id="VL501 a link and no video type"
    ),
    pytest.param(
        "VL501 88213",
        {**booked(), f"{TYPE}.linked_to": "none"},
        [],
        id="VL501 no video type, and why",
    ),
    pytest.param(
        "VL501 88213",
        {**booked(), f"{AMARA}.accepts_video_appointments": False, "pms.connected": False},
        [],
        id="VL501 a check that fails, and another",
    ),
    pytest.param(
        "VL501 88213",
        {**booked(starts="2026-11-23T09:10:00+11:00"), "pms.connected": False},
        [],
        id="VL501 too near",
    ),
    pytest.param(
        "VL501 88213",
        {**booked(), f"{TYPE}.practitioners": ["dr-li-wei"], "pms.shares_database_with": None},
        [],
        id="VL501 not offered",
    ),
    pytest.param(
        "VL501 88213",
        {**booked(), f"{TYPE}.practitioners": ["dr-li-wei"]},
        [edited(BAYSIDE, {"timezone": "Nowhere"})],
        id="VL501 not offered, and a neighbour",
    ),
    pytest.param(
        "VL501 88213",
        {**booked(), f"{TYPE}.linked_to": "none", "pms.shares_database_with": None},
        [],
        id="VL501 no video type, and why, and another",
    ),
    pytest.param("VL501 88213", booked(starts="2026-11-23T08:00:00+11:00"), [], id="VL501 past"),
    pytest.param(
        "VL501 88213", booked(created="2026-11-23T08:50:00+11:00"), [], id="VL501 pending"
    ),
    pytest.param(
        "VL501 88213",
        {
            **booked(created="2026-11-20T15:40:00+11:00"),
            f"{AMARA}.changed_at": "2026-11-21T10:00:00+11:00",
            f"{TYPE}.changed_at": "2026-11-22T10:00:00+11:00",
        },
        [],
        id="VL501 booked before changes",
    ),
    pytest.param("VL501 88213", booked(), [], id="VL501 for support"),
    pytest.param(
        "VL502 88213",
        booked(created="2026-11-23T08:55:00+11:00", starts="2026-11-23T09:05:00+11:00"),
        [],
        id="VL502 booked late",
    ),
    pytest.param(
        "VL601",
        {
            "dashboard.new_patient_approval": "manual",
            "dashboard.existing_patient_approval": "manual",
        },
        [],
        id="VL601 by hand",
    ),
    pytest.param(
        "VL601",
        {"dashboard.new_patient_approval": None, "dashboard.existing_patient_approval": None},
        [],
        id="VL601 not recorded",
    ),
    pytest.param(
        "VL701 dr-amara-nwosu", {f"{AMARA}.provider_number": "21234 51"}, [], id="VL701 too short"
    ),
    pytest.param(
        "VL701 dr-amara-nwosu",
        {f"{AMARA}.provider_number": "212 3451a"},
        [],
        id="VL701 another check character",
    ),
]


def _golden() -> dict[str, list[str]]:
    text = (Path(__file__).parents[1] / "golden" / "findings.txt").read_text(encoding="utf-8")
    named = (part.strip().partition("\n") for part in text.removeprefix("# ").split("\n# "))
    return {name: said.splitlines() for name, _, said in named}


GOLDEN = _golden()


@pytest.mark.parametrize(("item", "edits", "others"), FINDINGS)
def test_all_that_a_finding_says(
    item: str, edits: Document, others: list[Document], request: pytest.FixtureRequest
) -> None:
    judgement = judged(edited(right_clinic(), edits), *others)[item]
    said = [line for finding in judgement.findings for line in lines(finding)]
    assert said == GOLDEN[request.node.callspec.id]


def test_the_check_of_records_that_cannot_be_read_is_the_first() -> None:
    assert VALID_DOCUMENT is CATALOGUE[0]
    assert VALID_DOCUMENT.id == "VL001"


def test_nothing_is_left_over() -> None:
    assert list(GOLDEN) == [row.id for row in FINDINGS]
