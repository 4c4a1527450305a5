"""VL5xx of a booked appointment: why it has no link, in the order of the help article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import FrozenInstanceError, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest
from conftest import Clinics
from support import NOW, REMOVED, TERMS, Document, appointment, edited, judged, right_clinic

from pytest_videolink.checks.diagnosis import Cause
from pytest_videolink.checks.rule import Finding
from pytest_videolink.judging.judge import Judgement, State, Terms

Edits: TypeAlias = dict[str, Any]

PASSED, FAILED, WARNED = State.PASSED, State.FAILED, State.WARNED
PENDING, WAIVED = State.PENDING, State.WAIVED

LINK, NOTICE = "VL501 88213", "VL502 88213"

NO_LINK = "Appointment 88213 has no link"
NOT_VIDEO = (
    "Appointment 88213 synced as a standard appointment: its PMS type is linked to no video type"
)
LINK_NOT_VIDEO = "Appointment 88213 has a link, but its PMS type is linked to no video type"
UNLINKED = "; VL303 (telehealth-video) may explain it"
PAST = "Appointment 88213 has no link and its start has passed: none can appear any more"
ALL_RIGHT = "Appointment 88213 has no link though every setting is right"

RECREATE = (
    "Recreate the appointment in the appointment book; its link usually appears within 15 minutes"
)
TELEPHONE = "Telephone the patient, or rebook: it is too late for a link"


def changed(name: str) -> str:
    return f"{NO_LINK}: it was booked before the last change of {name}"


def judgements(
    facts: Edits, edits: Edits | None = None, *others: Document, terms: Terms = TERMS
) -> Mapping[str, Judgement]:
    """The judgements of a clinic that is right but for some edits, with one appointment."""
    clinic = edited(right_clinic(), {**(edits or {}), "appointments": [appointment(**facts)]})
    return judged(clinic, *others, terms=terms)


def diagnosed(
    facts: Edits, edits: Edits | None = None, *others: Document, terms: Terms = TERMS
) -> Judgement:
    return judgements(facts, edits, *others, terms=terms)[LINK]


def outcome(judgement: Judgement) -> tuple[State, str]:
    return judgement.state, judgement.reason


def said(judgement: Judgement) -> list[str]:
    """The first line of every cause, the deciding one first."""
    return [finding.summary for finding in judgement.findings]


def waiver(check: str) -> Document:
    return {"check": check, "reason": "Known", "owner": "Kim", "until": "2026-12-31"}


THIRD = {
    "practitioners.2": {
        "id": "dr-grace-tan",
        "name": "Dr Grace Tan",
        "linked_to": "19",
        "accepts_video_appointments": False,
    },
    "pms.practitioners.2": {"id": "19", "name": "Dr Grace Tan", "in_appointment_book": True},
}
"""A practitioner who does no video."""

LONG = {
    "id": "telehealth-long",
    "name": "Telehealth Video Long",
    "modality": "video",
    "telehealth": True,
    "telehealth_video": True,
    "linked_to": "29",
    "practitioners": ["dr-amara-nwosu"],
}
"""A second video type, linked to the same PMS type."""


# 1: it has its link


@pytest.mark.parametrize(
    ("facts", "edits"),
    [
        pytest.param({}, {}, id="all is right"),
        pytest.param({"practitioner": "dr-li-wei", "pms_type": "31"}, {}, id="by an own link"),
        pytest.param({"practitioner": "dr-grace-tan"}, THIRD, id="of a type not offered"),
        pytest.param({"pms_type": "31"}, {"appointment_types.0.linked_to": ["29", "31"]}, id="2nd"),
        pytest.param({"starts": "2026-11-23T08:45:00+11:00"}, {}, id="started"),
        pytest.param({"created": "2026-11-23T08:59:00+11:00"}, {}, id="just booked"),
        pytest.param({}, {"practitioners.0.accepts_video_appointments": False}, id="switch off"),
        pytest.param({}, {"pms.connected": False}, id="not connected"),
        pytest.param({}, {"practitioners.0.changed_at": "2026-11-22T10:00:00+11:00"}, id="changed"),
        pytest.param({"modality": "video"}, {}, id="said to be video"),
    ],
)
def test_a_link_is_there(facts: Edits, edits: Edits) -> None:
    assert outcome(diagnosed({**facts, "link": True}, edits)) == (PASSED, "")


# 2: booked as a type that is not video


@pytest.mark.parametrize("link", [False, True], ids=["no link", "link"])
@pytest.mark.parametrize(
    ("facts", "edits", "explained"),
    [
        pytest.param({"pms_type": "40"}, {}, "", id="a standard type"),
        pytest.param({"pms_type": "99"}, {}, "", id="a type that is nowhere"),
        pytest.param({"pms_type": "029"}, {}, "", id="ids are text"),
        pytest.param({"pms_type": "31"}, {}, "", id="another practitioner's own link"),
        pytest.param({"practitioner": "dr-li-wei"}, {}, "", id="an own link replaces the type's"),
        pytest.param(
            {"practitioner": "dr-li-wei", "pms_type": "31"},
            {"appointment_types.0.practitioners.1": {"id": "dr-li-wei", "linked_to": "none"}},
            "",
            id="an own link that is none",
        ),
        pytest.param({}, {"appointment_types.0.linked_to": "none"}, UNLINKED, id="not linked"),
        pytest.param({}, {"appointment_types.0.linked_to": []}, UNLINKED, id="an empty list"),
        pytest.param({}, {"appointment_types.0.linked_to": REMOVED}, UNLINKED, id="unrecorded"),
        pytest.param(
            {},
            {"appointment_types.0.linked_to": "none", "waivers": [waiver("VL303")]},
            UNLINKED,
            id="not linked, waived",
        ),
        pytest.param(
            {"practitioner": "dr-grace-tan"},
            {**THIRD, "appointment_types.0.linked_to": "none"},
            UNLINKED,
            id="not linked, not offered",
        ),
        pytest.param(
            {"practitioner": "dr-li-wei"},
            {"appointment_types.0.linked_to": "none"},
            "",
            id="not linked, but that is not his link",
        ),
        pytest.param(
            {},
            {
                "appointment_types.0.linked_to": "none",
                "appointment_types.2": {**LONG, "linked_to": "none"},
            },
            f"{UNLINKED}; VL303 (telehealth-long) may explain it",
            id="two types not linked",
        ),
    ],
)
def test_the_pms_type_is_no_video_type(
    facts: Edits, edits: Edits, explained: str, link: bool
) -> None:
    judgement = diagnosed({**facts, "link": link}, edits)
    assert outcome(judgement) == (FAILED, (LINK_NOT_VIDEO if link else NOT_VIDEO) + explained)
    assert len(judgement.findings) == 1


def test_the_pms_type_is_no_video_type_even_of_an_appointment_just_booked() -> None:
    facts = {"pms_type": "40", "created": "2026-11-23T08:59:00+11:00"}
    assert said(diagnosed(facts)) == [NOT_VIDEO]


def test_what_else_holds_stands_under_the_wrong_pms_type() -> None:
    facts = {"pms_type": "40", "starts": "2026-11-23T08:45:00+11:00"}
    edits = {
        "pms.connected": False,
        "practitioners.0.accepts_video_appointments": False,
        "practitioners.0.changed_at": "2026-11-22T10:00:00+11:00",
        "appointment_types.0.telehealth_video": False,
    }
    assert said(diagnosed(facts, edits)) == [
        NOT_VIDEO,
        f"{NO_LINK} (VL103): Harbourside Medical Centre is not connected to its PMS",
        f"{NO_LINK} (VL201): Dr Amara Nwosu does not accept video appointments",
        PAST,
        changed("Dr Amara Nwosu"),
    ]


def test_written_by_hand_a_phone_appointment_is_told_so_first() -> None:
    """What was written as booked in person is told as a standard appointment, above."""
    [finding] = diagnosed({"pms_type": "40"}, {"appointment_types.1.modality": "phone"}).findings
    assert finding.summary == NOT_VIDEO.replace(
        "synced", "was booked as a phone appointment and synced"
    )
    assert finding.steps == (
        "Ask whoever booked it what it is meant to be: as a phone appointment it needs no link, and"
        " nothing is to be done",
        "Where it is meant as video, book it as a PMS type that a video type is linked to",
        RECREATE,
    )


# 3: a failing check

NORTH = edited(
    right_clinic("harbourside-north"),
    {
        "pms.shares_database_with": ["harbourside"],
        "pms.practitioners.1.id": "28",
        "practitioners.1.linked_to": "28",
    },
)
"""Another Dashboard on the same database, with a profile for Dr Nwosu."""

BROKEN = edited(NORTH, {"practitioners.0.id": "Dr Nwosu"})


class Case:
    """A fault of the configuration, and what it makes of the appointment."""

    def __init__(
        self, check: str, subject: str, line: str, edits: Edits | None = None, *others: Document
    ) -> None:
        self.check = check
        self.subject = subject
        self.line = f"{NO_LINK} ({check}): {line}"
        self.edits = edits or {}
        self.others = others


HARBOURSIDE = "Harbourside Medical Centre"

NOT_SYNCED = Case(
    "VL102",
    "harbourside",
    f"{HARBOURSIDE} last synced with its PMS 1 hour before its record was read",
    {"dashboard.last_synced": "2026-11-23T07:30:00+11:00"},
)
CUT_OFF = Case(
    "VL103",
    "harbourside",
    f"{HARBOURSIDE} is not connected to its PMS",
    {"pms.connected": False},
)
VIDEO_OFF = Case(
    "VL201",
    "dr-amara-nwosu",
    "Dr Amara Nwosu does not accept video appointments",
    {"practitioners.0.accepts_video_appointments": False},
)
NO_PMS_ENTRY = Case(
    "VL202",
    "dr-amara-nwosu",
    "Dr Amara Nwosu is not linked to a PMS practitioner",
    {"practitioners.0.linked_to": "none"},
)
INACTIVE = Case(
    "VL203",
    "dr-amara-nwosu",
    "Dr Amara Nwosu is linked to PMS practitioner 17, which is inactive",
    {"pms.practitioners.0.active": False},
)
NO_TELEHEALTH = Case(
    "VL301",
    "telehealth-video",
    "Telehealth Video Consult is not set as a telehealth appointment",
    {"appointment_types.0.telehealth": False},
)
NO_VIDEO = Case(
    "VL302",
    "telehealth-video",
    "Telehealth Video Consult does not have Telehealth Video enabled",
    {"appointment_types.0.telehealth_video": False},
)
TYPE_INACTIVE = Case(
    "VL304",
    "telehealth-video",
    "Telehealth Video Consult is linked to PMS type 29, which is inactive",
    {"pms.appointment_types.0.active": False},
)
TYPE_SHARED = Case(
    "VL305",
    "telehealth-video",
    "Telehealth Video Consult shares PMS type 29 with Standard Consult (not video)",
    {"appointment_types.1.linked_to": ["29", "40"]},
)
OWN_LINK_SHARED = Case(
    "VL311",
    "dr-amara-nwosu::telehealth-video",
    "Dr Amara Nwosu with Telehealth Video Consult shares PMS type 29 with Standard Consult"
    " (not video)",
    {"appointment_types.1.practitioners": [{"id": "dr-amara-nwosu", "linked_to": "29"}]},
)
TWO_DASHBOARDS = Case(
    "VL401",
    "dr-amara-nwosu",
    "Dr Amara Nwosu is also linked on the Dashboard of harbourside-north",
    {"pms.shares_database_with": ["harbourside-north"]},
    NORTH,
)
NOT_AGREED = Case(
    "VL402",
    "harbourside",
    f"{HARBOURSIDE} does not say that it shares its PMS database with harbourside-north",
    {"pms.shares_database_with": []},
    edited(NORTH, {"practitioners.0.linked_to": "27", "pms.practitioners.0.id": "27"}),
)
NOT_READABLE = Case(
    "VL002",
    "harbourside",
    f"harbourside-north.yaml cannot be read, and it may share {HARBOURSIDE}'s PMS database",
    {},
    BROKEN,
)

EACH = [
    NOT_SYNCED,
    CUT_OFF,
    VIDEO_OFF,
    NO_PMS_ENTRY,
    INACTIVE,
    NO_TELEHEALTH,
    NO_VIDEO,
    TYPE_INACTIVE,
    TYPE_SHARED,
    OWN_LINK_SHARED,
    TWO_DASHBOARDS,
    NOT_AGREED,
    NOT_READABLE,
]


@pytest.mark.parametrize("case", EACH, ids=lambda case: case.check)
def test_a_failing_check_is_the_cause(case: Case) -> None:
    items = judgements({}, case.edits, *case.others)
    assert outcome(items[LINK]) == (FAILED, case.line)
    assert len(items[LINK].findings) == 1
    owner = "" if case.subject == "harbourside" else f" {case.subject}"
    assert items[f"{case.check}{owner}"].state is FAILED


@pytest.mark.parametrize("honoured", [True, False], ids=["waived", "waivers ignored"])
@pytest.mark.parametrize("case", EACH, ids=lambda case: case.check)
def test_a_waived_check_is_the_cause(case: Case, honoured: bool) -> None:
    edits = {**case.edits, "waivers": [waiver(case.check)]}
    terms = replace(TERMS, honour_waivers=honoured)
    items = judgements({}, edits, *case.others, terms=terms)
    assert outcome(items[LINK]) == (FAILED, case.line)
    owner = "" if case.subject == "harbourside" else f" {case.subject}"
    assert items[f"{case.check}{owner}"].state is (WAIVED if honoured else FAILED)


@pytest.mark.parametrize("case", EACH, ids=lambda case: case.check)
def test_waiting_is_not_advised_where_it_cannot_help(case: Case) -> None:
    facts = {"created": "2026-11-23T08:59:00+11:00"}
    assert outcome(diagnosed(facts, case.edits, *case.others)) == (FAILED, case.line)


@pytest.mark.parametrize(
    ("facts", "edits", "check", "line"),
    [
        pytest.param(
            {},
            {"pms.connected": REMOVED},
            "VL103",
            f"The PMS connection is not recorded for {HARBOURSIDE}",
            id="connection not recorded",
        ),
        pytest.param(
            {},
            {"practitioners.0.accepts_video_appointments": REMOVED},
            "VL201",
            "Accepts Video Appointments is not recorded for Dr Amara Nwosu",
            id="switch not recorded",
        ),
        pytest.param(
            {},
            {"pms.practitioners.0.id": "170"},
            "VL203",
            "Dr Amara Nwosu is linked to PMS practitioner 17, which does not exist",
            id="practitioner not in the PMS",
        ),
        pytest.param(
            {},
            {"pms.appointment_types.0.id": "290"},
            "VL304",
            "Telehealth Video Consult is linked to PMS type 29, which does not exist",
            id="type not in the PMS",
        ),
        pytest.param(
            {"practitioner": "dr-li-wei", "pms_type": "31"},
            {"pms.appointment_types.1.active": False},
            "VL311",
            "Dr Li Wei with Telehealth Video Consult is linked to PMS type 31, which is inactive",
            id="own link inactive",
        ),
        pytest.param(
            {"practitioner": "dr-li-wei", "pms_type": "31"},
            {"pms.appointment_types.1.id": "310"},
            "VL311",
            "Dr Li Wei with Telehealth Video Consult is linked to PMS type 31, which does"
            " not exist",
            id="own link not in the PMS",
        ),
        pytest.param(
            {},
            {"pms.shares_database_with": REMOVED},
            "VL402",
            f"Which clinics share the PMS database is not recorded for {HARBOURSIDE}",
            id="sharing not recorded",
        ),
        pytest.param(
            {},
            {"pms.shares_database_with": ["nowhere"]},
            "VL402",
            f"{HARBOURSIDE} shares its PMS database with nowhere, which is not in the source",
            id="shared with nobody known",
        ),
    ],
)
def test_further_faults_are_causes(facts: Edits, edits: Edits, check: str, line: str) -> None:
    assert outcome(diagnosed(facts, edits)) == (FAILED, f"{NO_LINK} ({check}): {line}")


@pytest.mark.parametrize(
    ("facts", "edits", "line"),
    [
        pytest.param(
            {"practitioner": "dr-grace-tan"},
            THIRD,
            "Dr Grace Tan does not offer Telehealth Video Consult",
            id="not listed",
        ),
        pytest.param(
            {},
            {"practitioners.0.archived": True},
            "Dr Amara Nwosu does not offer Telehealth Video Consult",
            id="archived",
        ),
        pytest.param(
            {},
            {"appointment_types.0.practitioners": []},
            "Dr Amara Nwosu does not offer Telehealth Video Consult",
            id="nobody is listed",
        ),
        pytest.param(
            {},
            {"appointment_types.0.practitioners": REMOVED},
            "Dr Amara Nwosu does not offer Telehealth Video Consult",
            id="the list is not recorded",
        ),
    ],
)
def test_a_type_that_is_not_offered(facts: Edits, edits: Edits, line: str) -> None:
    assert said(diagnosed(facts, edits)) == [f"{NO_LINK}: {line}"]


CHAINS = {
    "the type's own link": [
        NOT_SYNCED,
        CUT_OFF,
        VIDEO_OFF,
        INACTIVE,
        NO_TELEHEALTH,
        NO_VIDEO,
        TYPE_INACTIVE,
        TYPE_SHARED,
        TWO_DASHBOARDS,
        NOT_AGREED,
    ],
    "a link of one's own elsewhere": [
        CUT_OFF,
        VIDEO_OFF,
        NO_PMS_ENTRY,
        NO_TELEHEALTH,
        NO_VIDEO,
        OWN_LINK_SHARED,
        NOT_AGREED,
    ],
    "a neighbour that cannot be read": [NOT_SYNCED, VIDEO_OFF, NO_VIDEO, NOT_READABLE],
}
"""Faults that can hold together, in the order of section 7 of the specification."""


def together(cases: Sequence[Case]) -> Judgement:
    edits: Edits = {}
    others: tuple[Document, ...] = ()
    for case in cases:
        edits |= case.edits
        others = others or case.others
    return diagnosed({}, edits, *others)


@pytest.mark.parametrize(
    "cases",
    [
        pytest.param(chain[start:], id=f"{name}, from {chain[start].check}")
        for name, chain in CHAINS.items()
        for start in range(len(chain))
    ],
)
def test_the_first_cause_decides_and_the_others_stand_under_it(cases: list[Case]) -> None:
    judgement = together(cases)
    assert judgement.reason == cases[0].line
    assert said(judgement) == [case.line for case in cases]


def test_not_offering_the_type_stands_before_several_dashboards() -> None:
    edits = {
        **VIDEO_OFF.edits,
        **NO_VIDEO.edits,
        **TYPE_SHARED.edits,
        "appointment_types.0.practitioners": ["dr-li-wei"],
    }
    assert said(diagnosed({}, edits, NORTH)) == [
        VIDEO_OFF.line,
        NO_VIDEO.line,
        TYPE_SHARED.line,
        f"{NO_LINK}: Dr Amara Nwosu does not offer Telehealth Video Consult",
        TWO_DASHBOARDS.line,
        NOT_AGREED.line,
    ]


def test_the_start_and_a_later_change_stand_under_a_failing_check() -> None:
    facts = {"starts": "2026-11-23T08:45:00+11:00"}
    edits = {
        **NO_VIDEO.edits,
        "practitioners.0.changed_at": "2026-11-22T10:00:00+11:00",
        "appointment_types.0.changed_at": "2026-11-22T11:00:00+11:00",
    }
    assert said(diagnosed(facts, edits)) == [
        NO_VIDEO.line,
        PAST,
        changed("Dr Amara Nwosu"),
        changed("Telehealth Video Consult"),
    ]


@pytest.mark.parametrize(
    ("facts", "edits"),
    [
        pytest.param(
            {}, {"practitioners.1.accepts_video_appointments": False}, id="another practitioner"
        ),
        pytest.param({}, {"appointment_types.1.linked_to": "none"}, id="a type of no video"),
        pytest.param(
            {}, {"appointment_types.2": {**LONG, "linked_to": "none"}}, id="another video type"
        ),
        pytest.param(
            {},
            {"appointment_types.0.practitioners.1": {"id": "dr-li-wei", "linked_to": "none"}},
            id="another pair",
        ),
        pytest.param(
            {"practitioner": "dr-li-wei", "pms_type": "31"},
            {"appointment_types.0.linked_to": "none"},
            id="VL303 behind an own link",
        ),
        pytest.param(
            {"practitioner": "dr-li-wei", "pms_type": "31"},
            TYPE_INACTIVE.edits,
            id="VL304 behind an own link",
        ),
        pytest.param(
            {"practitioner": "dr-li-wei", "pms_type": "31"},
            {"appointment_types.1.linked_to": "29", "appointment_types.1.practitioners": []},
            id="VL305 behind an own link",
        ),
        pytest.param({}, {"as_of": REMOVED, "dashboard.last_synced": REMOVED}, id="VL003"),
        pytest.param({}, {"waivers": [waiver("VL601")]}, id="VL004"),
        pytest.param({}, {"pms.system": "genie"}, id="VL101"),
        pytest.param({}, {"dashboard.last_synced": REMOVED}, id="VL102 not recorded"),
        pytest.param({}, {"pms.practitioners": REMOVED}, id="VL203 not recorded"),
        pytest.param({}, {"practitioners.1.linked_to": "17"}, id="VL204"),
        pytest.param({}, {"pms.practitioners.0.in_appointment_book": False}, id="VL206"),
        pytest.param({}, {"pms.appointment_types": REMOVED}, id="VL304 not recorded"),
        pytest.param({}, {"pms.appointment_types.0.name": "Phone"}, id="VL306"),
        pytest.param({}, {"practitioners.0.visible_for_online_bookings": False}, id="VL312"),
        pytest.param({}, {"dashboard.new_patient_approval": "manual"}, id="VL601"),
        pytest.param({}, {"practitioners.0.provider_number": "1"}, id="VL701"),
    ],
)
def test_what_is_no_cause(facts: Edits, edits: Edits) -> None:
    assert said(diagnosed(facts, edits)) == [ALL_RIGHT]


# Several video types for one PMS type

NOBODYS = {**LONG, "practitioners": ["dr-li-wei"]}
OFF = {**LONG, "telehealth_video": False}
LONG_OFF = f"{NO_LINK} (VL302): Telehealth Video Long does not have Telehealth Video enabled"


@pytest.mark.parametrize(
    ("facts", "edits", "lines"),
    [
        pytest.param({}, {"appointment_types.2": LONG}, [ALL_RIGHT], id="both right"),
        pytest.param({}, {"appointment_types.2": OFF}, [LONG_OFF], id="one wrong"),
        pytest.param(
            {},
            {"appointment_types.2": OFF, **NO_VIDEO.edits},
            [NO_VIDEO.line, LONG_OFF],
            id="both wrong",
        ),
        pytest.param(
            {},
            {"appointment_types.2": {**OFF, "practitioners": ["dr-li-wei"]}},
            [ALL_RIGHT],
            id="the wrong one is not offered",
        ),
        pytest.param(
            {},
            {
                "appointment_types.2": {
                    **OFF,
                    "practitioners": [{"id": "dr-amara-nwosu", "linked_to": "31"}],
                }
            },
            [ALL_RIGHT],
            id="the wrong one has another link for this practitioner",
        ),
        pytest.param(
            {},
            {"appointment_types.2": NOBODYS, **NO_VIDEO.edits},
            [NO_VIDEO.line],
            id="the right one is not offered",
        ),
        pytest.param(
            {"practitioner": "dr-grace-tan"},
            {**THIRD, "appointment_types.2": OFF},
            [LONG_OFF, f"{NO_LINK}: Dr Grace Tan does not offer Telehealth Video Consult"],
            id="none is offered, so all count",
        ),
        pytest.param(
            {},
            {
                "appointment_types.2": {
                    **NOBODYS,
                    "changed_at": "2026-11-22T10:00:00+11:00",
                }
            },
            [ALL_RIGHT],
            id="the changed one is not offered",
        ),
        pytest.param(
            {},
            {"appointment_types.2": {**LONG, "changed_at": "2026-11-22T10:00:00+11:00"}},
            [changed("Telehealth Video Long")],
            id="one was changed",
        ),
    ],
)
def test_several_types_for_one_pms_type(facts: Edits, edits: Edits, lines: list[str]) -> None:
    assert said(diagnosed(facts, edits)) == lines


# 4: its start is past


@pytest.mark.parametrize(
    ("starts", "line"),
    [
        ("2026-11-23T08:59:59+11:00", PAST),
        ("2026-11-22T22:00:00Z", ALL_RIGHT),
        ("2026-11-23T09:00:01+11:00", ALL_RIGHT),
    ],
)
def test_the_start(starts: str, line: str) -> None:
    assert outcome(diagnosed({"starts": starts})) == (FAILED, line)


def test_a_start_that_is_past_is_not_waited_for() -> None:
    facts = {"created": "2026-11-23T08:50:00+11:00", "starts": "2026-11-23T08:59:59+11:00"}
    assert said(diagnosed(facts)) == [PAST]


def test_booked_for_the_very_time_of_booking() -> None:
    facts = {"created": "2026-11-23T08:50:00+11:00", "starts": "2026-11-23T08:50:00+11:00"}
    assert said(diagnosed(facts)) == [PAST]


# 5: looked up too early


def look_again(when: str, window: str = "15 minutes") -> str:
    booked = f"it was booked within {window} before the link was looked for"
    if not window:
        booked = "the link was looked for as soon as it was booked"
    return f"pending: {booked} (check 1); look again {when}"


@pytest.mark.parametrize(
    ("created", "seen_at", "as_of", "when"),
    [
        pytest.param("08:20:00", None, "08:30:00", "now", id="looked up with the record"),
        pytest.param("08:15:00", None, "08:30:00", "now", id="exactly the window"),
        pytest.param("08:14:59", None, "08:30:00", None, id="a second more"),
        pytest.param("08:30:00", None, "08:30:00", "now", id="booked while it was read"),
        pytest.param("08:50:00", None, "08:50:00", "at 09:05", id="still time"),
        pytest.param("08:45:00", None, "08:50:00", "at 09:00", id="time is up now"),
        pytest.param("08:44:59", None, "08:50:00", "now", id="time was up a second ago"),
        pytest.param("08:50:00", None, "08:30:00", "at 09:05", id="booked since: seen now"),
        pytest.param("08:45:00", None, "08:30:00", "at 09:00", id="since, exactly the window"),
        pytest.param("08:44:59", None, "08:30:00", None, id="booked since, a second more"),
        pytest.param("09:00:00", None, "08:30:00", "at 09:15", id="booked this very moment"),
        pytest.param("08:45:00", None, None, "at 09:00", id="as_of not recorded"),
        pytest.param("08:44:59", None, None, None, id="as_of not recorded, a second more"),
        pytest.param("08:50:00", "08:55:00", "08:30:00", "at 09:05", id="looked up by itself"),
        pytest.param("08:30:00", "08:45:00", "08:30:00", "now", id="by itself, the window"),
        pytest.param("08:29:59", "08:45:00", "08:30:00", None, id="by itself, a second more"),
        pytest.param("08:20:00", "08:21:00", "08:59:00", "now", id="seen_at before as_of"),
        pytest.param("08:20:00", "08:59:00", "08:21:00", None, id="seen_at after as_of"),
        pytest.param("08:50:00", "08:50:00", "08:30:00", "at 09:05", id="seen while it was booked"),
        pytest.param("08:50:00", "09:00:00", "08:30:00", "at 09:05", id="seen now"),
        pytest.param("08:50:01", None, None, "at 09:06", id="never before its time"),
        pytest.param("08:50:00.001", None, None, "at 09:06", id="not by a thousandth"),
    ],
)
def test_looked_up_too_early(
    created: str, seen_at: str | None, as_of: str | None, when: str | None
) -> None:
    def at(time: str | None) -> str | None:
        return f"2026-11-23T{time}+11:00" if time else None

    edits = {"as_of": at(as_of), "dashboard.last_synced": REMOVED}
    judgement = diagnosed({"created": at(created), "seen_at": at(seen_at)}, edits)
    assert outcome(judgement) == ((PENDING, look_again(when)) if when else (FAILED, ALL_RIGHT))


@pytest.mark.parametrize(
    ("minutes", "created", "expected"),
    [
        (60, "2026-11-23T08:00:00+11:00", (PENDING, look_again("at 09:00", "1 hour"))),
        (60, "2026-11-23T07:59:59+11:00", (PENDING, look_again("now", "1 hour"))),
        (60, "2026-11-23T07:29:59+11:00", (FAILED, ALL_RIGHT)),
        (0, "2026-11-23T08:30:00+11:00", (PENDING, look_again("now", ""))),
        (0, "2026-11-23T08:29:59+11:00", (FAILED, ALL_RIGHT)),
        (0, "2026-11-23T09:00:00+11:00", (PENDING, look_again("at 09:00", ""))),
    ],
)
def test_another_sync_window(minutes: int, created: str, expected: tuple[State, str]) -> None:
    terms = replace(TERMS, sync_window=timedelta(minutes=minutes))
    edits = {"dashboard.last_synced": REMOVED}
    assert outcome(diagnosed({"created": created}, edits, terms=terms)) == expected


def test_a_pending_appointment_owes_nothing() -> None:
    [finding] = diagnosed({"created": "2026-11-23T08:59:00+11:00"}).findings
    assert (finding.steps, finding.duty) == ((), "")


@pytest.mark.parametrize(
    ("created", "seen_at", "now", "expected"),
    [
        ("2026-10-04T01:55:00", "2026-10-04T03:10:00", "03:10:00+11:00", "at 03:10"),
        ("2026-10-04T01:55:00", "2026-10-04T03:05:00", "03:05:00+11:00", "at 03:10"),
        ("2026-10-04T01:55:00", "2026-10-04T03:10:01", "03:10:01+11:00", None),
    ],
)
def test_the_window_while_the_clocks_go_forward(
    created: str, seen_at: str, now: str, expected: str | None
) -> None:
    terms = replace(TERMS, now=datetime.fromisoformat(f"2026-10-04T{now}"))
    edits = {"as_of": REMOVED, "dashboard.last_synced": REMOVED}
    judgement = diagnosed({"created": created, "seen_at": seen_at}, edits, terms=terms)
    assert judgement.reason == (look_again(expected) if expected else ALL_RIGHT)


# 6: booked before the fix

LATER, SAME = "2026-11-20T15:40:01+11:00", "2026-11-20T04:40:00Z"


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        ({"practitioners.0.changed_at": LATER}, [changed("Dr Amara Nwosu")]),
        ({"practitioners.0.changed_at": SAME}, [ALL_RIGHT]),
        ({"appointment_types.0.changed_at": LATER}, [changed("Telehealth Video Consult")]),
        ({"appointment_types.0.changed_at": SAME}, [ALL_RIGHT]),
        (
            {"practitioners.0.changed_at": LATER, "appointment_types.0.changed_at": LATER},
            [changed("Dr Amara Nwosu"), changed("Telehealth Video Consult")],
        ),
        ({"practitioners.1.changed_at": LATER}, [ALL_RIGHT]),
        ({"appointment_types.1.changed_at": LATER}, [ALL_RIGHT]),
    ],
    ids=[
        "the practitioner, a second later",
        "the practitioner, at the same time",
        "the type, a second later",
        "the type, at the same time",
        "both",
        "another practitioner",
        "another type",
    ],
)
def test_booked_before_the_last_change(edits: Edits, lines: list[str]) -> None:
    judgement = diagnosed({}, edits)
    assert (judgement.state, said(judgement)) == (FAILED, lines)


def test_pending_comes_before_booked_before_the_change() -> None:
    facts = {"created": "2026-11-23T08:50:00+11:00"}
    edits = {"practitioners.0.changed_at": "2026-11-23T08:55:00+11:00"}
    assert outcome(diagnosed(facts, edits)) == (PENDING, look_again("at 09:05"))


def test_a_change_stands_under_a_failing_check_of_an_appointment_just_booked() -> None:
    facts = {"created": "2026-11-23T08:50:00+11:00"}
    edits = {**CUT_OFF.edits, "practitioners.0.changed_at": "2026-11-23T08:55:00+11:00"}
    assert said(diagnosed(facts, edits)) == [CUT_OFF.line, changed("Dr Amara Nwosu")]


def test_a_start_that_is_past_comes_before_booked_before_the_change() -> None:
    facts = {"starts": "2026-11-23T08:59:59+11:00"}
    edits = {"practitioners.0.changed_at": LATER}
    assert said(diagnosed(facts, edits)) == [PAST, changed("Dr Amara Nwosu")]


# 7: for the vendor's support


def for_support(name: str, when: str) -> tuple[str, ...]:
    return (
        "Contact the booking platform's support with exactly this and nothing more:"
        f" practitioner name: {name}; appointment date and time: {when}",
    )


@pytest.mark.parametrize(
    ("facts", "name", "when"),
    [
        ({}, "Dr Amara Nwosu", "Tue 24 Nov 2026 09:30 (Australia/Sydney)"),
        (
            {"practitioner": "dr-li-wei", "pms_type": "31", "starts": "2027-01-04T14:05:59+11:00"},
            "Dr Li Wei",
            "Mon 4 Jan 2027 14:05 (Australia/Sydney)",
        ),
        (
            {"starts": "2026-11-23T23:30:00Z"},
            "Dr Amara Nwosu",
            "Tue 24 Nov 2026 10:30 (Australia/Sydney)",
        ),
    ],
)
def test_what_support_is_told(facts: Edits, name: str, when: str) -> None:
    judgement = diagnosed(facts)
    assert outcome(judgement) == (FAILED, ALL_RIGHT)
    [finding] = judgement.findings
    assert finding.steps == for_support(name, when)
    assert finding.duty == ""


# In the clinic's own time


@pytest.mark.parametrize(
    ("zone", "ten_minutes_ago", "again", "now", "a_second_ago", "midnight"),
    [
        (
            "Australia/Sydney",
            "2026-11-23T08:50:00",
            "09:05",
            "2026-11-23T09:00:00",
            "2026-11-23T08:59:59",
            "Wed 25 Nov 2026 00:00",
        ),
        (
            "Australia/Adelaide",
            "2026-11-23T08:20:00",
            "08:35",
            "2026-11-23T08:30:00",
            "2026-11-23T08:29:59",
            "Tue 24 Nov 2026 23:30",
        ),
        (
            "Australia/Perth",
            "2026-11-23T05:50:00",
            "06:05",
            "2026-11-23T06:00:00",
            "2026-11-23T05:59:59",
            "Tue 24 Nov 2026 21:00",
        ),
    ],
)
def test_three_time_zones(
    zone: str, ten_minutes_ago: str, again: str, now: str, a_second_ago: str, midnight: str
) -> None:
    edits = {"timezone": zone}
    pending = diagnosed({"created": ten_minutes_ago}, edits)
    assert outcome(pending) == (PENDING, look_again(f"at {again}"))
    assert said(diagnosed({"starts": now}, edits)) == [ALL_RIGHT]
    assert said(diagnosed({"starts": a_second_ago}, edits)) == [PAST]
    edits["practitioners.0.changed_at"] = a_second_ago
    before = {"created": "2026-11-20T15:40:00"}
    assert said(diagnosed(before, edits)) == [changed("Dr Amara Nwosu")]
    [finding] = diagnosed({"starts": "2026-11-25T00:00:00+11:00"}, {"timezone": zone}).findings
    assert finding.steps == for_support("Dr Amara Nwosu", f"{midnight} ({zone})")


# What is owed to the patient

DECIDES = {
    "another PMS type": (
        {"pms_type": "40"},
        {},
        "Book it as a PMS type that a video type is linked to, or link this PMS type: Dashboard >"
        " Bookings > Appointment Types > Edit > Templates for practitioners",
    ),
    "a failing check": (
        {},
        VIDEO_OFF.edits,
        "Put right what VL201 says of Dr Amara Nwosu (dr-amara-nwosu)",
    ),
    "not offered": (
        {},
        {"appointment_types.0.practitioners": ["dr-li-wei"]},
        "Decide whether Dr Amara Nwosu should offer Telehealth Video Consult: Dashboard > Bookings"
        " > Practitioner Setup > Dr Amara Nwosu > Appointment Types",
    ),
    "booked before the change": ({}, {"practitioners.0.changed_at": LATER}, None),
}


@pytest.mark.parametrize(
    ("starts", "duty", "last"),
    [
        ("2026-11-24T09:30:00+11:00", "recreate", RECREATE),
        ("2026-11-23T09:15:00+11:00", "recreate", RECREATE),
        ("2026-11-23T09:14:59+11:00", "telephone", TELEPHONE),
        ("2026-11-23T09:00:00+11:00", "telephone", TELEPHONE),
        ("2026-11-23T08:59:59+11:00", "telephone", TELEPHONE),
    ],
    ids=["tomorrow", "exactly the window", "too near", "now", "past"],
)
@pytest.mark.parametrize(("facts", "edits", "first"), DECIDES.values(), ids=DECIDES)
def test_what_is_owed_to_the_patient(
    facts: Edits, edits: Edits, first: str | None, starts: str, duty: str, last: str
) -> None:
    finding = diagnosed({**facts, "starts": starts}, edits).findings[0]
    if finding.summary == PAST:
        first = None
    assert finding.steps == ((first, last) if first else (last,))
    assert finding.duty == duty


def test_without_a_sync_window_a_link_appears_at_once() -> None:
    terms = replace(TERMS, sync_window=timedelta(0))
    finding, *_ = diagnosed({"pms_type": "99"}, terms=terms).findings
    assert finding.steps[-1] == (
        "Recreate the appointment in the appointment book; its link usually appears at once"
    )


def test_another_sync_window_makes_another_duty() -> None:
    terms = replace(TERMS, sync_window=timedelta(minutes=90))
    facts = {"starts": "2026-11-23T10:29:59+11:00"}
    assert diagnosed(facts, CUT_OFF.edits, terms=terms).findings[0].steps[-1] == TELEPHONE
    facts = {"starts": "2026-11-23T10:30:00+11:00"}
    assert diagnosed(facts, CUT_OFF.edits, terms=terms).findings[0].steps[-1] == (
        "Recreate the appointment in the appointment book; its link usually appears within 1 hour"
        " 30 minutes"
    )


# Facts that contradict each other

UNKNOWN = "Appointment 88213 names a practitioner who is not in the record"
NO_TYPE = "Appointment 88213 names a PMS type that is not in the record"
BOOKED_LATER = "Appointment 88213 is recorded as booked in the future"
BOOKED_AFTER_START = "Appointment 88213 is recorded as booked after its own start"
SEEN_LATER = "Appointment 88213 is recorded as looked up in the future"
SEEN_BEFORE = "Appointment 88213 is recorded as looked up before it was booked"

BAD_FACTS: list[tuple[Edits, list[str]]] = [
    ({"practitioner": "dr-nobody"}, [UNKNOWN]),
    ({"practitioner": "Dr Amara"}, [UNKNOWN]),
    ({"practitioner": "99"}, [UNKNOWN]),
    ({"pms_type": "Video"}, [NO_TYPE]),
    ({"pms_type": "Telehealth 29"}, [NO_TYPE]),
    ({"practitioner": "appointment-1"}, [UNKNOWN]),
    ({"created": "2026-11-23T09:00:01+11:00"}, [BOOKED_LATER]),
    (
        {"created": "2026-11-20T15:40:00+11:00", "starts": "2026-11-20T15:39:59+11:00"},
        [BOOKED_AFTER_START],
    ),
    ({"seen_at": "2026-11-20T15:39:59+11:00"}, [SEEN_BEFORE]),
    ({"seen_at": "2026-11-23T09:00:01+11:00"}, [SEEN_LATER]),
    (
        {
            "practitioner": "dr-nobody",
            "created": "2026-11-25T09:00:00+11:00",
            "seen_at": "2026-11-24T09:00:00+11:00",
        },
        [UNKNOWN, BOOKED_LATER, BOOKED_AFTER_START, SEEN_LATER, SEEN_BEFORE],
    ),
]


@pytest.mark.parametrize("link", [False, True], ids=["no link", "link"])
@pytest.mark.parametrize(("facts", "lines"), BAD_FACTS)
def test_bad_facts_fail_the_appointment_and_nothing_else(
    facts: Edits, lines: list[str], link: bool
) -> None:
    items = judgements({**facts, "link": link})
    assert (items[LINK].state, said(items[LINK])) == (FAILED, lines)
    assert NOTICE not in items
    assert [key for key, item in items.items() if item.state is not PASSED] == [LINK]


@pytest.mark.parametrize(("ahead", "lines"), [("09:15:00", []), ("09:15:01", [BOOKED_LATER])])
def test_facts_that_are_ahead_of_a_clock_that_may_be_behind(ahead: str, lines: list[str]) -> None:
    terms = replace(TERMS, leeway=timedelta(minutes=15))
    time = f"2026-11-23T{ahead}+11:00"
    facts = {"created": time, "seen_at": time, "link": True}
    expected = lines and [*lines, SEEN_LATER]
    assert said(diagnosed(facts, terms=terms)) == expected


@pytest.mark.parametrize(("facts", "lines"), BAD_FACTS)
def test_bad_facts_come_before_everything_else(facts: Edits, lines: list[str]) -> None:
    edits = {**CUT_OFF.edits, **VIDEO_OFF.edits, "practitioners.0.changed_at": LATER}
    assert said(diagnosed({"pms_type": "40", **facts}, edits)) == lines


@pytest.mark.parametrize(
    ("facts", "edits"),
    [
        ({"created": "2026-11-23T09:00:00+11:00"}, {}),
        ({"starts": "2026-11-20T15:40:00+11:00"}, {}),
        ({"seen_at": "2026-11-20T15:40:00+11:00"}, {}),
        ({"seen_at": "2026-11-23T09:00:00+11:00"}, {}),
        ({}, {"practitioners.0.archived": True}),
    ],
    ids=["booked now", "booked at its start", "seen when booked", "seen now", "archived"],
)
def test_facts_at_the_edge_are_good(facts: Edits, edits: Edits) -> None:
    assert diagnosed({**facts, "link": True}, edits).state is PASSED


def test_bad_facts_owe_nothing_and_are_corrected_in_the_record() -> None:
    [finding] = diagnosed({"practitioner": "dr-nobody"}).findings
    assert finding.duty == ""
    assert finding.steps == (
        "Look the appointment up in the PMS appointment book and correct the record",
    )


BY_NAME = (
    "A type is found by its name where the PMS's list is recorded (pms: appointment_types), which"
    " {}; by its id always."
)


@pytest.mark.parametrize(
    ("edits", "why"),
    [({}, "has no such name"), ({"pms.appointment_types": REMOVED}, "it is not")],
)
def test_a_type_by_its_name_needs_the_list(edits: Edits, why: str) -> None:
    [finding] = diagnosed({"pms_type": "Telehealth Standard"}, edits).findings
    assert finding.hint == BY_NAME.format(why)


@pytest.mark.parametrize(
    ("facts", "edits", "name"),
    [
        ({}, {}, "Dr Amara Nwosu"),
        ({"practitioner": "17"}, {}, "Dr Amara Nwosu"),
        ({"practitioner": "17"}, {"practitioners.0.linked_to": "none"}, "Dr Amara Nwosu"),
    ],
)
def test_a_pms_id_that_is_another_profiles_id_is_told(
    facts: Edits, edits: Edits, name: str
) -> None:
    namesake = {"practitioners.1.id": "17", "appointment_types.0.practitioners": "all"}
    first, *others = diagnosed(facts, {**namesake, **edits}).findings
    assert first.hint == (
        f"17 is the PMS's id of {name}, which comes first; the profile with the id 17 is that of"
        " Dr Li Wei."
    )
    assert not any(each.hint for each in others)
    assert diagnosed(facts, edits).findings[0].hint == ""


# Which appointments are asked about


@pytest.mark.parametrize(
    ("modality", "asked"),
    [("video", True), (None, True), (REMOVED, True), ("phone", False), ("in-person", False)],
)
def test_only_what_is_meant_as_video_is_collected(modality: Any, asked: bool) -> None:
    facts = {} if modality is REMOVED else {"modality": modality}
    items = judgements({**facts, "practitioner": "dr-nobody" if not asked else "dr-li-wei"})
    assert (LINK in items, NOTICE in items) == (asked, asked)


def test_each_appointment_is_judged_by_itself() -> None:
    appointments = [
        appointment(id="1", link=True),
        appointment(id="2", practitioner="dr-nobody"),
        appointment(id="3", created="2026-11-23T08:50:00+11:00"),
        appointment(id="4", modality="phone"),
        appointment(id="5"),
    ]
    items = judged(edited(right_clinic(), {"appointments": appointments}))
    assert {key: item.state for key, item in items.items() if key.startswith("VL501")} == {
        "VL501 1": PASSED,
        "VL501 2": FAILED,
        "VL501 3": PENDING,
        "VL501 5": FAILED,
    }


# VL502

SHORT = "Appointment 88213 was booked less than 15 minutes before its start"


@pytest.mark.parametrize(
    ("created", "starts", "expected"),
    [
        ("08:50:00", "09:05:00", (PASSED, "")),
        ("08:50:00", "09:04:59", (WARNED, SHORT)),
        ("08:50:00", "09:00:00", (WARNED, SHORT)),
        ("09:00:00", "09:00:00", (WARNED, SHORT)),
        ("08:00:00", "09:00:00", (PASSED, "")),
        ("08:50:00", "08:59:59", None),
    ],
    ids=["the window", "a second less", "starts now", "booked for now", "an hour", "started"],
)
def test_enough_notice(created: str, starts: str, expected: tuple[State, str] | None) -> None:
    facts = {"created": f"2026-11-23T{created}+11:00", "starts": f"2026-11-23T{starts}+11:00"}
    notice = judgements(facts).get(NOTICE)
    assert (outcome(notice) if notice else None) == expected


def test_notice_of_an_appointment_with_its_link_is_not_asked_for() -> None:
    facts = {"created": "2026-11-23T08:59:00+11:00", "starts": "2026-11-23T09:00:00+11:00"}
    assert NOTICE not in judgements({**facts, "link": True})


def test_another_window_asks_for_more_notice() -> None:
    terms = replace(TERMS, sync_window=timedelta(minutes=60))
    facts = {"created": "2026-11-23T08:30:00+11:00", "starts": "2026-11-23T09:30:00+11:00"}
    assert judgements(facts, terms=terms)[NOTICE].state is PASSED
    facts["starts"] = "2026-11-23T09:29:59+11:00"
    assert outcome(judgements(facts, terms=terms)[NOTICE]) == (
        WARNED,
        "Appointment 88213 was booked less than 1 hour before its start",
    )


def test_short_notice_is_waived_by_the_appointments_id() -> None:
    facts = {"created": "2026-11-23T08:59:00+11:00", "starts": "2026-11-23T09:05:00+11:00"}
    items = judgements(facts, {"waivers": [{**waiver("VL502"), "on": "88213"}]})
    assert outcome(items[NOTICE]) == (WAIVED, SHORT)
    assert items["VL004"].state is PASSED


def test_the_diagnosis_itself_cannot_be_waived() -> None:
    items = judgements({}, {"waivers": [waiver("VL501")]})
    assert outcome(items[LINK]) == (FAILED, ALL_RIGHT)
    assert outcome(items["VL004"]) == (FAILED, "VL501 cannot be waived")


# What a failing check says of the appointments

FUTURE = [
    ("A1", "dr-amara-nwosu", "29", "2026-11-25T10:00:00+11:00"),
    ("A2", "dr-amara-nwosu", "29", "2026-11-23T09:00:00+11:00"),
    ("L1", "dr-li-wei", "31", "2026-11-24T08:00:00+11:00"),
]
"""Booked without a link, in no order; the second starts now."""

AMARAS = "Recreate 2 appointments: A2 (Mon 23 Nov 2026 09:00), A1 (Wed 25 Nov 2026 10:00)"
BOTH = (
    "Recreate 3 appointments: A2 (Mon 23 Nov 2026 09:00), L1 (Tue 24 Nov 2026 08:00),"
    " A1 (Wed 25 Nov 2026 10:00)"
)
NONE_OF_THEM = [
    appointment(id="N1", starts="2026-11-23T08:59:59+11:00"),
    appointment(id="N2", link=True),
    appointment(id="N3", modality="phone"),
    appointment(id="N4", practitioner="dr-nobody"),
    appointment(id="N5", created="2026-11-23T09:00:01+11:00"),
]
"""Past, with a link, by phone, and with bad facts."""


def failure(clinics: Clinics, item: str) -> str:
    """The text of an item's failure, in one line."""
    recorder = clinics.pytester.inline_run(
        "-p", "videolink", f"--videolink-now={NOW.isoformat()}", f"clinics/harbourside.yaml::{item}"
    )
    [report] = [
        report
        for report in recorder.getreports("pytest_runtest_logreport")
        if report.when == "call"
    ]
    assert report.failed
    return " ".join(report.longreprtext.split())


def after_the_fix(text: str) -> str:
    """What is to be done after the fix, up to the command that checks again."""
    return text.partition("After the fix: ")[2].partition(" Check again:")[0]


RECREATED = [
    ("VL102-synced-recently", NOT_SYNCED, BOTH),
    ("VL103-pms-connected", CUT_OFF, BOTH),
    ("dr-amara-nwosu::VL201-accepts-video", VIDEO_OFF, AMARAS),
    ("dr-amara-nwosu::VL202-linked-to-pms", NO_PMS_ENTRY, AMARAS),
    ("dr-amara-nwosu::VL203-pms-link-resolves", INACTIVE, AMARAS),
    ("telehealth-video::VL301-telehealth-on", NO_TELEHEALTH, BOTH),
    ("telehealth-video::VL302-video-on", NO_VIDEO, BOTH),
    (
        "telehealth-video::VL303-linked-to-pms-type",
        Case("VL303", "", "", {"appointment_types.0.linked_to": "none"}),
        AMARAS,
    ),
    ("telehealth-video::VL304-pms-type-resolves", TYPE_INACTIVE, AMARAS),
    ("telehealth-video::VL305-pms-type-unambiguous", TYPE_SHARED, AMARAS),
    ("dr-amara-nwosu::telehealth-video::VL311-pair-linked", OWN_LINK_SHARED, AMARAS),
    ("dr-amara-nwosu::VL401-one-dashboard", TWO_DASHBOARDS, AMARAS),
    ("VL402-database-agreed", NOT_AGREED, BOTH),
]


@pytest.mark.parametrize(
    ("item", "case", "recreate"), RECREATED, ids=[case.check for _, case, _ in RECREATED]
)
def test_a_failing_check_names_the_appointments_to_recreate(
    clinics: Clinics, item: str, case: Case, recreate: str
) -> None:
    booked = [
        appointment(id=id, practitioner=who, pms_type=type, starts=starts)
        for id, who, type, starts in FUTURE
    ]
    edits = {**case.edits, "appointments": [*NONE_OF_THEM, *booked]}
    clinics.write(edited(right_clinic(), edits), *case.others)
    assert after_the_fix(failure(clinics, item)) == (
        "It does not repair appointments that are booked already: recreate them in the appointment"
        f" book. Their links usually appear within 15 minutes. {recreate}"
    )


@pytest.mark.parametrize(
    ("count", "more"),
    [(1, ""), (10, ""), (11, ", and 1 more"), (25, ", and 15 more")],
)
def test_past_ten_the_appointments_are_shortened(clinics: Clinics, count: int, more: str) -> None:
    booked = [
        appointment(id=f"B{number}", starts=f"2026-11-24T09:{number:02}:00+11:00")
        for number in range(1, count + 1)
    ]
    clinics.write(edited(right_clinic(), {**VIDEO_OFF.edits, "appointments": booked}))
    text = after_the_fix(failure(clinics, "dr-amara-nwosu::VL201-accepts-video"))
    shown = ", ".join(
        f"B{number} (Tue 24 Nov 2026 09:{number:02})" for number in range(1, min(count, 10) + 1)
    )
    plural = "" if count == 1 else "s"
    assert text.endswith(f"15 minutes. Recreate {count} appointment{plural}: {shown}{more}")


def test_appointments_to_recreate_stand_in_the_clinics_time(clinics: Clinics) -> None:
    edits = {**VIDEO_OFF.edits, "timezone": "Australia/Perth", "appointments": [appointment()]}
    clinics.write(edited(right_clinic(), edits))
    text = after_the_fix(failure(clinics, "dr-amara-nwosu::VL201-accepts-video"))
    assert text.endswith("Recreate 1 appointment: 88213 (Tue 24 Nov 2026 06:30)")


def test_without_appointments_there_is_nothing_to_recreate(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), VIDEO_OFF.edits))
    assert after_the_fix(failure(clinics, "dr-amara-nwosu::VL201-accepts-video")).endswith(
        "Their links usually appear within 15 minutes."
    )


def test_the_text_of_a_diagnosis(clinics: Clinics) -> None:
    edits = {
        **VIDEO_OFF.edits,
        "practitioners.0.changed_at": LATER,
        "appointments": [appointment()],
    }
    clinics.write(edited(right_clinic(), edits))
    text = failure(clinics, "appointment-88213::VL501-link-generated")
    parts = [
        VIDEO_OFF.line,
        "Clinic Harbourside Medical Centre (harbourside) Appointment 88213 For patients",
        "Found no link",
        "Expected VL201 passes for dr-amara-nwosu",
        f"Also: {changed('Dr Amara Nwosu')}",
        "How to fix it (reception):",
        "1. Put right what VL201 says of Dr Amara Nwosu (dr-amara-nwosu)",
        f"2. {RECREATE}",
        "Check again: pytest -p videolink --videolink-now=2026-11-23T09:00:00+11:00"
        " clinics/harbourside.yaml::appointment-88213::VL501-link-generated",
    ]
    places = [text.find(part) for part in parts]
    assert text.startswith(VIDEO_OFF.line)
    assert places == sorted(places)
    assert -1 not in places


def test_no_value_of_an_appointment_is_quoted(clinics: Clinics) -> None:
    planted = {
        "practitioner": "Jane Planted",
        "pms_type": "planted type",
        "created": "2026-11-23T09:11:12+11:00",
        "starts": "2026-11-22T07:06:05+11:00",
        "seen_at": "2026-11-21T04:03:02+11:00",
    }
    clinics.write(edited(right_clinic(), {"appointments": [appointment(**planted)]}))
    result = clinics.run("--videolink-clinic=harbourside", "-v", "-rA", "-l", "--tb=long")
    text = result.stdout.str() + result.stderr.str()
    assert UNKNOWN in text
    assert not [value for value in planted.values() if value in text]
    assert "lanted" not in text


def test_an_unknown_key_of_an_appointment_is_named_and_its_value_is_not(clinics: Clinics) -> None:
    booked = appointment(patient="Jane Planted", modalty="planted")
    clinics.write(edited(right_clinic(), {"appointments": [booked]}))
    result = clinics.run("--videolink-clinic=harbourside", "-v", "-rA", "-l", "--tb=long")
    result.assert_outcomes(failed=1)
    text = result.stdout.str() + result.stderr.str()
    assert "patient is no key of a clinic document" in text
    assert "modalty is no key of a clinic document; did you mean modality?" in text
    assert "lanted" not in text


def test_a_cause_stays_as_it_is() -> None:
    cause = Cause("VL201", diagnosed({}).subject, Finding(summary="a"))
    with pytest.raises(FrozenInstanceError):
        cause.check = "VL202"  # type: ignore[misc]
    assert not hasattr(cause, "__dict__")
